//! The message in an excerpt, for people: what an error object says, instead of the object.

use crate::redact;

/// The fields of objects and records in which a message stands, the likeliest first.
const FIELDS: [&str; 5] = ["message", "last_assistant_message", "result", "text", "error"];

/// The message of an excerpt: `API Error: 529 {"type":"error","error":{…,"message":"Overloaded"}}` gives
/// `API Error: 529 Overloaded`. Text without an object is a message already. It is sanitized again:
/// without its backslashes `sk-ant-\\api03` is a key.
pub(super) fn message(excerpt: &str) -> String {
    let text = unwrapped(excerpt);
    // The excerpt has passed the gate.
    if text == excerpt { text } else { redact::sanitize(&text) }
}

fn unwrapped(excerpt: &str) -> String {
    let Some(object) = excerpt.find('{').filter(|at| looks_like_object(&excerpt[*at..])) else {
        return excerpt.to_owned();
    };
    let (prefix, body) = excerpt.split_at(object);
    let Some(text) = FIELDS.iter().find_map(|field| value(body, field)) else {
        return excerpt.to_owned();
    };
    // A record may carry a line with an object of its own.
    let text = if text.contains("{\"") { unwrapped(&text) } else { text };
    // The object may be the first one of a list.
    let prefix = prefix.trim_end_matches(['[', ' ', '\n']);
    let blank = if prefix.is_empty() { "" } else { " " };
    format!("{prefix}{blank}{text}")
}

/// Whether a text begins with the brace and the first name of an object, in JSON or Python, escaped
/// or not.
fn looks_like_object(text: &str) -> bool {
    let name = text[1..].trim_start_matches(['\\', ' ', '\n']);
    name.starts_with(['"', '\''])
}

/// The text of a field of an object.
fn value(object: &str, field: &str) -> Option<String> {
    for (at, _) in object.match_indices(field) {
        let quote = object[..at].chars().next_back()?;
        let rest = &object[at + field.len()..];
        let escape = rest.bytes().take_while(|byte| *byte == b'\\').count();
        let Some(rest) = rest[escape..].strip_prefix(quote) else { continue };
        if !matches!(quote, '"' | '\'') {
            continue;
        }
        let Some(rest) = rest.trim_start().strip_prefix(':') else { continue };
        let rest = rest.trim_start();
        let open = rest.bytes().take_while(|byte| *byte == b'\\').count();
        let Some(mark) = rest[open..].chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            continue;
        };
        let text = literal(&rest[open + 1..], mark, open);
        if !text.trim().is_empty() {
            return Some(text);
        }
    }
    None
}

/// A literal up to its closing mark, which has as many backslashes before it as the opening one.
fn literal(text: &str, mark: char, escapes: usize) -> String {
    let mut value = String::new();
    let mut slashes = 0;
    for c in text.chars() {
        match c {
            '\\' => {
                slashes += 1;
                continue;
            }
            c if c == mark && slashes <= escapes => return value,
            'n' | 't' | 'r' if slashes > escapes => value.push(' '),
            c => value.push(c),
        }
        slashes = 0;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_escaped_passes_the_gate_again() {
        for (excerpt, text) in [
            (r###"{"message":"##\\[error]x Overloaded"}"###, "# #[error]x Overloaded"),
            (r#"{"message":"::error::x Overloaded"}"#, ": :error::x Overloaded"),
        ] {
            assert_eq!(message(excerpt), text);
        }
    }

    #[test]
    fn an_object_says_its_message() {
        for (excerpt, text) in [
            ("API Error: 529 Overloaded", "API Error: 529 Overloaded"),
            (
                r#"API Error: 529 {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}"#,
                "API Error: 529 Overloaded",
            ),
            (
                "anthropic.RateLimitError: Error code: 429 - {'type': 'error', 'error': {'type': 'rate_limit_error', 'message': \"It's over\"}}",
                "anthropic.RateLimitError: Error code: 429 - It's over",
            ),
            (
                r#"{"type":"result","result":"API Error: 529 {\"type\":\"error\",\"error\":{\"message\":\"Overloaded\"}}"}"#,
                "Overloaded",
            ),
            (r#"{"error":"No available Claude accounts"}"#, "No available Claude accounts"),
            (r#"{"message":"a \"b\"\nc"}"#, "a \"b\" c"),
            ("use of {braces} stays", "use of {braces} stays"),
            (r#"{"type":"error"}"#, r#"{"type":"error"}"#),
            (r#"{"message":"cut of"#, "cut of"),
        ] {
            assert_eq!(message(excerpt), text, "{excerpt}");
        }
    }
}
