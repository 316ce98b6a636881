//! The evidence for a finding by where it stands: behind a client's own message prefix, as a line
//! of its own, inside other text, or in the API's error object.

use super::context::Context;
use super::document::LINE_BYTES;
use super::message_prefix::{self, MessagePrefix, begins_report};
use super::verdict::Evidence;
use crate::catalog::provenance_rules::Speaker;
use crate::matching::Finding;
use crate::text::object;

/// Tells the evidence for a finding outside of records.
pub(super) fn classify(context: &Context<'_>, finding: &Finding) -> Evidence {
    let before = context.before(finding);
    let own = &context.clean.text[finding.start..finding.end];
    if object::begins(before) {
        return Evidence::Record;
    }
    // A report of a client goes on to the end of its block: the body of an error page, the lines of
    // an object.
    let rules = context.rules();
    let reported = || {
        context.around.client
            || context.block_head(finding.start).is_some_and(|head| begins_report(rules, head))
    };
    match message_prefix::classify(rules, before) {
        MessagePrefix::Client => Evidence::Rendered,
        _ if begins_report(rules, own) || reported() => Evidence::Rendered,
        MessagePrefix::None | MessagePrefix::Announced => Evidence::Alone,
        MessagePrefix::Text => Evidence::Inline,
    }
}

/// Whether a finding stands in the API's error object with its envelope, and no other vendor is
/// named in the object. One before it only names a protocol:
/// `OpenAI completion error: 529 {"type":"error",…`.
pub(super) fn in_own_envelope(context: &Context<'_>, finding: &Finding) -> bool {
    let unit = context.unit_span(finding.start);
    let (start, end) = (finding.start.max(unit.start), finding.end.min(unit.end));
    let text = &context.clean.text;
    let mut other = false;
    let object = memchr::memchr(b'{', &text[unit.clone()]).map_or(unit.end, |at| unit.start + at);
    let object = &text[object..unit.end.min(object + LINE_BYTES)];
    context.vendors().find(object, |mention| other |= mention.speaker == Speaker::Other);
    !other && end >= start && object::in_envelope(&text[unit.start..start], &text[end..unit.end])
}

/// Whether nothing but punctuation and words such as `Error:` stand before a finding on its line.
pub(super) fn begins_line(context: &Context<'_>, finding: &Finding) -> bool {
    let prefix = message_prefix::classify(context.rules(), context.before(finding));
    matches!(prefix, MessagePrefix::None | MessagePrefix::Announced)
}

/// Whether nothing but punctuation or advice stands after a finding on its line.
pub(super) fn ends_line(context: &Context<'_>, finding: &Finding) -> bool {
    let clean = context.clean;
    let line = clean.lines[clean.line_of(finding.end.max(finding.start + 1) - 1)];
    let after = &clean.text[finding.end.min(line.end)..line.end.min(finding.end + LINE_BYTES)];
    let mut after = after.trim_ascii();
    // The tags of an error page are its punctuation.
    while let Some(close) = after.strip_prefix(b"<").and_then(|tag| memchr::memchr(b'>', tag)) {
        after = after[close + 2..].trim_ascii();
    }
    // `Failed to authenticate. API Error: …`: the client's own prefix may follow.
    let goes_on = after.strip_prefix(b".").unwrap_or(after).trim_ascii_start();
    begins_report(context.rules(), goes_on)
        || after.iter().all(|b| b.is_ascii_punctuation() && !b"([{".contains(b))
        || after.starts_with("·".as_bytes())
        || after.starts_with("∙".as_bytes())
}
