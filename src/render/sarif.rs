//! SARIF 2.1.0, for code scanning and its viewers: one document with one run for all inputs, and of
//! the catalog the entries that occur.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Render, document, level, markup, plain, reference};
use crate::catalog::Entry;
use crate::report::{Diagnosis, Report};

/// The format `sarif`.
#[derive(Debug, Default)]
pub struct Sarif {
    rules: Vec<Value>,
    results: Vec<Value>,
}

impl Render for Sarif {
    fn report(&mut self, report: &Report<'_>) -> String {
        let uri = uri(&report.name());
        for diagnosis in &report.diagnoses {
            let index = self.rule(diagnosis.entry);
            self.results.push(result(diagnosis, index, &uri));
        }
        String::new()
    }

    fn end(&mut self) -> String {
        let (rules, results) = (std::mem::take(&mut self.rules), std::mem::take(&mut self.results));
        let version = env!("CARGO_PKG_VERSION");
        document(&json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": {"name": "diagnose", "version": version, "semanticVersion": version, "rules": rules}},
                // Columns count characters.
                "columnKind": "unicodeCodePoints",
                "results": results,
            }],
        }))
    }
}

impl Sarif {
    /// The index of an entry's rule, which is added if it is not there yet.
    fn rule(&mut self, entry: &Entry) -> usize {
        self.rules.iter().position(|rule| rule["id"] == *entry.id).unwrap_or_else(|| {
            self.rules.push(rule(entry));
            self.rules.len() - 1
        })
    }
}

fn rule(entry: &Entry) -> Value {
    let cause = reference::cause(entry);
    let mut rule = json!({
        "id": entry.id,
        "name": name(&entry.id),
        "shortDescription": {"text": message(&entry.title)},
        "fullDescription": {"text": message(&cause)},
        "help": {"text": message(&reference::text(entry)), "markdown": reference::entry(entry)},
        "properties": {"section": entry.section.word(), "action": entry.action.word(), "retry": entry.policy().word(), "tags": [entry.section.word()]},
    });
    if let Some(link) = entry.links.first() {
        rule["helpUri"] = json!(link.value);
    }
    rule
}

fn result(diagnosis: &Diagnosis<'_>, index: usize, uri: &str) -> Value {
    let (place, retry) = (diagnosis.location, &diagnosis.retry);
    json!({
        "ruleId": diagnosis.entry.id,
        "ruleIndex": index,
        "level": level(diagnosis.state),
        "message": {
            "text": message(&format!("{}\n{}", diagnosis.entry.title, plain::advice(diagnosis))),
            "markdown": message(&format!("**{}**\n\n{}", markup::prose(&diagnosis.entry.title), markup::prose(&diagnosis.cause))),
        },
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": uri},
            "region": {
                "startLine": place.line,
                "startColumn": place.column,
                "endLine": place.end_line,
                "endColumn": place.end_column,
                "snippet": {"text": diagnosis.excerpt},
            },
        }}],
        // An entry is diagnosed once per input, wherever it stands: line, time and request id
        // change from run to run, these do not.
        "partialFingerprints": {
            "entryAndInput/v1": format!("{}:{uri}", diagnosis.entry.id),
            // The same in every input: for grouping.
            "error/v1": diagnosis.fingerprint(),
        },
        "occurrenceCount": diagnosis.occurrences,
        "properties": {
            "section": diagnosis.section().word(),
            "action": diagnosis.action().word(),
            "confidence": diagnosis.confidence.word(),
            "evidence": diagnosis.evidence.word(),
            "state": diagnosis.state.word(),
            "retry": {
                "policy": retry.policy.word(),
                "after_seconds": retry.after_seconds,
                "not_before": retry.not_before,
                "text": retry.text,
            },
        },
    })
}

/// A message string: brackets would be links and braces placeholders.
fn message(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '[' | ']' | '\\' => out.extend(['\\', c]),
            '{' | '}' => out.extend([c, c]),
            _ => out.push(c),
        }
    }
    out
}

/// `rate-limited` as `RateLimited`: rules are named in Pascal case.
fn name(id: &str) -> String {
    id.split('-')
        .flat_map(|word| {
            word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1))
        })
        .collect()
}

/// The reference to an input: a relative path stays relative, everything that is not plain is
/// percent-encoded.
fn uri(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    // A reference without a path would be one to the document itself.
    if uri.is_empty() { "input".to_owned() } else { uri }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("logs/build 1.log"), "logs/build%201.log");
        assert_eq!(uri("/var/é:%.log"), "file:///var/%C3%A9%3A%25.log");
        assert_eq!(uri("a:b"), "a%3Ab");
    }

    #[test]
    fn messages_and_names() {
        assert_eq!(message("see [1](x) {0}"), "see \\[1\\](x) {{0}}");
        assert_eq!(name("rate-limited"), "RateLimited");
    }
}
