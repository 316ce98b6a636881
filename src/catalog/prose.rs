//! Substitutions in causes and steps: `{name}` is replaced by what a message captured, and
//! `{name|otherwise}` by `otherwise` where nothing was captured.

use std::collections::BTreeSet;

use super::entry::{Located, Message};
use super::template::Template;

/// Captures that every event may have, whatever the rule.
const COMMON: &[&str] = &["status", "request_id"];

/// Parses a substitution behind its `{`: the name, what replaces an unknown one, and the text that
/// follows.
pub(crate) fn substitution(after: &str) -> Option<(&str, Option<&str>, &str)> {
    let (inner, tail) = after.split_once('}')?;
    let (name, otherwise) = match inner.split_once('|') {
        Some((name, otherwise)) => (name, Some(otherwise)),
        None => (inner, None),
    };
    let plain = !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    plain.then_some((name, otherwise, tail))
}

/// The names that the rules of an entry capture.
#[derive(Debug)]
pub(super) struct Captures {
    /// What all of its rules capture.
    sure: BTreeSet<String>,
    /// What some template captures.
    known: BTreeSet<String>,
    /// Its regular expressions, in which the names of groups are looked up.
    regexes: Vec<String>,
}

impl Captures {
    /// Collects the names; `others` says that the entry has rules which capture nothing.
    pub(super) fn new(messages: &[Message], regexes: &[Located], others: bool) -> Self {
        let names = |message: &Message| {
            Template::parse(&message.text.value)
                .names()
                .map(str::to_owned)
                .collect::<BTreeSet<String>>()
        };
        let mut all = messages.iter().map(names);
        let first = all.next().unwrap_or_default();
        let (mut sure, mut known) = (first.clone(), first);
        for names in all {
            sure.retain(|name| names.contains(name));
            known.extend(names);
        }
        if others || !regexes.is_empty() {
            sure.clear();
        }
        Self { sure, known, regexes: regexes.iter().map(|regex| regex.value.to_string()).collect() }
    }

    /// The faults of the substitutions in a text, each as a sentence.
    pub(super) fn faults(&self, text: &str) -> Vec<String> {
        let mut faults = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            rest = after;
            // `%{http_code}` is curl's.
            if before.ends_with('%') {
                continue;
            }
            let Some((name, otherwise, tail)) = substitution(after) else {
                continue;
            };
            rest = tail;
            let known = COMMON.contains(&name)
                || self.known.contains(name)
                || self.regexes.iter().any(|regex| regex.contains(&format!("<{name}>")));
            if !known {
                faults.push(format!("`{{{name}}}` is captured by no message"));
            } else if otherwise.is_none() && !self.sure.contains(name) {
                faults.push(format!(
                    "`{{{name}}}` is not captured by every rule: write `{{{name}|otherwise}}`"
                ));
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Scope;

    fn captures(messages: &[&'static str], others: bool) -> Captures {
        let message = |text: &&'static str| Message {
            text: Located { value: (*text).into(), at: 0 },
            scope: Scope::Own,
        };
        Captures::new(&messages.iter().map(message).collect::<Vec<_>>(), &[], others)
    }

    #[test]
    fn what_not_every_rule_captures_needs_an_otherwise() {
        let both = captures(&["<model> is busy", "<model> is busy until <resets>"], false);
        assert!(both.faults("{model} {resets|later} {status|some} {\"json\": {}}").is_empty());
        assert_eq!(both.faults("{resets}").len(), 1);
        assert!(both.faults("{who|somebody}")[0].contains("by no message"));
        assert_eq!(captures(&["<model> is busy"], true).faults("{model}").len(), 1);
        assert_eq!(captures(&[], false).faults("{model} and {model}").len(), 2);
    }
}
