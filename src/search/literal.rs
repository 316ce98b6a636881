//! The rest of a literal compared with the raw bytes on either side of its anchor.
//!
//! This is what `text::skeleton` does, byte by byte and without making a skeleton: most comparisons
//! end at the second byte. It knows nothing of escapes and of characters beyond ASCII.

use crate::text::colour;
use crate::text::skeleton::{self, ByteClass};

/// What came of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    /// The rest of the literal does not stand there.
    Differs,
    /// It may; where it ends cannot be told here.
    Unknown,
    /// It does, up to this offset of the text.
    Equal(usize),
}

impl Comparison {
    /// The offset at which the literal ends, if that is known.
    pub(super) fn end(self) -> Option<usize> {
        if let Self::Equal(end) = self { Some(end) } else { None }
    }
}

/// Whether two bytes that follow each other are inside one word.
pub(super) fn in_word(one: u8, other: u8) -> bool {
    one.is_ascii_alphanumeric() && other.is_ascii_alphanumeric()
}

/// Compares a literal from `start` on with the text from `at` on.
pub(super) fn forward(text: &[u8], mut at: usize, literal: &[u8], start: usize) -> Comparison {
    let mut matched = start.checked_sub(1).map_or(0, |last| literal[last]);
    for &expected in &literal[start..] {
        let mut new_line = false;
        loop {
            let Some(&byte) = text.get(at) else { return Comparison::Unknown };
            at += 1;
            if byte == expected {
                break;
            }
            match skeleton::classify(byte) {
                ByteClass::Kept(byte) if byte == expected => break,
                ByteClass::Dropped => new_line |= byte == b'\n',
                ByteClass::Kept(b'-') if matched == b'-' => {}
                // A margin; or, beside punctuation, the prefix of the next line.
                ByteClass::Kept(b'|' | b'>') => return Comparison::Unknown,
                ByteClass::Kept(_) if new_line && !in_word(expected, matched) => {
                    return Comparison::Unknown;
                }
                ByteClass::Kept(_) => return Comparison::Differs,
                ByteClass::Unknown if is_bare_backslash(&text[at - 1..]) => {}
                ByteClass::Unknown => match colour::length(&text[at - 1..]) {
                    0 => return Comparison::Unknown,
                    colours => at += colours - 1,
                },
            }
        }
        matched = expected;
    }
    Comparison::Equal(at)
}

/// Whether a text begins with a single backslash that escapes nothing; the skeleton drops it.
fn is_bare_backslash(text: &[u8]) -> bool {
    matches!(text, [b'\\', next, ..] if *next != b'\\' && !skeleton::is_escape(*next))
}

/// Compares a literal up to `end` with the text up to `at`, backwards.
pub(super) fn backward(text: &[u8], mut at: usize, literal: &[u8], end: usize) -> Comparison {
    let mut matched = literal.get(end).copied().unwrap_or(0);
    for &expected in literal[..end].iter().rev() {
        at = match byte_before(text, at, expected, matched) {
            // Beside punctuation this may be the prefix of a line that goes on from the line before.
            Comparison::Differs if !in_word(expected, matched) => {
                let above = memchr::memrchr(b'\n', &text[..at]).unwrap_or(0);
                return match byte_before(text, above, expected, matched) {
                    Comparison::Differs => Comparison::Differs,
                    _ => Comparison::Unknown,
                };
            }
            Comparison::Equal(at) => at,
            other => return other,
        };
        matched = expected;
    }
    Comparison::Equal(at)
}

/// Compares one byte of a literal with what stands before an offset; `matched` is the byte of the
/// literal after it.
fn byte_before(text: &[u8], mut at: usize, expected: u8, matched: u8) -> Comparison {
    loop {
        at = colour::before(&text[..at]);
        let Some(&byte) = at.checked_sub(1).and_then(|before| text.get(before)) else {
            return Comparison::Unknown;
        };
        at -= 1;
        // Read backwards, the last byte of an escape is known by the backslash before it.
        if text[at.saturating_sub(5)..at].contains(&b'\\') {
            return Comparison::Unknown;
        }
        if byte == expected {
            return Comparison::Equal(at);
        }
        match skeleton::classify(byte) {
            ByteClass::Kept(byte) if byte == expected => return Comparison::Equal(at),
            ByteClass::Dropped => {}
            ByteClass::Kept(b'-') if matched == b'-' => {}
            ByteClass::Kept(b'|' | b'>') | ByteClass::Unknown => return Comparison::Unknown,
            ByteClass::Kept(_) => return Comparison::Differs,
        }
    }
}
