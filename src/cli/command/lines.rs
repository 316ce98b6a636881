//! From the outputs of the command to one text for the diagnosis: whole lines, as they come. Two
//! outputs that are read at the same time must not cut each other's lines.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// How many pieces may wait to be diagnosed; a command that prints faster waits, so memory is
/// bounded.
const QUEUE: usize = 16;
/// An unfinished line is kept back up to this size, in bytes.
const LINE: usize = 64 * 1024;

/// The way from the outputs to the diagnosis.
pub(crate) fn channel() -> (Lines, Printed) {
    let (sender, receiver) = sync_channel(QUEUE);
    (Lines { unfinished: Vec::new(), sender }, Printed { receiver, piece: Vec::new(), used: 0 })
}

/// What one output prints goes in here.
pub(crate) struct Lines {
    unfinished: Vec<u8>,
    sender: SyncSender<Vec<u8>>,
}

impl Lines {
    /// The same for another output.
    pub(crate) fn another(&self) -> Self {
        Self { unfinished: Vec::new(), sender: self.sender.clone() }
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.unfinished.extend_from_slice(bytes);
        let whole = memchr::memrchr(b'\n', &self.unfinished).map_or(0, |last| last + 1);
        if whole > 0 || self.unfinished.len() > LINE {
            let rest =
                self.unfinished.split_off(if whole > 0 { whole } else { self.unfinished.len() });
            self.send(rest);
        }
    }

    fn send(&mut self, rest: Vec<u8>) {
        // The receiver reads until the last sender is gone. It is gone before only if it panicked,
        // and that is told elsewhere.
        let _ = self.sender.send(std::mem::replace(&mut self.unfinished, rest));
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.send(Vec::new());
    }
}

/// What all outputs print comes out here, until the last of them ends.
pub(crate) struct Printed {
    receiver: Receiver<Vec<u8>>,
    piece: Vec<u8>,
    used: usize,
}

impl Read for Printed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.used == self.piece.len() {
            let Ok(piece) = self.receiver.recv() else { return Ok(0) };
            (self.piece, self.used) = (piece, 0);
        }
        let read = (&self.piece[self.used..]).read(buffer)?;
        self.used += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_outputs_do_not_cut_each_others_lines() {
        let (mut one, mut printed) = channel();
        let mut two = one.another();
        one.add(b"first, the ");
        two.add(b"second\nrest");
        one.add(b"end\n");
        drop(one);
        drop(two);
        let mut text = String::new();
        printed.read_to_string(&mut text).expect("it can be read");
        assert_eq!(text, "second\nfirst, the end\nrest");
    }
}
