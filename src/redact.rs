//! The one gate for everything that comes from the input: no secret and no control sequence gets through.
//!
//! Masks leave neither prefix nor suffix of a secret; request ids stay, because support asks for them.

use std::sync::LazyLock;

use regex::bytes::{Captures, Regex, RegexBuilder};

/// What a secret is replaced by.
const MASK: &str = "[secret]";

/// Shapes of secrets. A group that is named `keep` is kept before the mask.
#[rustfmt::skip]
const SHAPES: &[&str] = &[
    // Anthropic's keys and tokens of every kind, also cut short; then every other key of that form.
    r"sk-ant-[A-Za-z0-9_.-]+", r"\b[rs]k-[A-Za-z0-9_-]{16,}",
    // Whatever follows the name of a credential.
    r"(?i)(?P<keep>\b(?:x-api-key|authorization|proxy-authorization|cookie|set-cookie)\b[^A-Za-z0-9\r\n]{1,6}(?:(?:bearer|basic|token)\s+)?)[^\s'\x22`,;}]+",
    r"(?i)(?P<keep>\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}",
    r"(?i)(?P<keep>\b[A-Z0-9_]*(?:API_?KEY|AUTH_?TOKEN|OAUTH_?TOKEN|ACCESS_?TOKEN|REFRESH_?TOKEN|SECRET|PASSWORD|PASSWD|ACCESS_?KEY(?:_ID)?)\b['\x22]?\s*[=:]\s*['\x22]?)[^\s'\x22`,;}]{6,}",
    // AWS, Google, GitHub, GitLab, Slack, JSON web tokens.
    r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}", r"\bAIza[A-Za-z0-9_-]{20,}", r"\bya29\.[A-Za-z0-9_-]+",
    r"\b(?:gh[pousr]_|github_pat_|glpat-)[A-Za-z0-9_-]{16,}", r"\bxox[a-z]-[A-Za-z0-9-]{8,}",
    r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?",
    // Credentials in URLs.
    r"(?P<keep>\b[A-Za-z][A-Za-z0-9+.-]*://)[^\s/@'\x22]+:[^\s/@'\x22]+@",
];

static SECRET: LazyLock<Regex> = LazyLock::new(|| {
    // One expression, so that one pass masks everything; group names must differ.
    let shapes: Vec<String> =
        SHAPES.iter().enumerate().map(|(n, shape)| format!("(?:{})", shape.replace("?P<keep>", &format!("?P<keep{n}>")))).collect();
    RegexBuilder::new(&shapes.join("|")).unicode(false).build().expect("the tests compile it")
});

/// Text from the input as it may be shown: secrets masked, control and invisible characters gone, on one line.
pub fn safe(text: &str) -> String {
    let visible: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| is_visible(*c)).collect();
    let masked = mask(&visible);
    let joined = masked.split_whitespace().collect::<Vec<_>>().join(" ");
    // Nothing of ours starts with a workflow command, so nothing of theirs may.
    joined.replace("##[", "# #[").replace("::", ": :").replace(": : ", ":: ")
}

fn mask(text: &str) -> String {
    // Most text holds nothing that could be one; the expression is only built where something might.
    const HINTS: &[&str] = &[
        "sk-", "rk-", "key", "Key", "KEY", "uthoriz", "UTHORIZ", "earer", "EARER", "asic", "oken", "OKEN", "ecret", "ECRET", "assw", "ASSW", "ookie",
        "AKIA", "ASIA", "AIza", "ya29", "gh", "glpat", "xox", "eyJ", "://",
    ];
    if !HINTS.iter().any(|hint| text.contains(hint)) {
        return text.to_owned();
    }
    let masked = SECRET.replace_all(text.as_bytes(), |found: &Captures<'_>| {
        let keep = found.iter().skip(1).flatten().next().map_or(&b""[..], |group| group.as_bytes());
        [keep, MASK.as_bytes()].concat()
    });
    String::from_utf8_lossy(&masked).into_owned()
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
        assert_eq!(safe("::error::x"), ": :error: :x");
    }
}
