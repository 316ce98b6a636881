//! Of many inputs: what failed how often, and which may be repeated. For people a table
//! (`--format summary`), for programs one object (`--format summary-json`).
//!
//! The first diagnosis of an input is its failure, if it has stopped the work; the others are
//! counted as events. Whatever the number of inputs, the table keeps at most
//! [`MAX_FINGERPRINTS`] fingerprints, one more for each id, and thirty names of inputs in memory;
//! only the object, which lists the inputs that failed, grows with their names.

mod object;
mod table;
mod tally;

pub use tally::MAX_FINGERPRINTS;

use tally::Tally;

use super::Render;
use super::human::Human;
use crate::report::Report;

/// Names that the table shows of inputs that failed, of each kind.
const MAX_NAMES: usize = 10;

/// The format `summary`.
///
/// ```
/// use diagnose::render::{Render, human::Human, summary::Summary};
///
/// let diagnoser = diagnose::Diagnoser::builtin();
/// let page = Human { width: 80, color: false, all: false, name_source: false };
/// let mut summary = Summary::new(page);
/// for (name, text) in [("a.log", "API Error: 529 Overloaded"), ("b.log", "fine")] {
///     summary.report(&diagnoser.stream(name, text.as_bytes())?);
/// }
/// assert!(summary.end().starts_with("2 inputs: 1 failed, 1 without a known error\n"));
/// # Ok::<(), diagnose::Error>(())
/// ```
#[derive(Debug)]
pub struct Summary {
    page: Human,
    tally: Tally,
}

/// The format `summary-json`.
#[derive(Debug)]
pub struct SummaryJson {
    tally: Tally,
}

impl Summary {
    /// A summary as wide and colourful as this page; every error is on it if the page shows
    /// everything, else the first ten.
    pub fn new(page: Human) -> Self {
        Self { page, tally: Tally::new(MAX_NAMES) }
    }
}

impl Default for SummaryJson {
    fn default() -> Self {
        Self { tally: Tally::new(usize::MAX) }
    }
}

impl Render for Summary {
    fn report(&mut self, report: &Report<'_>) -> String {
        self.tally.add(report);
        String::new()
    }

    fn unreadable(&mut self) {
        self.tally.unreadable += 1;
    }

    fn end(&mut self) -> String {
        table::of(&self.tally, self.page)
    }
}

impl Render for SummaryJson {
    fn report(&mut self, report: &Report<'_>) -> String {
        self.tally.add(report);
        String::new()
    }

    fn unreadable(&mut self) {
        self.tally.unreadable += 1;
    }

    fn end(&mut self) -> String {
        object::of(&self.tally) + "\n"
    }
}
