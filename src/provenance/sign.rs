//! Signs of surfaces: what a text shows of the program, the service and the system it came from. A
//! sign is a piece of structure (the path of a module, the name of a class, a prompt, a header),
//! never a bare word: a folder called `minecraft-bedrock-server` says nothing of Amazon.

use std::collections::BTreeMap;
use std::ops::Range;

use super::names::NameFilter;
use crate::catalog::Str;
use crate::catalog::provenance_rules::{Provenance, ProvenanceRule, Topic};
use crate::redact;
use crate::text::Clean;
use crate::text::layout::Layout;

/// The longest sign that is shown, in characters.
const SHOWN: usize = 80;

/// The names that are signs of surfaces, ready to be found.
#[derive(Debug)]
pub(crate) struct Signs {
    /// Each name with the index of its rule. One that ends in `*` may go on in its last word.
    names: Vec<(Str, u16)>,
    filter: NameFilter,
}

impl Signs {
    /// Collects the names of a catalog's surface rules.
    pub(super) fn new(rules: &Provenance) -> Self {
        let of_rule = |(index, rule): (u16, &ProvenanceRule)| {
            rule.names.clone().into_owned().into_iter().map(move |name| (name, index))
        };
        let names: Vec<_> = rules.of(Topic::Surface).flat_map(of_rule).collect();
        let filter = NameFilter::new(names.iter().map(|(name, _)| name.as_bytes()));
        Self { names, filter }
    }

    /// The rules that have a sign in these lines, each with the sign as it may be shown: cut, and
    /// without secrets.
    pub(crate) fn find(
        &self,
        rules: &Provenance,
        clean: &Clean,
        lines: Range<usize>,
    ) -> BTreeMap<u16, String> {
        let mut found = BTreeMap::new();
        self.find_names(&clean.text[lines.clone()], &mut found);
        if lines.is_empty() {
            return found;
        }
        let lists = &rules.prefixes.lists;
        for line in clean.line_of(lines.start)..=clean.line_of(lines.end - 1) {
            // With the line prefix and without it: a tool's bullet is a sign, a time stamp is none.
            self.find_names(clean.prefix(line), &mut found);
            let printed = [clean.prefix(line), clean.line(line)].concat();
            for line in [printed.as_slice(), clean.line(line)] {
                let layout = Layout::new(lists, line);
                layout.whose(&rules.signs, |index| {
                    let never = &rules.rules[usize::from(index)].never;
                    if !Layout::new(lists, line).is(never) {
                        found.entry(index).or_insert_with(|| shown(line));
                    }
                });
            }
        }
        found
    }

    /// Adds the rules that have a name in a text.
    fn find_names(&self, text: &[u8], found: &mut BTreeMap<u16, String>) {
        self.filter.find(text, |at, index| {
            let (name, rule) = (self.names[index].0.as_bytes(), self.names[index].1);
            let (name, open) = name.strip_suffix(b"*").map_or((name, false), |name| (name, true));
            let span = at..at + name.len();
            if is_word(text, span.clone(), name, open) {
                let shown = || redact::sanitize(&String::from_utf8_lossy(to_word_end(text, span)));
                found.entry(rule).or_insert_with(shown);
            }
        });
    }
}

/// The beginning of a line, as it may be shown. Secrets are masked before the line is cut: half a
/// secret does not look like one.
fn shown(line: &[u8]) -> String {
    let line = String::from_utf8_lossy(&line[..line.len().min(8 * SHOWN)]);
    redact::sanitize(&line).chars().take(SHOWN).collect()
}

/// Whether this span is the name and no part of a longer word; if `open`, a longer word may begin
/// with it.
fn is_word(text: &[u8], span: Range<usize>, name: &[u8], open: bool) -> bool {
    let word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let before = span.start.checked_sub(1).and_then(|at| text.get(at));
    text.get(span.clone()) == Some(name)
        && !(word(before) && word(name.first()))
        && (open || !(word(name.last()) && word(text.get(span.end))))
}

/// A name with the rest of its last word, and without the key before a value: the id of
/// `"request_id":"req_011C"`, of which `"request_id":"req_` is the name.
fn to_word_end(text: &[u8], name: Range<usize>) -> &[u8] {
    let key = text[name.clone()].iter().rposition(|byte| b"\"':>".contains(byte));
    let start =
        key.filter(|key| key + 1 < name.len()).map_or(name.start, |key| name.start + key + 1);
    let part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
    let rest = text[name.end..].iter().take(SHOWN).take_while(part).count();
    let shown = text[start..name.end + rest].trim_ascii();
    shown.strip_suffix(b".").unwrap_or(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_whole_words() {
        let is = |text: &[u8]| is_word(text, 3..11, b"APIError", false);
        assert!(is(b"a: APIError: y"));
        assert!(!is(b"an APIErrors") && !is(b"an1APIError"));
        assert!(is_word(b"an APIErrors", 3..11, b"APIError", true));
    }

    #[test]
    fn a_sign_is_shown_as_a_whole_word() {
        assert_eq!(to_word_end(br#"{"request_id":"req_011C"}"#, 2..19), b"req_011C");
        assert_eq!(to_word_end(b"check Amazon Bedrock.", 6..20), b"Amazon Bedrock");
        assert_eq!(to_word_end(b"cf-ray: 12", 0..6), b"cf-ray");
        assert_eq!(to_word_end(b"<center>nginx/1.2</center>", 0..13), b"nginx");
    }
}
