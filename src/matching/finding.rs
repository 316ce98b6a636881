//! What the matcher is given and what it returns.

use std::borrow::Cow;
use std::ops::Range;

use crate::catalog::Scope;
use crate::catalog::rule::{Rule, RuleKind};
use crate::text::{Clean, Skeleton};

/// The names of placeholders and their values. The names are nearly always the built-in catalog's.
pub(crate) type Captures = Vec<(Cow<'static, str>, String)>;

/// A rule of an entry, found at one place of a text.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// Index of the entry in the catalog.
    pub entry: usize,
    /// How the entry was recognised.
    pub kind: RuleKind,
    /// The number of the rule, as [`super::Matcher::rule_text`] knows it.
    pub rule: usize,
    /// Offset of the first byte in the clean text.
    pub start: usize,
    /// End, exclusive.
    pub end: usize,
    /// How much of the text was literally known, in bytes: the more, the more specific.
    pub weight: usize,
    /// How widely it is printed, and so where it counts.
    pub scope: Scope,
    /// Only Claude's programs print it.
    pub is_claude: bool,
    /// A bare number, which is a status only beside an address of the API.
    pub bare_number: bool,
    /// The spans in the clean text that placeholders take which may hold another message.
    pub placeholders: Vec<(usize, usize)>,
    /// The letters have the case that the catalog has.
    pub same_case: bool,
    /// What the placeholders hold, as printed.
    pub captures: Captures,
}

impl Finding {
    /// A finding of a rule, without captures.
    pub(super) fn new(number: usize, rule: &Rule, span: Range<usize>, weight: usize) -> Self {
        Self {
            entry: rule.entry,
            kind: rule.kind,
            rule: number,
            start: span.start,
            end: span.end,
            weight,
            scope: rule.scope,
            is_claude: rule.scope == Scope::Own,
            bare_number: false,
            placeholders: Vec::new(),
            same_case: true,
            captures: Vec::new(),
        }
    }
}

/// A part of a text in which rules are looked for.
#[derive(Debug)]
pub(crate) struct Haystack<'t> {
    /// The text.
    pub clean: &'t Clean,
    /// Where in the text the part lies: whole lines, unless they are too long.
    pub span: Range<usize>,
    /// The skeleton of the part.
    pub skeleton: Skeleton,
}

impl<'t> Haystack<'t> {
    /// All of a text.
    pub(crate) fn whole(clean: &'t Clean) -> Self {
        Self::new(clean, 0..clean.text.len())
    }

    /// A part of a text.
    pub(crate) fn new(clean: &'t Clean, span: Range<usize>) -> Self {
        Self { clean, skeleton: Skeleton::of(&clean.text, span.clone()), span }
    }
}
