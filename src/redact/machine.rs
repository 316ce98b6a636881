//! What a machine made, as opposed to what people write: the values of credentials look like it,
//! and so do the ids of requests and sessions, which support asks for and which therefore stay.

/// Values that say that there is none.
const NOTHING: &[&str] = &[
    "none",
    "null",
    "nil",
    "false",
    "true",
    "undefined",
    "missing",
    "unset",
    "empty",
    "required",
    "invalid",
    "unknown",
    "redacted",
    "hidden",
];

/// How public ids begin: of requests, messages, tools, sessions, accounts, checksums, commits.
const PUBLIC: &[&str] = &[
    "req_",
    "msg_",
    "toolu_",
    "srvtoolu_",
    "msgbatch_",
    "session_",
    "resp_",
    "call_",
    "chatcmpl-",
    "cmpl-",
    "gen-",
    "run_",
    "thread_",
    "file_",
    "file-",
    "org_",
    "org-",
    "wrkspc_",
    "user_",
    "evt_",
    "sha1-",
    "sha256-",
    "sha384-",
    "sha512-",
    "pr_",
    "commit-",
    "build-",
    "trace-",
    "request-",
    "request_id_",
    "event_",
];

/// Whether a value has digits or capitals among its letters, signs of base64, or our own mask: no
/// word of a sentence has.
pub(super) fn looks_generated(value: &[u8]) -> bool {
    value.iter().any(|b| b.is_ascii_digit() || b"_=+/*[".contains(b))
        || value.windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
}

/// Whether a value, or a part of it without punctuation, is a jumble of letters and digits. A
/// package such as `rk-3588-board-support` and a model such as `claude-opus-4-5-20251101` are none.
pub(super) fn is_jumble(value: &[u8]) -> bool {
    let parts = || value.split(|byte| !byte.is_ascii_alphanumeric());
    let is_hash = |part: &[u8]| is_hex(part) && is_mixed(part, 20);
    parts().any(|part| is_jumbled(part.iter().copied(), 8, 5) || is_hash(part))
        || is_jumbled(parts().flatten().copied(), 24, 4)
}

/// Whether letters and digits, of which there are enough, change often enough between capitals, small
/// letters and digits: at least four times, and once in so many. A word's first letter is no change.
fn is_jumbled(text: impl Iterator<Item = u8>, shortest: usize, rarest: usize) -> bool {
    let class = |byte: u8| (byte.is_ascii_digit(), byte.is_ascii_uppercase());
    let (mut count, mut changes, mut digits, mut before) = (0, 0, 0, None);
    for byte in text {
        digits += usize::from(byte.is_ascii_digit());
        let now = class(byte);
        let is_word = before == Some((false, true)) && now == (false, false);
        changes += usize::from(before.is_some_and(|before| before != now) && !is_word);
        before = Some(now);
        count += 1;
    }
    count >= shortest && digits > 0 && changes >= 4 && changes * rarest >= count - 1
}

/// Whether a part of a value, without punctuation and of so many bytes at least, has both letters
/// and digits, like a password that people choose.
pub(super) fn is_mixed(value: &[u8], least: usize) -> bool {
    value.split(|byte| !byte.is_ascii_alphanumeric()).any(|part| {
        part.len() >= least
            && part.iter().any(u8::is_ascii_digit)
            && part.iter().any(u8::is_ascii_alphabetic)
    })
}

/// Whether a value says that there is none, as `None` and `false` do.
pub(super) fn is_nothing(value: &[u8]) -> bool {
    let first = value.split(u8::is_ascii_whitespace).next().unwrap_or_default();
    let end = first.iter().rposition(u8::is_ascii_alphanumeric).map_or(0, |last| last + 1);
    NOTHING.iter().any(|nothing| first[..end].eq_ignore_ascii_case(nothing.as_bytes()))
}

/// Whether a value begins as public ids or times do.
pub(super) fn is_public_id(value: &[u8]) -> bool {
    let is_date = value.len() > 10
        && value[..10].iter().enumerate().all(|(index, byte)| {
            if matches!(index, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() }
        });
    is_date
        || PUBLIC.iter().any(|id| {
            value.get(..id.len()).is_some_and(|start| start.eq_ignore_ascii_case(id.as_bytes()))
        })
}

/// Whether a value begins with a UUID (RFC 9562).
pub(super) fn is_uuid(value: &[u8]) -> bool {
    value.len() >= 36
        && value[..36].iter().enumerate().all(|(index, byte)| {
            if matches!(index, 8 | 13 | 18 | 23) { *byte == b'-' } else { byte.is_ascii_hexdigit() }
        })
}

/// Whether a value is a hash such as the name of a commit.
pub(super) fn is_hex(value: &[u8]) -> bool {
    value.iter().all(u8::is_ascii_hexdigit)
}

/// Whether a text begins with a word of a sentence, with the name of a field, or with a public id.
/// A secret's last letters may look like that, too, but to take the first word of the next line for
/// them would mask, and keep from being recognised, whatever is reported there.
pub(super) fn begins_anew(text: &[u8]) -> bool {
    is_public_id(text) || is_uuid(text) || is_word(text)
}

fn is_word(text: &[u8]) -> bool {
    let name = text.iter().take_while(|b| b.is_ascii_alphabetic() || b"_-".contains(b)).count();
    let plain = |part: &[u8]| {
        !part.is_empty()
            && (part.iter().all(u8::is_ascii_uppercase)
                || part.iter().skip(1).all(u8::is_ascii_lowercase))
    };
    let ends = match &text[name..] {
        [] | [b'"' | b'\'', b':' | b'=', ..] => true,
        // A variable and its value; a secret in base64 ends in `=`.
        [b'=', next, ..] => !next.is_ascii_whitespace() && *next != b'=',
        [b':' | b'.' | b',' | b';' | b'!' | b'?' | b')', rest @ ..] => {
            rest.first().is_none_or(u8::is_ascii_whitespace)
        }
        [next, ..] => next.is_ascii_whitespace(),
    };
    (1..=40).contains(&name) && ends && text[..name].split(|b| b"_-".contains(b)).all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_no_jumble() {
        for text in [
            "rk-3588-board-support-package",
            "claude-opus-4-5-20251101",
            "InvalidRequestError",
            "OAuth2Token",
            "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
            "npm_lifecycle_event",
            "2026-08-09T14:00:00Z",
            "cache_creation_input_tokens=12345",
            "cl100k_base",
            "@anthropic-ai/sdk@0.32.1",
        ] {
            assert!(!is_jumble(text.as_bytes()), "{text}");
        }
        for text in [
            "aB3dE5fG7hI9",
            "0123456789abcdef0123a",
            "Y_kv5ZJr3J1TWDtkwtDDb",
            "5863206aa5bb8e0f0d6eb1c4",
        ] {
            assert!(is_jumble(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_is_not_there_is_nothing() {
        assert!(is_nothing(b"None") && is_nothing(b"null,") && is_nothing(b"none of it"));
        assert!(!is_nothing(b"nonesuch1") && !is_nothing(b""));
    }
}
