//! What layers do to each other.

use super::*;
use crate::Diagnoser;
use crate::catalog::Status;

/// An entry with an id, a message and more lines.
fn entry(id: &str, message: &str, more: &str) -> String {
    format!(
        "[[error]]\nid = \"{id}\"\nsection = \"server\"\ntitle = \"Of a user\"\nmessages = [\"{message}\"]\naction = \"inspect\"\ncause = \"c\"\nsteps = [\"s\"]\n{more}\n"
    )
}

fn with(files: &[(&'static str, String)]) -> Catalog {
    let mut catalog = Catalog::builtin();
    for (name, text) in files {
        catalog.add(name, text).unwrap_or_else(|error| panic!("{error}"));
    }
    catalog
}

fn faults(catalog: &mut Catalog, text: &str) -> String {
    let before = catalog.entries().len();
    let error = catalog.add("x.toml", text).expect_err("it is broken");
    assert_eq!(catalog.entries().len(), before, "a broken file changes nothing");
    error.to_string()
}

/// Every index names what it should.
fn consistent(catalog: &Catalog) {
    let mut rules: Vec<String> = catalog
        .entries()
        .iter()
        .enumerate()
        .flat_map(|(index, entry)| Rule::of(index, entry))
        .map(|rule| format!("{rule:?}"))
        .collect();
    let mut found: Vec<String> = catalog.rules().iter().map(|rule| format!("{rule:?}")).collect();
    rules.sort();
    found.sort();
    assert_eq!(found, rules);
    let mut known: Vec<String> = catalog
        .entries()
        .iter()
        .enumerate()
        .flat_map(|(index, entry)| entry.statuses().map(move |status| (status, index)))
        .map(|code| format!("{code:?}"))
        .collect();
    let mut found: Vec<String> = catalog.codes().iter().map(|code| format!("{code:?}")).collect();
    known.sort();
    found.sort();
    assert_eq!(found, known);
}

fn primary(catalog: &Catalog, text: &str) -> Option<String> {
    Diagnoser::new(catalog)
        .argument(text)
        .diagnoses
        .first()
        .map(|primary| primary.entry.id.to_string())
}

#[test]
fn a_file_adds_replaces_and_silences() {
    let text = format!(
        "disable = [\"prompt-too-long\"]\n{}{}",
        entry("gateway-asleep", "The gateway is asleep", ""),
        entry("overloaded", "Overloaded today", "replace = true\napi = [{ status = 529 }]")
    );
    let catalog = with(&[("my.toml", text)]);
    consistent(&catalog);
    let built_in = Catalog::builtin();
    assert_eq!(catalog.entries().len(), built_in.entries().len());
    assert_eq!(
        primary(&catalog, "Error: the gateway is asleep").as_deref(),
        Some("gateway-asleep")
    );
    assert_ne!(primary(&catalog, "Prompt is too long").as_deref(), Some("prompt-too-long"));
    let new = catalog.get("overloaded").expect("replaced, not removed");
    assert_eq!((new.title.as_ref(), catalog.replaced(new)), ("Of a user", Some(&Origin::BuiltIn)));
    assert_eq!(catalog.origin(new).to_string(), "my.toml:11");
    assert_eq!(
        catalog.disabled("prompt-too-long").map(ToString::to_string).as_deref(),
        Some("my.toml:1")
    );
    assert_eq!(
        catalog.codes().iter().filter(|(status, _)| *status == Status::Code(529)).count(),
        1
    );
    assert_eq!(primary(&catalog, "API Error: 529").as_deref(), Some("overloaded"));
}

#[test]
fn later_layers_speak_of_what_earlier_ones_left() {
    let disable = "disable = [\"overloaded\"]\n".to_owned();
    let twice = with(&[("a.toml", disable.clone()), ("b.toml", disable.clone())]);
    assert_eq!(twice.disabled("overloaded").map(ToString::to_string).as_deref(), Some("a.toml:1"));
    let mut off = with(&[("a.toml", disable)]);
    assert!(
        faults(&mut off, &entry("overloaded", "Overloaded today", ""))
            .contains("disabled by a.toml:1")
    );
    let back = entry("overloaded", "Overloaded today", "replace = true");
    off.add("b.toml", &back).expect("it may come back");
    consistent(&off);
    assert_eq!(off.disabled("overloaded"), None);
    assert_eq!(off.replaced(off.get("overloaded").expect("back")), Some(&Origin::BuiltIn));
    off.add("c.toml", &back).expect("and be replaced");
    assert_eq!(
        off.replaced(off.get("overloaded").expect("there")).map(ToString::to_string).as_deref(),
        Some("b.toml:1")
    );
}

#[test]
fn nothing_is_overridden_in_silence() {
    let mut catalog = Catalog::builtin();
    let plain = entry("overloaded", "Overloaded today", "");
    assert!(
        faults(&mut catalog, &plain)
            .contains("x.toml:2: id `overloaded` is already taken by catalog/server.toml:")
    );
    let unknown = faults(&mut catalog, &entry("overlaoded", "Overloaded today", "replace = true"));
    assert!(unknown.contains("did you mean `overloaded`?"), "{unknown}");
    assert!(
        faults(&mut catalog, "disable = [\"overlaoded\", \"qqq\"]")
            .contains("did you mean `overloaded`?")
    );
    let twice = [entry("mine", "One message", ""), entry("mine", "Other message", "")].concat();
    assert!(faults(&mut catalog, &twice).contains("stands twice in x.toml"));
    let both = format!(
        "disable = [\"overloaded\"]\n{}",
        entry("overloaded", "Overloaded today", "replace = true")
    );
    assert!(faults(&mut catalog, &both).contains("which the same file defines"));
    let status = faults(&mut catalog, &entry("mine", "One message", "api = [{ status = 529 }]"));
    assert!(status.contains("status 529 already means `overloaded` (built in)"), "{status}");
    let two = [
        entry("mine", "One message", "api = [{ status = 418 }]"),
        entry("yours", "Other message", "api = [{ status = 418 }]"),
    ]
    .concat();
    assert!(faults(&mut catalog, &two).contains("already means `mine` (same file)"));
}

#[test]
fn a_status_is_free_once_its_entry_is_gone() {
    let taken = entry("mine", "One message", "api = [{ status = 529 }]");
    let catalog = with(&[("a.toml", format!("disable = [\"overloaded\"]\n{taken}"))]);
    assert_eq!(primary(&catalog, "API Error: 529").as_deref(), Some("mine"));
}

#[test]
fn the_built_in_catalog_has_no_status_twice() {
    let catalog = Catalog::builtin();
    let codes = catalog.codes();
    assert!((1..codes.len()).all(|n| codes[..n].iter().all(|(status, _)| *status != codes[n].0)));
}

#[test]
fn the_built_in_catalog_keeps_the_limits_and_is_fit_to_be_shown() {
    let mut catalog = Catalog::default();
    for (file, text) in crate::catalog::builtin::FILES.iter().copied() {
        catalog.add(file, text).unwrap_or_else(|error| panic!("{error}"));
    }
    assert_eq!(catalog.entries().len(), Catalog::builtin().entries().len());
}
