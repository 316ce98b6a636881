//! The catalog itself as a document: the list of all errors, and the page of one.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::markdown::{code, link, prose};
use crate::catalog::{Catalog, Entry, Origin, Section};
use crate::report::fill;

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
            let mut from: Vec<String> = entry.sources.iter().map(|source| prose(source)).collect();
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
    for (n, (text, command, on)) in steps(entry).into_iter().enumerate() {
        let on = if on.is_empty() { String::new() } else { format!(" ({})", on.join(", ")) };
        let command = command.map_or(String::new(), |command| format!(": {}", code(&command)));
        let _ = writeln!(out, "{}. {}{on}{command}", n + 1, prose(&text));
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

/// The same with where the entry comes from, for `--explain`.
pub fn page(catalog: &Catalog, of: &Entry) -> String {
    format!("{}\nFrom: {}\n", entry(of), prose(&origin(catalog, of)))
}

/// The same as one JSON object, for `--explain`.
pub fn object(catalog: &Catalog, entry: &Entry) -> Value {
    let mut object = line(catalog, entry);
    object["cause"] = json!(cause(entry));
    object["area"] = json!(entry.area);
    object["steps"] = steps(entry)
        .into_iter()
        .map(|(text, command, on)| json!({"text": text, "command": command, "on": on}))
        .collect();
    object["messages"] = entry.messages.iter().map(|message| message.text.value.as_ref()).collect();
    object["links"] = entry.links.iter().map(|link| link.value.as_ref()).collect();
    object["sources"] = json!(entry.sources);
    object["replaces"] = json!(catalog.replaced(entry).map(place));
    object
}

/// What an entry is, as one JSON object, for `--list`.
pub fn line(catalog: &Catalog, entry: &Entry) -> Value {
    let (section, action, retry) =
        (entry.section.word(), entry.action.word(), entry.policy().word());
    json!({"id": entry.id, "section": section, "title": entry.title, "action": action, "retry": retry, "origin": place(&catalog.origin(entry))})
}

/// Cause and steps in plain lines.
pub(super) fn text(entry: &Entry) -> String {
    let mut out = cause(entry);
    for (n, (text, command, _)) in steps(entry).into_iter().enumerate() {
        let command = command.map_or(String::new(), |command| format!(": {command}"));
        let _ = write!(out, "\n{}. {text}{command}", n + 1);
    }
    out
}

/// The cause, where no input fills it in.
pub(super) fn cause(entry: &Entry) -> String {
    fill(&entry.cause, &BTreeMap::new())
}

/// The steps, likewise: text, what to type, and the surfaces they are for.
fn steps(entry: &Entry) -> Vec<(String, Option<String>, Vec<&'static str>)> {
    let unknown = BTreeMap::new();
    let step = |step: &crate::catalog::Step| {
        let command = step.run.as_deref().map(|run| fill(run, &unknown));
        (fill(&step.text, &unknown), command, step.on.iter().map(|on| on.word()).collect())
    };
    entry.steps.iter().map(step).collect()
}
