//! The key by which events are grouped: two events with the same fingerprint are the same error to
//! a reader, whenever, in whichever request and for whomever it happened.

use super::Diagnosis;
use crate::catalog::{Entry, Role, Status};

/// What a message names that makes it another error to a reader, in the order in which the values
/// stand. Times, numbers, paths, names of people and ids of requests are not among it.
const PARTS: [&str; 3] = ["model", "host", "tool"];
/// The longest value that is taken, in bytes.
const LONGEST: usize = 64;

/// The fingerprint of a diagnosis: its id, and after colons what else tells it apart.
pub(super) fn of(diagnosis: &Diagnosis<'_>) -> String {
    let entry = diagnosis.entry;
    let mut print = entry.id.to_string();
    let mut add = |name: &str| {
        if let Some(value) = diagnosis.captures.get(name).and_then(|text| value(name, text)) {
            print.push(':');
            print.push_str(&value);
        }
    };
    // What tells errors apart that the entry itself does not.
    let catch_all = entry.role == Some(Role::CatchAll);
    if catch_all || entry.statuses().any(|status| matches!(status, Status::Class(_))) {
        add("status");
    }
    if catch_all || entry.role == Some(Role::Wrapper) {
        add("code");
    }
    // A value that a neighbour's message has named is no part of this one.
    PARTS.iter().filter(|name| names(entry, name)).for_each(|name| add(name));
    print
}

/// Whether the messages of an entry name this.
fn names(entry: &Entry, name: &str) -> bool {
    let placeholder = format!("<{name}>");
    let messages = entry.messages.iter().map(|message| &message.text);
    messages.chain(entry.regexes.iter()).any(|text| text.value.contains(&placeholder))
}

/// A value in lower-case ASCII letters, digits and `._-`; nothing if it is none that names a thing.
fn value(name: &str, text: &str) -> Option<String> {
    let text = match name {
        // A port may be another each time, and so may the address of a name; an account number is
        // no part of a model's name.
        "host" => host(text)?,
        "model" => text.rsplit('/').next()?,
        _ => text,
    };
    let words = text.split_whitespace().count();
    let numbered = text.ends_with(|c: char| c.is_ascii_digit());
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "._-[]@: ".contains(c));
    if !plain || words > 3 || words > 1 && !numbered || text.len() > LONGEST || is_id(text) {
        return None;
    }
    let mut value = String::new();
    for c in text.chars() {
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() || "._".contains(c) => value.push(c),
            _ if value.ends_with('-') => {}
            _ => value.push('-'),
        }
    }
    let value = value.trim_matches(['-', '.']);
    (!value.is_empty()).then(|| value.to_owned())
}

/// The name of a host, without its port; nothing if it is an address.
fn host(text: &str) -> Option<&str> {
    let name = text.split(':').next()?;
    let is_name = name.contains(|c: char| c.is_ascii_alphabetic()) && !text.starts_with('[');
    // Two colons stand only in an address.
    (is_name && text.matches(':').count() < 2).then_some(name)
}

/// Whether a text is made for machines: masked, or with a long piece of letters and digits mixed.
fn is_id(text: &str) -> bool {
    let mixed = |piece: &str| {
        piece.len() >= 16
            && piece.bytes().any(|b| b.is_ascii_digit())
            && piece.bytes().any(|b| b.is_ascii_alphabetic())
    };
    text.contains("[secret]") || text.split(|c: char| !c.is_ascii_alphanumeric()).any(mixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_names_of_things() {
        for (name, text, left) in [
            ("model", "claude-opus-4", Some("claude-opus-4")),
            ("model", "Opus 4.6", Some("opus-4.6")),
            ("model", "claude-opus-4-8[1m]", Some("claude-opus-4-8-1m")),
            (
                "model",
                "arn:aws:bedrock:us-east-1:123456789012:profile/us.claude",
                Some("us.claude"),
            ),
            ("model", "Claude stopped here because Fable 5 now", None),
            ("model", "individual spend", None),
            ("host", "api.anthropic.com:443", Some("api.anthropic.com")),
            ("host", "localhost:8484", Some("localhost")),
            ("host", "160.79.104.10:443", None),
            ("host", "[::1]:4000", None),
            ("host", "fe80::a1", None),
            ("host", "<head><title>Attention Required!", None),
            ("tool", "toolu_01A09q90qw90lq917835lq9", None),
            ("tool", "WebFetch", Some("webfetch")),
            ("code", "[secret]", None),
            ("code", "--", None),
        ] {
            assert_eq!(value(name, text).as_deref(), left, "{text}");
        }
    }
}
