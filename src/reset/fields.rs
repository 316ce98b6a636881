//! The fields of a printed civil time: `Oct 31, 9am (Asia/Calcutta)`, `Mon 12:00am`, `2026-04-01 at
//! 00:00 UTC`, `Wed, 21 Oct 2026 07:28:00 GMT`. Each may be printed once; a word that is not known
//! makes the whole unreadable.

use jiff::civil::{Time, Weekday};
use jiff::fmt::strtime::{self, BrokenDownTime};
use jiff::tz::TimeZone;

use super::civil::{CivilTime, Day};

/// Every form of a word, as a format of `jiff::fmt::strtime`, with an example. The first that fits
/// the whole word is the one: `31` is a day before it can be a year.
const FORMATS: &[(&str, &str)] = &[
    ("%Y-%m-%d", "2026-04-01"),
    ("%Y-%m-%dt%H:%M", "2026-04-01t09:00"),
    ("%Y-%m-%dt%H:%M:%S%.f", "2026-04-01t09:00:00.5"),
    ("%B", "october"),
    ("%b", "oct"),
    ("%A", "wednesday"),
    ("%a", "wed"),
    ("%I%p", "9am"),
    ("%I:%M%p", "3:45pm"),
    ("%I:%M:%S%p", "3:45:30pm"),
    ("%H:%M", "15:45"),
    ("%H:%M:%S%.f", "07:28:00.5"),
    ("%z", "-0500"),
    ("%:::z", "+05:30"),
    ("%d", "31"),
    ("%Y", "2026"),
];

/// The offsets of all time zones are within 14 hours of UTC.
const MAX_OFFSET: i32 = 14 * 3600;

/// What has been printed so far.
#[derive(Default)]
struct Fields {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    weekday: Option<Weekday>,
    relative: Option<Day>,
    midnight: bool,
    time: Option<Time>,
    zone: Option<TimeZone>,
}

/// Parses a civil time.
pub(super) fn parse(text: &str) -> Option<CivilTime> {
    let text = text.to_ascii_lowercase().replace("a.m.", "am").replace("p.m.", "pm");
    let mut words: Vec<String> = Vec::new();
    for word in text.split([' ', ',', '\t', '(', ')']).filter(|word| !word.is_empty()) {
        match words.last_mut() {
            Some(hour) if matches!(word, "am" | "pm") => hour.push_str(word),
            _ => words.push(word.to_owned()),
        }
    }
    let mut fields = Fields::default();
    for word in &words {
        fields.add(word)?;
    }
    fields.finish()
}

impl Fields {
    fn add(&mut self, word: &str) -> Option<()> {
        let word = match word.trim_end_matches('.') {
            "at" | "on" | "by" | "the" | "of" => return Some(()),
            "today" => return once(&mut self.relative, Some(Day::Today)),
            "tomorrow" => return once(&mut self.relative, Some(Day::Tomorrow)),
            "midnight" => {
                self.midnight = true;
                "00:00"
            }
            "noon" => "12:00",
            "sept" => "sep",
            "tues" => "tue",
            "thur" | "thurs" => "thu",
            "z" => "utc",
            word => ["st", "nd", "rd", "th"]
                .iter()
                .find_map(|end| word.strip_suffix(end))
                .filter(|day| day.bytes().all(|b| b.is_ascii_digit()))
                .unwrap_or(word),
        };
        // Minutes have two digits: of `9:5pm`, some have been cut off.
        let digits = |part: &str| part.bytes().take_while(u8::is_ascii_digit).count();
        if word.split(':').skip(1).any(|part| digits(part) != 2) {
            return None;
        }
        // A time with its zone behind it: `15:45z`, `07:28:00+02:00`.
        if let Some(colon) = word.find(':')
            && let Some(zone) = word[colon..].find(['z', '+', '-'])
        {
            let (time, zone) = word.split_at(colon + zone);
            self.add(time)?;
            return self.add(zone);
        }
        let offset = offset(word);
        let word = offset.as_deref().unwrap_or(word);
        match FORMATS.iter().find_map(|(format, _)| strtime::parse(format, word).ok()) {
            Some(found) => self.merge(&found),
            None => once(&mut self.zone, Some(zone(word)?)),
        }
    }

    fn merge(&mut self, found: &BrokenDownTime) -> Option<()> {
        let zone = match found.offset() {
            Some(offset) if offset.seconds().abs() > MAX_OFFSET => return None,
            offset => offset.map(TimeZone::fixed),
        };
        once(&mut self.year, found.year())?;
        once(&mut self.month, found.month())?;
        once(&mut self.day, found.day())?;
        once(&mut self.weekday, found.weekday())?;
        once(&mut self.time, found.hour().and_then(|_| found.to_time().ok()))?;
        once(&mut self.zone, zone)
    }

    fn finish(self) -> Option<CivilTime> {
        let Self { year, weekday, time, zone, .. } = self;
        let day = match (self.month, self.day, self.relative) {
            (Some(month), Some(day), None) => Day::Date { year, month, day },
            (None, None, None) if year.is_none() => Day::Next,
            (None, None, Some(relative)) if year.is_none() && weekday.is_none() => relative,
            _ => return None,
        };
        let any_day = day == Day::Next && weekday.is_none();
        // The midnight of a day may be the one it begins with or the one it ends with.
        let unclear = if self.midnight { !any_day } else { any_day && time.is_none() };
        (!unclear).then_some(CivilTime { day, weekday, time, zone })
    }
}

/// Sets what must not be printed twice.
fn once<T>(field: &mut Option<T>, value: Option<T>) -> Option<()> {
    if field.is_some() && value.is_some() {
        return None;
    }
    *field = field.take().or(value);
    Some(())
}

/// An offset from UTC as the formats have it: `gmt+2` and `+2` are `+02`.
fn offset(word: &str) -> Option<String> {
    let word = word.strip_prefix("utc").or_else(|| word.strip_prefix("gmt")).unwrap_or(word);
    let (sign, digits) = word.split_at_checked(1).filter(|(sign, _)| matches!(*sign, "+" | "-"))?;
    let hours = digits.find(':').unwrap_or(digits.len());
    Some(format!("{sign}{}{digits}", if hours == 1 { "0" } else { "" }))
}

/// The time zone with this name.
fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok().filter(|zone| !zone.is_unknown())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_reads_its_example_and_is_the_first_to_do_so() {
        for (format, example) in FORMATS {
            let first = FORMATS.iter().find(|(format, _)| strtime::parse(format, example).is_ok());
            assert_eq!(first.map(|(format, _)| format), Some(format), "{example}");
        }
    }
}
