//! Chance that is the same on every machine and in every run: `splitmix64`, a few lines, good
//! enough for text.

/// The source of all chance.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// A number that has one to as many digits as `limit`, small ones as often as large ones.
    pub(crate) fn number(&mut self, limit: u32) -> u64 {
        let digits = 1 + self.below(limit as usize) as u32;
        self.next() % 10_u64.pow(digits)
    }

    /// True `share` times out of a thousand.
    pub(crate) fn chance(&mut self, share: usize) -> bool {
        self.below(1000) < share
    }

    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}
