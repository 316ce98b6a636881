//! Quotation has to be proved: by the region in which a line stands, or by the form of the line as a
//! whole. Every rule says up to which evidence it is believed.

use std::ops::Range;

use super::Evidence;
use super::context::{Context, LINE};
use super::region::Place;
use super::setting;
use crate::catalog::Scope;
use crate::matching::Finding;
use crate::text::form::Forms;
use crate::text::layout::Layout;

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
            let own = first && set && finding.scope == Scope::Own;
            (!own).then_some(rule)
        }
    };
    by_region.filter(|rule| overrules(*rule)).or_else(|| by_form(context, line, finding, evidence))
}

/// The rule of which the line of a finding has a form, itself or behind the number of a listing.
fn by_form(
    context: &Context<'_>,
    line: usize,
    finding: &Finding,
    evidence: Evidence,
) -> Option<u16> {
    let (plain, literal) = context.rules().quotations.get(evidence as usize)?;
    // What varies at the end of a message is no part of what a literal must hold.
    let hole = finding.holes.iter().find(|hole| hole.1 == finding.end);
    let span = finding.start..hole.map_or(finding.end, |of| of.0);
    // A line says of all its findings the same, unless it is by the literal around them.
    let known = context.quoted.get().filter(|known| (known.0, known.1) == (line, evidence));
    let by_line = known.map_or_else(|| first(context, line, &span, plain, false), |known| known.2);
    context.quoted.set(Some((line, evidence, by_line)));
    by_line.into_iter().chain(first(context, line, &span, literal, true)).min()
}

/// Of some forms the first rule that a line has one of; `literal` says that they speak of the literal
/// that holds the finding.
fn first(
    context: &Context<'_>,
    line: usize,
    finding: &Range<usize>,
    forms: &Forms,
    literal: bool,
) -> Option<u16> {
    let (rules, of) = (context.rules(), context.clean.lines[line]);
    let text = &context.clean.text[of.start..of.end.min(of.start + LINE)];
    let (start, end) = (finding.start - of.start, finding.end - of.start);
    let (mut from, mut first): (usize, Option<u16>) = (0, None);
    loop {
        // What lies before the text is in no literal of it, and a line by itself has no finding.
        let inside = literal && start >= from;
        let within = if inside { start - from..end - from } else { usize::MAX..usize::MAX };
        let layout = Layout::new(&rules.prefixes.lists, &text[from..]);
        let layout = layout.with_finding(within).with_inset(of.prefix.inset);
        if !literal || layout.is_quoted() {
            layout.whose(forms, |rule| {
                let of = &rules.rules[usize::from(rule)];
                let sooner = first.is_none_or(|known| rule < known);
                if sooner && (from == 0 || of.listed) && !layout.is(&of.never) {
                    first = Some(rule);
                }
            });
        }
        match layout.front(&rules.gutters, |_, _| true) {
            Some((len, _)) if from < LINE / 2 => from += len,
            _ => return first,
        }
    }
}
