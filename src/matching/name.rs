//! Names that machines give errors: the type in the body of a response, the exception class of an
//! SDK.
//!
//! A name counts where a machine writes it, as the value of a key that holds such names or as an
//! exception; inside prose or source code it is a word like any other.

use std::ops::Range;

use crate::text::{Clean, Skeleton, find, object};

/// Keys whose values are names of errors, as their skeletons end.
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

/// The longest path of a module, in bytes.
const MODULE: usize = 200;

/// How a name is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// As only Claude's programs write it.
    Claude,
    /// As machines write it.
    Structured,
    /// As a bare word.
    Bare,
}

/// Reports every place where a name stands as a machine writes it: its span and its notation.
pub(super) fn find(
    name: &ErrorName<'_>,
    clean: &Clean,
    skeleton: &Skeleton,
    whole_input: bool,
    mut report: impl FnMut(Range<usize>, Notation),
) {
    for at in find::all(&skeleton.bytes, name.skeleton) {
        let start = skeleton.map[at] as usize;
        let end = skeleton.map[at + name.skeleton.len() - 1] as usize + 1;
        // Only the end of a line breaks a name.
        let broken = end - start != name.skeleton.len()
            && (!clean.text[start..end].contains(&b'\n') || clean.begins_item(start, end - 1));
        if broken || !is_whole(&clean.text, start, end) {
            continue;
        }
        if let Some(notation) = if name.class {
            class_at(name.text, &clean.text, start, end)
        } else {
            type_at(name, skeleton, at, whole_input)
        } {
            report(start..end, notation);
        }
    }
}

/// A name to look for.
pub(super) struct ErrorName<'a> {
    /// As the catalog has it.
    pub(super) text: &'a str,
    /// Its skeleton.
    pub(super) skeleton: &'a [u8],
    /// An exception class, not a type.
    pub(super) class: bool,
    /// Whether a status means the same error.
    pub(super) status: &'a dyn Fn(u16) -> bool,
}

/// The notation of an exception class, which is written in its case, at the beginning of its line
/// or after its module, and before a colon, a bracket or the line's end.
fn class_at(name: &str, text: &[u8], start: usize, end: usize) -> Option<Notation> {
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
    let is_claude = find::contains(&text[start - module..start], "anthropic");
    Some(if is_claude { Notation::Claude } else { Notation::Structured })
}

/// Whether a name is no part of a longer one.
fn is_whole(text: &[u8], start: usize, end: usize) -> bool {
    let word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let (before, after) = (start.checked_sub(1).map(|at| &text[at]), text.get(end));
    !before.is_some_and(word) && !after.is_some_and(word)
}

/// The notation of a type, which stands after one of its keys, in an AWS exception's brackets, or
/// behind its own status; where it is the whole input, anywhere.
fn type_at(
    name: &ErrorName<'_>,
    skeleton: &Skeleton,
    at: usize,
    whole_input: bool,
) -> Option<Notation> {
    let before = &skeleton.bytes[..at];
    let is_key = |key: &[u8]| KEYS.iter().any(|known| key.ends_with(known));
    let is_client = |key: &[u8]| key == b"api_error_type";
    if object::key_before(before, is_key) {
        let is_claude = object::begins(before) || object::key_before(before, is_client);
        return Some(if is_claude { Notation::Claude } else { Notation::Structured });
    }
    let marks = before.iter().rev().take_while(|b| b":)-".contains(b)).count();
    let pair = &before[..before.len() - marks];
    if marks > 0
        && let Some(code) = pair.last_chunk::<3>().and_then(|code| std::str::from_utf8(code).ok())
        && code.parse().is_ok_and(name.status)
    {
        return Some(Notation::Claude);
    }
    match before.last() {
        Some(b'(' | b'.') => Some(Notation::Structured),
        _ => whole_input.then_some(Notation::Bare),
    }
}

#[cfg(test)]
mod tests {
    use super::Notation::{Bare, Claude, Structured};
    use super::*;

    fn found(text: &str, class: bool, haystack: &str, alone: bool) -> Vec<Notation> {
        let name = ErrorName {
            text,
            skeleton: &Skeleton::new(text.as_bytes()).bytes,
            class,
            status: &|code| code == 529,
        };
        let clean = Clean::new(haystack.as_bytes(), crate::Catalog::builtin().prefixes());
        let skeleton = Skeleton::new(&clean.text);
        let mut found = Vec::new();
        find(&name, &clean, &skeleton, alone, |_, notation| found.push(notation));
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
            [Claude]
        );
        assert_eq!(
            found(named, false, "{'error': {'type': 'overloaded_error'}}", false),
            [Structured]
        );
        assert_eq!(found(named, false, "529 overloaded_error", false), [], "a row of a table");
        assert_eq!(found(named, false, "529 - overloaded_error", false), [Claude]);
        assert_eq!(found(named, false, "HTTP 529: overloaded_error: Overloaded", false), [Claude]);
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
        assert_eq!(
            found(named, true, "anthropic.RateLimitError: Error code: 429", false),
            [Claude]
        );
        assert_eq!(
            found(named, true, "openai.RateLimitError: Error code: 429", false),
            [Structured]
        );
        assert_eq!(found(named, true, "RateLimitError(\"Error code: 429\")", false), [Structured]);
        assert_eq!(found(named, true, "class MyRateLimitErrorHandler", false), []);
    }
}
