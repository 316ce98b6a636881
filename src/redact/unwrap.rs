//! The undoing of what may hide a secret in a text: invisible characters, and the line breaks that a
//! terminal puts into a word (hard wraps).

use std::ops::Range;

use super::margin::{self, is_token};
use super::visible::is_visible;

/// Bytes of the shortest line that a terminal can have broken: none is narrower. What stands before
/// the text of a line is not counted.
const MIN_WRAPPED: usize = 20;
/// The signs by which shells and editors show a line break.
const RETURN_SIGNS: [&str; 2] = ["⏎", "↵"];

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

/// Invisible characters, and what is left of them where a program printed them escaped.
fn invisible(text: &[u8]) -> Vec<Range<usize>> {
    let mut found: Vec<_> =
        memchr::memchr2_iter(b'\\', b'[', text).filter_map(|at| escape(text, at)).collect();
    if text.is_ascii() {
        return found;
    }
    let mut at = 0;
    for chunk in text.utf8_chunks() {
        let hidden = chunk.valid().char_indices().filter(|(_, c)| !c.is_ascii() && !is_visible(*c));
        found.extend(hidden.map(|(n, c)| at + n..at + n + c.len_utf8()));
        at += chunk.valid().len() + chunk.invalid().len();
    }
    found
}

/// A colour whose `ESC` is lost or spelt out (`[31m`, `\\u001b[31m`, `^[[31m`), or backslashes that
/// say nothing (`\\/`, `a\\b`), at a place.
fn escape(text: &[u8], at: usize) -> Option<Range<usize>> {
    if text[at] == b'[' {
        let codes = text[at + 1..].iter().take(16);
        let codes = codes.take_while(|b| b.is_ascii_digit() || b";:".contains(b)).count();
        let end = at + 1 + codes;
        let before = &text[at.saturating_sub(8)..at];
        let spelt = ["u001b", "u001B", "x1b", "x1B", "033", "e"].iter().find_map(|name| {
            let before = before.strip_suffix(name.as_bytes())?;
            before.ends_with(b"\\").then_some(name.len() + 1)
        });
        let lead = spelt.or(before.ends_with(b"^[").then_some(2)).unwrap_or(0);
        return (codes > 0 && text.get(end) == Some(&b'm')).then(|| at - lead..end + 1);
    }
    let end = at + text[at..].iter().take(8).take_while(|byte| **byte == b'\\').count();
    let is_idle = match text.get(end)? {
        b'/' => true,
        // `+`, `/`, and `=` where it is no sign of a field but the end of base64.
        b'u' => {
            let code = text.get(end + 1..end + 5)?.to_ascii_lowercase();
            let next = text.get(end + 5).copied().unwrap_or(b' ');
            let is_base64 = matches!(&code[..], b"002b" | b"002f")
                || code == b"003d" && !next.is_ascii_alphanumeric();
            return is_base64.then_some(at..end + 5);
        }
        b'b' | b'e' | b'f' | b'n' | b'r' | b't' | b'x' | b'0' => false,
        next => at > 0 && is_token(*next) && is_token(text[at - 1]),
    };
    is_idle.then_some(at..end)
}

/// Line breaks, also those that JSON escapes, with the blanks or the margins around them, that a
/// terminal may have put into a word: the line before is long enough.
pub(super) fn breaks(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut line = 0;
    memchr::memchr3_iter(b'\n', b'\\', RETURN_SIGNS[0].as_bytes()[0], text).filter_map(move |at| {
        // Of a run of backslashes only the first is looked at.
        if at < line || (at > line && text[at] == b'\\' && text[at - 1] == b'\\') {
            return None;
        }
        let after = match text[at] {
            b'\n' => at + 1,
            b'\\' => escaped_break(text, at)?,
            _ => return_sign(text, at)?,
        };
        let row = &text[line..at];
        let gap = (row.trim_ascii().len() >= MIN_WRAPPED)
            .then(|| margin::between(row, &text[after..]))
            .flatten()
            .map(|gap| line + gap.start..after + gap.end);
        line = after;
        gap
    })
}

/// Where a sign for a line break ends that stands at a place. Before a line break in earnest it is
/// but a part of the margin.
fn return_sign(text: &[u8], at: usize) -> Option<usize> {
    let sign = RETURN_SIGNS.iter().find(|sign| text[at..].starts_with(sign.as_bytes()))?;
    let end = at + sign.len();
    let next = text[end..].iter().find(|byte| !matches!(byte, b' ' | b'\t'));
    (next != Some(&b'\n')).then_some(end)
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
