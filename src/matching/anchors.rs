//! The prefilter: a few pieces of every wording, one of which stands unbroken in nearly every printing of it.
//!
//! A piece is a word that ordinary output seldom has, or, where a wording has none, two of its words. A terminal wraps inside at
//! most one word of a line, so a wording has two pieces where it can.

use aho_corasick::{AhoCorasick, MatchKind};

use super::Matcher;
use crate::catalog::rule::Form;
use crate::catalog::template::{Literal, Template, Word};
use crate::catalog::{Catalog, Needs};

/// Finds the places of raw output that could belong to an error.
#[derive(Debug)]
pub struct Anchors {
    searcher: AhoCorasick,
}

/// Shapes that hold an error whatever its wording.
const ALWAYS: &[&str] = &["API Error", "Error code: ", "api_error_status", "Request rejected"];

impl Anchors {
    /// The anchors of every wording that can count inside a log.
    ///
    /// # Panics
    /// Only with more words than a 32-bit automaton can hold.
    pub fn new(matcher: &Matcher<'_>) -> Self {
        let common = Catalog::context("common");
        let mut pieces: Vec<Vec<u8>> = ALWAYS.iter().map(|piece| piece.to_ascii_lowercase().into_bytes()).collect();
        for rule in matcher.rules {
            if matches!(rule.needs, Some(Needs::Alone | Needs::Brief)) {
                continue;
            }
            match &rule.form {
                Form::Template(template) => pieces.extend(of_template(template, common)),
                Form::Name(_) => pieces.push(rule.text.to_ascii_lowercase().into_bytes()),
                Form::Regex(groups) => {
                    pieces.extend(groups.first().into_iter().flat_map(|group| group.iter()).filter_map(|literal| longest_word(literal)));
                }
            }
        }
        pieces.sort_unstable();
        pieces.dedup();
        let searcher = AhoCorasick::builder().ascii_case_insensitive(true).match_kind(MatchKind::LeftmostFirst).build(&pieces);
        Self { searcher: searcher.expect("some thousand short words") }
    }

    /// The offsets of candidates, ascending.
    pub fn find<'b>(&self, bytes: &'b [u8]) -> impl Iterator<Item = usize> + use<'_, 'b> {
        self.searcher.find_iter(bytes).map(|found| found.start())
    }
}

/// The pieces of a template: its two longest rare words, else its first and last pair of words, else its longest word.
fn of_template(template: &Template, common: &[&str]) -> Vec<Vec<u8>> {
    let words: Vec<Word> = template.literals().flat_map(Literal::words).collect();
    let rare = |word: &&Word| word.bytes.len() >= 4 && std::str::from_utf8(&word.bytes).map_or(true, |word| common.binary_search(&word).is_err());
    let mut pieces: Vec<Vec<u8>> = words.iter().filter(rare).map(|word| word.bytes.clone()).collect();
    pieces.sort_by_key(|piece| std::cmp::Reverse(piece.len()));
    pieces.dedup();
    pieces.truncate(2);
    if pieces.is_empty() {
        let mut pairs = words.windows(2).filter(|pair| pair[1].follows).map(|pair| [&pair[0].bytes[..], b" ", &pair[1].bytes].concat());
        pieces.extend(pairs.next().into_iter().chain(pairs.next_back()));
    }
    if pieces.is_empty() {
        pieces.extend(words.into_iter().map(|word| word.bytes).max_by_key(Vec::len));
    }
    pieces
}

/// The longest word of a skeleton.
fn longest_word(skeleton: &[u8]) -> Option<Vec<u8>> {
    let words = skeleton.split(|b| !b.is_ascii_alphanumeric() && *b != b'_');
    words.max_by_key(|word| word.len()).filter(|word| word.len() >= 4).map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_rare_words_else_pairs() {
        let of = |text: &str| {
            of_template(&Template::parse(text), &["failed", "request"])
                .into_iter()
                .map(|piece| String::from_utf8_lossy(&piece).into_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(of("Overloaded request of <model> throttled"), ["overloaded", "throttled"]);
        assert_eq!(of("request failed as request"), ["request failed", "as request"]);
        assert_eq!(of("failed: <reason>"), ["failed"]);
        assert_eq!(of("无可用渠道"), ["无可用渠道"]);
    }
}
