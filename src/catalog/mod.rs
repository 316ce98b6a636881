//! The catalog: every known error, its wordings and what to do about it.
//!
//! TOML text → [`load`] (typed entries, every fault with file and line) → [`Catalog`]. What an entry's wordings look like to
//! the matcher is the business of `matching`.

mod builtin;
mod entry;
mod load;
mod table;

pub(crate) use entry::words;
pub use entry::{Action, Api, Entry, Located, Message, Needs, Policy, Section, Status, Step, Str, Surface};

use crate::error::{Error, ErrorKind, Problem};

/// All entries, in the order of their files.
#[derive(Debug, Default)]
pub struct Catalog {
    entries: Vec<Entry>,
    files: Vec<(Str, Str)>,
}

impl Catalog {
    /// The version of the built-in catalog, which is that of the program.
    pub const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    /// The catalog that is part of the program.
    ///
    /// # Panics
    /// Never in a released version: the test suite loads it.
    pub fn builtin() -> Self {
        let mut catalog = Self::default();
        for (file, text) in builtin::FILES {
            catalog.add(file.into(), text.into()).expect("the test suite loads the built-in catalog");
        }
        catalog
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
        if problems.is_empty() {
            self.entries.extend(entries);
            Ok(())
        } else {
            self.files.pop();
            problems.sort();
            Err(ErrorKind::Catalog(problems).into())
        }
    }

    /// Every entry; an entry is named elsewhere by its index in this slice.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
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
}
