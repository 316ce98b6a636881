//! Anchors: the byte strings that the search looks for, and what each of them may be part of.

use std::borrow::Cow;
use std::ops::BitOr;

use super::qgram::QGramTable;

/// The anchors of a catalog, ready to be searched for.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    /// The q-grams by which anchors are found.
    pub table: QGramTable,
    /// The anchors, sorted by their bytes.
    pub anchors: Cow<'static, [Anchor]>,
}

/// A byte string that the search looks for, such as `overloaded`.
#[derive(Clone, Debug)]
pub(crate) struct Anchor {
    /// The string, in lower case.
    pub bytes: Cow<'static, [u8]>,
    /// What it may be part of.
    pub uses: Cow<'static, [AnchorUse]>,
}

/// One thing that an anchor may be part of.
#[derive(Clone, Debug)]
pub(crate) struct AnchorUse {
    /// What that is.
    pub kind: CandidateKind,
    /// It counts only near a name of Claude's, or alone on its line.
    pub needs_context: bool,
    /// The literal from which the anchor is cut, as its skeleton; empty where it is not known.
    pub literal: Cow<'static, [u8]>,
    /// Offset in the literal at which the anchor begins.
    pub start: u16,
    /// Offset in the literal at which it ends, exclusive.
    pub end: u16,
    /// The literal is the first part of its rule.
    pub first: bool,
    /// The literal is the last part of its rule.
    pub last: bool,
    /// How far a match may extend before and after the anchor, in bytes of the log.
    pub extent: (u16, u16),
}

/// What may stand at a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CandidateKind {
    /// A match of the rule with this index.
    Rule(u16),
    /// An HTTP status.
    Status,
    /// A name near which a rule counts that does not count elsewhere.
    Name(NameKind),
}

/// Whose name it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NameKind {
    /// A program through which Claude is called, among others.
    Caller,
    /// Claude or one of its own programs.
    Claude,
    /// What only Claude's clients print before a message.
    Client,
    /// An address of the API: near it any status may be the API's.
    Endpoint,
    /// A key or value of the records that Claude's programs write.
    Record,
}

/// The set of the kinds of names that stand near a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct NameSet(u8);

impl NameSet {
    /// Adds a kind.
    pub(crate) fn add(&mut self, kind: NameKind) {
        self.0 |= 1 << kind as u8;
    }

    /// Whether the set holds a kind.
    pub(crate) fn has(self, kind: NameKind) -> bool {
        self.0 >> kind as u8 & 1 == 1
    }

    /// Whether the set holds any kind.
    pub(crate) fn any(self) -> bool {
        self.0 != 0
    }
}

impl BitOr for NameSet {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
