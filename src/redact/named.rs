//! Secrets that are known by their names, whatever the syntax: after the name of a credential comes
//! a joint (signs, blanks, a few words such as `Some` or `string`), and after that a value that
//! looks made by a machine. So `api_key: Some("…")`, `["api_key"]=> string(40) "…"`,
//! `{<<"x-api-key">>,<<"…">>}`, `| API_KEY | … |` and `Using API key …` need no pattern each.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::MASKED_BYTE;
use super::machine::{is_hex, is_jumble, is_mixed, is_nothing, is_public_id, is_uuid};

/// Bytes of the longest joint, and of the part of a value by which it is judged. Bounds keep hostile
/// text from being read again and again.
const MAX_JOINT: usize = 64;
const MAX_JUDGED: usize = 64;

/// Words in names of credentials, and whether such a word needs no other: `secret` says it, `key`
/// does not.
const WORDS: &[(&str, bool)] = &[
    ("secret", true),
    ("password", true),
    ("passwd", true),
    ("passphrase", true),
    ("passcode", true),
    ("credential", true),
    ("identified by", true),
    ("pwd", true),
    ("token", false),
    ("key", false),
    ("auth", false),
    ("signature", false),
    ("sig", false),
    ("sas", false),
    ("pass", false),
];

/// What makes a key or a token a credential when it stands before it.
const QUALIFIERS: &[&str] = &[
    "api",
    "access",
    "account",
    "admin",
    "app",
    "auth",
    "bearer",
    "bot",
    "client",
    "deploy",
    "encryption",
    "id",
    "license",
    "master",
    "oauth",
    "personal",
    "private",
    "refresh",
    "secret",
    "security",
    "service",
    "session",
    "shared",
    "signing",
    "subscription",
    "x",
];

/// What makes a key none.
const HARMLESS: &[&str] = &[
    "cache",
    "column",
    "foreign",
    "group",
    "hot",
    "idempotency",
    "object",
    "partition",
    "primary",
    "public",
    "routing",
    "sort",
    "unexpected",
    "unique",
];

/// Words of a joint: constructors, types, `%3D`, `&quot;`.
const JOINT_WORDS: &[&str] = &[
    "some", "optional", "string", "str", "just", "value", "val", "values", "b", "u", "is", "was",
    "as", "set", "to", "quot", "provided", "apos", "amp", "22", "27", "34", "39", "20", "3a", "3d",
    "u0022", "u0027", "u003d", "n", "r", "t",
];

static FINDERS: LazyLock<Vec<Finder<'static>>> =
    LazyLock::new(|| WORDS.iter().map(|(word, _)| Finder::new(word)).collect());

/// How sure it is that a name is that of a credential.
#[derive(Clone, Copy, PartialEq)]
enum Name {
    /// `api_key`, `password`.
    Certain,
    /// `key`, `token`, `auth`.
    Possible,
}

/// What stands between a name and its value.
struct Joint {
    /// Where the value begins.
    end: usize,
    /// It has a sign that gives a value: `=`, `:`, `|`, a bracket or a quote.
    assigns: bool,
}

/// Finds the values of named credentials in a text, which is given in lower case, too.
pub(super) fn find(text: &[u8], lower: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for ((word, certain), finder) in WORDS.iter().zip(FINDERS.iter()) {
        let mut from = 0;
        while let Some(at) = finder.find(&lower[from..]).map(|at| from + at) {
            let end = at + word.len();
            let value = name(text, lower, at..end, *certain)
                .and_then(|(name, end)| value(text, lower, name, end));
            from = value.as_ref().map_or(end, |value| value.end);
            found.extend(value);
        }
    }
    found
}

/// How sure it is that a word is the end of the name of a credential, and where the name ends.
fn name(text: &[u8], lower: &[u8], word: Range<usize>, certain: bool) -> Option<(Name, usize)> {
    let before = &lower[word.start.saturating_sub(24)..word.start];
    let before = before.strip_suffix(b"_").or(before.strip_suffix(b"-")).unwrap_or(before);
    let before = before.strip_suffix(b" ").unwrap_or(before);
    let after = |list: &[&str]| list.iter().any(|word| before.ends_with(word.as_bytes()));
    let letter = |at: usize| text.get(at).copied().unwrap_or(b' ');
    let start = word.start.checked_sub(1).map_or(b' ', letter);
    // `hotkey` is a word, `sessionKey` and `DB_KEY` are names.
    let begins = !start.is_ascii_alphabetic()
        || start.is_ascii_lowercase() && letter(word.start).is_ascii_uppercase();
    let qualified = after(QUALIFIERS);
    if after(HARMLESS) || !(begins || qualified || certain) {
        return None;
    }
    let shouted = text[word.clone()].iter().all(u8::is_ascii_uppercase) && start == b'_';
    let next = letter(word.end);
    // Our own mask is no name.
    if start == b'[' && next == b']' && text[word.clone()] == *b"secret" {
        return None;
    }
    let plural = next == b's' && !letter(word.end + 1).is_ascii_alphanumeric();
    if next.is_ascii_lowercase() && !plural {
        return None;
    }
    let rest = text[word.end..].iter().take(24);
    let rest = rest.take_while(|b| b.is_ascii_alphanumeric() || b"_-".contains(b)).count();
    // `token-` may stand before a value, too.
    let end = word.end + rest - usize::from(rest > 0 && letter(word.end + rest - 1) == b'-');
    let sure = certain || (qualified || shouted) && !plural;
    Some((if sure { Name::Certain } else { Name::Possible }, end))
}

/// The value of a credential whose name ends at a place.
fn value(text: &[u8], lower: &[u8], name: Name, end: usize) -> Option<Range<usize>> {
    let joint = joint(text, lower, end)?;
    let rest = &text[joint.end..];
    let judged = &rest[..length(&rest[..rest.len().min(MAX_JUDGED)])];
    let made = match (name, joint.assigns) {
        (Name::Certain, true) => is_mixed(judged, 6) || is_jumble(judged),
        (Name::Certain, false) => (is_mixed(judged, 8) || is_jumble(judged)) && !is_uuid(judged),
        (Name::Possible, true) => is_jumble(judged) && !is_uuid(judged),
        (Name::Possible, false) => {
            is_jumble(judged) && judged.len() >= 16 && !is_hex(judged) && !is_uuid(judged)
        }
    };
    (made && !is_nothing(judged) && !is_public_id(judged))
        .then(|| joint.end..joint.end + length(rest))
}

/// Passes over a joint.
fn joint(text: &[u8], lower: &[u8], start: usize) -> Option<Joint> {
    let mut end = start;
    let mut assigns = false;
    let mut breaks = 0;
    while end < text.len().min(start + MAX_JOINT) {
        match text[end] {
            b'\n' if breaks == 0 => breaks += 1,
            b'\n' | MASKED_BYTE => return None,
            byte if byte.is_ascii_alphanumeric() => {
                let word = lower[end..].iter().take(8).take_while(|b| b.is_ascii_alphanumeric());
                let word = &lower[end..end + word.count()];
                let next = text.get(end + word.len()).copied().unwrap_or(b' ');
                let numbered = word.len() <= 4 && text[end - 1] == b'(' && next == b')';
                let known = numbered && word.iter().all(u8::is_ascii_digit)
                    || JOINT_WORDS.iter().any(|known| word == known.as_bytes()) && glue(next);
                // `%3D` and `\n` stand before the value without a sign in between.
                let escape = match text[end - 1] {
                    _ if end == start => 0,
                    b'%' => 2,
                    b'\\' if word.starts_with(b"u00") => 5,
                    b'\\' if matches!(byte, b'n' | b'r' | b't') => 1,
                    _ => 0,
                };
                let escaped = &lower[end..(end + escape).min(lower.len())];
                if escape > 0 && JOINT_WORDS.iter().any(|known| escaped == known.as_bytes()) {
                    assigns |= escape != 1;
                    end += escape;
                    continue;
                }
                if !known {
                    break;
                }
                end += word.len() - 1;
            }
            byte => assigns |= !matches!(byte, b' ' | b'.' | b'\\' | b'-' | b'/' | b'_'),
        }
        end += 1;
    }
    (end > start && end < text.len() && text[end].is_ascii_alphanumeric())
        .then_some(Joint { end, assigns })
}

/// Whether a byte may follow a word of a joint.
fn glue(byte: u8) -> bool {
    !byte.is_ascii_alphanumeric() && !b"_-./+".contains(&byte)
}

/// Bytes of a value at the start of a text.
fn length(text: &[u8]) -> usize {
    let more = |byte: &&u8| !byte.is_ascii_whitespace() && !b"'\"`<>|,;)}]&".contains(byte);
    let length = text.iter().take_while(more).count();
    // An escaped quote or line break ends it.
    let escape = |at: &usize| {
        text[*at] == b'\\'
            && matches!(text.get(at + 1), None | Some(b'"' | b'\'' | b'\\' | b'n' | b'r' | b't'))
    };
    (0..length).find(escape).unwrap_or(length)
}
