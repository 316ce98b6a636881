//! What a report says of the place of a finding: the text as it may be shown.

use crate::matching::Finding;
use crate::redact;
use crate::text::Clean;

/// A stretch of the clean text, fit to be shown.
pub(super) fn shown(clean: &Clean, start: usize, end: usize) -> String {
    redact::safe(&String::from_utf8_lossy(&clean.text[start..end]))
}

/// The lines that hold a finding, cut, between words, to what can be taken in at a glance.
pub(super) fn shown_lines(clean: &Clean, finding: &Finding) -> String {
    let (start, end) = (finding.start, finding.end);
    let first = clean.lines[clean.line_of(start)].start;
    let last = clean.lines[clean.line_of(end.max(1) - 1)].end;
    if start - first <= 200 {
        return shown(clean, first, last.min(end + 600));
    }
    let cut = start - 200
        + memchr::memchr(b' ', &clean.text[start - 200..start]).map_or(200, |blank| blank + 1);
    format!("… {}", shown(clean, cut, last.min(end + 600)))
}
