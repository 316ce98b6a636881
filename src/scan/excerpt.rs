//! The surroundings of an event, kept raw until it is certain that it is reported: only then is
//! what may be shown of them worked out, with all secrets masked, once.

use std::ops::Range;
use std::sync::Arc;

use crate::advice::Captures;
use crate::matching::Finding;
use crate::provenance::{Judge, Reader};
use crate::redact;
use crate::text::Clean;

/// How much of a line before the error is shown, and how much after its beginning, in bytes.
const BEFORE: usize = 200;
const AFTER: usize = 600;

/// The lines around an event as they were read, and where in them it lies.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    raw: Arc<[u8]>,
    event: Range<usize>,
}

/// What a report may show of an event.
#[derive(Debug)]
pub(crate) struct Shown {
    /// Its lines.
    pub(crate) excerpt: String,
    /// What its message names.
    pub(crate) captures: Captures,
    /// Who reads it.
    pub(crate) reader: Reader,
}

impl Surroundings {
    /// Takes raw lines; `event` lies in them.
    pub(super) fn new(raw: Arc<[u8]>, event: Range<usize>) -> Self {
        Self { raw, event }
    }

    /// Masks the secrets in the lines, those that are broken over several included, and says what
    /// may be shown.
    pub(crate) fn sanitize(&self, finding: &Finding, judge: &Judge<'_>) -> Shown {
        let mut clean = Clean::new(&self.raw, &judge.rules().prefixes);
        let masked = redact::blot(&mut clean.text);
        let event = clean.part(self.event.clone());
        let printed = masked.then(|| one_line(&String::from_utf8_lossy(&clean.text)));
        // A value that is not there any more was a secret, or a piece of one.
        let is_left =
            |value: &str| printed.as_ref().is_none_or(|all| all.contains(&one_line(value)));
        let captures = finding.captures.iter().filter(|(_, value)| is_left(value));
        let captures = captures.map(|(name, value)| (name.to_string(), redact::safe(value)));
        let line = |at| clean.lines[clean.line_of(at)];
        let own = line(event.start).start..line(event.end.max(event.start + 1) - 1).end;
        Shown {
            captures: captures.collect(),
            reader: Reader::of(judge, &clean, 0..clean.text.len(), own),
            excerpt: lines(&clean, event),
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A stretch of the clean text, fit to be shown.
pub(super) fn shown(clean: &Clean, span: Range<usize>) -> String {
    redact::safe(&String::from_utf8_lossy(&clean.text[span]))
}

/// The lines of a stretch, cut, between words, to what can be taken in at a glance.
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
