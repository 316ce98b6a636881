//! What stopped the work: of all findings of a window, one event per thing that happened, and of
//! all events, the order.
//!
//! The rules, each of which some real log needs:
//! - On the same text the longer message wins: `Request timed out. Check your internet connection`
//!   over `Request timed out`.
//! - In one block a message outranks a type, a type a status: an empty credit balance arrives as
//!   `400 invalid_request_error`.
//! - In one block the longer of two messages wins, for it says more; a wrapper loses to
//!   what it wraps.
//! - A wrapper or catch-all gives way to anything specific near it, even further up:
//!   the cause of a traceback's `Connection error.` stands above it.
//! - Terminal beats retrying; then later beats earlier. The order of the catalog's files never
//!   decides.

use crate::catalog::provenance_rules::WordList;
use crate::catalog::{Action, Entry, Policy, Scope, Section, Str};
use crate::facts;
use crate::matching::{Finding, RuleKind};
use crate::provenance::{Confidence, Context, Evidence, State, Weighed, confidence};
use crate::text::{Skeleton, find};

/// One thing that happened: a block, named by the best of its findings.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// The finding that names it.
    pub weighed: Weighed,
    /// How certain it is.
    pub confidence: Confidence,
    /// It is a wrapper, and what it wraps stands nearby.
    pub covered: bool,
    /// The other findings of its block.
    pub beaten: Vec<Finding>,
}

/// How specific a finding is, from 0 to 7. A wrapper that spans another finding of its block says
/// nothing of its own.
fn level(text: &[u8], weighed: &Weighed, group: &[Weighed], entries: &[Entry]) -> u8 {
    let finding = &weighed.finding;
    let role = entries[finding.entry].role;
    match finding.kind {
        RuleKind::CatchAll => 0,
        RuleKind::Message if role.is_some() && wraps(text, finding.entry, group) => 1,
        RuleKind::Class => 2,
        RuleKind::StatusClass => 3,
        RuleKind::Status => 4,
        RuleKind::Message if role.is_some() => 5,
        RuleKind::Type => 6,
        RuleKind::Message => 7,
    }
}

/// Whether a finding of this entry has another entry's finding in a placeholder, or announces it.
fn wraps(text: &[u8], entry: usize, group: &[Weighed]) -> bool {
    let is_own = |weighed: &&Weighed| weighed.finding.entry == entry;
    group.iter().filter(is_own).any(|Weighed { finding: outer, .. }| {
        let wrapped = |inner| in_placeholder(inner, outer) || announces(text, outer, inner);
        group.iter().any(|inner| !is_own(&inner) && wrapped(&inner.finding))
    })
}

/// Whether a finding is followed by a colon and another one: `Error during compaction: …`.
fn announces(text: &[u8], outer: &Finding, inner: &Finding) -> bool {
    text.get(outer.end..inner.start).is_some_and(|between| between.starts_with(b": "))
}

/// Whether a finding lies in a placeholder of another one.
fn in_placeholder(inner: &Finding, outer: &Finding) -> bool {
    outer.placeholders.iter().any(|&(start, end)| inner.start < end && start < inner.end)
}

/// The events of a window, in the order of the text.
pub(crate) fn events(
    context: &Context<'_>,
    findings: impl Iterator<Item = Weighed>,
    entries: &[Entry],
) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for group in blocks(context, findings) {
        let at = group[0].finding.start;
        let retrying = says_retrying(context, &group);
        let Some((mut winner, beaten)) = winner(&context.clean.text, group, entries) else {
            continue;
        };
        if retrying {
            winner.state = winner.state.min(State::Retrying);
        }
        if entries[winner.finding.entry].is_warning() {
            winner.state = State::Warning;
        }
        facts::add(context, at, &mut winner.finding.captures);
        let confidence = confidence(&winner, &entries[winner.finding.entry]);
        events.push(Event { weighed: winner, confidence, covered: false, beaten });
    }
    cover(context, &mut events, entries);
    events
}

/// Findings of a block that are looked at: the last ones.
const MOST_OF_BLOCK: usize = 100;

/// Findings grouped by block; a finding that spans two blocks joins them.
fn blocks(
    context: &Context<'_>,
    findings: impl Iterator<Item = Weighed>,
) -> impl Iterator<Item = Vec<Weighed>> {
    let block = |at: usize| context.unit(at);
    // What has no bounds of its own reaches nowhere.
    let last = move |Weighed { finding, .. }: &Weighed| match finding.kind {
        RuleKind::CatchAll => block(finding.start),
        _ => block(finding.end.max(finding.start + 1) - 1),
    };
    let mut findings = findings.peekable();
    std::iter::from_fn(move || {
        let mut group = vec![findings.next()?];
        let mut end = last(&group[0]);
        while let Some(weighed) = findings.next_if(|next| block(next.finding.start) <= end) {
            end = end.max(last(&weighed));
            group.push(weighed);
        }
        // What a block repeats without end says no more than its last lines do, and each finding is
        // held against each.
        Some(group.split_off(group.len().saturating_sub(MOST_OF_BLOCK)))
    })
}

/// The finding that names what happened in a block, and the rest.
fn winner(
    text: &[u8],
    mut group: Vec<Weighed>,
    entries: &[Entry],
) -> Option<(Weighed, Vec<Finding>)> {
    let beaten = |one: &Weighed| {
        group.iter().any(|other| {
            let overlap =
                one.finding.start < other.finding.end && other.finding.start < one.finding.end;
            let messages =
                one.finding.kind == RuleKind::Message && other.finding.kind == RuleKind::Message;
            overlap
                && messages
                && other.finding.weight > one.finding.weight
                && !in_placeholder(&one.finding, &other.finding)
        })
    };
    let best = group
        .iter()
        .enumerate()
        .filter(|(_, weighed)| !beaten(weighed))
        .max_by_key(|(_, weighed)| {
            (
                level(text, weighed, &group, entries),
                weighed.evidence,
                weighed.finding.weight,
                weighed.finding.start,
            )
        })
        .map(|(index, _)| index)?;
    let mut winner = group.swap_remove(best);
    // What the rest of the block knows of the same event is worth keeping: the status, the
    // request's id.
    for other in &group {
        // A catch-all captures anything.
        let known = other.finding.kind != RuleKind::CatchAll;
        for (name, value) in other.finding.captures.iter().filter(|_| known) {
            if !winner.finding.captures.iter().any(|(known, _)| known == name) {
                winner.finding.captures.push((name.clone(), value.clone()));
            }
        }
        // A message inside other text that turns out to be a record is as good as the record.
        let record = other.evidence == Evidence::Record;
        // What a wrapper announces is set as well as the wrapper: `Error during compaction: …`.
        let wrapper = entries[other.finding.entry].gives_way();
        let announced = wrapper && announces(text, &other.finding, &winner.finding);
        if winner.evidence == Evidence::Inline && (record || announced) {
            winner.evidence = other.evidence;
        }
    }
    Some((winner, group.into_iter().map(|weighed| weighed.finding).collect()))
}

/// Whether the block says that the client tries again.
fn says_retrying(context: &Context<'_>, group: &[Weighed]) -> bool {
    let unit = context.unit_span(group[0].finding.start);
    let skeleton = Skeleton::of(&context.clean.text, unit).bytes;
    let words = context.rules().words(WordList::Retrying).iter();
    let shown = |word: &Str| find::first(&skeleton, &Skeleton::new(word.as_bytes()).bytes);
    { words }.any(|word| shown(word).is_some())
}

/// Lines between a wrapper and what it wraps, at most: the length of a long traceback.
const NEAR: usize = 150;

/// What has to be known of an event that may explain others.
struct Cause {
    section: Section,
    policy: Policy,
    state: State,
    line: usize,
    specific: bool,
}

/// Marks the events that another one nearby explains as covered.
fn cover(context: &Context<'_>, events: &mut [Event], entries: &[Entry]) {
    let line = |weighed: &Weighed| context.clean.line_of(weighed.finding.start);
    let entry = |event: &Event| &entries[event.weighed.finding.entry];
    let causes: Vec<Cause> = events
        .iter()
        .filter(|event| event.weighed.finding.kind != RuleKind::CatchAll && !event.is_complaint())
        .filter(|event| !event.weighed.background)
        .map(|event| Cause {
            section: entry(event).section,
            policy: entry(event).policy(),
            state: event.weighed.state,
            line: line(&event.weighed),
            specific: !entry(event).gives_way(),
        })
        .collect();
    for event in events {
        let (entry, weighed) = (entry(event), &event.weighed);
        let kind = weighed.finding.kind;
        let wrapper = entry.gives_way() && matches!(kind, RuleKind::Message | RuleKind::Class);
        // An exit code and the last line of a traceback are explained by anything; what a client
        // reports on a line of its own is explained only by its like: `Connection error.` by an
        // error of the network.
        let by_anything = entry.action == Action::Inspect || weighed.evidence < Evidence::Rendered;
        let explains = |cause: &Cause| {
            let same = cause.section == entry.section;
            // A complaint, or an error that no entry knows, beside a printed one that is known.
            event.is_complaint()
                || kind == RuleKind::CatchAll
                || wrapper && cause.specific && (by_anything || same)
                // The raw 429 of a plan's limit: what must be waited for is no matter of a moment.
                || same
                    && entry.policy() == Policy::Backoff
                    && cause.policy == Policy::Wait
                    && cause.specific
        };
        let at = line(weighed);
        let first = causes.partition_point(|cause| cause.line + NEAR < at);
        let mut near = causes[first..].iter().take_while(|cause| cause.line <= at + NEAR);
        let any_state = kind == RuleKind::CatchAll;
        event.covered =
            near.any(|cause| (any_state || cause.state >= weighed.state) && explains(cause));
    }
}

impl Event {
    /// The greater, the likelier it is what stopped the work, before its place is looked at.
    pub(crate) fn importance(&self) -> (bool, State, bool, bool) {
        let weighed = &self.weighed;
        let inline = weighed.evidence == Evidence::Inline;
        // What is known beats what is not, whatever became of it.
        let last = weighed.background || self.covered && weighed.finding.kind == RuleKind::CatchAll;
        (!last, weighed.state, !self.covered, !inline)
    }

    /// Whether it is a complaint in plain words.
    fn is_complaint(&self) -> bool {
        self.weighed.finding.scope == Scope::Complaint
    }
}
