//! The catalog: every known error, its wordings and what to do about it.
//!
//! TOML text → `load` (typed entries, every fault with file and line) → [`rule`] (wordings ready to
//! be found) → [`Catalog`]. For the built-in catalog the build script goes this way, for any other
//! the program does, with the same code.

mod builtin;
mod complaint;
mod entry;
pub mod hole;
mod layer;
pub mod limits;
mod load;
mod load_advice;
mod load_provenance;
mod prose;
pub mod provenance;
pub(crate) mod reason;
pub mod rule;
mod surface;
mod syntax;
mod table;
pub mod template;

use std::borrow::Cow;

pub(crate) use complaint::{Complaint, Word, fold};
pub(crate) use entry::words;
pub use entry::{
    Action, Api, Check, Entry, List, Located, Message, Policy, Reject, Role, Scope, Section,
    Source, Status, Step, Str,
};
pub use layer::{Origin, read};
pub(crate) use prose::placeholder;
pub use surface::{Group, Surface};

use provenance::Provenance;
use rule::Rule;

use crate::error::Problem;
use crate::redact;
use crate::text::prefix::Prefixes;

/// All entries, in the order of their files: those of the program, then layer by layer those of
/// users.
#[derive(Debug, Default)]
pub struct Catalog {
    entries: List<Entry>,
    rules: List<Rule>,
    codes: List<(Status, usize)>,
    provenance: Provenance,
    files: Vec<(Str, Str)>,
    /// How many of the files are the program's own.
    own: usize,
    /// What was replaced or silenced, in that order.
    gone: Vec<layer::Gone>,
}

impl Catalog {
    /// The version of the built-in catalog, which is that of the program.
    pub const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    /// The catalog that is part of the program.
    pub fn builtin() -> Self {
        let files: Vec<(Str, Str)> = builtin::FILES
            .iter()
            .map(|&(file, text)| (Cow::Borrowed(file), Cow::Borrowed(text)))
            .collect();
        Self {
            entries: Cow::Borrowed(&builtin::ENTRIES),
            rules: Cow::Borrowed(&builtin::RULES),
            codes: Cow::Borrowed(&builtin::CODES),
            provenance: builtin::PROVENANCE,
            own: files.len(),
            files,
            gone: Vec::new(),
        }
    }

    /// Every entry; an entry is named elsewhere by its index in this slice.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Every entry, those of users among those of their section.
    pub fn by_section(&self) -> impl Iterator<Item = &Entry> {
        Section::ALL
            .iter()
            .flat_map(|section| self.entries.iter().filter(move |entry| entry.section == *section))
    }

    /// Every wording, ready to be found.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Which entry an HTTP status means.
    pub fn codes(&self) -> &[(Status, usize)] {
        &self.codes
    }

    /// How to tell whose words a line is made of.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// What may stand before the text of a line.
    pub fn prefixes(&self) -> &Prefixes {
        &self.provenance.prefixes
    }

    /// Whether nothing was laid over what is part of the program.
    pub(crate) fn is_builtin(&self) -> bool {
        self.own > 0 && self.files.len() == self.own
    }

    /// The entry with this id.
    pub fn get(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// The file an entry comes from, as it was named, fit to be shown.
    pub fn file(&self, entry: &Entry) -> &str {
        &self.files[entry.file].0
    }

    /// The line, from 1, of an offset in the file of an entry.
    pub fn line(&self, entry: &Entry, at: usize) -> usize {
        table::line(&self.files[entry.file].1, at)
    }

    /// A fault at an offset in the file of an entry.
    pub fn problem(&self, entry: &Entry, at: usize, text: impl Into<String>) -> Problem {
        Problem {
            file: self.file(entry).into(),
            line: self.line(entry, at),
            text: redact::line(&text.into()),
        }
    }

    /// A fault at an offset in the file of a provenance rule.
    pub(crate) fn rule_problem(&self, rule: &provenance::Rule, at: usize, text: &str) -> Problem {
        let (file, of) = &self.files[rule.file];
        Problem { file: file.to_string(), line: table::line(of, at), text: redact::line(text) }
    }

    /// Where a provenance rule comes from: its file, and its line in it.
    pub fn rule_place(&self, rule: &provenance::Rule) -> (&str, usize) {
        let (file, text) = &self.files[rule.file];
        (file, table::line(text, rule.at))
    }
}

/// The statuses that mean an entry.
fn codes(index: usize, entry: &Entry) -> impl Iterator<Item = (Status, usize)> + '_ {
    entry.api.iter().filter_map(move |api| match api {
        Api::Status(status) => Some((*status, index)),
        _ => None,
    })
}
