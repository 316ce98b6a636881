//! The report: what was found in one input, best first, with the catalog's advice made concrete.
//! Plain data for the renderers.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::mem::{Discriminant, discriminant};
use std::time::Duration;

use crate::advice::{self, Advice, Captures, Test, fill};
use crate::catalog::{self, Action, Catalog, Policy, Section, Surface};
use crate::matching::Kind;
use crate::provenance::{Confidence, Evidence, Judge, Reason, State};
use crate::rank::Event;
use crate::redact;
use crate::reset::{self, Clock, Hint, Reset};
use crate::scan::{Shown, Surroundings};

/// Everything known about one input.
#[derive(Debug)]
pub struct Report<'c> {
    /// What the input was called: a path, `stdin` or `argument`.
    pub source: String,
    /// Line breaks, plus one for a last line without.
    pub lines: u64,
    /// Bytes, after decoding.
    pub bytes: u64,
    /// Best first: the first one is what stopped the work. Empty if nothing was recognised.
    pub diagnoses: Vec<Diagnosis<'c>>,
    /// What became of the findings, where that was asked for; see [`crate::Diagnoser::tracing`]. Of
    /// an entry's findings of one fate at least the last ones.
    pub trace: Vec<Trace>,
    /// Where nothing was recognised: the last line that looks like an error, with its number.
    pub suspect: Option<(u64, String)>,
}

/// One error in one input.
#[derive(Debug)]
pub struct Diagnosis<'c> {
    /// The entry of the catalog.
    pub entry: &'c catalog::Entry,
    /// How sure it is.
    pub confidence: Confidence,
    /// Why it is believed.
    pub evidence: Evidence,
    /// What became of the request.
    pub state: State,
    /// Whether and when the same request may work again.
    pub retry: Retry,
    /// Where it stands.
    pub location: Location,
    /// What stands there, fit to be shown.
    pub excerpt: String,
    /// How often it happened.
    pub occurrences: u64,
    /// What the message names.
    pub captures: Captures,
    /// Why it happened.
    pub cause: String,
    /// What to do, the likeliest help first.
    pub steps: Vec<Advice>,
    /// How to tell causes apart.
    pub checks: Vec<Test>,
    /// Who answered the request, where that is known, and what says so, fit to be shown.
    pub answered_by: Option<(Surface, String)>,
    /// A wrapper, and what it wraps stands nearby: what it wraps goes first.
    pub covered: bool,
}

/// What became of one finding.
#[derive(Debug)]
pub struct Trace {
    /// Index of the entry in the catalog.
    pub entry: usize,
    /// The wording that matched, as the catalog has it.
    pub wording: String,
    /// How specific it is.
    pub kind: Kind,
    /// Where it matched.
    pub location: Location,
    /// What it matched, fit to be shown.
    pub matched: String,
    /// Why it is believed, if it is.
    pub evidence: Option<Evidence>,
    /// What became of it.
    pub fate: Fate,
}

/// What can become of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It names an event.
    Event,
    /// Another finding of its block names the event: the index of that one's entry.
    Beaten(usize),
    /// It does not count; the provenance rule that says so, by its index.
    Dropped(Reason, Option<u16>),
}

/// Whether and when the same request may work again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    /// The policy.
    pub policy: Policy,
    /// Seconds to wait, where the output says so, from the present on. Before [`Report::resolve`]
    /// only what is printed as seconds.
    pub after_seconds: Option<u64>,
    /// The time of the reset as RFC 3339, where it can be known for certain; [`Report::resolve`]
    /// finds it.
    pub not_before: Option<String>,
    /// The time of the reset as printed.
    pub text: Option<String>,
    /// The time of the reset in words, for a reader at this machine; [`Report::resolve`] finds
    /// them.
    pub when: Option<String>,
}

/// What to do with a request that failed, as far as its output tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// Send it again after this long, and after longer each time it fails again.
    RetryAfter(Duration),
    /// It can work again only after a reset, this long from now; `None` where the output does not
    /// say when, or not for certain.
    Wait(Option<Duration>),
    /// Not as it is: this has to be done first.
    Never(Action),
}

/// How long to wait where a retry may help at once and the output names no time. Not 0: a loop would
/// hammer a service that has no room. The client has paused and tried for minutes before it gave
/// up, so less than a minute is no news.
const UNNAMED: Duration = Duration::from_secs(60);

/// A place in the input; everything counts from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// First line.
    pub line: u64,
    /// First column.
    pub column: u64,
    /// Last line.
    pub end_line: u64,
    /// Column after the last character.
    pub end_column: u64,
}

/// An event with its place in the input.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) event: Event,
    pub(crate) location: Location,
    pub(crate) around: Surroundings,
}

/// Collects events in the order of the input; remembers one per entry, however many there are.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    best: BTreeMap<usize, (Placed, u64)>,
    trace: Vec<Trace>,
    /// How many traces there may be before most of them are forgotten.
    room: usize,
}

impl Collector {
    /// Takes `count` more events of one entry, of which this is the one to remember.
    pub(crate) fn add(&mut self, placed: Placed, count: u64) {
        match self.best.entry(placed.event.weighed.finding.entry) {
            Entry::Vacant(free) => {
                free.insert((placed, count));
            }
            Entry::Occupied(mut taken) => {
                let (known, known_count) = taken.get_mut();
                *known_count += count;
                if placed.order() >= known.order() {
                    *known = placed;
                }
            }
        }
    }

    /// Takes over what was collected in the stretch that follows, whose locations are counted from
    /// its start.
    pub(crate) fn append(&mut self, next: Self, locate: impl Fn(Location) -> Location) {
        for (placed, count) in next.best.into_values() {
            let location = locate(placed.location);
            self.add(Placed { location, ..placed }, count);
        }
        self.explain(
            next.trace.into_iter().map(|trace| Trace { location: locate(trace.location), ..trace }),
        );
    }

    /// Takes what became of further findings. Of an entry's findings of one fate the last ones say
    /// enough, and where the event is that is remembered; a log may have millions.
    pub(crate) fn explain(&mut self, traces: impl IntoIterator<Item = Trace>) {
        const KEPT: usize = 20;
        self.trace.extend(traces);
        if self.trace.len() <= self.room.max(4096) {
            return;
        }
        let mut seen: HashMap<(usize, Discriminant<Fate>), usize> = HashMap::new();
        let mut kept = Vec::new();
        for trace in self.trace.drain(..).rev() {
            let count = seen.entry((trace.entry, discriminant(&trace.fate))).or_default();
            *count += 1;
            let remembered = || {
                self.best
                    .get(&trace.entry)
                    .is_some_and(|(placed, _)| placed.location == trace.location)
            };
            if *count <= KEPT || remembered() {
                kept.push(trace);
            }
        }
        kept.reverse();
        self.room = 2 * kept.len();
        self.trace = kept;
    }

    /// The diagnoses, best first, and the trace.
    pub(crate) fn finish<'c>(
        self,
        catalog: &'c Catalog,
        judge: &Judge<'_>,
    ) -> (Vec<Diagnosis<'c>>, Vec<Trace>) {
        let mut all: Vec<(Placed, u64)> = self.best.into_values().collect();
        all.sort_by_key(|(placed, _)| std::cmp::Reverse(placed.order()));
        (
            all.into_iter().map(|(of, count)| of.diagnosis(catalog, judge, count)).collect(),
            self.trace,
        )
    }
}

impl Placed {
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
        let Shown { excerpt, captures, reader } = self.around.sanitize(&weighed.finding, judge);
        let reader = reader.with(entry);
        let answered_by = reader.answered_by(entry, &excerpt);
        let reader = answered_by.as_ref().map_or(reader.clone(), |(by, _)| reader.using(*by));
        let text = captures.get("resets").or_else(|| captures.get("epoch")).cloned();
        Diagnosis {
            entry,
            confidence: self.event.confidence,
            evidence: weighed.evidence,
            state: weighed.state,
            retry: Retry {
                policy: entry.policy(),
                after_seconds: captures.get("retry_after").and_then(|text| text.parse().ok()),
                not_before: None,
                text,
                when: None,
            },
            location: self.location,
            excerpt,
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

impl Report<'_> {
    /// The source as it may be shown: a name of a file is input, too.
    pub fn name(&self) -> String {
        redact::line(&self.source)
    }

    /// The name, if it is one of a file.
    pub fn path(&self) -> Option<String> {
        (!matches!(self.source.as_str(), "stdin" | "argument" | "command")).then(|| self.name())
    }

    /// The report without the diagnoses that are less certain than this.
    #[must_use]
    pub fn at_least(mut self, level: Confidence) -> Self {
        self.diagnoses.retain(|diagnosis| diagnosis.confidence >= level);
        self
    }

    /// Finds out when the printed resets are. What can be known depends on the time and on where
    /// the input comes from: see [`Clock`].
    pub fn resolve(&mut self, clock: &Clock) {
        for diagnosis in &mut self.diagnoses {
            let hints = reset::hints(&diagnosis.captures, &diagnosis.excerpt);
            diagnosis.retry.resolve(&hints, clock);
        }
    }
}

impl Retry {
    /// Whether the same request can work again, at once or after a reset.
    pub fn is_retryable(&self) -> bool {
        self.policy != Policy::Never
    }

    /// Takes the first hint that tells the moment, otherwise the first that tells anything. No
    /// moment helps what never works.
    fn resolve(&mut self, hints: &[Hint], clock: &Clock) {
        if self.policy == Policy::Never {
            return;
        }
        // With the zone that the shape of a reset leaves out.
        if let (Some(text), Some(Hint::Text(whole))) = (&mut self.text, hints.first()) {
            whole.clone_into(text);
        }
        let read: Vec<(&Hint, Reset)> =
            hints.iter().filter_map(|hint| Some((hint, hint.read(clock)?))).collect();
        let Some((hint, reset)) =
            read.iter().find(|(_, reset)| reset.not_before.is_some()).or(read.first())
        else {
            return;
        };
        self.after_seconds = Some(reset.after_seconds);
        self.not_before = reset.not_before.map(|moment| moment.to_string());
        self.when = Some(reset::when(*reset, clock));
        if let (None, Hint::Text(text)) = (&self.text, hint) {
            self.text = Some(text.clone());
        }
    }
}

impl Diagnosis<'_> {
    /// The section of the entry.
    pub fn section(&self) -> Section {
        self.entry.section
    }

    /// What resolves it.
    pub fn action(&self) -> Action {
        self.entry.action
    }

    /// Whether and when to send the same request again. A reset that is printed as a time counts
    /// once [`Report::resolve`] has found it.
    ///
    /// ```
    /// use diagnose::report::Decision;
    /// use diagnose::reset::Clock;
    /// let catalog = diagnose::Catalog::builtin();
    /// let diagnoser = diagnose::Diagnoser::new(&catalog);
    /// let mut report = diagnoser.argument("You've hit your session limit · resets 3pm (UTC)");
    /// report.resolve(&Clock::system());
    /// assert!(matches!(report.diagnoses[0].decision(), Decision::Wait(Some(_))));
    /// let report = diagnoser.argument("Invalid API key · Please run /login");
    /// assert!(matches!(report.diagnoses[0].decision(), Decision::Never(_)));
    /// ```
    pub fn decision(&self) -> Decision {
        let after = self.retry.after_seconds.map(Duration::from_secs);
        match self.retry.policy {
            Policy::Backoff => Decision::RetryAfter(after.unwrap_or(UNNAMED)),
            Policy::Wait => Decision::Wait(after),
            Policy::Never => Decision::Never(self.action()),
        }
    }
}
