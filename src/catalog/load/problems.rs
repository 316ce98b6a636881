//! Collects the faults of one catalog file, each with its line.

use std::collections::BTreeSet;

use crate::catalog::limits;
use crate::error::Problem;

/// Makes text fit to be shown. A parameter, because the build script has no sanitizer and needs none.
pub(crate) type Sanitize = fn(&str) -> String;

/// The faults of one file.
pub(super) struct Problems<'t> {
    file: &'t str,
    /// The text of the file.
    pub(super) text: &'t str,
    /// What every fault passes before it is listed.
    pub(super) sanitize: Sanitize,
    /// Lines that are no sound TOML: whatever else is found on them only follows from that, and is
    /// not listed.
    pub(super) malformed: BTreeSet<usize>,
    list: Vec<Problem>,
}

impl<'t> Problems<'t> {
    pub(super) fn new(file: &'t str, text: &'t str, sanitize: Sanitize) -> Self {
        Self { file, text, sanitize, malformed: BTreeSet::new(), list: Vec::new() }
    }

    /// Adds a fault at a byte offset, unless there are enough.
    pub(super) fn add(&mut self, offset: usize, text: impl AsRef<str>) {
        if self.is_full() {
            return;
        }
        let line = self.line(offset);
        if !self.malformed.contains(&line) {
            let text = (self.sanitize)(&truncate(text.as_ref(), 400));
            self.list.push(Problem { file: self.file.into(), line, text });
        }
    }

    /// The number of faults so far.
    pub(super) fn count(&self) -> usize {
        self.list.len()
    }

    /// Whether there are as many faults as are listed of one file.
    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= limits::FAULTS
    }

    /// The line of a byte offset, from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        line(self.text, offset)
    }

    /// All faults; one more says that there may be others.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        if self.is_full() {
            let line = self.line(self.text.trim_end().len());
            let text = format!("more than {} faults: the rest is not listed", limits::FAULTS);
            self.list.push(Problem { file: self.file.into(), line, text });
        }
        self.list
    }
}

/// The line of a byte offset in a text, from 1.
pub(in crate::catalog) fn line(text: &str, offset: usize) -> usize {
    1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..offset.min(text.len())]).count()
}

/// At most the first `count` characters of a text, and `…` for the rest.
pub(in crate::catalog) fn truncate(text: &str, count: usize) -> String {
    match text.char_indices().nth(count) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
