//! What is known, looked up without any input: `--list`, `--explain`, `--check-catalog`,
//! `--version`.

use std::path::PathBuf;

use anyhow::{Result, bail};
use diagnose::render::reference;
use diagnose::{Catalog, redact};

use super::args::{Args, Format};
use super::exit::Exit;
use super::output::print;
use super::{catalogs, format, suggest};

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

pub(super) fn explain(args: &Args, catalog: &Catalog, id: &str) -> Result<Exit> {
    let Some(entry) = catalog.get(id) else {
        bail!(
            "no error has the id `{}`{}; --list names them all",
            redact::line(id),
            suggest::id(catalog, id)
        )
    };
    let text = match args.format {
        Format::Human => format::human(args).entry(catalog, entry),
        Format::Json | Format::Jsonl => format!("{}\n", reference::object(catalog, entry)),
        Format::Markdown => reference::page(catalog, entry),
        _ => bail!("--explain has no such format; use human, json, jsonl or markdown"),
    };
    print(&text).map(|()| Exit::Found)
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
