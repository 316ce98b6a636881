//! The reading of a printed reset: which kind of time it is, and when that is.

use std::time::Duration;

use jiff::Timestamp;

use super::civil::CivilTime;
use super::clock::Clock;
use super::{fields, span};

/// A printed reset, before any clock is asked.
#[derive(Debug)]
pub(super) enum ResetTime {
    /// A moment by itself: `1762952400`, `2026-08-09T00:00:00Z`.
    Moment(Timestamp),
    /// A span from when it was printed: `in 5 hours`.
    Span(Duration),
    /// What a clock and a calendar show: `Oct 31, 9am (UTC)`.
    Civil(CivilTime),
}

impl ResetTime {
    /// Parses a printed reset as a whole: one unknown word makes all of it unreadable.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
            return epoch(text).map(Self::Moment);
        }
        if let Ok(moment) = text.parse() {
            return Some(Self::Moment(moment));
        }
        if let Some((span, "")) = span::leading(text) {
            return Some(Self::Span(span));
        }
        fields::parse(text).map(Self::Civil)
    }
}

/// Seconds since 1970 in 10 digits, or milliseconds in 13. Any other number of digits is no time of
/// our century: `usage limit reached|0` exists.
fn epoch(digits: &str) -> Option<Timestamp> {
    match digits.len() {
        10 => Timestamp::from_second(digits.parse().ok()?).ok(),
        13 => Timestamp::from_millisecond(digits.parse().ok()?).ok(),
        _ => None,
    }
}

/// When a reset is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reset {
    /// The moment, in whole seconds, where it can be known for certain.
    pub not_before: Option<Timestamp>,
    /// Seconds from the present after which it has passed for certain; 0 if it has.
    pub after_seconds: u64,
}

impl Reset {
    /// Reads a printed reset. `None` where it says nothing, or where it could mean more than one
    /// moment.
    ///
    /// ```
    /// use diagnose::reset::{Clock, Reset};
    /// let now = "2026-03-28T13:35:00+01:00".parse().expect("a time");
    /// let clock = Clock { now, printed: now, zone: None, live: false };
    /// let reset = Reset::read("3:45pm (Europe/Berlin)", &clock).expect("it is known");
    /// assert_eq!(reset.after_seconds, 2 * 3600 + 600);
    /// assert_eq!(Reset::read("3:45pm", &clock), None);
    /// ```
    pub fn read(text: &str, clock: &Clock) -> Option<Self> {
        match ResetTime::parse(text)? {
            ResetTime::Moment(moment) => Self::at(moment, clock),
            ResetTime::Span(span) => Self::after(span, clock),
            ResetTime::Civil(civil) => Self::at(civil.moment(clock)?, clock),
        }
    }

    fn at(moment: Timestamp, clock: &Clock) -> Option<Self> {
        let not_before = ceil(moment).filter(|moment| moment.as_second() >= 0)?;
        let left = Duration::try_from(not_before.duration_since(clock.now)).unwrap_or_default();
        Some(Self { not_before: Some(not_before), after_seconds: seconds(left) })
    }

    /// The end of a span that began when it was printed.
    pub(super) fn after(span: Duration, clock: &Clock) -> Option<Self> {
        let began = if clock.live { clock.printed } else { clock.now };
        let end = began.checked_add(span).ok().and_then(ceil)?;
        let passed = Duration::try_from(clock.now.duration_since(began)).unwrap_or_default();
        let left = seconds(span.saturating_sub(passed));
        Some(Self { not_before: clock.live.then_some(end), after_seconds: left })
    }
}

/// Seconds, rounded up: a retry a moment too early fails.
fn seconds(span: Duration) -> u64 {
    span.as_secs() + u64::from(span.subsec_nanos() > 0)
}

/// A moment, rounded up to a second.
fn ceil(moment: Timestamp) -> Option<Timestamp> {
    Timestamp::from_second(moment.as_second() + i64::from(moment.subsec_nanosecond() > 0)).ok()
}
