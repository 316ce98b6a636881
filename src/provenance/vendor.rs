//! Who is named in a text: Claude, what it is called through, another vendor, an address of the API.

use super::heads::{HEAD, Heads};
use crate::catalog::Str;
use crate::catalog::provenance::{Provenance, Speaker, Topic, Words};

/// A name: its letters in lower case, and whose it is.
#[derive(Debug)]
struct Name {
    word: Vec<u8>,
    speaker: Speaker,
    endpoint: bool,
    rule: u16,
}

/// A name in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// Whose name it is.
    pub(super) speaker: Speaker,
    /// It is an address of the API.
    pub(super) endpoint: bool,
    /// The rule that knows it.
    pub(crate) rule: u16,
    /// Where it begins.
    pub(super) at: usize,
}

/// The names of all vendors and endpoints.
#[derive(Debug)]
pub(crate) struct Vendors<'c> {
    provenance: &'c Provenance,
    names: Vec<Name>,
    heads: Heads,
}

/// Who is named somewhere, as bits of [`Speaker`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Speakers {
    bits: u8,
    /// An address of the API is.
    pub(super) endpoint: bool,
}

impl Speakers {
    /// Whether one of these is named.
    pub(super) fn has(self, speaker: Speaker) -> bool {
        self.bits >> speaker as u8 & 1 == 1
    }

    /// Takes Claude.
    pub(super) fn claude(&mut self) {
        self.bits |= 1 << Speaker::Claude as u8;
    }

    /// Takes one more.
    pub(super) fn add(&mut self, named: Named) {
        self.bits |= 1 << named.speaker as u8;
        self.endpoint |= named.endpoint;
    }
}

impl<'c> Vendors<'c> {
    /// Sorts the names of all rules.
    pub(super) fn new(provenance: &'c Provenance) -> Self {
        let mut names = Vec::new();
        for (index, rule) in provenance.rules.iter().enumerate() {
            let speaker = match rule.topic {
                Topic::Endpoint => Some(Speaker::Claude),
                Topic::Vendor => rule.speaks,
                _ => None,
            };
            let Some(speaker) = speaker else { continue };
            for word in rule.names.iter().filter(|word| word.len() >= HEAD) {
                let word = word.to_ascii_lowercase().into_bytes();
                // Where forms say what counts, a name alone is only a name.
                let endpoint = rule.topic == Topic::Endpoint && rule.forms.is_empty();
                names.push(Name { word, speaker, endpoint, rule: index as u16 });
            }
        }
        let heads = Heads::new(names.iter().map(|name| name.word.as_slice()));
        Self { provenance, names, heads }
    }

    /// Reports every name in a text, in the order of the text.
    pub(crate) fn find(&self, text: &[u8], mut report: impl FnMut(Named)) {
        self.heads.find(text, |at, index| {
            let name = &self.names[index];
            if begins_word(text, at) && self.stands(name, text, at) {
                let Name { speaker, endpoint, rule, .. } = *name;
                report(Named { speaker, endpoint, rule, at });
            }
        });
    }

    fn stands(&self, name: &Name, text: &[u8], at: usize) -> bool {
        let end = at + name.word.len();
        let stands = text.get(at..end).is_some_and(|of| of.eq_ignore_ascii_case(&name.word));
        // A path that goes on is another one.
        let goes_on = |b: &u8| b.is_ascii_alphanumeric() || b"/_-".contains(b);
        let whole = name.word.first() != Some(&b'/')
            || !name.word.last().is_some_and(u8::is_ascii_alphanumeric)
            || !text.get(end).is_some_and(goes_on);
        stands
            && whole
            && match name.speaker {
                // A name with a slash is a place of ours by itself.
                Speaker::Claude => name.word.contains(&b'/') || !self.is_place(text, at),
                Speaker::Caller | Speaker::Background => true,
                Speaker::Other => is_word(text, at, end),
            }
    }

    /// Whether a name stands in an address of a host that only keeps code or packages, as in
    /// `https://github.com/anthropics/claude-code.git`, or in the path of a folder that somebody
    /// has called so: `bob@pc:~/claude-demo$`.
    fn is_place(&self, text: &[u8], at: usize) -> bool {
        const ADDRESS: usize = 200;
        let ends = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`<>()".contains(byte);
        let head = &text[at.saturating_sub(ADDRESS)..at];
        let head = &head[head.iter().rposition(ends).map_or(0, |before| before + 1)..];
        if let Some(scheme) = memchr::memmem::rfind(head, b"://") {
            let host = head[scheme + 3..].split(|byte| b"/:?".contains(byte)).next();
            let is = |forge: &Str| {
                host.and_then(|host| host.strip_suffix(forge.as_bytes()))
                    .is_some_and(|rest| matches!(rest.last(), None | Some(b'.' | b'@')))
            };
            return self.provenance.words(Words::Forge).iter().any(is);
        }
        // A prompt may stand before the path.
        let path = &head[memchr::memrchr(b':', head).map_or(0, |colon| colon + 1)..];
        let is_path = matches!(path.first(), Some(b'/' | b'~'));
        let package = |of: &[u8]| memchr::memmem::find(path, of).is_some();
        if !is_path || package(b"node_modules/") || package(b"-packages/") {
            return false;
        }
        let start = at - path.iter().rev().take_while(|byte| **byte != b'/').count();
        let folder = &text[start..text.len().min(start + ADDRESS)];
        let folder = folder.split(|byte| ends(byte) || b"/:$#%,;".contains(byte)).next();
        let folder = folder.unwrap_or_default();
        let mut own = self.provenance.words(Words::Folder).iter();
        !own.any(|own| folder.eq_ignore_ascii_case(own.as_bytes()))
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

/// Names of vendors are whole words; `claude` may well be part of `claude-code-router` or
/// `CLAUDE_CODE_USE_BEDROCK`.
fn is_word(text: &[u8], start: usize, end: usize) -> bool {
    let word = |b: &u8| b.is_ascii_alphanumeric();
    let goes_on_before = start > 0 && word(&text[start - 1]) && word(&text[start]);
    let goes_on_after = word(&text[end - 1]) && text.get(end).is_some_and(u8::is_ascii_alphabetic);
    !goes_on_before && !goes_on_after
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    #[test]
    fn names_are_found_in_any_case() {
        let catalog = Catalog::builtin();
        let vendors = Vendors::new(catalog.provenance());
        let mut found = Vec::new();
        let text = b"gcc switch, x CLAUDE-code, via OpenAI2; notopenai, openais, LiteLLM";
        vendors.find(text, |named| found.push((named.speaker, named.at)));
        let expected = [(Speaker::Claude, 14), (Speaker::Other, 31), (Speaker::Caller, 60)];
        assert_eq!(found, expected);
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
            ("at generate (/$bunfs/root/claude:442:33840)", true),
        ] {
            let mut named = false;
            vendors.find(text.as_bytes(), |of| named |= of.speaker == Speaker::Claude);
            assert_eq!(named, claude, "{text}");
        }
    }
}
