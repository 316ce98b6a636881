//! The catalog: every known error, its wordings and what to do about it.
//!
//! TOML text → `load` (typed entries, every fault with file and line) → [`rule`] (wordings ready to be found) → [`Catalog`]. For
//! the built-in catalog the build script goes this way, for any other the program does, with the same code.

mod builtin;
mod entry;
mod load;
pub mod rule;
mod table;
pub mod template;

use std::borrow::Cow;
use std::sync::OnceLock;

pub(crate) use entry::words;
pub use entry::{Action, Api, Entry, List, Located, Message, Needs, Policy, Section, Status, Step, Str, Surface};

use rule::Rule;

use crate::error::{Error, ErrorKind, Problem};
use crate::prefilter::{self, Name, Prefilter};

/// All entries, in the order of their files.
#[derive(Debug, Default)]
pub struct Catalog {
    entries: List<Entry>,
    rules: List<Rule>,
    codes: List<(Status, usize)>,
    files: Vec<(Str, Str)>,
    prefilter: OnceLock<Prefilter>,
}

impl Catalog {
    /// The version of the built-in catalog, which is that of the program.
    pub const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    /// The catalog that is part of the program.
    pub fn builtin() -> Self {
        let files = builtin::FILES.iter().map(|&(file, text)| (Cow::Borrowed(file), Cow::Borrowed(text))).collect();
        Self {
            entries: Cow::Borrowed(&builtin::ENTRIES),
            rules: Cow::Borrowed(&builtin::RULES),
            codes: Cow::Borrowed(&builtin::CODES),
            files,
            prefilter: builtin::PREFILTER.clone().into(),
        }
    }

    /// Adds the entries of one file.
    ///
    /// # Errors
    /// [`ErrorKind::Catalog`] with every fault of the file; the catalog is unchanged then.
    pub fn add(&mut self, file: Str, text: Str) -> Result<(), Error> {
        let (entries, mut problems) = load::file(&file, &text, self.files.len());
        self.files.push((file, text));
        // Uniqueness is judged on the list, before anything is keyed by id: a clash must not replace in silence.
        for (n, entry) in entries.iter().enumerate() {
            if let Some(first) = self.entries.iter().chain(&entries[..n]).find(|other| other.id == entry.id) {
                let text = format!("id `{}` is already taken by {}:{}", entry.id, self.file(first), self.line(first, first.at));
                problems.push(self.problem(entry, entry.at, text));
            }
        }
        if !problems.is_empty() {
            self.files.pop();
            problems.sort();
            return Err(ErrorKind::Catalog(problems).into());
        }
        self.prefilter = OnceLock::new();
        for entry in entries {
            let index = self.entries.len();
            self.rules.to_mut().extend(Rule::of(index, &entry));
            self.codes.to_mut().extend(codes(index, &entry));
            self.entries.to_mut().push(entry);
        }
        Ok(())
    }

    /// Every entry; an entry is named elsewhere by its index in this slice.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Every wording, ready to be found.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Which entry an HTTP status means.
    pub fn codes(&self) -> &[(Status, usize)] {
        &self.codes
    }

    /// What the wordings are found by in a log. That of the built-in catalog is made when the program is built.
    pub fn prefilter(&self) -> &Prefilter {
        self.prefilter.get_or_init(|| prefilter::select(&self.rules, &self.codes, &Self::names()))
    }

    /// Names beside which a wording may count that other programs print too.
    fn names() -> Vec<(Name, &'static str)> {
        Name::LISTS.iter().flat_map(|(list, name)| Self::context(list).iter().map(|word| (*name, *word))).collect()
    }

    /// The entry with this id.
    pub fn get(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// The file an entry comes from, as it was named.
    pub fn file(&self, entry: &Entry) -> &str {
        &self.files[entry.file].0
    }

    /// The line, from 1, of an offset in the file of an entry.
    pub fn line(&self, entry: &Entry, at: usize) -> usize {
        table::line(&self.files[entry.file].1, at)
    }

    /// A fault at an offset in the file of an entry.
    pub fn problem(&self, entry: &Entry, at: usize, text: impl Into<String>) -> Problem {
        Problem { file: self.file(entry).into(), line: self.line(entry, at), text: text.into() }
    }

    /// The words of a list of `catalog/context.toml`.
    pub(crate) fn context(list: &str) -> &'static [&'static str] {
        builtin::CONTEXT.iter().find(|(name, _)| *name == list).map_or(&[], |(_, words)| words)
    }
}

/// The statuses that mean an entry.
fn codes(index: usize, entry: &Entry) -> impl Iterator<Item = (Status, usize)> + '_ {
    entry.api.iter().filter_map(move |api| match api {
        Api::Status(status) => Some((*status, index)),
        _ => None,
    })
}
