//! The catalog against the whole pipeline: the linter, one golden page per entry, and the promise
//! that an error is added without touching Rust.

use std::collections::BTreeSet;
use std::fs;

use diagnose::render::Render;
use diagnose::render::human::Human;
use diagnose::report::Evidence;
use diagnose::reset::Clock;
use diagnose::{Catalog, Diagnoser, ErrorKind, lint};
use jiff::tz::TimeZone;

use crate::support::golden::Golden;
use crate::support::{CATALOG, DIAGNOSER, diagnose, read, root};

#[test]
fn the_catalog_has_no_fault() {
    let run = diagnose(&["--check-catalog"], b"");
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
}

#[test]
fn every_file_of_the_folder_is_in_the_program() {
    let used: BTreeSet<String> =
        CATALOG.entries().iter().map(|entry| CATALOG.file(entry).to_owned()).collect();
    let found = fs::read_dir(root().join("catalog")).expect("the folder is there");
    let found: BTreeSet<String> = found
        .map(|file| format!("catalog/{}", file.expect("readable").file_name().to_string_lossy()))
        .filter(|name| name != "catalog/provenance.toml")
        .collect();
    assert_eq!(found, used, "a new section is one file and one name in build.rs");
}

#[test]
fn every_entry_has_its_page() {
    let mut human = Human { width: 80, color: false, all: false, name_source: false };
    let mut golden = Golden::default();
    // A page says how long it is until a reset: here it is always the same afternoon, the day
    // before the clocks go forward.
    let now = "2026-03-28T13:35:00+01:00".parse().expect("a time");
    let clock = Clock { now, printed: now, zone: TimeZone::get("Europe/Berlin").ok(), live: true };
    for entry in CATALOG.entries() {
        let example = &entry.examples.first().expect("the linter wants one").value;
        let mut report = DIAGNOSER.stream("stdin", example.as_bytes()).expect("a slice reads");
        report.resolve(&clock);
        golden.compare(&format!("golden/{}.txt", entry.id), &human.report(&report));
    }
    let known: BTreeSet<String> =
        CATALOG.entries().iter().map(|entry| format!("{}.txt", entry.id)).collect();
    for file in fs::read_dir(root().join("tests/golden")).expect("the folder is there") {
        let name = file.expect("readable").file_name().to_string_lossy().into_owned();
        assert!(
            known.contains(&name) || name == "formats",
            "tests/golden/{name} belongs to no entry"
        );
    }
    golden.finish();
}

#[test]
fn every_example_is_found_inside_a_log() {
    let filler = "building target 17 of 204\n".repeat(1_400);
    let (mut proved, mut missed, mut other, mut other_missed) = (0, Vec::new(), 0, 0);
    for entry in CATALOG.entries() {
        for example in entry.examples.iter().map(|example| &example.value) {
            let by_itself = DIAGNOSER.stream("x", example.as_bytes()).expect("a slice reads");
            let log = format!("{filler}\n{example}\n\n{filler}");
            let inside = DIAGNOSER.stream("x", log.as_bytes()).expect("a slice reads");
            let found =
                inside.diagnoses.first().map(|primary| &primary.entry.id) == Some(&entry.id);
            // The rest may count only as the whole input or beside the name of Claude.
            if matches!(by_itself.diagnoses[0].evidence, Evidence::Rendered | Evidence::Record) {
                proved += 1;
                missed.extend((!found).then(|| format!("{}: {example}", entry.id)));
            } else {
                other += 1;
                other_missed += usize::from(!found);
            }
        }
    }
    assert!(missed.is_empty(), "{} of {proved} examples:\n{}", missed.len(), missed.join("\n"));
    assert!(proved > 500, "only {proved} examples prove themselves");
    assert!(other_missed * 10 < other, "{other_missed} of the other {other} are missed");
}

#[test]
fn no_page_is_wider_than_its_terminal() {
    for width in [40, 80, 100, 300] {
        let mut human = Human { width, color: false, all: true, name_source: false };
        for entry in CATALOG.entries() {
            let page = human.report(&DIAGNOSER.argument(&entry.examples[0].value));
            for line in page.lines() {
                // A command or a link is there to be copied: it is never broken.
                let link = line.starts_with("more    ");
                let copied = link
                    || ["claude> ", "$ ", "PS> ", "https://"]
                        .iter()
                        .any(|prompt| line.trim_start().starts_with(prompt));
                assert!(
                    copied || line.chars().count() <= width.clamp(40, 100),
                    "{}: {line}",
                    entry.id
                );
            }
        }
    }
}

/// The block that CONTRIBUTING.md shows.
fn contributing_example() -> String {
    let text = read("CONTRIBUTING.md");
    let (_, after) = text.split_once("```toml\n").expect("it shows a block");
    let (block, _) = after.split_once("   ```").expect("which ends");
    block
        .lines()
        .map(|line| line.strip_prefix("   ").unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn one_block_of_toml_adds_an_error() {
    let block = contributing_example();
    let mut catalog = Catalog::builtin();
    catalog.add("server.toml", &block).expect("the block of CONTRIBUTING.md is sound");
    assert_eq!(lint::check(&catalog), []);
    let report = Diagnoser::new(&catalog)
        .argument("  ⎿  Opus 5 is taking a\n     nap, please use /model to switch to Sonnet");
    let primary = &report.diagnoses[0];
    assert_eq!(primary.entry.id, "scratch-entry");
    assert_eq!(primary.captures["model"], "Opus 5");
    assert!(primary.cause.starts_with("Opus 5 has more requests"), "{}", primary.cause);
}

#[test]
fn every_fault_of_a_catalog_is_named_with_its_line() {
    let text = r#"
[[error]]
id = "Bad Id"
title = "A title."
messages = ["<model>", 3]
api = [{ status = 999 }, {}]
rejects = ["text"]
sources = ["money"]
check = [{ text = "x" }]
action = "pray"
steps = []
colour = "red"

[[error]]
id = "overloaded"
title = "Taken"
action = "retry"
cause = "{nothing}"
steps = ["{n}"]
"#;
    let mut catalog = Catalog::builtin();
    let before = catalog.entries().len();
    let error = catalog.add("mine/server.toml", text).expect_err("it is broken");
    let ErrorKind::Catalog(problems) = error.kind() else { panic!("{error}") };
    let lines: Vec<usize> = problems.iter().map(|problem| problem.line).collect();
    let all = error.to_string();
    for what in [
        "kebab-case",
        "full stop",
        "`messages` must hold strings",
        "`status` is `999`",
        "one of `type`",
        "`sources` has `money`",
        "`rejects` must hold tables",
        "`means` is missing",
        "`action` is `pray`",
        "`cause` is missing",
        "`steps` is empty",
        "unknown key `colour`",
        "already taken by catalog/server.toml",
    ] {
        assert!(all.contains(what), "{what}\n{all}");
    }
    assert!(
        lines.is_sorted() && all.lines().all(|line| line.starts_with("mine/server.toml:")),
        "{all}"
    );
    assert_eq!(catalog.entries().len(), before, "a broken file adds nothing");
}
