//! Where secrets stand in a text, also those that a terminal broke over several lines.

use super::MASK;
use super::shapes::{self, Shape};
use super::visible::is_visible;

/// A line shorter than this was not broken by a terminal: nobody's is that narrow. What stood
/// before its text is not counted.
const NARROW: usize = 20;

/// No name of a credential is longer.
const NAME: usize = 48;

/// Where secrets stand: ascending, apart.
pub(super) fn find(text: &[u8]) -> Vec<(usize, usize)> {
    let unwrapped = Unwrapped::new(text, true);
    let mut spans: Vec<(usize, usize)> =
        unwrapped.find().into_iter().map(|found| found.span).collect();
    if unwrapped.pieces.iter().any(|piece| piece.line) {
        // What stands on two lines in earnest, as a name and its value; and what begins a line of
        // its own, behind one that only looks as if it went on there.
        let breaks: Vec<(usize, usize)> = breaks(text).map(|(end, next, _)| (end, next)).collect();
        let of_lines = Unwrapped::new(text, false).find();
        spans.extend(of_lines.into_iter().map(|found| {
            if found.open { continued(text, &breaks, found.span) } else { found.span }
        }));
    }
    merge(spans)
}

/// Where a secret was found.
struct Found {
    span: (usize, usize),
    /// It may be longer: nobody knows how long it is, or it is shorter than its kind.
    open: bool,
}

/// A secret that ends where a terminal may have broken it, with what stands on the next lines of
/// it.
fn continued(
    text: &[u8],
    breaks: &[(usize, usize)],
    (start, mut end): (usize, usize),
) -> (usize, usize) {
    while let Ok(found) = breaks.binary_search_by_key(&end, |(at, _)| *at) {
        let next = breaks[found].1;
        let more = text[next..]
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || b"_.*-+/=~".contains(b))
            .count();
        if more == 0 || is_word(&text[next..]) {
            break;
        }
        end = next + more;
    }
    (start, end)
}

impl Unwrapped {
    /// Where secrets stand, in the text with breaks.
    fn find(&self) -> Vec<Found> {
        let mut possible: Vec<_> = shapes::possible(&self.text).collect();
        // Those of known length first: where such a secret is complete at the end of a line, no
        // other goes on.
        possible.sort_by_key(|(shape, _)| shape.length.is_none());
        let mut spans = Vec::new();
        let mut complete = Vec::new();
        for (shape, regex) in possible {
            let mut from = 0;
            while let Some(found) = regex.captures_at(&self.text, from) {
                let Some(whole) = found.get(0) else { break };
                let start = found.get(1).map_or(whole.start(), |kept| kept.end());
                // A value without blanks may end in the name of the next one.
                from = whole.end().saturating_sub(NAME).max(start + 1);
                if shape.made && !made(&self.text[start..whole.end()]) {
                    continue;
                }
                let at_sign = usize::from(whole.as_bytes().ends_with(b"@"));
                let end = self.end(shape, start, whole.end() - at_sign, &mut complete);
                // The body of a key in PEM form may have been cut off, and our own mask has a
                // bracket as lists of values have.
                if end <= start
                    || (self.text[..start].ends_with(b"[")
                        && self.text[start..end] == MASK.as_bytes()[1..])
                {
                    continue;
                }
                let span = (self.at(start), self.at(end - 1) + 1);
                spans.push(Found {
                    span,
                    open: shape.length.is_none_or(|length| end - start < length),
                });
            }
        }
        spans
    }
}

/// Invisible characters: start, end, and that they are no line breaks.
fn invisible(text: &[u8]) -> Vec<(usize, usize, bool)> {
    if text.is_ascii() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut at = 0;
    for chunk in text.utf8_chunks() {
        let hidden = chunk.valid().char_indices().filter(|(_, c)| !c.is_ascii() && !is_visible(*c));
        found.extend(hidden.map(|(n, c)| (at + n, at + n + c.len_utf8(), false)));
        at += chunk.valid().len() + chunk.invalid().len();
    }
    found
}

/// Line breaks, also those that JSON escapes, with the blanks around them, that a terminal may have
/// put into a word: the line before is long enough.
fn breaks(text: &[u8]) -> impl Iterator<Item = (usize, usize, bool)> {
    let mut line = 0;
    memchr::memchr2_iter(b'\n', b'\\', text).filter_map(move |at| {
        // Of a run of backslashes only the first is looked at.
        if at < line || (at > line && text[at] == b'\\' && text[at - 1] == b'\\') {
            return None;
        }
        let after = if text[at] == b'\n' { at + 1 } else { escaped_break(text, at)? };
        let end = line + text[line..at].trim_ascii_end().len();
        let next = after + text[after..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let wrapped = end >= line + NARROW && text.get(next).is_some_and(|b| *b != b'\n');
        line = next;
        wrapped.then_some((end, next, true))
    })
}

/// Where an escaped line break that begins at a backslash ends: `\n` or `\r\n`, with as many
/// backslashes as it was escaped times.
fn escaped_break(text: &[u8], at: usize) -> Option<usize> {
    let letter = |at: usize| {
        Some(at + text[at..].iter().take_while(|byte| **byte == b'\\').count())
            .filter(|letter| *letter > at)
    };
    let first = letter(at)?;
    match text.get(first)? {
        b'n' => Some(first + 1),
        b'r' => letter(first + 1)
            .filter(|second| text.get(*second) == Some(&b'n'))
            .map(|second| second + 1),
        _ => None,
    }
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

/// It has digits or capitals among its letters, signs of base64, or our own mask: no word of a
/// sentence has.
fn made(value: &[u8]) -> bool {
    value.iter().any(|b| b.is_ascii_digit() || b"_=+/*[".contains(b))
        || value.windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
}

/// It begins with a word of a sentence, or with the name of a field. A secret's last letters may
/// look like that, too, but to take the first word of the next line for them would mask, and keep
/// from being recognised, whatever is reported there.
fn is_word(text: &[u8]) -> bool {
    let name = text.iter().take_while(|b| b.is_ascii_alphabetic() || b"_-".contains(b)).count();
    let plain = |part: &[u8]| {
        !part.is_empty()
            && (part.iter().all(u8::is_ascii_uppercase)
                || part.iter().skip(1).all(u8::is_ascii_lowercase))
    };
    let ends = match &text[name..] {
        [] => true,
        // A variable and its value; a secret in base64 ends in `=`.
        [b'=', next, ..] => !next.is_ascii_whitespace() && *next != b'=',
        [b':' | b'.' | b',' | b';' | b'!' | b'?' | b')', rest @ ..] => {
            rest.first().is_none_or(u8::is_ascii_whitespace)
        }
        [next, ..] => next.is_ascii_whitespace(),
    };
    (1..=40).contains(&name) && ends && text[..name].split(|b| b"_-".contains(b)).all(plain)
}

/// A text without what may hide a secret in it: invisible characters, and line breaks that a
/// terminal may have put into a word.
struct Unwrapped {
    text: Vec<u8>,
    /// The pieces that it is put together from; the first begins both texts.
    pieces: Vec<Piece>,
}

/// Text that stands in one piece in both.
struct Piece {
    /// Where it begins without the breaks.
    start: usize,
    /// Where it begins with them.
    from: usize,
    /// It begins a line.
    line: bool,
}

impl Unwrapped {
    /// Undoes line breaks if `wraps` says so.
    fn new(text: &[u8], wraps: bool) -> Self {
        let mut skipped: Vec<(usize, usize, bool)> = invisible(text);
        if wraps {
            skipped.extend(breaks(text));
        }
        skipped.sort_unstable();
        let mut unwrapped = Self {
            text: Vec::with_capacity(text.len()),
            pieces: vec![Piece { start: 0, from: 0, line: false }],
        };
        let mut from = 0;
        for (start, end, line) in skipped.into_iter().filter(|(start, end, _)| start < end) {
            unwrapped.text.extend_from_slice(&text[from.min(start)..start]);
            from = from.max(end);
            unwrapped.pieces.push(Piece { start: unwrapped.text.len(), from, line });
        }
        unwrapped.text.extend_from_slice(&text[from..]);
        unwrapped
    }

    /// The place in the text with breaks.
    fn at(&self, at: usize) -> usize {
        let piece = &self.pieces[self.pieces.partition_point(|piece| piece.start <= at) - 1];
        piece.from + at - piece.start
    }

    /// The end of a secret. What looks like its continuation is none where the secret is as long as
    /// its kind gets, or where the next line begins with a word.
    fn end(&self, shape: &Shape, start: usize, end: usize, complete: &mut Vec<usize>) -> usize {
        let first = self.pieces.partition_point(|piece| piece.start <= start);
        let lines = self.pieces[first..]
            .iter()
            .take_while(|piece| piece.start <= end)
            .filter(|piece| piece.line);
        let breaks: Vec<usize> = lines.map(|piece| piece.start).collect();
        if let Some(length) = shape.length
            && let Some(&piece) = breaks.iter().find(|&piece| piece - start >= length)
        {
            complete.push(piece);
            return piece;
        }
        breaks
            .into_iter()
            .find(|&piece| complete.contains(&piece) || is_word(&self.text[piece..]))
            .unwrap_or(end)
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
            (
                "gho_0123456789 github_pat_11AB_cd xoxb-123-abc ya29.a0-b",
                "[secret] [secret] [secret] [secret]",
            ),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.sig", "[secret]"),
            ("\"api_key\": \"abcdef123456\"", "\"api_key\": \"[secret]\""),
            ("{\\\"apiKey\\\":\\\"abc def\\\"}", "{\\\"apiKey\\\":\\\"[secret]\\\"}"),
            (
                "passphrase: \"correct horse\" 'password': 'ab cd' x",
                "passphrase: \"[secret]\" 'password': '[secret]' x",
            ),
            (
                "Authorization: Token token=\"abcQQ12345678\"",
                "Authorization: Token [secret]\"[secret]\"",
            ),
            (
                "Bearer: abcdefgh12345QQ and \"token\": \"abcdefgh12345QQ\"",
                "Bearer: [secret] and \"token\": \"[secret]\"",
            ),
            (
                "GITHUB_TOKEN=abcdefgh12345QQ tool --api-key abcdef123 --token=x1y2z3w4",
                "GITHUB_TOKEN=[secret] tool --api-key [secret] --token=[secret]",
            ),
            ("at https://me:pa/ssw0rd@proxy:8080/x", "at https://[secret]@proxy:8080/x"),
            ("at https://proxy:8080/@anthropic-ai/sdk", "at https://proxy:8080/@anthropic-ai/sdk"),
            ("sk-ant-\x1b[31mapi03-\u{200b}AAAA", "[secret]"),
            (
                "`-----BEGIN PRIVATE KEY-----` MIIE -----BEGIN RSA PRIVATE KEY-----",
                "`-----BEGIN PRIVATE KEY-----` MIIE -----BEGIN RSA PRIVATE KEY-----",
            ),
            (
                "-----BEGIN PGP PRIVATE KEY BLOCK----- xcLY",
                "-----BEGIN PGP PRIVATE KEY BLOCK-----[secret]",
            ),
            (
                "{ apiKey: 'abc def', clientSecret: \"x\\u0026y\" }",
                "{ apiKey: '[secret]', clientSecret: \"[secret]\" }",
            ),
            (
                "'x-api-key': [ 'abc' ], cookie: [ 'sid=abc; a' ]",
                "'x-api-key': [ '[secret]' ], cookie: [ '[secret]' ]",
            ),
            (
                "{\"name\":\"x-api-key\",\"value\":\"abc\"}",
                "{\"name\":\"x-api-key\",\"[secret]\":\"[secret]\"}",
            ),
            ("Authorization: Splunk abcdef12345 x", "Authorization: [secret] [secret] x"),
            (
                "Incorrect API key provided: a1B2c3D4e5F6. Your API key 'a1B2c3D4e5F6' is",
                "Incorrect API key provided: [secret] Your API key '[secret]' is",
            ),
            (
                "https:\\/\\/me:abc@host a=1\\u0026token=abcdef&amp;sig=abcdef",
                "https:\\/\\/[secret]@host a=1\\u0026token=[secret]&amp;sig=[secret]",
            ),
            (
                "LITELLM_MASTER_KEY=abcdef DB_PASS=abcdef curl --user=me:abc x",
                "LITELLM_MASTER_KEY=[secret] DB_PASS=[secret] curl --user=[secret] x",
            ),
            (
                "hvs.abcdefghijkl https://hooks.slack.com/services/T0/B0/abc",
                "[secret] https://hooks.slack.com/services/[secret]",
            ),
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
            let wrapped: Vec<String> = text
                .as_bytes()
                .chunks(width)
                .map(|row| String::from_utf8_lossy(row).into_owned())
                .collect();
            for end in ["\n  ", "\\n", "\\r\\n  ", "\\\\n"] {
                let shown = safe(&wrapped.join(end));
                assert!(!shown.contains("Ab") && !shown.contains("sk-"), "{width}: {shown}");
            }
        }
    }

    #[test]
    fn what_follows_on_the_next_line_stays() {
        let key = format!("sk-ant-api03-{}zAA", "Ab0-".repeat(23));
        assert_eq!(
            safe(&format!("ANTHROPIC_API_KEY is {key}\nPlease run /login")),
            "ANTHROPIC_API_KEY is [secret] Please run /login"
        );
        assert_eq!(
            safe("x-api-key: 0123456789012345678901234567890\ncontent-type: a"),
            "x-api-key: [secret] content-type: a"
        );
        assert_eq!(safe("x-api-key: abc\nInvalid key"), "x-api-key: [secret] Invalid key");
    }

    #[test]
    fn a_long_line_before_it_does_not_hide_a_secret() {
        let key = "sk-or-v1-0ae7d376ee2bfa6f2a7342d58444edfffa3c42cf";
        assert_eq!(
            safe(&format!(
                "the account of somebody is octocat\n{key}\n3fb0c9ac3fb0c9ac3fb0c9ac\n  b30c end"
            )),
            "the account of somebody is octocat [secret] end"
        );
        assert_eq!(
            safe(&format!("the account of somebody is octocat\n{key}\nthe end")),
            "the account of somebody is octocat [secret] the end"
        );
    }
}
