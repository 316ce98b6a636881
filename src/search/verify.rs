//! Whether more than an anchor stands there: the rest of its literal, or a status.
//!
//! This only ever rejects what the matcher would reject too. Where a closer look is needed to know
//! (escapes, characters beyond ASCII, the end of what is at hand), the answer is yes.

use std::borrow::Cow;

use super::{Mark, Use};
use crate::catalog::Str;
use crate::catalog::provenance::{Provenance, Words};
use crate::text::skeleton::{self, Plain};
use crate::text::{colour, terminal};

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

/// A byte beside an anchor that the skeleton keeps; `None` where it cannot be told. Most uses of an
/// anchor are out of the question for it: where a log says `request`, it hardly ever goes on as one
/// of our messages.
type Beside = Option<u8>;

/// The first of some bytes of a line that the skeleton keeps.
fn kept<'t>(bytes: impl Iterator<Item = &'t u8>) -> Beside {
    let dropped = |byte: &&u8| **byte != b'\n' && skeleton::plain(**byte) == Plain::Dropped;
    match skeleton::plain(*bytes.take(4).find(|byte| !dropped(byte))?) {
        Plain::Kept(byte) if !b"|>-".contains(&byte) => Some(byte),
        _ => None,
    }
}

/// The byte before an anchor that begins at an offset.
pub(super) fn byte_before(text: &[u8], at: usize) -> Beside {
    let head = &text[at.saturating_sub(6)..at];
    // Read from behind, the last byte of an escape or of a colour looks like a letter.
    let told = !head.contains(&b'\\') && !matches!(head.last(), Some(b'm' | b'K'));
    if told { kept(head.iter().rev()).filter(|byte| !b"mk".contains(byte)) } else { None }
}

/// The byte behind an anchor that ends at an offset.
pub(super) fn byte_after(text: &[u8], at: usize) -> Beside {
    kept(text[at..].iter())
}

impl Use {
    /// Whether it goes with what stands behind the anchor.
    pub(super) fn goes_on(&self, after: Beside) -> bool {
        let own = self.literal.get(usize::from(self.upto));
        after.is_none_or(|byte| own.is_none_or(|own| *own == byte || *own == b'-'))
    }

    /// Whether it goes with what stands before the anchor. Beside punctuation the stamp of a line
    /// may stand between.
    pub(super) fn follows(&self, before: Beside) -> bool {
        let from = usize::from(self.from);
        let Some(own) = from.checked_sub(1).map(|last| self.literal[last]) else { return true };
        before.is_none_or(|byte| own == byte || !are_word(own, self.literal[from]))
    }
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
        backward(text, start, &of.literal, of.from.into()),
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
    let line = uncoloured(line);
    match line.iter().find(|byte| !byte.is_ascii_whitespace()) {
        // A tag, a closing quote of an escape, a dot between items.
        Some(b'<' | b'\\' | 0x80.. | 0x1b) => true,
        _ => !line.iter().any(u8::is_ascii_alphanumeric),
    }
}

/// A piece of a line without colours; as it is, if there are other controls.
fn uncoloured(line: &[u8]) -> Cow<'_, [u8]> {
    let mut shown = Vec::new();
    if line.contains(&0x1b) && terminal::straight(line, |piece| shown.extend(&line[piece])) {
        return Cow::Owned(shown);
    }
    Cow::Borrowed(line)
}

/// Whether what stands before on the line could be no words but those that announce an error.
fn begins_line(provenance: &Provenance, text: &[u8], at: Reach) -> bool {
    let Reach::Upto(at) = at else { return true };
    let Some(start) = memchr::memrchr(b'\n', &text[..at]).map(|end| end + 1) else { return true };
    let head = uncoloured(&text[start..at]);
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
    announced || {
        let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |end| at + end);
        provenance.prefixes.lead(&uncoloured(&text[start..end])).len >= head.len()
    }
}

/// Whether the number of a status could stand before: `401 Unauthorized`, `529 (overloaded)`.
fn follows_number(before: &[u8]) -> bool {
    let mark = |b: &&u8| b.is_ascii_whitespace() || b"-:([\"'".contains(b);
    let mut end = before.len();
    loop {
        let last = colour::before(&before[..end]);
        match last - before[..last].iter().rev().take_while(mark).count() {
            same if same == end => {
                let last = before[..end].last();
                return last.is_none_or(|last| last.is_ascii_digit() || *last >= 0x7f);
            }
            next => end = next,
        }
    }
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
            if byte == expected {
                break;
            }
            match skeleton::plain(byte) {
                Plain::Kept(byte) if byte == expected => break,
                Plain::Dropped => new_line |= byte == b'\n',
                Plain::Kept(b'-') if matched == b'-' => {}
                // A margin; or, beside punctuation, the stamp of the next line.
                Plain::Kept(b'|' | b'>') => return Reach::Unknown,
                Plain::Kept(_) if new_line && !are_word(expected, matched) => {
                    return Reach::Unknown;
                }
                Plain::Kept(_) => return Reach::Not,
                // A backslash that escapes no blank and no character is dropped.
                Plain::Unknown if is_bare_backslash(&text[at - 1..]) => {}
                Plain::Unknown => match colour::length(&text[at - 1..]) {
                    0 => return Reach::Unknown,
                    colours => at += colours - 1,
                },
            }
        }
        matched = expected;
    }
    Reach::Upto(at)
}

/// Whether a text begins with a backslash that escapes no blank and no character.
fn is_bare_backslash(text: &[u8]) -> bool {
    matches!(text, [b'\\', next, ..] if !b"nrtu\\".contains(next))
}

/// Where the head of a literal, up to this byte of it, begins.
fn backward(text: &[u8], mut at: usize, literal: &[u8], upto: usize) -> Reach {
    let mut matched = literal.get(upto).copied().unwrap_or(0);
    for &expected in literal[..upto].iter().rev() {
        at = match before(text, at, expected, matched) {
            // Beside punctuation what stands here may be the stamp of a line that goes on from the
            // one before it.
            Reach::Not if !are_word(expected, matched) => {
                let above = memchr::memrchr(b'\n', &text[..at]).unwrap_or(0);
                return match before(text, above, expected, matched) {
                    Reach::Not => Reach::Not,
                    _ => Reach::Unknown,
                };
            }
            Reach::Upto(at) => at,
            not => return not,
        };
        matched = expected;
    }
    Reach::Upto(at)
}

/// Where the byte of a literal stands that is expected before an offset.
fn before(text: &[u8], mut at: usize, expected: u8, matched: u8) -> Reach {
    loop {
        at = colour::before(&text[..at]);
        let Some(&byte) = at.checked_sub(1).and_then(|before| text.get(before)) else {
            return Reach::Unknown;
        };
        at -= 1;
        // Read from behind, the last byte of an escape is told by the backslash before it.
        if text[at.saturating_sub(5)..at].contains(&b'\\') {
            return Reach::Unknown;
        }
        if byte == expected {
            return Reach::Upto(at);
        }
        match skeleton::plain(byte) {
            Plain::Kept(byte) if byte == expected => return Reach::Upto(at),
            Plain::Dropped => {}
            Plain::Kept(b'-') if matched == b'-' => {}
            Plain::Kept(b'|' | b'>') | Plain::Unknown => return Reach::Unknown,
            Plain::Kept(_) => return Reach::Not,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    fn of(literal: &'static [u8], from: u16, upto: u16) -> Use {
        Use {
            mark: Mark::Rule(0),
            gated: false,
            literal: literal.into(),
            from,
            upto,
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
