//! Weighs findings: whether one counts, by its evidence, the proof of a quotation and who is named
//! around it, and how sure a diagnosis is that rests on it.

use super::context::Context;
use super::document::LineKind;
use super::verdict::{Confidence, Dropped, Evidence, Reason, State, Weighed};
use super::{evidence, quotation};
use crate::catalog::provenance_rules::Speaker;
use crate::catalog::{Action, Entry, Role, Scope};
use crate::matching::{Finding, RuleKind};

/// Weighs one finding.
///
/// # Errors
/// The finding and the reason, where it does not count.
pub(crate) fn weigh(context: &Context<'_>, finding: Finding) -> Result<Weighed, Dropped> {
    let line = context.clean.line_of(finding.start);
    let dropped = |finding, reason, rule| Err(Dropped { finding, reason, rule });
    let line_kind =
        if context.argument { LineKind::Text } else { context.line_kind(line, finding.start) };
    let (evidence, state) = match line_kind {
        LineKind::OtherField => return dropped(finding, Reason::RecordField, None),
        LineKind::ErrorField(state) => (Evidence::Record, state),
        LineKind::Text if context.argument => (Evidence::Argument, State::Terminal),
        LineKind::Text => (evidence::classify(context, &finding), State::Terminal),
    };
    // This is tested first because it costs less than the forms of quotations.
    let enough = is_enough(context, &finding, evidence, line);
    if enough
        && !context.argument
        && line_kind == LineKind::Text
        && let Some(rule) = quotation::proof(context, line, &finding, evidence)
    {
        return dropped(finding, Reason::Quoted, Some(rule));
    }
    let speaker = context.speaker_before(&finding);
    if let Some((rule, Speaker::Other)) = speaker {
        return dropped(finding, Reason::OtherVendor, Some(rule));
    }
    let named = context.speakers_in_block(line);
    // A client's prefix and the API's error object tell whose error it is, whoever else is named,
    // unless another vendor is named before the prefix: `gemini: [API Error: …`.
    let is_claude = evidence == Evidence::Rendered && !context.other_vendor_before(&finding)
        || evidence == Evidence::Record && evidence::in_own_envelope(context, &finding);
    if !is_claude && named.has(Speaker::Other) && !named.has(Speaker::Claude) {
        return dropped(finding, Reason::OtherVendor, None);
    }
    if !enough {
        return dropped(finding, Reason::Scope, None);
    }
    let background = matches!(speaker, Some((_, Speaker::Background)));
    Ok(Weighed { named: named.has(Speaker::Claude), finding, evidence, state, background })
}

/// Whether the surroundings of a finding suffice for its scope: the more widely a message is
/// printed, the more they have to tell.
fn is_enough(context: &Context<'_>, finding: &Finding, evidence: Evidence, line: usize) -> bool {
    let catch_all = finding.kind == RuleKind::CatchAll;
    let is_line = || match evidence {
        Evidence::Rendered if catch_all => evidence::begins_line(context, finding),
        // A class is followed by its message.
        Evidence::Alone if finding.kind == RuleKind::Class => true,
        _ => evidence == Evidence::Alone && evidence::ends_line(context, finding),
    };
    // Whoever gives a message as an argument, or as all there is, takes it for one of Claude's. A
    // client's prefix or record tells that it is, except for a catch-all, which is but the prefix.
    let is_all = || is_line() && context.is_all(finding);
    let known = match evidence {
        Evidence::Rendered if catch_all => is_all(),
        _ => evidence >= Evidence::Argument || finding.is_claude || is_all(),
    };
    let by_itself = || finding.same_case && is_line();
    let near = || context.claude_near(line);
    let caller = || context.caller_in_block(line);
    let elsewhere = || context.names_other_host(line, finding.start);
    match finding.scope {
        Scope::Own if matches!(finding.kind, RuleKind::Class | RuleKind::Type) => {
            known || near() || caller()
        }
        // Inside other text, and in another case, the same words are a sentence like any other.
        Scope::Own if evidence == Evidence::Inline && !finding.same_case => {
            context.claude_in_block(line) || caller()
        }
        Scope::Own => true,
        _ if finding.bare_number => context.answered_by_api(line, finding) && !elsewhere(),
        // A status tells least of all: `status: 429`, `HTTP/1.1 503`.
        Scope::Shared if matches!(finding.kind, RuleKind::StatusClass | RuleKind::Status) => {
            let beside = context.claude_in_block(line) || caller();
            let beside =
                beside || (evidence == Evidence::Alone && near()) || context.follows_request(line);
            known || beside && !elsewhere()
        }
        Scope::Shared => {
            let beside = context.claude_in_block(line) || (near() && !elsewhere());
            known || beside || caller() || (by_itself() && !elsewhere())
        }
        Scope::Bare => known || (by_itself() && near()),
        Scope::Complaint => context.is_typed(),
    }
}

/// How sure a diagnosis is that rests on a finding of this entry.
pub(crate) fn confidence(weighed: &Weighed, entry: &Entry) -> Confidence {
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
        (RuleKind::StatusClass | RuleKind::CatchAll, _) => Confidence::Low,
        // `Process exited with code 1` says that something failed, not what.
        (RuleKind::Message, Some(Role::Wrapper)) if entry.action == Action::Inspect => {
            Confidence::Low
        }
        (RuleKind::Status | RuleKind::Class, _) | (RuleKind::Message, Some(_)) => {
            Confidence::Medium
        }
        _ => Confidence::High,
    };
    base.min(ceiling)
}
