//! When a printed reset is: from the words of a message to a moment, where it can be known for
//! certain, and to nothing where not.
//!
//! No clock is read but by [`Clock::system`]; the caller says what time it is. The rules, each of which
//! keeps a script from sleeping until the wrong moment:
//! - Epochs and timestamps with an offset are moments by themselves. A zone that is printed wins;
//!   one that nobody knows is no zone.
//! - Without a zone, a time is that of this machine, but only for live input: a file may come from
//!   anywhere.
//! - A span counts from when it was printed. For live input that is now. For a file it is unknown,
//!   so its end is too; but waiting the whole span from now is then more than enough, which is why
//!   the span itself is kept.
//! - A time of day is the next one, a day of the week too. See `wall` for dates without a year, and
//!   for clocks that are put forward or back.

mod hint;
mod phrase;
mod printed;
mod span;
mod wall;
mod words;

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

pub(crate) use hint::{Hint, hints};
pub(crate) use phrase::{length, when};

use printed::Printed;

/// What the caller knows of time.
#[derive(Clone, Debug)]
pub struct Clock {
    /// The present.
    pub now: Timestamp,
    /// The latest moment at which the input can have been printed: the present, or the last change
    /// of a file.
    pub printed: Timestamp,
    /// The zone of this machine, if it is known.
    pub zone: Option<TimeZone>,
    /// The input has just been printed, and here: it is an argument or standard input.
    pub live: bool,
}

impl Clock {
    /// The clock and the zone of this machine, for input that has just been printed here.
    pub fn system() -> Self {
        let now = Timestamp::now();
        let zone = TimeZone::try_system().ok().filter(|zone| !zone.is_unknown());
        Self { now, printed: now, zone, live: true }
    }

    /// The same clock at another moment.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        Self { now, printed: now, ..self }
    }

    /// The clock for a file that was last changed at this moment, if that is known: nobody knows
    /// where it was written.
    #[must_use]
    pub fn of_file(self, modified: Option<Timestamp>) -> Self {
        Self { printed: modified.unwrap_or(self.now).min(self.now), live: false, ..self }
    }
}

/// When a reset is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        match Printed::parse(text)? {
            Printed::Moment(moment) => Self::at(moment, clock),
            Printed::Span(span) => Self::after(span, clock),
            Printed::Wall(wall) => Self::at(wall.moment(clock)?, clock),
        }
    }

    fn at(moment: Timestamp, clock: &Clock) -> Option<Self> {
        let not_before = ceil(moment).filter(|moment| moment.as_second() >= 0)?;
        let left = Duration::try_from(not_before.duration_since(clock.now)).unwrap_or_default();
        Some(Self { not_before: Some(not_before), after_seconds: seconds(left) })
    }

    /// A span from when it was printed.
    pub(crate) fn after(span: Duration, clock: &Clock) -> Option<Self> {
        let end = clock.now.checked_add(span).ok().and_then(ceil)?;
        Some(Self { not_before: clock.live.then_some(end), after_seconds: seconds(span) })
    }
}

/// Seconds, rounded up: a retry a moment too early fails.
fn seconds(span: Duration) -> u64 {
    span.as_secs() + u64::from(span.subsec_nanos() > 0)
}

/// The moment, rounded up to a second.
fn ceil(moment: Timestamp) -> Option<Timestamp> {
    Timestamp::from_second(moment.as_second() + i64::from(moment.subsec_nanosecond() > 0)).ok()
}
