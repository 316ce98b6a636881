//! One window through the pipeline: findings, what they are worth, the events.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Diagnoser;
use super::excerpt::{Surroundings, shown};
use super::place::{Locator, Place};
use super::spots::Spot;
use crate::matching::{Finding, Part};
use crate::provenance::{self, Context};
use crate::rank::{self, Event};
use crate::redact;
use crate::report::{Collector, Fate, Placed, Trace};
use crate::search::{Mark, Names};
use crate::text::Clean;

/// An input up to this size, in bytes, can be nothing but a message.
pub(super) const ALONE: usize = 4 * 1024;
/// A line of a spot is looked for this many bytes beyond it; longer ones are cut.
const SLACK: usize = 4 * 1024;
/// How far around what is shown secrets, and the names of surfaces, are looked for.
const BESIDE: usize = 1024;

/// A stretch of the input with its surroundings.
#[derive(Clone, Copy)]
pub(super) struct Window<'a> {
    pub(super) raw: &'a [u8],
    /// Where in the stream it begins.
    pub(super) offset: u64,
    /// Where the core begins.
    pub(super) start: Place,
    /// Only events that begin in these bytes are reported; the rest is surroundings.
    pub(super) core: (usize, usize),
    pub(super) argument: bool,
    /// The window is the whole input.
    pub(super) whole: bool,
}

/// An event that is reported, and how often it happened in the window.
struct Happened {
    event: Event,
    count: u64,
    /// The lines that may be shown of it.
    lines: Range<usize>,
}

impl Window<'_> {
    /// The window is short enough to be nothing but a message.
    pub(super) fn alone(&self) -> bool {
        self.argument || (self.whole && self.raw.len() <= ALONE)
    }

    /// The whole lines around a range, and whether one of them is so long that it is cut.
    pub(super) fn lines(&self, of: Range<usize>) -> (Range<usize>, bool) {
        let (back, on) = (of.start.saturating_sub(SLACK), (of.end + SLACK).min(self.raw.len()));
        let start = memchr::memrchr(b'\n', &self.raw[back..of.start])
            .map(|at| back + at + 1)
            .or((self.offset == 0 && back == 0).then_some(0));
        let end = memchr::memchr(b'\n', &self.raw[of.end..on]).map(|at| of.end + at + 1);
        (start.unwrap_or(of.start)..end.unwrap_or(of.end), start.is_none() || end.is_none())
    }
}

impl Diagnoser<'_> {
    /// Whether anything in a spot may count. Most of what the search lets through ends here: a
    /// wording that is quoted on its very line, or that other programs print too and beside which
    /// nobody is named.
    pub(super) fn is_promising(&self, window: &Window<'_>, spot: &Spot) -> bool {
        let clean = Clean::new(&window.raw[spot.span.clone()], self.catalog.prefixes());
        let mut findings = Vec::new();
        self.find(&Part::whole(&clean), &spot.marks, false, &mut findings);
        if findings.is_empty() || spot.cut {
            return !findings.is_empty();
        }
        let context = Context::of_part(&self.judge, &clean, spot.names);
        findings.into_iter().any(|finding| provenance::weigh(&context, finding).is_ok())
    }

    /// Adds what stands in a part of a text and was marked.
    fn find(&self, part: &Part<'_>, marks: &[Mark], alone: bool, findings: &mut Vec<Finding>) {
        let wordings = marks.iter().filter_map(|mark| {
            if let Mark::Rule(index) = mark { Some(usize::from(*index)) } else { None }
        });
        self.matcher.find(part, alone, wordings, findings);
        if marks.contains(&Mark::Status) {
            self.matcher.find_statuses(part, findings);
        }
    }

    /// A spot that is all of a window and may hold anything.
    pub(super) fn anything(&self, raw: &[u8]) -> Spot {
        let marks = self
            .matcher
            .wordings(false)
            .map(|index| Mark::Rule(index as u16))
            .chain([Mark::Status])
            .collect();
        Spot { span: 0..raw.len(), marks, names: Names::default(), cut: false }
    }

    /// Sends one window through the pipeline; only what is marked in a spot can be found, and only
    /// there.
    pub(super) fn examine(&self, window: &Window<'_>, spots: &[Spot], collector: &mut Collector) {
        if spots.iter().all(|spot| spot.marks.is_empty()) {
            return;
        }
        let mut clean = Clean::new(window.raw, self.catalog.prefixes());
        if self.tracing {
            // A trace shows everything.
            redact::blot(&mut clean.text);
        }
        let (happened, traces) = self.judge(window, &clean, spots);
        let locator = Locator::new(window.raw, window.core.0, window.start);
        let whole: OnceCell<Arc<[u8]>> = OnceCell::new();
        for Happened { event, count, lines } in happened {
            let finding = &event.weighed.finding;
            let location = locator.locate(&clean, finding);
            let raw = |span: Range<usize>| clean.raw(span.start)..clean.raw(span.end);
            let around = if window.whole { 0..window.raw.len() } else { raw(lines) };
            let at = raw(finding.start..finding.end);
            let at = at.start - around.start..at.end - around.start;
            let all = || whole.get_or_init(|| window.raw.into()).clone();
            let kept = if window.whole { all() } else { window.raw[around].into() };
            self.progress.1.fetch_add(count, Ordering::Relaxed);
            collector.add(Placed { event, location, around: Surroundings::new(kept, at) }, count);
        }
        collector.explain(traces);
    }

    /// The events that begin in the core, of each entry the one to be shown, and, if it is wanted,
    /// what became of every finding.
    fn judge(
        &self,
        window: &Window<'_>,
        clean: &Clean,
        spots: &[Spot],
    ) -> (Vec<Happened>, Vec<Trace>) {
        let mut findings = Vec::new();
        for spot in spots {
            self.find(
                &Part::new(clean, clean.part(spot.span.clone())),
                &spot.marks,
                window.alone(),
                &mut findings,
            );
        }
        if findings.is_empty() {
            return (Vec::new(), Vec::new());
        }
        findings.sort_by_key(|finding| (finding.start, finding.end, finding.rule));
        let findings = last_of_lines(clean, findings);
        let within = |finding: &Finding| {
            (window.core.0..window.core.1.max(1)).contains(&clean.raw(finding.start))
        };
        let locator = Locator::new(window.raw, window.core.0, window.start);
        let mut traces = Vec::new();
        let mut trace = |finding: &Finding, evidence, fate| {
            if self.tracing && within(finding) {
                let (location, matched) =
                    (locator.locate(clean, finding), shown(clean, finding.start..finding.end));
                let wording =
                    self.matcher.wording(finding.rule).unwrap_or("an HTTP status").to_owned();
                traces.push(Trace {
                    entry: finding.entry,
                    wording,
                    kind: finding.kind,
                    location,
                    matched,
                    evidence,
                    fate,
                });
            }
        };
        let context = Context::new(&self.judge, clean, window.argument, window.alone());
        // One by one: a window full of errors has thousands of findings.
        let counted = findings.into_iter().filter_map(|finding| {
            provenance::weigh(&context, finding)
                .map_err(|dropped| {
                    trace(&dropped.finding, None, Fate::Dropped(dropped.reason, dropped.rule));
                })
                .ok()
        });
        let events = rank::events(&context, counted, self.catalog.entries());
        for event in &events {
            trace(&event.weighed.finding, Some(event.weighed.evidence), Fate::Event);
            for finding in &event.beaten {
                trace(finding, None, Fate::Beaten(event.weighed.finding.entry));
            }
        }
        let events = events.into_iter().filter(|event| within(&event.weighed.finding));
        (
            once(events)
                .map(|(event, count)| Happened { lines: lines_of(&context, &event), event, count })
                .collect(),
            traces,
        )
    }
}

/// Of the findings of each line the last ones: what an endless line repeats says no more than they
/// do.
fn last_of_lines(clean: &Clean, findings: Vec<Finding>) -> Vec<Finding> {
    const MOST: usize = 100;
    if findings.len() <= MOST {
        return findings;
    }
    let lines =
        findings.chunk_by(|one, other| clean.line_of(one.start) == clean.line_of(other.start));
    lines.flat_map(|line| &line[line.len().saturating_sub(MOST)..]).cloned().collect()
}

/// Of an entry that happened a thousand times in a window only one event is shown; with it, how
/// often it happened.
fn once(events: impl Iterator<Item = Event>) -> impl Iterator<Item = (Event, u64)> {
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

/// The lines of which something may be shown with an event, and some around them.
fn lines_of(context: &Context<'_>, event: &Event) -> Range<usize> {
    let clean = context.clean;
    let findings = || event.beaten.iter().chain([&event.weighed.finding]);
    let block = context.unit_span(event.weighed.finding.start);
    let start = findings()
        .map(|finding| finding.start)
        .fold(block.start, usize::min)
        .saturating_sub(BESIDE);
    let end = findings().map(|finding| finding.end).fold(block.end, usize::max) + BESIDE;
    clean.lines[clean.line_of(start)].start..clean.lines[clean.line_of(end)].end
}
