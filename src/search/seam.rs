//! Seams: the ends of lines, where a terminal may have broken a word, or the one blank of an anchor,
//! and the colours inside a line.
//!
//! What stands on either side of a seam is laid together in a side buffer, which is searched as
//! everything else is: `connec` at the end of one line and `tion` in the next are `connection`.

use std::ops::Range;

use super::gram::{self, GRAM};
use crate::text::colour;
use crate::text::prefix::Prefixes;

/// How much of a line is looked at for its end and its beginning, in bytes.
const REACH: usize = 200;

/// A shorter line, in bytes, was not broken by a terminal, not even between two words.
const NARROW: usize = 10;

/// Stands between the seams of a side buffer: whoever reads on to it knows nothing of what is there.
const UNKNOWN: u8 = 0x7f;

/// Which bytes stand side by side in anchors.
#[derive(Clone, Debug)]
pub(super) struct Seams {
    /// Bytes of the longest anchor.
    longest: usize,
    /// Which byte may follow which in an anchor.
    tight: Bits,
    /// Which bytes may stand on both sides of a blank in an anchor.
    apart: Bits,
    /// The hashes of all grams of all anchors.
    grams: Bits,
}

/// A set of numbers below a million.
#[derive(Clone, Debug)]
struct Bits(Vec<u64>);

impl Bits {
    fn new() -> Self {
        Self(vec![0; 1 << 14])
    }

    fn add(&mut self, number: usize) {
        self.0[number >> 6] |= 1 << (number & 63);
    }

    fn has(&self, number: usize) -> bool {
        self.0[number >> 6] >> (number & 63) & 1 == 1
    }
}

/// Two bytes, without case, as a number.
fn pair(before: u8, after: u8) -> usize {
    usize::from(before.to_ascii_lowercase()) << 8 | usize::from(after.to_ascii_lowercase())
}

/// A gram's number, which it shares with few others.
fn hash(gram: u64) -> usize {
    (gram.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 44) as usize
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

    /// Lays together so many bytes as a terminal shows them on either side of a seam; returns where
    /// it then is.
    fn lay(
        &mut self,
        text: &[u8],
        (mut end, mut next): (usize, usize),
        between: &[u8],
        bytes: usize,
    ) -> usize {
        let start = self.text.len();
        while self.text.len() < start + bytes {
            end = colour::before(&text[..end]);
            let Some(&byte) = text[..end].last().filter(|byte| **byte != b'\n') else { break };
            self.text.push(byte);
            end -= 1;
        }
        self.text[start..].reverse();
        let at = self.text.len();
        self.text.extend_from_slice(between);
        let most = self.text.len() + bytes;
        while self.text.len() < most {
            next += colour::length(&text[next..]);
            let Some(&byte) = text.get(next).filter(|byte| **byte != b'\n') else { break };
            self.text.push(byte);
            next += 1;
        }
        self.text.push(UNKNOWN);
        at
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
        let mut seams =
            Self { longest: 0, tight: Bits::new(), apart: Bits::new(), grams: Bits::new() };
        for anchor in anchors {
            seams.longest = seams.longest.max(anchor.len());
            anchor.windows(2).for_each(|bytes| seams.tight.add(pair(bytes[0], bytes[1])));
            let grams = anchor.windows(GRAM).filter_map(|bytes| bytes.first_chunk());
            grams.for_each(|bytes| seams.grams.add(hash(gram::fold(*bytes))));
            let blanks = anchor.windows(3).filter(|bytes| bytes[1] == b' ');
            blanks.for_each(|bytes| seams.apart.add(pair(bytes[0], bytes[2])));
        }
        seams
    }

    /// Adds a seam, unless no gram of an anchor lies across it.
    fn push(&self, text: &[u8], raw: (usize, usize), between: &[u8], side: &mut Side) {
        let start = side.text.len();
        side.lay(text, raw, between, GRAM - 1);
        let mut grams = side.text[start..].windows(GRAM).filter_map(|bytes| bytes.first_chunk());
        let may_hold = grams.any(|bytes| self.grams.has(hash(gram::fold(*bytes))));
        side.text.truncate(start);
        if may_hold {
            let at = side.lay(text, raw, between, self.longest);
            side.seams.push(Seam { at, raw });
        }
    }

    /// Adds every end of a line across which an anchor may lie.
    pub(super) fn ends_of_lines(&self, prefixes: &Prefixes, text: &[u8], side: &mut Side) {
        let joins =
            |last, first| self.tight.has(pair(last, first)) || self.apart.has(pair(last, first));
        let mut start = 0;
        for at in memchr::memchr_iter(b'\n', text) {
            let length = at - std::mem::replace(&mut start, at + 1);
            let Some(first) = text.get(at + 1).filter(|_| length >= NARROW) else { continue };
            let last = text[at - 1];
            // Nearly every look ends here.
            if !is_margin_after(last) && !is_margin_before(*first) && !joins(last, *first) {
                continue;
            }
            let (end, next) =
                (end_of_text(prefixes, text, at), start_of_text(prefixes, text, at + 1));
            let (Some(last), Some(first)) = (end.checked_sub(1), text.get(next)) else { continue };
            for (pairs, between) in [(&self.tight, &b""[..]), (&self.apart, b" ")] {
                if pairs.has(pair(text[last], *first)) {
                    self.push(text, (end, next), between, side);
                }
            }
        }
    }

    /// Adds a colour, if an anchor may lie across it.
    pub(super) fn colour(&self, text: &[u8], colour: Range<usize>, side: &mut Side) {
        if let Some(last) = colour.start.checked_sub(1)
            && let Some(first) = text.get(colour.end)
            && self.tight.has(pair(text[last], *first))
        {
            self.push(text, (colour.start, colour.end), b"", side);
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    /// What is laid together of a text, piece by piece.
    fn laid(text: &str) -> Vec<String> {
        let catalog = Catalog::builtin();
        let seams = Seams::new([&b"connection"[..], b"api error"].into_iter());
        let mut side = Side::default();
        seams.ends_of_lines(catalog.prefixes(), text.as_bytes(), &mut side);
        let colour = |colour| seams.colour(text.as_bytes(), colour, &mut side);
        crate::text::terminal::controls(text.as_bytes(), colour, |_| ());
        let mut pieces: Vec<String> = side
            .text
            .split(|byte| *byte == UNKNOWN)
            .map(|piece| String::from_utf8_lossy(piece).into_owned())
            .collect();
        pieces.pop();
        pieces
    }

    #[test]
    fn what_a_terminal_broke_is_laid_together() {
        assert_eq!(laid("a lost connec\n  tion to it"), ["ost connection to it"]);
        assert_eq!(laid("│ a lost connec │\n│ tion │"), ["ost connection │"]);
        assert_eq!(laid("it says API\nError: x"), ["t says API Error: x"]);
        assert_eq!(laid("con\x1b[1mnec\x1b[0mtion"), ["connection", "connection"]);
    }

    #[test]
    fn what_no_anchor_lies_across_is_left_out() {
        for text in
            ["a lost connec\n  shun", "an ordinary line\nand one more", "ok.\x1b[0m 66", "x\nAPI"]
        {
            assert_eq!(laid(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_seam_leads_back_to_the_text() {
        let text = b"a lost connec\n  tion";
        let seams = Seams::new(std::iter::once(&b"connection"[..]));
        let mut side = Side::default();
        seams.ends_of_lines(Catalog::builtin().prefixes(), text, &mut side);
        let at = memchr::memmem::find(&side.text, b"connection").expect("laid together");
        assert_eq!(side.across(at, at + 10), Some((13, 16)));
        assert_eq!(side.across(0, 4), None, "before the seam");
    }
}
