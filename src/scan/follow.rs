//! An input that need not end, diagnosed as it comes: `tail -F log | diagnose --follow`, or the
//! output of a child process.
//!
//! What has come since the last look is examined with the 16 KiB before it. What follows is not
//! known yet: an error whose lines come in two looks may be reported twice.

use super::Diagnoser;
use super::candidates::CandidateSet;
use super::position::Position;
use super::stream::{CELL, CHUNK};
use super::window::Window;
use crate::report::{Collector, Report};

/// Follows one input; see `examples/session.rs`.
///
/// ```
/// let diagnoser = diagnose::Diagnoser::builtin();
/// let mut follow = diagnose::Follow::new(&diagnoser);
/// follow.push(b"> hello\nAPI Error: 529 Overloaded\n> ");
/// let reports = follow.look("session", false);
/// assert_eq!(reports[0].diagnoses[0].location.line, 2);
/// ```
#[derive(Debug)]
pub struct Follow<'d, 'c> {
    diagnoser: &'d Diagnoser<'c>,
    /// The last lines that were examined, and what has come since.
    bytes: Vec<u8>,
    /// The index in `bytes` from which nothing has been examined.
    new: usize,
    /// The offset of `bytes` in the input.
    offset: u64,
    /// The position of what is new.
    position: Position,
}

impl<'d, 'c> Follow<'d, 'c> {
    /// Begins an input of which nothing has come yet.
    pub fn new(diagnoser: &'d Diagnoser<'c>) -> Self {
        Self { diagnoser, bytes: Vec::new(), new: 0, offset: 0, position: Position::START }
    }

    /// Takes what has come, in UTF-8; lines may be cut anywhere.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Bytes that have not been examined yet.
    pub fn pending(&self) -> usize {
        self.bytes.len() - self.new
    }

    /// Examines the lines that have come since the last look. Empty where they hold no error; one
    /// report for each 64 KiB otherwise. A line that has no end yet is left for the next look,
    /// unless the input has `ended` or the line is longer than 64 KiB.
    pub fn look(&mut self, source: &str, ended: bool) -> Vec<Report<'c>> {
        let new = &self.bytes[self.new..];
        let lines = memchr::memrchr(b'\n', new)
            .map_or(if new.len() < CHUNK as usize { 0 } else { new.len() }, |end| end + 1);
        let mut left = if ended { new.len() } else { lines };
        let mut reports = Vec::new();
        while left > 0 {
            let some = &self.bytes[self.new..self.new + left.min(CHUNK as usize)];
            // A chunk ends with a line, unless that is endless.
            let length = if some.len() == left {
                left
            } else {
                memchr::memrchr(b'\n', some).map_or(some.len(), |end| end + 1)
            };
            reports.extend(self.chunk(source, self.new + length));
            self.forget();
            left -= length;
        }
        reports
    }

    /// Examines what is new up to the index `end`.
    fn chunk(&mut self, source: &str, end: usize) -> Option<Report<'c>> {
        let raw = &self.bytes[..end];
        let mut candidates = CandidateSet::default();
        // With what was examined before: a short word is known by the byte before it.
        self.diagnoser.search.find(raw, |candidate| candidates.add(self.offset, candidate));
        let mut collector = Collector::default();
        let window = Window {
            raw,
            offset: self.offset,
            chunk: self.new..end,
            chunk_position: self.position,
            argument: false,
            whole: false,
        };
        self.diagnoser.look(&window, &candidates, &mut collector);
        self.position = self.position.after(&self.bytes[self.new..end]);
        self.new = end;
        let (lines, bytes) = (self.position.lines(), self.offset + end as u64);
        let report = self.diagnoser.collected(source, collector, lines, bytes);
        (!report.diagnoses.is_empty()).then(|| self.diagnoser.live(report))
    }

    /// Drops what is too far before the next lines to say anything about them.
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
    fn a_cursor_that_went_back_is_no_surprise() {
        let waiting = "Waiting for the response of the model...\rAPI Error: 529 Overloaded";
        assert_eq!(lines(&[waiting], true), [1]);
        let long = format!("{}\n{}\rAPI Error: 529 Overloaded", "z".repeat(65_525), "x".repeat(65));
        assert_eq!(lines(&[&long], true), [2]);
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
