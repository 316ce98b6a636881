//! Civil time: what a clock and a calendar show, and the moment at which they show it.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::clock::Clock;

/// A time that passed so shortly before is either just over, because the input took a while to
/// arrive, or a day or a week ahead. Nobody can tell, and the difference is a day of sleep.
const JUST_PAST: SignedDuration = SignedDuration::from_mins(10);

/// A date without a year lies ahead if it is not farther than this. Limits last a month at most;
/// this leaves room for a budget of a quarter, and keeps an old log from meaning next year.
const MAX_AHEAD: SignedDuration = SignedDuration::from_hours(183 * 24);

/// Otherwise it is past if it is not farther than this: whatever was to reset then was printed a
/// month before at most.
const MAX_PAST: SignedDuration = SignedDuration::from_hours(31 * 24);

/// A civil time as far as it is printed.
#[derive(Debug)]
pub(super) struct CivilTime {
    pub(super) day: Day,
    pub(super) weekday: Option<Weekday>,
    /// `None`: the day as a whole.
    pub(super) time: Option<Time>,
    pub(super) zone: Option<TimeZone>,
}

/// A day of the calendar, or one relative to when it was printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Day {
    /// The next one with the time or the day of the week that is printed.
    Next,
    Today,
    Tomorrow,
    Date {
        year: Option<i16>,
        month: i8,
        day: i8,
    },
}

impl CivilTime {
    /// The moment that is meant; `None` if there are several, or none.
    pub(super) fn moment(&self, clock: &Clock) -> Option<Timestamp> {
        // Without a printed zone it is that of this machine if the input is live.
        let local = || clock.zone.clone().filter(|_| clock.live);
        let zone = self.zone.clone().or_else(local)?;
        let printed = clock.printed;
        let today = printed.to_zoned(zone.clone()).date();
        let on_weekday = |date: &Date| self.weekday.is_none_or(|day| day == date.weekday());
        let occurrence = |date: Date| self.occurrence(date, &zone).filter(|_| on_weekday(&date));
        match self.day {
            Day::Next => {
                let dates = std::iter::successors(Some(today), |date| date.tomorrow().ok());
                next(dates.take(8).filter_map(occurrence), printed)?.certain()
            }
            // The day on which it was printed is known only of live input.
            Day::Today => occurrence(today).filter(|_| clock.live)?.certain(),
            Day::Tomorrow => occurrence(today.tomorrow().ok()?).filter(|_| clock.live)?.certain(),
            Day::Date { year: Some(year), month, day } => {
                occurrence(Date::new(year, month, day).ok()?)?.certain()
            }
            Day::Date { year: None, month, day } => {
                let years = (-1..=1).filter_map(|n| today.year().checked_add(n));
                let all: Vec<Occurrence> = years
                    .filter_map(|year| occurrence(Date::new(year, month, day).ok()?))
                    .collect();
                // Negative: it is past.
                let distance = |it: &Occurrence| it.moment.duration_since(printed);
                let ahead = |it: &&Occurrence| {
                    distance(it) > SignedDuration::ZERO && distance(it) <= MAX_AHEAD
                };
                let past = |it: &&Occurrence| {
                    distance(it) <= SignedDuration::ZERO && distance(it) >= -MAX_PAST
                };
                all.iter().find(ahead).or_else(|| all.iter().rfind(past))?.certain()
            }
        }
    }

    /// When a clock of a zone shows the time on a date. Where it is put forward, some times are
    /// never shown, and where it is put back, some are shown twice: neither is certain. A day
    /// without a time is its start: the reset cannot be before that.
    fn occurrence(&self, date: Date, zone: &TimeZone) -> Option<Occurrence> {
        let Some(time) = self.time else {
            let start = date.to_zoned(zone.clone()).and_then(|start| start.start_of_day()).ok()?;
            return Some(Occurrence { moment: start.timestamp(), certain: true });
        };
        let shown = zone.to_ambiguous_zoned(date.to_datetime(time));
        let certain = !shown.is_ambiguous();
        Some(Occurrence { moment: shown.later().ok()?.timestamp(), certain })
    }
}

/// A moment at which a clock shows a time.
#[derive(Clone, Copy)]
struct Occurrence {
    /// The moment, or the last of those in question.
    moment: Timestamp,
    certain: bool,
}

impl Occurrence {
    fn certain(self) -> Option<Timestamp> {
        self.certain.then_some(self.moment)
    }
}

/// The first occurrence after the printing, unless the one before it may be meant.
fn next(all: impl Iterator<Item = Occurrence>, printed: Timestamp) -> Option<Occurrence> {
    for it in all {
        if it.moment > printed {
            return Some(it);
        }
        if printed.duration_since(it.moment) <= JUST_PAST {
            return None;
        }
    }
    None
}
