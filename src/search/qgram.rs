//! A sampled q-gram filter: it finds any number of anchors by strings of five bytes, looked up at
//! every second byte of a text.
//!
//! An anchor of six bytes or more holds a q-gram at both of the phases that a step of two can have,
//! so whoever knows one q-gram of the anchor for each phase finds the anchor wherever it stands.
//! Any number of anchors, in any case, cost one multiplication and one table look-up for every two
//! bytes. Measured: 0.35 to 0.4 s of CPU time to find the q-grams of a gigabyte of logs, manuals or
//! sources; `wc -l` takes 0.15. Four bytes at every third one cost less where nothing is found, but
//! are found two to three times as often.

use std::borrow::Cow;

/// Bytes from one sampled q-gram to the next.
pub(crate) const STEP: usize = 2;
/// Bytes of a q-gram.
pub(crate) const Q: usize = 5;
/// The least length of an anchor that holds a q-gram at every phase, in bytes.
pub(crate) const MIN_ANCHOR: usize = STEP + Q - 1;
/// Q-grams that are looked up together.
const BATCH: usize = 4;
/// Bytes of a machine word, which holds two sampled q-grams.
const WORD: usize = 8;
/// Bytes of a text that go through the three passes together; they stay in the nearest cache.
const PASS: usize = 4096;
/// Bits of the filter: ten thousand q-grams set one in fifty.
pub(crate) const FILTER_BITS: usize = 1 << 19;
/// Number of buckets.
pub(crate) const BUCKETS: usize = 1 << 15;

/// A q-gram of an anchor, and the window of eight bytes of the anchor around it: most texts that
/// share a q-gram with an anchor are told apart by the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QGram {
    /// Eight folded bytes of the anchor from `window_start` on, or all of a shorter anchor behind
    /// zeros.
    pub window: u64,
    /// Index of the anchor.
    pub anchor: u16,
    /// Offset of the q-gram in the anchor.
    pub at: u16,
    /// Offset of the window in the anchor.
    pub window_start: u16,
    /// Bits of the window that are not the anchor's.
    pub spare: u8,
    /// Another q-gram of the same bucket follows.
    pub more: bool,
}

impl QGram {
    /// The q-gram of an anchor at an offset in it.
    pub(crate) fn new(anchor: &[u8], index: usize, at: usize) -> Self {
        let start = at.min(anchor.len().saturating_sub(WORD));
        let bytes = &anchor[start..anchor.len().min(start + WORD)];
        let mut window = [b' '; WORD];
        window[..bytes.len()].copy_from_slice(bytes);
        let spare = 8 * (WORD - bytes.len());
        let window = (u64::from_le_bytes(window) | FOLD) << spare;
        Self {
            window,
            anchor: index as u16,
            at: at as u16,
            window_start: start as u16,
            spare: spare as u8,
            more: false,
        }
    }

    /// The folded q-gram itself.
    fn bytes(&self) -> u64 {
        front(self.window >> self.spare >> (8 * (self.at - self.window_start)))
    }

    /// Where the anchor begins if it stands around the q-gram at an offset of a text, as far as the
    /// window tells.
    fn anchor_start(&self, text: &[u8], at: usize) -> Option<usize> {
        let start = at.checked_sub(usize::from(self.at))?;
        let rest = text.get(start + usize::from(self.window_start)..)?;
        ((load(rest) | FOLD) << self.spare == self.window).then_some(start)
    }
}

/// The q-grams of all anchors as a hash table with a filter before it.
#[derive(Clone, Debug)]
pub(crate) struct QGramTable {
    /// The factor of the hashes: a q-gram is multiplied by it.
    pub factor: u64,
    /// A bit for each value of the first hash that some q-gram has; [`FILTER_BITS`] bits.
    pub filter: Cow<'static, [u8]>,
    /// For each value of the second hash one more than the index of its first q-gram, 0 for none;
    /// [`BUCKETS`] entries. Hardly any two q-grams share a bucket, and hardly anything that passes
    /// the filter without being a q-gram meets one that is not empty.
    pub buckets: Cow<'static, [u16]>,
    /// The q-grams, those of one bucket side by side.
    pub q_grams: Cow<'static, [QGram]>,
}

/// What the passes find. It is written over from one round to the next: to clear it each time would
/// cost half as much as the search.
struct Scratch {
    /// Offsets of batches, and for each of their q-grams whether it passed the filter.
    batches: [(u16, [u8; BATCH]); PASS / STEP / BATCH + 1],
    /// Offsets of q-grams, and what their buckets hold.
    hits: [(u16, u16); PASS / STEP + BATCH],
}

/// Makes letters lower case. Other bytes may become equal, which the comparison with the anchor
/// sorts out.
const FOLD: u64 = 0x2020_2020_2020_2020;

/// The folded form of a q-gram.
pub(crate) fn fold(bytes: [u8; Q]) -> u64 {
    let mut word = [0; WORD];
    word[..Q].copy_from_slice(&bytes);
    front(u64::from_le_bytes(word) | FOLD)
}

/// The q-gram at the front of a folded word.
const fn front(word: u64) -> u64 {
    word << (8 * (WORD - Q))
}

/// The first hash: a bit of the filter.
const fn filter_bit(q_gram: u64, factor: u64) -> usize {
    (q_gram.wrapping_mul(factor) >> 45) as usize
}

/// The second hash, which is independent of the first: a bucket.
const fn bucket(q_gram: u64, factor: u64) -> usize {
    (q_gram.wrapping_mul(factor) >> 30) as usize & (BUCKETS - 1)
}

/// A bit of the filter: 1 or 0.
const fn is_set(filter: &[u8; FILTER_BITS / 8], bit: usize) -> u8 {
    filter[bit / 8 % (FILTER_BITS / 8)] >> (bit % 8) & 1
}

/// Factors to choose from: odd numbers whose bits are well mixed.
fn factors() -> impl Iterator<Item = u64> {
    (1..=64_u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(n as u32) | 1)
}

impl QGramTable {
    /// Builds the table. Of all factors it takes the one with which the fewest of the `common`
    /// q-grams, which are given with their frequencies, pass the filter.
    ///
    /// # Panics
    /// If there are more than 65,534 q-grams; the limits of catalogs keep them far below.
    pub(crate) fn new(q_grams: &[QGram], common: &[(u64, u32)]) -> Self {
        let false_hits = |factor: u64| {
            let mut set = vec![false; FILTER_BITS];
            for q_gram in q_grams {
                set[filter_bit(q_gram.bytes(), factor)] = true;
            }
            common
                .iter()
                .filter(|(q_gram, _)| set[filter_bit(*q_gram, factor)])
                .map(|(_, frequency)| u64::from(*frequency))
                .sum::<u64>()
        };
        let factor = factors().min_by_key(|&factor| false_hits(factor)).unwrap_or(1);
        let bucket = |q_gram: &QGram| bucket(q_gram.bytes(), factor);
        let mut sorted = q_grams.to_vec();
        sorted.sort_by_key(bucket);
        let mut filter = vec![0; FILTER_BITS / 8];
        let mut buckets = vec![0; BUCKETS];
        for n in (0..sorted.len()).rev() {
            let bit = filter_bit(sorted[n].bytes(), factor);
            filter[bit / 8] |= 1 << (bit % 8);
            buckets[bucket(&sorted[n])] = u16::try_from(n + 1).expect("at most 65,534 q-grams");
            let next = sorted.get(n + 1);
            sorted[n].more = next.is_some_and(|next| bucket(next) == bucket(&sorted[n]));
        }
        Self { factor, filter: filter.into(), buckets: buckets.into(), q_grams: sorted.into() }
    }

    /// Reports each place at which an anchor may begin, as far as the window of a q-gram tells: the
    /// anchor's index, and the offset.
    ///
    /// Three passes: batches in which something passes the filter, q-grams in them whose bucket is
    /// not empty, anchors. A wrong guess of the processor costs more time than a pass, and the first
    /// two passes leave it little to guess.
    pub(crate) fn find(&self, text: &[u8], mut report: impl FnMut(u16, usize)) {
        let (Some(filter), Some(buckets)) = (self.filter.first_chunk(), self.buckets.first_chunk())
        else {
            return;
        };
        let mut compare = |at: usize, bucket: u16| {
            for q_gram in &self.q_grams[usize::from(bucket) - 1..] {
                if let Some(start) = q_gram.anchor_start(text, at) {
                    report(q_gram.anchor, start);
                }
                if !q_gram.more {
                    break;
                }
            }
        };
        let mut start = 0;
        if text.len() >= PASS + WORD {
            let mut scratch = Scratch {
                batches: [(0, [0; BATCH]); PASS / STEP / BATCH + 1],
                hits: [(0, 0); PASS / STEP + BATCH],
            };
            while text.len() - start >= PASS + WORD {
                let bytes = &text[start..start + PASS + WORD];
                for &(at, bucket) in self.hits((filter, buckets), bytes, &mut scratch) {
                    compare(start + usize::from(at), bucket);
                }
                start += PASS;
            }
        }
        // The rest, and short texts, for which no scratch memory is made.
        for at in (start..(text.len() + 1).saturating_sub(Q)).step_by(STEP) {
            let q_gram = front(load(&text[at..]) | FOLD);
            if is_set(filter, filter_bit(q_gram, self.factor)) != 0 {
                match buckets[bucket(q_gram, self.factor)] {
                    0 => {}
                    bucket => compare(at, bucket),
                }
            }
        }
    }

    /// The first two passes over [`PASS`] bytes, which [`WORD`] bytes more follow: the offsets of
    /// q-grams, and what their buckets hold.
    fn hits<'s>(
        &self,
        (filter, buckets): (&[u8; FILTER_BITS / 8], &[u16; BUCKETS]),
        bytes: &[u8],
        scratch: &'s mut Scratch,
    ) -> &'s [(u16, u16)] {
        let factor = self.factor;
        let look_up = |q_gram: u64| is_set(filter, filter_bit(q_gram, factor));
        let load = |at: usize| {
            bytes[at..].first_chunk::<WORD>().map_or(0, |word| u64::from_le_bytes(*word) | FOLD)
        };
        let mut batches = 0;
        for (n, batch) in bytes[..bytes.len() - WORD].chunks_exact(STEP * BATCH).enumerate() {
            let at = n * batch.len();
            // Two q-grams from each load.
            let (one, two) = (load(at), load(at + 2 * STEP));
            let passed = [
                look_up(front(one)),
                look_up(front(one >> (8 * STEP))),
                look_up(front(two)),
                look_up(front(two >> (8 * STEP))),
            ];
            scratch.batches[batches] = (at as u16, passed);
            batches += usize::from(u32::from_le_bytes(passed) != 0);
        }
        let mut hits = 0;
        for (batch, passed) in &scratch.batches[..batches] {
            let mut left = u32::from_le_bytes(*passed);
            while left != 0 {
                let at = batch + (left.trailing_zeros() / u8::BITS) as u16 * STEP as u16;
                let bucket = buckets[bucket(front(load(at.into())), factor)];
                scratch.hits[hits] = (at, bucket);
                hits += usize::from(bucket != 0);
                left &= left - 1;
            }
        }
        &scratch.hits[..hits]
    }
}

/// The first eight bytes of a text, padded with zeros.
fn load(text: &[u8]) -> u64 {
    u64::from_le_bytes(text.first_chunk().copied().unwrap_or_else(|| {
        let mut padded = [0; WORD];
        padded[..text.len()].copy_from_slice(text);
        padded
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of one anchor with its q-grams at two offsets, one for each phase.
    fn table(anchor: &str, at: [usize; 2]) -> QGramTable {
        QGramTable::new(&at.map(|at| QGram::new(anchor.as_bytes(), 7, at)), &[])
    }

    fn found(table: &QGramTable, text: &str) -> Vec<(u16, usize)> {
        let mut found = Vec::new();
        table.find(text.as_bytes(), |anchor, at| found.push((anchor, at)));
        found
    }

    #[test]
    fn an_anchor_is_found_at_every_offset_and_in_any_case() {
        for anchor in ["socket", "a longer one"] {
            let table = table(anchor, [0, 1]);
            for before in 0..80 {
                for after in [0, before % 7] {
                    let upper = anchor.to_uppercase();
                    let text = format!("{}{upper}{}", "-".repeat(before), "-".repeat(after));
                    assert_eq!(found(&table, &text), [(7, before)], "{text}");
                }
            }
        }
    }

    #[test]
    fn a_long_anchor_is_found_by_its_end() {
        let anchor = format!("{}socket", "x".repeat(400));
        assert_eq!(found(&table(&anchor, [400, 401]), &format!(" {anchor} ")), [(7, 1)]);
    }

    #[test]
    fn a_text_that_only_shares_a_q_gram_is_passed_over() {
        let table = table("rejected", [3, 2]);
        for text in ["selected", "ejected", "rejecter", "xx jected", "re jected"] {
            assert_eq!(found(&table, text), [], "{text}");
        }
    }
}
