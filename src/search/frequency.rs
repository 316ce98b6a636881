//! How often a q-gram occurs in ordinary text, so that anchors are chosen where they are rare.
//!
//! The table was counted on 8 MB each of Python, Rust, JavaScript and documentation, and of build
//! logs at a third of their weight; `cargo bench --bench frequency` counts one in the same format,
//! with equal weights. Each line is a class: the least number of occurrences per million bytes,
//! then the q-grams of the class, with `+` for a blank. A q-gram that is not in the table is rarer
//! than every class, or holds something other than letters.

use std::collections::HashMap;

use super::qgram::{self, Q};

const TABLE: &str = include_str!("frequency.txt");

/// The frequencies of q-grams.
pub(super) struct Frequency {
    common: HashMap<u64, u32>,
}

impl Frequency {
    /// Reads the table.
    pub(super) fn new() -> Self {
        let classes = TABLE
            .lines()
            .filter_map(|line| line.split_once(' '))
            .filter_map(|(class, q_grams)| Some((class.parse().ok()?, q_grams)));
        let q_gram = |text: &str| {
            text.replace('+', " ").as_bytes().first_chunk::<Q>().map(|bytes| qgram::fold(*bytes))
        };
        let common = classes.flat_map(|(class, q_grams): (u32, _)| {
            q_grams.split(' ').filter_map(q_gram).map(move |q_gram| (q_gram, class))
        });
        Self { common: common.collect() }
    }

    /// The occurrences of a folded q-gram per million bytes, rounded down to its class; at least 1.
    pub(super) fn of(&self, q_gram: u64) -> u32 {
        self.common.get(&q_gram).copied().unwrap_or(1)
    }

    /// Every q-gram of the table with its frequency.
    pub(super) fn all(&self) -> Vec<(u64, u32)> {
        self.common.iter().map(|(q_gram, frequency)| (*q_gram, *frequency)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_q_grams_are_known() {
        let frequency = Frequency::new();
        let rate = |text: &[u8; Q]| frequency.of(qgram::fold(*text));
        assert!(rate(b"ction") > rate(b"onnec"));
        assert!(rate(b"ONNEC") == rate(b"onnec"));
        assert!(rate(b"onnec") > rate(b"qzxjq"));
    }
}
