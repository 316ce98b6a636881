//! The formats of reports: one file each, every one a pure function from reports to text.

pub mod field;
pub mod github;
pub mod human;
pub mod json;
pub mod junit;
pub mod line;
pub mod markdown;
mod markup;
mod message;
mod page;
pub mod pages;
mod plain;
pub mod rdjson;
pub mod reference;
pub mod sarif;
mod session;
pub mod summary;
pub mod why;

use crate::provenance::State;
use crate::report::Report;

/// A format. It is given the reports one by one, and keeps of them no more than it has yet to
/// write.
pub trait Render {
    /// Renders a report, line ends included; to nothing yet, where all inputs make one document.
    fn report(&mut self, report: &Report<'_>) -> String;

    /// Takes note of an input that could not be read; formats that count inputs count it.
    fn unreadable(&mut self) {}

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

/// Formats a number with its thousands apart: `4,012`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Formats a number of inputs: `1 input`, `4,012 inputs`.
fn inputs(number: u64) -> String {
    format!("{} input{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// Formats a value on several lines, for documents that people look into as well.
fn document(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}
