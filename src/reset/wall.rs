//! From what a clock and a calendar on the wall show to the moment when they show it.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::Clock;
use super::printed::{Day, Wall, Zone};

/// A time that passed so shortly before is either just over, because the input took a while to
/// arrive, or a day or a week ahead. Nobody can tell, and the difference is a day of sleep.
const JUST_PAST: SignedDuration = SignedDuration::from_mins(10);

/// A date without a year lies ahead if it is not farther than this. Limits last a month at most;
/// this leaves room for a budget of a quarter, and keeps an old log from meaning next year.
const AHEAD: SignedDuration = SignedDuration::from_hours(183 * 24);

/// Otherwise it is past if it is not farther than this: whatever was to reset then was printed a
/// month before at most.
const PAST: SignedDuration = SignedDuration::from_hours(31 * 24);

impl Wall {
    /// The moment that is meant; `None` if there are several, or none.
    pub(super) fn moment(&self, clock: &Clock) -> Option<Timestamp> {
        let zone = self.zone(clock)?;
        let printed = clock.printed;
        let today = printed.to_zoned(zone.clone()).date();
        let shown = |date: Date| self.shown(date, &zone);
        match self.day {
            Day::Unsaid => coming(next_days(today, 2).filter_map(shown), printed),
            Day::Weekday(weekday) => coming(
                next_days(today, 8).filter(|date| date.weekday() == weekday).filter_map(shown),
                printed,
            ),
            // The day on which it was printed is known only of live input.
            Day::Today => shown(today).filter(|_| clock.live)?.certain(),
            Day::Tomorrow => shown(today.tomorrow().ok()?).filter(|_| clock.live)?.certain(),
            Day::Date { year: Some(year), month, day, weekday } => {
                let date = Date::new(year, month, day).ok()?;
                shown(date)
                    .filter(|_| weekday.is_none_or(|weekday| weekday == date.weekday()))?
                    .certain()
            }
            Day::Date { year: None, month, day, weekday } => {
                let years = (-1..=1)
                    .filter_map(|n| Date::new(today.year().checked_add(n)?, month, day).ok());
                let dates =
                    years.filter(|date| weekday.is_none_or(|weekday| weekday == date.weekday()));
                let moments: Vec<Shown> = dates.filter_map(shown).collect();
                let ahead = moments.iter().find(|shown| {
                    shown.moment > printed && shown.moment.duration_since(printed) <= AHEAD
                });
                let past = moments.iter().rfind(|shown| {
                    shown.moment <= printed && printed.duration_since(shown.moment) <= PAST
                });
                ahead.or(past)?.certain()
            }
        }
    }

    /// The zone that is printed; without one, that of this machine if the input is live.
    fn zone(&self, clock: &Clock) -> Option<TimeZone> {
        match &self.zone {
            Some(Zone::Named(name)) => TimeZone::get(name).ok().filter(|zone| !zone.is_unknown()),
            Some(Zone::Offset(offset)) => Some(TimeZone::fixed(*offset)),
            None => clock.zone.clone().filter(|_| clock.live),
        }
    }

    /// When the wall shows the time on a date. Where the clock is put forward, some times are never
    /// shown, and where it is put back, some are shown twice: neither is certain. A day without a
    /// time is its start: not before that the reset can be.
    fn shown(&self, date: Date, zone: &TimeZone) -> Option<Shown> {
        if let Some(time) = self.time {
            return Shown::at(date, time, zone);
        }
        let start = date.to_zoned(zone.clone()).and_then(|start| start.start_of_day()).ok()?;
        Some(Shown { moment: start.timestamp(), certain: true })
    }
}

/// When a wall shows a time.
#[derive(Clone, Copy)]
struct Shown {
    /// The moment, or the last of those in question.
    moment: Timestamp,
    certain: bool,
}

impl Shown {
    fn at(date: Date, time: Time, zone: &TimeZone) -> Option<Self> {
        let shown = zone.to_ambiguous_zoned(date.to_datetime(time));
        let certain = !shown.is_ambiguous();
        Some(Self { moment: shown.later().ok()?.timestamp(), certain })
    }

    fn certain(self) -> Option<Timestamp> {
        self.certain.then_some(self.moment)
    }
}

/// So many days from a date on.
fn next_days(from: Date, n: usize) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(from), |date| date.tomorrow().ok()).take(n)
}

/// The first moment to come.
fn coming(moments: impl Iterator<Item = Shown>, printed: Timestamp) -> Option<Timestamp> {
    for shown in moments {
        if shown.moment > printed {
            return shown.certain();
        }
        if printed.duration_since(shown.moment) <= JUST_PAST {
            return None;
        }
    }
    None
}
