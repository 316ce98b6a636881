//! The prefilter: where in a log anything could stand, and which wordings that could be.
//!
//! Nearly all of a log is ordinary. Every wording has an anchor, a run of bytes that stands in
//! whatever it matches; the [`gram`]s of the anchors are looked for at every second byte, in any
//! case; what is left is compared with the wording itself. Lines with escape sequences are played
//! first, and the ends of lines are looked at for anchors that a terminal broke.
//!
//! The matcher decides. All that is asked of the prefilter is that it leaves nothing out, which
//! `tests/brute_force.rs` holds against a run without it.

mod frequency;
pub mod gram;
mod joint;
mod played;
mod select;
mod verify;

use std::borrow::Cow;
use std::ops::{BitOr, Range};
use std::sync::OnceLock;

pub use select::select;

use gram::Grams;
use joint::Joints;
use played::Played;
use verify::Stands;

use crate::catalog::provenance::Provenance;
use crate::text::terminal;

/// The anchors of a catalog.
#[derive(Clone, Debug)]
pub struct Index {
    /// Their grams.
    pub grams: Grams,
    /// The anchors.
    pub anchors: Cow<'static, [Anchor]>,
}

/// A run of bytes that is looked for.
#[derive(Clone, Debug)]
pub struct Anchor {
    /// In lower case.
    pub bytes: Cow<'static, [u8]>,
    /// What it may be a part of.
    pub uses: Cow<'static, [Use]>,
}

impl Anchor {
    fn new(bytes: Vec<u8>, uses: Vec<Use>) -> Self {
        Self { bytes: bytes.into(), uses: uses.into() }
    }
}

/// A set of bytes, or of anything else of which there are 256.
#[derive(Clone, Copy, Debug, Default)]
pub struct ByteSet(pub [u64; 4]);

impl ByteSet {
    pub(crate) fn add(&mut self, byte: u8) {
        self.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }

    pub(crate) fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
    }
}

/// What an anchor is part of.
#[derive(Clone, Debug)]
pub struct Use {
    /// What that is.
    pub mark: Mark,
    /// It counts only beside a name, or by itself on its line.
    pub gated: bool,
    /// The literal that the anchor is from, as its skeleton; empty where it is not known.
    pub literal: Cow<'static, [u8]>,
    /// Where in the literal the anchor begins.
    pub from: u16,
    /// Where in the literal it ends.
    pub upto: u16,
    /// Nothing of the wording stands before the literal.
    pub first: bool,
    /// Nothing of the wording follows the literal.
    pub last: bool,
    /// How far before the anchor and after it, in bytes, what has to do with it may stand.
    pub reach: (u16, u16),
}

/// What a place may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// A wording: its index.
    Rule(u16),
    /// An HTTP status.
    Status,
    /// A name beside which more counts than elsewhere.
    Name(Name),
}

/// Whose name it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// What Claude is called through.
    Caller,
    /// Claude's own.
    Claude,
    /// What only its clients say before a message.
    Client,
    /// An address of the API: around it any status may be reported.
    Endpoint,
    /// A piece of the records that they write.
    Record,
}

/// Which of the lists are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Names(u8);

impl Names {
    /// Takes one more.
    pub fn add(&mut self, name: Name) {
        self.0 |= 1 << name as u8;
    }

    /// Whether one of this list is named.
    pub fn has(self, name: Name) -> bool {
        self.0 >> name as u8 & 1 == 1
    }

    /// Whether any is named.
    pub fn any(self) -> bool {
        self.0 != 0
    }
}

impl BitOr for Names {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

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

/// A prefilter at work on one input: what it needs beside the anchors, made once.
#[derive(Debug)]
pub struct Search<'p> {
    index: Cow<'static, Index>,
    provenance: &'p Provenance,
    joints: OnceLock<Joints>,
}

impl<'p> Search<'p> {
    /// Gets ready.
    pub fn new(index: Cow<'static, Index>, provenance: &'p Provenance) -> Self {
        Self { index, provenance, joints: OnceLock::new() }
    }

    /// What is looked for.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Reports every place of a piece of a log where something may stand, in no particular order,
    /// some of them more than once.
    pub fn find(&self, text: &[u8], mut report: impl FnMut(Candidate)) {
        self.plain(text, &mut report);
        if terminal::has_controls(text) {
            self.controlled(text, &mut report);
        }
    }

    /// Looks again at the lines in which controls stand where an anchor may lie, as a terminal shows
    /// them: nearly all colours stand between words and break none.
    fn controlled(&self, text: &[u8], report: &mut impl FnMut(Candidate)) {
        let (mut lines, mut shown) = (Vec::new(), Vec::new());
        let mut start = 0;
        for line in text.split_inclusive(|&byte| byte == b'\n') {
            lines.push((start, self.is_broken(line, &mut shown)));
            start += line.len();
        }
        let start = |index: usize| lines.get(index).map_or(text.len(), |(start, _)| *start);
        let mut next = 0;
        while let Some(first) = (next..lines.len()).find(|&index| lines[index].1) {
            next = (first..lines.len()).find(|&index| !lines[index].1).unwrap_or(lines.len());
            // With the lines beside them, into which a word may go on.
            let from = start(first.saturating_sub(1));
            let played = Played::new(&text[from..start(next + 1)]);
            self.plain(&played.text, &mut |candidate: Candidate| {
                let Candidate { at, upto, .. } = played.raw(candidate);
                report(Candidate { at: from + at, upto: from + upto, ..played.raw(candidate) });
            });
        }
    }

    /// Whether a line has controls that may break an anchor; `shown` is room for what it looks like.
    fn is_broken(&self, line: &[u8], shown: &mut Vec<u8>) -> bool {
        if !terminal::has_controls(line) {
            return false;
        }
        shown.clear();
        let mut seams = Vec::new();
        let straight = terminal::pieces(line, |piece| {
            seams.push(shown.len());
            shown.extend_from_slice(&line[piece]);
        });
        !straight || seams.iter().any(|seam| self.joints().lies_across(shown, *seam))
    }

    fn joints(&self) -> &Joints {
        self.joints.get_or_init(|| {
            Joints::new(self.index.anchors.iter().map(|anchor| anchor.bytes.as_ref()))
        })
    }

    fn plain(&self, text: &[u8], report: &mut impl FnMut(Candidate)) {
        self.anchored(text, 0..text.len(), |at, upto, of, stands| {
            report(Candidate {
                at,
                upto,
                mark: of.mark,
                gated: of.gated && stands != Stands::Alone,
                reach: of.reach,
            });
        });
        // Most messages that are given as an argument are one line: for them the joints are not
        // even made ready.
        if memchr::memchr(b'\n', text.get(1..).unwrap_or_default()).is_none() {
            return;
        }
        let joints = self.joints();
        let mut joined = Vec::new();
        joints.find(&self.provenance.prefixes, text, |end, next, between| {
            let joint = joint::joined(text, end, next, between, &mut joined);
            let across =
                joint.saturating_sub(joints.longest)..joined.len().min(joint + joints.longest);
            self.anchored(&joined, across, |start, upto, of, _| {
                if start < joint && upto > joint {
                    report(Candidate {
                        at: end - (joint - start),
                        upto: next,
                        mark: of.mark,
                        gated: false,
                        reach: of.reach,
                    });
                }
            });
        });
    }

    /// Reports every use of an anchor that may stand in a part of a text, with the anchor's place
    /// and how it stands there.
    fn anchored(
        &self,
        text: &[u8],
        part: Range<usize>,
        mut report: impl FnMut(usize, usize, &Use, Stands),
    ) {
        self.index.grams.find(&text[part.clone()], |anchor, start| {
            let anchor = &self.index.anchors[usize::from(anchor)];
            let start = part.start + start;
            let end = start + anchor.bytes.len();
            let stands = text.get(start..end);
            if !stands.is_some_and(|text| text.eq_ignore_ascii_case(&anchor.bytes)) {
                return;
            }
            for of in anchor.uses.iter() {
                let stands = verify::stands(self.provenance, of, text, start, end);
                if stands != Stands::No {
                    report(start, end, of, stands);
                }
            }
        });
    }
}
