//! Quotation has to be proved: by the region in which a line stands, or by the form of the line as a
//! whole. Every rule says up to which evidence it is believed.

use super::Evidence;
use super::context::{Context, LINE};
use super::region::Place;
use super::setting;
use crate::catalog::provenance::{Rule, Topic};
use crate::matching::Finding;
use crate::text::form::Layout;

/// The rule that proves that a finding is quoted.
pub(super) fn proved(
    context: &Context<'_>,
    line: usize,
    finding: &Finding,
    evidence: Evidence,
) -> Option<u16> {
    let rules = context.rules();
    let overrules = |rule: u16| rules.rules[usize::from(rule)].overrules >= Some(evidence);
    let announced = || setting::announces(rules, context.before(finding));
    let begins_line = || setting::begins_line(context, finding);
    let by_region = match context.places[line] {
        Place::Open => None,
        Place::Quoted(rule) => Some(rule),
        Place::Speech { rule, first } => {
            // `⏺ API Error: …` and `⏺ Agent "x" failed: …` are the client's; what else the model
            // says is not.
            let begins = |line| setting::begins_report(rules, context.clean.line(line));
            let own = announced() || begins(line);
            let goes_on = || {
                let (start, _) = context.block_lines(line);
                let of_mark = matches!(context.places[start], Place::Speech { first: true, .. });
                !first && of_mark && begins(start)
            };
            let alone = first && evidence >= Evidence::Alone && begins_line();
            (!(own || alone || goes_on())).then_some(rule)
        }
        Place::Tool { rule, first } => {
            let set = evidence >= Evidence::Alone || announced();
            let own = first && set && finding.needs.is_none();
            (!own).then_some(rule)
        }
    };
    by_region.filter(|rule| overrules(*rule)).or_else(|| {
        let mut quotations = rules.of(Topic::Quotation).filter(|(index, _)| overrules(*index));
        quotations.find(|(_, rule)| is_quoted(context, line, finding, rule)).map(|(rule, _)| rule)
    })
}

/// Whether a line is a quotation by this rule, itself or behind the number of a listing.
fn is_quoted(context: &Context<'_>, line: usize, finding: &Finding, rule: &Rule) -> bool {
    let whole = context.clean.lines[line];
    let text = &context.clean.text[whole.start..whole.end.min(whole.start + LINE)];
    let mut from = 0;
    loop {
        if is_of(context, rule, text, from, finding, whole.start) {
            return true;
        }
        match gutter(context, &text[from..]).filter(|_| rule.listed && from < LINE / 2) {
            Some(len) => from += len,
            None => return false,
        }
    }
}

/// Whether the text from an offset on has a form of the rule.
fn is_of(
    context: &Context<'_>,
    rule: &Rule,
    text: &[u8],
    from: usize,
    finding: &Finding,
    start: usize,
) -> bool {
    let lists = &context.rules().prefixes.lists;
    let inset = context.clean.lines[context.clean.line_of(start)].lead.inset;
    let at = |offset: usize| offset.saturating_sub(start + from);
    // What varies at the end of a message is no part of what a literal must hold, and what lies before
    // the text is in no literal of it.
    let end =
        finding.holes.iter().find(|hole| hole.1 == finding.end).map_or(finding.end, |of| of.0);
    let inside = finding.start >= start + from;
    let finding = if inside { at(finding.start)..at(end) } else { usize::MAX..usize::MAX };
    let layout = Layout::new(lists, &text[from..]).with_finding(finding).with_inset(inset);
    layout.is(&rule.forms) && !layout.is(&rule.never)
}

/// The length of what a listing puts before a line of source: a line's number, the sign of a diff,
/// the place of a hit.
pub(super) fn gutter(context: &Context<'_>, text: &[u8]) -> Option<usize> {
    let rules = context.rules();
    let layout = Layout::new(&rules.prefixes.lists, text);
    let listed = rules.of(Topic::Prefix).filter(|(_, rule)| rule.listed);
    listed.filter_map(|(_, rule)| layout.front(&rule.forms, |_, _| true)).map(|(len, _)| len).max()
}
