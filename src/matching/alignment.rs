//! Alignment: a match in the skeleton laid back on the text that the skeleton was made of. It tells
//! whether the text has blanks and words where the template has them, and what its placeholders
//! hold.

use crate::catalog::placeholder::{Blanks, Placeholder};
use crate::catalog::template::{BLANK, CONTIGUOUS, Literal, UPPER, is_solid};
use crate::text::{Clean, Skeleton};

/// The longest text before a match that is read, in bytes.
const BEFORE: usize = 80;
/// The longest value of a placeholder, in characters.
const VALUE: usize = 200;

/// A skeleton and its text. An `index` is an offset in the skeleton, an `at` one in the text.
pub(super) struct Alignment<'a> {
    clean: &'a Clean,
    text: &'a [u8],
    skeleton: &'a Skeleton,
}

impl<'a> Alignment<'a> {
    /// Aligns a text with its skeleton, or with that of a part of it.
    pub(super) fn new(clean: &'a Clean, skeleton: &'a Skeleton) -> Self {
        Self { clean, text: &clean.text, skeleton }
    }

    /// The offset in the text of a byte of the skeleton.
    pub(super) fn at(&self, index: usize) -> usize {
        self.skeleton.map[index] as usize
    }

    /// The offset in the text just after the skeleton's byte before `index`.
    pub(super) fn end(&self, index: usize) -> usize {
        let last = self.at(index - 1);
        // The byte may stand for a longer character.
        last + 1 + self.text[last + 1..].iter().take_while(|b| (0x80..0xc0).contains(*b)).count()
    }

    /// The text that the skeleton dropped before a byte.
    fn dropped(&self, index: usize) -> &[u8] {
        let start = (self.at(index - 1) + 1).min(self.at(index));
        &self.text[start..self.at(index)]
    }

    /// Whether a literal that stands at an index of the skeleton stands in the text too: there are
    /// blanks where the literal has them and nowhere else, line wraps aside.
    pub(super) fn verify(&self, index: usize, literal: &Literal) -> bool {
        (1..literal.bytes.len()).all(|n| {
            let dropped = self.dropped(index + n);
            if dropped.is_empty() && !literal.is(n, BLANK) {
                return true;
            }
            let between_words = is_word(literal.bytes[n - 1]) && is_word(literal.bytes[n]);
            let solid = is_solid(literal.bytes[n - 1]) && is_solid(literal.bytes[n]);
            let contiguous = literal.is(n, CONTIGUOUS) && solid;
            // Only the end of a line breaks a word, and words do not go on in a line that begins an
            // item of its own: the search relies on it.
            let broken = dropped.contains(&b'\n');
            if broken
                && (between_words || contiguous)
                && self.clean.begins_item(self.at(index + n - 1), self.at(index + n))
            {
                return false;
            }
            if contiguous {
                return broken;
            }
            match (literal.is(n, BLANK), separator(dropped)) {
                (true, Separator::None) | (false, Separator::Blank) => !between_words,
                _ => true,
            }
        })
    }

    /// Whether the letters of a literal have its case in the text.
    pub(super) fn same_case(&self, index: usize, literal: &Literal) -> bool {
        (0..literal.bytes.len())
            .all(|n| self.text[self.at(index + n)].is_ascii_uppercase() == literal.is(n, UPPER))
    }

    /// Whether a line that begins an item of its own, by a time stamp, a bullet or a quotation
    /// mark, begins between two bytes of the skeleton: no message goes on there.
    pub(super) fn leaves_block(&self, start: usize, end: usize) -> bool {
        let (first, last) = (self.clean.line_of(self.at(start)), self.clean.line_of(self.at(end)));
        self.clean.begins_item(self.at(start), self.at(end))
            || self.clean.lines[first + 1..=last.max(first)].iter().any(|line| line.prefix.quote)
    }

    /// Whether a word begins at a byte of the skeleton. Text may be glued to it,
    /// `unknownAPI Error`.
    pub(super) fn starts_word(&self, index: usize) -> bool {
        let at = self.at(index);
        if at == 0 || !is_word(self.skeleton.bytes[index]) {
            return true;
        }
        match (at.checked_sub(2).map(|n| self.text[n]), self.text[at - 1]) {
            // An escaped line break.
            (Some(b'\\'), b'n' | b'r' | b't') => true,
            (_, before) => {
                !is_word(before)
                    || (before.is_ascii_lowercase() && self.text[at].is_ascii_uppercase())
            }
        }
    }

    /// Whether a word ends before an index of the skeleton.
    pub(super) fn ends_word(&self, index: usize) -> bool {
        let last = self.at(index - 1);
        match self.text.get(last + 1) {
            Some(&after) if is_word(self.skeleton.bytes[index - 1]) && self.text[last] < 0x80 => {
                !is_word(after)
                    || (self.text[last].is_ascii_lowercase() && after.is_ascii_uppercase())
            }
            _ => true,
        }
    }

    /// The index before which a placeholder at the end of a template ends: the first blank that it
    /// cannot hold.
    pub(super) fn placeholder_end(&self, start: usize, end: usize, shape: Placeholder) -> usize {
        let ends = |&n: &usize| {
            let inside = match shape.blanks {
                Blanks::Any => true,
                Blanks::BeforeNumber => self.skeleton.bytes[n].is_ascii_digit(),
                Blanks::None => false,
            };
            !inside && separator(self.dropped(n)) != Separator::None
        };
        (start + 1..end).find(ends).unwrap_or(end)
    }

    /// The text between two indices of the skeleton, as the value of a placeholder.
    pub(super) fn value(&self, start: usize, end: usize) -> Option<String> {
        if start >= end {
            return None;
        }
        value(&self.text[self.at(start)..self.end(end)])
    }

    /// The words before an offset of the text, with their own offset: back to the last separator or
    /// the line's start, at most [`BEFORE`] bytes.
    pub(super) fn words_before(&self, at: usize) -> Option<(usize, String)> {
        let line = memchr::memrchr(b'\n', &self.text[..at]).map_or(0, |n| n + 1);
        let before = &self.text[line.max(at.saturating_sub(BEFORE))..at];
        let cut = [": ", "· ", " — ", "('", "\"", "("]
            .iter()
            .filter_map(|s| memchr::memmem::rfind(before, s.as_bytes()).map(|n| n + s.len()))
            .max()
            .unwrap_or(0);
        let start = at - before.len() + cut;
        value(&self.text[start..at]).map(|value| (start, value))
    }
}

/// What separates two words of the skeleton in the text.
#[derive(PartialEq, Eq)]
enum Separator {
    /// No blank.
    None,
    /// One blank, as between two words.
    Blank,
    /// A line break or a run of blanks, as where a terminal wrapped.
    Wrap,
}

/// The separator in the text that the skeleton dropped.
fn separator(dropped: &[u8]) -> Separator {
    let mut blanks = 0;
    let mut last = 0;
    for &byte in dropped {
        match byte {
            b'\n' => return Separator::Wrap,
            b' ' | b'\t' | b'\r' | 0xa0 => blanks += 1,
            b'n' | b't' | b'r' if last == b'\\' => blanks += 1,
            _ => {}
        }
        last = byte;
    }
    match blanks {
        0 => Separator::None,
        1 => Separator::Blank,
        _ => Separator::Wrap,
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A text as the value of a placeholder: on one line, without the quotes and separators around it;
/// `None` if nothing is left.
pub(super) fn value(text: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(text);
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let value = joined
        .trim_matches(|c: char| c.is_whitespace() || "\"'`,;:·∙".contains(c))
        .trim_end_matches('.');
    (!value.is_empty()).then(|| value.chars().take(VALUE).collect())
}
