//! Places in a stream: lines and columns of offsets, counted once.

use crate::matching::Finding;
use crate::report::Location;
use crate::text::Clean;

/// A place in the stream: line from 1, and characters before it on its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: u64,
    pub(super) column: u64,
}

impl Place {
    pub(super) const START: Self = Self { line: 1, column: 0 };

    /// How many lines there are before it, a last one without a line break included.
    pub(super) fn lines(self) -> u64 {
        self.line - u64::from(self.column == 0)
    }

    /// The place after these bytes.
    pub(super) fn after(self, bytes: &[u8]) -> Self {
        match memchr::memrchr(b'\n', bytes) {
            None => Self { line: self.line, column: self.column + characters(bytes) },
            Some(last) => Self {
                line: self.line + memchr::memchr_iter(b'\n', bytes).count() as u64,
                column: characters(&bytes[last + 1..]),
            },
        }
    }

    /// A place that was counted from this one as if this were the start.
    pub(super) fn then(self, place: Self) -> Self {
        let column = if place.line == 1 { self.column + place.column } else { place.column };
        Self { line: self.line + place.line - 1, column }
    }

    /// A location that was counted from this place as if it were the start.
    pub(super) fn locate(self, location: Location) -> Location {
        let place = |line, column| self.then(Self { line, column });
        let (first, last) =
            (place(location.line, location.column), place(location.end_line, location.end_column));
        Location {
            line: first.line,
            column: first.column,
            end_line: last.line,
            end_column: last.column,
        }
    }
}

/// Characters in bytes that are mostly UTF-8.
fn characters(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| !(0x80..0xc0).contains(*byte)).count() as u64
}

/// Finds the places of findings in a window.
#[derive(Clone, Copy)]
pub(super) struct Locator<'a> {
    raw: &'a [u8],
    known: (usize, Place),
}

impl<'a> Locator<'a> {
    /// For a window of which this offset has this place, and nothing before it is asked for.
    pub(super) fn new(raw: &'a [u8], offset: usize, place: Place) -> Self {
        Self { raw, known: (offset, place) }
    }

    pub(super) fn locate(&self, clean: &Clean, finding: &Finding) -> Location {
        let (from, upto) = (clean.raw(finding.start), clean.raw(finding.end.max(1) - 1) + 1);
        let (offset, place) = self.known;
        let first = place.after(&self.raw[offset.min(from)..from]);
        let last = first.after(&self.raw[from..upto.max(from)]);
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
    fn places_add_up() {
        let text = "ab\ncd\u{e9}f\n\ngh".as_bytes();
        for cut in 0..=text.len() {
            let (head, tail) = text.split_at(cut);
            assert_eq!(Place::START.after(head).after(tail), Place::START.after(text), "{cut}");
            assert_eq!(
                Place::START.after(head).then(Place::START.after(tail)),
                Place::START.after(text),
                "{cut}"
            );
        }
    }
}
