//! The files below a folder, sorted by name, without what hides or is ignored.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use ignore::{DirEntry, Walk, WalkBuilder};

use super::super::output::shown;

/// Files that are counted as left out: the rest of a `node_modules` tells nobody more.
pub(super) const MAX_LEFT_OUT: usize = 10_000;

/// The files below a folder; an error is one line that says what could not be read.
pub(super) struct Files(Walk);

impl Files {
    /// How many files below a folder are left out because they are hidden or ignored, where so many
    /// were not; no more than [`MAX_LEFT_OUT`] are counted.
    pub(super) fn left_out(folder: &Path, read: usize) -> usize {
        Self::below(folder, true).flatten().take(read + MAX_LEFT_OUT).count().saturating_sub(read)
    }

    /// Walks a folder; with `hidden`, neither hidden files nor what .gitignore and .ignore name are
    /// left out.
    pub(super) fn below(folder: &Path, hidden: bool) -> Self {
        let links = Links::new(folder, hidden);
        let mut walk = WalkBuilder::new(folder);
        walk.standard_filters(!hidden)
            // What one person's git ignores everywhere is no property of the folder.
            .git_global(false)
            .git_exclude(false)
            // A folder of logs need not be a repository for its .gitignore to count.
            .require_git(false)
            .follow_links(true)
            // `diagnose -f . > report.txt` does not read its own report.
            .skip_stdout(true)
            .sort_by_file_name(OsStr::cmp)
            .filter_entry(move |entry| {
                let is_repository = entry.depth() > 0 && entry.file_name() == ".git";
                !is_repository && links.leads_on(entry)
            });
        Self(walk.build())
    }
}

impl Iterator for Files {
    type Item = Result<PathBuf, String>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.0.next()? {
                // Opening a pipe would wait for a writer, and a device might never end.
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    return Some(Ok(entry.into_path()));
                }
                Ok(_) => {}
                Err(error) => return Some(Err(complaint(&error, None))),
            }
        }
    }
}

/// The symbolic links of a walk. One is followed out of the folder, once; what it leads to inside
/// is found there anyway. So links that cross each other cannot multiply.
struct Links {
    root: Option<PathBuf>,
    hidden: bool,
    followed: Mutex<HashSet<PathBuf>>,
}

impl Links {
    fn new(folder: &Path, hidden: bool) -> Self {
        Self { root: fs::canonicalize(folder).ok(), hidden, followed: Mutex::default() }
    }

    fn leads_on(&self, entry: &DirEntry) -> bool {
        if entry.depth() == 0 || !entry.path_is_symlink() {
            return true;
        }
        let Ok(target) = fs::canonicalize(entry.path()) else { return true };
        let inside = self.root.as_ref().and_then(|root| target.strip_prefix(root).ok());
        let hides = |path: &Path| path.iter().any(|part| part.as_encoded_bytes().starts_with(b"."));
        if inside.is_some_and(|path| self.hidden || !hides(path)) {
            return false;
        }
        self.followed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(target)
    }
}

/// One line about what the walk could not read.
fn complaint(error: &ignore::Error, path: Option<&Path>) -> String {
    match error {
        ignore::Error::WithPath { path, err } => complaint(err, Some(path)),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            complaint(err, path)
        }
        ignore::Error::Loop { child, .. } => {
            format!("cannot read {}: it is a link to a folder that holds it", shown(child))
        }
        ignore::Error::Io(error) => {
            // The first cause, without the names of those who passed it on.
            let mut cause: &dyn std::error::Error = error;
            while let Some(deeper) = cause.source() {
                cause = deeper;
            }
            let name = path.map_or_else(|| "a folder".into(), shown);
            match path.filter(|path| path.is_symlink()) {
                Some(_) if error.kind() == io::ErrorKind::NotFound => {
                    format!("cannot read {name}: it is a link to nothing")
                }
                _ => format!("cannot read {name}: {cause}"),
            }
        }
        other => format!("cannot read a folder: {other}"),
    }
}
