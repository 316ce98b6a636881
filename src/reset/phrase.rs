//! A reset in words, by the clock of this machine.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::clock::Clock;
use super::read::Reset;

/// Says when a reset is: `at 15:45 CEST (in 2 h 10 min)`, `on 1 Apr at 02:00 CEST (in 3 days)`, `in at
/// most 5 h`.
pub(crate) fn when(reset: Reset, clock: &Clock) -> String {
    let Some(moment) = reset.not_before else {
        return format!("in at most {}", length(reset.after_seconds));
    };
    let distance = match u64::try_from(clock.now.as_second() - moment.as_second()) {
        Ok(0) => "now".to_owned(),
        Ok(ago) => format!("{} ago", length(ago)),
        Err(_) => format!("in {}", length(reset.after_seconds)),
    };
    format!("{} ({distance})", moment_text(moment, clock))
}

/// Says when something was: `at 15:45 CEST (2 h ago)`.
pub(crate) fn past(moment: Timestamp, clock: &Clock) -> String {
    when(Reset { not_before: Some(moment), after_seconds: 0 }, clock)
}

/// Formats a moment: the time, the date where it is not today's, the year where it is not this one.
fn moment_text(moment: Timestamp, clock: &Clock) -> String {
    let zone = clock.zone.clone().unwrap_or(TimeZone::UTC);
    let (then, now): (Zoned, Zoned) = (moment.to_zoned(zone.clone()), clock.now.to_zoned(zone));
    let date = if then.date() == now.date() {
        String::new()
    } else if then.year() == now.year() {
        then.strftime("on %-d %b ").to_string()
    } else {
        then.strftime("on %-d %b %Y ").to_string()
    };
    // With its zone: the report may be read elsewhere.
    format!("{date}at {}", then.strftime("%H:%M %Z"))
}

/// Formats a length of time for people: two units at most, whole days from two days on, rounded up
/// except for days.
pub(crate) fn length(seconds: u64) -> String {
    let (minutes, hours) = (seconds.div_ceil(60), seconds.div_ceil(60) / 60);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_541 => format!("{minutes} min"),
        3_541..172_800 if minutes % 60 == 0 => format!("{hours} h"),
        3_541..172_800 => format!("{hours} h {} min", minutes % 60),
        _ => format!("{} days", (seconds + 43_200) / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_round_up() {
        let cases = [
            (0, "0 s"),
            (59, "59 s"),
            (61, "2 min"),
            (3_540, "59 min"),
            (3_541, "1 h"),
            (7_800, "2 h 10 min"),
            (172_799, "48 h"),
        ];
        for (seconds, words) in cases {
            assert_eq!(length(seconds), words);
        }
        assert_eq!(length(3 * 86_400 - 100), "3 days");
    }

    #[test]
    fn dates_appear_where_they_differ() {
        let now = "2026-12-30T12:00:00Z".parse().expect("a time");
        let clock =
            Clock { now, printed: now, zone: TimeZone::get("Europe/Berlin").ok(), live: true };
        let words = |text: &str| when(Reset::read(text, &clock).expect(text), &clock);
        assert_eq!(words("3:10pm"), "at 15:10 CET (in 2 h 10 min)");
        assert_eq!(words("Dec 31, 2am"), "on 31 Dec at 02:00 CET (in 13 h)");
        assert_eq!(words("Jan 2 at 00:00 UTC"), "on 2 Jan 2027 at 01:00 CET (in 3 days)");
        assert_eq!(words("2026-12-30T10:00:00Z"), "at 11:00 CET (2 h ago)");
        let file = Clock { live: false, zone: None, ..clock.clone() };
        assert_eq!(
            when(Reset::read("in 5 hours", &file).expect("a span"), &file),
            "in at most 5 h"
        );
        assert_eq!(
            when(Reset::read("1798646400", &file).expect("an epoch"), &file),
            "at 16:00 UTC (in 4 h)"
        );
    }
}
