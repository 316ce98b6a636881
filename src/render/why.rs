//! `--why`: what matched, why it is believed, and why it won or lost. For whoever doubts a verdict,
//! or writes a catalog.

use std::fmt::Write as _;

use crate::catalog::Catalog;
use crate::matching::RuleKind;
use crate::provenance::{Evidence, State};
use crate::report::{Diagnosis, Outcome, Report, Trace};

/// The explanation of the primary diagnosis and of the next candidates.
pub fn verdict(report: &Report<'_>, catalog: &Catalog) -> String {
    let mut out = String::new();
    let Some((primary, others)) = report.diagnoses.split_first() else {
        let _ = writeln!(
            out,
            "why nothing: {}",
            if report.trace.is_empty() {
                "no rule of the catalog matches the input"
            } else {
                "matches were found, and none counts"
            }
        );
        for trace in report.trace.iter().take(5) {
            line(&mut out, trace, catalog);
        }
        return out;
    };
    let _ = writeln!(out, "why `{}`:", primary.entry.id);
    findings(&mut out, report, catalog, |trace| {
        trace.outcome == Outcome::Event
            && catalog.entries()[trace.entry].id == primary.entry.id
            && trace.location == primary.location
    });
    findings(
        &mut out,
        report,
        catalog,
        |trace| matches!(trace.outcome, Outcome::Beaten(by) if catalog.entries()[by].id == primary.entry.id),
    );
    for other in others.iter().take(3) {
        let _ = writeln!(out, "why not `{}`: {}", other.entry.id, lost(other, primary));
        findings(&mut out, report, catalog, |trace| {
            trace.outcome == Outcome::Event
                && catalog.entries()[trace.entry].id == other.entry.id
                && trace.location == other.location
        });
    }
    out
}

/// The explanation of one entry: why it is not the verdict, or why it is.
pub fn entry(report: &Report<'_>, catalog: &Catalog, id: &str) -> String {
    if report.diagnoses.first().is_some_and(|primary| primary.entry.id == id) {
        return verdict(report, catalog);
    }
    let mut out = String::new();
    let reason = match report.diagnoses.iter().find(|diagnosis| diagnosis.entry.id == id) {
        Some(other) => lost(other, &report.diagnoses[0]),
        None if report.trace.iter().any(|trace| catalog.entries()[trace.entry].id == id) => {
            "its matches do not count".into()
        }
        None => "none of its rules matches the input".into(),
    };
    let _ = writeln!(out, "why not `{id}`: {reason}");
    findings(&mut out, report, catalog, |trace| catalog.entries()[trace.entry].id == id);
    out
}

/// Why a diagnosis comes after the primary one.
fn lost(other: &Diagnosis<'_>, primary: &Diagnosis<'_>) -> String {
    let id = &primary.entry.id;
    if other.state != primary.state {
        return format!("it is {}, `{id}` is {}", other.state, primary.state);
    }
    if other.covered && !primary.covered {
        return format!("it only wraps another error, and `{id}` says which");
    }
    if other.evidence == Evidence::Inline && primary.evidence > Evidence::Inline {
        return format!("it stands inside other text, `{id}` is {}", primary.evidence);
    }
    let state = if primary.state == State::Retrying { "in the last retry" } else { "later" };
    format!("`{id}` stands {state}, on line {}", primary.location.line)
}

fn findings(
    out: &mut String,
    report: &Report<'_>,
    catalog: &Catalog,
    wanted: impl Fn(&Trace) -> bool,
) {
    for trace in report.trace.iter().filter(|trace| wanted(trace)).take(5) {
        line(out, trace, catalog);
    }
}

fn line(out: &mut String, trace: &Trace, catalog: &Catalog) {
    let kind = match trace.kind {
        RuleKind::CatchAll => "any message",
        RuleKind::Message => "message",
        RuleKind::Type => "type",
        RuleKind::Class => "class",
        RuleKind::Status => "status",
        RuleKind::StatusClass => "status class",
    };
    let place = trace.location;
    let matched: String = trace.matched.chars().take(100).collect();
    let _ = writeln!(
        out,
        "  {}:{} {kind} `{}` matches `{matched}`",
        place.line,
        place.column,
        crate::redact::sanitize(&trace.rule)
    );
    let outcome = match trace.outcome {
        Outcome::Event => {
            trace.evidence.map_or(String::new(), |evidence| format!("evidence: {evidence}"))
        }
        Outcome::Beaten(by) => {
            format!("beaten on the same block by `{}`", catalog.entries()[by].id)
        }
        Outcome::Dropped(reason, rule) => {
            let rule = rule.and_then(|rule| catalog.provenance().rules.get(usize::from(rule)));
            let by = rule.map(|rule| {
                let (file, line) = catalog.rule_place(rule);
                format!(" (rule `{}`, {file}:{line})", rule.id)
            });
            format!("does not count: {reason}{}", by.unwrap_or_default())
        }
    };
    let _ = writeln!(out, "      {} · {outcome}", catalog.entries()[trace.entry].id);
}
