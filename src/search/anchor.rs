//! Anchors: the runs of bytes that are looked for, and what each of them may be part of.

use std::borrow::Cow;
use std::ops::BitOr;

use super::gram::Grams;

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
