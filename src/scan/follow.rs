//! An input that need not end, diagnosed as it comes: `tail -F log | diagnose --follow`.
//!
//! What came since the last look is a core of its own, with as much before it as everywhere else.
//! What comes after it is not known yet: an error whose lines come in two pieces may be reported
//! twice.

use super::Diagnoser;
use super::place::Place;
use super::spots::Field;
use super::stream::{CELL, CORE};
use super::window::Window;
use crate::report::{Collector, Report};

/// Follows one input.
#[derive(Debug)]
pub struct Follow<'d, 'c> {
    diagnoser: &'d Diagnoser<'c>,
    /// Some lines that were looked at, and those that came since.
    bytes: Vec<u8>,
    /// Where the latter begin.
    new: usize,
    /// Where in the input `bytes` begin.
    offset: u64,
    /// The place of what is new.
    place: Place,
}

impl<'d, 'c> Follow<'d, 'c> {
    /// Begins with an input of which nothing has come yet.
    pub fn new(diagnoser: &'d Diagnoser<'c>) -> Self {
        Self { diagnoser, bytes: Vec::new(), new: 0, offset: 0, place: Place::START }
    }

    /// Takes what has come, decoded.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// How many bytes came since the last look.
    pub fn pending(&self) -> usize {
        self.bytes.len() - self.new
    }

    /// What happened in the lines that came since the last look: one report, or several where much
    /// has come. A line that has no end yet is left for the next look, unless the input has ended
    /// or the line is endless.
    pub fn look(&mut self, source: &str, ended: bool) -> Vec<Report<'c>> {
        let new = &self.bytes[self.new..];
        let lines = memchr::memrchr(b'\n', new)
            .map_or(if new.len() < CORE as usize { 0 } else { new.len() }, |end| end + 1);
        let mut left = if ended { new.len() } else { lines };
        let mut reports = Vec::new();
        while left > 0 {
            let some = &self.bytes[self.new..self.new + left.min(CORE as usize)];
            // A core ends with a line, unless that is endless.
            let length = if some.len() == left {
                left
            } else {
                memchr::memrchr(b'\n', some).map_or(some.len(), |end| end + 1)
            };
            reports.extend(self.core(source, self.new + length));
            self.forget();
            left -= length;
        }
        reports
    }

    /// Looks at what is new up to an end.
    fn core(&mut self, source: &str, end: usize) -> Option<Report<'c>> {
        let raw = &self.bytes[..end];
        let mut field = Field::default();
        // A short word is known by the byte before it.
        self.diagnoser.search.find(raw, |candidate| field.add(self.offset, candidate));
        let mut collector = Collector::default();
        let window = Window {
            raw,
            offset: self.offset,
            start: self.place,
            core: (self.new, end),
            argument: false,
            whole: false,
        };
        self.diagnoser.look(&window, &field, &mut collector);
        self.place = self.place.after(&self.bytes[self.new..end]);
        self.new = end;
        let (diagnoses, trace) = collector.finish(self.diagnoser.catalog, &self.diagnoser.judge);
        let (lines, bytes) = (self.place.lines(), self.offset + end as u64);
        (!diagnoses.is_empty()).then(|| Report {
            source: source.to_owned(),
            lines,
            bytes,
            diagnoses,
            suspect: None,
            trace,
        })
    }

    /// Keeps of the lines that were looked at what is near the next ones.
    fn forget(&mut self) {
        let keep = self.new.saturating_sub(CELL as usize);
        let from =
            memchr::memchr(b'\n', &self.bytes[keep..self.new]).map_or(keep, |at| keep + at + 1);
        if keep > 0 {
            self.bytes.drain(..from);
            self.offset += from as u64;
            self.new -= from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    const ERROR: &str = "API Error: 529 {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n";

    /// The lines at which something was reported.
    fn lines(pieces: &[&str], ended: bool) -> Vec<u64> {
        let catalog = Catalog::builtin();
        let diagnoser = Diagnoser::new(&catalog);
        let mut follow = Follow::new(&diagnoser);
        let mut found = Vec::new();
        for (n, piece) in pieces.iter().enumerate() {
            follow.push(piece.as_bytes());
            let reports = follow.look("stdin", ended && n + 1 == pieces.len());
            found.extend(
                reports
                    .iter()
                    .flat_map(|report| report.diagnoses.iter().map(|of| of.location.line)),
            );
        }
        found
    }

    #[test]
    fn each_error_is_reported_once_and_where_it_stands() {
        let filler = "ordinary line of a log\n".repeat(9_000);
        assert_eq!(lines(&["x\n", ERROR, "y\n", ERROR], false), [2, 4]);
        assert_eq!(lines(&["x\n", &ERROR[..40], &ERROR[40..], "y"], true), [2]);
        assert_eq!(lines(&[&filler, ERROR, &filler, ERROR], true), [9_001, 18_002]);
        assert_eq!(lines(&[&format!("{filler}{ERROR}{filler}{ERROR}")], false), [9_001, 18_002]);
        assert_eq!(lines(&[ERROR.trim_end()], false), [0; 0], "the line may go on");
        assert_eq!(lines(&[ERROR.trim_end()], true), [1]);
    }

    #[test]
    fn little_is_kept() {
        let catalog = Catalog::builtin();
        let diagnoser = Diagnoser::new(&catalog);
        let mut follow = Follow::new(&diagnoser);
        for _ in 0..40 {
            follow.push("x".repeat(40_000).as_bytes());
            follow.look("stdin", false);
            assert!(
                follow.bytes.len() < 200_000,
                "{} bytes are kept of an endless line",
                follow.bytes.len()
            );
        }
    }
}
