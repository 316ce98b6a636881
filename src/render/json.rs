//! The machine's view. The wire types are apart from the domain: their fields are a contract
//! (`schema_version`).

use std::collections::BTreeMap;

use serde::Serialize;

use super::Render;
use crate::advice::{Advice, Test};
use crate::catalog::Catalog;
use crate::report::{Diagnosis, Report};

/// One object per input.
#[derive(Debug)]
pub struct Json {
    /// Entries in the catalog that was used.
    pub entries: usize,
}

/// One diagnosis a line.
#[derive(Debug)]
pub struct JsonLines;

#[derive(Serialize)]
struct Wire<'a> {
    schema_version: u32,
    catalog: CatalogWire,
    input: InputWire,
    diagnoses: Vec<DiagnosisWire<'a>>,
}

#[derive(Serialize)]
struct CatalogWire {
    version: &'static str,
    entries: usize,
}

#[derive(Serialize)]
struct InputWire {
    source: String,
    lines: u64,
    bytes: u64,
}

#[derive(Serialize)]
struct LineWire<'a> {
    schema_version: u32,
    source: String,
    #[serde(flatten)]
    diagnosis: DiagnosisWire<'a>,
}

#[derive(Serialize)]
struct DiagnosisWire<'a> {
    id: &'a str,
    section: &'static str,
    title: &'a str,
    confidence: &'static str,
    evidence: &'static str,
    state: &'static str,
    action: &'static str,
    retry: RetryWire<'a>,
    retryable: bool,
    location: LocationWire,
    excerpt: &'a str,
    occurrences: u64,
    captures: &'a BTreeMap<String, String>,
    cause: &'a str,
    steps: Vec<StepWire<'a>>,
    checks: Vec<CheckWire<'a>>,
    answered_by: Option<&'static str>,
    answered_by_evidence: Option<&'a str>,
    links: Vec<&'a str>,
}

#[derive(Serialize)]
struct RetryWire<'a> {
    policy: &'static str,
    after_seconds: Option<u64>,
    not_before: Option<&'a str>,
    text: Option<&'a str>,
}

#[derive(Serialize)]
struct LocationWire {
    line: u64,
    column: u64,
    end_line: u64,
    end_column: u64,
}

#[derive(Serialize)]
struct StepWire<'a> {
    text: &'a str,
    command: Option<&'a str>,
    on: Vec<&'static str>,
    then: bool,
}

#[derive(Serialize)]
struct CheckWire<'a> {
    text: &'a str,
    command: Option<&'a str>,
    on: Vec<&'static str>,
    means: &'a [String],
}

/// The version of the contract.
pub const SCHEMA_VERSION: u32 = 1;

impl<'a> DiagnosisWire<'a> {
    fn new(diagnosis: &'a Diagnosis<'_>) -> Self {
        let retry = &diagnosis.retry;
        let place = diagnosis.location;
        Self {
            id: &diagnosis.entry.id,
            section: diagnosis.section().word(),
            title: &diagnosis.entry.title,
            confidence: diagnosis.confidence.word(),
            evidence: diagnosis.evidence.word(),
            state: diagnosis.state.word(),
            action: diagnosis.action().word(),
            retry: RetryWire {
                policy: retry.policy.word(),
                after_seconds: retry.after_seconds,
                not_before: retry.not_before.as_deref(),
                text: retry.text.as_deref(),
            },
            retryable: retry.is_retryable(),
            location: LocationWire {
                line: place.line,
                column: place.column,
                end_line: place.end_line,
                end_column: place.end_column,
            },
            excerpt: &diagnosis.excerpt,
            occurrences: diagnosis.occurrences,
            captures: &diagnosis.captures,
            cause: &diagnosis.cause,
            steps: diagnosis.steps.iter().map(step).collect(),
            checks: diagnosis.checks.iter().map(check).collect(),
            answered_by: diagnosis.answered_by.as_ref().map(|(by, _)| by.word()),
            answered_by_evidence: diagnosis.answered_by.as_ref().map(|(_, sign)| sign.as_str()),
            links: diagnosis.entry.links.iter().map(|link| link.value.as_ref()).collect(),
        }
    }
}

fn step(of: &Advice) -> StepWire<'_> {
    let command = of.command.as_ref().map(|command| command.text.as_str());
    let on = of.on.iter().map(|on| on.word()).collect();
    StepWire { text: &of.text, command, on, then: of.then }
}

fn check(of: &Test) -> CheckWire<'_> {
    let StepWire { text, command, on, .. } = step(&of.ask);
    CheckWire { text, command, on, means: &of.means }
}

/// A diagnosis as a value.
pub(super) fn value(diagnosis: &Diagnosis<'_>) -> serde_json::Value {
    serde_json::to_value(DiagnosisWire::new(diagnosis)).expect("plain data with string keys")
}

fn line(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string(value).expect("plain data with string keys");
    text.push('\n');
    text
}

impl Render for Json {
    fn report(&mut self, report: &Report<'_>) -> String {
        line(&Wire {
            schema_version: SCHEMA_VERSION,
            catalog: CatalogWire { version: Catalog::VERSION, entries: self.entries },
            input: InputWire { source: report.name(), lines: report.lines, bytes: report.bytes },
            diagnoses: report.diagnoses.iter().map(DiagnosisWire::new).collect(),
        })
    }
}

impl Render for JsonLines {
    fn report(&mut self, report: &Report<'_>) -> String {
        let lines = report.diagnoses.iter().map(|diagnosis| {
            line(&LineWire {
                schema_version: SCHEMA_VERSION,
                source: report.name(),
                diagnosis: DiagnosisWire::new(diagnosis),
            })
        });
        lines.collect()
    }
}
