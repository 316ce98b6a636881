//! Diagnoses for issue comments and job summaries. The input cannot add markup of its own: see
//! `markup`.

use std::fmt::Write as _;

use super::markup::{code, fenced, link, prose};
use super::message::message;
use super::{Render, plain};
use crate::advice::{Advice, Command, Test};
use crate::provenance::Evidence;
use crate::report::{Diagnosis, Report};

/// The format `markdown`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Markdown {
    /// Every diagnosis in full, not just the first.
    pub all: bool,
}

impl Render for Markdown {
    fn report(&mut self, report: &Report<'_>) -> String {
        let mut out = String::new();
        let Some((primary, others)) = report.diagnoses.split_first() else {
            let _ = writeln!(
                out,
                "No known error of Claude Code or the Claude API in {}.\n",
                code(&report.name())
            );
            if let Some((line, text)) = &report.suspect {
                let _ = write!(
                    out,
                    "Line {line} looks most like an error, but not like one of these:\n\n{}",
                    fenced(text)
                );
            }
            return out;
        };
        for (label, text) in report.session.iter().flat_map(super::session::lines) {
            let _ = writeln!(out, "**{label}:** {}\n", prose(&text));
        }
        diagnosis(&mut out, report, primary);
        if self.all {
            for other in others {
                diagnosis(&mut out, report, other);
            }
        } else if !others.is_empty() {
            let names: Vec<String> = others
                .iter()
                .map(|other| format!("`{}` (line {})", other.entry.id, other.location.line))
                .collect();
            let _ = writeln!(out, "Also seen: {}.\n", names.join(", "));
        }
        out
    }
}

fn diagnosis(out: &mut String, report: &Report<'_>, diagnosis: &Diagnosis<'_>) {
    let _ = writeln!(out, "### {}\n", prose(&plain::head(diagnosis)));
    let _ = writeln!(out, "**Retry:** {}\n", prose(&plain::retry(diagnosis)));
    if diagnosis.evidence != Evidence::Argument {
        let times = if diagnosis.occurrences > 1 {
            format!(", the last of {} times", diagnosis.occurrences)
        } else {
            String::new()
        };
        let _ = write!(
            out,
            "{} line {}{times}:\n\n{}",
            code(&report.name()),
            diagnosis.location.line,
            fenced(&message(&diagnosis.excerpt))
        );
    }
    let _ = writeln!(out, "**Why:** {}\n", prose(&diagnosis.cause));
    if let Some(who) = plain::who(diagnosis, None) {
        let _ = writeln!(out, "**Who:** {}\n", prose(&who));
    }
    steps(out, &diagnosis.steps);
    for test in &diagnosis.checks {
        check(out, test);
    }
    out.push('\n');
    if let Some(more) = diagnosis.entry.links.first() {
        let _ = writeln!(out, "More: {}\n", link(&more.value));
    }
}

/// Writes the steps as a list: the first one, what follows it, and what may be done instead.
pub(super) fn steps(out: &mut String, steps: &[Advice]) {
    for (n, step) in steps.iter().enumerate() {
        let label = match n {
            0 => "**First:**",
            _ if step.then => "Then:",
            _ => "Or:",
        };
        let _ = writeln!(out, "- {label} {}{}", prose(&step.text), command(step));
    }
}

/// Writes a check as an item of the list, and under it what its answers mean.
pub(super) fn check(out: &mut String, check: &Test) {
    let _ = writeln!(out, "- **Check:** {}{}", prose(&check.ask.text), command(&check.ask));
    for means in &check.means {
        let _ = writeln!(out, "  - {}", prose(means));
    }
}

/// A command behind its text, with the place where it is typed. An address is no link: what the
/// message names may be part of it.
fn command(advice: &Advice) -> String {
    let typed = |Command { text, at }: &Command| {
        format!(": {}", code(&format!("{}{text}", plain::prompt(*at))))
    };
    advice.command.as_ref().map_or(String::new(), typed)
}
