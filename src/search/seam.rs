//! Seams: the ends of lines, where a terminal may have broken a word, or the one blank of an anchor,
//! and the colours inside a line.
//!
//! What stands on either side of a seam is laid together in a side buffer, which is searched as
//! everything else is: `connec` at the end of one line and `tion` in the next are `connection`.

use crate::text::prefix::Prefixes;
use crate::text::{colour, terminal};

/// How much of a line is looked at for its end and its beginning, in bytes.
const REACH: usize = 200;

/// Stands between the seams of a side buffer: whoever reads on to it knows nothing of what is there.
const UNKNOWN: u8 = 0x7f;

/// Which bytes stand side by side in anchors.
#[derive(Clone, Debug)]
pub(super) struct Seams {
    /// Bytes of the longest anchor.
    longest: usize,
    /// Which byte may follow which in an anchor.
    tight: Pairs,
    /// Which bytes may stand on both sides of a blank in an anchor.
    apart: Pairs,
}

/// A set of pairs of bytes, without case.
#[derive(Clone, Debug)]
struct Pairs(Vec<u64>);

impl Pairs {
    fn new() -> Self {
        Self(vec![0; 1 << 10])
    }

    fn of(before: u8, after: u8) -> (usize, u64) {
        let pair = u16::from_be_bytes([before.to_ascii_lowercase(), after.to_ascii_lowercase()]);
        (usize::from(pair >> 6), 1 << (pair & 63))
    }

    fn add(&mut self, before: u8, after: u8) {
        let (word, bit) = Self::of(before, after);
        self.0[word] |= bit;
    }

    fn has(&self, before: u8, after: u8) -> bool {
        let (word, bit) = Self::of(before, after);
        self.0[word] & bit != 0
    }
}

/// What stands on both sides of the seams of a text.
#[derive(Debug, Default)]
pub(super) struct Side {
    /// Piece by piece.
    pub(super) text: Vec<u8>,
    seams: Vec<Seam>,
}

#[derive(Debug)]
struct Seam {
    /// Where in the side buffer the seam is.
    at: usize,
    /// Where in the text what stands before it ends, and what follows it begins.
    raw: (usize, usize),
}

impl Side {
    /// The seam that lies inside a range of the side buffer, as the end and the beginning of what it
    /// joins.
    pub(super) fn across(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let next = self.seams.partition_point(|seam| seam.at <= start);
        self.seams.get(next).filter(|seam| seam.at < end).map(|seam| seam.raw)
    }

    fn push(&mut self, text: &[u8], raw: (usize, usize), between: &[u8], longest: usize) {
        let start = self.text.len();
        let mut end = raw.0;
        while self.text.len() - start < longest {
            end = colour::before(&text[..end]);
            let Some(&byte) = text[..end].last().filter(|byte| **byte != b'\n') else { break };
            self.text.push(byte);
            end -= 1;
        }
        self.text[start..].reverse();
        self.seams.push(Seam { at: self.text.len(), raw });
        self.text.extend_from_slice(between);
        let (mut from, start) = (raw.1, self.text.len());
        while self.text.len() - start < longest {
            from += colour::length(&text[from..]);
            let Some(&byte) = text.get(from).filter(|byte| **byte != b'\n') else { break };
            self.text.push(byte);
            from += 1;
        }
        self.text.push(UNKNOWN);
    }
}

/// Whether the text of a line may end before this byte.
const fn is_margin_after(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'm' | b'K' | 0x80..)
}

/// Whether the text of a line may begin behind this byte.
const fn is_margin_before(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'|' | b'>' | 0x1b | 0x80..)
}

impl Seams {
    pub(super) fn new<'a>(anchors: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut seams = Self { longest: 0, tight: Pairs::new(), apart: Pairs::new() };
        for anchor in anchors {
            seams.longest = seams.longest.max(anchor.len());
            anchor.windows(2).for_each(|bytes| seams.tight.add(bytes[0], bytes[1]));
            let blanks = anchor.windows(3).filter(|bytes| bytes[1] == b' ');
            blanks.for_each(|bytes| seams.apart.add(bytes[0], bytes[2]));
        }
        seams
    }

    /// Adds every end of a line across which an anchor may lie.
    pub(super) fn ends_of_lines(&self, prefixes: &Prefixes, text: &[u8], side: &mut Side) {
        let joins = |last, first| self.tight.has(last, first) || self.apart.has(last, first);
        for at in memchr::memchr_iter(b'\n', text) {
            let (Some(last), Some(first)) = (at.checked_sub(1), text.get(at + 1)) else { continue };
            let last = text[last];
            // Nearly every look ends here.
            if !is_margin_after(last) && !is_margin_before(*first) && !joins(last, *first) {
                continue;
            }
            let (end, next) =
                (end_of_text(prefixes, text, at), start_of_text(prefixes, text, at + 1));
            let (Some(last), Some(first)) = (end.checked_sub(1), text.get(next)) else { continue };
            for (pairs, between) in [(&self.tight, &b""[..]), (&self.apart, b" ")] {
                if pairs.has(text[last], *first) {
                    side.push(text, (end, next), between, self.longest);
                }
            }
        }
    }

    /// Adds every colour of a line, which begins at an offset of a text, across which an anchor may
    /// lie; returns whether the line is written from left to right.
    pub(super) fn colours(
        &self,
        text: &[u8],
        start: usize,
        line: &[u8],
        side: &mut Side,
    ) -> bool {
        let mut end = start;
        terminal::pieces(line, |piece| {
            let (from, before) = (start + piece.start, end);
            if !piece.is_empty() {
                end = start + piece.end;
                if before > start && self.tight.has(text[before - 1], text[from]) {
                    side.push(text, (before, from), b"", self.longest);
                }
            }
        })
    }
}

/// Where the text of the line that ends at `at` ends, without blanks and borders.
fn end_of_text(prefixes: &Prefixes, text: &[u8], at: usize) -> usize {
    if !at.checked_sub(1).is_some_and(|last| is_margin_after(text[last])) {
        return at;
    }
    let start = at.saturating_sub(REACH);
    let mut line = &text[start..at];
    loop {
        let end = colour::before(&line[..prefixes.text_end(line)]);
        if end == line.len() {
            return start + end;
        }
        line = &line[..end];
    }
}

/// Where the text of the line that begins at `at` begins, behind what may stand before a line that
/// goes on from another.
fn start_of_text(prefixes: &Prefixes, text: &[u8], at: usize) -> usize {
    let line = &text[at..text.len().min(at + REACH)];
    let mut start = 0;
    loop {
        start += line[start..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        start += match line.get(start) {
            Some(b'|' | b'>' | 0x80..) => match prefixes.margin(&line[start..]) {
                0 => return at + start,
                margin => margin,
            },
            Some(0x1b) => match colour::length(&line[start..]) {
                0 => return at + start,
                colours => colours,
            },
            _ => return at + start,
        };
    }
}
