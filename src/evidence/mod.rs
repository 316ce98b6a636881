//! Where does a wording come from, and does it count?
//!
//! The same words may be the client's own report, a line of another program, or a sentence in which
//! somebody talks about them. This module looks at what stands around a finding: the record it is a
//! field of, the lead-in before it, the rest of its line, the words near it that name Claude or
//! another vendor.

mod context;
mod head;
mod lead_in;
mod names;
mod quote;
mod record;
mod speech;
mod voice;

pub use context::Context;

use crate::catalog::{Action, Entry, Needs};
use crate::matching::{Finding, Kind};
use crate::words;

words! {
    /// Why we believe a finding, weakest first.
    Evidence {
        /// The message inside other text.
        Inline = "inline",
        /// The message is a line of its own.
        Alone = "alone",
        /// The user gave the message as an argument.
        Argument = "argument",
        /// A line in the shape in which a client renders its errors.
        Rendered = "rendered",
        /// A structured record of the client or the API's error object.
        Record = "record",
    }
}

words! {
    /// What became of the request, least final first.
    State {
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

/// A finding that counts.
#[derive(Clone, Debug)]
pub struct Weighed {
    /// What was found.
    pub finding: Finding,
    /// Why it is believed.
    pub evidence: Evidence,
    /// What became of the request.
    pub state: State,
    /// Claude is named in the same block.
    pub named: bool,
}

words! {
    /// Why a finding does not count.
    Reason {
        /// It stands in a field of a record that is never evidence.
        Silent = "in a field of a record that is never evidence",
        /// It stands in code, a diff, a test's name, documentation or an access log.
        Quoted = "quoted: code, a diff, a test, documentation or an access log",
        /// Another vendor is named in the same block, and Claude is not.
        Foreign = "another vendor is named beside it, and Claude is not",
        /// Other programs print it too, and nothing says that Claude did.
        Needs = "other programs print this too, and nothing near it names Claude",
    }
}

/// A finding that does not count.
#[derive(Clone, Debug)]
pub struct Dropped {
    /// What was found.
    pub finding: Finding,
    /// Why it does not count.
    pub reason: Reason,
}

/// Weighs one finding.
///
/// # Errors
/// The finding and the reason, where it does not count.
pub fn weigh(context: &Context<'_>, finding: Finding) -> Result<Weighed, Dropped> {
    let line = context.clean.line_of(finding.start);
    let mut state = State::Terminal;
    let evidence = if context.argument {
        Evidence::Argument
    } else {
        match context.voice(line, finding.start) {
            voice::Voice::Record(of) => {
                state = of;
                Evidence::Record
            }
            voice::Voice::Silent => return Err(Dropped { finding, reason: Reason::Silent }),
            voice::Voice::Text => {
                let evidence = context.rendering(&finding);
                if context.quoted(line, &finding, evidence) {
                    return Err(Dropped { finding, reason: Reason::Quoted });
                }
                evidence
            }
        }
    };
    // A client says whose error it renders, unless the name of another stands before it: `gemini:
    // [API Error: …`.
    if (evidence != Evidence::Rendered || context.foreign_before(&finding)) && context.foreign(line)
    {
        return Err(Dropped { finding, reason: Reason::Foreign });
    }
    if !enough(context, &finding, evidence, line) {
        return Err(Dropped { finding, reason: Reason::Needs });
    }
    Ok(Weighed { named: context.claude_in_block(line), finding, evidence, state })
}

/// Whether a finding has what it needs beside itself.
fn enough(context: &Context<'_>, finding: &Finding, evidence: Evidence, line: usize) -> bool {
    // The client's own lead-in or record says whose error it is.
    let known = evidence >= Evidence::Argument || finding.ours;
    let by_itself =
        || evidence == Evidence::Alone && finding.same_case && context.own_line(finding);
    match finding.needs {
        None if matches!(finding.kind, Kind::Class | Kind::Type) => {
            known || context.claude_near(line) || context.caller(line)
        }
        None => true,
        // A bare number says least of all: `status: 429`, `HTTP/1.1 503`.
        Some(Needs::Claude) if matches!(finding.kind, Kind::StatusClass | Kind::Status) => {
            known
                || context.claude_in_block(line)
                || context.caller(line)
                || (evidence == Evidence::Alone && context.claude_near(line))
        }
        Some(Needs::Claude) => {
            known
                || context.claude_beside(line, finding.start)
                || context.caller(line)
                || (by_itself() && !context.foreign_host(line, finding.start))
        }
        Some(Needs::Alone) => {
            known || (by_itself() && (context.claude_near(line) || context.only(finding)))
        }
        Some(Needs::Brief) => context.brief(),
    }
}

/// How sure a diagnosis is that rests on this.
pub fn confidence(weighed: &Weighed, entry: &Entry) -> Confidence {
    let finding = &weighed.finding;
    let base = match weighed.evidence {
        Evidence::Record | Evidence::Rendered => Confidence::High,
        Evidence::Argument | Evidence::Alone if finding.needs.is_none() => Confidence::High,
        Evidence::Argument | Evidence::Alone => Confidence::Medium,
        Evidence::Inline if finding.needs.is_none() || weighed.named => Confidence::Medium,
        Evidence::Inline => Confidence::Low,
    };
    let ceiling = match finding.kind {
        Kind::StatusClass => Confidence::Low,
        Kind::Status | Kind::Class => Confidence::Medium,
        // `Process exited with code 1` says that something failed, not what.
        Kind::Message if entry.general && entry.action == Action::Inspect => Confidence::Low,
        Kind::Message if entry.general => Confidence::Medium,
        _ => Confidence::High,
    };
    base.min(ceiling)
}
