//! Seams: the ends of lines, where a terminal may have broken a word or the one blank of an anchor,
//! and the colours inside a line.
//!
//! What stands on either side of a seam is joined in a side buffer, which is searched like the log
//! itself: `connec` at the end of one line and `tion` at the beginning of the next are `connection`.

use std::ops::Range;

use super::qgram::{self, MIN_ANCHOR, Q};
use crate::text::colour;
use crate::text::piece;
use crate::text::prefix::Prefixes;

/// How much of a line is read for its margin, in bytes.
const MAX_MARGIN: usize = 200;

/// No terminal breaks a line that is shorter, in bytes, not even between two words.
const MIN_WIDTH: usize = 10;

/// Separates what is joined in a side buffer. It is no byte that a skeleton keeps or drops: a comparison
/// that comes to it is undecided.
const SEPARATOR: u8 = 0x7f;

/// Tells the seams across which an anchor may lie from the others.
#[derive(Clone, Debug)]
pub(super) struct SeamFilter {
    /// Bytes of the longest anchor.
    longest: usize,
    /// Pairs of bytes that follow each other in an anchor.
    adjacent: BitSet,
    /// Pairs of bytes on both sides of a blank in an anchor.
    apart: BitSet,
    /// The hashes of all q-grams of all anchors.
    q_grams: BitSet,
}

/// A set of numbers below 2^20.
#[derive(Clone, Debug)]
struct BitSet(Vec<u64>);

impl BitSet {
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

/// Two bytes, in any case, as a number.
fn pair(before: u8, after: u8) -> usize {
    usize::from(before.to_ascii_lowercase()) << 8 | usize::from(after.to_ascii_lowercase())
}

/// The hash of a folded q-gram, of 20 bits.
fn hash(q_gram: u64) -> usize {
    (q_gram.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 44) as usize
}

/// What stands on either side of the seams of a text, joined.
#[derive(Debug, Default)]
pub(super) struct SideBuffer {
    /// The joined text, seam by seam, with [`SEPARATOR`]s between.
    pub(super) text: Vec<u8>,
    seams: Vec<Seam>,
}

#[derive(Debug)]
struct Seam {
    /// Offset of the seam in the side buffer.
    at: usize,
    /// Where in the text what precedes the seam ends, and where what follows it begins.
    raw: (usize, usize),
}

impl SideBuffer {
    /// The seam inside a range of the side buffer: where in the text what precedes it ends, and
    /// where what follows it begins.
    pub(super) fn seam_in(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let next = self.seams.partition_point(|seam| seam.at <= start);
        self.seams.get(next).filter(|seam| seam.at < end).map(|seam| seam.raw)
    }

    /// Joins so many bytes, colours not counted, on either side of a seam; returns the seam's offset
    /// in the buffer.
    fn join(
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
        let full = self.text.len() + bytes;
        while self.text.len() < full {
            next += colour::length(&text[next..]);
            let Some(&byte) = text.get(next).filter(|byte| **byte != b'\n') else { break };
            self.text.push(byte);
            next += 1;
        }
        self.text.push(SEPARATOR);
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

impl SeamFilter {
    pub(super) fn new<'a>(anchors: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut filter = Self {
            longest: 0,
            adjacent: BitSet::new(),
            apart: BitSet::new(),
            q_grams: BitSet::new(),
        };
        for anchor in anchors {
            filter.longest = filter.longest.max(anchor.len());
            anchor.windows(2).for_each(|bytes| filter.adjacent.add(pair(bytes[0], bytes[1])));
            let q_grams = anchor.windows(Q).filter_map(|bytes| bytes.first_chunk());
            q_grams.for_each(|bytes| filter.q_grams.add(hash(qgram::fold(*bytes))));
            let blanks = anchor.windows(3).filter(|bytes| bytes[1] == b' ');
            blanks.for_each(|bytes| filter.apart.add(pair(bytes[0], bytes[2])));
        }
        filter
    }

    /// Adds a seam, unless no part of an anchor, as long as the shortest one, lies across it: all of its
    /// q-grams are known.
    fn add(&self, text: &[u8], raw: (usize, usize), between: &[u8], side: &mut SideBuffer) {
        let start = side.text.len();
        side.join(text, raw, between, MIN_ANCHOR - 1);
        let mut run = 0;
        let mut q_grams = side.text[start..].windows(Q).filter_map(|bytes| bytes.first_chunk());
        let may_hold = q_grams.any(|bytes| {
            run = if self.q_grams.has(hash(qgram::fold(*bytes))) { run + 1 } else { 0 };
            run == MIN_ANCHOR - Q + 1
        });
        side.text.truncate(start);
        if may_hold {
            let at = side.join(text, raw, between, self.longest);
            side.seams.push(Seam { at, raw });
        }
    }

    /// Adds every line end across which an anchor may lie.
    pub(super) fn add_line_ends(&self, prefixes: &Prefixes, text: &[u8], side: &mut SideBuffer) {
        let joins =
            |last, first| self.adjacent.has(pair(last, first)) || self.apart.has(pair(last, first));
        let mut start = 0;
        for at in memchr::memchr_iter(b'\n', text) {
            let length = at - std::mem::replace(&mut start, at + 1);
            let Some(first) = text.get(at + 1).filter(|_| length >= MIN_WIDTH) else { continue };
            let last = text[at - 1];
            // Nearly every line end is ruled out here.
            if !is_margin_after(last) && !is_margin_before(*first) && !joins(last, *first) {
                continue;
            }
            let (end, next) = (text_end(prefixes, text, at), text_start(prefixes, text, at + 1));
            self.add_words(text, (end, next), side);
        }
    }

    /// Adds a seam between the end and the beginning of two words, if an anchor may lie across it.
    fn add_words(&self, text: &[u8], (end, next): (usize, usize), side: &mut SideBuffer) {
        let (Some(last), Some(first)) = (end.checked_sub(1), text.get(next)) else { return };
        for (pairs, between) in [(&self.adjacent, &b""[..]), (&self.apart, b" ")] {
            if pairs.has(pair(text[last], *first)) {
                self.add(text, (end, next), between, side);
            }
        }
    }

    /// Adds the end of every line behind which a piece may follow, as far as an anchor may lie across it.
    pub(super) fn add_pieces(&self, prefixes: &Prefixes, text: &[u8], side: &mut SideBuffer) {
        piece::cut_lines(text, |line, stamp| {
            let end = text_end(prefixes, text, line.end);
            let next = &text[line.end + 1..];
            // Where in it the stamp ends is not known, only that a blank follows.
            for blank in memchr::memchr_iter(b' ', &next[..stamp]) {
                let blanks = next[blank..].iter().take_while(|byte| **byte == b' ').count();
                self.add_words(text, (end, line.end + 1 + blank + blanks), side);
            }
        });
    }

    /// Adds a colour, if an anchor may lie across it.
    pub(super) fn add_colour(&self, text: &[u8], colour: Range<usize>, side: &mut SideBuffer) {
        if let Some(last) = colour.start.checked_sub(1)
            && let Some(first) = text.get(colour.end)
            && self.adjacent.has(pair(text[last], *first))
        {
            self.add(text, (colour.start, colour.end), b"", side);
        }
    }
}

/// Where the text of the line that ends at `at` ends, without blanks, borders and colours.
fn text_end(prefixes: &Prefixes, text: &[u8], at: usize) -> usize {
    if !at.checked_sub(1).is_some_and(|last| is_margin_after(text[last])) {
        return at;
    }
    let start = at.saturating_sub(MAX_MARGIN);
    let mut line = &text[start..at];
    loop {
        let end = colour::before(&line[..prefixes.text_end(line)]);
        if end == line.len() {
            return start + end;
        }
        line = &line[..end];
    }
}

/// Where the text of the line that begins at `at` begins, after the margin that a line may have which
/// goes on from another: blanks, borders, colours.
fn text_start(prefixes: &Prefixes, text: &[u8], at: usize) -> usize {
    let line = &text[at..text.len().min(at + MAX_MARGIN)];
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

    /// What is joined of a text, seam by seam.
    fn joined(text: &str) -> Vec<String> {
        let catalog = Catalog::builtin();
        let filter = SeamFilter::new([&b"connection"[..], b"api error"].into_iter());
        let mut side = SideBuffer::default();
        filter.add_line_ends(catalog.prefixes(), text.as_bytes(), &mut side);
        let colour = |colour| filter.add_colour(text.as_bytes(), colour, &mut side);
        crate::text::terminal::controls(text.as_bytes(), colour, |_| ());
        let mut joined: Vec<String> = side
            .text
            .split(|byte| *byte == SEPARATOR)
            .map(|joined| String::from_utf8_lossy(joined).into_owned())
            .collect();
        joined.pop();
        joined
    }

    #[test]
    fn what_a_terminal_broke_is_joined() {
        assert_eq!(joined("a lost connec\n  tion to it"), ["ost connection to it"]);
        assert_eq!(joined("│ a lost connec │\n│ tion │"), ["ost connection │"]);
        assert_eq!(joined("it says API\nError: x"), ["t says API Error: x"]);
        assert_eq!(joined("con\x1b[1mnec\x1b[0mtion"), ["connection", "connection"]);
    }

    #[test]
    fn what_no_anchor_lies_across_is_left_out() {
        for text in
            ["a lost connec\n  shun", "an ordinary line\nand one more", "ok.\x1b[0m 66", "x\nAPI"]
        {
            assert_eq!(joined(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_seam_leads_back_to_the_text() {
        let text = b"a lost connec\n  tion";
        let filter = SeamFilter::new(std::iter::once(&b"connection"[..]));
        let mut side = SideBuffer::default();
        filter.add_line_ends(Catalog::builtin().prefixes(), text, &mut side);
        let at = memchr::memmem::find(&side.text, b"connection").expect("joined");
        assert_eq!(side.seam_in(at, at + 10), Some((13, 16)));
        assert_eq!(side.seam_in(0, 4), None, "before the seam");
    }
}
