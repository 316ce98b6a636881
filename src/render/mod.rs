//! How a report is shown: one file per format, each a pure function of the report to text.

pub mod human;
pub mod json;
pub mod why;

use crate::report::Report;

/// A format.
pub trait Render {
    /// The report as text, line ends included.
    fn report(&self, report: &Report<'_>) -> String;
}
