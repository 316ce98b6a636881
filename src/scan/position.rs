//! From offsets to lines and columns, each stretch of the input counted once.

use crate::matching::Finding;
use crate::report::Location;
use crate::text::Clean;

/// A position in the stream: its line, from 1, and the characters before it on that line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: u64,
    pub(super) column: u64,
}

impl Position {
    pub(super) const START: Self = Self { line: 1, column: 0 };

    /// Lines up to here, a last one without a line break included.
    pub(super) fn lines(self) -> u64 {
        self.line - u64::from(self.column == 0)
    }

    /// The position after these bytes.
    pub(super) fn after(self, bytes: &[u8]) -> Self {
        match memchr::memrchr(b'\n', bytes) {
            None => Self { line: self.line, column: self.column + characters(bytes) },
            Some(last) => Self {
                line: self.line + memchr::memchr_iter(b'\n', bytes).count() as u64,
                column: characters(&bytes[last + 1..]),
            },
        }
    }

    /// The empty location here.
    pub(super) fn location(self) -> Location {
        let (line, column) = (self.line, self.column + 1);
        Location { line, column, end_line: line, end_column: column }
    }

    /// The sum of this position and one that was counted from it.
    pub(super) fn then(self, next: Self) -> Self {
        let column = if next.line == 1 { self.column + next.column } else { next.column };
        Self { line: self.line + next.line - 1, column }
    }

    /// The location in the stream of one that was counted from this position.
    pub(super) fn locate(self, location: Location) -> Location {
        let position = |line, column| self.then(Self { line, column });
        let first = position(location.line, location.column);
        let last = position(location.end_line, location.end_column);
        Location {
            line: first.line,
            column: first.column,
            end_line: last.line,
            end_column: last.column,
        }
    }
}

/// Characters, if the bytes are UTF-8: those bytes that do not continue one.
fn characters(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| !(0x80..0xc0).contains(*byte)).count() as u64
}

/// Locates the findings of a window.
#[derive(Clone, Copy)]
pub(super) struct Locator<'a> {
    raw: &'a [u8],
    /// An index in `raw`, and its position.
    known: (usize, Position),
}

impl<'a> Locator<'a> {
    /// Locates what begins at `index`, which has this position, or after it.
    pub(super) fn new(raw: &'a [u8], index: usize, position: Position) -> Self {
        Self { raw, known: (index, position) }
    }

    /// The location of a finding in the clean text of the window.
    pub(super) fn locate(&self, clean: &Clean, finding: &Finding) -> Location {
        let (from, end) = (clean.raw(finding.start), clean.raw(finding.end.max(1) - 1) + 1);
        let (index, position) = self.known;
        let first = position.after(&self.raw[index.min(from)..from]);
        let last = first.after(&self.raw[from..end.max(from)]);
        Location {
            line: first.line,
            column: first.column + 1,
            end_line: last.line,
            end_column: last.column + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_add_up() {
        let text = "ab\ncd\u{e9}f\n\ngh".as_bytes();
        for cut in 0..=text.len() {
            let (head, tail) = text.split_at(cut);
            assert_eq!(
                Position::START.after(head).after(tail),
                Position::START.after(text),
                "{cut}"
            );
            assert_eq!(
                Position::START.after(head).then(Position::START.after(tail)),
                Position::START.after(text),
                "{cut}"
            );
        }
    }
}
