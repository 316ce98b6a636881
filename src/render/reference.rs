//! The catalog itself as a document: the list of all errors, and the page of one.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::markdown;
use super::markup::{code, link, prose};
use crate::advice::{self, Advice, Captures, Test, fill};
use crate::catalog::{Catalog, Entry, Origin, Section, Surface};
use crate::provenance::Reader;

/// Every entry, by section, as markdown.
pub fn list(catalog: &Catalog) -> String {
    let mut out = format!(
        "# What diagnose {} knows\n\n{} errors in {} sections.\n",
        Catalog::VERSION,
        catalog.entries().len(),
        Section::ALL.len()
    );
    for section in Section::ALL {
        let entries: Vec<&Entry> =
            catalog.entries().iter().filter(|entry| entry.section == *section).collect();
        let _ = writeln!(
            out,
            "\n## {section}\n\n| id | error | action | retry | known from |\n|---|---|---|---|---|"
        );
        for entry in entries {
            let mut from: Vec<String> =
                entry.sources.iter().map(|source| source.word().to_owned()).collect();
            from.extend(file(catalog, entry).map(|file| code(&file)));
            let cells = [
                code(&entry.id),
                prose(&entry.title),
                entry.action.word().into(),
                entry.policy().word().into(),
                from.join(", "),
            ];
            // A bar ends a cell even inside code.
            let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
            let _ = writeln!(out, "| {} |", cells.join(" | "));
        }
    }
    out
}

/// Every entry, by section, a line each; behind those of users the file they come from.
pub fn lines(catalog: &Catalog) -> String {
    let width = catalog.entries().iter().map(|entry| entry.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for entry in catalog.by_section() {
        let from = file(catalog, entry).map_or(String::new(), |file| format!("  ({file})"));
        let _ = writeln!(
            out,
            "{:<8} {:<width$}  {}{from}",
            entry.section.word(),
            entry.id,
            entry.title
        );
    }
    out
}

/// The file of a user that an entry comes from.
fn file(catalog: &Catalog, entry: &Entry) -> Option<String> {
    match catalog.origin(entry) {
        Origin::BuiltIn => None,
        Origin::File { file, .. } => Some(file),
    }
}

/// Where an entry comes from and what it replaced, in words.
pub(super) fn origin(catalog: &Catalog, entry: &Entry) -> String {
    let replaced = match catalog.replaced(entry) {
        None => String::new(),
        Some(Origin::BuiltIn) => ", replaces the one that is built in".into(),
        Some(other) => format!(", replaces the one of {other}"),
    };
    format!("{}{replaced}", catalog.origin(entry))
}

/// Where an entry comes from as JSON.
fn place(origin: &Origin) -> Value {
    let (file, line) = match origin {
        Origin::BuiltIn => (None, None),
        Origin::File { file, line } => (Some(file), Some(line)),
    };
    json!({"built_in": file.is_none(), "file": file, "line": line})
}

/// The page of one entry as markdown.
pub fn entry(entry: &Entry) -> String {
    let (action, retry) = (entry.action, entry.policy());
    let mut out = format!(
        "### {}: {}\n\n`{}` · action {action} · retry {retry}\n\n",
        entry.section,
        prose(&entry.title),
        entry.id
    );
    let _ = writeln!(out, "{}\n", prose(&cause(entry)));
    markdown::steps(&mut out, &steps(entry));
    for check in checks(entry) {
        markdown::check(&mut out, &check);
    }
    if !entry.messages.is_empty() {
        out.push_str("\nPrinted as:\n\n");
        for message in entry.messages.iter() {
            let _ = writeln!(out, "- {}", code(&message.text.value));
        }
    }
    if !entry.links.is_empty() {
        let _ = writeln!(
            out,
            "\nMore: {}",
            entry.links.iter().map(|more| link(&more.value)).collect::<Vec<_>>().join(", ")
        );
    }
    out
}

/// The page of one entry as markdown with the file it comes from, for `--explain`.
pub fn page(catalog: &Catalog, known: &Entry) -> String {
    format!("{}\nFrom: {}\n", entry(known), prose(&origin(catalog, known)))
}

/// The page of one entry as a JSON object, for `--explain`.
pub fn object(catalog: &Catalog, entry: &Entry) -> Value {
    let mut object = line(catalog, entry);
    object["cause"] = json!(cause(entry));
    object["on"] = words(&entry.on);
    object["answered_by"] = json!(entry.answered_by.map(Surface::word));
    object["steps"] = steps(entry).iter().map(step).collect();
    object["checks"] = checks(entry)
        .iter()
        .map(|check| {
            let mut object = step(&check.ask);
            object["means"] = json!(check.means);
            object
        })
        .collect();
    object["messages"] = entry.messages.iter().map(|message| message.text.value.as_ref()).collect();
    object["links"] = entry.links.iter().map(|link| link.value.as_ref()).collect();
    object["sources"] = entry.sources.iter().map(|source| source.word()).collect();
    object["replaces"] = json!(catalog.replaced(entry).map(place));
    object
}

/// An entry as one JSON object without its advice, for `--list`.
pub fn line(catalog: &Catalog, entry: &Entry) -> Value {
    let (section, action, retry) =
        (entry.section.word(), entry.action.word(), entry.policy().word());
    json!({"id": entry.id, "section": section, "title": entry.title, "action": action, "retry": retry, "origin": place(&catalog.origin(entry))})
}

/// Cause and steps in plain lines.
pub(super) fn text(entry: &Entry) -> String {
    let mut out = cause(entry);
    for (n, step) in steps(entry).iter().enumerate() {
        let command =
            step.command.as_ref().map_or(String::new(), |command| format!(": {}", command.text));
        let _ = write!(out, "\n{}. {}{command}", n + 1, step.text);
    }
    out
}

/// The cause, where no input fills it in.
pub(super) fn cause(entry: &Entry) -> String {
    fill(&entry.cause, &Captures::new())
}

/// The steps, where no input chooses or fills them in.
fn steps(entry: &Entry) -> Vec<Advice> {
    advice::steps(&entry.steps, &Captures::new(), &Reader::anybody())
}

/// The checks, where no input chooses or fills them in.
fn checks(entry: &Entry) -> Vec<Test> {
    advice::checks(&entry.checks, &Captures::new(), &Reader::anybody())
}

/// A step as JSON.
fn step(step: &Advice) -> Value {
    let command = step.command.as_ref().map(|command| &command.text);
    json!({"text": step.text, "command": command, "on": words(&step.on), "then": step.then})
}

/// Surfaces as JSON.
fn words(surfaces: &[Surface]) -> Value {
    surfaces.iter().map(|surface| surface.word()).collect()
}
