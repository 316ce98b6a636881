//! Placeholders: what a `<name>` in a template may stand for. Each name has a regular expression over
//! the skeleton (lower case, no blanks, no quotes), and is a capture of its entry.

/// A placeholder of templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placeholder {
    /// Its name in templates.
    pub name: &'static str,
    /// What it matches. Bounded, so that a match never runs through a whole log.
    pub regex: &'static str,
    /// The length of its longest match, in bytes of the skeleton.
    pub longest: usize,
    /// The blanks that the printed text may hold; at any other the match ends, because the skeleton
    /// has joined what follows.
    pub blanks: Blanks,
}

/// The blanks that the text of a placeholder may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blanks {
    /// None: it is one word.
    None,
    /// Before a number, as in `Opus 4.6`.
    BeforeNumber,
    /// Any.
    Any,
}

/// The placeholders, sorted by name. Every other name is [`TEXT`].
#[rustfmt::skip]
pub(crate) const PLACEHOLDERS: &[Placeholder] = &[
    Placeholder { name: "code",       regex: r"[a-z][a-z0-9_]{1,63}", longest: 64, blanks: Blanks::None },
    Placeholder { name: "duration",   regex: r"[0-9][0-9.]{0,9}(?:ms|[smhd]|seconds?|minutes?|hours?|days?)(?:[0-9.]{1,6}[smh])?", longest: 24, blanks: Blanks::Any },
    Placeholder { name: "epoch",      regex: r"[0-9]{1,13}", longest: 13, blanks: Blanks::None },
    Placeholder { name: "host",       regex: r"\[?[a-z0-9_][a-z0-9_.:-]{0,252}[a-z0-9]\]?(?::[0-9]{1,5})?", longest: 262, blanks: Blanks::None },
    Placeholder { name: "id",         regex: r"[^,;{}<>]{1,200}?", longest: 200, blanks: Blanks::None },
    Placeholder { name: "model",      regex: r"[a-z0-9][a-z0-9._:/@\[\]-]{0,120}?", longest: 121, blanks: Blanks::BeforeNumber },
    Placeholder { name: "n",          regex: r"~?[0-9][0-9.,_]{0,15}[km]?", longest: 18, blanks: Blanks::None },
    Placeholder { name: "request_id", regex: r"req_[a-z0-9_]{3,64}", longest: 68, blanks: Blanks::None },
    Placeholder { name: "resets",     regex: RESETS, longest: 141, blanks: Blanks::Any },
    Placeholder { name: "size",       regex: r"[0-9][0-9.,]{0,15}(?:bytes|[kmgt]?i?b)", longest: 21, blanks: Blanks::Any },
    Placeholder { name: "status",     regex: r"[1-5][0-9]{2}", longest: 3, blanks: Blanks::None },
    Placeholder { name: "url",        regex: r"[a-z]{2,5}://[^\x00-\x20<>{}|]{1,300}?", longest: 308, blanks: Blanks::None },
];

/// A time of day, a date or both, with or without a zone, or a span of time: `3:45pm`, `Mon
/// 12:00am`, `Oct 31, 9am (Asia/Calcutta)`, `Sep 15 at 7pm`, `2026-08-09 00:00 UTC`, `in 5 hours`.
const RESETS: &str = concat!(
    r"(?:on|in|at)?",
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},?)?",
    r"(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}[0-9]{1,2}(?:st|nd|rd|th)?,?(?:20[0-9]{2},?)?|20[0-9]{2}-[0-9]{2}-[0-9]{2}t?,?|today|tomorrow)?",
    r"(?:at)?",
    r"(?:[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]{1,9})?(?:am|pm)?|[0-9]{1,2}(?:am|pm)|(?:[0-9]{1,4}(?:days?|hours?|minutes?|mins?|seconds?|secs?|hrs?|[dhms]),?(?:and)?){1,4}|midnight|noon)?",
    r"(?:utc|gmt|z|[+-][0-9]{2}:?[0-9]{2})?(?:\([a-z0-9_/+:-]{1,40}\))?",
);

/// Any other name: a short run of text. Its length is checked after the match: written as a bound, it
/// would be compiled into 200 copies.
pub(crate) const TEXT: Placeholder =
    Placeholder { name: "", regex: ".+?", longest: 200, blanks: Blanks::Any };

/// The placeholder with a name.
pub(crate) fn named(name: &str) -> Placeholder {
    PLACEHOLDERS.iter().copied().find(|placeholder| placeholder.name == name).unwrap_or(TEXT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_compiles() {
        assert!(PLACEHOLDERS.windows(2).all(|pair| pair[0].name < pair[1].name));
        for placeholder in PLACEHOLDERS {
            regex::bytes::Regex::new(placeholder.regex).expect(placeholder.name);
            let hir = regex_syntax::ParserBuilder::new()
                .unicode(false)
                .utf8(false)
                .build()
                .parse(placeholder.regex)
                .expect(placeholder.name);
            assert_eq!(
                hir.properties().maximum_len(),
                Some(placeholder.longest),
                "{}",
                placeholder.name
            );
        }
    }

    #[test]
    fn every_printed_form_of_a_reset_fits() {
        let whole = regex::bytes::Regex::new(&format!("^(?:{RESETS})$")).expect("tested above");
        for text in [
            "3:45pm",
            "3pm (America/New_York)",
            "Mon 12:00am",
            "Oct 31, 9am",
            "Sep 15 at 7pm",
            "Nov 26, 2am (UTC)",
            "9:30 AM",
            "10pm (America/Los_Angeles)",
            "2026-08-09 00:00 UTC",
            "2026-04-01 at 00:00 UTC",
            "in 5 hours",
            "2 days",
            "1h 30m",
            "Jul 31, 2am (UTC)",
            "11:30am (Asia/Calcutta)",
            "Monday",
            "2026-08-09T00:00:00Z",
        ] {
            let skeleton = crate::text::Skeleton::new(text.as_bytes()).bytes;
            assert!(whole.is_match(&skeleton), "{text}");
        }
    }
}
