//! One window through the pipeline: its findings, the verdict on each, the events they make.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Diagnoser;
use super::candidates::CandidateLines;
use super::position::{Locator, Position};
use crate::matching::{Finding, Haystack};
use crate::provenance::{self, Context, Evidence, TYPED_LINES};
use crate::rank::{self, Event};
use crate::redact;
use crate::report::{Collector, LocatedEvent, Outcome, Surroundings, Trace, shown};
use crate::search::CandidateKind;
use crate::text::{Clean, terminal};

/// Bytes of an input that may be nothing but a message.
const MESSAGE: usize = 4 * 1024;
/// Bytes beyond a candidate in which the ends of its line are looked for; longer lines are cut.
const SLACK: usize = 4 * 1024;
/// Bytes on either side of an event that are kept, to look for secrets and names of surfaces in.
const KEPT: usize = 1024;

/// A chunk of the input with its surroundings.
#[derive(Clone)]
pub(super) struct Window<'a> {
    pub(super) raw: &'a [u8],
    /// The offset of `raw` in the stream.
    pub(super) offset: u64,
    /// The range of the chunk in `raw`: only events that begin in it are reported.
    pub(super) chunk: Range<usize>,
    /// The position of the chunk in the stream.
    pub(super) chunk_position: Position,
    /// The input is an argument.
    pub(super) argument: bool,
    /// The window is the whole input.
    pub(super) whole: bool,
}

/// An event to report, and how often it happened in the window.
struct Occurrence {
    event: Event,
    count: u64,
    /// The range of clean text that may be shown of it.
    shown: Range<usize>,
}

impl Window<'_> {
    /// Whether the input may be nothing but a message.
    pub(super) fn is_message(&self) -> bool {
        self.argument || (self.whole && self.raw.len() <= MESSAGE)
    }

    /// Whether the input may be a few words that somebody typed. A line in which a cursor moves may
    /// have been erased.
    pub(super) fn may_be_typed(&self) -> bool {
        let stays = |line: &&[u8]| {
            line.iter().any(u8::is_ascii_alphanumeric) && terminal::straight(line, |_| ())
        };
        let lines = || self.raw.split(|byte| *byte == b'\n').filter(stays);
        self.argument || self.is_message() && lines().take(TYPED_LINES + 1).count() <= TYPED_LINES
    }

    /// Whether a finding begins in the chunk.
    fn owns(&self, clean: &Clean, finding: &Finding) -> bool {
        (self.chunk.start..self.chunk.end.max(1)).contains(&clean.raw(finding.start))
    }

    fn locator(&self) -> Locator<'_> {
        Locator::new(self.raw, self.chunk.start, self.chunk_position)
    }

    /// The whole lines around a range, and whether one of them is so long that it is cut.
    pub(super) fn lines(&self, span: Range<usize>) -> (Range<usize>, bool) {
        let first = span.start.saturating_sub(SLACK);
        let last = (span.end + SLACK).min(self.raw.len());
        let start = memchr::memrchr(b'\n', &self.raw[first..span.start])
            .map(|at| first + at + 1)
            .or((self.offset == 0 && first == 0).then_some(0));
        let end = memchr::memchr(b'\n', &self.raw[span.end..last]).map(|at| span.end + at + 1);
        (start.unwrap_or(span.start)..end.unwrap_or(span.end), start.is_none() || end.is_none())
    }
}

impl Diagnoser<'_> {
    /// Whether anything in the lines may count. Most candidates end here: what is quoted on its very
    /// line, or what other programs print too where nobody is named.
    pub(super) fn is_promising(&self, window: &Window<'_>, lines: &CandidateLines) -> bool {
        let clean = Clean::of_part(&window.raw[lines.span.clone()], self.catalog.prefixes());
        let mut findings = Vec::new();
        self.find(&Haystack::whole(&clean), &lines.kinds, false, &mut findings);
        if findings.is_empty() || lines.cut {
            return !findings.is_empty();
        }
        let context = Context::of_part(&self.judge, &clean, lines.neighbours());
        findings.into_iter().any(|finding| {
            lines.in_record && context.may_be_field(&finding)
                || provenance::weigh(&context, finding).is_ok()
        })
    }

    /// Tries the rules of candidates on a part of a text.
    fn find(
        &self,
        haystack: &Haystack<'_>,
        kinds: &[CandidateKind],
        alone: bool,
        findings: &mut Vec<Finding>,
    ) {
        let rules = kinds.iter().filter_map(|kind| {
            if let CandidateKind::Rule(index) = kind { Some(usize::from(*index)) } else { None }
        });
        self.matcher.find(haystack, alone, rules, findings);
        if kinds.contains(&CandidateKind::Status) {
            self.matcher.find_statuses(haystack, findings);
        }
    }

    /// All lines of a window, with every rule to try.
    pub(super) fn everything(&self, raw: &[u8]) -> CandidateLines {
        let kinds = self
            .matcher
            .rules(false)
            .map(|index| CandidateKind::Rule(index as u16))
            .chain([CandidateKind::Status])
            .collect();
        CandidateLines { span: 0..raw.len(), kinds, ..CandidateLines::default() }
    }

    /// Sends one window through the pipeline; only the candidates can be found.
    pub(super) fn examine(
        &self,
        window: &Window<'_>,
        candidates: &[CandidateLines],
        collector: &mut Collector,
    ) {
        let is_rule = |kind: &CandidateKind| !matches!(kind, CandidateKind::Name(_));
        if !candidates.iter().any(|lines| lines.kinds.iter().any(is_rule)) {
            return;
        }
        let mut clean = Clean::new(window.raw, self.catalog.prefixes());
        if self.tracing {
            // A trace shows what every finding matched.
            redact::mask_in_place(&mut clean.text);
        }
        let findings = self.findings(window, &clean, candidates);
        if findings.is_empty() {
            return;
        }
        let mut tracer = Tracer { diagnoser: self, window, clean: &clean, traces: Vec::new() };
        let occurrences = self.occurrences(window, &clean, findings, &mut tracer);
        collector.explain(tracer.traces);
        let locator = window.locator();
        let whole: OnceCell<Arc<[u8]>> = OnceCell::new();
        for Occurrence { event, count, shown } in occurrences {
            let finding = &event.weighed.finding;
            let location = locator.locate(&clean, finding);
            let at = clean.raw_range(finding.start..finding.end);
            let around = if window.whole {
                0..window.raw.len()
            } else {
                let shown = clean.raw_range(shown);
                let start = shown.start.min(at.start);
                // The stamp before the first line belongs to it.
                let line = memchr::memrchr(b'\n', &window.raw[..start]).map_or(0, |end| end + 1);
                let start = if start - line <= KEPT { line } else { start };
                start..shown.end.max(at.end)
            };
            let at = at.start - around.start..at.end - around.start;
            let kept = if window.whole {
                whole.get_or_init(|| window.raw.into()).clone()
            } else {
                window.raw[around].into()
            };
            self.events_seen.fetch_add(count, Ordering::Relaxed);
            let surroundings = Surroundings::new(kept, at);
            collector.add(LocatedEvent { event, location, surroundings }, count);
        }
    }

    /// The findings in the candidates, in the order of the text.
    fn findings(
        &self,
        window: &Window<'_>,
        clean: &Clean,
        candidates: &[CandidateLines],
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        for lines in candidates {
            let haystack = Haystack::new(clean, clean.part(lines.span.clone()));
            self.find(&haystack, &lines.kinds, window.is_message(), &mut findings);
        }
        findings.sort_by_key(|finding| (finding.start, finding.end, finding.rule));
        last_of_lines(clean, findings)
    }

    /// The events that begin in the chunk: of each entry the one to show.
    fn occurrences(
        &self,
        window: &Window<'_>,
        clean: &Clean,
        findings: Vec<Finding>,
        tracer: &mut Tracer<'_>,
    ) -> Vec<Occurrence> {
        let context = Context::new(&self.judge, clean, window.argument, window.is_message());
        // One by one: a window full of errors has thousands of findings.
        let counted = findings.into_iter().filter_map(|finding| {
            provenance::weigh(&context, finding)
                .map_err(|dropped| {
                    let outcome = Outcome::Dropped(dropped.reason, dropped.rule);
                    tracer.add(&dropped.finding, None, outcome);
                })
                .ok()
        });
        let events = rank::events(&context, counted, self.catalog.entries());
        for Event { weighed, beaten, .. } in &events {
            tracer.add(&weighed.finding, Some(weighed.evidence), Outcome::Event);
            for finding in beaten {
                tracer.add(finding, None, Outcome::Beaten(weighed.finding.entry));
            }
        }
        let events = events.into_iter().filter(|event| window.owns(clean, &event.weighed.finding));
        let shown = |(event, count)| Occurrence { shown: lines_of(&context, &event), event, count };
        last_of_entries(events).map(shown).collect()
    }
}

/// Notes what becomes of the findings of a window, if that is asked for.
struct Tracer<'a> {
    diagnoser: &'a Diagnoser<'a>,
    window: &'a Window<'a>,
    clean: &'a Clean,
    traces: Vec<Trace>,
}

impl Tracer<'_> {
    fn add(&mut self, finding: &Finding, evidence: Option<Evidence>, outcome: Outcome) {
        if !self.diagnoser.tracing || !self.window.owns(self.clean, finding) {
            return;
        }
        let rule = self.diagnoser.matcher.rule_text(finding.rule).unwrap_or("an HTTP status");
        self.traces.push(Trace {
            entry: finding.entry,
            rule: rule.to_owned(),
            kind: finding.kind,
            location: self.window.locator().locate(self.clean, finding),
            matched: shown(self.clean, finding.start..finding.end),
            evidence,
            outcome,
        });
    }
}

/// The last findings of each line: what an endless line repeats says no more than they do.
fn last_of_lines(clean: &Clean, findings: Vec<Finding>) -> Vec<Finding> {
    const MOST: usize = 100;
    if findings.len() <= MOST {
        return findings;
    }
    let lines =
        findings.chunk_by(|one, other| clean.line_of(one.start) == clean.line_of(other.start));
    lines.flat_map(|line| &line[line.len().saturating_sub(MOST)..]).cloned().collect()
}

/// Of each entry the event to show, and how many there were.
fn last_of_entries(events: impl Iterator<Item = Event>) -> impl Iterator<Item = (Event, u64)> {
    let mut last: BTreeMap<usize, (Event, u64)> = BTreeMap::new();
    for event in events {
        match last.entry(event.weighed.finding.entry) {
            Entry::Vacant(free) => {
                free.insert((event, 1));
            }
            Entry::Occupied(mut taken) => {
                let (known, count) = taken.get_mut();
                *count += 1;
                if event.importance() >= known.importance() {
                    *known = event;
                }
            }
        }
    }
    last.into_values()
}

/// The lines of an event and of the findings that it has beaten, with [`KEPT`] bytes around them.
fn lines_of(context: &Context<'_>, event: &Event) -> Range<usize> {
    let clean = context.clean;
    let findings = || event.beaten.iter().chain([&event.weighed.finding]);
    let block = context.unit_span(event.weighed.finding.start);
    let start = findings().map(|finding| finding.start).fold(block.start, usize::min);
    let end = findings().map(|finding| finding.end).fold(block.end, usize::max);
    let line = |at: usize| clean.lines[clean.line_of(at)];
    line(start.saturating_sub(KEPT)).start..line(end + KEPT).end
}
