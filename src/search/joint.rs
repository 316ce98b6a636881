//! Joints: the ends of lines, where a terminal may have broken a word, or the one blank of an
//! anchor.
//!
//! A look at the few grams that the two lines would have in common says whether an anchor may lie
//! across.

use super::gram::{self, GRAM};
use crate::text::colour;
use crate::text::prefix::Prefixes;

/// How much of either line is laid together.
const REACH: usize = 200;

/// The insides of all anchors.
#[derive(Clone, Debug)]
pub(super) struct Joints {
    /// Bytes of the longest anchor.
    pub(super) longest: usize,
    /// The grams at every phase, ascending.
    grams: Vec<u64>,
    /// Their hashes.
    hashes: Bits,
    /// Which byte may follow which in an anchor.
    tight: Bits,
    /// Which bytes may stand on both sides of a blank in an anchor.
    apart: Bits,
    /// Between which bytes of a text an end of a line may be such a place, or has to be looked at
    /// to know. Nearly every look ends here.
    beside: Bits,
}

/// 65,536 bits.
#[derive(Clone, Debug)]
struct Bits(Vec<u64>);

impl Bits {
    fn new() -> Self {
        Self(vec![0; 1 << 10])
    }

    fn add(&mut self, number: u16) {
        self.0[usize::from(number >> 6)] |= 1 << (number & 63);
    }

    fn has(&self, number: u16) -> bool {
        self.0[usize::from(number >> 6)] >> (number & 63) & 1 == 1
    }
}

fn pair(before: u8, after: u8) -> u16 {
    u16::from_be_bytes([before.to_ascii_lowercase(), after.to_ascii_lowercase()])
}

fn hash(gram: u64) -> u16 {
    (gram.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48) as u16
}

/// Whether the text of a line may end before this byte.
const fn is_margin_after(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'm' | b'K' | 0x80..)
}

/// Whether the text of a line may begin behind this byte.
const fn is_margin_before(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'|' | b'>' | 0x1b | 0x80..)
}

impl Joints {
    pub(super) fn new<'a>(anchors: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut joints = Self {
            longest: 0,
            grams: Vec::new(),
            hashes: Bits::new(),
            tight: Bits::new(),
            apart: Bits::new(),
            beside: Bits::new(),
        };
        for anchor in anchors {
            joints.longest = joints.longest.max(anchor.len());
            joints.grams.extend(
                anchor
                    .windows(GRAM)
                    .filter_map(|bytes| bytes.first_chunk::<GRAM>())
                    .map(|bytes| gram::fold(*bytes)),
            );
            anchor.windows(2).for_each(|bytes| joints.tight.add(pair(bytes[0], bytes[1])));
            anchor
                .windows(3)
                .filter(|bytes| bytes[1] == b' ')
                .for_each(|bytes| joints.apart.add(pair(bytes[0], bytes[2])));
        }
        joints.grams.sort_unstable();
        joints.grams.dedup();
        joints.grams.iter().for_each(|gram| joints.hashes.add(hash(*gram)));
        for number in 0..=u16::MAX {
            let [before, after] = number.to_be_bytes();
            let inside = pair(before, after);
            if is_margin_after(before)
                || is_margin_before(after)
                || joints.tight.has(inside)
                || joints.apart.has(inside)
            {
                joints.beside.add(number);
            }
        }
        joints
    }

    fn gram(&self, bytes: [u8; GRAM]) -> bool {
        let gram = gram::fold(bytes);
        self.hashes.has(hash(gram)) && self.grams.binary_search(&gram).is_ok()
    }

    /// Whether an anchor may lie across an offset of a text, with a byte of it on either side.
    pub(super) fn lies_across(&self, text: &[u8], at: usize) -> bool {
        let (Some(last), Some(first)) = (at.checked_sub(1), text.get(at)) else { return false };
        let near = &text[at.saturating_sub(GRAM - 1)..text.len().min(at + GRAM - 1)];
        let mut grams = near.windows(GRAM).filter_map(|bytes| bytes.first_chunk());
        self.tight.has(pair(text[last], *first)) && grams.any(|bytes| self.gram(*bytes))
    }

    /// Reports every end of a line across which an anchor may lie: where the line ends, where the
    /// text of the next one begins, and what would stand between them.
    pub(super) fn find(
        &self,
        prefixes: &Prefixes,
        text: &[u8],
        mut report: impl FnMut(usize, usize, &[u8]),
    ) {
        for at in memchr::memchr_iter(b'\n', text) {
            let (Some(last), Some(first)) = (at.checked_sub(1), text.get(at + 1)) else { continue };
            if !self.beside.has(u16::from_be_bytes([text[last], *first])) {
                continue;
            }
            let (end, next) =
                (end_of_text(prefixes, text, at), start_of_text(prefixes, text, at + 1));
            let (Some(last), Some(first)) = (end.checked_sub(1), text.get(next)) else { continue };
            let beside = pair(text[last], *first);
            let (tight, blank) = (self.tight.has(beside), self.apart.has(beside));
            if !tight && !blank {
                continue;
            }
            let (Some(before), Some(after)) =
                (text[..end].last_chunk::<4>(), text[next..].first_chunk::<4>())
            else {
                continue;
            };
            let mut seam = [b' '; 8];
            seam[..4].copy_from_slice(before);
            seam[4..].copy_from_slice(after);
            let across = |seam: &[u8]| {
                seam.windows(GRAM)
                    .filter_map(|bytes| bytes.first_chunk())
                    .any(|bytes| self.gram(*bytes))
            };
            if tight && across(&seam) {
                report(end, next, b"");
            }
            seam.copy_within(1..4, 0);
            seam[3] = b' ';
            if blank && across(&seam[..7]) {
                report(end, next, b" ");
            }
        }
    }
}

/// The text on both sides of a joint as one, and where in it the joint is.
pub(super) fn joined(
    text: &[u8],
    end: usize,
    next: usize,
    between: &[u8],
    out: &mut Vec<u8>,
) -> usize {
    let before = &text[end.saturating_sub(REACH)..end];
    out.clear();
    out.extend_from_slice(before);
    out.extend_from_slice(between);
    out.extend_from_slice(&text[next..text.len().min(next + REACH)]);
    before.len()
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
