//! From an input of any size to a report, in bounded memory.
//!
//! The input is read in chunks of a fixed grid (`stream`). [`search`](crate::search) finds
//! candidates in them; those that lie together and may count (`candidates`) are sent, with the lines
//! around them, through the rest of the pipeline (`window`). A large file is cut into segments that
//! threads examine side by side (`parallel`); an endless input is looked at as it comes (`follow`).

mod candidates;
mod follow;
pub(crate) mod index;
mod parallel;
mod position;
mod settled;
mod stream;
mod tail;
mod window;

use std::io::Read;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

use crate::catalog::Catalog;
use crate::error::Error;
use crate::matching::Matcher;
use crate::provenance::Judge;
use crate::report::{Collector, Report};
use crate::reset::Clock;
use crate::search::{Index, Search};
use crate::text::decode::Decoder;

pub use follow::Follow;

use position::Position;
use stream::Segment;

/// Diagnoses inputs with one catalog. Share it between inputs and threads: what is compiled is
/// compiled once, when it is first needed.
///
/// ```
/// struct SessionManager {
///     diagnoser: diagnose::Diagnoser<'static>,
/// }
/// let manager = SessionManager { diagnoser: diagnose::Diagnoser::builtin() };
/// let report = manager.diagnoser.argument("API Error: 529 Overloaded");
/// assert_eq!(report.diagnoses[0].entry.id, "overloaded");
/// ```
#[derive(Debug)]
pub struct Diagnoser<'c> {
    catalog: &'c Catalog,
    matcher: Matcher<'c>,
    judge: Judge<'c>,
    search: Search<'c>,
    now: Option<Timestamp>,
    tracing: bool,
    exhaustive: bool,
    bytes_seen: AtomicU64,
    events_seen: AtomicU64,
}

impl Diagnoser<'static> {
    /// A diagnoser with the catalog that is part of the program.
    pub fn builtin() -> Self {
        static BUILTIN: LazyLock<Catalog> = LazyLock::new(Catalog::builtin);
        Self::new(&BUILTIN)
    }
}

impl<'c> Diagnoser<'c> {
    /// A diagnoser with this catalog.
    pub fn new(catalog: &'c Catalog) -> Self {
        Self {
            catalog,
            matcher: Matcher::new(catalog),
            judge: Judge::new(catalog.provenance()),
            search: Search::new(index::of(catalog), catalog.provenance()),
            now: None,
            tracing: false,
            exhaustive: false,
            bytes_seen: AtomicU64::new(0),
            events_seen: AtomicU64::new(0),
        }
    }

    /// Reads printed resets as if it were this moment. Without it the system's clock is asked, and
    /// only where a reset is printed.
    ///
    /// ```
    /// let now = "2026-08-09T12:00:00Z".parse().expect("a timestamp");
    /// let diagnoser = diagnose::Diagnoser::builtin().at(now);
    /// let report = diagnoser.argument("You've hit your session limit · resets 3pm (UTC)");
    /// assert_eq!(report.diagnoses[0].retry.after_seconds, Some(3 * 3600));
    /// ```
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        Self { now: Some(now), ..self }
    }

    /// Keeps, in [`Report::trace`], what became of every finding.
    #[must_use]
    pub fn tracing(self) -> Self {
        Self { tracing: true, ..self }
    }

    /// Examines everything and tries every rule: what the search is held against in tests.
    #[doc(hidden)]
    #[must_use]
    pub fn exhaustive(self) -> Self {
        Self { exhaustive: true, ..self }
    }

    /// The catalog.
    pub fn catalog(&self) -> &'c Catalog {
        self.catalog
    }

    /// The rules, ready to be found.
    pub(crate) fn matcher(&self) -> &Matcher<'c> {
        &self.matcher
    }

    /// The anchors by which rules are found in a log.
    pub(crate) fn index(&self) -> &Index {
        self.search.index()
    }

    /// Bytes examined and errors found so far, in all inputs, those that are being read included.
    pub fn progress(&self) -> (u64, u64) {
        (self.bytes_seen.load(Ordering::Relaxed), self.events_seen.load(Ordering::Relaxed))
    }

    /// Diagnoses a message that somebody picked out, such as an argument: it needs less proof that
    /// it is Claude's than a line of a log.
    pub fn argument(&self, message: &str) -> Report<'c> {
        let mut segment = Segment::default();
        self.whole(message.as_bytes(), true, &mut segment);
        self.live(self.report("argument", segment))
    }

    /// Diagnoses everything that a reader yields: UTF-8, UTF-16 with a mark or without, other bytes
    /// shown as U+FFFD. `source` is how the report calls it. Printed resets are read as printed
    /// just now and here; where that is not so, see [`Diagnoser::file`] or [`Report::resolve`].
    ///
    /// # Errors
    /// [`crate::ErrorKind::Read`] if the reader fails.
    pub fn stream(&self, source: &str, input: impl Read) -> Result<Report<'c>, Error> {
        let segment = self.segment(&mut Decoder::new(input), 0, 0..u64::MAX)?;
        Ok(self.live(self.report(source, segment)))
    }

    /// The clock against which [`Diagnoser::stream`] reads resets: now, or, with
    /// [`Diagnoser::at`], that moment.
    pub fn clock(&self) -> Clock {
        let clock = Clock::system();
        self.now.map_or(clock.clone(), |now| clock.at(now))
    }

    /// The report with its resets read as those of live input.
    fn live(&self, mut report: Report<'c>) -> Report<'c> {
        report.resolve_with(|| self.clock());
        report
    }

    fn report(&self, source: &str, segment: Segment) -> Report<'c> {
        let end = segment.end.unwrap_or(Position::START);
        let lines = if segment.bytes == 0 { 0 } else { end.lines() };
        let mut report = self.collected(source, segment.collector, lines, segment.bytes);
        if report.diagnoses.is_empty() {
            report.suspect = segment.tail.suspect(self.catalog.provenance(), lines);
        }
        report
    }

    /// The report of what was collected, before any reset is read.
    fn collected(&self, source: &str, collector: Collector, lines: u64, bytes: u64) -> Report<'c> {
        let (diagnoses, trace) = collector.finish(self.catalog, &self.judge);
        Report {
            source: source.to_owned(),
            lines,
            bytes,
            diagnoses,
            trace,
            suspect: None,
            session: None,
            catalog_entries: self.catalog.entries().len(),
        }
    }
}
