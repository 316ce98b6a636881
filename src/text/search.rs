//! Looking for a few bytes in a few lines.
//!
//! `memmem` gets ready before it looks, which pays on a long text. On the line of one message it
//! took a sixth of the whole run, and on the spots of a log full of errors an eighth.

use memchr::{memchr_iter, memmem, memrchr_iter};

/// A text of fewer bytes is looked through at once.
const SHORT: usize = 512;

/// Where a word first stands in a text.
pub fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    let Some(&first) = word.first().filter(|_| text.len() < SHORT) else {
        return memmem::find(text, word);
    };
    let places = text.get(..=text.len().checked_sub(word.len())?)?;
    memchr_iter(first, places).find(|&at| text[at..].starts_with(word))
}

/// Where a word last stands in a text.
pub fn find_last(text: &[u8], word: &[u8]) -> Option<usize> {
    let Some(&first) = word.first().filter(|_| text.len() < SHORT) else {
        return memmem::rfind(text, word);
    };
    let places = text.get(..=text.len().checked_sub(word.len())?)?;
    memrchr_iter(first, places).find(|&at| text[at..].starts_with(word))
}

/// Whether a word stands in a text.
pub fn contains(text: &[u8], word: &str) -> bool {
    find(text, word.as_bytes()).is_some()
}

/// Where a word stands in a text, without overlaps.
pub fn find_all<'t>(text: &'t [u8], word: &'t [u8]) -> impl Iterator<Item = usize> + 't {
    let mut from = 0;
    let mut long = (text.len() >= SHORT).then(|| memmem::find_iter(text, word));
    std::iter::from_fn(move || {
        if let Some(places) = &mut long {
            return places.next();
        }
        let at = from + find(&text[from..], word)?;
        from = at + word.len().max(1);
        Some(at)
    })
}

/// The pairs of bytes in a short text. Who looks for some hundred words in it finds out sooner here
/// that nearly none of them stands there: for a message as an argument that was a tenth of all
/// instructions.
pub struct Pairs([u64; 64]);

impl Pairs {
    /// The pairs of a text; all there can be, if it is long.
    pub fn of(text: &[u8]) -> Self {
        let mut pairs = Self([if text.len() < SHORT { 0 } else { u64::MAX }; 64]);
        for pair in text.windows(2).take(SHORT) {
            let bit = Self::bit(pair);
            pairs.0[bit / 64] |= 1 << (bit % 64);
        }
        pairs
    }

    /// Whether a word could stand in the text; where not, it does not.
    pub fn may_hold(&self, word: &[u8]) -> bool {
        word.windows(2).map(Self::bit).all(|bit| self.0[bit / 64] >> (bit % 64) & 1 == 1)
    }

    /// Six bits of either byte: letters differ in the lower five.
    fn bit(pair: &[u8]) -> usize {
        usize::from(pair[0] & 63) << 6 | usize::from(pair[1] & 63)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_text_has_its_pairs() {
        let text = b"apierror:529";
        let pairs = Pairs::of(text);
        for start in 0..text.len() {
            (start..=text.len()).for_each(|end| assert!(pairs.may_hold(&text[start..end])));
        }
        assert!(!pairs.may_hold(b"apierror:53") && !pairs.may_hold(b"ipa"));
        assert!(Pairs::of(&[b'-'; SHORT]).may_hold(b"whatever"));
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
                find_all(text.as_bytes(), word.as_bytes()).collect::<Vec<_>>(),
                places,
                "{word} in {text}"
            );
            assert_eq!(find(text.as_bytes(), word.as_bytes()), places.first().copied());
            assert_eq!(
                find_all(format!("{text}{long}").as_bytes(), word.as_bytes()).collect::<Vec<_>>(),
                places,
                "{word} in a long {text}"
            );
            assert_eq!(
                find_last(text.as_bytes(), word.as_bytes()),
                memmem::rfind(text.as_bytes(), word.as_bytes())
            );
            assert_eq!(contains(text.as_bytes(), word), !places.is_empty());
        }
    }
}
