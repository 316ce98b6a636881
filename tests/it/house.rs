//! The order of the house: modules import only what stands before them, and no file is too long to be read at a sitting.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::root;

/// The modules of the library, in the order of the data. CONTRIBUTING.md has the same table.
const ORDER: [&str; 16] = [
    "error",
    "text",
    "redact",
    "reset",
    "catalog",
    "search",
    "matching",
    "provenance",
    "facts",
    "rank",
    "advice",
    "report",
    "scan",
    "lint",
    "render",
    "cli",
];

/// The files of Rust below a folder, with their text.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for item in fs::read_dir(folder).expect("the folder is there") {
        let path = item.expect("readable").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("readable");
            found.push((path, text));
        }
    }
    found
}

#[test]
fn modules_import_only_what_stands_before_them() {
    let src = root().join("src");
    let mut imports = 0;
    for (path, text) in sources(&src) {
        let module = path.strip_prefix(&src).expect("below").components().next().expect("a part");
        let module = module.as_os_str().to_string_lossy();
        let Some(own) = ORDER.iter().position(|name| *name == module.trim_end_matches(".rs"))
        else {
            assert!(["lib.rs", "main.rs"].contains(&module.as_ref()), "{module} has no place");
            continue;
        };
        // Tests may look at everything.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for after in line.split("crate::").skip(1) {
                let name: String = after.chars().take_while(char::is_ascii_lowercase).collect();
                if let Some(other) = ORDER.iter().position(|module| *module == name) {
                    imports += usize::from(other < own);
                    assert!(other <= own, "{}: {line}", path.display());
                }
            }
        }
    }
    assert!(imports > 100, "only {imports} imports were seen");
}

#[test]
fn no_file_is_longer_than_400_lines() {
    for folder in ["src", "tests/it", "benches", "examples"] {
        for (path, text) in sources(&root().join(folder)) {
            let lines = text.lines().count();
            assert!(lines <= 400, "{}: {lines} lines", path.display());
        }
    }
}
