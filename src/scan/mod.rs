//! From an input of any size to a report, in bounded memory.
//!
//! [`search`](crate::search) → spots in which something may stand (`spots`) → those that may
//! count (`stream`) → a window around them → the pipeline (`window`). A large file is cut into
//! stretches that threads examine side by side (`parallel`).

mod excerpt;
mod follow;
pub(crate) mod index;
mod parallel;
mod place;
mod spots;
mod stream;
mod tail;
mod window;

use std::io::Read;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::catalog::Catalog;
use crate::error::Error;
use crate::matching::Matcher;
use crate::provenance::Judge;
use crate::report::Report;
use crate::search::{Index, Search};
use crate::text::decode::Decoder;

pub(crate) use excerpt::{Shown, Surroundings};
pub use follow::Follow;

use place::Place;
use stream::Stretch;

/// Diagnoses inputs with one catalog. Share it: everything that is compiled is compiled once.
#[derive(Debug)]
pub struct Diagnoser<'c> {
    catalog: &'c Catalog,
    matcher: Matcher<'c>,
    judge: Judge<'c>,
    search: Search<'c>,
    tracing: bool,
    exhaustive: bool,
    /// Bytes that were looked at, and events that were found, in all inputs so far.
    progress: (AtomicU64, AtomicU64),
}

impl<'c> Diagnoser<'c> {
    /// Gets ready for a catalog.
    pub fn new(catalog: &'c Catalog) -> Self {
        Self {
            catalog,
            matcher: Matcher::new(catalog),
            judge: Judge::new(catalog.provenance()),
            search: Search::new(index::of(catalog), catalog.provenance()),
            tracing: false,
            exhaustive: false,
            progress: Default::default(),
        }
    }

    /// Keeps, in [`Report::trace`], what became of every finding.
    #[must_use]
    pub fn tracing(self) -> Self {
        Self { tracing: true, ..self }
    }

    /// Examines everything and tries every wording: what the search is held against in tests.
    #[doc(hidden)]
    #[must_use]
    pub fn exhaustive(self) -> Self {
        Self { exhaustive: true, ..self }
    }

    /// The wordings, ready to be found.
    pub(crate) fn matcher(&self) -> &Matcher<'c> {
        &self.matcher
    }

    /// What the wordings are found by in a log.
    pub(crate) fn index(&self) -> &Index {
        self.search.index()
    }

    /// How many bytes were looked at and how many errors were found, in all inputs so far, those
    /// that are being read included.
    pub fn progress(&self) -> (u64, u64) {
        (self.progress.0.load(Ordering::Relaxed), self.progress.1.load(Ordering::Relaxed))
    }

    /// Diagnoses a message that the user gave as an argument.
    pub fn argument(&self, message: &str) -> Report<'c> {
        let mut stretch = Stretch::default();
        self.whole(message.as_bytes(), true, &mut stretch);
        self.report("argument", stretch)
    }

    /// Diagnoses everything that a reader yields. `source` is how the report calls it.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Read`] if the reader fails.
    pub fn stream(&self, source: &str, input: impl Read) -> Result<Report<'c>, Error> {
        let stretch = self.stretch(&mut Decoder::new(input), 0, 0..u64::MAX)?;
        Ok(self.report(source, stretch))
    }

    fn report(&self, source: &str, stretch: Stretch) -> Report<'c> {
        let (diagnoses, trace) = stretch.collector.finish(self.catalog, &self.judge);
        let end = stretch.end.unwrap_or(Place::START);
        let lines = if stretch.bytes == 0 { 0 } else { end.lines() };
        let suspect = if diagnoses.is_empty() {
            stretch.tail.suspect(self.catalog.provenance(), lines)
        } else {
            None
        };
        Report { source: source.to_owned(), lines, bytes: stretch.bytes, diagnoses, suspect, trace }
    }
}
