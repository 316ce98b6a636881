//! The names of `catalog/context.toml` in a text: Claude's, those through which it is called, and
//! other vendors'.

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

const LISTS: [(&str, List); 3] =
    [("caller", List::Caller), ("claude", List::Claude), ("foreign", List::Foreign)];

/// Bytes of a head: what is looked at of nearly every place.
const HEAD: usize = 4;

/// The names of all lists.
struct Names {
    /// With the hash of the head.
    words: Vec<(usize, Vec<u8>, List)>,
    /// The hashes, as bits.
    heads: [u64; 64],
}

impl Names {
    fn get() -> &'static Self {
        static NAMES: OnceLock<Names> = OnceLock::new();
        NAMES.get_or_init(|| {
            let mut names = Self { words: Vec::new(), heads: [0; 64] };
            for (name, list) in LISTS {
                let words = Catalog::context(name)
                    .iter()
                    .map(|word| word.to_ascii_lowercase().into_bytes());
                names.words.extend(words.map(|word| (hash(&word), word, list)));
            }
            for (hash, ..) in &names.words {
                names.heads[hash >> 6] |= 1 << (hash & 63);
            }
            names
        })
    }

    /// Reports the names that stand at a place, where a head has this hash.
    fn at(&self, text: &[u8], at: usize, hash: usize, report: &mut impl FnMut(List, usize)) {
        for (_, word, list) in self.words.iter().filter(|(of, ..)| *of == hash) {
            let stands =
                text[at..].get(..word.len()).is_some_and(|bytes| bytes.eq_ignore_ascii_case(word));
            let counts = || match list {
                List::Claude => !is_place(text, at),
                List::Caller => true,
                List::Foreign => is_word(text, at, at + word.len()),
            };
            if stands && begins_word(text, at) && counts() {
                report(*list, at);
            }
        }
    }
}

/// Twelve bits of the head of a text, the same in any case.
fn hash(text: &[u8]) -> usize {
    let head = text.first_chunk::<HEAD>().map_or(0, |head| u32::from_le_bytes(*head));
    ((head | 0x2020_2020).wrapping_mul(0x9e37_79b1) >> 20) as usize
}

/// Reports every name in a text and where it stands, in the order of the text.
pub(super) fn find(text: &[u8], mut report: impl FnMut(List, usize)) {
    let names = Names::get();
    for (at, head) in text.windows(HEAD).enumerate() {
        let hash = hash(head);
        if names.heads[hash >> 6] >> (hash & 63) & 1 == 1 {
            names.at(text, at, hash, &mut report);
        }
    }
}

/// No name begins inside a word, as `cc switch` would in `gcc switches`; `useClaude` and `\nclaude`
/// are two words.
fn begins_word(text: &[u8], at: usize) -> bool {
    match text[..at] {
        [.., b'\\', b'n' | b'r' | b't'] => true,
        [.., before] if before.is_ascii_alphanumeric() => {
            text[at].is_ascii_uppercase() && !before.is_ascii_uppercase()
                || !text[at].is_ascii_alphanumeric()
        }
        _ => true,
    }
}

/// Whether a name stands in an address of a host that only keeps code or packages, as in
/// `https://github.com/anthropics/claude-code.git`, or in the path of a folder that somebody has
/// called so: `bob@pc:~/claude-demo$`.
fn is_place(text: &[u8], at: usize) -> bool {
    const ADDRESS: usize = 200;
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`<>()".contains(byte);
    let head = &text[at.saturating_sub(ADDRESS)..at];
    let head = &head[head.iter().rposition(ends).map_or(0, |before| before + 1)..];
    if let Some(scheme) = memchr::memmem::rfind(head, b"://") {
        let host =
            head[scheme + 3..].split(|byte| b"/:?".contains(byte)).next().unwrap_or_default();
        let is = |forge: &&str| {
            host.strip_suffix(forge.as_bytes())
                .is_some_and(|rest| matches!(rest.last(), None | Some(b'.' | b'@')))
        };
        return Catalog::context("forge").iter().any(is);
    }
    // A prompt may stand before the path.
    let path = &head[head.iter().rposition(|byte| *byte == b':').map_or(0, |colon| colon + 1)..];
    if !matches!(path.first(), Some(b'/' | b'~'))
        || [&b"node_modules/"[..], b"-packages/"]
            .iter()
            .any(|of| memchr::memmem::find(path, of).is_some())
    {
        return false;
    }
    let start = at - path.iter().rev().take_while(|byte| **byte != b'/').count();
    let folder = &text[start..text.len().min(start + ADDRESS)];
    let folder =
        folder.split(|byte| ends(byte) || b"/:$#%,;".contains(byte)).next().unwrap_or_default();
    !Catalog::context("folder").iter().any(|own| folder.eq_ignore_ascii_case(own.as_bytes()))
}

/// Names of vendors are whole words; `claude` may well be part of `claude-code-router` or
/// `CLAUDE_CODE_USE_BEDROCK`.
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
        find(b"gcc switch, x CLAUDE-code, via OpenAI2; notopenai, openais, LiteLLM", |list, at| {
            found.push((list, at))
        });
        assert_eq!(found, [(List::Claude, 14), (List::Foreign, 31), (List::Caller, 60)]);
        for (text, claude) in [
            ("unable to access 'https://github.com/anthropics/claude-code.git/'", false),
            ("https://registry.npmjs.org/@anthropic-ai%2fclaude-code", false),
            ("https://api.anthropic.com/v1/messages https://github.com/x", true),
            ("see https://github.com/x, Claude", true),
            ("bob@pc:~/my-claude$ npm test", false),
            ("at /home/bob/claude-demo/db.js:3:4", false),
            ("at file:///home/bob/.claude/local/cli.js", true),
            ("/usr/local/bin/claude: line 3", true),
            ("/app/node_modules/langchain-anthropic/x.js", true),
            ("POST /v1/messages", true),
            ("bedrock/anthropic.claude-3", true),
        ] {
            let mut named = false;
            find(text.as_bytes(), |list, _| named |= list == List::Claude);
            assert_eq!(named, claude, "{text}");
        }
    }

    #[test]
    fn the_word_lists_are_sorted_and_in_use() {
        for name in
            LISTS.map(|(name, _)| name).into_iter().chain(["client", "folder", "forge", "record"])
        {
            let words = Catalog::context(name);
            assert!(
                words.is_sorted_by_key(|word| word.to_lowercase()) && !words.is_empty(),
                "{name} is sorted"
            );
            assert!(
                words.iter().all(|word| word.len() >= HEAD),
                "{name} has nothing shorter than a head"
            );
        }
    }
}
