//! Clean text: what a person saw, line by line, without the line prefixes, and a map back to the raw
//! bytes.

use std::ops::Range;

use super::piece;
use super::prefix::{LinePrefix, Prefixes};
use super::terminal;

/// One line of the clean text.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Offset in [`Clean::text`] at which its text begins.
    pub start: usize,
    /// Offset at which it ends, exclusive; the line break is not part of it.
    pub end: usize,
    /// What stood before the text.
    pub prefix: LinePrefix,
    /// Offset of the prefix in [`Clean::prefixes`].
    prefix_start: usize,
}

/// Clean text with its lines and the way back.
#[derive(Debug, Default)]
pub struct Clean {
    /// Lines joined by `\n`.
    pub text: Vec<u8>,
    /// For each byte of `text` the offset of its raw byte, ascending.
    map: Vec<u32>,
    /// The lines, at least one, in order.
    pub lines: Vec<Line>,
    /// The prefixes of all lines as printed: a logger's name may be Claude's.
    prefixes: Vec<u8>,
    /// The raw bytes are part of a longer text: what stands above them is not known.
    is_part: bool,
}

impl Clean {
    /// Cleans raw bytes.
    pub fn new(raw: &[u8], prefixes: &Prefixes) -> Self {
        let rendered = terminal::render(raw);
        let mut clean = Self {
            text: Vec::with_capacity(rendered.text.len()),
            map: Vec::with_capacity(rendered.text.len()),
            ..Self::default()
        };
        let mut start = 0;
        loop {
            let end = memchr::memchr(b'\n', &rendered.text[start..])
                .map_or(rendered.text.len(), |n| start + n);
            let line = &rendered.text[start..end];
            let prefix = prefixes.find(line);
            let text = prefix.len..prefixes.text_end(line).max(prefix.len);
            let text_start = clean.text.len();
            clean.text.extend_from_slice(&line[text.clone()]);
            let text = start + text.start..start + text.end;
            match rendered.map.get(text.clone()) {
                Some(map) => clean.map.extend_from_slice(map),
                None => clean.map.extend(text.start as u32..text.end as u32),
            }
            let prefix_start = clean.prefixes.len();
            clean.prefixes.extend_from_slice(&line[..prefix.len]);
            let text_end = clean.text.len();
            clean.lines.push(Line { start: text_start, end: text_end, prefix, prefix_start });
            if end == rendered.text.len() {
                return clean;
            }
            clean.text.push(b'\n');
            clean.map.push(rendered.raw(end));
            start = end + 1;
        }
    }

    /// Cleans raw bytes that are part of a longer text. What may be the piece of a line is one.
    pub fn of_part(raw: &[u8], prefixes: &Prefixes) -> Self {
        Self { is_part: true, ..Self::new(raw, prefixes) }
    }

    /// The raw offset of the byte at `at`; for the end of the text the one after the last byte's.
    pub fn raw(&self, at: usize) -> usize {
        match self.map.get(at) {
            Some(&raw) => raw as usize,
            None => self.map.last().map_or(0, |&raw| raw as usize + 1),
        }
    }

    /// The raw bytes that a range of the text comes from. Where a cursor went back, the text's first
    /// byte may have been printed last.
    pub fn raw_range(&self, span: Range<usize>) -> Range<usize> {
        let raw = &self.map[span.start.min(self.map.len())..span.end.min(self.map.len())];
        let first = raw.iter().min().map_or(self.raw(span.start), |&raw| raw as usize);
        let last = raw.iter().max().map_or(first, |&raw| raw as usize + 1);
        first..last
    }

    /// The range of the text that comes from a range of the raw bytes.
    pub fn part(&self, raw: Range<usize>) -> Range<usize> {
        let at = |offset: usize| self.map.partition_point(|&raw| (raw as usize) < offset);
        at(raw.start)..at(raw.end)
    }

    /// The index of the line that holds the byte at `at`.
    pub fn line_of(&self, at: usize) -> usize {
        self.lines.partition_point(|line| line.start <= at).saturating_sub(1)
    }

    /// Whether something new begins between two offsets: a line with a bullet or a stamp of its own
    /// that is no piece of the line before. No word goes on into it.
    pub fn begins_item(&self, start: usize, end: usize) -> bool {
        let (first, last) = (self.line_of(start), self.line_of(end));
        (first + 1..=last.max(first)).any(|line| {
            let prefix = self.lines[line].prefix;
            prefix.bullet || prefix.stamp && !self.is_piece(line)
        })
    }

    /// Whether a line may be a piece of the line before: a collector puts its stamp before each of the
    /// pieces into which a line was cut.
    fn is_piece(&self, index: usize) -> bool {
        let raw_start = |index: usize| match self.lines[index].start {
            0 => 0,
            start => self.raw(start - 1) + 1,
        };
        // The search looks at raw lines: nothing in them is dropped.
        let is_plain = |index: usize| {
            let Line { start, end, .. } = self.lines[index];
            let text = raw_start(index) + self.prefix(index).len();
            self.raw(start) == text && end > start && self.raw(end - 1) == text + (end - start - 1)
        };
        let length = |index: usize| raw_start(index + 1) - 1 - raw_start(index);
        let goes_on = |index: usize| {
            self.line(index).len() >= piece::MIN_TEXT
                && length(index) >= piece::MIN_LINE
                && piece::same_stamp(self.prefix(index), self.prefix(index + 1))
                && is_plain(index)
        };
        let run = |first: &usize| {
            goes_on(*first) && raw_start(index) - 1 - raw_start(*first) <= piece::MAX_RUN
        };
        let mut lines = (0..index).rev().take_while(run);
        let speaks = |line| {
            self.is_part
                || piece::may_be_first(self.line(line))
                || piece::may_be_first(self.prefix(line))
        };
        is_plain(index) && lines.any(speaks)
    }

    /// The prefix of a line, as printed.
    pub fn prefix(&self, index: usize) -> &[u8] {
        let line = self.lines[index];
        &self.prefixes[line.prefix_start..line.prefix_start + line.prefix.len]
    }

    /// The text of a line.
    pub fn line(&self, index: usize) -> &[u8] {
        let line = self.lines[index];
        &self.text[line.start..line.end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    #[test]
    fn prefixes_and_borders_go_and_the_map_leads_back() {
        let raw = "  ⎿  API Error\n\x1b[2m2026-08-09T14:02:11Z\x1b[0m x  │\n".as_bytes();
        let clean = Clean::new(raw, Catalog::builtin().prefixes());
        assert_eq!(clean.text, b"API Error\nx\n");
        assert_eq!(clean.lines.len(), 3);
        assert!(clean.lines[0].prefix.bullet && clean.lines[1].prefix.stamp);
        assert_eq!((clean.line_of(0), clean.line_of(9), clean.line_of(10)), (0, 0, 1));
        for (at, byte) in clean.text.iter().enumerate() {
            assert_eq!(raw[clean.raw(at)], *byte);
        }
        assert_eq!(Clean::new(b"", Catalog::builtin().prefixes()).lines.len(), 1);
    }
}
