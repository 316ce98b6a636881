//! Spans of time as programs print them: `in 5 hours`, `2 days`, `1h 30m`, `2.59s`.

use std::time::Duration;

/// The longest span that is believed. No limit lasts longer than a month, so a greater number is
/// not a wait.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// The span that a text begins with, and what follows it.
pub(super) fn leading(text: &str) -> Option<(Duration, &str)> {
    let mut rest = text.trim_start();
    for word in ["in ", "after "] {
        if let Some(after) = strip(rest, word) {
            rest = after.trim_start();
        }
    }
    let mut total = Duration::ZERO;
    let mut some = false;
    while let Some((part, after)) = one(rest) {
        total = total.checked_add(part)?;
        some = true;
        rest = after;
        let next = rest.trim_start_matches([' ', ',']);
        let next = strip(next, "and ").unwrap_or(next);
        if one(next).is_some() {
            rest = next;
        }
    }
    (some && total <= LONGEST).then_some((total, rest))
}

/// A number and its unit.
fn one(text: &str) -> Option<(Duration, &str)> {
    let digits = text.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let number: f64 = text[..digits].parse().ok()?;
    let rest = text[digits..].trim_start_matches(' ');
    let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let seconds = match rest[..letters].to_ascii_lowercase().as_str() {
        "ms" | "milliseconds" => 0.001,
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600.0,
        "d" | "day" | "days" => 86_400.0,
        "w" | "week" | "weeks" => 604_800.0,
        _ => return None,
    };
    Some((Duration::try_from_secs_f64(number * seconds).ok()?, &rest[letters..]))
}

/// What follows a word, in any case.
fn strip<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let head = text.get(..word.len())?;
    head.eq_ignore_ascii_case(word).then(|| &text[word.len()..])
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
        assert_eq!(span("2.59s. Visit"), Some((2.59, ". Visit")));
        assert_eq!(span("In 45 Minutes"), Some((2_700.0, "")));
        for text in
            ["in a moment", "5", "5 pm", "1e9 days", "999999999999 days", "1.2.3s", "in", ""]
        {
            assert_eq!(span(text), None, "{text}");
        }
    }
}
