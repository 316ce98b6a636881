//! From the text of a catalog file to typed entries and rules. Nothing is believed: whatever is
//! wrong is reported with its line, and the loader goes on to the next field, so that one look at a
//! broken file shows every fault.

mod advice;
mod entry;
mod nested;
mod problems;
mod provenance;
mod syntax;
mod table;

use std::collections::BTreeSet;
use std::path::Path;

pub(crate) use problems::Sanitize;
pub(super) use problems::{line, truncate};

use problems::Problems;
use table::Fields;

use super::entry::{Entry, Located, Str};
use super::limits;
use super::provenance_rules::{Provenance, ProvenanceRule, WordList};
use super::vocabulary::Section;
use crate::error::Problem;
use crate::text::form::Forms;

/// What a file adds to a catalog.
#[derive(Debug, Default)]
pub(crate) struct Layer {
    /// The sound entries.
    pub(crate) entries: Vec<Entry>,
    /// The sound provenance rules.
    pub(crate) rules: Vec<ProvenanceRule>,
    /// Its lists of forms, by name.
    pub(crate) lists: Vec<(Str, Forms)>,
    /// Its words, by list.
    pub(crate) words: Vec<(WordList, Vec<Str>)>,
    /// The ids of all entries and provenance rules, sound or not.
    pub(crate) declarations: Vec<Declaration>,
    /// The ids that it silences.
    pub(crate) disable: Vec<Located>,
    /// Its faults.
    pub(crate) problems: Vec<Problem>,
}

/// The id of an entry or a provenance rule, as its block declares it.
#[derive(Debug)]
pub(crate) struct Declaration {
    /// The id.
    pub(crate) id: Str,
    /// The byte offset of the id.
    pub(crate) at: usize,
    /// Whether it takes the place of what has had the id so far.
    pub(crate) replace: bool,
}

/// Reads a file. `index` is its number in the catalog, `below` what the layers below know of
/// provenance. The section of an entry is its key `section`, or else the name of the file.
pub(crate) fn file(
    name: &str,
    text: &str,
    index: usize,
    below: &Provenance,
    sanitize: Sanitize,
) -> Layer {
    let mut problems = Problems::new(name, text, sanitize);
    let mut layer = Layer::default();
    if text.len() > limits::FILE {
        problems.add(0, format!("is larger than {} KiB", limits::FILE >> 10));
        return Layer { problems: problems.finish(), ..layer };
    }
    let table = syntax::parse(&mut problems);
    let section =
        Path::new(name).file_stem().and_then(|stem| stem.to_str()).and_then(Section::from_word);
    let mut top = Fields::new(&mut problems, table, "catalog", 0);
    let lists = entry::lists(&mut top);
    top.blocks("error", |fields| {
        let entry = entry::read(fields, section, index, &lists, &mut layer.declarations);
        layer.entries.extend(entry);
    });
    provenance::read(&mut top, index, below, &mut layer);
    layer.disable = top.texts("disable");
    let mut seen = BTreeSet::new();
    layer.disable.retain(|id| seen.insert(id.value.clone()));
    // A block header that is not closed turns the keys of its block into keys of the file.
    if let Some(first) = top.problems.malformed.first().copied() {
        top.drop_from(first);
    }
    top.finish();
    layer.problems = problems.finish();
    layer
}
