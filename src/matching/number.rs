//! Numbers that may be HTTP statuses by themselves: those before their reason phrase and, on each
//! line, the first that could be one:
//! `requests.exceptions.HTTPError: 529 Server Error:  for url: …`.

use std::ops::Range;

use crate::catalog::reason::REASONS;

/// A number that may be a status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// The code.
    pub(super) code: u16,
    /// A reason phrase follows: `529 Overloaded`.
    pub(super) has_reason: bool,
    /// The span of the number and its reason phrase in the text.
    pub(super) span: Range<usize>,
}

/// Finds the numbers in a part of a text, in the order of the text.
pub(super) fn find(text: &[u8], span: Range<usize>) -> impl Iterator<Item = Number> {
    let mut at = span.start;
    let mut line = None;
    std::iter::from_fn(move || {
        loop {
            // A number that goes on beyond the part ends the search.
            let digit = text.get(at..span.end)?.iter().position(u8::is_ascii_digit)?;
            let start = at + digit;
            at = start + text[start..].iter().take_while(|b| b.is_ascii_digit()).count();
            let number = &text[start..at];
            if is_glued(&text[..start]) || !is_status(number) || !counts_nothing(&text[at..]) {
                continue;
            }
            let code = value(number);
            let known = REASONS.iter().find(|(known, _)| *known == code);
            let phrases = known.map_or(&[][..], |(_, phrases)| phrases);
            let reason = phrases.iter().find_map(|phrase| reason(&text[at..], phrase));
            let begins = memchr::memrchr(b'\n', &text[..start]).map_or(0, |end| end + 1);
            let first = line.replace(begins) != Some(begins);
            if known.is_some() && (first || reason.is_some()) {
                let span = start..at + reason.unwrap_or(0);
                return Some(Number { code, has_reason: reason.is_some(), span });
            }
        }
    })
}

/// Whether a number belongs to what stands before it: to a port, a decimal, a part of a name.
fn is_glued(before: &[u8]) -> bool {
    match before {
        [.., b'.' | b'-' | b'#' | b'/' | b'_' | b'$' | b'+'] => true,
        [.., b] if b.is_ascii_alphanumeric() || *b >= 0x80 => true,
        [.., b, b':'] => b.is_ascii_alphanumeric() || *b == b']',
        _ => false,
    }
}

/// Whether a number ends here and counts nothing, as `512 ms` and `500 words` do.
fn counts_nothing(after: &[u8]) -> bool {
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

/// The length of a reason phrase that follows a number, with the punctuation before it:
/// ` Unauthorized`, ` - Bad Gateway`.
fn reason(after: &[u8], phrase: &str) -> Option<usize> {
    let marks = after.iter().take(4).take_while(|b| b" -:(".contains(b)).count();
    let end = marks + phrase.len();
    let follows = after.get(marks..end)?.eq_ignore_ascii_case(phrase.as_bytes());
    (marks > 0 && follows).then_some(end)
}

/// Whether these are the three digits of a status, `100` to `599`.
pub(super) fn is_status(digits: &[u8]) -> bool {
    matches!(digits, [b'1'..=b'5', second, third] if second.is_ascii_digit() && third.is_ascii_digit())
}

/// The value of three digits.
pub(super) fn value(digits: &[u8]) -> u16 {
    digits.iter().fold(0, |value, digit| value * 10 + u16::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_a_reason_or_the_first_of_its_line() {
        let found = |text: &str| -> Vec<(u16, bool)> {
            find(text.as_bytes(), 0..text.len()).map(|n| (n.code, n.has_reason)).collect()
        };
        assert_eq!(found("a 503, then 502\n429 x"), [(503, false), (429, false)]);
        assert_eq!(found("503 502 Bad Gateway"), [(503, false), (502, true)]);
        for text in ["512 ms", "x:503", "v1.503", "503.5", "\"503\": 1", "299", "5290"] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
