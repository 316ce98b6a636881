//! What the caller knows of time.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The time and the place against which a printed reset is read.
#[derive(Clone, Debug)]
pub struct Clock {
    /// The present.
    pub now: Timestamp,
    /// The latest moment at which the input can have been printed: the present, or the last change
    /// of a file.
    pub printed: Timestamp,
    /// The time zone of this machine, if it is known.
    pub zone: Option<TimeZone>,
    /// Whether the input was printed here, and exactly at `printed`: it is an argument or standard
    /// input, or a record that bears its time.
    pub live: bool,
}

impl Clock {
    /// The clock and the time zone of this machine, for input that has just been printed here.
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
