//! The words of a time on the wall: `Oct 31, 9am (Asia/Calcutta)`, `Mon 12:00am`, `2026-04-01 at
//! 00:00 UTC`, `Wed, 21 Oct 2026 07:28:00 GMT`. Each may say a thing once; a word that is not known
//! makes the whole unknown.

use jiff::civil::{Time, Weekday};
use jiff::tz::Offset;

use super::printed::{Day, Wall, Zone};

/// What the words have said so far.
#[derive(Default)]
struct Said {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    weekday: Option<Weekday>,
    relative: Option<Day>,
    midnight: bool,
    time: Option<Time>,
    zone: Option<Zone>,
}

/// Reads a time on the wall.
pub(super) fn wall(text: &str) -> Option<Wall> {
    let mut said = Said::default();
    let mut text = text.trim();
    if let Some((before, zone)) = text.strip_suffix(')').and_then(|inner| inner.split_once('(')) {
        said.zone = Some(zone_of(zone.trim())?);
        text = before;
    }
    let mut words: Vec<String> = Vec::new();
    for word in text.split([' ', ',', '\t']).filter(|word| !word.is_empty()) {
        match (word.to_ascii_lowercase().as_str(), words.last_mut()) {
            (half @ ("am" | "pm" | "a.m." | "p.m."), Some(hour)) => {
                hour.push_str(&half.replace('.', ""));
            }
            _ => words.push(word.to_owned()),
        }
    }
    for word in &words {
        said.hear(word)?;
    }
    said.wall()
}

impl Said {
    fn hear(&mut self, word: &str) -> Option<()> {
        let lower = word.to_ascii_lowercase();
        match lower.as_str() {
            "at" | "on" | "by" | "the" | "of" => Some(()),
            "today" => once(&mut self.relative, Day::Today),
            "tomorrow" => once(&mut self.relative, Day::Tomorrow),
            "noon" => once(&mut self.time, Time::constant(12, 0, 0, 0)),
            "midnight" => {
                self.midnight = true;
                once(&mut self.time, Time::midnight())
            }
            _ => {
                if let Some(weekday) = weekday(&lower) {
                    return once(&mut self.weekday, weekday);
                }
                if let Some(month) = month(&lower) {
                    return once(&mut self.month, month);
                }
                if let Some((date, time)) = iso_date(&lower) {
                    once(&mut self.year, date.0)?;
                    once(&mut self.month, date.1)?;
                    once(&mut self.day, date.2)?;
                    return if time.is_empty() { Some(()) } else { self.hear_time(time) };
                }
                if let Some(number) = ordinal(&lower) {
                    return if number >= 1000 {
                        once(&mut self.year, number)
                    } else {
                        once(&mut self.day, i8::try_from(number).ok()?)
                    };
                }
                if lower.starts_with(|c: char| c.is_ascii_digit()) {
                    return self.hear_time(&lower);
                }
                once(&mut self.zone, zone_of(word)?)
            }
        }
    }

    /// A time of day, perhaps with its zone glued to it: `00:00z`, `07:28:00+02:00`.
    fn hear_time(&mut self, word: &str) -> Option<()> {
        let (time, zone) = word.split_at(word.find(['z', '+', '-']).unwrap_or(word.len()));
        if !zone.is_empty() {
            once(&mut self.zone, Zone::Offset(offset(zone)?))?;
        }
        once(&mut self.time, time_of(time)?)
    }

    fn wall(self) -> Option<Wall> {
        let day = match (self.month, self.day, self.weekday, self.relative) {
            (None, None, None, None) if self.year.is_none() => Day::Unsaid,
            (None, None, None, Some(relative)) if self.year.is_none() => relative,
            (None, None, Some(weekday), None) if self.year.is_none() => Day::Weekday(weekday),
            (Some(month), Some(day), weekday, None) => {
                Day::Date { year: self.year, month, day, weekday }
            }
            _ => return None,
        };
        // The midnight of a day may be the one it begins with or the one it ends with.
        let unclear = self.midnight && day != Day::Unsaid;
        let empty = self.time.is_none() && day == Day::Unsaid;
        (!unclear && !empty).then_some(Wall { day, time: self.time, zone: self.zone })
    }
}

/// Sets what must not be said twice.
fn once<T>(slot: &mut Option<T>, value: T) -> Option<()> {
    slot.is_none().then(|| *slot = Some(value))
}

fn weekday(word: &str) -> Option<Weekday> {
    const NAMES: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let index = named(&NAMES, word.trim_end_matches('.'))?;
    Weekday::from_monday_zero_offset(i8::try_from(index).ok()?).ok()
}

fn month(word: &str) -> Option<i8> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    i8::try_from(named(&NAMES, word.trim_end_matches('.'))? + 1).ok()
}

/// The name that a word of at least three letters abbreviates.
fn named(names: &[&str], word: &str) -> Option<usize> {
    names.iter().position(|name| word.len() >= 3 && name.starts_with(word))
}

/// `2026-04-01`, with what follows a `t`.
fn iso_date(word: &str) -> Option<((i16, i8, i8), &str)> {
    let (date, time) = word.split_once('t').unwrap_or((word, ""));
    let mut parts = date.splitn(3, '-');
    let (year, month, day) =
        (digits(parts.next()?, 4)?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    Some(((year, i8::try_from(month).ok()?, i8::try_from(day).ok()?), time))
}

/// `31`, `1st`, `2026`.
fn ordinal(word: &str) -> Option<i16> {
    let number =
        ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    digits(number, number.len()).filter(|_| matches!(number.len(), 1 | 2 | 4))
}

/// A number of so many digits and nothing else.
fn digits(text: &str, length: usize) -> Option<i16> {
    (text.len() == length && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// `3pm`, `3:45pm`, `15:45`, `07:28:00.5`.
fn time_of(word: &str) -> Option<Time> {
    let (clock, half) = match word
        .strip_suffix("am")
        .map(|clock| (clock, 0))
        .or_else(|| word.strip_suffix("pm").map(|clock| (clock, 12)))
    {
        Some((clock, half)) => (clock, Some(half)),
        None => (word, None),
    };
    let mut parts = clock.splitn(3, ':');
    let hour = parts.next().and_then(|hour| digits(hour, hour.len().clamp(1, 2)))?;
    let minute = parts.next();
    let second =
        parts.next().map(|second| second.split_once('.').map_or(second, |(whole, _)| whole));
    let hour = match (half, minute) {
        (Some(half), _) if (1..=12).contains(&hour) => hour % 12 + half,
        (None, Some(_)) => hour,
        _ => return None,
    };
    let part =
        |text: Option<&str>| text.map_or(Some(0), |text| i8::try_from(digits(text, 2)?).ok());
    Time::new(i8::try_from(hour).ok()?, part(minute)?, part(second)?, 0).ok()
}

/// A zone by its distance to UTC or by its name. Whether anybody knows the name is asked when the
/// time is looked for.
fn zone_of(word: &str) -> Option<Zone> {
    let lower = word.to_ascii_lowercase();
    let bare = lower.strip_prefix("utc").or_else(|| lower.strip_prefix("gmt")).unwrap_or(&lower);
    if bare.is_empty() && !lower.is_empty() {
        return Some(Zone::Offset(Offset::UTC));
    }
    if let Some(offset) = offset(bare) {
        return Some(Zone::Offset(offset));
    }
    let name = |b: u8| b.is_ascii_alphanumeric() || b"/_+-".contains(&b);
    (word.starts_with(|c: char| c.is_ascii_alphabetic()) && word.bytes().all(name))
        .then(|| Zone::Named(word.to_owned()))
}

/// `z`, `+2`, `-0500`, `+05:30`.
fn offset(text: &str) -> Option<Offset> {
    if text == "z" {
        return Some(Offset::UTC);
    }
    let (sign, rest) = if let Some(rest) = text.strip_prefix('+') {
        (1, rest)
    } else {
        (-1, text.strip_prefix('-')?)
    };
    let (hours, minutes) = match rest.split_once(':') {
        Some(parts) => parts,
        None if rest.len() == 4 && rest.is_ascii() => rest.split_at(2),
        None => (rest, "00"),
    };
    let hours = digits(hours, hours.len().clamp(1, 2)).filter(|hours| *hours <= 14)?;
    let minutes = digits(minutes, 2).filter(|minutes| *minutes < 60)?;
    Offset::from_seconds(sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60)).ok()
}
