//! `--print`: one value of the primary diagnosis, for a shell's `$(…)`. The names are the paths of
//! the JSON.

use serde_json::Value;

use super::Render;
use crate::report::{Diagnosis, Report};

/// Every path; `N` is a number from 0, `NAME` what a message captures.
pub const PATHS: &[&str] = &[
    "action",
    "answered_by",
    "answered_by_evidence",
    "at",
    "captures",
    "captures.NAME",
    "cause",
    "checks",
    "checks.N",
    "checks.N.command",
    "checks.N.means",
    "checks.N.means.N",
    "checks.N.on",
    "checks.N.on.N",
    "checks.N.text",
    "confidence",
    "evidence",
    "excerpt",
    "fingerprint",
    "id",
    "links",
    "links.N",
    "location",
    "location.column",
    "location.end_column",
    "location.end_line",
    "location.line",
    "occurrences",
    "retry",
    "retry.after_seconds",
    "retry.not_before",
    "retry.policy",
    "retry.text",
    "retryable",
    "section",
    "state",
    "steps",
    "steps.N",
    "steps.N.command",
    "steps.N.on",
    "steps.N.on.N",
    "steps.N.text",
    "steps.N.then",
    "title",
];

/// One field of the primary diagnosis, on a line of its own for each input that has one. A null is
/// an empty line, text stands without quotes, lists and objects are JSON.
#[derive(Debug)]
pub struct Field {
    pointer: String,
}

impl Field {
    /// The field with this path, if diagnoses have it.
    pub fn new(path: &str) -> Option<Self> {
        let steps: Vec<&str> = path.split('.').collect();
        let leads_there = |known: &str| {
            let known: Vec<&str> = known.split('.').collect();
            known.len() == steps.len()
                && known.iter().zip(&steps).all(|(known, step)| fits(known, step))
        };
        PATHS
            .iter()
            .any(|known| leads_there(known))
            .then(|| Self { pointer: format!("/{}", steps.join("/")) })
    }
}

fn fits(known: &str, step: &str) -> bool {
    match known {
        "N" => step.parse::<u32>().is_ok(),
        "NAME" => {
            !step.is_empty()
                && step.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        }
        _ => known == step,
    }
}

/// A diagnosis as it stands in the JSON.
fn value(diagnosis: &Diagnosis<'_>) -> Value {
    serde_json::to_value(diagnosis).expect("plain data with string keys")
}

impl Render for Field {
    fn report(&mut self, report: &Report<'_>) -> String {
        let Some(primary) = report.diagnoses.first() else { return String::new() };
        match value(primary).pointer(&self.pointer) {
            None | Some(Value::Null) => "\n".into(),
            Some(Value::String(text)) => format!("{}\n", text.replace('\n', " ")),
            Some(other) => format!("{other}\n"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Catalog, Diagnoser};

    /// The paths of a value, with `N` for every index.
    fn paths(value: &Value, path: &str, found: &mut Vec<String>) {
        let step =
            |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        if !path.is_empty() {
            found.push(path.to_owned());
        }
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    paths(value, &step(if path == "captures" { "NAME" } else { name }), found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| paths(item, &step("N"), found)),
            _ => {}
        }
    }

    #[test]
    fn the_paths_are_those_of_the_json() {
        let catalog = Catalog::builtin();
        let diagnoser = Diagnoser::new(&catalog);
        let mut found = Vec::new();
        for entry in catalog.entries() {
            let report = diagnoser.argument(&entry.examples[0].value);
            for diagnosis in &report.diagnoses {
                paths(&value(diagnosis), "", &mut found);
            }
        }
        found.sort();
        found.dedup();
        assert_eq!(found, PATHS);
    }

    #[test]
    fn values_are_fit_for_a_shell() {
        let catalog = Catalog::builtin();
        let diagnoser = Diagnoser::new(&catalog);
        let report = diagnoser.argument("API Error: 529 Overloaded");
        let print = |path: &str| Field::new(path).map(|mut field| field.report(&report));
        for (path, value) in [
            ("id", "overloaded\n"),
            ("location.line", "1\n"),
            ("retry.not_before", "\n"),
            ("captures.status", "529\n"),
            ("steps.99", "\n"),
        ] {
            assert_eq!(print(path).as_deref(), Some(value), "{path}");
        }
        assert!(print("steps.0").is_some_and(|step| step.starts_with('{')));
        for path in
            ["", "ids", "retry.", "retry.after", "steps.x", "captures.request_id.x", "captures.A"]
        {
            assert!(print(path).is_none(), "{path}");
        }
        assert_eq!(
            Field::new("id").map(|mut field| field.report(&diagnoser.argument("fine"))).as_deref(),
            Some("")
        );
    }
}
