//! HTTP statuses where a client or a server reports them.
//!
//! A number is a status only in a known pattern or before its reason phrase; `line 529`,
//! `429 Main Street` and `500 words` are none.

use std::ops::Range;

use super::number;
use crate::text::{Clean, Skeleton, find};

/// A way in which a status is reported, over the skeleton.
struct StatusPattern {
    /// The text with which the pattern begins.
    literal: &'static [u8],
    /// The code stands before the literal, not behind it.
    before: bool,
    /// What may stand between the literal and the code, in this order.
    infixes: &'static [Infix],
    /// What follows the code; anything if empty.
    after: &'static [&'static [u8]],
    /// One blank stands right before the code: `HTTP/1.1 529`. The search relies on it, and the
    /// `HTTP/1.1" 529` of an access log is no report of a client.
    blank: bool,
    /// The blank inside the literal.
    inner_blank: InnerBlank,
    /// Only Claude's clients report like this.
    is_claude: bool,
}

/// Whether a blank, or the end of a line, stands in a literal of two words, after so many bytes of
/// its skeleton. The search relies on it, and `API Error` is two words: `mailgun.APIError` is a
/// class of another vendor.
enum InnerBlank {
    /// The literal is one word.
    None,
    Required(usize),
    Optional(usize),
}

impl InnerBlank {
    /// Whether a text is written so; `dropped` is what the skeleton dropped at an offset of the
    /// literal.
    fn allows<'t>(&self, dropped: impl Fn(usize) -> &'t [u8]) -> bool {
        let is_blank = |text: &[u8]| text == b" " || text.contains(&b'\n');
        match *self {
            Self::None => true,
            Self::Required(at) => is_blank(dropped(at)),
            Self::Optional(at) => dropped(at).is_empty() || is_blank(dropped(at)),
        }
    }
}

/// What may stand between the literal of a pattern and the code.
enum Infix {
    /// One of these, or nothing.
    Optional(&'static [&'static [u8]]),
    /// One of these.
    Required(&'static [&'static [u8]]),
    /// The name of a model in brackets, `(us.anthropic.claude-x):`, or nothing.
    Model,
}

use Infix::{Model, Optional, Required};

impl StatusPattern {
    const fn new(literal: &'static str, infixes: &'static [Infix]) -> Self {
        Self {
            literal: literal.as_bytes(),
            before: false,
            infixes,
            after: &[],
            blank: false,
            inner_blank: InnerBlank::None,
            is_claude: false,
        }
    }

    const fn blank(self) -> Self {
        Self { blank: true, ..self }
    }

    /// A blank has to stand after so many bytes of the literal.
    const fn two_words(self, at: usize) -> Self {
        Self { inner_blank: InnerBlank::Required(at), ..self }
    }

    /// A blank may stand after so many bytes of the literal.
    const fn one_or_two_words(self, at: usize) -> Self {
        Self { inner_blank: InnerBlank::Optional(at), ..self }
    }

    const fn before(self) -> Self {
        Self { before: true, ..self }
    }

    const fn claude(self) -> Self {
        Self { is_claude: true, ..self }
    }

    const fn after(self, after: &'static [&'static [u8]]) -> Self {
        Self { after, ..self }
    }

    /// The span of the code in a skeleton in which the literal stands at an offset.
    fn code(&self, skeleton: &[u8], at: usize) -> Option<Range<usize>> {
        if self.before {
            let span = at.checked_sub(3)?..at;
            return number::is_status(&skeleton[span.clone()]).then_some(span);
        }
        let mut start = at + self.literal.len();
        for infix in self.infixes {
            let rest = &skeleton[start..];
            let one = |words: &[&[u8]]| {
                words.iter().find(|word| rest.starts_with(word)).map(|word| word.len())
            };
            start += match infix {
                Optional(words) => one(words).unwrap_or(0),
                Required(words) => one(words)?,
                Model => model(rest).unwrap_or(0),
            };
        }
        let (code, rest) = skeleton[start..].split_at_checked(3)?;
        let ends = self.after.is_empty() || self.after.iter().any(|word| rest.starts_with(word));
        (ends && number::is_status(code)).then_some(start..start + 3)
    }
}

/// The longest name of a model, in bytes.
const MODEL: usize = 200;

/// The length of a model's name in brackets, with its colon.
fn model(text: &[u8]) -> Option<usize> {
    let name = text.strip_prefix(b"(")?;
    let length = name
        .iter()
        .take(MODEL)
        .take_while(|b| b.is_ascii_alphanumeric() || b"._:/-".contains(b))
        .count();
    (length > 0 && name[length..].starts_with(b"):")).then_some(length + 3)
}

/// The patterns; of two around one number the first counts.
#[rustfmt::skip]
const PATTERNS: &[StatusPattern] = &[
    StatusPattern::new("apierror", &[Optional(&[b":"]), Model, Optional(&[b"("]), Optional(&[b"errorcode:"])]).two_words("api".len()).claude(),
    StatusPattern::new("api_error_status", &[Required(&[b":"])]).claude(),
    StatusPattern::new("requestrejected(", &[]).two_words("request".len()).after(&[b")"]).claude(),
    StatusPattern::new("errorcode:", &[]).one_or_two_words("error".len()),
    StatusPattern::new("error_status:", &[]),
    StatusPattern::new("status", &[Optional(&[b"_code", b"code"]), Optional(&[b":"])]),
    StatusPattern::new("http/", &[Required(&[b"1.0", b"1.1", b"2.0", b"2", b"3"])]).blank(),
    StatusPattern::new("error:", &[]).after(&[b"{", b"<", b"status"]).blank(),
    StatusPattern::new("requestedurlreturnederror:", &[]).two_words("requestedurlreturned".len()),
    StatusPattern::new("statuscode(nobody)", &[]).before(),
];

/// A status that a text reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ReportedStatus {
    /// The code.
    pub(super) code: u16,
    /// Only Claude's clients report like this.
    pub(super) is_claude: bool,
    /// It is a bare number, a status only beside an address of the API.
    pub(super) bare_number: bool,
    /// Offset of the pattern or the number in the clean text.
    pub(super) start: usize,
    /// End of the code or its reason phrase, exclusive.
    pub(super) end: usize,
}

/// Finds the statuses that a part of a text reports, in the order of the text.
pub(super) fn find(clean: &Clean, span: Range<usize>, skeleton: &Skeleton) -> Vec<ReportedStatus> {
    let mut found: Vec<ReportedStatus> = Vec::new();
    for pattern in PATTERNS {
        for at in find::all(&skeleton.bytes, pattern.literal) {
            let Some(code) = pattern.code(&skeleton.bytes, at) else { continue };
            let start = skeleton.map[at.min(code.start)] as usize;
            let end = skeleton.map[code.end - 1] as usize + 1;
            let dropped = |at: usize| {
                &clean.text[skeleton.map[at - 1] as usize + 1..skeleton.map[at] as usize]
            };
            if !pattern.inner_blank.allows(|n| dropped(at + n)) {
                continue;
            }
            // The digits are a number of their own, not the beginning of a longer one.
            if clean.text.get(end).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_') {
                continue;
            }
            if pattern.blank && dropped(code.start) != b" " {
                continue;
            }
            let code = number::value(&skeleton.bytes[code]);
            let is_claude = pattern.is_claude;
            found.push(ReportedStatus { code, is_claude, bare_number: false, start, end });
        }
    }
    let numbers = number::find(&clean.text, span);
    found.extend(numbers.map(|number::Number { code, has_reason, span }| ReportedStatus {
        code,
        is_claude: false,
        bare_number: !has_reason,
        start: span.start,
        end: span.end,
    }));
    // The sort is stable: of two reports of one number the first pattern's is kept.
    found.sort_by_key(|status| status.end);
    found.dedup_by_key(|status| status.end);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<u16> {
        let clean = Clean::new(text.as_bytes(), crate::Catalog::builtin().prefixes());
        let skeleton = Skeleton::new(&clean.text);
        find(&clean, 0..clean.text.len(), &skeleton)
            .into_iter()
            .filter(|status| !status.bare_number)
            .map(|status| status.code)
            .collect()
    }

    #[test]
    fn shapes_that_report_a_status() {
        for text in [
            "API Error: 529 Overloaded",
            "API Error (529 {\"type\":\"error\"}) · Retrying",
            "API Error (us.anthropic.claude-x): 529 bad",
            "API Error: Request rejected (529) · x",
            "API Error: Error code: 529 - {'type': 'error'}",
            "Error code: 529 - {}",
            "HTTP/1.1 529 Overloaded",
            "HTTP/2 529",
            "HTTP/2.0 529",
            "API\n  Error: 529",
            "Request\nrejected (529)",
            "\"api_error_status\":529,",
            "\"error_status\": 529,",
            "  status: 529,",
            "OverloadedError: 529 {\"type\"",
            "Error: 529 <html>",
            "curl: (22) The requested URL returned error: 529",
            "API Error: 529 status code (no body)",
        ] {
            assert_eq!(codes(text).first(), Some(&529), "{text}");
        }
    }

    #[test]
    fn a_part_may_end_inside_a_number() {
        let clean = Clean::new(b"x 529 y 5290", crate::Catalog::builtin().prefixes());
        for end in 0..=clean.text.len() {
            let skeleton = Skeleton::of(&clean.text, 0..end);
            let found = find(&clean, 0..end, &skeleton);
            assert_eq!(found.len(), usize::from(end > 2), "{end}");
        }
    }

    #[test]
    fn numbers_that_are_none() {
        for text in [
            "\"GET / HTTP/1.1\" 529 12",
            "HTTP/1.1  529",
            "line 529",
            "529 words",
            "API Error: 5291",
            "error: 529 tests failed",
            "mailgun.APIError: 529 x",
            "API  Error: 529 x",
            "Requestrejected (529)",
            "Error  code: 529",
            "HTTP/1 529",
            "exit status 1",
            "status: 5290",
        ] {
            assert_eq!(codes(text), [0; 0], "{text}");
        }
    }
}
