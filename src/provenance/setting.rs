//! How a finding is set on its line: behind a client's own lead-in, as a line of its own, inside
//! other text, or in the API's error object.

use super::Evidence;
use super::context::{Context, LINE};
use crate::catalog::Str;
use crate::catalog::provenance::{Provenance, Speaker, Words};
use crate::matching::Finding;
use crate::search::NameKind;
use crate::text::{find, object};

/// What stands before a message on its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LeadIn {
    /// Nothing but punctuation.
    None,
    /// `Error:` and the like.
    Announced,
    /// `API Error: 400 `: only Claude's clients say so.
    Client,
    /// Other text.
    Text,
}

/// Marks that may stand around a message and say nothing.
const MARKS: &[char] = &[
    '"', '\'', '`', '(', '[', '{', '<', '*', ' ', '\t', ':', '-', '·', '∙', '—', '.', ',', '|',
    '❌', '✘', '\\', '→', '/', '=', '!',
];

/// Whether a line begins as a client's report does.
pub(super) fn begins_report(rules: &Provenance, line: &[u8]) -> bool {
    rules.words(Words::Client).iter().any(|lead| line.starts_with(lead.as_bytes()))
}

/// Whether a text ends in a word that announces what follows, outside of quotation marks:
/// `Agent "x" failed: `.
pub(super) fn announces(rules: &Provenance, before: &[u8]) -> bool {
    let open = memchr::memchr_iter(b'"', before).count() % 2 == 1;
    !open
        && before.strip_suffix(b": ").is_some_and(|head| {
            rules.words(Words::Announce).iter().any(|word| head.ends_with(word.as_bytes()))
        })
}

/// What the text before a message says of it.
pub(super) fn lead_in(rules: &Provenance, before: &[u8]) -> LeadIn {
    // The client's words, unless somebody quotes them and goes on in other words.
    let ends = |lead: &Str| find::last(before, lead.as_bytes()).map(|at| at + lead.len());
    if let Some(end) = rules.words(Words::Client).iter().filter_map(ends).max()
        && !matches!(before[end..].iter().find(|byte| **byte != b':'), Some(b'"' | b'`' | b'\''))
    {
        return LeadIn::Client;
    }
    let text = String::from_utf8_lossy(before);
    let mut text = text.trim_end_matches(MARKS);
    let mut seen = LeadIn::None;
    while !text.is_empty() {
        let digits = text.len() - text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let rest = if digits == 3 {
            Some(&text[..text.len() - 3])
        } else {
            let words = rules.words(Words::Announce).iter();
            words.filter_map(|word| text.strip_suffix(word.as_ref())).min_by_key(|rest| rest.len())
        };
        match rest {
            Some(rest) if !rest.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_') => {
                text = rest.trim_end_matches(MARKS);
            }
            _ => return LeadIn::Text,
        }
        seen = LeadIn::Announced;
    }
    seen
}

/// How much a finding outside of records is worth by the way it is set on its line.
pub(super) fn evidence(context: &Context<'_>, finding: &Finding) -> Evidence {
    let before = context.before(finding);
    let own = &context.clean.text[finding.start..finding.end];
    if object::begins(before) {
        return Evidence::Record;
    }
    // What a client began to report it reports to the end of the block: the body of a page, the
    // lines of an object.
    let rules = context.rules();
    let reported = || {
        context.around.has(NameKind::Client)
            || context.block_head(finding.start).is_some_and(|head| begins_report(rules, head))
    };
    match lead_in(rules, before) {
        LeadIn::Client => Evidence::Rendered,
        _ if begins_report(rules, own) || reported() => Evidence::Rendered,
        LeadIn::None | LeadIn::Announced => Evidence::Alone,
        LeadIn::Text => Evidence::Inline,
    }
}

/// Whether a finding stands in the API's error object with its envelope, and nobody else is named
/// in that: `OpenAI completion error: 529 {"type":"error",…` names a protocol.
pub(super) fn in_own_envelope(context: &Context<'_>, finding: &Finding) -> bool {
    let unit = context.unit_span(finding.start);
    let (start, end) = (finding.start.max(unit.start), finding.end.min(unit.end));
    let text = &context.clean.text;
    let mut other = false;
    let object = memchr::memchr(b'{', &text[unit.clone()]).map_or(unit.end, |at| unit.start + at);
    let object = &text[object..unit.end.min(object + LINE)];
    context.judge.vendors().find(object, |named| other |= named.speaker == Speaker::Other);
    !other && end >= start && object::in_envelope(&text[unit.start..start], &text[end..unit.end])
}

/// Whether nothing but marks and words such as `Error:` stand before a finding on its line.
pub(super) fn begins_line(context: &Context<'_>, finding: &Finding) -> bool {
    let lead_in = lead_in(context.rules(), context.before(finding));
    matches!(lead_in, LeadIn::None | LeadIn::Announced)
}

/// Whether nothing else stands on the line of a finding but a lead-in before and punctuation or
/// advice after it.
pub(super) fn own_line(context: &Context<'_>, finding: &Finding) -> bool {
    let clean = context.clean;
    let line = clean.lines[clean.line_of(finding.end.max(finding.start + 1) - 1)];
    let after = &clean.text[finding.end.min(line.end)..line.end.min(finding.end + LINE)];
    let mut after = after.trim_ascii();
    // The tags of an error page are its punctuation.
    while let Some(close) = after.strip_prefix(b"<").and_then(|tag| memchr::memchr(b'>', tag)) {
        after = after[close + 2..].trim_ascii();
    }
    // `Failed to authenticate. API Error: …`: what follows says whose words these are.
    let goes_on = after.strip_prefix(b".").unwrap_or(after).trim_ascii_start();
    begins_report(context.rules(), goes_on)
        || after.iter().all(|b| b.is_ascii_punctuation() && !b"([{".contains(b))
        || after.starts_with("·".as_bytes())
        || after.starts_with("∙".as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    #[test]
    fn lead_ins() {
        let catalog = Catalog::builtin();
        let lead_in = |before: &str| lead_in(catalog.provenance(), before.as_bytes());
        for before in [
            "API Error: ",
            "API Error: 400 ",
            "API Error (",
            "Failed to authenticate. API Error: 401 ",
            "Error: Claude Code returned an error result: API Error: 400 ",
        ] {
            assert_eq!(lead_in(before), LeadIn::Client, "{before}");
        }
        for before in [
            "Error: ",
            "❌ Error: ",
            "\"result\": \"",
            "Error: 400 ",
            "error: ",
            "level=error msg=\"",
        ] {
            assert_eq!(lead_in(before), LeadIn::Announced, "{before}");
        }
        for before in [
            "bash: warning: ",
            "openai.APIConnectionError: ",
            "the ",
            "llama_generate: error: ",
            "[api] Error: ",
        ] {
            assert_eq!(lead_in(before), LeadIn::Text, "{before}");
        }
        assert_eq!(lead_in(""), LeadIn::None);
    }
}
