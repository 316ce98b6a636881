//! From the outputs of the command to one text for the diagnosis: whole lines, as they come. Two
//! outputs that are read at the same time must not cut each other's lines.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// How many chunks may wait to be diagnosed; a command that prints faster waits, so memory is
/// bounded.
const QUEUE: usize = 16;
/// An unfinished line is kept back up to this size, in bytes.
const MAX_UNFINISHED: usize = 64 * 1024;

/// Connects the outputs with the diagnosis.
pub(crate) fn channel() -> (LineSender, LineReader) {
    let (sender, receiver) = sync_channel(QUEUE);
    (
        LineSender { unfinished: Vec::new(), sender },
        LineReader { receiver, chunk: Vec::new(), used: 0 },
    )
}

/// The end that takes what one output prints. Dropping it ends that output; an unfinished line
/// counts as one then.
pub(crate) struct LineSender {
    unfinished: Vec<u8>,
    sender: SyncSender<Vec<u8>>,
}

impl LineSender {
    /// A sender for another output, to the same reader.
    pub(crate) fn another(&self) -> Self {
        Self { unfinished: Vec::new(), sender: self.sender.clone() }
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.unfinished.extend_from_slice(bytes);
        let whole = memchr::memrchr(b'\n', &self.unfinished).map_or(0, |last| last + 1);
        if whole > 0 || self.unfinished.len() > MAX_UNFINISHED {
            let rest =
                self.unfinished.split_off(if whole > 0 { whole } else { self.unfinished.len() });
            self.send(rest);
        }
    }

    /// Sends what is kept back, and keeps `rest` instead.
    fn send(&mut self, rest: Vec<u8>) {
        // The receiver reads until the last sender is gone. It is gone before only if it panicked,
        // and that is told elsewhere.
        let _ = self.sender.send(std::mem::replace(&mut self.unfinished, rest));
    }
}

impl Drop for LineSender {
    fn drop(&mut self) {
        self.send(Vec::new());
    }
}

/// The end at which the lines of all outputs are read, until the last of them ends.
pub(crate) struct LineReader {
    receiver: Receiver<Vec<u8>>,
    chunk: Vec<u8>,
    used: usize,
}

impl Read for LineReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.used == self.chunk.len() {
            let Ok(chunk) = self.receiver.recv() else { return Ok(0) };
            (self.chunk, self.used) = (chunk, 0);
        }
        let read = (&self.chunk[self.used..]).read(buffer)?;
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
