//! Whether more than an anchor stands there: the rest of its literal, or a status.
//!
//! This only ever rejects what the matcher would reject too. Where a closer look is needed to know
//! (escapes, characters beyond ASCII, the end of what is at hand), the answer is yes.

use super::{Anchor, Mark, Use};
use crate::catalog::Str;
use crate::catalog::provenance::{Provenance, Words};
use crate::text::prefix::Prefixes;

/// What stands around an anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stands {
    /// Something else.
    No,
    /// The literal may, inside other text.
    Within,
    /// The literal may, and nothing but punctuation and words such as `Error:` stand beside it.
    Alone,
}

/// The bytes beside an anchor, without what the skeleton drops; `None` where they cannot be told.
/// Most uses of an anchor are out of the question for one of them: where a log says `request`, it
/// hardly ever goes on as one of our wordings.
#[derive(Clone, Copy)]
pub(super) struct Beside {
    before: Option<u8>,
    after: Option<u8>,
}

impl Beside {
    pub(super) fn of(text: &[u8], start: usize, end: usize) -> Self {
        let plain =
            |byte: &u8| matches!(step(*byte, 0, 0), Step::Other).then(|| byte.to_ascii_lowercase());
        let dropped = |byte: &&u8| matches!(byte, b' ' | b'"' | b'\'' | b'`');
        let escaped =
            text[start.saturating_sub(6)..start].contains(&b'\\') || is_behind_colour(text, start);
        let before =
            text[..start].iter().rev().take(4).find(|byte| !dropped(byte)).filter(|_| !escaped);
        Self {
            before: before.and_then(plain),
            after: text[end..].iter().take(4).find(|byte| !dropped(byte)).and_then(plain),
        }
    }

    /// The same, if any use of the anchor goes with them.
    pub(super) fn within(self, anchor: &Anchor) -> Option<Self> {
        (self.after.is_none_or(|byte| anchor.after.has(byte))
            && self.before.is_none_or(|byte| anchor.before.has(byte)))
        .then_some(self)
    }

    /// Whether a use goes with them.
    pub(super) fn allows(self, of: &Use) -> bool {
        self.before.is_none_or(|byte| may_precede(of, byte))
            && self.after.is_none_or(|byte| may_follow(of, byte))
    }
}

/// Whether a colour may end right before an offset, so that the byte there is none of the text.
fn is_behind_colour(text: &[u8], at: usize) -> bool {
    const COLOUR: usize = 24;
    matches!(text[..at].last(), Some(b'm' | b'K' | b' ' | b'"' | b'\'' | b'`'))
        && text[at.saturating_sub(COLOUR)..at].contains(&0x1b)
}

/// Whether this may be the first byte before an anchor that the skeleton keeps.
pub(super) fn may_precede(of: &Use, byte: u8) -> bool {
    of.beside.0.is_none_or(|before| byte == before || byte == b'-')
}

/// Whether this may be the first byte after an anchor that the skeleton keeps.
pub(super) fn may_follow(of: &Use, byte: u8) -> bool {
    of.beside.1.is_none_or(|after| byte == after || byte == b'-')
}

/// The bytes of a literal that must stand before a part of it and after it. Beside punctuation the
/// stamp of a line may stand between.
pub(super) fn beside(literal: &[u8], (from, upto): (usize, usize)) -> (Option<u8>, Option<u8>) {
    let before = from
        .checked_sub(1)
        .map(|before| literal[before])
        .filter(|before| are_word(*before, literal[from]));
    (before, literal.get(upto).copied())
}

/// Whether what an anchor is from may stand around it. `start` and `end` are the anchor's in
/// `text`.
pub(super) fn stands(
    provenance: &Provenance,
    of: &Use,
    text: &[u8],
    start: usize,
    end: usize,
) -> Stands {
    if of.mark == Mark::Status {
        // Some anchors end in the status' first digit.
        let begun = text[..end].last().is_some_and(u8::is_ascii_digit);
        let stands =
            !of.gated || begun || follows_status(&text[end..]) || follows_number(&text[..start]);
        return if stands { Stands::Within } else { Stands::No };
    }
    let (from, upto) = (
        backward(&provenance.prefixes, text, start, &of.literal, of.from.into()),
        forward(text, end, &of.literal, of.upto.into()),
    );
    if from == Reach::Not || upto == Reach::Not {
        return Stands::No;
    }
    let alone = of.gated
        && (!of.last || ends_line(text, upto))
        && (!of.first || begins_line(provenance, text, from));
    // A type right behind its own status is nobody else's: `403 - permission_error(…`.
    let behind_status = || matches!(from, Reach::Upto(from) if is_behind_status(&text[..from]));
    if alone || of.gated && of.first && behind_status() { Stands::Alone } else { Stands::Within }
}

/// Whether what follows on the line could be no words.
fn ends_line(text: &[u8], at: Reach) -> bool {
    let Reach::Upto(at) = at else { return true };
    let line = &text[at..memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |end| at + end)];
    match line.iter().find(|byte| !byte.is_ascii_whitespace()) {
        // A tag, a closing quote of an escape, a dot between items.
        Some(b'<' | b'\\' | 0x80.. | 0x1b) => true,
        _ => !line.iter().any(u8::is_ascii_alphanumeric),
    }
}

/// Whether what stands before on the line could be no words but those that announce an error.
fn begins_line(provenance: &Provenance, text: &[u8], at: Reach) -> bool {
    let Reach::Upto(at) = at else { return true };
    let Some(start) = memchr::memrchr(b'\n', &text[..at]).map(|end| end + 1) else { return true };
    let head = &text[start..at];
    if head.contains(&0x1b) {
        return true;
    }
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let Some(last) = head.iter().rposition(word) else { return true };
    let first = head[..last].iter().rposition(|byte| !word(byte)).map_or(0, |before| before + 1);
    let last = &head[first..=last];
    let is = |word: &Str| {
        let word = word.rsplit(' ').next().unwrap_or_default();
        last.eq_ignore_ascii_case(word.as_bytes())
    };
    let announced = provenance.words(Words::Announce).iter().any(is)
        || (last.len() == 3 && last.iter().all(u8::is_ascii_digit))
        || !head.is_ascii();
    announced || provenance.prefixes.lead(&text[start..]).len >= head.len()
}

/// Whether the number of a status could stand before: `401 Unauthorized`, `529 (overloaded)`.
fn follows_number(before: &[u8]) -> bool {
    let marks =
        before.iter().rev().take_while(|b| b.is_ascii_whitespace() || b"-:([\"'".contains(b));
    let marks = marks.count();
    if is_behind_colour(before, before.len()) || is_behind_colour(before, before.len() - marks) {
        return true;
    }
    before[..before.len() - marks].last().is_none_or(u8::is_ascii_digit)
}

/// Whether a number of three digits stands before, with marks between: `403 - `, `529: `.
fn is_behind_status(before: &[u8]) -> bool {
    let marks = before.iter().rev().take_while(|b| b.is_ascii_whitespace() || b":)-".contains(b));
    let digits = &before[..before.len() - marks.count()];
    digits.iter().rev().take(4).take_while(|b| b.is_ascii_digit()).count() == 3
}

/// Whether the number of a status could follow: `status: 529`, `"status_code": 529`, `status code
/// 529`.
fn follows_status(text: &[u8]) -> bool {
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                return (b'3'..=b'5').contains(byte)
                    && text[at..].iter().take(4).filter(|byte| byte.is_ascii_digit()).count() <= 3;
            }
            b'\n' | b'\\' | 0x1b | 0x7f.. => return true,
            _ if b" \t\r\"'`_:=().,codeCODE".contains(byte) => {}
            _ => return false,
        }
    }
    true
}

/// How far the rest of a literal reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// It does not stand there.
    Not,
    /// It may; where it ends cannot be told here.
    Unknown,
    /// To this offset.
    Upto(usize),
}

/// What a byte of a text means to a literal whose next byte it may be.
enum Step {
    /// It is that byte.
    Same,
    /// The skeleton drops it.
    Dropped,
    /// This cannot be told here.
    Unknown,
    /// It is something else.
    Other,
}

fn step(byte: u8, literal: u8, matched: u8) -> Step {
    match byte {
        _ if byte.to_ascii_lowercase() == literal => Step::Same,
        b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'`' => Step::Dropped,
        b'-' if matched == b'-' => Step::Dropped,
        // Escapes, controls, gutters, characters beyond ASCII.
        b'\\' | b'|' | b'>' | 0..0x20 | 0x7f.. => Step::Unknown,
        _ => Step::Other,
    }
}

fn are_word(one: u8, other: u8) -> bool {
    one.is_ascii_alphanumeric() && other.is_ascii_alphanumeric()
}

/// Where the rest of a literal, from this byte of it on, ends.
fn forward(text: &[u8], mut at: usize, literal: &[u8], from: usize) -> Reach {
    let mut matched = from.checked_sub(1).map_or(0, |last| literal[last]);
    for &expected in &literal[from..] {
        let mut new_line = false;
        loop {
            let Some(&byte) = text.get(at) else { return Reach::Unknown };
            at += 1;
            match step(byte, expected, matched) {
                // A backslash that escapes no blank and no character is dropped.
                Step::Unknown
                    if byte == b'\\'
                        && text.get(at).is_some_and(|next| !b"nrtu\\".contains(next)) => {}
                Step::Same => break,
                Step::Dropped => new_line |= byte == b'\n',
                Step::Unknown => return Reach::Unknown,
                // Beside punctuation a literal may go on behind the stamp of the next line.
                Step::Other if new_line && !are_word(expected, matched) => return Reach::Unknown,
                Step::Other => return Reach::Not,
            }
        }
        matched = expected;
    }
    Reach::Upto(at)
}

/// Where the head of a literal, up to this byte of it, begins.
fn backward(prefixes: &Prefixes, text: &[u8], mut at: usize, literal: &[u8], upto: usize) -> Reach {
    let mut matched = literal.get(upto).copied().unwrap_or(0);
    for &expected in literal[..upto].iter().rev() {
        loop {
            let Some(&byte) = at.checked_sub(1).and_then(|before| text.get(before)) else {
                return Reach::Unknown;
            };
            at -= 1;
            // Read from behind, the last byte of an escape is told by the backslash before it.
            if text[at.saturating_sub(5)..at].contains(&b'\\') || is_behind_colour(text, at + 1) {
                return Reach::Unknown;
            }
            match step(byte, expected, matched) {
                Step::Same => break,
                Step::Dropped => {}
                Step::Unknown => return Reach::Unknown,
                Step::Other if !are_word(expected, matched) && in_lead(prefixes, text, at) => {
                    return Reach::Unknown;
                }
                Step::Other => return Reach::Not,
            }
        }
        matched = expected;
    }
    Reach::Upto(at)
}

/// Whether a byte is part of what stands before the text of its line.
fn in_lead(prefixes: &Prefixes, text: &[u8], at: usize) -> bool {
    let start = memchr::memrchr(b'\n', &text[..at]).map_or(0, |end| end + 1);
    at < start + prefixes.lead(&text[start..]).len
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    fn of(literal: &'static [u8], from: u16, upto: u16) -> Use {
        let beside = beside(literal, (from.into(), upto.into()));
        Use {
            mark: Mark::Rule(0),
            gated: false,
            literal: literal.into(),
            from,
            upto,
            beside,
            first: true,
            last: true,
            reach: (0, 0),
        }
    }

    #[test]
    fn the_rest_of_the_literal_is_compared() {
        let stands = |text: &str| {
            let start = text.to_lowercase().find("longer").expect("the anchor");
            stands(
                Catalog::builtin().provenance(),
                &of(b"nolongerworks", 2, 8),
                text.as_bytes(),
                start,
                start + 6,
            ) != Stands::No
        };
        for text in [
            "it no longer works",
            "NO LONGER WORKS",
            "no\n  longer \"works",
            "no longer",
            "no longer │\n│ works",
            "no\\nlonger works",
            "longer",
        ] {
            assert!(stands(text), "{text}");
        }
        for text in ["any longer works", "no longer does", "no longer, works"] {
            assert!(!stands(text), "{text}");
        }
    }

    #[test]
    fn alone_is_beside_no_words() {
        let gated = Use { gated: true, ..of(b"timedout", 0, 5) };
        let stands = |text: &str| {
            stands(
                Catalog::builtin().provenance(),
                &gated,
                text.as_bytes(),
                text.find("timed").expect("the anchor"),
                text.find("timed").expect("the anchor") + 5,
            )
        };
        for text in [
            "x\ntimed out\n",
            "x\n  Error: timed out.\n",
            "x\n2026-11-21T01:00:00Z timed out",
            "x\n[ERROR] timed out",
            "timed out \"}",
        ] {
            assert_eq!(stands(text), Stands::Alone, "{text}");
        }
        for text in ["x\nit timed out\n", "x\ntimed out after 3 s\n", "x\nconnect: timed out"] {
            assert_eq!(stands(text), Stands::Within, "{text}");
        }
    }

    #[test]
    fn statuses_are_numbers_of_their_own() {
        for text in [": 429,", "_code\": 529", " code 503", "Code=404", "", ":\n"] {
            assert!(follows_status(text.as_bytes()), "{text}");
        }
        assert!(follows_status(b": 42\n9 - {"));
        for text in [" 1", ": ok", ": 4290", ": 200", " of 429"] {
            assert!(!follows_status(text.as_bytes()), "{text}");
        }
    }
}
