//! What may be shown of an event. Its surroundings are kept raw until it is certain that it is
//! reported: looking for secrets around each of a million events would cost more than finding them.

use std::ops::Range;
use std::sync::Arc;

use super::stamp;
use crate::advice::Captures;
use crate::matching::Finding;
use crate::provenance::{Judge, Reader, blank_speech};
use crate::redact;
use crate::text::Clean;

/// Bytes of a line that are shown before the error.
const BEFORE: usize = 200;
/// Bytes of a line that are shown after the error.
const AFTER: usize = 600;

/// The lines around an event as they were read, and the range of bytes that is the event.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    raw: Arc<[u8]>,
    event: Range<usize>,
}

/// What a report may show of an event: no control characters, secrets masked.
#[derive(Debug)]
pub(super) struct Sanitized {
    /// Its lines.
    pub(super) excerpt: String,
    /// What of them was recognised.
    pub(super) matched: String,
    /// When they were printed.
    pub(super) stamp: Option<String>,
    /// What its message names.
    pub(super) captures: Captures,
    /// Who reads it, for the choice of advice.
    pub(super) reader: Reader,
}

impl Surroundings {
    /// Takes raw lines; `event` lies in them.
    pub(crate) fn new(raw: Arc<[u8]>, event: Range<usize>) -> Self {
        Self { raw, event }
    }

    /// Masks the secrets in the lines, those that a hard wrap broke included.
    pub(super) fn sanitize(&self, finding: &Finding, judge: &Judge<'_>) -> Sanitized {
        let mut clean = Clean::new(&self.raw, &judge.rules().prefixes);
        // The lines may begin in the middle of a secret. Those that are whole come first: with the
        // front of one gone, nothing tells what the rest is.
        let masked =
            redact::mask_in_place(&mut clean.text) | redact::mask_cut_secret(&mut clean.text);
        let event = clean.part(self.event.clone());
        let printed = masked.then(|| one_line(&String::from_utf8_lossy(&clean.text)));
        // A value that is not there any more was a secret, or a piece of one.
        let is_left =
            |value: &str| printed.as_ref().is_none_or(|all| all.contains(&one_line(value)));
        let captures = finding.captures.iter().filter(|(_, value)| is_left(value));
        let captures = captures.map(|(name, value)| (name.to_string(), redact::sanitize(value)));
        let line = |at| clean.lines[clean.line_of(at)];
        let own = line(event.start).start..line(event.end.max(event.start + 1) - 1).end;
        let matched = event.start..event.end.clamp(event.start, event.start + AFTER);
        let mut sanitized = Sanitized {
            captures: captures.collect(),
            matched: shown(&clean, matched),
            stamp: stamped(&clean, &event),
            excerpt: lines(&clean, event),
            reader: Reader::default(),
        };
        blank_speech(&mut clean);
        sanitized.reader = Reader::of(judge, &clean, 0..clean.text.len(), own);
        sanitized
    }
}

/// The stamp of the first line of a range that has one.
fn stamped(clean: &Clean, span: &Range<usize>) -> Option<String> {
    let last = clean.line_of(span.end.max(span.start + 1) - 1);
    (clean.line_of(span.start)..=last).find_map(|index| {
        let record = || stamp::of_record(&String::from_utf8_lossy(clean.line(index)));
        stamp::of_prefix(clean.prefix(index)).or_else(record)
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A range of the clean text, without control characters and with secrets masked.
pub(crate) fn shown(clean: &Clean, span: Range<usize>) -> String {
    redact::sanitize(&String::from_utf8_lossy(&clean.text[span]))
}

/// The lines of a range, cut between words to what can be taken in at a glance.
fn lines(clean: &Clean, span: Range<usize>) -> String {
    // A cursor that moved back leaves an end before its start.
    let (start, end) = (span.start, span.end.max(span.start));
    let first = clean.lines[clean.line_of(start)].start;
    let last = clean.lines[clean.line_of(end.max(start + 1) - 1)].end;
    if start - first <= BEFORE {
        return shown(clean, first..last.min(end + AFTER));
    }
    let before = &clean.text[start - BEFORE..start];
    let cut = start - BEFORE + memchr::memchr(b' ', before).map_or(BEFORE, |blank| blank + 1);
    format!("… {}", shown(clean, cut..last.min(end + AFTER)))
}
