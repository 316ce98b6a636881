//! Complaints: what people type when answers are bad. There is no message to match, so a complaint is
//! a few lists of words, of each of which one must be in the same sentence, in any order:
//! `["model", "worse"]` finds `Claude got worse` and `why is it so bad, Claude`. A word with `!` before
//! it must not be in the sentence: `!gpt*` excludes other models. One with `^` must begin it.

use std::borrow::Cow;

use super::entry::{List, Str};
use crate::text::find;

/// A kind of complaint.
#[derive(Clone, Debug)]
pub struct Complaint {
    /// The names of its lists, as `--why` shows them.
    pub text: Str,
    /// The lists.
    pub groups: List<List<Word>>,
}

/// A word of a list, compared whole, or as the beginning of a word where the catalog has `wors*` and in
/// scripts without spaces between words. With `!` before it, it must not be in the sentence; with `^`,
/// the sentence must begin with it, but for an `Error:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The `!` or `^`, if any, and its letters, folded.
    pub text: Cow<'static, str>,
    /// Whether it must end where a word of the sentence does.
    pub whole: bool,
}

impl Word {
    /// Parses a word of a list.
    pub fn new(text: &str) -> Self {
        let (text, stem) = text.strip_suffix('*').map_or((text, false), |text| (text, true));
        let text = fold(text);
        let whole = !stem && text.chars().next_back().is_some_and(|c| !is_unspaced(c));
        Self { text: text.into(), whole }
    }

    /// The word without its `!`, and whether it had one.
    fn exclusion(&self) -> (&str, bool) {
        self.text.strip_prefix('!').map_or((&self.text, false), |letters| (letters, true))
    }

    /// Whether a folded sentence has the word.
    fn is_in(&self, text: &str) -> bool {
        let (letters, _) = self.exclusion();
        let first = letters.strip_prefix('^');
        let letters = first.unwrap_or(letters);
        let opens = |at: usize| {
            let before = text[..at].trim_end();
            first.is_none() || before.is_empty() || before == "error:"
        };
        let joins = |c: char| c.is_alphanumeric() && !is_unspaced(c);
        let begins = |at: usize| !text[at..].starts_with(joins) || !text[..at].ends_with(joins);
        let ends = |end: usize| !self.whole || !text[end..].starts_with(joins);
        find::all(text.as_bytes(), letters.as_bytes())
            .any(|at| begins(at) && ends(at + letters.len()) && opens(at))
    }
}

impl Complaint {
    /// The bytes of the longest words of each list that a folded sentence has, together. `None` where
    /// it has no word of some list, or an excluded one. A list of excluded words only wants no word.
    pub fn matched_bytes(groups: &[List<Word>], sentence: &str) -> Option<usize> {
        let matched = |group: &List<Word>| {
            let present = |word: &&Word| word.is_in(sentence);
            let excluded = |word: &&Word| word.exclusion().1;
            if group.iter().filter(excluded).any(|word| present(&word)) {
                return None;
            }
            let longest = group.iter().filter(present).map(|word| word.text.len()).max();
            longest.or_else(|| group.iter().all(|word| excluded(&word)).then_some(0))
        };
        groups.iter().map(matched).sum::<Option<usize>>().filter(|bytes| *bytes > 0)
    }
}

/// Folds text for comparison: one case, and no accents and hyphens, which people leave out.
pub(crate) fn fold(text: &str) -> String {
    let plain = |c: char| match c {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        '’' => '\'',
        '-' => ' ',
        'ё' => 'е',
        other => other,
    };
    text.chars().flat_map(char::to_lowercase).map(plain).collect()
}

/// Whether a letter is of a script that puts no spaces between words.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_match_in_any_order_and_whole() {
        let list = |words: &[&str]| words.iter().map(|word| Word::new(word)).collect::<List<_>>();
        let groups = [
            list(&["claude", "modell", "!poem*"]),
            list(&["wors*", "bete", "变笨", "dumb", "half assed"]),
            list(&["!gpt*"]),
        ];
        for (text, matches) in [
            ("Claude is getting worse", true),
            ("so much WORSE now, Claude", true),
            ("claude est bête", true),
            ("Claude最近变笨了", true),
            ("half-assed, Claude", true),
            ("Claude plays with dumbbells", false),
            ("the weather is worse", false),
            ("clauders are worse", false),
            ("Claude is worse than GPT-4", false),
            ("Claude's poems are worse", false),
        ] {
            assert_eq!(Complaint::matched_bytes(&groups, &fold(text)).is_some(), matches, "{text}");
        }
        assert_eq!(Complaint::matched_bytes(&groups, "claude is worse, half assed"), Some(16));
        assert_eq!(Complaint::matched_bytes(&groups[2..], "nothing"), None);
        let opening = [list(&["^couldn't", "^can't"])];
        for (text, matches) in [
            ("Couldn't reach it", true),
            ("Error: can't reach it", true),
            ("We couldn't reach it", false),
        ] {
            assert_eq!(
                Complaint::matched_bytes(&opening, &fold(text)).is_some(),
                matches,
                "{text}"
            );
        }
    }
}
