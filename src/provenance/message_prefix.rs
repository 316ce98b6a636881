//! Message prefixes: what stands on a line between its line prefix and a message. A client's own
//! prefix (`API Error: 400 `) says whose words follow, a word such as `Error:` that a message does.

use crate::catalog::Str;
use crate::catalog::provenance_rules::{Provenance, WordList};
use crate::text::find;

/// The kinds of message prefixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MessagePrefix {
    /// Nothing but punctuation.
    None,
    /// A word that announces a message, `Error:`, or a status.
    Announced,
    /// What only Claude's clients say: `API Error: 400 `.
    Client,
    /// Other text.
    Text,
}

/// Punctuation that may stand before a message and says nothing of it.
const PUNCTUATION: &[char] = &[
    '"', '\'', '`', '(', '[', '{', '<', '*', ' ', '\t', ':', '-', '·', '∙', '—', '.', ',', '|',
    '❌', '✘', '\\', '→', '/', '=', '!',
];

/// Whether a line begins with a client's own prefix.
pub(super) fn begins_report(rules: &Provenance, line: &[u8]) -> bool {
    rules.words(WordList::Client).iter().any(|prefix| line.starts_with(prefix.as_bytes()))
}

/// Whether a text ends with a word that announces a message, outside of quotation marks:
/// `Agent "x" failed: `.
pub(super) fn announces(rules: &Provenance, before: &[u8]) -> bool {
    let open = memchr::memchr_iter(b'"', before).count() % 2 == 1;
    !open
        && before.strip_suffix(b": ").is_some_and(|text| {
            rules.words(WordList::Announce).iter().any(|word| text.ends_with(word.as_bytes()))
        })
}

/// Tells which kind of prefix the text before a message is.
pub(super) fn classify(rules: &Provenance, before: &[u8]) -> MessagePrefix {
    // The client's words, unless somebody quotes them: what follows them then is a quotation mark.
    let ends = |prefix: &Str| find::last(before, prefix.as_bytes()).map(|at| at + prefix.len());
    if let Some(end) = rules.words(WordList::Client).iter().filter_map(ends).max()
        && !matches!(before[end..].iter().find(|byte| **byte != b':'), Some(b'"' | b'`' | b'\''))
    {
        return MessagePrefix::Client;
    }
    let text = String::from_utf8_lossy(before);
    let mut text = text.trim_end_matches(PUNCTUATION);
    let mut seen = MessagePrefix::None;
    while !text.is_empty() {
        let digits = text.len() - text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let rest = if digits == 3 {
            Some(&text[..text.len() - 3])
        } else {
            let words = rules.words(WordList::Announce).iter();
            words.filter_map(|word| text.strip_suffix(word.as_ref())).min_by_key(|rest| rest.len())
        };
        match rest {
            Some(rest) if !rest.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_') => {
                text = rest.trim_end_matches(PUNCTUATION);
            }
            _ => return MessagePrefix::Text,
        }
        seen = MessagePrefix::Announced;
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    #[test]
    fn prefixes_of_messages() {
        let catalog = Catalog::builtin();
        let kind = |before: &str| classify(catalog.provenance(), before.as_bytes());
        for before in [
            "API Error: ",
            "API Error: 400 ",
            "API Error (",
            "Failed to authenticate. API Error: 401 ",
            "Error: Claude Code returned an error result: API Error: 400 ",
        ] {
            assert_eq!(kind(before), MessagePrefix::Client, "{before}");
        }
        for before in [
            "Error: ",
            "❌ Error: ",
            "\"result\": \"",
            "Error: 400 ",
            "error: ",
            "level=error msg=\"",
        ] {
            assert_eq!(kind(before), MessagePrefix::Announced, "{before}");
        }
        for before in [
            "bash: warning: ",
            "openai.APIConnectionError: ",
            "the ",
            "llama_generate: error: ",
            "[api] Error: ",
        ] {
            assert_eq!(kind(before), MessagePrefix::Text, "{before}");
        }
        assert_eq!(kind(""), MessagePrefix::None);
    }
}
