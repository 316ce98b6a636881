//! What became of every finding: `--why` tells it, and the linter asks which rule decided.

use super::Location;
use crate::matching::RuleKind;
use crate::provenance::{Evidence, Reason};

/// What became of one finding.
#[derive(Debug)]
#[non_exhaustive]
pub struct Trace {
    /// Index of the entry in [`crate::Catalog::entries`].
    pub entry: usize,
    /// The rule that matched, as the catalog has it.
    pub rule: String,
    /// How specific it is.
    pub kind: RuleKind,
    /// Where it matched.
    pub location: Location,
    /// What it matched, without control characters and with secrets masked.
    pub matched: String,
    /// Why it is believed, if it is.
    pub evidence: Option<Evidence>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What can become of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It names an event.
    Event,
    /// Another finding of its block names the event: the index of that one's entry.
    Beaten(usize),
    /// It does not count; the provenance rule that says so, by its index, where one does.
    Dropped(Reason, Option<u16>),
}
