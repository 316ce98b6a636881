//! Quotation: text that talks about errors instead of having one. It has to be proved, by the
//! region in which a line stands or by the form of the whole line, and each rule says against which
//! evidence it is believed.

use std::ops::Range;

use super::context::Context;
use super::document::LINE_BYTES;
use super::evidence::begins_line;
use super::message_prefix;
use super::region::Region;
use super::session::Session;
use super::verdict::Evidence;
use crate::catalog::Scope;
use crate::matching::Finding;
use crate::text::form::Forms;
use crate::text::layout::Layout;

/// The index of the rule that proves that a finding is quoted.
pub(super) fn proof(
    context: &Context<'_>,
    line: usize,
    finding: &Finding,
    evidence: Evidence,
) -> Option<u16> {
    let rules = context.rules();
    let overrules = |rule: u16| rules.rules[usize::from(rule)].overrules >= Some(evidence);
    let announced = || message_prefix::announces(rules, context.before(finding));
    let by_region = match context.regions[line] {
        Region::None(Session::None) => None,
        Region::Quoted(rule) => Some(rule),
        Region::None(Session::Speech { rule, first }) => {
            // `⏺ API Error: …` and `⏺ Agent "x" failed: …` are the client's words; the rest is the
            // model's.
            let begins = |line| message_prefix::begins_report(rules, context.clean.line(line));
            let own = announced() || begins(line);
            let goes_on = || {
                let (start, _) = context.block_lines(line);
                let has_bullet = match context.regions[start] {
                    Region::None(Session::Speech { first, .. }) => first,
                    _ => false,
                };
                !first && has_bullet && begins(start)
            };
            let alone = first && evidence >= Evidence::Alone && begins_line(context, finding);
            (!(own || alone || goes_on())).then_some(rule)
        }
        Region::None(Session::Tool { rule, first }) => {
            let reported = evidence >= Evidence::Alone || announced();
            let own = first && reported && finding.scope == Scope::Own;
            (!own).then_some(rule)
        }
    };
    by_region.filter(|rule| overrules(*rule)).or_else(|| by_form(context, line, finding, evidence))
}

/// The index of the first quotation rule that has a form for the line of a finding, with or without
/// the line number of a listing before it.
fn by_form(
    context: &Context<'_>,
    line: usize,
    finding: &Finding,
    evidence: Evidence,
) -> Option<u16> {
    let (plain, literal) = context.rules().quotations.get(evidence as usize)?;
    // A string literal need not hold what a placeholder at the end of a message takes.
    let last = finding.placeholders.iter().find(|placeholder| placeholder.1 == finding.end);
    let span = finding.start..last.map_or(finding.end, |placeholder| placeholder.0);
    // All findings of a line have the same answer, except from the literals around them.
    let known = context.last_quoted.get().filter(|known| (known.0, known.1) == (line, evidence));
    let by_line = known.map_or_else(|| first(context, line, &span, plain, false), |known| known.2);
    context.last_quoted.set(Some((line, evidence, by_line)));
    by_line.into_iter().chain(first(context, line, &span, literal, true)).min()
}

/// The index of the first rule that has one of these forms for a line; `literal` tells that the
/// forms are about the string literal that holds the finding.
fn first(
    context: &Context<'_>,
    line: usize,
    finding: &Range<usize>,
    forms: &Forms,
    literal: bool,
) -> Option<u16> {
    let (rules, line) = (context.rules(), context.clean.lines[line]);
    let text = &context.clean.text[line.start..line.end.min(line.start + LINE_BYTES)];
    let (start, end) = (finding.start - line.start, finding.end - line.start);
    let (mut from, mut first): (usize, Option<u16>) = (0, None);
    loop {
        // A finding before the text is in no literal of it; forms of a whole line need no finding.
        let inside = literal && start >= from;
        let within = if inside { start - from..end - from } else { usize::MAX..usize::MAX };
        let layout = Layout::new(&rules.prefixes.lists, &text[from..]);
        let layout = layout.with_finding(within).with_inset(line.prefix.inset);
        if !literal || layout.is_quoted() {
            layout.whose(forms, |rule| {
                let sooner = first.is_none_or(|known| rule < known);
                let fields = &rules.rules[usize::from(rule)];
                if sooner && (from == 0 || fields.listed) && !layout.is(&fields.never) {
                    first = Some(rule);
                }
            });
        }
        match layout.front(&rules.gutters, |_, _| true) {
            Some((len, _)) if from < LINE_BYTES / 2 => from += len,
            _ => return first,
        }
    }
}
