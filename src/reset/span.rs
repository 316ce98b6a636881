//! Spans of time as programs print them: `in 5 hours`, `2 days`, `1h 30m`, `2.59s`.

use std::time::Duration;

use jiff::fmt::friendly::SpanParser;
use jiff::{SignedDuration, SpanRelativeTo};

/// The longest span that is believed. No limit lasts longer than a month, so a greater number is
/// not a wait.
const MAX_SPAN: SignedDuration = SignedDuration::from_hours(366 * 24);

/// Bytes that the words of a span take at most.
const MAX_LENGTH: usize = 64;

/// The span that a text begins with, and what follows it.
pub(super) fn leading(text: &str) -> Option<(Duration, &str)> {
    let mut text = text.trim_start();
    for word in ["in ", "after "] {
        if text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word)) {
            text = text[word.len()..].trim_start();
        }
    }
    // It ends with a unit; the longest reading counts.
    let bytes = text.as_bytes();
    (1..=bytes.len().min(MAX_LENGTH))
        .rev()
        .filter(|&end| {
            bytes[end - 1].is_ascii_alphabetic()
                && !bytes.get(end).is_some_and(u8::is_ascii_alphabetic)
        })
        .find_map(|end| Some((parse(&text[..end])?, &text[end..])))
}

/// Parses a span in jiff's friendly format, which has no `and`, but signs and decimal commas: of
/// `1,000 seconds` nobody can tell what it means.
fn parse(text: &str) -> Option<Duration> {
    let text = text.to_ascii_lowercase().replace(" and ", " ");
    let comma =
        text.split(',').skip(1).any(|after| after.starts_with(|c: char| c.is_ascii_digit()));
    if comma || !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let span = SpanParser::new().parse_span(&text).ok()?;
    let span = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    Duration::try_from(span).ok().filter(|_| span <= MAX_SPAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_up_to_what_follows() {
        let span = |text| leading(text).map(|(span, rest)| (span.as_secs_f64(), rest));
        assert_eq!(span("in 5 hours"), Some((18_000.0, "")));
        assert_eq!(span("1h 30m"), Some((5_400.0, "")));
        assert_eq!(span("2m10s · check"), Some((130.0, " · check")));
        assert_eq!(span("1 day and 2 hours, then"), Some((93_600.0, ", then")));
        assert_eq!(span("1 day, 2 hours"), Some((93_600.0, "")));
        assert_eq!(span("2.59s. Visit"), Some((2.59, ". Visit")));
        assert_eq!(span("In 45 Minutes"), Some((2_700.0, "")));
        assert_eq!(span("5 hours ago"), Some((18_000.0, " ago")));
        for text in [
            "in a moment",
            "5",
            "5 pm",
            "1e9 days",
            "999999999999 days",
            "1.2.3s",
            "in",
            "",
            "1,000 seconds",
            "-5 hours",
            "2 months",
            "1:30:00",
        ] {
            assert_eq!(span(text), None, "{text}");
        }
    }
}
