//! Whether a literal is alone on its line: only then does a rule whose words other programs print,
//! too, count without a name of Claude's near it.

use std::borrow::Cow;

use crate::catalog::Str;
use crate::catalog::provenance_rules::{Provenance, WordList};
use crate::text::terminal;

/// Bytes of a line that are looked at on either side. Without a limit, a line that repeats an error
/// without end would be read once for each of them.
const REACH: usize = 512;

/// Whether no words follow an offset on its line, as far as can be told.
pub(super) fn ends_line(text: &[u8], at: usize) -> bool {
    let line = without_colours(&text[at..line_end(text, at)]);
    match line.iter().find(|byte| !byte.is_ascii_whitespace()) {
        // A tag, a closing quote of an escape, a dot between items.
        Some(b'<' | b'\\' | 0x80.. | 0x1b) => true,
        _ => !line.iter().any(u8::is_ascii_alphanumeric),
    }
}

/// Whether no words precede an offset on its line but those that announce an error, or a line
/// prefix, as far as can be told.
pub(super) fn starts_line(provenance: &Provenance, text: &[u8], at: usize) -> bool {
    let limit = at.saturating_sub(REACH);
    let start = memchr::memrchr(b'\n', &text[limit..at]).map(|end| limit + end + 1);
    if start.is_none() && limit == 0 {
        return true;
    }
    let before = without_colours(&text[start.unwrap_or(limit)..at]);
    if before.contains(&0x1b) || !before.is_ascii() {
        return true;
    }
    let in_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let Some(last) = before.iter().rposition(in_word) else { return true };
    let first = before[..last].iter().rposition(|byte| !in_word(byte)).map_or(0, |at| at + 1);
    let word = &before[first..=last];
    let announces = |announcement: &Str| {
        let last = announcement.rsplit(' ').next().unwrap_or_default();
        word.eq_ignore_ascii_case(last.as_bytes())
    };
    provenance.words(WordList::Announce).iter().any(announces)
        || (word.len() == 3 && word.iter().all(u8::is_ascii_digit))
        || start.is_some_and(|start| {
            let line = without_colours(&text[start..line_end(text, at)]);
            provenance.prefixes.find(&line).len >= before.len()
        })
}

/// The end of the line of an offset, or as much of it as is looked at.
fn line_end(text: &[u8], at: usize) -> usize {
    let limit = text.len().min(at + REACH);
    memchr::memchr(b'\n', &text[at..limit]).map_or(limit, |end| at + end)
}

/// A part of a line without its colours; unchanged where it holds other controls.
fn without_colours(line: &[u8]) -> Cow<'_, [u8]> {
    let mut shown = Vec::new();
    if line.contains(&0x1b) && terminal::straight(line, |part| shown.extend(&line[part])) {
        return Cow::Owned(shown);
    }
    Cow::Borrowed(line)
}
