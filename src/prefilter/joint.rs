//! Joints: the ends of lines, where a terminal may have broken a word, or the one blank of an anchor.
//!
//! A look at the few grams that the two lines would have in common says whether an anchor may lie across.

use super::gram::{self, GRAM};
use crate::text::lead;

/// How much of either line is laid together.
const REACH: usize = 200;

/// The insides of all anchors.
#[derive(Clone, Debug)]
pub(super) struct Joints {
    /// The grams at every phase, ascending.
    grams: Vec<u64>,
    /// Their hashes, as bits.
    hashes: Vec<u64>,
    /// Which byte may follow which in an anchor, as bits: nearly every look ends here.
    pairs: Vec<u64>,
    /// Which bytes may stand before the blank of an anchor.
    before_blank: [bool; 256],
    /// Which bytes may stand in an anchor, its first place aside. Of stamped logs, whose lines begin with digits, this is all that is
    /// looked at.
    inside: [bool; 256],
}

/// 65,536 bits.
const BITS: usize = 1 << 10;

/// Where in a set of bits a number is.
fn bit(number: u16) -> (usize, u32) {
    (usize::from(number >> 6), u32::from(number & 63))
}

fn pair(before: u8, after: u8) -> (usize, u32) {
    bit(u16::from_be_bytes([before.to_ascii_lowercase(), after.to_ascii_lowercase()]))
}

fn hash(gram: u64) -> (usize, u32) {
    bit((gram.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48) as u16)
}

impl Joints {
    pub(super) fn new<'a>(anchors: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut joints = Self { grams: Vec::new(), hashes: vec![0; BITS], pairs: vec![0; BITS], before_blank: [false; 256], inside: [false; 256] };
        for anchor in anchors {
            joints.grams.extend(anchor.windows(GRAM).filter_map(|bytes| bytes.first_chunk::<GRAM>()).map(|bytes| gram::fold(*bytes)));
            for bytes in anchor.windows(2) {
                let (word, bit) = pair(bytes[0], bytes[1]);
                joints.pairs[word] |= 1 << bit;
                joints.before_blank[usize::from(bytes[0])] |= bytes[1] == b' ';
                joints.inside[usize::from(bytes[1])] = true;
            }
        }
        joints.grams.sort_unstable();
        joints.grams.dedup();
        for &gram in &joints.grams {
            let (word, bit) = hash(gram);
            joints.hashes[word] |= 1 << bit;
        }
        joints
    }

    fn pair(&self, before: u8, after: u8) -> bool {
        let (word, bit) = pair(before, after);
        self.pairs[word] >> bit & 1 == 1
    }

    fn gram(&self, bytes: [u8; GRAM]) -> bool {
        let gram = gram::fold(bytes);
        let (word, bit) = hash(gram);
        self.hashes[word] >> bit & 1 == 1 && self.grams.binary_search(&gram).is_ok()
    }

    /// Reports every end of a line across which an anchor may lie: where the line ends, where the text of the next one begins, and
    /// what would stand between them.
    pub(super) fn find(&self, text: &[u8], mut report: impl FnMut(usize, usize, &[u8])) {
        for at in memchr::memchr_iter(b'\n', text) {
            let next = start_of_text(text, at + 1);
            let Some(&first) = text.get(next).filter(|first| self.inside[usize::from(first.to_ascii_lowercase())]) else { continue };
            let end = end_of_text(text, at);
            let Some(&last) = end.checked_sub(1).and_then(|last| text.get(last)) else { continue };
            let tight = self.pair(last, first);
            let blank = self.before_blank[usize::from(last.to_ascii_lowercase())] && self.pair(b' ', first);
            if !tight && !blank {
                continue;
            }
            let (Some(before), Some(after)) = (text[..end].last_chunk::<4>(), text[next..].first_chunk::<4>()) else { continue };
            let mut seam = [b' '; 8];
            seam[..4].copy_from_slice(before);
            seam[4..].copy_from_slice(after);
            let across = |seam: &[u8]| seam.windows(GRAM).filter_map(|bytes| bytes.first_chunk()).any(|bytes| self.gram(*bytes));
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
pub(super) fn joined(text: &[u8], end: usize, next: usize, between: &[u8], out: &mut Vec<u8>) -> usize {
    let before = &text[end.saturating_sub(REACH)..end];
    out.clear();
    out.extend_from_slice(before);
    out.extend_from_slice(between);
    out.extend_from_slice(&text[next..text.len().min(next + REACH)]);
    before.len()
}

/// Where the text of the line that ends at `at` ends, without blanks and borders.
fn end_of_text(text: &[u8], at: usize) -> usize {
    match at.checked_sub(1).map(|last| text[last]) {
        Some(b' ' | b'\t' | b'\r' | 0x80..) => {
            let start = at.saturating_sub(REACH);
            start + lead::text_end(&text[start..at])
        }
        _ => at,
    }
}

/// Where the text of the line that begins at `at` begins, behind what may stand before a line that goes on from another.
fn start_of_text(text: &[u8], at: usize) -> usize {
    let start = at + text[at..].iter().take(REACH).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match text.get(start) {
        Some(b'|' | b'>' | 0x80..) => start + lead::margin(&text[start..text.len().min(start + REACH)]),
        _ => start,
    }
}
