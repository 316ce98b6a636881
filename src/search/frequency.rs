//! How often a gram stands in ordinary text, so that anchors are chosen where they are rare.
//!
//! The table was counted on 8 MB each of Python, Rust, JavaScript and documentation, and of build
//! logs at a third of their weight; `cargo bench --bench frequency` counts one of the same form,
//! all texts weighing the same. One line for each class: occurrences per million bytes, at least,
//! then its grams, `+` for a blank. What is not in it is rarer, or no run of letters.

use std::collections::HashMap;

use super::gram::{self, GRAM};

const TABLE: &str = include_str!("frequency.txt");

/// The frequency of grams.
pub(super) struct Frequency {
    common: HashMap<u64, u32>,
}

impl Frequency {
    /// Reads the table.
    pub(super) fn new() -> Self {
        let classes = TABLE
            .lines()
            .filter_map(|line| line.split_once(' '))
            .filter_map(|(class, grams)| Some((class.parse().ok()?, grams)));
        let gram = |text: &str| {
            text.replace('+', " ").as_bytes().first_chunk::<GRAM>().map(|bytes| gram::fold(*bytes))
        };
        let common = classes.flat_map(|(class, grams): (u32, _)| {
            grams.split(' ').filter_map(gram).map(move |gram| (gram, class))
        });
        Self { common: common.collect() }
    }

    /// Occurrences of a gram per million bytes, roughly.
    pub(super) fn of(&self, gram: u64) -> u32 {
        self.common.get(&gram).copied().unwrap_or(1)
    }

    /// Every gram that is in the table, with its frequency.
    pub(super) fn all(&self) -> Vec<(u64, u32)> {
        self.common.iter().map(|(gram, frequency)| (*gram, *frequency)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_grams_are_known() {
        let frequency = Frequency::new();
        let of = |text: &[u8; GRAM]| frequency.of(gram::fold(*text));
        assert!(
            of(b"ction") > of(b"onnec")
                && of(b"ONNEC") == of(b"onnec")
                && of(b"onnec") > of(b"qzxjq")
        );
    }
}
