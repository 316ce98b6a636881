//! The names of `catalog/context.toml` in a text: Claude's, those through which it is called, and other vendors'.

use memchr::memmem;

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

/// Reports every name in a text and where it stands, list by list. For a message of one line, to build one automaton for
/// all names took a fifth of the whole run; a search for each of them takes next to nothing there.
pub(super) fn find(text: &[u8], mut report: impl FnMut(List, usize)) {
    let lower = text.to_ascii_lowercase();
    for (name, list) in LISTS {
        for word in Catalog::context(name) {
            let word = word.to_ascii_lowercase();
            for at in memmem::find_iter(&lower, &word) {
                if list != List::Foreign || is_word(text, at, at + word.len()) {
                    report(list, at);
                }
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
    fn the_word_lists_are_sorted_and_in_use() {
        for name in LISTS.map(|(name, _)| name).into_iter().chain(["client", "record"]) {
            let words = Catalog::context(name);
            assert!(words.is_sorted_by_key(|word| word.to_lowercase()) && !words.is_empty(), "{name} is sorted");
        }
    }
}
