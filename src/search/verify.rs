//! Verification: whether more than an anchor stands at its place, as far as the raw bytes tell.
//!
//! It rejects only what the matcher would reject. Where a closer look is needed to know (escapes,
//! characters beyond ASCII, the end of the buffer), the answer is yes.

use std::cell::OnceCell;
use std::ops::Range;

use super::literal::{self, Comparison};
use super::{AnchorUse, CandidateKind, alone, status};
use crate::catalog::provenance_rules::Provenance;
use crate::text::skeleton::{self, ByteClass};

/// What may stand around an anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Not what the anchor is part of.
    Rejected,
    /// The literal, inside other text.
    Inline,
    /// The literal, with nothing but punctuation and words such as `Error:` beside it on its line.
    Alone,
}

/// The first byte beside an anchor that the skeleton keeps; `None` where it cannot be told. It rules
/// out most uses of an anchor: where a log says `request`, it hardly ever goes on as one of our
/// messages.
type Neighbour = Option<u8>;

/// The first byte of a line that the skeleton keeps.
fn kept<'t>(bytes: impl Iterator<Item = &'t u8>) -> Neighbour {
    let dropped = |byte: &&u8| **byte != b'\n' && skeleton::classify(**byte) == ByteClass::Dropped;
    match skeleton::classify(*bytes.take(4).find(|byte| !dropped(byte))?) {
        ByteClass::Kept(byte) if !b"|>-".contains(&byte) => Some(byte),
        _ => None,
    }
}

/// What an anchor that begins at an offset may come from, looked at once for all uses of the anchor.
pub(super) struct Before<'t> {
    text: &'t [u8],
    start: usize,
    /// The neighbour on the anchor's line.
    beside: OnceCell<Neighbour>,
    /// If the anchor stands behind the stamp of a piece, the last byte of the line above.
    above: OnceCell<Neighbour>,
}

impl<'t> Before<'t> {
    pub(super) fn new(text: &'t [u8], start: usize) -> Self {
        Self { text, start, beside: OnceCell::new(), above: OnceCell::new() }
    }

    /// Whether a byte of the skeleton may stand there.
    fn may_be(&self, byte: u8) -> bool {
        let is = |neighbour: Neighbour| neighbour.is_none_or(|known| known == byte);
        let Self { text, start, .. } = *self;
        is(*self.beside.get_or_init(|| neighbour_beside(text, start)))
            || text[..start].ends_with(b" ")
                && is(*self.above.get_or_init(|| literal::above_stamp(text, start)))
    }
}

/// The neighbour before an offset on its line.
fn neighbour_beside(text: &[u8], start: usize) -> Neighbour {
    let before = &text[start.saturating_sub(6)..start];
    // Read backwards, the last byte of an escape or of a colour looks like a letter.
    let told = !before.contains(&b'\\') && !matches!(before.last(), Some(b'm' | b'K'));
    if told { kept(before.iter().rev()).filter(|byte| !b"mk".contains(byte)) } else { None }
}

/// The neighbour of an anchor that ends at an offset.
pub(super) fn neighbour_after(text: &[u8], end: usize) -> Neighbour {
    kept(text[end..].iter())
}

impl AnchorUse {
    /// Whether the literal can go on with the neighbour after the anchor.
    pub(super) fn may_precede(&self, after: Neighbour) -> bool {
        let own = self.literal.get(usize::from(self.end));
        after.is_none_or(|byte| own.is_none_or(|own| *own == byte || *own == b'-'))
    }

    /// Whether the literal can come from what stands before the anchor. Beside punctuation the prefix
    /// of a line may stand between.
    pub(super) fn may_follow(&self, before: &Before<'_>) -> bool {
        let start = usize::from(self.start);
        let Some(own) = start.checked_sub(1).map(|last| self.literal[last]) else { return true };
        !literal::in_word(own, self.literal[start]) || before.may_be(own)
    }
}

/// Whether what an anchor is part of may stand around it, and, if that is asked, alone on its line.
/// The range is the anchor's in `text`.
pub(super) fn verify(
    provenance: &Provenance,
    anchor: &AnchorUse,
    text: &[u8],
    Range { start, end }: Range<usize>,
    ask_alone: bool,
) -> Verdict {
    if anchor.kind == CandidateKind::Status {
        let may = !anchor.needs_context || status::may_be_around(text, start, end);
        return if may { Verdict::Inline } else { Verdict::Rejected };
    }
    let before = literal::backward(text, start, &anchor.literal, anchor.start.into());
    let after = literal::forward(text, end, &anchor.literal, anchor.end.into());
    if before == Comparison::Differs || after == Comparison::Differs {
        return Verdict::Rejected;
    }
    // An end that is not known may be the line's.
    let is_alone = || {
        let ends = !anchor.last || after.end().is_none_or(|end| alone::ends_line(text, end));
        let starts = |start| alone::starts_line(provenance, text, start);
        ends && (!anchor.first || before.end().is_none_or(starts))
    };
    // A type right behind its own status is nobody else's: `403 - permission_error(…`.
    let is_behind_status = || {
        anchor.first && before.end().is_some_and(|start| status::ends_with_number(&text[..start]))
    };
    if ask_alone && anchor.needs_context && (is_alone() || is_behind_status()) {
        Verdict::Alone
    } else {
        Verdict::Inline
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    fn verdict(literal: &'static [u8], anchor: (u16, u16), text: &str, start: usize) -> Verdict {
        let length = usize::from(anchor.1 - anchor.0);
        let anchor = AnchorUse {
            kind: CandidateKind::Rule(0),
            needs_context: true,
            literal: literal.into(),
            start: anchor.0,
            end: anchor.1,
            first: true,
            last: true,
            extent: (0, 0),
        };
        verify(
            Catalog::builtin().provenance(),
            &anchor,
            text.as_bytes(),
            start..start + length,
            true,
        )
    }

    #[test]
    fn the_rest_of_the_literal_is_compared() {
        let rejected = |text: &str| {
            let start = text.to_lowercase().find("longer").expect("the anchor");
            verdict(b"nolongerworks", (2, 8), text, start) == Verdict::Rejected
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
            assert!(!rejected(text), "{text}");
        }
        for text in ["any longer works", "no longer does", "no longer, works"] {
            assert!(rejected(text), "{text}");
        }
    }

    #[test]
    fn alone_means_without_words_beside_it() {
        let verdict = |text: &str| {
            verdict(b"timedout", (0, 5), text, text.find("timed").expect("the anchor"))
        };
        for text in [
            "x\ntimed out\n",
            "x\n  Error: timed out.\n",
            "x\n2026-11-21T01:00:00Z timed out",
            "x\n[ERROR] timed out",
            "timed out \"}",
        ] {
            assert_eq!(verdict(text), Verdict::Alone, "{text}");
        }
        for text in ["x\nit timed out\n", "x\ntimed out after 3 s\n", "x\nconnect: timed out"] {
            assert_eq!(verdict(text), Verdict::Inline, "{text}");
        }
    }
}
