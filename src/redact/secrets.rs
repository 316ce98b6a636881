//! Where secrets stand in a text, those included that a terminal broke over several lines.
//!
//! The text is searched twice: with its hard wraps undone, and line by line. The second search finds
//! what stands on two lines in earnest, such as a name and its value, and what begins a line that
//! only looks like the continuation of the one before.

use std::ops::Range;

use super::MASK;
use super::machine::{begins_anew, is_jumble, is_nothing, looks_generated};
use super::named;
use super::patterns::{self, Look};
use super::unwrap::{UnwrappedText, breaks};

/// Bytes of the longest name of a credential.
const MAX_NAME: usize = 48;

/// A secret in a text.
struct Secret {
    span: Range<usize>,
    /// Whether it may go on: its kind has no known length, or it is shorter than that.
    open: bool,
}

/// Finds all secrets: ascending, apart.
pub(super) fn find(text: &[u8]) -> Vec<Range<usize>> {
    let unwrapped = UnwrappedText::new(text, true);
    let mut spans: Vec<_> = search(&unwrapped).into_iter().map(|secret| secret.span).collect();
    if unwrapped.has_breaks() {
        let breaks: Vec<Range<usize>> = breaks(text).collect();
        let of_lines = search(&UnwrappedText::new(text, false)).into_iter();
        spans.extend(of_lines.map(|secret| {
            if secret.open { continued(text, &breaks, secret.span) } else { secret.span }
        }));
    }
    merge(spans)
}

/// Finds the secrets of a text; where they stand is said in the text as it was.
fn search(unwrapped: &UnwrappedText) -> Vec<Secret> {
    let text = &unwrapped.text;
    let lower = text.to_ascii_lowercase();
    let mut candidates: Vec<_> = patterns::candidates(&lower).collect();
    // Those of known length first: where such a secret is complete at the end of a line, no other
    // goes on.
    candidates.sort_by_key(|(pattern, _)| pattern.length.is_none());
    let mut secrets = Vec::new();
    let mut complete = Vec::new();
    for (pattern, regex) in candidates {
        let mut from = 0;
        while let Some(groups) = regex.captures_at(text, from) {
            let Some(whole) = groups.get(0) else { break };
            let kept = groups.iter().skip(1).flatten().next();
            let start = kept.map_or(whole.start(), |kept| kept.end());
            // A value without blanks may end in the name of the next one.
            from = whole.end().saturating_sub(MAX_NAME).max(start + 1);
            let value = &text[start..whole.end()];
            let looks = match pattern.look {
                Look::Any => true,
                Look::Generated => looks_generated(value),
                Look::Jumble => is_jumble(value) || is_cut(value),
            };
            if !looks || (kept.is_some() && is_nothing(value)) {
                continue;
            }
            let at_sign = usize::from(whole.as_bytes().ends_with(b"@"));
            let end = end(unwrapped, pattern.length, start..whole.end() - at_sign, &mut complete);
            // The body of a key in PEM form may have been cut off, and our own mask has a bracket
            // as lists of values have.
            let bracket = usize::from(text[..start].ends_with(b"["));
            let rest = text.get(start - bracket..end).unwrap_or_default();
            let rest = rest.strip_prefix(MASK.as_bytes());
            let masked = rest.is_some_and(|rest| !rest.iter().any(u8::is_ascii_alphanumeric));
            if end > start && !masked {
                let span = unwrapped.original(start)..unwrapped.original(end - 1) + 1;
                let open = pattern.length.is_none_or(|length| end - start < length);
                secrets.push(Secret { span, open });
            }
        }
    }
    for span in named::find(text, &lower) {
        let end = end(unwrapped, None, span.clone(), &mut complete);
        if end > span.start {
            let span = unwrapped.original(span.start)..unwrapped.original(end - 1) + 1;
            secrets.push(Secret { span, open: true });
        }
    }
    secrets
}

/// Whether a secret was starred out or cut short.
fn is_cut(value: &[u8]) -> bool {
    value.contains(&b'*') || value.windows(3).any(|sign| sign == b"..." || sign == "…".as_bytes())
}

/// The end of a secret. What looks like its continuation is none where the secret is as long as its
/// kind gets, which is remembered as `complete`, or where the next line begins with a word.
fn end(
    unwrapped: &UnwrappedText,
    length: Option<usize>,
    span: Range<usize>,
    complete: &mut Vec<usize>,
) -> usize {
    let starts: Vec<usize> = unwrapped.line_starts(&span).collect();
    if let Some(length) = length
        && let Some(&next) = starts.iter().find(|&&next| next - span.start >= length)
    {
        complete.push(next);
        return next;
    }
    let ends = |&next: &usize| complete.contains(&next) || begins_anew(&unwrapped.text[next..]);
    starts.into_iter().find(ends).unwrap_or(span.end)
}

/// A secret that ends where a terminal may have broken it, with what stands on the next lines of
/// it.
fn continued(text: &[u8], breaks: &[Range<usize>], secret: Range<usize>) -> Range<usize> {
    let mut end = secret.end;
    while let Ok(index) = breaks.binary_search_by_key(&end, |line_break| line_break.start) {
        let rest = &text[breaks[index].end..];
        let of_secret = |b: &&u8| b.is_ascii_alphanumeric() || b"_.*-+/=~".contains(b);
        let more = rest.iter().take_while(of_secret).count();
        if more == 0 || begins_anew(rest) {
            break;
        }
        end = breaks[index].end + more;
    }
    secret.start..end
}

/// Joins spans that touch or overlap.
fn merge(mut spans: Vec<Range<usize>>) -> Vec<Range<usize>> {
    spans.sort_unstable_by_key(|span| (span.start, span.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for span in spans.into_iter().filter(|span| !span.is_empty()) {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

#[cfg(test)]
mod kinds;
#[cfg(test)]
mod tests;
