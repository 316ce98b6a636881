//! A skeleton laid back on its text: whether what matched without blanks and quotes is written with
//! them as the catalog has it, and what stands in the holes.

use crate::catalog::hole::{Blanks, Shape};
use crate::catalog::template::{BLANK, Literal, TIGHT, UPPER, is_solid};
use crate::text::{Clean, Skeleton};

/// A skeleton laid on its text.
pub(super) struct Laid<'a> {
    pub(super) clean: &'a Clean,
    pub(super) text: &'a [u8],
    pub(super) skeleton: &'a Skeleton,
}

impl Laid<'_> {
    pub(super) fn at(&self, index: usize) -> usize {
        self.skeleton.map[index] as usize
    }

    /// The offset in the text just after the skeleton's byte before `index`.
    pub(super) fn text_end(&self, index: usize) -> usize {
        let last = self.at(index - 1);
        // The byte may stand for a longer character.
        last + 1 + self.text[last + 1..].iter().take_while(|b| (0x80..0xc0).contains(*b)).count()
    }

    /// What the skeleton dropped between two of its bytes.
    fn dropped(&self, index: usize) -> &[u8] {
        let from = (self.at(index - 1) + 1).min(self.at(index));
        &self.text[from..self.at(index)]
    }

    /// Whether the literal's blanks are blanks in the text and the text's blanks are the literal's,
    /// wraps aside.
    pub(super) fn written(&self, start: usize, literal: &Literal) -> bool {
        (1..literal.bytes.len()).all(|n| {
            let dropped = self.dropped(start + n);
            if dropped.is_empty() && !literal.is(n, BLANK) {
                return true;
            }
            let between_words = is_word(literal.bytes[n - 1]) && is_word(literal.bytes[n]);
            // Nothing breaks a word but the end of a line, and no words go on in a line that begins
            // something new: the search relies on it.
            let broken = dropped.contains(&b'\n');
            if broken
                && between_words
                && self.clean.begins_item(self.at(start + n - 1), self.at(start + n))
            {
                return false;
            }
            if literal.is(n, TIGHT) && is_solid(literal.bytes[n - 1]) && is_solid(literal.bytes[n])
            {
                return broken;
            }
            match (literal.is(n, BLANK), gap(dropped)) {
                (true, Gap::None) | (false, Gap::Blank) => !between_words,
                _ => true,
            }
        })
    }

    pub(super) fn same_case(&self, start: usize, literal: &Literal) -> bool {
        (0..literal.bytes.len())
            .all(|n| self.text[self.at(start + n)].is_ascii_uppercase() == literal.is(n, UPPER))
    }

    /// Whether what varies, and the text after it, run on into a line that begins something new:
    /// one with a stamp or a bullet of its own.
    pub(super) fn leaves_block(&self, from: usize, upto: usize) -> bool {
        let (first, last) = (self.clean.line_of(self.at(from)), self.clean.line_of(self.at(upto)));
        self.clean.lines[first + 1..=last.max(first)]
            .iter()
            .any(|line| line.prefix.stamp || line.prefix.bullet || line.prefix.quote)
    }

    /// No word goes on to the left, but text glued to it may: `unknownAPI Error`.
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

    /// Where a hole at the end of a template really ends: at the first blank that it cannot hold.
    pub(super) fn word_end(&self, from: usize, upto: usize, shape: Shape) -> usize {
        let ends = |&n: &usize| {
            let inside = match shape.blanks {
                Blanks::Any => true,
                Blanks::BeforeNumber => self.skeleton.bytes[n].is_ascii_digit(),
                Blanks::None => false,
            };
            !inside && gap(self.dropped(n)) != Gap::None
        };
        (from + 1..upto).find(ends).unwrap_or(upto)
    }

    /// What is printed there, on one line.
    pub(super) fn printed(&self, from: usize, upto: usize) -> Option<String> {
        if from >= upto {
            return None;
        }
        tidy(&self.text[self.at(from)..self.text_end(upto)])
    }

    /// The words before an offset: back to the last separator or the line's start, at most 80
    /// bytes.
    pub(super) fn before(&self, at: usize) -> Option<(usize, String)> {
        let line = memchr::memrchr(b'\n', &self.text[..at]).map_or(0, |n| n + 1);
        let head = &self.text[line.max(at.saturating_sub(80))..at];
        let cut = [": ", "· ", " — ", "('", "\"", "("]
            .iter()
            .filter_map(|s| memchr::memmem::rfind(head, s.as_bytes()).map(|n| n + s.len()))
            .max()
            .unwrap_or(0);
        let start = at - head.len() + cut;
        tidy(&self.text[start..at]).map(|value| (start, value))
    }
}

#[derive(PartialEq, Eq)]
enum Gap {
    None,
    /// One blank, as between two words.
    Blank,
    /// A line break or a run of blanks, as where a terminal wrapped.
    Wrap,
}

/// What kind of gap the skeleton dropped.
fn gap(dropped: &[u8]) -> Gap {
    let mut blanks = 0;
    let mut last = 0;
    for &byte in dropped {
        match byte {
            b'\n' => return Gap::Wrap,
            b' ' | b'\t' | b'\r' | 0xa0 => blanks += 1,
            b'n' | b't' | b'r' if last == b'\\' => blanks += 1,
            _ => {}
        }
        last = byte;
    }
    match blanks {
        0 => Gap::None,
        1 => Gap::Blank,
        _ => Gap::Wrap,
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Text on one line, without quotes and separators around it; `None` if nothing is left.
pub(super) fn tidy(text: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(text);
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let tidy = joined
        .trim_matches(|c: char| c.is_whitespace() || "\"'`,;:·∙".contains(c))
        .trim_end_matches('.');
    (!tidy.is_empty()).then(|| tidy.chars().take(200).collect())
}
