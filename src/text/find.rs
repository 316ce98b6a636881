//! Looking for a few bytes in a few lines.
//!
//! `memmem` gets ready before it looks, which pays on a long text. On the line of one message it
//! took a sixth of the whole run, and on the spots of a log full of errors an eighth.

use memchr::{memchr_iter, memmem, memrchr_iter};

/// A text of fewer bytes is looked through at once.
const SHORT: usize = 512;

/// Where a word first stands in a text.
pub fn first(text: &[u8], word: &[u8]) -> Option<usize> {
    let Some(&first) = word.first().filter(|_| text.len() < SHORT) else {
        return memmem::find(text, word);
    };
    let places = text.get(..=text.len().checked_sub(word.len())?)?;
    memchr_iter(first, places).find(|&at| text[at..].starts_with(word))
}

/// Where a word last stands in a text.
pub fn last(text: &[u8], word: &[u8]) -> Option<usize> {
    let Some(&first) = word.first().filter(|_| text.len() < SHORT) else {
        return memmem::rfind(text, word);
    };
    let places = text.get(..=text.len().checked_sub(word.len())?)?;
    memrchr_iter(first, places).find(|&at| text[at..].starts_with(word))
}

/// Whether a word stands in a text.
pub fn contains(text: &[u8], word: &str) -> bool {
    first(text, word.as_bytes()).is_some()
}

/// Where a word stands in a text, without overlaps.
pub fn all<'t>(text: &'t [u8], word: &'t [u8]) -> impl Iterator<Item = usize> + 't {
    let mut from = 0;
    let mut long = (text.len() >= SHORT).then(|| memmem::find_iter(text, word));
    std::iter::from_fn(move || {
        if let Some(places) = &mut long {
            return places.next();
        }
        let at = from + first(&text[from..], word)?;
        from = at + word.len().max(1);
        Some(at)
    })
}

/// What four bytes stand in a text, as bits: who looks for many words in one text finds out sooner
/// here that nearly none of them stands there.
#[derive(Debug)]
pub struct Quads([u64; 64]);

/// Bytes that make a bit.
const QUAD: usize = 4;

impl Quads {
    /// The bytes of a text; all there can be, if it is long.
    pub fn of(text: &[u8]) -> Self {
        let mut quads = Self([if text.len() < SHORT { 0 } else { u64::MAX }; 64]);
        for quad in text.windows(QUAD).take(SHORT) {
            let bit = Self::bit(quad);
            quads.0[bit / 64] |= 1 << (bit % 64);
        }
        quads
    }

    /// Whether a word could stand in the text; where not, it does not.
    pub fn may_hold(&self, word: &[u8]) -> bool {
        word.windows(QUAD).map(Self::bit).all(|bit| self.0[bit / 64] >> (bit % 64) & 1 == 1)
    }

    fn bit(quad: &[u8]) -> usize {
        let quad = quad.first_chunk::<QUAD>().map_or(0, |quad| u32::from_le_bytes(*quad));
        (quad.wrapping_mul(0x9e37_79b1) >> 20) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_text_may_be_held() {
        let text = b"apierror:529";
        let quads = Quads::of(text);
        for start in 0..text.len() {
            (start..=text.len()).for_each(|end| assert!(quads.may_hold(&text[start..end])));
        }
        assert!(!quads.may_hold(b"apierror:53") && !quads.may_hold(b"ipae"));
        assert!(Quads::of(&[b'-'; SHORT]).may_hold(b"whatever"));
    }

    #[test]
    fn short_and_long_texts_are_searched_alike() {
        let long = "-".repeat(SHORT);
        for (text, word, places) in [
            ("abab", "ab", vec![0, 2]),
            ("aaa", "aa", vec![0]),
            ("ab", "abc", vec![]),
            ("", "a", vec![]),
            ("xab", "ab", vec![1]),
            ("xa", "ab", vec![]),
        ] {
            assert_eq!(
                all(text.as_bytes(), word.as_bytes()).collect::<Vec<_>>(),
                places,
                "{word} in {text}"
            );
            assert_eq!(first(text.as_bytes(), word.as_bytes()), places.first().copied());
            assert_eq!(
                all(format!("{text}{long}").as_bytes(), word.as_bytes()).collect::<Vec<_>>(),
                places,
                "{word} in a long {text}"
            );
            assert_eq!(
                last(text.as_bytes(), word.as_bytes()),
                memmem::rfind(text.as_bytes(), word.as_bytes())
            );
            assert_eq!(contains(text.as_bytes(), word), !places.is_empty());
        }
    }
}
