//! The one gate for everything that comes from the input: no secret and no control sequence gets through.
//!
//! Masks leave neither prefix nor suffix of a secret; request ids stay, because support asks for them.

use std::sync::OnceLock;

use regex::bytes::{Captures, Regex, RegexBuilder};

/// What a secret is replaced by.
const MASK: &str = "[secret]";

/// A shape of secrets.
struct Shape {
    /// Text without which the shape cannot occur, in lower case: most output holds none, and then nothing is compiled.
    hints: &'static [&'static str],
    /// The shape; its first group, if it has one, is kept before the mask.
    regex: &'static str,
}

#[rustfmt::skip]
const SHAPES: &[Shape] = &[
    // Anthropic's keys and tokens of every kind, also cut short; then every other key of that form.
    Shape { hints: &["sk-ant-"], regex: r"sk-ant-[a-z0-9_.-]+" },
    Shape { hints: &["sk-", "rk-"], regex: r"\b[rs]k-[a-z0-9_-]{16,}" },
    // The value of a header or a variable whose name says that it is a credential.
    Shape {
        hints: &["x-api-key", "authorization", "cookie"],
        regex: r"(\b(?:x-api-key|(?:proxy-)?authorization|(?:set-)?cookie)['\x22]?\s*[:=]\s*['\x22]?(?:(?:bearer|basic|token)\s+)?)[^\s'\x22`,;}]+",
    },
    Shape { hints: &["bearer ", "basic "], regex: r"(\b(?:bearer|basic)\s+)[a-z0-9._~+/=-]{8,}" },
    Shape {
        hints: &["key", "token", "secret", "passw"],
        regex: r"(\b[a-z0-9_]*(?:api_?key|auth_?token|oauth_?token|access_?token|refresh_?token|secret|password|passwd|access_?key(?:_id)?)['\x22]?\s*[=:]\s*['\x22]?)[^\s'\x22`,;}]{6,}",
    },
    // AWS, Google, GitHub, GitLab, Slack, JSON web tokens.
    Shape { hints: &["akia", "asia"], regex: r"\b(?:akia|asia)[a-z0-9]{12,}" },
    Shape { hints: &["aiza", "ya29."], regex: r"\b(?:aiza[a-z0-9_-]{20,}|ya29\.[a-z0-9_-]+)" },
    Shape { hints: &["gh", "glpat-"], regex: r"\b(?:gh[pousr]_|github_pat_|glpat-)[a-z0-9_-]{16,}" },
    Shape { hints: &["xox"], regex: r"\bxox[a-z]-[a-z0-9-]{8,}" },
    Shape { hints: &["eyj"], regex: r"\beyj[a-z0-9_-]{8,}\.[a-z0-9_-]{4,}(?:\.[a-z0-9_-]*)?" },
    // Credentials in URLs.
    Shape { hints: &["://"], regex: r"(\b[a-z][a-z0-9+.-]*://)[^\s/@'\x22]+:[^\s/@'\x22]+@" },
];

static COMPILED: [OnceLock<Regex>; SHAPES.len()] = [const { OnceLock::new() }; SHAPES.len()];

/// Text from the input as it may be shown: secrets masked, control and invisible characters gone, on one line.
pub fn safe(text: &str) -> String {
    let visible: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| is_visible(*c)).collect();
    let masked = mask(&visible);
    let words: Vec<String> = masked.split_whitespace().map(harmless).collect();
    words.join(" ").replace("##[", "# #[")
}

/// A word that cannot begin a workflow command of GitHub: `::error::` must not come out at the start of a line.
fn harmless(word: &str) -> String {
    let colons = word.len() - word.trim_start_matches(':').len();
    if colons < 2 { word.to_owned() } else { format!("{}{}", ": ".repeat(colons - 1), &word[colons - 1..]) }
}

fn mask(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut masked = text.to_owned();
    for (shape, compiled) in SHAPES.iter().zip(&COMPILED) {
        if !shape.hints.iter().any(|hint| lower.contains(hint)) {
            continue;
        }
        let regex = compiled
            .get_or_init(|| RegexBuilder::new(shape.regex).unicode(false).case_insensitive(true).build().expect("the tests compile every shape"));
        let replaced = regex.replace_all(masked.as_bytes(), |found: &Captures<'_>| {
            let keep = found.get(1).map_or(&b""[..], |group| group.as_bytes());
            [keep, MASK.as_bytes()].concat()
        });
        masked = String::from_utf8_lossy(&replaced).into_owned();
    }
    masked
}

/// Not a control, not a bidirectional mark, not of zero width.
fn is_visible(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_leave_nothing() {
        for (text, left) in [
            ("key sk-ant-api03-AbC_d-9 end", "key [secret] end"),
            ("Authorization: Bearer abcdefghijkl", "Authorization: Bearer [secret]"),
            ("x-api-key: abc", "x-api-key: [secret]"),
            ("ANTHROPIC_AUTH_TOKEN=abcdefgh x", "ANTHROPIC_AUTH_TOKEN=[secret] x"),
            ("at https://me:pass@proxy:8080/x", "at https://[secret]proxy:8080/x"),
            ("AKIAABCDEFGHIJKLMNOP", "[secret]"),
            ("ghp_0123456789abcdefghij", "[secret]"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.sig", "[secret]"),
            ("\"api_key\": \"abcdef123456\"", "\"api_key\": \"[secret]\""),
        ] {
            assert_eq!(safe(text), left, "{text}");
        }
    }

    #[test]
    fn every_shape_compiles_and_its_hints_are_lower_case() {
        for shape in SHAPES {
            RegexBuilder::new(shape.regex).unicode(false).build().expect(shape.regex);
            assert!(shape.hints.iter().all(|hint| *hint == hint.to_lowercase()));
        }
    }

    #[test]
    fn what_is_needed_stays() {
        for text in [
            "req_011CVJ7kQ4mZtR2wXyB8nPqs",
            "Fix external API key · ANTHROPIC_API_KEY",
            "Invalid X-Api-Key header value",
            "https://status.claude.com/",
        ] {
            assert_eq!(safe(text), text);
        }
    }

    #[test]
    fn no_control_reaches_the_output() {
        assert_eq!(safe("a\x1b[31mb\u{202e}c\u{200b}\n\td"), "a[31mbc d");
        assert_eq!(safe("##[error]x"), "# #[error]x");
        assert_eq!(safe("::error::x std::io :::"), ": :error::x std::io : : :");
    }
}
