//! The summary for programs: one object, whose fields are a contract like those of `--format json`
//! (`tests/schemas/summary.json` describes them).

use serde::Serialize;

use super::tally::{Counted, Input, Tally};
use crate::catalog::Catalog;
use crate::render::json::SCHEMA_VERSION;

#[derive(Serialize)]
struct SummaryWire<'a> {
    schema_version: u32,
    catalog: CatalogWire,
    inputs: InputsWire,
    sections: Vec<SectionWire>,
    errors: Vec<ErrorWire<'a>>,
    repeat: RepeatWire<'a>,
}

#[derive(Serialize)]
struct CatalogWire {
    version: &'static str,
}

#[derive(Serialize)]
struct InputsWire {
    total: u64,
    failed: u64,
    warned: u64,
    clean: u64,
    unreadable: u64,
}

#[derive(Serialize)]
struct SectionWire {
    section: &'static str,
    failures: u64,
    events: u64,
}

#[derive(Serialize)]
struct ErrorWire<'a> {
    fingerprint: &'a str,
    id: &'a str,
    section: &'static str,
    title: &'a str,
    policy: &'static str,
    inputs: u64,
    failures: u64,
    events: u64,
    first: Option<&'a str>,
    last: Option<&'a str>,
    example: ExampleWire<'a>,
}

#[derive(Serialize)]
struct ExampleWire<'a> {
    source: &'a str,
    line: u64,
}

#[derive(Serialize)]
struct RepeatWire<'a> {
    now: NamesWire<'a>,
    wait: WaitWire<'a>,
    never: NamesWire<'a>,
}

#[derive(Serialize)]
struct NamesWire<'a> {
    count: u64,
    sources: Vec<&'a str>,
}

#[derive(Serialize)]
struct WaitWire<'a> {
    count: u64,
    longest_seconds: Option<u64>,
    unknown: u64,
    sources: Vec<WaitingWire<'a>>,
}

#[derive(Serialize)]
struct WaitingWire<'a> {
    source: &'a str,
    after_seconds: Option<u64>,
    not_before: Option<&'a str>,
}

/// The object, on one line.
pub(super) fn of(tally: &Tally) -> String {
    let section = |(section, failures, events): &(crate::catalog::Section, u64, u64)| SectionWire {
        section: section.word(),
        failures: *failures,
        events: *events,
    };
    let wait = &tally.wait;
    let wire = SummaryWire {
        schema_version: SCHEMA_VERSION,
        catalog: CatalogWire { version: Catalog::VERSION },
        inputs: InputsWire {
            total: tally.inputs(),
            failed: tally.failed,
            warned: tally.warned,
            clean: tally.clean,
            unreadable: tally.unreadable,
        },
        sections: tally.sections.iter().map(section).collect(),
        errors: tally.errors().into_iter().map(|(print, counted)| error(print, counted)).collect(),
        repeat: RepeatWire {
            now: NamesWire { count: tally.now.count, sources: names(&tally.now.first) },
            wait: WaitWire {
                count: wait.count,
                longest_seconds: (wait.count > tally.unknown_wait).then_some(tally.longest_wait),
                unknown: tally.unknown_wait,
                sources: wait.first.iter().map(waiting).collect(),
            },
            never: NamesWire { count: tally.never.count, sources: names(&tally.never.first) },
        },
    };
    serde_json::to_string(&wire).expect("plain data with string keys")
}

fn error<'a>(fingerprint: &'a str, counted: &'a Counted) -> ErrorWire<'a> {
    let (source, line) = &counted.example;
    ErrorWire {
        fingerprint,
        id: &counted.id,
        section: counted.section.word(),
        title: &counted.title,
        policy: counted.policy.word(),
        inputs: counted.inputs,
        failures: counted.failures,
        events: counted.events,
        first: counted.first(),
        last: counted.last(),
        example: ExampleWire { source, line: *line },
    }
}

fn names(inputs: &[Input]) -> Vec<&str> {
    inputs.iter().map(|input| input.name.as_str()).collect()
}

fn waiting(input: &Input) -> WaitingWire<'_> {
    WaitingWire {
        source: &input.name,
        after_seconds: input.after_seconds,
        not_before: input.not_before.as_deref(),
    }
}
