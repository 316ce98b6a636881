//! Where Claude Code keeps its transcripts: `projects/` in its configuration, in it a folder per
//! project named after the project's path, in that a `.jsonl` per session. A subagent writes a file
//! of its own, `agent-*.jsonl`: beside the session's, or below `<session>/subagents/`.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

/// The longest name of a project's folder, in UTF-16 units; of a longer one this much is kept, and a
/// hash follows.
const MAX_NAME: usize = 200;
/// Folders below a project's that are looked into for subagents, one in the other.
const MAX_DEPTH: usize = 4;

/// A transcript that has not been read yet.
#[derive(Debug)]
pub(super) struct TranscriptFile {
    pub(super) path: PathBuf,
    /// The folder of its project.
    pub(super) project: PathBuf,
    /// When it was last changed: no record in it is newer.
    pub(super) modified: Option<Timestamp>,
}

/// The folder of all projects: in `$CLAUDE_CONFIG_DIR`, which is one folder, or in `~/.claude`.
pub(super) fn projects() -> Option<PathBuf> {
    let set = env::var_os("CLAUDE_CONFIG_DIR").filter(|dir| !dir.is_empty()).map(PathBuf::from);
    let home = || {
        let home = env::var_os(if cfg!(windows) { "USERPROFILE" } else { "HOME" })?;
        (!home.is_empty()).then(|| PathBuf::from(home).join(".claude"))
    };
    Some(set.or_else(home)?.join("projects"))
}

/// The folder of the project that a folder belongs to: its own, or that of the nearest folder above.
pub(super) fn project_of(projects: &Path, folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find_map(|folder| {
        let name = folder_name(&folder.to_string_lossy());
        if name.len() <= MAX_NAME {
            return Some(projects.join(name)).filter(|project| project.is_dir());
        }
        let start = format!("{}-", &name[..MAX_NAME]);
        let entries = fs::read_dir(projects).ok()?.flatten();
        let long = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(&start);
        { entries }.find(long).map(|entry| entry.path())
    })
}

/// The name that the client gives to a project's folder: its path, with `-` for every UTF-16 unit
/// that is neither an ASCII letter nor a digit.
fn folder_name(path: &str) -> String {
    path.chars()
        .flat_map(|c| {
            let shown = if c.is_ascii_alphanumeric() { c } else { '-' };
            std::iter::repeat_n(shown, c.len_utf16())
        })
        .collect()
}

/// The folders of all projects.
pub(super) fn all_projects(projects: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(projects)?.flatten().map(|entry| entry.path());
    Ok(entries.filter(|path| path.is_dir()).collect())
}

/// Adds the transcripts of a project, those of its subagents included. What cannot be looked into is
/// told.
pub(super) fn transcripts(
    project: &Path,
    files: &mut Vec<TranscriptFile>,
    mut told: impl FnMut(&Path, &io::Error),
) {
    let mut folders = vec![(project.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                told(&folder, &error);
                continue;
            }
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let name = entry.file_name();
            let name = name.to_string_lossy();
            // A link to a folder is not followed: it may lead in circles.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) && depth < MAX_DEPTH {
                folders.push((path, depth + 1));
            } else if name.ends_with(".jsonl") && (depth == 0 || name.starts_with("agent-")) {
                match fs::metadata(&path) {
                    // A pipe that is called like a transcript would never end.
                    Ok(metadata) if metadata.is_file() => {
                        let modified = metadata.modified().ok();
                        let modified = modified.and_then(|time| Timestamp::try_from(time).ok());
                        files.push(TranscriptFile { path, project: project.to_owned(), modified });
                    }
                    Ok(_) => {}
                    Err(error) => told(&path, &error),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_named_after_the_path_of_its_project() {
        for (path, name) in [
            ("/home/me/my app_1", "-home-me-my-app-1"),
            (r"C:\Users\me\app.x", "C--Users-me-app-x"),
            (r"\\server\share\a", "--server-share-a"),
            ("/home/é/😀", "-home-----"),
        ] {
            assert_eq!(folder_name(path), name);
        }
    }
}
