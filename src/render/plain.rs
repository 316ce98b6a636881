//! A diagnosis in plain lines, for formats whose consumers show text as it is.

use std::fmt::Write as _;

use textwrap::core::display_width;

use crate::advice::{Command, Prompt, Test};
use crate::catalog::{Action, Policy, Surface};
use crate::provenance::State;
use crate::report::Diagnosis;
use crate::reset::length;

/// Columns of the longest sign that is shown with who answered.
const MAX_SIGN_WIDTH: usize = 40;

/// Section and title: the diagnosis on one line.
pub(super) fn head(diagnosis: &Diagnosis<'_>) -> String {
    format!("{}: {}", diagnosis.section(), diagnosis.entry.title)
}

/// Advice in lines: whether a retry helps, why it happened, what to do; no line end after the last
/// line.
pub(super) fn advice(diagnosis: &Diagnosis<'_>) -> String {
    let mut out = format!("Retry: {}\n{}", retry(diagnosis), diagnosis.cause);
    if let Some(who) = who(diagnosis, None) {
        let _ = write!(out, "\n{who}");
    }
    for (n, step) in diagnosis.steps.iter().enumerate() {
        let command = step.command.as_ref().map_or(String::new(), typed);
        let _ = write!(out, "\n{}. {}{command}", n + 1, step.text);
    }
    for Test { ask, means } in &diagnosis.checks {
        let command = ask.command.as_ref().map_or(String::new(), typed);
        let _ = write!(out, "\nCheck: {}{command} ({})", ask.text, means.join("; "));
    }
    out
}

/// A command behind its text.
fn typed(command: &Command) -> String {
    format!(": {}{}", prompt(command.at), command.text)
}

/// The prompt before a command, which says where it is typed.
pub(super) const fn prompt(at: Prompt) -> &'static str {
    match at {
        Prompt::Claude => "claude> ",
        Prompt::Shell => "$ ",
        Prompt::PowerShell => "PS> ",
        Prompt::Link => "",
    }
}

/// Says when a retry helps. The time as printed appears only where nobody can tell when that is.
pub(super) fn retry(diagnosis: &Diagnosis<'_>) -> String {
    let retry = &diagnosis.retry;
    match (retry.policy, &retry.when, &retry.text) {
        _ if diagnosis.state == State::Warning => "not needed: nothing has failed yet".into(),
        (Policy::Never, ..) if diagnosis.action() == Action::Resume => {
            "no: a new run would repeat work; continue in the same session".into()
        }
        (Policy::Never, ..) if diagnosis.action() == Action::Inspect => {
            "no: find the cause first".into()
        }
        (Policy::Never, ..) => "no: retrying will not help until you fix this".into(),
        (Policy::Backoff, ..) if diagnosis.state == State::Retrying => {
            "the client is already retrying; wait for the outcome".into()
        }
        (Policy::Backoff, ..) => match retry.after_seconds {
            Some(seconds @ 1..) => format!("yes, in {}", length(seconds)),
            _ => "yes, shortly; wait longer after each failure".into(),
        },
        (Policy::Wait, Some(when), _) if retry.after_seconds == Some(0) => {
            format!("yes: the limit reset {when}")
        }
        (Policy::Wait, Some(when), _) => {
            format!("wait for the reset {when}; sooner fails again")
        }
        (Policy::Wait, None, Some(text)) => {
            format!("wait for the reset: {text}; sooner fails again")
        }
        (Policy::Wait, None, None) => "wait for the reset; the output does not say when".into(),
    }
}

/// Says who answered, with the sign of it unless that stands elsewhere.
pub(super) fn who(diagnosis: &Diagnosis<'_>, elsewhere: Option<&String>) -> Option<String> {
    let (by, sign) = diagnosis.answered_by.as_ref()?;
    let who = match by {
        Surface::Anthropic => "Anthropic's API answered",
        Surface::Relay => "a relay answered, not Anthropic",
        Surface::Gateway => "your gateway answered, not Anthropic",
        Surface::Bedrock => "Amazon Bedrock answered",
        Surface::Vertex => "Google Vertex AI answered",
        Surface::Foundry => "Microsoft Foundry answered",
        Surface::Proxy => "something between you and the API answered",
        _ => "your client reported this, not the API",
    };
    let told = *sign == diagnosis.excerpt || Some(sign) == elsewhere;
    let shown = !told && display_width(sign) <= MAX_SIGN_WIDTH;
    Some(if shown { format!("{who} ({sign})") } else { who.to_owned() })
}
