//! Lints the advice of an entry for each reader it may have: nobody is told to type a command of a
//! program that they do not use, whatever is printed first makes sense alone, and every step is for
//! somebody.

use crate::advice::{self, Advice, Captures, is_slash_command};
use crate::catalog::provenance_rules::WordList;
use crate::catalog::{Catalog, Entry, Step, Surface};
use crate::provenance::Reader;

/// Every fault of an entry's advice.
pub(super) fn check(entry: &Entry, catalog: &Catalog, fault: &mut impl FnMut(usize, String)) {
    let mut fault = |text: String| fault(entry.at, text);
    let stated = stated(entry, Reader::anybody());
    let steps = entry.steps.iter();
    for step in steps.chain(entry.checks.iter().map(|check| &check.ask)) {
        if !stated.may_use(&step.on) {
            fault(format!(
                "nobody sees the step `{}`: its `on` excludes that of the entry; change one of them",
                step.text
            ));
        }
        let other = stated.clone().using(Surface::Sdk);
        let elsewhere = stated.may_use(&[Surface::Sdk]) && other.may_use(&step.on);
        if elsewhere && let Some(name) = claude_code_word(step, catalog) {
            fault(format!(
                "the step `{}` names `{name}`, which only Claude Code has: write on = [\"cli\"]",
                step.text
            ));
        }
        for run in [&step.run, &step.powershell].into_iter().flatten() {
            if !is_typed(run) {
                fault(format!(
                    "`run` has `{run}`, which nobody can type or open: move it into `text`"
                ));
            }
        }
    }
    for reader in readers(&stated) {
        if let Some(text) = first(entry, catalog, &reader) {
            fault(text);
            break;
        }
    }
}

/// What an entry tells of its reader by being the diagnosis.
fn stated(entry: &Entry, reader: Reader) -> Reader {
    let reader = reader.with(entry);
    match entry.answered_by {
        Some(by) => reader.using(by),
        None => reader,
    }
}

/// A reader on each surface that an entry leaves open.
fn readers(stated: &Reader) -> Vec<Reader> {
    let open = Surface::ALL.iter().filter(|surface| stated.may_use(&[**surface]));
    let one = open.map(|surface| stated.clone().using(*surface));
    one.chain([stated.clone()]).collect()
}

/// The fault of the step that a reader sees first.
fn first(entry: &Entry, catalog: &Catalog, reader: &Reader) -> Option<String> {
    if !entry.steps.iter().any(|step| reader.may_use(&step.on)) {
        return Some(format!("{} sees no step at all: add one without `on`", name(reader)));
    }
    let steps = advice::steps(&entry.steps, &Captures::new(), reader);
    let Advice { text, then, .. } = steps.first()?;
    let follows = catalog.provenance().words(WordList::Follow).iter().find(|of| {
        text.strip_prefix(of.as_ref()).is_some_and(|rest| rest.starts_with([' ', ',', ':']))
    });
    let what = match follows {
        Some(word) => format!("begins with `{word}`"),
        None if *then => "is marked as the sequel of another one".into(),
        None => return None,
    };
    let remedy = "reword it, or put a step for this reader before it";
    Some(format!("{} sees `{text}` first, which {what}: {remedy}", name(reader)))
}

/// How faults call a reader: `on bedrock, the reader`.
fn name(reader: &Reader) -> String {
    let known: Vec<&str> = Surface::ALL
        .iter()
        .filter(|surface| reader.unsure(&[**surface]).is_empty() && reader.may_use(&[**surface]))
        .map(|surface| surface.word())
        .collect();
    if known.is_empty() {
        "who reads it".into()
    } else {
        format!("on {}, the reader", known.join(" and "))
    }
}

/// A command, file or variable in a step that only Claude Code has.
fn claude_code_word<'c>(step: &Step, catalog: &'c Catalog) -> Option<&'c str> {
    let texts = [Some(&step.text), step.run.as_ref(), step.powershell.as_ref()];
    let mut words = catalog.provenance().words(WordList::ClaudeCode).iter().map(AsRef::as_ref);
    words.find(|word| texts.iter().flatten().any(|text| has_word(text, word)))
}

/// Whether a text has a word that is not part of a longer one; one that ends in `_` or `/` may be
/// the beginning of it, as in `CLAUDE_CODE_`.
fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || "_-/".contains(c);
    text.match_indices(word).any(|(at, _)| {
        let after = &text[at + word.len()..];
        let open = word.ends_with(['_', '/']);
        !text[..at].ends_with(part) && (open || !after.starts_with(part))
    })
}

/// Whether something can be typed or opened: a command of Claude Code or of a shell, a link.
fn is_typed(run: &str) -> bool {
    let first = run.split(' ').next().unwrap_or_default();
    let path = first.starts_with(['~', '.']) || first.contains(".json");
    let header = first.ends_with(':');
    let shell = first.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$') && !header;
    run.starts_with("https://") || is_slash_command(run) || shell && !path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_claude_code_word_stand_alone() {
        assert!(has_word("run /model, then go on", "/model"));
        assert!(has_word("set CLAUDE_CODE_MAX_RETRIES", "CLAUDE_CODE_"));
        assert!(!has_word("https://a.b/model", "/model"));
        assert!(!has_word("/models", "/model"));
    }

    #[test]
    fn paths_and_headers_are_not_typed() {
        for (run, typed) in [
            ("/model sonnet", true),
            ("https://status.claude.com", true),
            ("export A=1", true),
            ("Remove-Item Env:A", true),
            ("~/.claude/settings.json", false),
            ("anthropic-beta: x", false),
        ] {
            assert_eq!(is_typed(run), typed, "{run}");
        }
    }
}
