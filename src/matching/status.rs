//! HTTP status codes where a client or a server reports them.
//!
//! A number is a status only in a known shape; `line 529`, `429 Main Street` and `500 words` are
//! not.

use std::ops::Range;

use crate::catalog::reason::REASONS;
use crate::text::{Clean, Skeleton, find};

/// A shape in which a status is reported, over the skeleton.
struct Shape {
    /// The text that it begins with.
    head: &'static [u8],
    /// The code stands before the head, not behind it.
    before: bool,
    /// What may stand between head and code, in this order.
    between: &'static [Between],
    /// What follows the code, if something must.
    after: &'static [&'static [u8]],
    /// One blank stands right before the code: `HTTP/1.1 529`. The search relies on it, and the
    /// `HTTP/1.1" 529` of an access log is no report of a client.
    blank: bool,
    /// The words of the head.
    words: Words,
    /// Only Claude's clients report like this.
    ours: bool,
}

/// How many words a head is: two have one blank, or the end of a line, between them, after this
/// many bytes of it. The search relies on it, and `API Error` is two words: `mailgun.APIError`
/// is somebody else's class.
enum Words {
    One,
    Two(usize),
    OneOrTwo(usize),
}

impl Words {
    /// Whether a head is written so, if this is what the skeleton dropped at an offset of it.
    fn allow<'t>(&self, dropped: impl Fn(usize) -> &'t [u8]) -> bool {
        let apart = |gap: &[u8]| gap == b" " || gap.contains(&b'\n');
        match *self {
            Self::One => true,
            Self::Two(at) => apart(dropped(at)),
            Self::OneOrTwo(at) => dropped(at).is_empty() || apart(dropped(at)),
        }
    }
}

/// What may stand before a code.
enum Between {
    /// One of these, or nothing.
    Maybe(&'static [&'static [u8]]),
    /// One of these.
    One(&'static [&'static [u8]]),
    /// `(us.anthropic.claude-x):`, or nothing.
    Model,
}

use Between::{Maybe, Model, One};

impl Shape {
    const fn new(head: &'static str, between: &'static [Between]) -> Self {
        Self {
            head: head.as_bytes(),
            before: false,
            between,
            after: &[],
            blank: false,
            words: Words::One,
            ours: false,
        }
    }

    const fn blank(self) -> Self {
        Self { blank: true, ..self }
    }

    const fn words(self, words: Words) -> Self {
        Self { words, ..self }
    }

    const fn before(self) -> Self {
        Self { before: true, ..self }
    }

    const fn ours(self) -> Self {
        Self { ours: true, ..self }
    }

    const fn after(self, after: &'static [&'static [u8]]) -> Self {
        Self { after, ..self }
    }

    /// Where the code lies in a skeleton in which the head stands at an offset.
    fn code(&self, skeleton: &[u8], at: usize) -> Option<Range<usize>> {
        if self.before {
            return at
                .checked_sub(3)
                .map(|from| from..at)
                .filter(|code| is_status(&skeleton[code.clone()]));
        }
        let mut from = at + self.head.len();
        for between in self.between {
            let rest = &skeleton[from..];
            let one = |words: &[&[u8]]| {
                words.iter().find(|word| rest.starts_with(word)).map(|word| word.len())
            };
            from += match between {
                Maybe(words) => one(words).unwrap_or(0),
                One(words) => one(words)?,
                Model => model(rest).unwrap_or(0),
            };
        }
        let (code, rest) = skeleton[from..].split_at_checked(3)?;
        let ends = self.after.is_empty() || self.after.iter().any(|word| rest.starts_with(word));
        (ends && is_status(code)).then_some(from..from + 3)
    }
}

/// The length of a model's name in brackets and its colon.
fn model(text: &[u8]) -> Option<usize> {
    let name = text.strip_prefix(b"(")?;
    let length = name
        .iter()
        .take(LONGEST)
        .take_while(|b| b.is_ascii_alphanumeric() || b"._:/-".contains(b))
        .count();
    (length > 0 && name[length..].starts_with(b"):")).then_some(length + 3)
}

#[rustfmt::skip]
const SHAPES: &[Shape] = &[
    Shape::new("apierror", &[Maybe(&[b":"]), Model, Maybe(&[b"("]), Maybe(&[b"errorcode:"])]).words(Words::Two("api".len())).ours(),
    Shape::new("api_error_status", &[One(&[b":"])]).ours(),
    Shape::new("requestrejected(", &[]).words(Words::Two("request".len())).after(&[b")"]).ours(),
    Shape::new("errorcode:", &[]).words(Words::OneOrTwo("error".len())),
    Shape::new("error_status:", &[]),
    Shape::new("status", &[Maybe(&[b"_code", b"code"]), Maybe(&[b":"])]),
    Shape::new("http/", &[One(&[b"1.0", b"1.1", b"2.0", b"2", b"3"])]).blank(),
    Shape::new("error:", &[]).after(&[b"{", b"<", b"status"]).blank(),
    Shape::new("requestedurlreturnederror:", &[]).words(Words::Two("requestedurlreturned".len())),
    Shape::new("statuscode(nobody)", &[]).before(),
];

/// No model's name is longer.
const LONGEST: usize = 200;

/// A reported status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reported {
    /// The code.
    pub code: u16,
    /// Only Claude's clients report like this.
    pub ours: bool,
    /// It is a bare number, a status only beside an address of the API.
    pub loose: bool,
    /// Offsets in the clean text, from the shape's start to just after the code.
    pub start: usize,
    /// End, exclusive.
    pub end: usize,
}

/// Every status that is reported in a part of a text.
pub(super) fn find(clean: &Clean, part: Range<usize>, skeleton: &Skeleton) -> Vec<Reported> {
    let mut found: Vec<Reported> = Vec::new();
    for shape in SHAPES {
        for at in find::all(&skeleton.bytes, shape.head) {
            let Some(code) = shape.code(&skeleton.bytes, at) else { continue };
            let start = skeleton.map[at.min(code.start)] as usize;
            let end = skeleton.map[code.end - 1] as usize + 1;
            let dropped = |at: usize| {
                &clean.text[skeleton.map[at - 1] as usize + 1..skeleton.map[at] as usize]
            };
            if !shape.words.allow(|n| dropped(at + n)) {
                continue;
            }
            // The digits are a number of their own, not the head of a longer one.
            if clean.text.get(end).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_') {
                continue;
            }
            if shape.blank && dropped(code.start) != b" " {
                continue;
            }
            let code = skeleton.bytes[code]
                .iter()
                .fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
            found.push(Reported { code, ours: shape.ours, loose: false, start, end });
        }
    }
    numbers(&clean.text, part, &mut found);
    // Of two shapes around one number the first of the table counts; the sort is stable.
    found.sort_by_key(|reported| reported.end);
    found.dedup_by_key(|reported| reported.end);
    found
}

/// Reports the numbers of a text that are statuses by the reason phrase behind them, and, of each
/// line, the first that could be one: `requests.exceptions.HTTPError: 529 Server Error:  for url: …`.
fn numbers(text: &[u8], part: Range<usize>, found: &mut Vec<Reported>) {
    let mut at = part.start;
    let mut line = None;
    // A number that goes on beyond the part ends it.
    let next = |at: usize| text.get(at..part.end)?.iter().position(u8::is_ascii_digit);
    while let Some(start) = next(at).map(|n| at + n) {
        at = start + text[start..].iter().take_while(|b| b.is_ascii_digit()).count();
        let head = &text[start.saturating_sub(2)..start];
        // A port, a decimal, a part of a name.
        let glued = matches!(head, [.., b'.' | b'-' | b'#' | b'/' | b'_' | b'$' | b'+'])
            || matches!(head, [.., b] if b.is_ascii_alphanumeric() || *b >= 0x80)
            || matches!(head, [b, b':'] if b.is_ascii_alphanumeric() || *b == b']');
        let number = &text[start..at];
        if glued || !is_status(number) || !ends(&text[at..]) {
            continue;
        }
        let code = number.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
        let known = REASONS.iter().find(|(known, _)| *known == code);
        let phrases = known.map_or(&[][..], |(_, phrases)| phrases);
        let reason = phrases.iter().find_map(|phrase| reason(&text[at..], phrase));
        let begins = memchr::memrchr(b'\n', &text[..start]).map_or(0, |end| end + 1);
        let first = line.replace(begins) != Some(begins);
        if known.is_some() && (first || reason.is_some()) {
            let end = at + reason.unwrap_or(0);
            found.push(Reported { code, ours: false, loose: reason.is_none(), start, end });
        }
    }
}

/// Whether a number ends here and counts nothing: `512 ms`, `500 words`.
fn ends(after: &[u8]) -> bool {
    const UNITS: &[&str] =
        &["ms", "s", "sec", "seconds", "tokens", "bytes", "b", "kb", "mb", "lines"];
    match after {
        [b'.' | b',', digit, ..] if digit.is_ascii_digit() => false,
        // `"529": …` is a key.
        [b'%' | b'_' | b'/' | b'-', ..] | [b'"' | b'\'', b':', ..] => false,
        [byte, ..] if byte.is_ascii_alphanumeric() => false,
        [b' ', word @ ..] => {
            let length = word.iter().take(9).take_while(|b| b.is_ascii_alphabetic()).count();
            !UNITS.iter().any(|unit| word[..length].eq_ignore_ascii_case(unit.as_bytes()))
        }
        _ => true,
    }
}

/// The length of a reason phrase with which a text goes on: ` Unauthorized`, ` - Bad Gateway`.
fn reason(after: &[u8], phrase: &str) -> Option<usize> {
    let marks = after.iter().take(4).take_while(|b| b" -:(".contains(b)).count();
    let end = marks + phrase.len();
    let stands = after.get(marks..end)?.eq_ignore_ascii_case(phrase.as_bytes());
    (marks > 0 && stands).then_some(end)
}

fn is_status(digits: &[u8]) -> bool {
    matches!(digits, [b'1'..=b'5', second, third] if second.is_ascii_digit() && third.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<u16> {
        let clean = Clean::new(text.as_bytes(), crate::Catalog::builtin().prefixes());
        let skeleton = Skeleton::new(&clean.text);
        find(&clean, 0..clean.text.len(), &skeleton)
            .into_iter()
            .filter(|status| !status.loose)
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
