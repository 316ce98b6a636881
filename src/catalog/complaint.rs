//! Complaints: what people type when answers are bad. There is no message to match, so a complaint is
//! a few lists of words, of each of which one is said in the same sentence, in any order:
//! `["model", "worse"]` finds `Claude got worse` and `why is it so bad, Claude`. A list can also
//! forbid words: with `!gpt*` in it, whatever names another model is no complaint of ours. `^couldn't`
//! is said where a sentence begins.

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

/// A word of a list: whole, or only its beginning where the catalog has `wors*`. Scripts without
/// spaces between words have no whole ones. With `!` before it, it must not be said; with `^`, a
/// sentence must begin with it, but for an `Error:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Its letters, folded, behind the `!` or `^`.
    pub text: Cow<'static, str>,
    /// It must end where the text's word does.
    pub whole: bool,
}

impl Word {
    /// Reads a word.
    pub fn new(text: &str) -> Self {
        let (text, stem) = text.strip_suffix('*').map_or((text, false), |text| (text, true));
        let text = fold(text);
        let whole = !stem && text.chars().next_back().is_some_and(|c| !is_dense(c));
        Self { text: text.into(), whole }
    }

    /// Its letters, and whether they must not be said.
    fn letters(&self) -> (&str, bool) {
        self.text.strip_prefix('!').map_or((&self.text, false), |letters| (letters, true))
    }

    /// Whether the word stands in a folded text.
    fn stands(&self, text: &str) -> bool {
        let (letters, _) = self.letters();
        let first = letters.strip_prefix('^');
        let letters = first.unwrap_or(letters);
        let opens = |at: usize| {
            let before = text[..at].trim_end();
            first.is_none() || before.is_empty() || before == "error:"
        };
        let joins = |c: char| c.is_alphanumeric() && !is_dense(c);
        let begins = |at: usize| !text[at..].starts_with(joins) || !text[..at].ends_with(joins);
        let ends = |end: usize| !self.whole || !text[end..].starts_with(joins);
        find::all(text.as_bytes(), letters.as_bytes())
            .any(|at| begins(at) && ends(at + letters.len()) && opens(at))
    }
}

impl Complaint {
    /// How much of it a folded sentence says, in bytes: of each list the longest word. `None` where
    /// it does not say all of it. A list that only forbids words is said by their absence.
    pub fn said(groups: &[List<Word>], sentence: &str) -> Option<usize> {
        let said = |group: &List<Word>| {
            let stands = |word: &&Word| word.stands(sentence);
            let forbids = |word: &&Word| word.letters().1;
            if group.iter().filter(forbids).any(|word| stands(&word)) {
                return None;
            }
            let longest = group.iter().filter(stands).map(|word| word.text.len()).max();
            longest.or_else(|| group.iter().all(|word| forbids(&word)).then_some(0))
        };
        groups.iter().map(said).sum::<Option<usize>>().filter(|said| *said > 0)
    }
}

/// Letters as they are compared: in one case and without accents and hyphens, which people leave
/// out.
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
fn is_dense(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_said_in_any_order_and_whole() {
        let list = |words: &[&str]| words.iter().map(|word| Word::new(word)).collect::<List<_>>();
        let groups = [
            list(&["claude", "modell", "!poem*"]),
            list(&["wors*", "bete", "变笨", "dumb", "half assed"]),
            list(&["!gpt*"]),
        ];
        for (text, said) in [
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
            assert_eq!(Complaint::said(&groups, &fold(text)).is_some(), said, "{text}");
        }
        assert_eq!(Complaint::said(&groups, "claude is worse, half assed"), Some(16));
        assert_eq!(Complaint::said(&groups[2..], "nothing"), None);
        let opening = [list(&["^couldn't", "^can't"])];
        for (text, said) in [
            ("Couldn't reach it", true),
            ("Error: can't reach it", true),
            ("We couldn't reach it", false),
        ] {
            assert_eq!(Complaint::said(&opening, &fold(text)).is_some(), said, "{text}");
        }
    }
}
