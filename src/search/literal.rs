//! The rest of a literal compared with the raw bytes on either side of its anchor.
//!
//! This is what `text::skeleton` does, byte by byte and without making a skeleton: most comparisons
//! end at the second byte. It knows nothing of escapes and of characters beyond ASCII.

use super::MAX_EXTENT;
use crate::text::colour;
use crate::text::piece;
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
    // The prefix of a line may stand between: beside punctuation, or before the piece of a line.
    let mut behind_prefix = false;
    for &expected in &literal[start..] {
        loop {
            let Some(&byte) = text.get(at) else { return Comparison::Unknown };
            at += 1;
            if byte == expected {
                break;
            }
            match skeleton::classify(byte) {
                ByteClass::Kept(byte) if byte == expected => break,
                ByteClass::Dropped if byte == b'\n' => {
                    behind_prefix |= !in_word(expected, matched) || piece::may_go_on(text, at - 1);
                }
                ByteClass::Dropped => {}
                ByteClass::Kept(b'-') if matched == b'-' => {}
                // A margin.
                ByteClass::Kept(b'|' | b'>') => return Comparison::Unknown,
                ByteClass::Kept(_) if behind_prefix => return Comparison::Unknown,
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
    // Bytes that were expected beside punctuation: there the prefix of a line may stand that goes on
    // from the line above. Inside a word only the stamp of a piece may.
    let (mut beside_punctuation, mut behind_stamp) = (0_u128, false);
    for &expected in literal[..end].iter().rev() {
        if !in_word(expected, matched) {
            beside_punctuation |= 1 << (expected & 0x7f);
        } else if text[..at].ends_with(b" ") {
            behind_stamp |= above_stamp(text, at).is_none_or(|byte| byte == expected);
        }
        match kept_before(text, at, matched) {
            None => return Comparison::Unknown,
            Some((byte, before)) if byte == expected => at = before,
            Some(_) if behind_stamp => return Comparison::Unknown,
            Some(_) if beside_punctuation == 0 => return Comparison::Differs,
            Some(_) => {
                return match end_above(text, at) {
                    Some(byte) if beside_punctuation & 1 << (byte & 0x7f) == 0 => {
                        Comparison::Differs
                    }
                    _ => Comparison::Unknown,
                };
            }
        }
        matched = expected;
    }
    Comparison::Equal(at)
}

/// What the line above ends with, as [`end_above`], if nothing but the stamp of a piece stands before
/// an offset on its line.
pub(super) fn above_stamp(text: &[u8], at: usize) -> Option<u8> {
    match piece::end_above(text, at) {
        Some(end) => kept_before(text, end, 0).map(|(byte, _)| byte),
        None => Some(b'\n'),
    }
}

/// The last byte of the line above an offset that the skeleton keeps; `None` if that cannot be told. A
/// line that begins further away goes on from none: nothing is expected to be a line break.
fn end_above(text: &[u8], at: usize) -> Option<u8> {
    let limit = at.saturating_sub(MAX_EXTENT.into());
    match memchr::memrchr(b'\n', &text[limit..at]) {
        Some(end) => kept_before(text, limit + end, 0).map(|(byte, _)| byte),
        None if limit > 0 => Some(b'\n'),
        None => None,
    }
}

/// The byte before an offset that the skeleton keeps, and where it stands; `None` if that cannot be
/// told. `matched` is the byte of the literal after it.
fn kept_before(text: &[u8], mut at: usize, matched: u8) -> Option<(u8, usize)> {
    loop {
        at = colour::before(&text[..at]);
        let byte = *text.get(at.checked_sub(1)?)?;
        at -= 1;
        // Read backwards, the last byte of an escape is known by the backslash before it.
        if text[at.saturating_sub(5)..at].contains(&b'\\') {
            return None;
        }
        match skeleton::classify(byte) {
            ByteClass::Dropped => {}
            ByteClass::Kept(b'-') if matched == b'-' => {}
            ByteClass::Kept(b'|' | b'>') | ByteClass::Unknown => return None,
            ByteClass::Kept(byte) => return Some((byte, at)),
        }
    }
}
