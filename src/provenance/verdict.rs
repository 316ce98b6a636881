//! What is said of a finding in the end: that it counts, with the evidence and the state of the
//! request, or why it does not. Plain data, on which everything else in this module builds.

pub use crate::catalog::provenance_rules::Evidence;

use crate::matching::Finding;
use crate::words;

words! {
    /// What became of the request, least final first.
    State {
        /// Nothing has failed yet.
        Warning = "warning",
        /// The client tries again.
        Retrying = "retrying",
        /// The client gave up.
        Terminal = "terminal",
    }
}

words! {
    /// How sure the diagnosis is.
    Confidence {
        /// A guess worth checking.
        Low = "low",
        /// Likely.
        Medium = "medium",
        /// As good as certain.
        High = "high",
    }
}

words! {
    /// Why a finding does not count.
    Reason {
        /// It stands in a field of a record that is never evidence.
        RecordField = "in a field of a record that is never evidence",
        /// It stands in text that talks about errors: code, a diff, a test, documentation.
        Quoted = "quoted: the line talks about errors",
        /// Another program speaks.
        OtherVendor = "another program speaks, or another vendor is named beside it and Claude is not",
        /// Other programs print it too, and nothing says that Claude did.
        Scope = "other programs print this too, and nothing near it names Claude",
    }
}

/// A finding that counts.
#[derive(Clone, Debug)]
pub(crate) struct Weighed {
    /// What was found.
    pub finding: Finding,
    /// Why it is believed.
    pub evidence: Evidence,
    /// What became of the request.
    pub state: State,
    /// Claude is named in the same block.
    pub named: bool,
    /// The client reports it of something that is not the reader's request.
    pub background: bool,
}

/// A finding that does not count.
#[derive(Clone, Debug)]
pub(crate) struct Dropped {
    /// What was found.
    pub finding: Finding,
    /// Why it does not count.
    pub reason: Reason,
    /// The provenance rule that says so, by its index, where one does.
    pub rule: Option<u16>,
}
