//! Where secrets stand in a text, also those that a terminal broke over several lines.

use super::shapes::{self, Shape};

/// A line shorter than this was not broken by a terminal: nobody's is that narrow.
const NARROW: usize = 30;

/// Where secrets stand: ascending, apart.
pub(super) fn find(text: &[u8]) -> Vec<(usize, usize)> {
    let unwrapped = Unwrapped::new(text);
    let mut possible: Vec<_> = shapes::possible(&unwrapped.text).collect();
    // Those of known length first: where such a secret is complete at the end of a line, no other goes on.
    possible.sort_by_key(|(shape, _)| shape.length.is_none());
    let mut spans = Vec::new();
    let mut complete = Vec::new();
    for (shape, regex) in possible {
        for found in regex.captures_iter(&unwrapped.text) {
            let Some(whole) = found.get(0) else { continue };
            let start = found.get(1).map_or(whole.start(), |kept| kept.end());
            if shape.made && !made(&unwrapped.text[start..whole.end()]) {
                continue;
            }
            let at_sign = usize::from(whole.as_bytes().ends_with(b"@"));
            let end = unwrapped.end(shape, start, whole.end() - at_sign, &mut complete);
            spans.push((unwrapped.at(start), unwrapped.at(end.max(start + 1) - 1) + 1));
        }
    }
    merge(spans)
}

/// Spans that touch become one.
fn merge(mut spans: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    spans.sort_unstable();
    let mut merged: Vec<(usize, usize)> = Vec::new();
    for (start, end) in spans.into_iter().filter(|(start, end)| start < end) {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

/// It has digits or capitals among its letters, signs of base64, or our own mask: no word of a sentence has.
fn made(value: &[u8]) -> bool {
    value.iter().any(|b| b.is_ascii_digit() || b"_=+/*[".contains(b))
        || value.windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
}

/// It begins with a name and what introduces its value; the `=` that base64 ends in does not.
fn is_field(text: &[u8]) -> bool {
    let name = text.iter().take_while(|b| b.is_ascii_alphanumeric() || b"_-".contains(b)).count();
    match text.get(name) {
        Some(b':') => name > 0,
        Some(b'=') => name > 0 && text.get(name + 1).is_some_and(|b| !b.is_ascii_whitespace() && *b != b'='),
        _ => false,
    }
}

/// A text without the line breaks that a terminal may have put into a word.
struct Unwrapped {
    text: Vec<u8>,
    /// Where a piece begins: in the text without breaks, and in the text with them. The first begins both.
    pieces: Vec<(usize, usize)>,
}

impl Unwrapped {
    fn new(text: &[u8]) -> Self {
        let mut unwrapped = Self { text: Vec::with_capacity(text.len()), pieces: vec![(0, 0)] };
        let (mut from, mut line) = (0, 0);
        for newline in memchr::memchr_iter(b'\n', text) {
            if newline < from {
                continue;
            }
            let end = text[..newline].trim_ascii_end().len();
            let next = newline + 1 + text[newline + 1..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            if end >= line + NARROW && text.get(next).is_some_and(|b| *b != b'\n') {
                unwrapped.text.extend_from_slice(&text[from.min(end)..end]);
                unwrapped.pieces.push((unwrapped.text.len(), next));
                from = next;
            }
            line = next;
        }
        unwrapped.text.extend_from_slice(&text[from..]);
        unwrapped
    }

    /// The place in the text with breaks.
    fn at(&self, at: usize) -> usize {
        let (piece, start) = self.pieces[self.pieces.partition_point(|(piece, _)| *piece <= at) - 1];
        start + at - piece
    }

    /// The end of a secret. What looks like its continuation is none where the secret is as long as its kind gets, or where the
    /// next line begins with a name and its value.
    fn end(&self, shape: &Shape, start: usize, end: usize, complete: &mut Vec<usize>) -> usize {
        let first = self.pieces.partition_point(|(piece, _)| *piece <= start);
        let breaks: Vec<usize> = self.pieces[first..].iter().map(|(piece, _)| *piece).take_while(|piece| *piece <= end).collect();
        if let Some(length) = shape.length
            && let Some(&piece) = breaks.iter().find(|&piece| piece - start >= length)
        {
            complete.push(piece);
            return piece;
        }
        breaks.into_iter().find(|&piece| complete.contains(&piece) || is_field(&self.text[piece..])).unwrap_or(end)
    }
}

#[cfg(test)]
mod tests {
    use crate::redact::safe;

    #[test]
    fn secrets_leave_nothing() {
        for (text, left) in [
            ("key sk-ant-api03-AbC_d-9 end", "key [secret] end"),
            ("sk-or-v1-0123456789abcdef0123", "[secret]"),
            ("Authorization: Bearer abcdefghijkl", "Authorization: Bearer [secret]"),
            ("'authorization': 'Basic dXNlcjpwYXNz'", "'authorization': 'Basic [secret]'"),
            ("x-api-key: abc", "x-api-key: [secret]"),
            ("X-Goog-Api-Key: AIzaSyA-1234567890", "X-Goog-Api-Key: [secret]"),
            ("[\"x-api-key\", \"abc\"]", "[\"x-api-key\", \"[secret]\"]"),
            ("ANTHROPIC_AUTH_TOKEN=abcdefgh x", "ANTHROPIC_AUTH_TOKEN=[secret] x"),
            ("ANTHROPIC_FOUNDRY_API_KEY=abc x", "ANTHROPIC_FOUNDRY_API_KEY=[secret] x"),
            ("AWS_SECRET_ACCESS_KEY=a/b+c x", "AWS_SECRET_ACCESS_KEY=[secret] x"),
            ("aws_session_token = IQoJb3JpZ2lu", "aws_session_token = [secret]"),
            ("at https://me:p@ss@proxy:8080/x", "at https://[secret]@proxy:8080/x"),
            ("at https://dXNlcjpwYXNz@proxy/x", "at https://[secret]@proxy/x"),
            ("?to=https%3A%2F%2Fme%3Apass%40proxy", "?to=https%3A%2F%2F[secret]proxy"),
            ("HTTPS_PROXY=me:pass@proxy:8080", "HTTPS_PROXY=[secret]@proxy:8080"),
            ("curl -u me:pass https://x", "curl -u [secret] https://x"),
            ("AKIAABCDEFGHIJKLMNOP", "[secret]"),
            ("\\nghp_0123456789abcdefghij", "\\n[secret]"),
            ("gho_0123456789 github_pat_11AB_cd xoxb-123-abc ya29.a0-b", "[secret] [secret] [secret] [secret]"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.sig", "[secret]"),
            ("\"api_key\": \"abcdef123456\"", "\"api_key\": \"[secret]\""),
            ("{\\\"apiKey\\\":\\\"abc def\\\"}", "{\\\"apiKey\\\":\\\"[secret] def\\\"}"),
            ("sk-ant-\x1b[31mapi03-\u{200b}AAAA", "[secret]"),
        ] {
            assert_eq!(safe(text), left, "{text}");
            assert_eq!(safe(&safe(text)), left, "{text}");
        }
    }

    #[test]
    fn wraps_do_not_hide_a_secret() {
        let key = format!("sk-ant-api03-{}zAA", "Ab0-".repeat(23));
        for width in 34..100 {
            let text = format!("the environment has ANTHROPIC_API_KEY {key} as its key");
            let wrapped: Vec<String> = text.as_bytes().chunks(width).map(|row| String::from_utf8_lossy(row).into_owned()).collect();
            let shown = safe(&wrapped.join("\n  "));
            assert!(!shown.contains("Ab") && !shown.contains("sk-"), "{width}: {shown}");
        }
    }

    #[test]
    fn what_follows_on_the_next_line_stays() {
        let key = format!("sk-ant-api03-{}zAA", "Ab0-".repeat(23));
        assert_eq!(safe(&format!("ANTHROPIC_API_KEY is {key}\nPlease run /login")), "ANTHROPIC_API_KEY is [secret] Please run /login");
        assert_eq!(safe("x-api-key: 0123456789012345678901234567890\ncontent-type: a"), "x-api-key: [secret] content-type: a");
        assert_eq!(safe("x-api-key: abc\nInvalid key"), "x-api-key: [secret] Invalid key");
    }
}
