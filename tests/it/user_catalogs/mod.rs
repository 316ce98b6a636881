//! Catalogs of users on the command line: layers, faults, limits, and where an entry comes from.

mod faults;
mod layers;
mod limits;

use crate::support::{Run, diagnose};

/// A sound entry with an id, a message and more lines.
fn entry(id: &str, message: &str, more: &str) -> String {
    format!(
        "[[error]]\nid = \"{id}\"\nsection = \"server\"\ntitle = \"{id} it is\"\nmessages = [\"{message}\"]\naction = \"inspect\"\ncause = \"c\"\nsteps = [\"s\"]\n\
         examples = [\"API Error: {message}\"]\n{more}\n"
    )
}

fn with<'a>(catalogs: &[&'a str], args: &[&'a str]) -> Run {
    let catalogs = catalogs.iter().flat_map(|file| ["--catalog", file]);
    diagnose(&catalogs.chain(args.iter().copied()).collect::<Vec<_>>(), b"")
}

fn id(run: &Run) -> &str {
    assert_eq!(run.stderr, "");
    run.stdout.trim()
}

/// The faults that are listed, and the last line, which says what to do.
fn faults(run: &Run) -> (Vec<&str>, &str) {
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    let mut lines: Vec<&str> = run.stderr.lines().collect();
    let last = lines.pop().unwrap_or_default();
    assert!(last.starts_with("diagnose: "), "{last}");
    (lines, last)
}
