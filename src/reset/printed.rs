//! What a printed reset says, before any clock is asked.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::{Time, Weekday};
use jiff::tz::Offset;

use super::{span, words};

/// A printed reset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Printed {
    /// A moment by itself: `1762952400`, `2026-08-09T00:00:00Z`.
    Moment(Timestamp),
    /// A span from when it was printed: `in 5 hours`.
    Span(Duration),
    /// What a clock and a calendar on the wall show: `Oct 31, 9am (UTC)`.
    Wall(Wall),
}

/// What a clock and a calendar on the wall show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wall {
    pub(super) day: Day,
    /// Nothing: the day as a whole.
    pub(super) time: Option<Time>,
    pub(super) zone: Option<Zone>,
}

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Day {
    /// Nothing is said.
    Unsaid,
    Today,
    Tomorrow,
    Weekday(Weekday),
    Date {
        year: Option<i16>,
        month: i8,
        day: i8,
        weekday: Option<Weekday>,
    },
}

/// Where the wall stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// By a name, which need not be that of any zone.
    Named(String),
    /// By its distance to UTC.
    Offset(Offset),
}

impl Printed {
    /// Understands a printed reset as a whole; what is understood in part is not understood.
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
        words::wall(text).map(Self::Wall)
    }

    /// A time or a day without a zone.
    pub(super) fn lacks_zone(&self) -> bool {
        matches!(self, Self::Wall(Wall { zone: None, .. }))
    }
}

/// Seconds since 1970, or milliseconds. Any other number of digits is no time of our century:
/// `usage limit reached|0` exists.
fn epoch(digits: &str) -> Option<Timestamp> {
    match digits.len() {
        10 => Timestamp::from_second(digits.parse().ok()?).ok(),
        13 => Timestamp::from_millisecond(digits.parse().ok()?).ok(),
        _ => None,
    }
}
