//! What was meant by a word that names nothing: a typo must not read as "no".

use anyhow::{Result, bail};
use diagnose::catalog::Section;
use diagnose::render::field;
use diagnose::{Catalog, redact};

use super::status;

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
    let of_status = || {
        let entry = status::entry(catalog, status::named(&[what.to_owned()])?)?;
        Some(did_you_mean(&entry.id))
    };
    let hint = disabled(catalog, what)
        .or_else(of_status)
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

/// The field of a diagnosis that was meant by a path that leads nowhere.
pub(super) fn field(path: &str) -> String {
    let likeness = |known: &str| strsim::jaro_winkler(path, known);
    let near = field::PATHS
        .iter()
        .copied()
        // `policy` is the end of `retry.policy`.
        .find(|known| known.strip_suffix(path).is_some_and(|start| start.ends_with('.')))
        .or_else(|| {
            let near = field::PATHS.iter().copied().filter(|known| likeness(known) > LIKENESS);
            near.max_by(|one, other| likeness(one).total_cmp(&likeness(other)))
        });
    near.map(did_you_mean).unwrap_or_default()
}

fn disabled(catalog: &Catalog, id: &str) -> Option<String> {
    catalog.disabled(id).map(|by| format!(" (it is disabled by {by})"))
}

fn did_you_mean(word: &str) -> String {
    format!(" (did you mean `{word}`?)")
}
