//! The time at which a line was printed, as far as the line itself tells: from the stamp that a
//! logger put before it, or from the field of a record. A year, a zone or a meaning that the line
//! does not name is never guessed.

use jiff::Timestamp;
use jiff::civil::DateTime;

/// The names of fields that hold the time of a record, the commonest first.
const FIELDS: [&str; 4] = ["\"timestamp\"", "\"@timestamp\"", "\"time\"", "\"ts\""];
/// The months as loggers abbreviate them, in any case.
const MONTHS: [&[u8]; 12] = [
    b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec",
];

/// The stamp in the prefix of a line: the first date with a time of day, or else a number of
/// seconds or milliseconds since 1970 that the prefix begins with.
pub(super) fn of_prefix(prefix: &[u8]) -> Option<String> {
    let starts = |at: &usize| {
        prefix[*at].is_ascii_digit() && (*at == 0 || !prefix[at - 1].is_ascii_alphanumeric())
    };
    let dated = (0..prefix.len()).filter(starts).find_map(|at| dated(&prefix[at..]));
    dated.or_else(|| epoch(&prefix[prefix.iter().position(u8::is_ascii_alphanumeric)?..]))
}

/// The stamp in a field of a record, which is one line of JSON.
pub(super) fn of_record(line: &str) -> Option<String> {
    if !line.starts_with('{') {
        return None;
    }
    FIELDS.iter().find_map(|field| {
        let (_, rest) = line.split_once(field)?;
        let value = rest.trim_start().strip_prefix(':')?.trim_start();
        match value.strip_prefix('"') {
            Some(text) => dated(text.as_bytes()),
            None => epoch(value.as_bytes()),
        }
    })
}

/// The moment of a stamp, for putting stamps in order; one without a zone is read as of UTC.
pub(crate) fn order(stamp: &str) -> Option<Timestamp> {
    let zoneless = || stamp.parse::<DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    stamp.parse().ok().or_else(|| zoneless().map(|zoned| zoned.timestamp()))
}

/// What is left to read of a stamp.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    /// A number of exactly `digits` digits, or of one or two where `digits` is 0.
    fn number(&mut self, digits: usize) -> Option<i16> {
        let found = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if if digits == 0 { found == 0 || found > 2 } else { found < digits } {
            return None;
        }
        let (number, rest) = self.0.split_at(if digits == 0 { found } else { digits });
        self.0 = rest;
        std::str::from_utf8(number).ok()?.parse().ok()
    }

    /// Whether one of these bytes follows; it is passed over.
    fn skip(&mut self, any: &[u8]) -> bool {
        let found = self.0.first().is_some_and(|byte| any.contains(byte));
        self.0 = &self.0[usize::from(found)..];
        found
    }

    /// The month whose name follows.
    fn month(&mut self) -> Option<i16> {
        let name = self.0.get(..3)?.to_ascii_lowercase();
        let (month, _) = (1..).zip(MONTHS).find(|(_, known)| name == **known)?;
        self.0 = &self.0[3..];
        Some(month)
    }

    /// A date: year, month, day in this order, or a day and the name of a month. What begins with
    /// two digits and goes on in digits could be any of three orders.
    fn date(&mut self) -> Option<(i16, i16, i16)> {
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        match (digits, self.0.get(digits)?) {
            (4, mark @ (b'-' | b'/' | b'.')) => {
                let year = self.number(4)?;
                self.skip(&[*mark]);
                let month = self.number(2)?;
                let same = self.skip(&[*mark]);
                Some((year, month, self.number(2).filter(|_| same)?))
            }
            (8, _) => Some((self.number(4)?, self.number(2)?, self.number(2)?)),
            (1 | 2, mark @ (b'/' | b'-' | b' ')) => {
                let day = self.number(0)?;
                self.skip(&[*mark]);
                let month = self.month()?;
                let same = self.skip(&[*mark]);
                Some((self.number(4).filter(|_| same)?, month, day))
            }
            _ => None,
        }
    }

    /// A time of day with its fraction, in nanoseconds.
    fn time(&mut self) -> Option<(i8, i8, i8, i32)> {
        let hour = self.number(2)?;
        let colon = self.skip(b":");
        let minute = self.number(2)?;
        // ISO 8601 writes both without colons or neither.
        let second = if self.skip(b":") == colon { self.number(2)? } else { return None };
        let mut nanoseconds = 0;
        if self.0.get(1).is_some_and(u8::is_ascii_digit) && self.skip(b".,:") {
            let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (fraction, rest) = self.0.split_at(digits);
            for n in 0..9 {
                let digit = fraction.get(n).map_or(0, |byte| byte - b'0');
                nanoseconds = nanoseconds * 10 + i32::from(digit);
            }
            self.0 = rest;
        }
        Some((hour as i8, minute as i8, second as i8, nanoseconds))
    }

    /// The distance from UTC as RFC 3339 writes it; nothing for the names of zones, of which many
    /// mean several.
    fn offset(&mut self) -> String {
        let blank = self.skip(b" ");
        if self.0.starts_with(b"Z") || self.0.starts_with(b"UTC") || self.0.starts_with(b"GMT") {
            return "Z".into();
        }
        let Some(sign @ (b'+' | b'-')) = self.0.first().copied() else { return String::new() };
        self.skip(&[sign]);
        let hours = self.number(2);
        let colon = self.skip(b":");
        let minutes = self.number(2).or((!blank && !colon).then_some(0));
        match (hours, minutes) {
            (Some(hours @ 0..=23), Some(minutes @ 0..=59)) => {
                format!("{}{hours:02}:{minutes:02}", char::from(sign))
            }
            _ => String::new(),
        }
    }
}

/// The stamp at the front of a text: RFC 3339, without an offset where the text has none.
fn dated(text: &[u8]) -> Option<String> {
    let mut reader = Reader(text);
    let (year, month, day) = reader.date()?;
    let separated = reader.skip(b"T ,:-_");
    reader.skip(b" ");
    let (hour, minute, second, nanoseconds) = reader.time().filter(|_| separated)?;
    let rest = reader.0.trim_ascii_start();
    if rest.get(..2).is_some_and(|half| matches!(half, b"AM" | b"PM" | b"am" | b"pm")) {
        return None;
    }
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    let moment = DateTime::new(year, month, day, hour, minute, second, nanoseconds).ok()?;
    Some(format!("{moment}{}", reader.offset()))
}

/// The stamp that is a number since 1970: ten digits of seconds, perhaps with a fraction, or
/// thirteen of milliseconds.
fn epoch(text: &[u8]) -> Option<String> {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(text);
    let number: i64 = std::str::from_utf8(&text[..whole]).ok()?.parse().ok()?;
    let milliseconds = match whole {
        13 => number,
        10 => {
            let fraction = text[whole..].strip_prefix(b".").unwrap_or_default();
            let digit = |n: usize| fraction[..digits(fraction)].get(n).map_or(0, |b| b - b'0');
            let thousandths = (0..3).fold(0, |sum, n| sum * 10 + i64::from(digit(n)));
            number * 1000 + thousandths
        }
        _ => return None,
    };
    Timestamp::from_millisecond(milliseconds).ok().map(|moment| moment.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_says_what_the_line_says_and_no_more() {
        for (prefix, stamp) in [
            ("2026-04-21T13:49:18.1703251Z ", Some("2026-04-21T13:49:18.1703251Z")),
            ("[2026-08-09 14:00:00,123] ", Some("2026-08-09T14:00:00.123")),
            ("[2026-04-21, 13:49:18 UTC] {a.py:1} ERROR - ", Some("2026-04-21T13:49:18Z")),
            ("E, [2026-04-21T13:49:18.17 #4711] ERROR -- : ", Some("2026-04-21T13:49:18.17")),
            ("2026/04/21 13:49:18 main.go:22: ", Some("2026-04-21T13:49:18")),
            ("time=\"2026-04-21T13:49:18+02:00\" ", Some("2026-04-21T13:49:18+02:00")),
            ("2026-04-21 13:49:18 -0730 ", Some("2026-04-21T13:49:18-07:30")),
            ("2026-04-21T13:49:18-07 ", Some("2026-04-21T13:49:18-07:00")),
            ("2026-04-21 13:49:18 - app - ", Some("2026-04-21T13:49:18")),
            ("2026-04-21 13:49:18 CEST ", Some("2026-04-21T13:49:18")),
            ("[09/Aug/2026:14:00:00 +0000] ", Some("2026-08-09T14:00:00+00:00")),
            ("Sun, 9 Aug 2026 14:00:00 GMT ", Some("2026-08-09T14:00:00Z")),
            ("20260809T140000Z ", Some("2026-08-09T14:00:00Z")),
            ("worker-1  | 2026-08-09 14:00:00 ", Some("2026-08-09T14:00:00")),
            ("[1786284000.5] ", Some("2026-08-09T14:00:00.5Z")),
            ("1786284000123 ", Some("2026-08-09T14:00:00.123Z")),
            ("Apr 21 13:49:18 build7 agent[4711]: ", None),
            ("13:49:18,170 ", None),
            ("[26-03-10 09:41:17] ", None),
            ("04/05/2026 13:49:18 ", None),
            ("2026-04-21 01:49:18 PM ", None),
            ("2026-13-41 13:49:18 ", None),
            ("2026-04-21 25:49:18 ", None),
            ("agent[1786284000]: ", None),
            ("  ⎿  ", None),
            ("", None),
        ] {
            assert_eq!(of_prefix(prefix.as_bytes()).as_deref(), stamp, "{prefix}");
        }
    }

    #[test]
    fn a_record_has_a_field_for_its_time() {
        for (line, stamp) in [
            (
                r#"{"type":"assistant","timestamp":"2026-08-09T14:00:00.000Z"}"#,
                Some("2026-08-09T14:00:00Z"),
            ),
            (r#"{"time": 1786284000, "msg": "x"}"#, Some("2026-08-09T14:00:00Z")),
            (r#"{"ts":"soon","@timestamp":"2026-08-09 14:00:00"}"#, Some("2026-08-09T14:00:00")),
            (r#"{"time":"0.3s"}"#, None),
            (r#"said {"time":1786284000}"#, None),
        ] {
            assert_eq!(of_record(line).as_deref(), stamp, "{line}");
        }
    }

    #[test]
    fn stamps_have_an_order() {
        let stamps = ["2026-08-09T14:00:00+02:00", "2026-08-09T13:00:00", "2026-08-09T13:00:00.5Z"];
        assert!(stamps.map(order).is_sorted(), "{:?}", stamps.map(order));
        assert!(order("2026-08-09T14:00:00").is_some() && order("yesterday").is_none());
    }
}
