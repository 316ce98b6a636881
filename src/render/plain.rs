//! A diagnosis in plain lines, for formats whose consumers show text as it is.

use std::fmt::Write as _;

use crate::catalog::Policy;
use crate::provenance::State;
use crate::report::Diagnosis;
use crate::reset::length;

/// Section and title: the diagnosis on one line.
pub(super) fn head(diagnosis: &Diagnosis<'_>) -> String {
    format!("{}: {}", diagnosis.section(), diagnosis.entry.title)
}

/// Why it happened, what to do, and whether a retry helps; no line end after the last line.
pub(super) fn advice(diagnosis: &Diagnosis<'_>) -> String {
    let mut out = format!("{}\n", diagnosis.cause);
    for (n, step) in diagnosis.steps.iter().enumerate() {
        let _ = match &step.command {
            Some(command) => writeln!(out, "{}. {}: {command}", n + 1, step.text),
            None => writeln!(out, "{}. {}", n + 1, step.text),
        };
    }
    out.push_str(&retry(diagnosis));
    out
}

/// When a retry helps, in a sentence. The time as printed appears only where nobody can tell when
/// that is.
pub(super) fn retry(diagnosis: &Diagnosis<'_>) -> String {
    let retry = &diagnosis.retry;
    match (retry.policy, &retry.when, &retry.text) {
        (Policy::Never, ..) => "Not as it is: it fails again until something is changed.".into(),
        (Policy::Backoff, ..) if diagnosis.state == State::Retrying => {
            "The client is retrying already; wait for the outcome.".into()
        }
        (Policy::Backoff, ..) => match retry.after_seconds {
            Some(seconds @ 1..) => {
                format!("In {} or later: the same request may work then.", length(seconds))
            }
            _ => "The same request may work shortly; wait a little longer each time.".into(),
        },
        (Policy::Wait, Some(when), _) if retry.after_seconds == Some(0) => {
            format!("The reset was {when}: the same request may work again.")
        }
        (Policy::Wait, Some(when), _) => format!("Only after the reset {when}."),
        (Policy::Wait, None, Some(text)) => format!("Only after the reset: {text}."),
        (Policy::Wait, None, None) => "Only after the reset; the output does not say when.".into(),
    }
}
