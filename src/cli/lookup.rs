//! What is known, looked up without any input: `--list`, `--explain`, `--check-catalog`,
//! `--version`.

use std::path::PathBuf;

use anyhow::{Result, bail};
use diagnose::catalog::Entry;
use diagnose::render::reference;
use diagnose::{Catalog, redact};

use super::args::{Args, Format};
use super::exit::Exit;
use super::output::print;
use super::{catalogs, format, status, suggest};

pub(super) fn list(catalog: &Catalog, format: Format) -> Result<Exit> {
    let text = match format {
        Format::Human => reference::lines(catalog),
        Format::Json | Format::Jsonl => catalog
            .by_section()
            .map(|entry| reference::line(catalog, entry).to_string() + "\n")
            .collect(),
        Format::Markdown => reference::list(catalog),
        _ => bail!("--list has no such format; use human, json, jsonl or markdown"),
    };
    print(&text).map(|()| Exit::Found)
}

/// Explains an error by its id, or what a status means, with the other errors that come with it.
pub(super) fn explain(args: &Args, catalog: &Catalog, id: &str) -> Result<Exit> {
    let code = catalog.get(id).is_none().then(|| status::named(&[id.to_owned()])).flatten();
    let Some(entry) = catalog.get(id).or_else(|| status::entry(catalog, code?)) else {
        bail!(
            "no error has the id `{}`{}; --list names them all",
            redact::line(id),
            suggest::id(catalog, id)
        )
    };
    let others = code.map(|code| (code, status::others(catalog, code, entry)));
    let text = match args.format {
        Format::Human => {
            let others = others.map_or(String::new(), |(code, others)| named(code, &others));
            format::human(args).entry(catalog, entry) + &others
        }
        Format::Json | Format::Jsonl => {
            let mut object = reference::object(catalog, entry);
            if let Some((code, others)) = others {
                object["status"] = code.into();
                object["others"] = others.iter().map(|other| &*other.id).collect();
            }
            format!("{object}\n")
        }
        Format::Markdown => {
            let others = others.map_or(String::new(), |(code, others)| listed(code, &others));
            reference::page(catalog, entry) + &others
        }
        _ => bail!("--explain has no such format; use human, json, jsonl or markdown"),
    };
    print(&text).map(|()| Exit::Found)
}

/// The errors that come with a status, a line each.
fn named(code: u16, others: &[&Entry]) -> String {
    if others.is_empty() {
        return String::new();
    }
    let width = others.iter().map(|other| other.id.len()).max().unwrap_or(0);
    let line = |other: &&Entry| format!("        {:<width$}  {}\n", other.id, other.title);
    let lines: String = others.iter().map(line).collect();
    format!("\nalso    With other words, status {code} means:\n{lines}")
}

/// The same as a list of markdown.
fn listed(code: u16, others: &[&Entry]) -> String {
    if others.is_empty() {
        return String::new();
    }
    let line = |other: &&Entry| format!("- `{}`: {}\n", other.id, redact::line(&other.title));
    let lines: String = others.iter().map(line).collect();
    format!("\nWith other words, status {code} means:\n\n{lines}")
}

/// Checks `files`, which lie upon the catalogs `below`; without any, the catalog as it is used.
pub(super) fn check_catalog(files: &[PathBuf], below: &[PathBuf]) -> Result<Exit> {
    let (errors, rules) = catalogs::check(files, below)?;
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let rules = if rules > 0 { format!(", {}", count(rules, "rule")) } else { String::new() };
    print(&format!("{}{rules}, no fault\n", count(errors, "error"))).map(|()| Exit::Found)
}

pub(super) fn version() -> Result<Exit> {
    print(&format!(
        "diagnose {} (catalog {}, {} errors)\n",
        env!("CARGO_PKG_VERSION"),
        Catalog::VERSION,
        Catalog::builtin().entries().len()
    ))
    .map(|()| Exit::Found)
}
