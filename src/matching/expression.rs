//! An entry's own regular expression, over the clean text: for what no template can describe.

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};

use super::finding::Captures;
use crate::catalog::check::one_line;

/// The longest value of a group, in characters.
const VALUE: usize = 200;

/// Compiles an expression of the catalog with the flags that hold everywhere: ASCII semantics, any
/// case, bounded size.
///
/// # Errors
/// What is wrong with it, on one line.
pub(super) fn compile(source: &str) -> Result<Regex, String> {
    let mut builder = RegexBuilder::new(source);
    builder
        .unicode(false)
        .case_insensitive(true)
        .multi_line(true)
        .size_limit(1 << 20)
        .dfa_size_limit(1 << 20);
    builder.build().map_err(|error| one_line(&error.to_string()))
}

/// An expression that matches nothing. It replaces one that does not compile, which the linter
/// reports.
pub(super) fn never() -> Regex {
    compile(r"[^\x00-\xff]").expect("a test compiles it")
}

/// Reports every match in a part of a text: its span and its named groups.
pub(super) fn find(
    regex: &Regex,
    text: &[u8],
    part: Range<usize>,
    mut report: impl FnMut(Range<usize>, Captures),
) {
    for captures in regex.captures_iter(&text[part.clone()]) {
        let Some(whole) = captures.get(0) else {
            continue;
        };
        let named = regex.capture_names().flatten().filter_map(|name| {
            let value = String::from_utf8_lossy(captures.name(name)?.as_bytes())
                .trim()
                .chars()
                .take(VALUE)
                .collect();
            Some((name.to_owned().into(), value))
        });
        report(part.start + whole.start()..part.start + whole.end(), named.collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_expression_matches_nothing() {
        assert!(compile("(").is_err());
        assert!(!never().is_match(b"anything\n\xff"));
    }
}
