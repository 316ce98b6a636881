//! Events become diagnoses. One per entry is kept, however many there are, so that memory does not
//! grow with the log; its excerpt is sanitized only at the end, once.

use std::cmp::Reverse;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::mem::{Discriminant, discriminant};

use super::excerpt::{Sanitized, Surroundings};
use super::{Diagnosis, Location, Outcome, Retry, Trace};
use crate::advice::{self, fill};
use crate::catalog::Catalog;
use crate::provenance::{Judge, State};
use crate::rank::Event;

/// An event with its place in the input.
#[derive(Debug)]
pub(crate) struct LocatedEvent {
    pub(crate) event: Event,
    pub(crate) location: Location,
    pub(crate) surroundings: Surroundings,
}

/// Collects the events of an input, in order.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    /// By index of the entry: the event to show, and how many there were.
    best: BTreeMap<usize, (LocatedEvent, u64)>,
    /// Where a client says last that its run succeeded.
    settled: Option<Location>,
    trace: Vec<Trace>,
    /// How many traces there may be before most of them are forgotten.
    trace_limit: usize,
}

impl Collector {
    /// Takes `count` more events of one entry, of which this is the one to remember.
    pub(crate) fn add(&mut self, located: LocatedEvent, count: u64) {
        match self.best.entry(located.event.weighed.finding.entry) {
            Entry::Vacant(free) => {
                free.insert((located, count));
            }
            Entry::Occupied(mut taken) => {
                let (known, known_count) = taken.get_mut();
                *known_count += count;
                if located.order() >= known.order() {
                    *known = located;
                }
            }
        }
    }

    /// Takes the place where a client says that its run succeeded: what it tried again before is no
    /// failure.
    pub(crate) fn settle(&mut self, at: Location) {
        self.settled = self.settled.max(Some(at));
    }

    /// Takes over what was collected in the segment that follows, whose locations are counted from
    /// its own start.
    pub(crate) fn append(&mut self, next: Self, locate: impl Fn(Location) -> Location) {
        self.settled = self.settled.max(next.settled.map(&locate));
        for (located, count) in next.best.into_values() {
            let location = locate(located.location);
            self.add(LocatedEvent { location, ..located }, count);
        }
        self.explain(
            next.trace.into_iter().map(|trace| Trace { location: locate(trace.location), ..trace }),
        );
    }

    /// Takes what became of further findings. A log may have millions: of an entry's findings with
    /// one outcome only the last ones are kept, and the one of the event to show.
    pub(crate) fn explain(&mut self, traces: impl IntoIterator<Item = Trace>) {
        const KEPT: usize = 20;
        self.trace.extend(traces);
        if self.trace.len() <= self.trace_limit.max(4096) {
            return;
        }
        let mut seen: HashMap<(usize, Discriminant<Outcome>), usize> = HashMap::new();
        let mut kept = Vec::new();
        for trace in self.trace.drain(..).rev() {
            let count = seen.entry((trace.entry, discriminant(&trace.outcome))).or_default();
            *count += 1;
            let is_shown = || {
                let best = self.best.get(&trace.entry);
                best.is_some_and(|(located, _)| located.location == trace.location)
            };
            if *count <= KEPT || is_shown() {
                kept.push(trace);
            }
        }
        kept.reverse();
        self.trace_limit = 2 * kept.len();
        self.trace = kept;
    }

    /// The diagnoses, best first, and the trace.
    pub(crate) fn finish<'c>(
        self,
        catalog: &'c Catalog,
        judge: &Judge<'_>,
    ) -> (Vec<Diagnosis<'c>>, Vec<Trace>) {
        let overcome = |located: &LocatedEvent| {
            let state = located.event.weighed.state;
            state == State::Retrying && Some(located.location) < self.settled
        };
        let best = self.best.into_values().filter(|(located, _)| !overcome(located));
        let mut best: Vec<(LocatedEvent, u64)> = best.collect();
        best.sort_by_key(|(located, _)| Reverse(located.order()));
        let diagnoses =
            best.into_iter().map(|(located, count)| located.diagnosis(catalog, judge, count));
        (diagnoses.collect(), self.trace)
    }
}

impl LocatedEvent {
    /// The greater, the likelier it is what stopped the work.
    fn order(&self) -> ((bool, State, bool, bool), Location) {
        (self.event.importance(), self.location)
    }

    fn diagnosis<'c>(
        self,
        catalog: &'c Catalog,
        judge: &Judge<'_>,
        occurrences: u64,
    ) -> Diagnosis<'c> {
        let weighed = self.event.weighed;
        let entry = &catalog.entries()[weighed.finding.entry];
        let Sanitized { excerpt, matched, stamp, captures, reader } =
            self.surroundings.sanitize(&weighed.finding, judge);
        let reader = reader.with(entry);
        let answered_by = reader.answered_by(entry, &excerpt);
        let reader = answered_by.as_ref().map_or(reader.clone(), |(by, _)| reader.using(*by));
        Diagnosis {
            entry,
            confidence: self.event.confidence,
            evidence: weighed.evidence,
            state: weighed.state,
            retry: Retry::new(entry.policy(), &captures),
            location: self.location,
            excerpt,
            matched,
            stamp,
            occurrences,
            cause: fill(&entry.cause, &captures),
            steps: advice::steps(&entry.steps, &captures, &reader),
            checks: advice::checks(&entry.checks, &captures, &reader),
            answered_by,
            covered: self.event.covered,
            captures,
        }
    }
}
