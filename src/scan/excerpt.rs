//! What a report says of the place of a finding: the text as it may be shown, and the surfaces that
//! the output names.

use crate::catalog::Surface;
use crate::matching::Finding;
use crate::redact;
use crate::text::{Clean, Skeleton, search};

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

/// The surfaces that a window names.
pub(super) fn surfaces(skeleton: &Skeleton) -> Vec<Surface> {
    const SIGNS: &[(&str, Surface)] = &[
        ("##[", Surface::Ci),
        ("aiplatform", Surface::Vertex),
        ("anthropic-ai/sdk", Surface::Sdk),
        ("apierror:", Surface::Cli),
        ("apierror(", Surface::Cli),
        ("bedrock", Surface::Bedrock),
        ("claude-code-action", Surface::Ci),
        ("errorcode:", Surface::Sdk),
        ("foundry", Surface::Foundry),
        ("inferencegateway", Surface::Gateway),
        ("invokemodel", Surface::Bedrock),
        ("litellm", Surface::Gateway),
        ("requestid:20", Surface::Gateway),
        ("site-packages/anthropic", Surface::Sdk),
        ("vertex", Surface::Vertex),
    ];
    let mut found: Vec<Surface> = SIGNS
        .iter()
        .filter(|(sign, _)| search::contains(&skeleton.bytes, sign))
        .map(|(_, surface)| *surface)
        .collect();
    if found.is_empty() {
        // A bare body is what a program sees; everything else is the client's screen until it says
        // otherwise.
        let body = search::contains(&skeleton.bytes, "type:error,error:{");
        found.push(if body { Surface::Sdk } else { Surface::Cli });
    }
    found.sort_unstable();
    found.dedup();
    found
}
