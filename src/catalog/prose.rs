//! Cause and steps: text in which `{name}` stands for what a message captured, and
//! `{name|otherwise}` for what it may have captured.

use std::collections::BTreeSet;

use super::entry::{Located, Message};
use super::template::Template;

/// Captures that every event may have, whatever the wording.
const COMMON: &[&str] = &["status", "request_id"];

/// What follows a `{`, if it is a placeholder: its name, what stands for it if it is unknown, and
/// the rest.
pub(crate) fn placeholder(after: &str) -> Option<(&str, Option<&str>, &str)> {
    let (inner, tail) = after.split_once('}')?;
    let (name, otherwise) = match inner.split_once('|') {
        Some((name, otherwise)) => (name, Some(otherwise)),
        None => (inner, None),
    };
    let plain = !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    plain.then_some((name, otherwise, tail))
}

/// What the wordings of an entry capture.
#[derive(Debug)]
pub(super) struct Captures {
    /// By all of its wordings.
    sure: BTreeSet<String>,
    /// By some.
    known: BTreeSet<String>,
    regexes: Vec<String>,
}

impl Captures {
    /// `api` says whether there are machine-readable forms, which capture nothing.
    pub(super) fn new(messages: &[Message], regexes: &[Located], api: bool) -> Self {
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
        if api || !regexes.is_empty() {
            sure.clear();
        }
        Self { sure, known, regexes: regexes.iter().map(|regex| regex.value.to_string()).collect() }
    }

    /// The placeholders of a text that nothing fills in, each as a fault.
    pub(super) fn faults(&self, text: &str) -> Vec<String> {
        let mut faults = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            rest = after;
            // `%{http_code}` is curl's.
            if before.ends_with('%') {
                continue;
            }
            let Some((name, otherwise, tail)) = placeholder(after) else {
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
                    "`{{{name}}}` is not captured by every wording: write `{{{name}|otherwise}}`"
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

    fn captures(messages: &[&'static str], api: bool) -> Captures {
        let message = |text: &&'static str| Message {
            text: Located { value: (*text).into(), at: 0 },
            scope: Scope::Own,
        };
        Captures::new(&messages.iter().map(message).collect::<Vec<_>>(), &[], api)
    }

    #[test]
    fn what_not_every_wording_captures_needs_an_otherwise() {
        let both = captures(&["<model> is busy", "<model> is busy until <resets>"], false);
        assert!(both.faults("{model} {resets|later} {status|some} {\"json\": {}}").is_empty());
        assert_eq!(both.faults("{resets}").len(), 1);
        assert!(both.faults("{who|somebody}")[0].contains("by no message"));
        assert_eq!(captures(&["<model> is busy"], true).faults("{model}").len(), 1);
        assert_eq!(captures(&[], false).faults("{model} and {model}").len(), 2);
    }
}
