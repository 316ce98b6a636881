//! HTTP status codes where a client or a server reports them.
//!
//! A number is a status only in a known shape; `line 529`, `429 Main Street` and `500 words` are not.

use std::sync::OnceLock;

use super::engine::Engine;
use crate::text::{Clean, Skeleton};

/// A shape in which a status is reported, over the skeleton.
struct Shape {
    /// The text that it begins with.
    head: &'static [u8],
    /// What follows; the first group is the code. Empty where the code stands before the head.
    rest: &'static str,
    /// Only Claude's clients report like this.
    ours: bool,
}

#[rustfmt::skip]
const SHAPES: &[Shape] = &[
    Shape { head: b"apierror", rest: r":?(?:\([a-z0-9._:/-]+\):)?\(?(?:errorcode:)?([1-5][0-9]{2})", ours: true },
    Shape { head: b"api_error_status", rest: r":([1-5][0-9]{2})", ours: true },
    Shape { head: b"requestrejected(", rest: r"([1-5][0-9]{2})\)", ours: true },
    Shape { head: b"errorcode:", rest: r"([1-5][0-9]{2})", ours: false },
    Shape { head: b"error_status:", rest: r"([1-5][0-9]{2})", ours: false },
    Shape { head: b"status", rest: r"(?:_?code)?:?([1-5][0-9]{2})", ours: false },
    Shape { head: b"http/", rest: r"[123](?:\.[01])?([1-5][0-9]{2})", ours: false },
    Shape { head: b"error:", rest: r"([1-5][0-9]{2})(?:\{|<|status)", ours: false },
    Shape { head: b"requestedurlreturnederror:", rest: r"([1-5][0-9]{2})", ours: false },
    Shape { head: b"statuscode(nobody)", rest: "", ours: false },
];

/// A model's name and a bracket may stand before a code, and what ends it behind; in bytes of the skeleton.
const LONGEST: usize = 256;

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

/// The compiled shapes; only those whose head occurs are ever compiled.
#[derive(Debug, Default)]
pub(super) struct Statuses {
    engines: [OnceLock<Engine>; SHAPES.len()],
}

impl Statuses {
    /// Every status that is reported in a text.
    pub(super) fn find(&self, clean: &Clean, skeleton: &Skeleton) -> Vec<Reported> {
        let mut found: Vec<Reported> = Vec::new();
        for (shape, engine) in SHAPES.iter().zip(&self.engines) {
            for at in memchr::memmem::find_iter(&skeleton.bytes, shape.head) {
                let after = at + shape.head.len();
                let (whole, code) = if shape.rest.is_empty() {
                    let Some(from) = at.checked_sub(3).filter(|&from| is_status(&skeleton.bytes[from..at])) else { continue };
                    (from, (from, at))
                } else {
                    let engine = engine.get_or_init(|| Engine::new(shape.rest, LONGEST).expect("the test compiles every shape"));
                    let Some(spans) = engine.at(&skeleton.bytes, after) else { continue };
                    (at, spans[1])
                };
                let start = skeleton.map[whole] as usize;
                let end = skeleton.map[code.1 - 1] as usize + 1;
                // `API Error` is two words; `mailgun.APIError` is somebody else's class.
                if shape.head == b"apierror" && !(clean.text.get(start + 3).is_some_and(u8::is_ascii_whitespace)) {
                    continue;
                }
                // The digits are a number of their own, not the head of a longer one.
                if clean.text.get(end).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_') {
                    continue;
                }
                let code = skeleton.bytes[code.0..code.1].iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
                found.push(Reported { code, ours: shape.ours, start, end });
            }
        }
        // Of two shapes around one number the first of the table counts; the sort is stable.
        found.sort_by_key(|reported| reported.end);
        found.dedup_by_key(|reported| reported.end);
        found
    }
}

fn is_status(digits: &[u8]) -> bool {
    matches!(digits, [b'1'..=b'5', second, third] if second.is_ascii_digit() && third.is_ascii_digit())
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
