//! HTTP status codes where a client or a server reports them.
//!
//! A number is a status only in a known shape; `line 529`, `429 Main Street` and `500 words` are not.

use std::sync::OnceLock;

use regex::bytes::Regex;

use super::pattern::compile;
use crate::text::{Clean, Skeleton};

/// A shape in which a status is reported, over the skeleton; the first group is the code.
struct Shape {
    /// Text without which the shape cannot occur.
    anchor: &'static [u8],
    regex: &'static str,
    /// Only Claude's clients report like this.
    ours: bool,
}

#[rustfmt::skip]
const SHAPES: &[Shape] = &[
    Shape { anchor: b"apierror", regex: r"apierror:?(?:\([a-z0-9._:/-]{1,80}\):)?\(?(?:errorcode:)?([1-5][0-9]{2})", ours: true },
    Shape { anchor: b"api_error_status", regex: r"api_error_status:([1-5][0-9]{2})", ours: true },
    Shape { anchor: b"requestrejected(", regex: r"requestrejected\(([1-5][0-9]{2})\)", ours: true },
    Shape { anchor: b"errorcode:", regex: r"errorcode:([1-5][0-9]{2})", ours: false },
    Shape { anchor: b"error_status:", regex: r"[^i]_?error_status:([1-5][0-9]{2})", ours: false },
    Shape { anchor: b"status", regex: r"status(?:_?code)?:?([1-5][0-9]{2})", ours: false },
    Shape { anchor: b"http/", regex: r"http/[123](?:\.[01])?([1-5][0-9]{2})", ours: false },
    Shape { anchor: b"error:", regex: r"error:([1-5][0-9]{2})(?:\{|<|status)", ours: false },
    Shape { anchor: b"returnederror:", regex: r"requestedurlreturnederror:([1-5][0-9]{2})", ours: false },
    Shape { anchor: b"statuscode(nobody)", regex: r"([1-5][0-9]{2})statuscode\(nobody\)", ours: false },
];

/// A reported status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reported {
    /// The code.
    pub code: u16,
    /// Only Claude's clients report like this.
    pub ours: bool,
    /// Offsets in the clean text, from the shape's start to just after the code.
    pub start: usize,
    /// End, exclusive.
    pub end: usize,
}

/// The compiled shapes; only those whose anchor occurs are ever compiled.
#[derive(Debug, Default)]
pub(super) struct Statuses {
    regexes: [OnceLock<Regex>; SHAPES.len()],
}

impl Statuses {
    /// Every status that is reported in a text.
    pub(super) fn find(&self, clean: &Clean, skeleton: &Skeleton) -> Vec<Reported> {
        let mut found: Vec<Reported> = Vec::new();
        for (shape, regex) in SHAPES.iter().zip(&self.regexes) {
            if memchr::memmem::find(&skeleton.bytes, shape.anchor).is_none() {
                continue;
            }
            let regex = regex.get_or_init(|| compile(shape.regex).expect("the test compiles every shape"));
            for captures in regex.captures_iter(&skeleton.bytes) {
                let (Some(whole), Some(code)) = (captures.get(0), captures.get(1)) else {
                    continue;
                };
                let start = skeleton.map[whole.start()] as usize;
                let end = skeleton.map[code.end() - 1] as usize + 1;
                // `API Error` is two words; `mailgun.APIError` is somebody else's class.
                if shape.anchor == b"apierror" && !(clean.text.get(start + 3).is_some_and(u8::is_ascii_whitespace)) {
                    continue;
                }
                // The digits are a number of their own, not the head of a longer one.
                if clean.text.get(end).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_') {
                    continue;
                }
                let code = code.as_bytes().iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
                found.push(Reported { code, ours: shape.ours, start, end });
            }
        }
        // Of two shapes around one number the first of the table counts; the sort is stable.
        found.sort_by_key(|reported| reported.end);
        found.dedup_by_key(|reported| reported.end);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<u16> {
        let clean = Clean::new(text.as_bytes());
        let skeleton = Skeleton::new(&clean.text);
        Statuses::default().find(&clean, &skeleton).into_iter().map(|status| status.code).collect()
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
    fn numbers_that_are_none() {
        for text in
            ["line 529", "529 words", "API Error: 5291", "error: 529 tests failed", "mailgun.APIError: 529 x", "exit status 1", "status: 5290"]
        {
            assert_eq!(codes(text), [0; 0], "{text}");
        }
    }
}
