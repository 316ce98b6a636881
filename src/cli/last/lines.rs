//! The lines of a file of any size, in bounded memory: of a line too long to be a report of the
//! client only the length is known.

use std::io::{self, BufRead};

/// The longest line that is handed on, in bytes: the library reads no longer record.
pub(super) const MAX_LINE: usize = 256 * 1024;

/// Reads lines one by one and knows where each stands.
pub(super) struct Lines<R> {
    input: R,
    line: Vec<u8>,
    /// Where the next line begins, in bytes.
    pub(super) offset: u64,
    /// The number of the line read last, from 1.
    pub(super) number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, line: Vec::new(), offset: 0, number: 0 }
    }

    /// The next line without its end, empty if it is too long; `None` after the last one.
    pub(super) fn next(&mut self) -> io::Result<Option<&[u8]>> {
        self.line.clear();
        let mut length = 0;
        loop {
            let read = match self.input.fill_buf() {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let end = memchr::memchr(b'\n', read);
            let taken = end.unwrap_or(read.len());
            length += taken;
            if length <= MAX_LINE {
                self.line.extend_from_slice(&read[..taken]);
            }
            let used = taken + usize::from(end.is_some());
            let ended = end.is_some() || used == 0;
            self.input.consume(used);
            self.offset += used as u64;
            if !ended {
                continue;
            }
            if end.is_none() && length == 0 {
                return Ok(None);
            }
            self.number += 1;
            if length > MAX_LINE {
                self.line.clear();
            }
            return Ok(Some(&self.line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_counted_and_not_kept() {
        let text = format!("one\n\n{}\nlast", "x".repeat(MAX_LINE + 1));
        let mut lines = Lines::new(io::BufReader::with_capacity(7, text.as_bytes()));
        let mut seen = Vec::new();
        while let Some(line) = lines.next().expect("memory can be read") {
            seen.push(String::from_utf8_lossy(line).into_owned());
        }
        assert_eq!(seen, ["one", "", "", "last"]);
        assert_eq!((lines.number, lines.offset), (4, text.len() as u64));
        assert!(lines.line.capacity() <= 2 * MAX_LINE);
    }
}
