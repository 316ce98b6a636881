//! The text of a stretch of output: what a person saw, line by line, without leads, and a map back
//! to the raw bytes.

use std::ops::Range;

use super::prefix::{Lead, Prefixes};
use super::terminal;

/// One line of the clean text.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Where its text starts and ends in [`Clean::text`]; the line break is not part of it.
    pub start: usize,
    /// End of the text, exclusive.
    pub end: usize,
    /// What stood before the text.
    pub lead: Lead,
    /// Where in [`Clean::leads`] that is written.
    lead_start: usize,
}

/// Clean text with its lines and the way back.
#[derive(Debug, Default)]
pub struct Clean {
    /// Lines joined by `\n`.
    pub text: Vec<u8>,
    /// For each byte of `text` the offset of its raw byte.
    map: Vec<u32>,
    /// At least one; ascending.
    pub lines: Vec<Line>,
    /// What stood before the texts of all lines: a logger's name may be Claude's.
    leads: Vec<u8>,
}

impl Clean {
    /// Cleans `raw`.
    pub fn new(raw: &[u8], prefixes: &Prefixes) -> Self {
        let printed = terminal::play(raw);
        let mut clean = Self {
            text: Vec::with_capacity(printed.text.len()),
            map: Vec::with_capacity(printed.text.len()),
            lines: Vec::new(),
            leads: Vec::new(),
        };
        let mut start = 0;
        loop {
            let end = memchr::memchr(b'\n', &printed.text[start..])
                .map_or(printed.text.len(), |n| start + n);
            let line = &printed.text[start..end];
            let lead = prefixes.lead(line);
            let text_end = prefixes.text_end(line).max(lead.len);
            let from = clean.text.len();
            clean.text.extend_from_slice(&line[lead.len..text_end]);
            let text = start + lead.len..start + text_end;
            match printed.map.get(text.clone()) {
                Some(map) => clean.map.extend_from_slice(map),
                None => clean.map.extend(text.start as u32..text.end as u32),
            }
            let lead_start = clean.leads.len();
            clean.leads.extend_from_slice(&line[..lead.len]);
            clean.lines.push(Line { start: from, end: clean.text.len(), lead, lead_start });
            if end == printed.text.len() {
                return clean;
            }
            clean.text.push(b'\n');
            clean.map.push(printed.raw(end));
            start = end + 1;
        }
    }

    /// The offset in the raw bytes of the byte at `at`, or just past the last one.
    pub fn raw(&self, at: usize) -> usize {
        match self.map.get(at) {
            Some(&raw) => raw as usize,
            None => self.map.last().map_or(0, |&raw| raw as usize + 1),
        }
    }

    /// The part of the text that came from a range of the raw bytes.
    pub fn part(&self, raw: Range<usize>) -> Range<usize> {
        let at = |offset: usize| self.map.partition_point(|&from| (from as usize) < offset);
        at(raw.start)..at(raw.end)
    }

    /// The index of the line that holds the byte at `at`.
    pub fn line_of(&self, at: usize) -> usize {
        self.lines.partition_point(|line| line.start <= at).saturating_sub(1)
    }

    /// Whether something new begins between two offsets: a line with a stamp or a bullet of its
    /// own. No word goes on into it.
    pub fn begins_item(&self, from: usize, upto: usize) -> bool {
        let (first, last) = (self.line_of(from), self.line_of(upto));
        self.lines[first + 1..=last.max(first)]
            .iter()
            .any(|line| line.lead.stamp || line.lead.bullet)
    }

    /// What stood before the text of a line.
    pub fn lead(&self, index: usize) -> &[u8] {
        let line = self.lines[index];
        &self.leads[line.lead_start..line.lead_start + line.lead.len]
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
    fn leads_and_borders_go_and_the_map_leads_back() {
        let raw = "  ⎿  API Error\n\x1b[2m2026-08-09T14:02:11Z\x1b[0m x  │\n".as_bytes();
        let clean = Clean::new(raw, Catalog::builtin().prefixes());
        assert_eq!(clean.text, b"API Error\nx\n");
        assert_eq!(clean.lines.len(), 3);
        assert!(clean.lines[0].lead.bullet && clean.lines[1].lead.stamp);
        assert_eq!((clean.line_of(0), clean.line_of(9), clean.line_of(10)), (0, 0, 1));
        for (at, byte) in clean.text.iter().enumerate() {
            assert_eq!(raw[clean.raw(at)], *byte);
        }
        assert_eq!(Clean::new(b"", Catalog::builtin().prefixes()).lines.len(), 1);
    }
}
