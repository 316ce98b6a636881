//! Bytes of any origin become UTF-8, or something close enough to it: this step never fails.
//!
//! Only UTF-16 needs work, because PowerShell redirection writes it. Invalid UTF-8 is left as it
//! is: every later step works on bytes and treats what it does not know as an ordinary character.

use std::io::{self, Read};

/// The encodings that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16 { big_endian: bool },
}

/// A reader that turns UTF-16 into UTF-8 and drops byte order marks; everything else passes through
/// untouched.
///
/// # Errors
/// Only those of the inner reader.
#[derive(Debug)]
pub struct Decoder<R> {
    inner: R,
    encoding: Option<Encoding>,
    /// Decoded bytes that the caller has not taken yet.
    ready: Vec<u8>,
    taken: usize,
    /// An odd byte, and the first half of a surrogate pair, waiting for their second half.
    odd: Option<u8>,
    high: Option<u16>,
}

const CHUNK: usize = 64 * 1024;

impl<R: Read> Decoder<R> {
    /// Wraps a reader; nothing is read yet.
    pub fn new(inner: R) -> Self {
        Self { inner, encoding: None, ready: Vec::new(), taken: 0, odd: None, high: None }
    }

    /// Reads one chunk of the inner reader into `ready`; returns whether there was one.
    fn fill(&mut self) -> io::Result<bool> {
        self.ready.resize(CHUNK, 0);
        self.taken = 0;
        let mut filled = 0;
        // The encoding is judged on the first bytes, which a pipe may deliver one by one.
        let enough = if self.encoding.is_none() { 4 } else { 1 };
        while filled < enough {
            match self.inner.read(&mut self.ready[filled..]) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    self.ready.clear();
                    return Err(e);
                }
            }
        }
        self.ready.truncate(filled);
        if self.encoding.is_none() {
            let (encoding, mark) = sniff(&self.ready);
            self.encoding = Some(encoding);
            self.taken = mark;
        }
        if let Some(Encoding::Utf16 { big_endian }) = self.encoding {
            let units: Vec<u8> = self.ready.drain(..).skip(self.taken).collect();
            self.taken = 0;
            self.utf16(&units, big_endian);
            if filled == 0 && (self.high.take().is_some() || self.odd.take().is_some()) {
                self.ready.extend_from_slice("\u{fffd}".as_bytes());
                return Ok(true);
            }
        }
        Ok(filled > 0)
    }

    fn utf16(&mut self, bytes: &[u8], big_endian: bool) {
        for &byte in bytes {
            let Some(first) = self.odd.take() else {
                self.odd = Some(byte);
                continue;
            };
            let unit = if big_endian {
                u16::from_be_bytes([first, byte])
            } else {
                u16::from_le_bytes([first, byte])
            };
            let units: &[u16] = match self.high.take() {
                Some(high) => &[high, unit],
                None if (0xd800..0xdc00).contains(&unit) => {
                    self.high = Some(unit);
                    continue;
                }
                None => &[unit],
            };
            for c in char::decode_utf16(units.iter().copied()) {
                let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
                self.ready.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.encoding == Some(Encoding::Utf8) && self.taken == self.ready.len() {
            return self.inner.read(buf);
        }
        while self.taken == self.ready.len() {
            if !self.fill()? {
                return Ok(0);
            }
        }
        let n = buf.len().min(self.ready.len() - self.taken);
        buf[..n].copy_from_slice(&self.ready[self.taken..self.taken + n]);
        self.taken += n;
        Ok(n)
    }
}

/// The length of the byte order mark of an input in UTF-8; `None` where the input must be decoded.
///
/// # Errors
/// Those of the reader.
pub fn utf8_mark(input: &mut impl Read) -> io::Result<Option<u64>> {
    let mut head = Vec::with_capacity(4);
    input.take(4).read_to_end(&mut head)?;
    let (encoding, mark) = sniff(&head);
    Ok((encoding == Encoding::Utf8).then_some(mark as u64))
}

/// The encoding, and the length of its byte order mark. Without a mark, an ASCII character beside a
/// NUL is UTF-16.
fn sniff(head: &[u8]) -> (Encoding, usize) {
    match head {
        [0xef, 0xbb, 0xbf, ..] => (Encoding::Utf8, 3),
        [0xff, 0xfe, ..] => (Encoding::Utf16 { big_endian: false }, 2),
        [0xfe, 0xff, ..] => (Encoding::Utf16 { big_endian: true }, 2),
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => (Encoding::Utf16 { big_endian: false }, 0),
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => (Encoding::Utf16 { big_endian: true }, 0),
        _ => (Encoding::Utf8, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Delivers one byte a read, the worst a pipe can do.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let n = self.0.len().min(buf.len()).min(1);
            buf[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    fn decoded(bytes: &[u8]) -> Vec<u8> {
        let (mut whole, mut dripped) = (Vec::new(), Vec::new());
        Decoder::new(bytes).read_to_end(&mut whole).expect("a slice reads");
        Decoder::new(Drip(bytes)).read_to_end(&mut dripped).expect("a slice reads");
        assert_eq!(whole, dripped, "the chunking does not show");
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
        assert_eq!(decoded(b""), b"");
    }

    #[test]
    fn a_cut_surrogate_is_marked() {
        assert_eq!(decoded(b"\xff\xfea\0\x3d\xd8"), "a\u{fffd}".as_bytes());
    }
}
