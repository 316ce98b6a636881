//! The undoing of what may hide a secret in a text: invisible characters, and the line breaks that a
//! terminal puts into a word (hard wraps).

use std::ops::Range;

use super::visible::is_visible;

/// Bytes of the shortest line that a terminal can have broken: none is narrower. What stands before
/// the text of a line is not counted.
const MIN_WRAPPED: usize = 20;

/// A text without its invisible characters and, if that was asked for, without its hard wraps.
pub(super) struct UnwrappedText {
    pub(super) text: Vec<u8>,
    /// The segments that it is put together from; the first one begins both texts.
    segments: Vec<Segment>,
}

/// A stretch of text without anything left out.
struct Segment {
    /// Its start in the unwrapped text.
    start: usize,
    /// Its start in the original text.
    original: usize,
    /// Whether a line break was left out before it.
    begins_line: bool,
}

impl UnwrappedText {
    /// Undoes hard wraps only if `wraps` says so.
    pub(super) fn new(text: &[u8], wraps: bool) -> Self {
        let mut left_out: Vec<(Range<usize>, bool)> =
            invisible(text).into_iter().map(|span| (span, false)).collect();
        if wraps {
            left_out.extend(breaks(text).map(|span| (span, true)));
        }
        left_out.sort_unstable_by_key(|(span, wrap)| (span.start, span.end, *wrap));
        let mut unwrapped = Self {
            text: Vec::with_capacity(text.len()),
            segments: vec![Segment { start: 0, original: 0, begins_line: false }],
        };
        let mut original = 0;
        for (span, begins_line) in left_out.into_iter().filter(|(span, _)| !span.is_empty()) {
            unwrapped.text.extend_from_slice(&text[original.min(span.start)..span.start]);
            original = original.max(span.end);
            let start = unwrapped.text.len();
            unwrapped.segments.push(Segment { start, original, begins_line });
        }
        unwrapped.text.extend_from_slice(&text[original..]);
        unwrapped
    }

    /// Whether any line break was left out.
    pub(super) fn has_breaks(&self) -> bool {
        self.segments.iter().any(|segment| segment.begins_line)
    }

    /// The offset in the original text of an offset in the unwrapped one.
    pub(super) fn original(&self, at: usize) -> usize {
        let index = self.segments.partition_point(|segment| segment.start <= at) - 1;
        let segment = &self.segments[index];
        segment.original + at - segment.start
    }

    /// Where lines begin after the start of a span, up to and with its end.
    pub(super) fn line_starts(&self, span: &Range<usize>) -> impl Iterator<Item = usize> {
        let first = self.segments.partition_point(|segment| segment.start <= span.start);
        let last = self.segments.partition_point(|segment| segment.start <= span.end);
        let segments = self.segments[first..last.max(first)].iter();
        segments.filter(|segment| segment.begins_line).map(|segment| segment.start)
    }
}

/// Invisible characters.
fn invisible(text: &[u8]) -> Vec<Range<usize>> {
    if text.is_ascii() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut at = 0;
    for chunk in text.utf8_chunks() {
        let hidden = chunk.valid().char_indices().filter(|(_, c)| !c.is_ascii() && !is_visible(*c));
        found.extend(hidden.map(|(n, c)| at + n..at + n + c.len_utf8()));
        at += chunk.valid().len() + chunk.invalid().len();
    }
    found
}

/// Line breaks, also those that JSON escapes, with the blanks around them, that a terminal may have
/// put into a word: the line before is long enough.
pub(super) fn breaks(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut line = 0;
    memchr::memchr2_iter(b'\n', b'\\', text).filter_map(move |at| {
        // Of a run of backslashes only the first is looked at.
        if at < line || (at > line && text[at] == b'\\' && text[at - 1] == b'\\') {
            return None;
        }
        let after = if text[at] == b'\n' { at + 1 } else { escaped_break(text, at)? };
        let end = line + text[line..at].trim_ascii_end().len();
        let next = after + text[after..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let wrapped = end >= line + MIN_WRAPPED && text.get(next).is_some_and(|b| *b != b'\n');
        line = next;
        wrapped.then_some(end..next)
    })
}

/// Where an escaped line break that begins at a backslash ends: `\n` or `\r\n`, with as many
/// backslashes as it was escaped times.
fn escaped_break(text: &[u8], at: usize) -> Option<usize> {
    let letter = |at: usize| {
        Some(at + text[at..].iter().take_while(|byte| **byte == b'\\').count())
            .filter(|letter| *letter > at)
    };
    let first = letter(at)?;
    match text.get(first)? {
        b'n' => Some(first + 1),
        b'r' => letter(first + 1)
            .filter(|second| text.get(*second) == Some(&b'n'))
            .map(|second| second + 1),
        _ => None,
    }
}
