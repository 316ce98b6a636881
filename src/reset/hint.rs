//! The places in which a diagnosis says when to try again: the captures of its message, and the text
//! around it.

use std::collections::BTreeMap;
use std::time::Duration;

use super::clock::Clock;
use super::read::{Reset, ResetTime};
use super::span;

/// A printed time or span after which to try again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Hint {
    /// Printed for people, or a field that holds a moment.
    Text(String),
    /// A number of seconds from when it was printed.
    Seconds(u64),
}

impl Hint {
    /// Reads it against a clock.
    pub(crate) fn read(&self, clock: &Clock) -> Option<Reset> {
        match self {
            Self::Text(text) => Reset::read(text, clock),
            Self::Seconds(seconds) => Reset::after(Duration::from_secs(*seconds), clock),
        }
    }
}

/// Collects all hints, the best first: what the message names, then a header, then the words around
/// it.
pub(crate) fn hints(captures: &BTreeMap<String, String>, excerpt: &str) -> Vec<Hint> {
    let lower = excerpt.to_ascii_lowercase();
    let named = |name: &str| captures.get(name).map(String::as_str);
    let seconds = named("retry_after").and_then(|text| text.parse().ok()).map(Hint::Seconds);
    let printed = named("resets")
        .map(|text| whole_zone(text, excerpt))
        .or_else(|| named("epoch").map(str::to_owned));
    let found = [
        printed,
        rejected_window(&lower),
        rate_limit_header(&lower),
        retry_after_date(excerpt, &lower),
    ];
    let mut hints: Vec<Hint> = found.into_iter().flatten().map(Hint::Text).collect();
    hints.extend(seconds);
    hints.extend(try_again(&lower).map(Hint::Text));
    hints
}

/// The printed reset with the abbreviation of a zone that follows it, which the placeholder leaves
/// out: `3pm PST` is not `3pm`.
fn whole_zone(text: &str, excerpt: &str) -> String {
    let after = excerpt.split_once(text).map_or("", |(_, after)| after).trim_start_matches(' ');
    let word = &after[..after.bytes().take_while(u8::is_ascii_alphanumeric).count()];
    // All of them end so: `PT`, `EST`, `AEDT`.
    let zone = (2..=5).contains(&word.len())
        && word.ends_with('T')
        && word.bytes().all(|b| b.is_ascii_uppercase());
    let lacks_zone = || match ResetTime::parse(text) {
        Some(ResetTime::Civil(civil)) => civil.zone.is_none(),
        _ => false,
    };
    if zone && lacks_zone() { format!("{text} {word}") } else { text.to_owned() }
}

/// The `resetsAt` of a `rate_limit_info`: its own, not that of one of the windows inside it.
fn rejected_window(lower: &str) -> Option<String> {
    let (_, info) = lower.split_once("rate_limit_info")?;
    let (_, info) = info.split_once('{')?;
    let own = &info[..info.find(['{', '}']).unwrap_or(info.len())];
    let (_, after) = own.split_once("resetsat")?;
    Some(value(after).to_owned()).filter(|value| !value.is_empty())
}

/// The header `anthropic-ratelimit-…-reset`. The unified one is that of the plan. Of the others, each
/// is that of one limit; where they differ, nothing says which of them stopped the work.
fn rate_limit_header(lower: &str) -> Option<String> {
    let mut values = Vec::new();
    for (at, prefix) in lower.match_indices("anthropic-ratelimit-") {
        let rest = &lower[at + prefix.len()..];
        let name =
            &rest[..rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'-').count()];
        let value = value(&rest[name.len()..]);
        if name == "unified-reset" {
            return Some(value.to_owned());
        }
        if name.ends_with("-reset") {
            values.push(value);
        }
    }
    values.dedup();
    match values[..] {
        [value] if !value.is_empty() => Some(value.to_owned()),
        _ => None,
    }
}

/// The date of a header: `retry-after: Wed, 21 Oct 2026 07:28:00 GMT`.
fn retry_after_date(excerpt: &str, lower: &str) -> Option<String> {
    let key = "retry-after";
    let rest = excerpt[lower.find(key)? + key.len()..].trim_start_matches(MARKS);
    let date = &rest[..rest.to_ascii_lowercase().find("gmt")? + 3];
    (date.len() <= 32 && date.starts_with(|c: char| c.is_ascii_alphabetic()))
        .then(|| date.to_owned())
}

/// The span behind the words that announce one: `try again in 2 days`, `wait 30 seconds`.
fn try_again(lower: &str) -> Option<String> {
    [
        "try again in ",
        "try again after ",
        "retry in ",
        "retry after ",
        "please wait ",
        "available again in ",
    ]
    .iter()
    .find_map(|words| {
        let (_, after) = lower.split_once(words)?;
        let (_, rest) = span::leading(after)?;
        Some(after[..after.len() - rest.len()].to_owned())
    })
}

/// Characters between a key and its value.
const MARKS: &[char] = &['"', '\'', '\\', ':', '=', ' '];

/// The value behind a key.
fn value(after: &str) -> &str {
    let after = after.trim_start_matches(MARKS);
    &after[..after
        .find(|c: char| !c.is_ascii_alphanumeric() && !":.+-".contains(c))
        .unwrap_or(after.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(captures: &[(&str, &str)], excerpt: &str) -> Vec<String> {
        let captures = captures
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let text = |hint| match hint {
            Hint::Text(text) => text,
            Hint::Seconds(seconds) => format!("{seconds} s"),
        };
        hints(&captures, excerpt).into_iter().map(text).collect()
    }

    #[test]
    fn what_the_message_names_comes_first() {
        let named = [("resets", "3pm (UTC)"), ("epoch", "1"), ("retry_after", "30")];
        assert_eq!(
            texts(&named, "resets 3pm (UTC). Try again in 2 hours."),
            ["3pm (UTC)", "30 s", "2 hours"]
        );
    }

    #[test]
    fn a_zone_that_the_placeholder_leaves_out_counts() {
        assert_eq!(texts(&[("resets", "3pm")], "resets 3pm PST · /upgrade"), ["3pm PST"]);
        assert_eq!(texts(&[("resets", "3pm")], "resets 3pm UTC+2"), ["3pm"]);
        assert_eq!(texts(&[("resets", "3pm (UTC)")], "resets 3pm (UTC) PUT"), ["3pm (UTC)"]);
    }

    #[test]
    fn fields_hold_moments() {
        let event = r#"{\"rate_limit_info\":{\"status\":\"rejected\",\"resetsAt\":1795226400,\"windows\":{\"five_hour\":{\"resetsAt\":1}}}}"#;
        assert_eq!(texts(&[], event), ["1795226400"]);
        assert_eq!(
            texts(
                &[],
                r#"{"rate_limit_info":{"status":"rejected","windows":{"x":{"resetsAt":1795226400}}}}"#
            ),
            [""; 0]
        );
        assert_eq!(
            texts(&[], "'anthropic-ratelimit-tokens-reset': '2026-11-21T00:10:00Z'"),
            ["2026-11-21t00:10:00z"]
        );
        assert_eq!(
            texts(
                &[],
                "anthropic-ratelimit-tokens-reset: 2026-11-21T00:10:00Z anthropic-ratelimit-requests-reset: 2026-11-21T00:09:00Z"
            ),
            [""; 0]
        );
        assert_eq!(texts(&[], "anthropic-ratelimit-unified-reset: 1795226400"), ["1795226400"]);
        assert_eq!(
            texts(&[], "Retry-After: Wed, 21 Oct 2026 07:28:00 GMT"),
            ["Wed, 21 Oct 2026 07:28:00 GMT"]
        );
        assert_eq!(
            texts(&[], "{'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT'}"),
            ["Wed, 21 Oct 2026 07:28:00 GMT"]
        );
        assert_eq!(texts(&[], "try again in 2.59s. Visit"), ["2.59s"]);
    }
}
