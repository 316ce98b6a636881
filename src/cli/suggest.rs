//! What was meant by a word that names nothing: a typo must not read as "no".

use anyhow::{Result, bail};
use diagnose::catalog::Section;
use diagnose::{Catalog, redact};

/// How alike two words are that one is taken for the other misspelt, from 0 to 1 (Jaro-Winkler).
const LIKENESS: f64 = 0.8;

/// The words that `--is` knows beside the ids of errors.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    Section::ALL.iter().map(|section| section.word()).chain(["retryable"])
}

/// Checks that `--is` asks for something that exists.
pub(super) fn check_is(catalog: &Catalog, what: &str) -> Result<()> {
    if words().any(|word| word == what) || catalog.get(what).is_some() {
        return Ok(());
    }
    let likeness = |word: &str| strsim::jaro_winkler(what, word);
    let mut known: Vec<&str> = words().collect();
    known.extend(catalog.nearest(what));
    let near = known.into_iter().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    let hint = disabled(catalog, what)
        .or_else(|| near.filter(|word| likeness(word) > LIKENESS).map(did_you_mean))
        .unwrap_or_default();
    bail!(
        "--is {}: not a section, not `retryable`, and no error has this id{hint}",
        redact::line(what)
    )
}

/// What became of an id that no error has: who disabled it, or which one was meant.
pub(super) fn id(catalog: &Catalog, id: &str) -> String {
    disabled(catalog, id).or_else(|| catalog.nearest(id).map(did_you_mean)).unwrap_or_default()
}

fn disabled(catalog: &Catalog, id: &str) -> Option<String> {
    catalog.disabled(id).map(|by| format!(" (it is disabled by {by})"))
}

fn did_you_mean(word: &str) -> String {
    format!(" (did you mean `{word}`?)")
}
