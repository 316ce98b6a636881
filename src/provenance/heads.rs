//! Many names looked for at once: by four bytes of each, of which nearly every place of a text has
//! none.

/// Bytes of a name's head: what is looked at of nearly every place. No name is shorter.
pub(crate) const HEAD: usize = 4;

/// The heads of names, in any case.
#[derive(Debug)]
pub(super) struct Heads {
    /// The hashes, as bits.
    bits: [u64; 64],
    /// The hashes with the names that have them, sorted.
    names: Vec<(u16, u16)>,
}

impl Heads {
    /// Takes names; elsewhere they are known by their place among these.
    pub(super) fn new<'n>(names: impl Iterator<Item = &'n [u8]>) -> Self {
        let mut heads = Self { bits: [0; 64], names: Vec::new() };
        for (index, name) in names.enumerate() {
            if let Some(head) = name.first_chunk().copied() {
                let hash = hash(head);
                heads.bits[usize::from(hash >> 6)] |= 1 << (hash & 63);
                heads.names.push((hash, index as u16));
            }
        }
        heads.names.sort_unstable();
        heads
    }

    /// Tells of every place where a name may stand.
    pub(super) fn find(&self, text: &[u8], mut tell: impl FnMut(usize, usize)) {
        for (at, head) in text.windows(HEAD).enumerate() {
            let Some(hash) = head.first_chunk().copied().map(hash) else { continue };
            if self.bits[usize::from(hash >> 6)] >> (hash & 63) & 1 == 0 {
                continue;
            }
            let first = self.names.partition_point(|(of, _)| *of < hash);
            let same = self.names[first..].iter().take_while(|(of, _)| *of == hash);
            same.for_each(|(_, index)| tell(at, usize::from(*index)));
        }
    }
}

/// Twelve bits of a head, the same in any case.
fn hash(head: [u8; HEAD]) -> u16 {
    ((u32::from_le_bytes(head) | 0x2020_2020).wrapping_mul(0x9e37_79b1) >> 20) as u16
}
