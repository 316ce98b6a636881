//! The names of `catalog/context.toml` in a text: Claude's, those through which it is called, and other vendors'.

use std::sync::OnceLock;

use crate::catalog::Catalog;

/// The lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    /// Names Claude.
    Claude,
    /// A library or service through which Claude is called.
    Caller,
    /// Names another vendor.
    Foreign,
}

const LISTS: [(&str, List); 3] = [("caller", List::Caller), ("claude", List::Claude), ("foreign", List::Foreign)];

/// The names of all lists, and the pairs of bytes that they begin with, as bits: all that is looked at of nearly every byte.
struct Names {
    words: Vec<(Vec<u8>, List)>,
    pairs: Vec<u64>,
}

impl Names {
    fn get() -> &'static Self {
        static NAMES: OnceLock<Names> = OnceLock::new();
        NAMES.get_or_init(|| {
            let mut names = Self { words: Vec::new(), pairs: vec![0; 1 << 10] };
            for (name, list) in LISTS {
                names.words.extend(Catalog::context(name).iter().map(|word| (word.to_ascii_lowercase().into_bytes(), list)));
            }
            for (word, _) in &names.words {
                let pair = pair(word[0], word[1]);
                names.pairs[pair >> 6] |= 1 << (pair & 63);
            }
            names
        })
    }
}

fn pair(first: u8, second: u8) -> usize {
    usize::from(u16::from_be_bytes([first.to_ascii_lowercase(), second.to_ascii_lowercase()]))
}

/// Reports every name in a text and where it stands, in the order of the text.
pub(super) fn find(text: &[u8], mut report: impl FnMut(List, usize)) {
    let names = Names::get();
    for (at, bytes) in text.windows(2).enumerate() {
        let pair = pair(bytes[0], bytes[1]);
        if names.pairs[pair >> 6] >> (pair & 63) & 1 == 0 {
            continue;
        }
        for (word, list) in &names.words {
            let stands = text[at..].get(..word.len()).is_some_and(|bytes| bytes.eq_ignore_ascii_case(word));
            if stands && (*list != List::Foreign || is_word(text, at, at + word.len())) {
                report(*list, at);
            }
        }
    }
}

/// Names of vendors are whole words; `claude` may well be part of `claude-code-router` or `CLAUDE_CODE_USE_BEDROCK`.
fn is_word(text: &[u8], start: usize, end: usize) -> bool {
    let word = |b: &u8| b.is_ascii_alphanumeric();
    let goes_on_before = start > 0 && word(&text[start - 1]);
    let goes_on_after = word(&text[end - 1]) && text.get(end).is_some_and(u8::is_ascii_alphabetic);
    !goes_on_before && !goes_on_after
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case() {
        let mut found = Vec::new();
        find("x CLAUDE-code, ⎿ via OpenAI2; notopenai, openais, LiteLLM".as_bytes(), |list, at| found.push((list, at)));
        assert_eq!(found, [(List::Claude, 2), (List::Claude, 15), (List::Foreign, 23), (List::Caller, 52)]);
    }

    #[test]
    fn the_word_lists_are_sorted_and_in_use() {
        for name in LISTS.map(|(name, _)| name).into_iter().chain(["client", "record"]) {
            let words = Catalog::context(name);
            assert!(words.is_sorted_by_key(|word| word.to_lowercase()) && !words.is_empty(), "{name} is sorted");
            assert!(words.iter().all(|word| word.len() >= 2), "{name} has nothing of one byte");
        }
    }
}
