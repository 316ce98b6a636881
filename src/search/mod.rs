//! The search: which lines of a log could match a rule, and which rules those are.
//!
//! Nearly all of a log is ordinary. Every rule has an [`anchor`], a byte string that occurs in
//! whatever it matches (chosen by `select` from the `fragment`s of its literals); the [`qgram`]s of
//! the anchors are looked up at every second raw byte, in any case; where an anchor occurs, the rest
//! of its literal is compared as far as single bytes tell (`verify`). Ends of lines and colours may
//! break an anchor: what stands on either side of them is joined and searched the same way (`seam`).
//! Only lines in which the cursor moves are rendered first.
//!
//! The matcher decides. The search must only leave nothing out, which `tests/it/brute_force.rs` checks
//! against a run without it.

mod alone;
pub(crate) mod anchor;
mod fragment;
mod frequency;
mod literal;
pub(crate) mod qgram;
mod seam;
mod select;
mod source;
mod status;
mod verify;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

pub(crate) use anchor::{AnchorUse, CandidateKind, Index, NameKind, NameSet};
pub(crate) use select::select;

use seam::{SeamFilter, SideBuffer};
use verify::{Before, Verdict};

use crate::catalog::provenance_rules::Provenance;
use crate::text::terminal;

/// A place at which something may stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    /// Offset of the anchor, or of its line where that had to be rendered.
    pub start: usize,
    /// Where the anchor or the line ends, exclusive.
    pub end: usize,
    /// What may stand there.
    pub kind: CandidateKind,
    /// It counts only near a name of Claude's.
    pub needs_context: bool,
    /// How far the match may extend before `start` and after `end`, in bytes.
    pub extent: (u16, u16),
}

/// The furthest that any match extends from its anchor, in bytes of a log.
pub(crate) const MAX_EXTENT: u16 = 4 * 1024;

/// The search for the anchors of one catalog.
#[derive(Debug)]
pub(crate) struct Search<'p> {
    index: Cow<'static, Index>,
    provenance: &'p Provenance,
    /// Made when the first text of two lines or with a colour is searched.
    seams: OnceLock<SeamFilter>,
}

impl<'p> Search<'p> {
    /// Prepares the search for an index.
    pub(crate) fn new(index: Cow<'static, Index>, provenance: &'p Provenance) -> Self {
        Self { index, provenance, seams: OnceLock::new() }
    }

    /// The anchors that are searched for.
    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    /// Reports every candidate in a buffer of a log, in no particular order, some more than once.
    pub(crate) fn find(&self, text: &[u8], mut report: impl FnMut(Candidate)) {
        let (mut side, mut moved) = (SideBuffer::default(), Vec::new());
        let colour = |colour| self.seams().add_colour(text, colour, &mut side);
        terminal::controls(text, colour, |line| moved.push(with_neighbours(text, line)));
        moved.dedup_by(|next, last| {
            let joins = next.start <= last.end;
            if joins {
                last.end = next.end;
            }
            joins
        });
        for Range { start, end } in moved {
            self.find_rendered(&text[start..end], |candidate| {
                let (start, end) = (start + candidate.start, start + candidate.end);
                report(Candidate { start, end, ..candidate });
            });
        }
        self.find_plain(text, side, &mut report);
    }

    /// Reports the candidates of lines in which no cursor moves; the side buffer already holds the
    /// seams of their colours.
    fn find_plain(&self, text: &[u8], mut side: SideBuffer, report: &mut impl FnMut(Candidate)) {
        self.find_anchors(text, true, |start, end, anchor, verdict| {
            let needs_context = anchor.needs_context && verdict != Verdict::Alone;
            let (kind, extent) = (anchor.kind, anchor.extent);
            report(Candidate { start, end, kind, needs_context, extent });
        });
        // Most messages that are given as an argument are one line; the filter is not made for them.
        if memchr::memchr(b'\n', text.get(1..).unwrap_or_default()).is_some() {
            let prefixes = &self.provenance.prefixes;
            self.seams().add_line_ends(prefixes, text, &mut side);
            self.seams().add_pieces(prefixes, text, &mut side);
        }
        // Nobody asks whether a word on a seam is alone: the side buffer has no lines.
        self.find_anchors(&side.text, false, |start, end, anchor, _| {
            if let Some((end, next)) = side.seam_in(start, end) {
                let (start, end) = lines_around(text, end, next);
                let (kind, extent) = (anchor.kind, anchor.extent);
                report(Candidate { start, end, kind, needs_context: false, extent });
            }
        });
    }

    /// Reports the candidates of raw bytes as a terminal shows them. How many raw bytes a word takes
    /// is unknown, so a candidate is all lines into which its match may extend.
    fn find_rendered(&self, raw: &[u8], mut report: impl FnMut(Candidate)) {
        let rendered = terminal::render(raw);
        let text = rendered.text.as_ref();
        let line_start = |at: usize| {
            memchr::memrchr(b'\n', &text[..at]).map_or(0, |end| rendered.raw(end) as usize + 1)
        };
        let line_end = |at: usize| {
            let end = memchr::memchr(b'\n', &text[at..]);
            end.map_or(raw.len(), |end| rendered.raw(at + end) as usize + 1)
        };
        // What is left of an extent beyond so many bytes of the text.
        let beyond = |extent: u16, within: usize| {
            extent.saturating_sub(within.min(MAX_EXTENT.into()) as u16)
        };
        self.find_plain(text, SideBuffer::default(), &mut |candidate: Candidate| {
            let Candidate { start, end, extent, .. } = candidate;
            report(Candidate {
                start: line_start(start.saturating_sub(extent.0.into())),
                end: line_end((end + usize::from(extent.1)).min(text.len())),
                extent: (beyond(extent.0, start), beyond(extent.1, text.len() - end)),
                ..candidate
            });
        });
    }

    fn seams(&self) -> &SeamFilter {
        self.seams.get_or_init(|| {
            SeamFilter::new(self.index.anchors.iter().map(|anchor| anchor.bytes.as_ref()))
        })
    }

    /// Reports every use of an anchor that is not rejected where the anchor occurs in a text: the
    /// anchor's start and end, the use, and the verdict.
    fn find_anchors(
        &self,
        text: &[u8],
        ask_alone: bool,
        mut report: impl FnMut(usize, usize, &AnchorUse, Verdict),
    ) {
        self.index.table.find(text, |anchor, start| {
            let anchor = &self.index.anchors[usize::from(anchor)];
            let end = start + anchor.bytes.len();
            let occurs = text.get(start..end);
            if !occurs.is_some_and(|text| text.eq_ignore_ascii_case(&anchor.bytes)) {
                return;
            }
            let (after, before) = (verify::neighbour_after(text, end), Before::new(text, start));
            let fits =
                |anchor: &&AnchorUse| anchor.may_precede(after) && anchor.may_follow(&before);
            for anchor in anchor.uses.iter().filter(fits) {
                let verdict = verify::verify(self.provenance, anchor, text, start..end, ask_alone);
                if verdict != Verdict::Rejected {
                    report(start, end, anchor, verdict);
                }
            }
        });
    }
}

/// A line with the lines before and after it, into which a word may go on.
fn with_neighbours(text: &[u8], line: Range<usize>) -> Range<usize> {
    let before = memchr::memrchr(b'\n', &text[..line.start.saturating_sub(1)]);
    let after = memchr::memchr(b'\n', &text[line.end..]);
    before.map_or(0, |at| at + 1)..after.map_or(text.len(), |at| line.end + at + 1)
}

/// The lines on both sides of a seam, as far as any match extends.
fn lines_around(text: &[u8], end: usize, next: usize) -> (usize, usize) {
    let first = end.saturating_sub(MAX_EXTENT.into());
    let last = text.len().min(next + usize::from(MAX_EXTENT));
    let start = memchr::memrchr(b'\n', &text[first..end]).map_or(first, |at| first + at + 1);
    (start, memchr::memchr(b'\n', &text[next..last]).map_or(last, |at| next + at + 1))
}
