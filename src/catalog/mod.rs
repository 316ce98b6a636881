//! The catalog: every known error, the rules that recognise it, and what to do about it.
//!
//! TOML text → `load` (typed entries, every fault with file and line) → `rule` (rules ready to be
//! found) → [`Catalog`]. For the built-in catalog the build script goes this way, for any other the
//! program does, with the same code.

mod builtin;
pub(crate) mod check;
mod complaint;
mod entry;
mod layer;
pub mod limits;
mod load;
pub(crate) mod placeholder;
mod prose;
pub(crate) mod provenance_rules;
pub(crate) mod reason;
pub(crate) mod rule;
mod surface;
pub(crate) mod template;
mod vocabulary;

use std::borrow::Cow;

pub(crate) use complaint::{Complaint, Word, fold};
pub use entry::{Api, Check, Entry, List, Located, Message, Reject, Status, Step, Str};
pub use layer::Origin;
pub(crate) use prose::substitution;
pub use surface::{Group, Surface};
pub use vocabulary::{Action, Policy, Role, Scope, Section, Source};
pub(crate) use vocabulary::{ClosedList, words};

use load::line;
use provenance_rules::{Provenance, ProvenanceRule};
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
    /// Names and texts of the files.
    files: Vec<(Str, Str)>,
    /// How many of the files, from the first, are built in.
    builtin_files: usize,
    /// What was replaced or disabled, in that order.
    removed: Vec<layer::Removed>,
}

impl Catalog {
    /// The version of the built-in catalog, which is that of the program: `0.1.0`.
    pub const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    /// The catalog that is part of the program.
    pub fn builtin() -> Self {
        let files: Vec<(Str, Str)> = builtin::FILES
            .iter()
            .map(|&(file, text)| (Cow::Borrowed(file), Cow::Borrowed(text)))
            .collect();
        Self {
            entries: Cow::Borrowed(builtin::ENTRIES),
            rules: Cow::Borrowed(builtin::RULES),
            codes: Cow::Borrowed(builtin::CODES),
            provenance: builtin::PROVENANCE,
            builtin_files: files.len(),
            files,
            removed: Vec::new(),
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

    /// Every rule, ready to be found; a finding names one by its index in this slice.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The HTTP statuses with the index of the entry that each means.
    pub fn codes(&self) -> &[(Status, usize)] {
        &self.codes
    }

    /// What tells whose words a line is made of.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// What may stand before the text of a line.
    pub fn prefixes(&self) -> &Prefixes {
        &self.provenance.prefixes
    }

    /// Whether nothing was laid over the built-in catalog.
    pub(crate) fn is_builtin(&self) -> bool {
        self.builtin_files > 0 && self.files.len() == self.builtin_files
    }

    /// The entry with this id.
    pub fn get(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// The file an entry comes from, as it was named, fit to be shown.
    pub fn file(&self, entry: &Entry) -> &str {
        &self.files[entry.file].0
    }

    /// The line, from 1, of a byte offset in the file of an entry.
    pub fn line(&self, entry: &Entry, at: usize) -> usize {
        line(&self.files[entry.file].1, at)
    }

    /// A fault at a byte offset in the file of an entry.
    pub fn problem(&self, entry: &Entry, at: usize, text: impl Into<String>) -> Problem {
        Problem {
            file: self.file(entry).into(),
            line: self.line(entry, at),
            text: redact::line(&text.into()),
        }
    }

    /// A fault at a byte offset in the file of a provenance rule.
    pub(crate) fn rule_problem(&self, rule: &ProvenanceRule, at: usize, fault: &str) -> Problem {
        let (file, text) = &self.files[rule.file];
        Problem { file: file.to_string(), line: line(text, at), text: redact::line(fault) }
    }

    /// The file that a provenance rule comes from, and its line, from 1.
    pub fn rule_place(&self, rule: &ProvenanceRule) -> (&str, usize) {
        let (file, text) = &self.files[rule.file];
        (file, line(text, rule.at))
    }
}
