//! The formats of reports: one file each, every one a pure function from reports to text.

pub mod field;
pub mod github;
pub mod human;
pub mod json;
pub mod junit;
pub mod markdown;
mod markup;
mod message;
mod page;
mod plain;
pub mod rdjson;
pub mod reference;
pub mod sarif;
pub mod why;

use crate::provenance::State;
use crate::report::Report;

/// A format. It is given the reports one by one, and keeps of them no more than it has yet to
/// write.
pub trait Render {
    /// Renders a report, line ends included; to nothing yet, where all inputs make one document.
    fn report(&mut self, report: &Report<'_>) -> String;

    /// Renders the end of the output, after the last report.
    fn end(&mut self) -> String {
        String::new()
    }
}

/// The level of a diagnosis in formats that know `error` and `warning`: an error has stopped the
/// work, a warning has not (yet).
fn level(state: State) -> &'static str {
    match state {
        State::Terminal => "error",
        State::Retrying | State::Warning => "warning",
    }
}

/// Formats a value on several lines, for documents that people look into as well.
fn document(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}
