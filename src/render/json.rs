//! The JSON of reports and diagnoses. The wire types are apart from the domain: their fields are a
//! contract (`schema_version`), and whatever serialises a report, this program or one that uses the
//! library, writes the same object.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::Render;
use super::session::SessionWire;
use crate::advice::{Advice, Test};
use crate::catalog::Catalog;
use crate::report::{Diagnosis, Report};

/// The format `json`: one object per input, each on one line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json;

/// The format `jsonl`: one diagnosis per line, which says whether it is the primary one of its input
/// and its rank, from 1.
#[derive(Clone, Copy, Debug, Default)]
pub struct JsonLines;

#[derive(Serialize)]
struct ReportWire<'a, 'c> {
    schema_version: u32,
    catalog: CatalogWire,
    input: InputWire,
    #[serde(flatten)]
    session: Option<SessionWire>,
    diagnoses: &'a [Diagnosis<'c>],
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
struct LineWire<'a, 'c> {
    schema_version: u32,
    source: &'a str,
    primary: bool,
    rank: usize,
    #[serde(flatten)]
    session: Option<SessionWire>,
    #[serde(flatten)]
    diagnosis: &'a Diagnosis<'c>,
}

#[derive(Serialize)]
struct DiagnosisWire<'a> {
    id: &'a str,
    fingerprint: String,
    section: &'static str,
    title: &'a str,
    confidence: &'static str,
    evidence: &'static str,
    state: &'static str,
    action: &'static str,
    retry: RetryWire<'a>,
    retryable: bool,
    location: LocationWire,
    at: Option<&'a str>,
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
            fingerprint: diagnosis.fingerprint(),
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
            at: diagnosis.stamp.as_deref(),
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

fn step(step: &Advice) -> StepWire<'_> {
    let command = step.command.as_ref().map(|command| command.text.as_str());
    let on = step.on.iter().map(|surface| surface.word()).collect();
    StepWire { text: &step.text, command, on, then: step.then }
}

fn check(check: &Test) -> CheckWire<'_> {
    let StepWire { text, command, on, .. } = step(&check.ask);
    CheckWire { text, command, on, means: &check.means }
}

/// The object of `--format json`, `schema_version` and all.
///
/// ```
/// let catalog = diagnose::Catalog::builtin();
/// let report = diagnose::Diagnoser::new(&catalog).argument("API Error: 529 Overloaded");
/// let line = serde_json::to_string(&report).expect("plain data");
/// assert!(line.starts_with(r#"{"schema_version":1,"catalog":{"version":"#));
/// assert!(line.contains(r#""diagnoses":[{"id":"overloaded","fingerprint":"overloaded","#));
/// ```
impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let catalog = CatalogWire { version: Catalog::VERSION, entries: self.catalog_entries };
        let input = InputWire { source: self.name(), lines: self.lines, bytes: self.bytes };
        let session = self.session.as_ref().map(SessionWire::new);
        let diagnoses = &self.diagnoses;
        ReportWire { schema_version: SCHEMA_VERSION, catalog, input, session, diagnoses }
            .serialize(serializer)
    }
}

/// An element of `diagnoses` in the object of a report.
///
/// ```
/// let catalog = diagnose::Catalog::builtin();
/// let report = diagnose::Diagnoser::new(&catalog).argument("API Error: 529 Overloaded");
/// let diagnosis = serde_json::to_value(&report.diagnoses[0]).expect("plain data");
/// assert_eq!(diagnosis["retry"]["policy"], "backoff");
/// assert_eq!(diagnosis["captures"]["status"], "529");
/// ```
impl Serialize for Diagnosis<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        DiagnosisWire::new(self).serialize(serializer)
    }
}

fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain data with string keys") + "\n"
}

impl Render for Json {
    fn report(&mut self, report: &Report<'_>) -> String {
        line(report)
    }
}

impl Render for JsonLines {
    fn report(&mut self, report: &Report<'_>) -> String {
        let (schema_version, source) = (SCHEMA_VERSION, report.name());
        let session = || report.session.as_ref().map(SessionWire::new);
        let wire = |(n, diagnosis)| {
            let (primary, rank) = (n == 0, n + 1);
            let session = session();
            line(&LineWire { schema_version, source: &source, primary, rank, session, diagnosis })
        };
        report.diagnoses.iter().enumerate().map(wire).collect()
    }
}
