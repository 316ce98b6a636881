//! Complaints: what people type when answers are bad. There is no message to match, so a complaint is
//! a few lists of words, of each of which one is said in the same sentence, in any order:
//! `["model", "worse"]` finds `Claude got worse` and `why is it so bad, Claude`.

use std::borrow::Cow;

use super::entry::{List, Str};

/// A kind of complaint.
#[derive(Clone, Debug)]
pub struct Complaint {
    /// The names of its lists, as `--why` shows them.
    pub text: Str,
    /// The lists.
    pub groups: List<List<Word>>,
}

/// A word of a list: whole, or only its beginning where the catalog has `wors*`. Scripts without
/// spaces between words have no whole ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Its letters, folded.
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

    /// Where the word stands in a folded text.
    fn find(&self, text: &str) -> Option<usize> {
        let joins = |c: char| c.is_alphanumeric() && !is_dense(c);
        let begins = |at: usize| !text[at..].starts_with(joins) || !text[..at].ends_with(joins);
        let ends = |end: usize| !self.whole || !text[end..].starts_with(joins);
        let mut found = text.match_indices(&*self.text);
        found.find(|(at, _)| begins(*at) && ends(at + self.text.len())).map(|(at, _)| at)
    }
}

impl Complaint {
    /// Whether a sentence says it.
    pub fn is_said(groups: &[List<Word>], sentence: &str) -> bool {
        let said = |group: &List<Word>| group.iter().any(|word| word.find(sentence).is_some());
        !groups.is_empty() && groups.iter().all(said)
    }
}

/// Letters as they are compared: in one case and without accents, which people leave out.
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
        let groups = [list(&["claude", "modell"]), list(&["wors*", "bete", "变笨", "dumb"])];
        for (text, said) in [
            ("Claude is getting worse", true),
            ("so much WORSE now, Claude", true),
            ("claude est bête", true),
            ("Claude最近变笨了", true),
            ("Claude plays with dumbbells", false),
            ("the weather is worse", false),
            ("clauders are worse", false),
        ] {
            assert_eq!(Complaint::is_said(&groups, &fold(text)), said, "{text}");
        }
    }
}
