//! Mentions of vendors in a text: of Claude, of a program through which Claude is called, of
//! another vendor, of an address of the API.

use super::names::{NameFilter, SHORTEST};
use crate::catalog::Str;
use crate::catalog::provenance_rules::{Provenance, Speaker, Topic, WordList};

/// A name of a vendor or an endpoint.
#[derive(Debug)]
struct VendorName {
    /// The name in lower case.
    word: Vec<u8>,
    speaker: Speaker,
    endpoint: bool,
    rule: u16,
}

/// A name in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    /// Whose name it is.
    pub(super) speaker: Speaker,
    /// It is an address of the API.
    pub(super) endpoint: bool,
    /// The index of the provenance rule that has the name.
    pub(crate) rule: u16,
    /// The offset of its first byte.
    pub(super) at: usize,
}

/// The names of all vendors and endpoints.
#[derive(Debug)]
pub(crate) struct Vendors<'c> {
    provenance: &'c Provenance,
    names: Vec<VendorName>,
    filter: NameFilter,
}

/// A set of speakers, and whether an address of the API is among what names them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SpeakerSet {
    bits: u8,
    /// An address of the API is named.
    pub(super) endpoint: bool,
}

impl SpeakerSet {
    /// Whether a speaker is in the set.
    pub(super) fn has(self, speaker: Speaker) -> bool {
        self.bits >> speaker as u8 & 1 == 1
    }

    /// Adds a speaker.
    pub(super) fn add(&mut self, speaker: Speaker) {
        self.bits |= 1 << speaker as u8;
    }
}

impl Extend<Mention> for SpeakerSet {
    fn extend<I: IntoIterator<Item = Mention>>(&mut self, mentions: I) {
        for mention in mentions {
            self.add(mention.speaker);
            self.endpoint |= mention.endpoint;
        }
    }
}

impl<'c> Vendors<'c> {
    /// Collects the names of a catalog's vendor and endpoint rules.
    pub(super) fn new(provenance: &'c Provenance) -> Self {
        let mut names = Vec::new();
        for (index, rule) in provenance.rules.iter().enumerate() {
            let speaker = match rule.topic {
                Topic::Endpoint => Some(Speaker::Claude),
                Topic::Vendor => rule.speaks,
                _ => None,
            };
            let Some(speaker) = speaker else { continue };
            for word in rule.names.iter().filter(|word| word.len() >= SHORTEST) {
                let word = word.to_ascii_lowercase().into_bytes();
                // Where forms say what counts, a name alone is only a name.
                let endpoint = rule.topic == Topic::Endpoint && rule.forms.is_empty();
                names.push(VendorName { word, speaker, endpoint, rule: index as u16 });
            }
        }
        let filter = NameFilter::new(names.iter().map(|name| name.word.as_slice()));
        Self { provenance, names, filter }
    }

    /// Reports every name in a text, in the order of the text.
    pub(crate) fn find(&self, text: &[u8], mut report: impl FnMut(Mention)) {
        self.filter.find(text, |at, number| {
            let name = &self.names[number];
            if begins_word(text, at) && self.is_mention(name, text, at) {
                let VendorName { speaker, endpoint, rule, .. } = *name;
                report(Mention { speaker, endpoint, rule, at });
            }
        });
    }

    /// Whether a name stands at an offset and means the vendor there.
    fn is_mention(&self, name: &VendorName, text: &[u8], at: usize) -> bool {
        let end = at + name.word.len();
        if !text.get(at..end).is_some_and(|word| word.eq_ignore_ascii_case(&name.word)) {
            return false;
        }
        // A path that goes on is another path.
        let goes_on = |b: &u8| b.is_ascii_alphanumeric() || b"/_-".contains(b);
        let ends = name.word.first() != Some(&b'/')
            || !name.word.last().is_some_and(u8::is_ascii_alphanumeric)
            || !text.get(end).is_some_and(goes_on);
        ends && match name.speaker {
            // A name with a slash is a path of Claude's own already.
            Speaker::Claude => name.word.contains(&b'/') || !self.in_address(text, at),
            Speaker::Caller | Speaker::Background => true,
            Speaker::Other => is_word(text, at, end),
        }
    }

    /// Whether a name stands in the address of a host that only keeps code or packages, as in
    /// `https://github.com/anthropics/claude-code.git`, or in the path of a folder that somebody
    /// has called so: `bob@pc:~/claude-demo$`.
    fn in_address(&self, text: &[u8], at: usize) -> bool {
        /// The longest address and the longest folder's name that are read, in bytes.
        const ADDRESS: usize = 200;
        let ends = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`<>()".contains(byte);
        let before = &text[at.saturating_sub(ADDRESS)..at];
        let before = &before[before.iter().rposition(ends).map_or(0, |end| end + 1)..];
        if let Some(scheme) = memchr::memmem::rfind(before, b"://") {
            let host = before[scheme + 3..].split(|byte| b"/:?".contains(byte)).next();
            let is = |forge: &Str| {
                host.and_then(|host| host.strip_suffix(forge.as_bytes()))
                    .is_some_and(|rest| matches!(rest.last(), None | Some(b'.' | b'@')))
            };
            return self.provenance.words(WordList::Forge).iter().any(is);
        }
        // A prompt may stand before the path.
        let path = &before[memchr::memrchr(b':', before).map_or(0, |colon| colon + 1)..];
        let is_path = matches!(path.first(), Some(b'/' | b'~'));
        let in_folder = |folder: &[u8]| memchr::memmem::find(path, folder).is_some();
        if !is_path || in_folder(b"node_modules/") || in_folder(b"-packages/") {
            return false;
        }
        let start = at - path.iter().rev().take_while(|byte| **byte != b'/').count();
        let folder = &text[start..text.len().min(start + ADDRESS)];
        let folder = folder.split(|byte| ends(byte) || b"/:$#%,;".contains(byte)).next();
        let folder = folder.unwrap_or_default();
        let mut own = self.provenance.words(WordList::Folder).iter();
        !own.any(|own| folder.eq_ignore_ascii_case(own.as_bytes()))
    }
}

/// Whether a name that begins at an offset begins a word: `cc switch` does not in `gcc switches`;
/// `claude` does in `useClaude` and after an escaped line break, `\nclaude`.
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

/// Whether a span is a whole word, as names of other vendors have to be; `claude` may be part of
/// `claude-code-router` or `CLAUDE_CODE_USE_BEDROCK`.
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
        vendors.find(text, |mention| found.push((mention.speaker, mention.at)));
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
            vendors.find(text.as_bytes(), |mention| named |= mention.speaker == Speaker::Claude);
            assert_eq!(named, claude, "{text}");
        }
    }
}
