//! Which catalog is used: the program's own, then the files of the user's folder, then those that
//! the command line names.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, ErrorKind as Io, Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use diagnose::catalog::limits;
use diagnose::{Catalog, ErrorKind, Problem, lint};

use super::output::{complain, shown};

/// The catalog with all its layers.
pub(super) fn load(files: &[PathBuf]) -> Result<Catalog> {
    let mut layers = folder()?;
    layers.extend(files.iter().cloned());
    layered(&layers)
}

/// Checks files as the topmost layers, or without any the catalog as it is used; returns how many
/// entries and how many provenance rules were checked.
pub(super) fn check(files: &[PathBuf], below: &[PathBuf]) -> Result<(usize, usize)> {
    let mut layers = folder()?;
    layers.extend(below.iter().cloned());
    // A file that is a layer already is checked where it is.
    let real = |path: &PathBuf| fs::canonicalize(path).unwrap_or_else(|_| path.clone());
    let known: Vec<PathBuf> = layers.iter().map(real).collect();
    layers.extend(files.iter().filter(|file| !known.contains(&real(file))).cloned());
    let catalog = layered(&layers)?;
    let wanted: Vec<String> = layers
        .iter()
        .filter(|layer| files.iter().any(|file| real(file) == real(layer)))
        .map(|path| shown(path))
        .collect();
    let wanted = |file: &str| files.is_empty() || wanted.iter().any(|wanted| wanted == file);
    let problems: Vec<Problem> =
        lint::check(&catalog).into_iter().filter(|problem| wanted(&problem.file)).collect();
    if !problems.is_empty() {
        bail!("{} to fix; docs/catalogs.md shows a sound one", print_faults(&problems));
    }
    let rules = &catalog.provenance().rules;
    let entries = catalog.entries().iter().filter(|entry| wanted(catalog.file(entry))).count();
    let rules = rules.iter().filter(|rule| wanted(catalog.rule_place(rule).0)).count();
    Ok((entries, rules))
}

/// The built-in catalog with these files on top; the faults of all of them are told at once.
fn layered(files: &[PathBuf]) -> Result<Catalog> {
    let mut catalog = Catalog::builtin();
    let mut problems: Vec<Problem> = Vec::new();
    for path in files {
        let text = match read(path)? {
            Ok(text) => text,
            Err(fault) => {
                problems.push(fault);
                continue;
            }
        };
        let added = catalog.add(&path.display().to_string(), &text);
        match added.as_ref().map_err(diagnose::Error::kind) {
            Ok(()) => {}
            Err(ErrorKind::Catalog(faults)) => problems.extend_from_slice(faults),
            Err(_) => added?,
        }
    }
    if problems.is_empty() {
        return Ok(catalog);
    }
    let mut broken: Vec<&str> = problems.iter().map(|problem| problem.file.as_str()).collect();
    broken.dedup();
    bail!(
        "{} in your catalogs; fix them, then run: diagnose --check-catalog {}",
        print_faults(&problems),
        broken.join(" ")
    )
}

/// Writes faults to standard error, one a line, and returns how many there are, in words. They are
/// sanitized already; an editor that jumps to `FILE:LINE:` wants nothing before it.
fn print_faults(problems: &[Problem]) -> String {
    for problem in problems {
        let _ = writeln!(io::stderr(), "{problem}");
    }
    format!("{} {}", problems.len(), if problems.len() == 1 { "fault" } else { "faults" })
}

/// Reads a catalog up to the size it may have; what is not UTF-8 is a fault of it.
fn read(path: &Path) -> Result<Result<String, Problem>> {
    let mut bytes = Vec::new();
    let name = shown(path);
    open(path)?
        .take(limits::FILE as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| anyhow::anyhow!("cannot read the catalog {name}: {error}"))?;
    // The catalog says that it is too large; the cut may go through a character.
    if bytes.len() > limits::FILE {
        return Ok(Ok(String::from_utf8_lossy(&bytes).into_owned()));
    }
    Ok(String::from_utf8(bytes).map_err(|error| {
        let sound = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + String::from_utf8_lossy(sound).matches('\n').count();
        Problem::new(name, line, "is not UTF-8")
    }))
}

/// Opens a catalog. Only regular files are: opening a pipe would wait for a writer, and a device
/// may have no end.
fn open(path: &Path) -> Result<File> {
    let name = shown(path);
    let kind = fs::metadata(path)
        .map_err(|error| anyhow::anyhow!("cannot read the catalog {name}: {error}"))?;
    if kind.is_dir() {
        bail!("cannot read the catalog {name}: it is a directory; name the files in it");
    }
    if !kind.is_file() {
        bail!("cannot read the catalog {name}: it is not a regular file");
    }
    File::open(path).map_err(|error| anyhow::anyhow!("cannot read the catalog {name}: {error}"))
}

/// The catalogs of the user's folder, sorted by name. Most people have none, so the folder is only
/// looked for.
fn folder() -> Result<Vec<PathBuf>> {
    let Some(folder) = config(|name| env::var_os(name)) else { return Ok(Vec::new()) };
    let folder = folder.join("diagnose").join("catalog.d");
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), Io::NotFound | Io::NotADirectory) => {
            return Ok(Vec::new());
        }
        // Not a fault of any catalog: a job that runs as somebody else, with our HOME, goes on
        // without.
        Err(error) if error.kind() == Io::PermissionDenied => {
            complain(&format!("goes on without the catalogs in {}: {error}", shown(&folder)));
            return Ok(Vec::new());
        }
        Err(error) => bail!("cannot read {}: {error}", shown(&folder)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry
            .map_err(|error| anyhow::anyhow!("cannot read {}: {error}", shown(&folder)))?
            .path();
        // As for a shell's `*.toml`: what an editor hides is not meant.
        let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if path.extension() == Some(OsStr::new("toml")) && !hidden {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The folder of the user's settings as the XDG standard has it: a path that is not absolute does
/// not count.
fn config(variable: impl Fn(&str) -> Option<std::ffi::OsString>) -> Option<PathBuf> {
    let absolute = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute("XDG_CONFIG_HOME").or_else(|| {
        Some(absolute(if cfg!(windows) { "USERPROFILE" } else { "HOME" })?.join(".config"))
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn config_for(xdg: Option<&str>, home: Option<&str>) -> Option<String> {
        let value = |name: &str| if name == "HOME" { home } else { xdg };
        config(|name| value(name).map(Into::into)).map(|path| path.display().to_string())
    }

    #[test]
    fn the_folder_is_where_the_standard_says() {
        assert_eq!(config_for(Some("/x"), Some("/h")).as_deref(), Some("/x"));
        for unset in [None, Some(""), Some("x/y")] {
            assert_eq!(config_for(unset, Some("/h")).as_deref(), Some("/h/.config"), "{unset:?}");
            assert_eq!(config_for(unset, None), None);
        }
    }
}
