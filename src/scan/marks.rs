//! What the prefilter said of a cell: which wordings may stand in it.

use crate::prefilter::{Candidate, Mark};

/// Wordings that may stand in a stretch of the input.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    open: Set,
    gated: Set,
    named: bool,
    /// Something not gated, something gated, may begin in the cell itself.
    begins: (bool, bool),
    /// The offsets between which the candidates of what may begin in the cell lie.
    span: Option<(u64, u64)>,
}

/// A set of small numbers. A status is number 0, a rule its index and one.
#[derive(Clone, Debug, Default)]
struct Set {
    words: Vec<u64>,
}

impl Set {
    fn add(&mut self, number: usize) {
        let word = number / 64;
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << (number % 64);
    }

    fn join(&mut self, other: &Self) {
        self.words.resize(self.words.len().max(other.words.len()), 0);
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word |= other);
    }

    fn has(&self, number: usize) -> bool {
        self.words.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }
}

impl Marks {
    /// For an input that is judged as a whole: what is gated is looked for, name or no name.
    pub(super) fn beside_a_name() -> Self {
        Self { named: true, ..Self::default() }
    }

    /// Takes a candidate.
    pub(super) fn add(&mut self, candidate: Candidate) {
        let number = match candidate.mark {
            Mark::Name => {
                self.named = true;
                return;
            }
            Mark::Status => 0,
            Mark::Rule(index) => usize::from(index) + 1,
        };
        if candidate.gated { self.gated.add(number) } else { self.open.add(number) }
    }

    /// What has a candidate at this offset of the stream may begin in the cell.
    pub(super) fn begin(&mut self, candidate: Candidate, at: u64) {
        match candidate.mark {
            Mark::Name => return,
            _ if candidate.gated => self.begins.1 = true,
            _ => self.begins.0 = true,
        }
        let (first, last) = self.span.unwrap_or((at, at));
        self.span = Some((first.min(at), last.max(at)));
    }

    /// Takes over what may stand beside: not what may begin there.
    pub(super) fn join(&mut self, other: &Self) {
        self.open.join(&other.open);
        self.gated.join(&other.gated);
        self.named |= other.named;
    }

    /// The offsets between which the candidates of what may begin in the cell lie.
    pub(super) fn span(&self) -> Option<(u64, u64)> {
        self.span
    }

    /// Whether anything that can count may begin in the cell, what stands beside it considered.
    pub(super) fn is_worth_a_look(&self) -> bool {
        self.begins.0 || (self.begins.1 && self.named)
    }

    /// Whether a rule may match; what is gated is only looked for beside a name.
    pub(super) fn rule(&self, index: usize) -> bool {
        self.number(index + 1)
    }

    /// Whether a status may be reported.
    pub(super) fn status(&self) -> bool {
        self.number(0)
    }

    fn number(&self, number: usize) -> bool {
        self.open.has(number) || (self.named && self.gated.has(number))
    }
}
