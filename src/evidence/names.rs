//! The names of `catalog/context.toml` in a text: Claude's, those through which it is called, and other vendors'.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::catalog::Catalog;

/// The names of `catalog/context.toml`.
struct Names {
    searcher: AhoCorasick,
    /// For each pattern the list it is from.
    lists: Vec<List>,
}

/// The lists, as indices of [`LISTS`].
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

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let all: Vec<(&str, List)> = LISTS.iter().flat_map(|&(name, list)| Catalog::context(name).iter().map(move |word| (*word, list))).collect();
    let words = all.iter().map(|(word, _)| word);
    // The slowest searcher is the quickest to build, and most runs search one message with it.
    let searcher = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .kind(Some(AhoCorasickKind::NoncontiguousNFA))
        .build(words)
        .expect("a few dozen short words");
    Names { searcher, lists: all.iter().map(|(_, list)| *list).collect() }
});

/// Reports every name in a text and where it stands.
pub(super) fn find(text: &[u8], mut report: impl FnMut(List, usize)) {
    for found in NAMES.searcher.find_iter(text) {
        let list = NAMES.lists[found.pattern().as_usize()];
        if list != List::Foreign || is_word(text, found.start(), found.end()) {
            report(list, found.start());
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
