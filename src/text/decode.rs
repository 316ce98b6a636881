//! Decoding: bytes of any origin become UTF-8, or something close enough to it. It never fails on input.
//!
//! Only UTF-16 needs work, because PowerShell redirection writes it; without a byte order mark it is
//! guessed. Invalid UTF-8, such as Windows-1252, is left as it is: every later step works on bytes and
//! treats what it does not know as an ordinary character.

use std::io::{self, Chain, Cursor, Read};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

/// Bytes by which the encoding is told.
const SNIFFED: usize = 4;

/// A reader behind the bytes that have been read from it.
type WithStart<R> = Chain<Cursor<Vec<u8>>, R>;

/// A reader that turns UTF-16 into UTF-8 and drops byte order marks; everything else passes through
/// unchanged.
///
/// # Errors
/// Only those of the inner reader.
#[derive(Debug)]
pub struct Decoder<R> {
    /// The inner reader, until its encoding is told.
    inner: Option<R>,
    decoded: Option<DecodeReaderBytes<WithStart<R>, Vec<u8>>>,
}

impl<R: Read> Decoder<R> {
    /// Wraps a reader; nothing is read yet.
    pub fn new(inner: R) -> Self {
        Self { inner: Some(inner), decoded: None }
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if let Some(inner) = &mut self.inner {
            let start = read_start(inner)?;
            let mut builder = DecodeReaderBytesBuilder::new();
            builder.encoding(guess(&start)).utf8_passthru(true).strip_bom(true);
            let input = |inner| Cursor::new(start).chain(inner);
            self.decoded = self.inner.take().map(|inner| builder.build(input(inner)));
        }
        self.decoded.as_mut().map_or(Ok(0), |decoded| decoded.read(buf))
    }
}

/// The length of the byte order mark of an input in UTF-8; `None` where the input must be decoded.
///
/// # Errors
/// Those of the reader.
pub(crate) fn utf8_bom(input: &mut impl Read) -> io::Result<Option<u64>> {
    let start = read_start(input)?;
    Ok(match Encoding::for_bom(&start) {
        Some((encoding, length)) => (encoding == UTF_8).then_some(length as u64),
        None => guess(&start).is_none().then_some(0),
    })
}

/// Reads the bytes by which the encoding is told; a pipe may deliver them one by one.
fn read_start(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::with_capacity(SNIFFED);
    input.take(SNIFFED as u64).read_to_end(&mut start)?;
    Ok(start)
}

/// The encoding of an input without a byte order mark, if it is not UTF-8: two characters below U+0100,
/// each beside a NUL, are UTF-16.
fn guess(start: &[u8]) -> Option<&'static Encoding> {
    match start {
        [a, 0, b, 0] if *a != 0 && *b != 0 => Some(UTF_16LE),
        [0, a, 0, b] if *a != 0 && *b != 0 => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Delivers one byte for each read, the worst that a pipe can do.
    struct OneByOne<'a>(&'a [u8]);

    impl Read for OneByOne<'_> {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let n = self.0.len().min(buf.len()).min(1);
            buf[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    fn decoded(bytes: &[u8]) -> Vec<u8> {
        let (mut whole, mut one_by_one) = (Vec::new(), Vec::new());
        Decoder::new(bytes).read_to_end(&mut whole).expect("a slice reads");
        Decoder::new(OneByOne(bytes)).read_to_end(&mut one_by_one).expect("a slice reads");
        assert_eq!(whole, one_by_one, "the chunking does not show");
        whole
    }

    #[test]
    fn utf16_with_and_without_mark_becomes_utf8() {
        let text = "API Error: 529 · 🙂";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decoded(&le), text.as_bytes());
        assert_eq!(decoded(&be), text.as_bytes());
        assert_eq!(decoded(&[&[0xff, 0xfe], &le[..]].concat()), text.as_bytes());
        assert_eq!(decoded(&[&[0xfe, 0xff], &be[..]].concat()), text.as_bytes());
    }

    #[test]
    fn utf8_loses_only_its_mark_and_garbage_passes() {
        assert_eq!(decoded(b"\xef\xbb\xbfabc"), b"abc");
        assert_eq!(decoded(b"a\xff\xfe\x00b"), b"a\xff\xfe\x00b");
        assert_eq!(decoded(b"it\x92s"), b"it\x92s", "Windows-1252");
        assert_eq!(decoded(b""), b"");
    }

    #[test]
    fn half_a_unit_and_half_a_pair_are_marked() {
        assert_eq!(decoded(b"\xff\xfea\0\x3d\xd8"), "a\u{fffd}".as_bytes());
        assert_eq!(decoded(b"\xff\xfea\0b"), "a\u{fffd}".as_bytes());
    }
}
