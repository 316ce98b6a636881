//! The prefilter: a few words of every wording, one of which stands unbroken in nearly every printing of it.
//!
//! A terminal wraps inside at most one word of a line, so two words of each wording are anchors where it has two.

use aho_corasick::{AhoCorasick, MatchKind};

use super::Matcher;
use crate::catalog::Needs;
use crate::catalog::rule::Form;
use crate::catalog::template::Literal;

/// Finds the places of raw output that could belong to an error.
#[derive(Debug)]
pub struct Anchors {
    searcher: AhoCorasick,
}

/// Shapes that hold an error whatever its wording.
const ALWAYS: &[&str] = &["API Error", "API error", "Error code: ", "api_error_status", "Request rejected"];

impl Anchors {
    /// The anchors of every wording that can count inside a log.
    ///
    /// # Panics
    /// Only with more words than a 32-bit automaton can hold.
    pub fn new(matcher: &Matcher<'_>) -> Self {
        let mut words: Vec<String> = ALWAYS.iter().map(|&word| word.to_owned()).collect();
        for rule in matcher.rules {
            if matches!(rule.needs, Some(Needs::Alone | Needs::Brief)) {
                continue;
            }
            match &rule.form {
                Form::Template(template) => {
                    let mut of: Vec<String> = template.literals().flat_map(Literal::words).collect();
                    of.sort_by_key(|word| std::cmp::Reverse(word.len()));
                    of.dedup();
                    words.extend(of.into_iter().take(2).map(|word| word.chars().take(12).collect()));
                }
                Form::Name(_) => words.push(rule.text.to_string()),
                Form::Regex(groups) => {
                    words.extend(groups.first().into_iter().flat_map(|group| group.iter()).filter_map(|literal| longest_word(literal)));
                }
            }
        }
        words.retain(|word| word.len() >= 4);
        words.sort();
        words.dedup();
        let searcher = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostFirst)
            .build(&words)
            .expect("some thousand short words");
        Self { searcher }
    }

    /// The offsets of candidates, ascending.
    pub fn find<'b>(&self, bytes: &'b [u8]) -> impl Iterator<Item = usize> + use<'_, 'b> {
        self.searcher.find_iter(bytes).map(|found| found.start())
    }
}

/// The longest word of a skeleton.
fn longest_word(skeleton: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(skeleton);
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').max_by_key(|word| word.len()).map(str::to_owned)
}
