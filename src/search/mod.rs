//! The search: where in a log anything could stand, and which rules that could be.
//!
//! Nearly all of a log is ordinary. Every rule has an anchor, a run of bytes that stands in whatever
//! it matches ([`anchor`], chosen by `select`); the [`gram`]s of the anchors are looked for at every
//! second byte of the raw bytes, in any case; where an anchor stands, the rest of its literal is
//! compared as far as single bytes tell (`verify`). Ends of lines and colours, which may break an
//! anchor, are laid together and searched the same way (`seam`); only lines in which a cursor moves
//! are played first.
//!
//! The matcher decides. All that is asked of the search is that it leaves nothing out, which
//! `tests/brute_force.rs` holds against a run without it.

pub mod anchor;
mod frequency;
pub mod gram;
mod run;
mod seam;
mod select;
mod verify;
mod wanted;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;
use std::sync::OnceLock;

pub use anchor::{Index, Mark, Name, Names, Use};
pub use select::select;

use seam::{Seams, Side};
use verify::Stands;

use crate::catalog::provenance::Provenance;
use crate::text::terminal;

/// A place where something may stand.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// Offset of the anchor, or, where its line had to be played, of that.
    pub at: usize,
    /// Where the anchor, or its line, ends.
    pub upto: usize,
    /// What.
    pub mark: Mark,
    /// It counts only beside a name.
    pub gated: bool,
    /// How far before `at` and after `upto`, in bytes, what has to do with it may stand.
    pub reach: (u16, u16),
}

/// The furthest that anything reaches, in bytes.
pub const REACH: u16 = 4 * 1024;

/// An index at work.
#[derive(Debug)]
pub struct Search<'p> {
    index: Cow<'static, Index>,
    provenance: &'p Provenance,
    seams: OnceLock<Seams>,
}

impl<'p> Search<'p> {
    /// Gets ready.
    pub fn new(index: Cow<'static, Index>, provenance: &'p Provenance) -> Self {
        Self { index, provenance, seams: OnceLock::new() }
    }

    /// What is looked for.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Reports every place of a piece of a log where something may stand, in no particular order,
    /// some of them more than once.
    pub fn find(&self, text: &[u8], mut report: impl FnMut(Candidate)) {
        let (mut side, mut moved) = (Side::default(), Vec::new());
        let colour = |colour| self.seams().colour(text, colour, &mut side);
        terminal::controls(text, colour, |line| moved.push(beside(text, line)));
        moved.dedup_by(|next, last| {
            let joins = next.start <= last.end;
            if joins {
                last.end = next.end;
            }
            joins
        });
        for Range { start, end } in moved {
            self.played(&text[start..end], |candidate| {
                let (at, upto) = (start + candidate.at, start + candidate.upto);
                report(Candidate { at, upto, ..candidate });
            });
        }
        self.straight(text, side, &mut report);
    }

    /// The same for lines that are written from left to right; the seams of their colours are given.
    fn straight(&self, text: &[u8], mut side: Side, report: &mut impl FnMut(Candidate)) {
        self.anchored(text, |at, upto, of, stands| {
            let gated = of.gated && stands != Stands::Alone;
            report(Candidate { at, upto, mark: of.mark, gated, reach: of.reach });
        });
        // Most messages that are given as an argument are one line: for them the seams are not even
        // made ready.
        if memchr::memchr(b'\n', text.get(1..).unwrap_or_default()).is_some() {
            self.seams().ends_of_lines(&self.provenance.prefixes, text, &mut side);
        }
        self.anchored(&side.text, |start, end, of, _| {
            if let Some((end, next)) = side.across(start, end) {
                let (at, upto) = around(text, end, next);
                report(Candidate { at, upto, mark: of.mark, gated: false, reach: of.reach });
            }
        });
    }

    /// Searches raw bytes as a terminal shows them. Nobody knows how many of them a word takes, so
    /// that what is found is looked for in whole lines.
    fn played(&self, raw: &[u8], mut report: impl FnMut(Candidate)) {
        let shown = terminal::play(raw);
        let text = shown.text.as_ref();
        let start = |at: usize| {
            memchr::memrchr(b'\n', &text[..at]).map_or(0, |end| shown.raw(end) as usize + 1)
        };
        let end = |at: usize| {
            let end = memchr::memchr(b'\n', &text[at..]);
            end.map_or(raw.len(), |end| shown.raw(at + end) as usize + 1)
        };
        let beyond =
            |reach: u16, within: usize| reach.saturating_sub(within.min(REACH.into()) as u16);
        self.straight(text, Side::default(), &mut |candidate: Candidate| {
            let Candidate { at, upto, reach, .. } = candidate;
            report(Candidate {
                at: start(at.saturating_sub(reach.0.into())),
                upto: end((upto + usize::from(reach.1)).min(text.len())),
                reach: (beyond(reach.0, at), beyond(reach.1, text.len() - upto)),
                ..candidate
            });
        });
    }

    fn seams(&self) -> &Seams {
        self.seams.get_or_init(|| {
            Seams::new(self.index.anchors.iter().map(|anchor| anchor.bytes.as_ref()))
        })
    }

    /// Reports every use of an anchor that may stand in a text, with the anchor's place and how it
    /// stands there.
    fn anchored(&self, text: &[u8], mut report: impl FnMut(usize, usize, &Use, Stands)) {
        self.index.grams.find(text, |anchor, start| {
            let anchor = &self.index.anchors[usize::from(anchor)];
            let end = start + anchor.bytes.len();
            let stands = text.get(start..end);
            if !stands.is_some_and(|text| text.eq_ignore_ascii_case(&anchor.bytes)) {
                return;
            }
            let (after, before) = (verify::byte_after(text, end), OnceCell::new());
            let before = || *before.get_or_init(|| verify::byte_before(text, start));
            for of in anchor.uses.iter().filter(|of| of.goes_on(after) && of.follows(before())) {
                let stands = verify::stands(self.provenance, of, text, start, end);
                if stands != Stands::No {
                    report(start, end, of, stands);
                }
            }
        });
    }
}

/// A line with those beside it, into which a word may go on.
fn beside(text: &[u8], line: Range<usize>) -> Range<usize> {
    let before = memchr::memrchr(b'\n', &text[..line.start.saturating_sub(1)]);
    let after = memchr::memchr(b'\n', &text[line.end..]);
    before.map_or(0, |at| at + 1)..after.map_or(text.len(), |at| line.end + at + 1)
}

/// The lines on both sides of a seam, as far as anything reaches.
fn around(text: &[u8], end: usize, next: usize) -> (usize, usize) {
    let back = end.saturating_sub(REACH.into());
    let on = text.len().min(next + usize::from(REACH));
    let start = memchr::memrchr(b'\n', &text[back..end]).map_or(back, |at| back + at + 1);
    (start, memchr::memchr(b'\n', &text[next..on]).map_or(on, |at| next + at + 1))
}
