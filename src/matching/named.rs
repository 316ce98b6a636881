//! Names that machines give errors: the type in an API body, the exception class of an SDK.
//!
//! A name counts where a machine would write it, as a value of a key that holds such names or as an
//! exception; inside prose or source code it is a word like any other.

use crate::text::{Clean, Skeleton, find, object};

/// Keys whose values are names of errors.
const KEYS: &[&[u8]] = &[
    b"type",
    b"code",
    b"error",
    b"status",
    b"errorcode",
    b"error_code",
    b"name",
    b"api_error_type",
    b"exception",
    b"reason",
];

/// No module's path is longer, in bytes.
const MODULE: usize = 200;

/// How a name is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// As only Claude's programs write it.
    Ours,
    /// As machines write it.
    Structured,
    /// As a bare word.
    Bare,
}

/// Reports every place where a name stands as a machine would write it: start, end, and how.
pub(super) fn find(
    name: &Name<'_>,
    clean: &Clean,
    skeleton: &Skeleton,
    alone: bool,
    mut report: impl FnMut(usize, usize, Written),
) {
    for at in find::all(&skeleton.bytes, name.skeleton) {
        let start = skeleton.map[at] as usize;
        let end = skeleton.map[at + name.skeleton.len() - 1] as usize + 1;
        // Nothing breaks a name but the end of a line.
        let broken = end - start != name.skeleton.len()
            && (!clean.text[start..end].contains(&b'\n') || clean.begins_item(start, end - 1));
        if broken || !whole(&clean.text, start, end) {
            continue;
        }
        if let Some(written) = if name.class {
            class_at(name.text, &clean.text, start, end)
        } else {
            type_at(name, skeleton, at, alone)
        } {
            report(start, end, written);
        }
    }
}

/// A name to look for.
pub(super) struct Name<'a> {
    /// As the catalog has it.
    pub(super) text: &'a str,
    /// Its skeleton.
    pub(super) skeleton: &'a [u8],
    /// An exception class, not a type.
    pub(super) class: bool,
    /// Whether a status means the same error.
    pub(super) status: &'a dyn Fn(u16) -> bool,
}

/// An exception class is written with its case, at the head of its line or after its module, and
/// before a colon, a bracket or the line's end.
fn class_at(name: &str, text: &[u8], start: usize, end: usize) -> Option<Written> {
    if &text[start..end] != name.as_bytes() {
        return None;
    }
    if !matches!(text.get(end), None | Some(b':' | b'(' | b'\n' | b' ' | b'\r')) {
        return None;
    }
    let module = text[..start]
        .iter()
        .rev()
        .take(MODULE)
        .take_while(|b| b.is_ascii_alphanumeric() || b"._".contains(b))
        .count();
    let ours = find::contains(&text[start - module..start], "anthropic");
    Some(if ours { Written::Ours } else { Written::Structured })
}

/// The name is not a part of a longer one.
fn whole(text: &[u8], start: usize, end: usize) -> bool {
    let word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let (before, after) = (start.checked_sub(1).map(|at| &text[at]), text.get(end));
    !before.is_some_and(word) && !after.is_some_and(word)
}

/// A type stands after one of its keys, in an AWS exception's brackets, or behind the very status
/// that it belongs to; alone it may stand anywhere.
fn type_at(name: &Name<'_>, skeleton: &Skeleton, at: usize, alone: bool) -> Option<Written> {
    let before = &skeleton.bytes[..at];
    let is_key = |key: &[u8]| KEYS.iter().any(|known| key.ends_with(known));
    let of_client = |key: &[u8]| key == b"api_error_type";
    if object::key_before(before, is_key) {
        let ours = object::begins(before) || object::key_before(before, of_client);
        return Some(if ours { Written::Ours } else { Written::Structured });
    }
    let marks = before.iter().rev().take_while(|b| b":)-".contains(b)).count();
    let pair = &before[..before.len() - marks];
    if marks > 0
        && let Some(code) = pair.last_chunk::<3>().and_then(|code| std::str::from_utf8(code).ok())
        && code.parse().is_ok_and(name.status)
    {
        return Some(Written::Ours);
    }
    match before.last() {
        Some(b'(' | b'.') => Some(Written::Structured),
        _ => alone.then_some(Written::Bare),
    }
}

#[cfg(test)]
mod tests {
    use super::Written::{Bare, Ours, Structured};
    use super::*;

    fn found(text: &str, class: bool, haystack: &str, alone: bool) -> Vec<Written> {
        let name = Name {
            text,
            skeleton: &Skeleton::new(text.as_bytes()).bytes,
            class,
            status: &|code| code == 529,
        };
        let clean = Clean::new(haystack.as_bytes(), crate::Catalog::builtin().prefixes());
        let skeleton = Skeleton::new(&clean.text);
        let mut found = Vec::new();
        find(&name, &clean, &skeleton, alone, |_, _, written| found.push(written));
        found
    }

    #[test]
    fn types_stand_where_machines_write_them() {
        let named = "overloaded_error";
        assert_eq!(
            found(
                named,
                false,
                r#"{"type":"error","error":{"type":"overloaded_error","message":"x"}}"#,
                false
            ),
            [Ours]
        );
        assert_eq!(
            found(named, false, "{'error': {'type': 'overloaded_error'}}", false),
            [Structured]
        );
        assert_eq!(found(named, false, "529 overloaded_error", false), [], "a row of a table");
        assert_eq!(found(named, false, "529 - overloaded_error", false), [Ours]);
        assert_eq!(found(named, false, "HTTP 529: overloaded_error: Overloaded", false), [Ours]);
        assert_eq!(found(named, false, "HTTP 500: overloaded_error: x", false), []);
        assert_eq!(found(named, false, "{:type=>\"overloaded_error\"}", false), [Structured]);
        assert_eq!(found(named, false, "the overloaded_error type", false), []);
        assert_eq!(found(named, false, "overloaded_error", true), [Bare]);
        assert_eq!(found(named, false, "test_overloaded_error_529 PASSED", false), []);
        assert_eq!(
            found(
                "ThrottlingException",
                false,
                "An error occurred (ThrottlingException) when",
                false
            ),
            [Structured]
        );
    }

    #[test]
    fn classes_stand_at_the_head_of_an_exception() {
        let named = "RateLimitError";
        assert_eq!(found(named, true, "anthropic.RateLimitError: Error code: 429", false), [Ours]);
        assert_eq!(
            found(named, true, "openai.RateLimitError: Error code: 429", false),
            [Structured]
        );
        assert_eq!(found(named, true, "RateLimitError(\"Error code: 429\")", false), [Structured]);
        assert_eq!(found(named, true, "class MyRateLimitErrorHandler", false), []);
    }
}
