//! Annotations for GitHub Actions, and what a step sets for the steps after it.
//!
//! A step shows ten annotations of a level and drops the rest in silence; so no more are written,
//! and the rest is counted.

use std::fmt::Write as _;

use super::{Render, level, plain};
use crate::report::{Diagnosis, Report};

/// Annotations that are written in all.
const MAX_ANNOTATIONS: usize = 10;

/// The format `github`: one workflow command per diagnosis.
#[derive(Debug, Default)]
pub struct GitHub {
    seen: usize,
}

impl Render for GitHub {
    fn report(&mut self, report: &Report<'_>) -> String {
        let mut out = String::new();
        for diagnosis in &report.diagnoses {
            self.seen += 1;
            if self.seen <= MAX_ANNOTATIONS {
                annotation(&mut out, report, diagnosis);
            }
        }
        out
    }

    fn end(&mut self) -> String {
        match self.seen.saturating_sub(MAX_ANNOTATIONS) {
            0 => String::new(),
            more => format!("{more} more; the job summary and the other formats have them\n"),
        }
    }
}

fn annotation(out: &mut String, report: &Report<'_>, diagnosis: &Diagnosis<'_>) {
    let place = diagnosis.location;
    let _ = write!(out, "::{} ", level(diagnosis.state));
    if let Some(path) = report.path() {
        let _ =
            write!(out, "file={},line={},endLine={},", property(&path), place.line, place.end_line);
    }
    let text = format!(
        "{}\n\n{}\n\n(line {}, diagnose --explain {})",
        diagnosis.excerpt,
        plain::advice(diagnosis),
        place.line,
        diagnosis.entry.id
    );
    let _ = writeln!(out, "title={}::{}", property(&plain::head(diagnosis)), data(&text));
}

/// A message with the escapes that the runner undoes.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property with the escapes that the runner undoes.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The outputs of a step that looked at an input: what stopped the work. Nothing if nothing was
/// recognised.
pub fn outputs(report: &Report<'_>) -> Vec<(&'static str, String)> {
    let Some(primary) = report.diagnoses.first() else { return Vec::new() };
    vec![
        ("section", primary.section().word().to_owned()),
        ("id", primary.entry.id.to_string()),
        ("retryable", primary.retry.is_retryable().to_string()),
        ("not_before", primary.retry.not_before.clone().unwrap_or_default()),
    ]
}

/// Outputs as the runner reads them from its file. The delimiter must be one that nobody can guess,
/// or a value could end itself and set others.
pub fn output_file(outputs: &[(&str, String)], delimiter: &str) -> String {
    let mut out = String::new();
    for (name, value) in outputs {
        let _ = writeln!(out, "{name}<<{delimiter}\n{value}\n{delimiter}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_escaped() {
        assert_eq!(data("50%\r\n::error::x"), "50%25%0D%0A::error::x");
        assert_eq!(property("a:b,c%3A\n"), "a%3Ab%2Cc%253A%0A");
    }

    #[test]
    fn outputs_stand_between_delimiters() {
        assert_eq!(
            output_file(&[("id", "overloaded".into()), ("not_before", String::new())], "x1"),
            "id<<x1\noverloaded\nx1\nnot_before<<x1\n\nx1\n"
        );
    }
}
