//! What stands before a message on its line: a lead-in of a client, the word `Error:`, an opened
//! quotation, or other text.

use crate::catalog::Catalog;
use crate::text::search;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LeadIn {
    /// Nothing.
    None,
    /// `Error:` and the like.
    Error,
    /// `API Error: 400 `: only Claude's client says so.
    Client,
    /// Other text.
    Text,
}

/// What only Claude's clients say before a message.
fn client() -> &'static [&'static str] {
    Catalog::context("client")
}

/// Whether a line begins with a client's lead-in.
pub(super) fn begins_report(line: &[u8]) -> bool {
    client().iter().any(|lead| line.starts_with(lead.as_bytes()))
}

/// Whether the text before a message opens a quotation inside a sentence: `the log says "`, but not
/// `"result": "`.
pub(super) fn marked(before: &[u8]) -> bool {
    let marks = |mark: &u8| b"\"`".contains(mark);
    let Some(open) = before.iter().rposition(marks) else { return false };
    let mark = before[open];
    let unclosed = memchr::memchr_iter(mark, before).count() % 2 == 1;
    let head =
        before[..open].strip_suffix(b" (").map_or(&before[..open], |word| &before[..=word.len()]);
    let sentence = matches!(head, [.., b'a'..=b'z' | b'A'..=b'Z' | b'.', b' ']);
    unclosed && sentence
}

/// What the text before a message says of it.
pub(super) fn lead_in(before: &[u8]) -> LeadIn {
    const MARKS: &[char] = &[
        '"', '\'', '`', '(', '[', '{', '<', '*', ' ', '\t', ':', '-', '·', '∙', '—', '.', ',', '|',
        '❌', '✘', '\\', '→', '/', '=',
    ];
    const ERRORS: &[&str] = &[
        "Error",
        "error",
        "ERROR",
        "Failed",
        "failed",
        "message",
        "msg",
        "result",
        "text",
        "reason",
        "detail",
        "Error code",
        "content",
        "err",
        "level",
        "severity",
    ];
    // Gemini CLI puts its errors in brackets: `[API Error: …]`.
    if before.starts_with(b"[API Error") {
        return LeadIn::Text;
    }
    // The client's words, unless somebody quotes them and goes on in other words.
    if let Some(after) = client()
        .iter()
        .filter_map(|lead| search::find_last(before, lead.as_bytes()).map(|at| at + lead.len()))
        .max()
        && !matches!(before[after..].iter().find(|byte| **byte != b':'), Some(b'"' | b'`' | b'\''))
    {
        return LeadIn::Client;
    }
    let text = String::from_utf8_lossy(before);
    let mut text = text.trim_end_matches(MARKS);
    let mut seen = LeadIn::None;
    while !text.is_empty() {
        let digits = text.len() - text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let rest = if digits == 3 {
            Some(&text[..text.len() - 3])
        } else {
            ERRORS.iter().filter_map(|lead| text.strip_suffix(lead)).min_by_key(|rest| rest.len())
        };
        match rest {
            Some(rest) if !rest.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_') => {
                text = rest.trim_end_matches(MARKS)
            }
            _ => return LeadIn::Text,
        }
        seen = LeadIn::Error;
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lead_ins() {
        for before in [
            "API Error: ",
            "API Error: 400 ",
            "API Error (",
            "Failed to authenticate. API Error: 401 ",
            "Error: Claude Code returned an error result: API Error: 400 ",
        ] {
            assert_eq!(lead_in(before.as_bytes()), LeadIn::Client, "{before}");
        }
        for before in [
            "Error: ",
            "❌ Error: ",
            "\"result\": \"",
            "Error: 400 ",
            "error: ",
            "level=error msg=\"",
        ] {
            assert_eq!(lead_in(before.as_bytes()), LeadIn::Error, "{before}");
        }
        for before in [
            "bash: warning: ",
            "openai.APIConnectionError: ",
            "the ",
            "llama_generate: error: ",
            "[api] Error: ",
        ] {
            assert_eq!(lead_in(before.as_bytes()), LeadIn::Text, "{before}");
        }
        assert_eq!(lead_in(b""), LeadIn::None);
    }

    #[test]
    fn quotation_inside_a_sentence() {
        for before in ["The docs say \"", "when I see `", "it prints \"API Error: 401 ", "(see \""]
        {
            assert!(marked(before.as_bytes()), "{before}");
        }
        for before in [
            "",
            "\"",
            "\"result\": \"",
            "{\"type\":\"error\",\"message\":\"",
            "Error: \"",
            "Error: (\"",
            "the \"x\" failed: ",
        ] {
            assert!(!marked(before.as_bytes()), "{before}");
        }
    }
}
