//! One window through the pipeline: findings, what they are worth, the events.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::Diagnoser;
use super::excerpt::{shown, shown_lines, surfaces};
use super::marks::Marks;
use super::place::{Locator, Place};
use crate::evidence::{self, Context};
use crate::matching::Finding;
use crate::rank::{self, Event};
use crate::redact;
use crate::report::{Collector, Fate, Placed, Trace};
use crate::text::{Clean, Skeleton};

/// An input up to this size can be nothing but a message.
const ALONE: usize = 4 * 1024;

/// A stretch of the input with its surroundings.
#[derive(Clone, Copy)]
pub(super) struct Window<'a> {
    pub(super) raw: &'a [u8],
    /// Where the core begins.
    pub(super) start: Place,
    /// Only events that begin in these bytes are reported; the rest is surroundings.
    pub(super) core: (usize, usize),
    pub(super) argument: bool,
    /// The window is the whole input.
    pub(super) whole: bool,
}

impl Diagnoser<'_> {
    /// Whether any of the marked wordings matches in a piece of a log.
    pub(super) fn matches(&self, raw: &[u8], marks: &Marks) -> bool {
        let clean = Clean::new(raw);
        let skeleton = Skeleton::new(&clean.text);
        !self.matcher.find(&clean, &skeleton, false, |rule| marks.rule(rule), marks.status()).is_empty()
    }

    /// Sends one window through the pipeline; of the wordings only those that are marked can match.
    pub(super) fn examine(&self, window: Window<'_>, marks: &Marks, collector: &mut Collector) {
        let mut clean = Clean::new(window.raw);
        let alone = window.argument || (window.whole && window.raw.len() <= ALONE);
        let find = |clean: &Clean, skeleton: &Skeleton| {
            self.matcher.find(clean, skeleton, alone, |rule| self.exhaustive || marks.rule(rule), self.exhaustive || marks.status())
        };
        let mut skeleton = Skeleton::new(&clean.text);
        let mut findings = find(&clean, &skeleton);
        if findings.is_empty() || !(self.tracing || counts(&Context::new(&clean, window.argument, alone), &findings)) {
            return;
        }
        // Only in a whole window is a secret that is broken over lines seen whole: it goes before anything is cut out and kept.
        if redact::blot(&mut clean.text) {
            skeleton = Skeleton::new(&clean.text);
            findings = find(&clean, &skeleton);
        }
        let context = Context::new(&clean, window.argument, alone);
        let within = |finding: &Finding| (window.core.0..window.core.1.max(1)).contains(&clean.raw(finding.start));
        let locator = Locator::new(window.raw, window.core.0, window.start);
        let mut trace = |finding: &Finding, evidence, fate| {
            if self.tracing && within(finding) {
                let (location, matched) = (locator.locate(&clean, finding), shown(&clean, finding.start, finding.end));
                let wording = self.matcher.wording(finding.rule).unwrap_or("an HTTP status").to_owned();
                collector.trace.push(Trace { entry: finding.entry, wording, kind: finding.kind, location, matched, evidence, fate });
            }
        };
        let mut counted = Vec::new();
        for finding in findings {
            match evidence::weigh(&context, finding) {
                Ok(weighed) => counted.push(weighed),
                Err(dropped) => trace(&dropped.finding, None, Fate::Dropped(dropped.reason)),
            }
        }
        let events = rank::events(&context, counted, self.catalog.entries());
        for event in &events {
            trace(&event.weighed.finding, Some(event.weighed.evidence), Fate::Event);
            for finding in &event.beaten {
                trace(finding, None, Fate::Beaten(event.weighed.finding.entry));
            }
        }
        if events.is_empty() {
            return;
        }
        let surfaces = surfaces(&skeleton);
        // Of an entry that happened a thousand times in a window only one event is shown.
        let mut last: BTreeMap<usize, (Event, u64)> = BTreeMap::new();
        for event in events.into_iter().filter(|event| within(&event.weighed.finding)) {
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
        for (event, count) in last.into_values() {
            let finding = &event.weighed.finding;
            let (location, excerpt) = (locator.locate(&clean, finding), shown_lines(&clean, finding));
            collector.add(Placed { event, location, excerpt, surfaces: surfaces.clone() }, count);
        }
    }
}

/// Whether any finding counts. Where none does, the costly rest, to look for secrets above all, is spared.
fn counts(context: &Context<'_>, findings: &[Finding]) -> bool {
    findings.iter().any(|finding| evidence::weigh(context, finding.clone()).is_ok())
}
