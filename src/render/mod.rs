//! How reports are shown: one file per format, each a pure function of the reports to text.

pub mod field;
pub mod github;
pub mod human;
pub mod json;
pub mod junit;
pub mod markdown;
mod message;
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
    /// What is to be written for a report, line ends included; nothing yet, where all inputs make
    /// one document.
    fn report(&mut self, report: &Report<'_>) -> String;

    /// What is to be written after the last report.
    fn end(&mut self) -> String {
        String::new()
    }
}

/// How loud a diagnosis is in formats that know `error` and `warning`: an error has stopped the
/// work, a warning has not (yet).
fn level(state: State) -> &'static str {
    match state {
        State::Terminal => "error",
        State::Retrying | State::Warning => "warning",
    }
}

/// An object as text of several lines, for documents that people look into as well.
fn document(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}
