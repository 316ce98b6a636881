//! Whose words are these? The same message may be the client's own report, a line of another
//! program, or a sentence in which somebody talks about it.
//!
//! What tells them apart is data, `catalog/provenance.toml`; the mechanism is here. A window is cut
//! into blocks and looked around in (`context`), its records are read (`record`), its lines are put
//! under regions (`region`). A finding is then weighed: quotation has to be proved (`quotation`),
//! who is named decides whose program speaks (`vendor`), and how the finding is set on its line says
//! how much it is worth (`setting`).

mod block;
mod context;
mod heads;
mod quotation;
mod record;
mod region;
mod setting;
mod surface;
mod vendor;

pub use context::Context;
use std::sync::OnceLock;

use context::Voice;
pub use surface::Reader;
use surface::Signs;
use vendor::Vendors;

use crate::catalog::provenance::{Provenance, Speaker};
use crate::catalog::{Action, Entry, Role, Scope};
use crate::matching::{Finding, Kind};
use crate::words;

pub use crate::catalog::provenance::Evidence;

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
    /// The client reports it of something that is not the reader's request.
    pub background: bool,
}

words! {
    /// Why a finding does not count.
    Reason {
        /// It stands in a field of a record that is never evidence.
        Silent = "in a field of a record that is never evidence",
        /// It stands in text that talks about errors: code, a diff, a test, documentation.
        Quoted = "quoted: the line talks about errors",
        /// Another program speaks.
        Foreign = "another program speaks, or another vendor is named beside it and Claude is not",
        /// Other programs print it too, and nothing says that Claude did.
        Scope = "other programs print this too, and nothing near it names Claude",
    }
}

/// A finding that does not count.
#[derive(Clone, Debug)]
pub struct Dropped {
    /// What was found.
    pub finding: Finding,
    /// Why it does not count.
    pub reason: Reason,
    /// The provenance rule that says so, by its index, where one does.
    pub rule: Option<u16>,
}

/// What is known of provenance, ready to be used. Share it: the names are sorted once.
#[derive(Debug)]
pub struct Judge<'c> {
    provenance: &'c Provenance,
    vendors: Vendors<'c>,
    /// Only a diagnosis needs them.
    signs: OnceLock<Signs>,
}

impl<'c> Judge<'c> {
    /// Gets ready for the rules of a catalog.
    pub fn new(provenance: &'c Provenance) -> Self {
        Self { provenance, vendors: Vendors::new(provenance), signs: OnceLock::new() }
    }

    /// The rules.
    pub fn rules(&self) -> &'c Provenance {
        self.provenance
    }

    /// The signs of surfaces.
    pub(crate) fn signs(&self) -> &Signs {
        self.signs.get_or_init(|| Signs::new(self.provenance))
    }

    /// The names of vendors and endpoints.
    pub(crate) fn vendors(&self) -> &Vendors<'c> {
        &self.vendors
    }
}

/// Weighs one finding.
///
/// # Errors
/// The finding and the reason, where it does not count.
pub fn weigh(context: &Context<'_>, finding: Finding) -> Result<Weighed, Dropped> {
    let line = context.clean.line_of(finding.start);
    let dropped = |finding, reason, rule| Err(Dropped { finding, reason, rule });
    let voice = if context.argument { Voice::Text } else { context.voice(line, finding.start) };
    let (evidence, state) = match voice {
        Voice::Silent => return dropped(finding, Reason::Silent, None),
        Voice::Record(state) => (Evidence::Record, state),
        Voice::Text if context.argument => (Evidence::Argument, State::Terminal),
        Voice::Text => (setting::evidence(context, &finding), State::Terminal),
    };
    // Whether it counts at all is sooner said than whether it is quoted.
    let enough = enough(context, &finding, evidence, line);
    if enough
        && !context.argument
        && voice == Voice::Text
        && let Some(rule) = quotation::proved(context, line, &finding, evidence)
    {
        return dropped(finding, Reason::Quoted, Some(rule));
    }
    let speaks = context.speaks_before(&finding);
    if let Some((rule, Speaker::Other)) = speaks {
        return dropped(finding, Reason::Foreign, Some(rule));
    }
    let named = context.named_in_block(line);
    // A client says whose error it renders, and the API whose object it is, unless the name of
    // another stands before it: `gemini: [API Error: …`.
    let says = evidence == Evidence::Rendered && !context.other_before(&finding)
        || evidence == Evidence::Record && setting::in_own_envelope(context, &finding);
    if !says && named.has(Speaker::Other) && !named.has(Speaker::Claude) {
        return dropped(finding, Reason::Foreign, None);
    }
    if !enough {
        return dropped(finding, Reason::Scope, None);
    }
    let background = matches!(speaks, Some((_, Speaker::Background)));
    Ok(Weighed { named: named.has(Speaker::Claude), finding, evidence, state, background })
}

/// Whether a finding has what it needs beside itself.
fn enough(context: &Context<'_>, finding: &Finding, evidence: Evidence, line: usize) -> bool {
    // A message given as an argument, or that is all there is, is claimed to be ours. A client's own
    // lead-in or record says so too, except for what is nothing but the lead-in.
    let any = finding.kind == Kind::CatchAll;
    let own_line = || setting::own_line(context, finding);
    let begins_line = || match evidence {
        Evidence::Rendered if any => setting::begins_line(context, finding),
        // A class is followed by its message.
        Evidence::Alone if finding.kind == Kind::Class => true,
        _ => evidence == Evidence::Alone && own_line(),
    };
    let claimed = || begins_line() && context.only(finding);
    let known = match evidence {
        Evidence::Rendered if any => claimed(),
        _ => evidence >= Evidence::Argument || finding.ours || claimed(),
    };
    let by_itself = || finding.same_case && begins_line();
    let near = || context.claude_near(line);
    let caller = || context.caller(line);
    let elsewhere = || context.foreign_host(line, finding.start);
    match finding.scope {
        Scope::Own if matches!(finding.kind, Kind::Class | Kind::Type) => {
            known || near() || caller()
        }
        // Inside other text the words in another case are a sentence like any other.
        Scope::Own if evidence == Evidence::Inline && !finding.same_case => {
            context.claude_in_block(line) || caller()
        }
        Scope::Own => true,
        _ if finding.loose => context.answered_by_api(line, finding) && !elsewhere(),
        // A bare number says least of all: `status: 429`, `HTTP/1.1 503`.
        Scope::Shared if matches!(finding.kind, Kind::StatusClass | Kind::Status) => {
            let beside = context.claude_in_block(line) || caller();
            let beside = beside || (evidence == Evidence::Alone && near()) || context.asked(line);
            known || beside && !elsewhere()
        }
        Scope::Shared => {
            let beside = context.claude_in_block(line) || (near() && !elsewhere());
            known || beside || caller() || (by_itself() && !elsewhere())
        }
        Scope::Bare => known || (by_itself() && near()),
        Scope::Complaint => context.brief(),
    }
}

/// How sure a diagnosis is that rests on this.
pub fn confidence(weighed: &Weighed, entry: &Entry) -> Confidence {
    let finding = &weighed.finding;
    let base = match weighed.evidence {
        Evidence::Record | Evidence::Rendered => Confidence::High,
        Evidence::Argument | Evidence::Alone if finding.scope == Scope::Own => Confidence::High,
        Evidence::Argument | Evidence::Alone => Confidence::Medium,
        Evidence::Inline if finding.scope == Scope::Own || weighed.named => Confidence::Medium,
        Evidence::Inline => Confidence::Low,
    };
    let ceiling = match (finding.kind, entry.role) {
        _ if weighed.background => Confidence::Low,
        (Kind::StatusClass | Kind::CatchAll, _) => Confidence::Low,
        // `Process exited with code 1` says that something failed, not what.
        (Kind::Message, Some(Role::Wrapper)) if entry.action == Action::Inspect => Confidence::Low,
        (Kind::Status | Kind::Class, _) | (Kind::Message, Some(_)) => Confidence::Medium,
        _ => Confidence::High,
    };
    base.min(ceiling)
}
