//! The catalog as a file of patterns for `rg -f` and `grep -f`, one a line: what somebody would
//! search with who has no `diagnose`.
//!
//! Everything is in the rivals' favour: case counts, nothing is tolerated between words, what
//! varies is an unbounded class (a bounded one costs them far more), and there are no Unicode
//! classes, which are a thousand times slower on text that is not ASCII.

use diagnose::Catalog;
use diagnose::internals::{Rule, RuleBody};

/// What varies, by the names of the catalog; every other name is a run of text.
#[rustfmt::skip]
const CLASSES: &[(&str, &str)] = &[
    ("code",       "[A-Za-z][A-Za-z0-9_]+"),
    ("epoch",      "[0-9]+"),
    ("host",       "[A-Za-z0-9_.:-]+"),
    ("id",         "[^ ,;]+"),
    ("model",      "[A-Za-z0-9._:/@-]+"),
    ("n",          "[0-9][0-9.,]*"),
    ("request_id", "req_[A-Za-z0-9_]+"),
    ("size",       "[0-9][0-9.,]* ?[A-Za-z]+"),
    ("status",     "[1-5][0-9][0-9]"),
    ("url",        "[a-z]+://[^ ]+"),
];

/// The patterns: one for each message and each name. The catalog's own regular expressions are left
/// out: `grep` cannot read them, and they make `rg` ten times slower.
pub(crate) fn all(catalog: &Catalog) -> Vec<String> {
    let pattern = |rule: &Rule| match rule.body {
        RuleBody::Template(_) => Some(template(&rule.text)),
        RuleBody::Name(_) => Some(escape(&rule.text)),
        RuleBody::Regex(_) | RuleBody::Complaint(_) => None,
    };
    let mut patterns: Vec<String> = catalog.rules().iter().filter_map(pattern).collect();
    // All that the catalog says of HTTP statuses.
    patterns.push("API Error: [1-5][0-9][0-9]".into());
    patterns.sort();
    patterns.dedup();
    patterns
}

/// Of so many entries, spread over the catalog, the most specific pattern: the longest message.
pub(crate) fn some(catalog: &Catalog, count: usize) -> Vec<String> {
    let rules = catalog.rules();
    let longest = |entry: usize| {
        let templates = rules.iter().filter(|rule| rule.entry == entry);
        let templates = templates.filter(|rule| matches!(rule.body, RuleBody::Template(_)));
        templates.max_by_key(|rule| rule.text.len()).map(|rule| template(&rule.text))
    };
    let all: Vec<String> = (0..catalog.entries().len()).filter_map(longest).collect();
    (0..count.min(all.len())).map(|n| all[n * all.len() / count.min(all.len())].clone()).collect()
}

/// A message template as a pattern.
fn template(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut pattern = String::new();
    let mut rest = text.as_str();
    while let Some(open) = rest.find(['<', '.']) {
        pattern.push_str(&escape(rest[..open].trim_end_matches('\\')));
        let (class, length) =
            variable(&rest[open..]).unwrap_or_else(|| (escape(&rest[open..=open]), 1));
        pattern.push_str(&class);
        rest = &rest[open + length..];
    }
    pattern + &escape(rest)
}

/// What varies at the front of a text, as a class, and its length there.
fn variable(text: &str) -> Option<(String, usize)> {
    if text.starts_with("...") {
        return Some((".*".into(), 3));
    }
    let name = text.strip_prefix('<')?.split_once('>')?.0;
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    let class = CLASSES.iter().find(|(known, _)| *known == name).map_or(".+", |(_, class)| class);
    is_name.then(|| (class.to_owned(), name.len() + 2))
}

/// Text that means itself, to `rg` and to `grep -E` alike.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
