//! `--tee`: the input goes on to standard output as it comes, and is read on the way.

use std::io::{self, ErrorKind, Read, Write};
use std::thread;
use std::time::Duration;

/// A reader that writes everything it reads. A write that fails ends the writing, not the reading:
/// whoever closes the other end has seen enough, and a full disk is no reason not to report.
pub(crate) struct Tee<R, W> {
    input: R,
    output: Option<W>,
    write_error: Option<io::Error>,
}

impl<R: Read, W: Write> Tee<R, W> {
    pub(crate) fn new(input: R, output: W) -> Self {
        Self { input, output: Some(output), write_error: None }
    }

    /// The error that ended the writing, unless the other end was closed.
    pub(crate) fn write_error(self) -> Option<io::Error> {
        self.write_error.filter(|error| error.kind() != ErrorKind::BrokenPipe)
    }
}

impl<R: Read, W: Write> Read for Tee<R, W> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        if let Some(Err(error)) =
            self.output.as_mut().map(|output| write_all(&buffer[..read], output))
        {
            self.output = None;
            self.write_error = Some(error);
        }
        Ok(read)
    }
}

/// Writes and flushes all of it. Unlike [`Write::write_all`] it waits where the output would block:
/// a program that shares our terminal may have made it non-blocking.
pub(crate) fn write_all(mut bytes: &[u8], output: &mut impl Write) -> io::Result<()> {
    loop {
        let result =
            if bytes.is_empty() { output.flush().map(|()| 0) } else { output.write(bytes) };
        match result {
            Ok(_) if bytes.is_empty() => return Ok(()),
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                thread::sleep(Duration::from_millis(1));
            }
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An output that takes three bytes at a time, and often none.
    #[derive(Default)]
    struct SlowWriter {
        taken: Vec<u8>,
        asked: usize,
    }

    impl Write for SlowWriter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.asked += 1;
            match self.asked % 3 {
                0 => Err(ErrorKind::WouldBlock.into()),
                1 => Err(ErrorKind::Interrupted.into()),
                _ => {
                    let some = bytes.len().min(3);
                    self.taken.extend_from_slice(&bytes[..some]);
                    Ok(some)
                }
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// An output that nobody reads.
    struct ClosedWriter;

    impl Write for ClosedWriter {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn every_byte_is_passed_through() {
        let (bytes, mut output, mut read) =
            (*b"\0\xff\n all of it", SlowWriter::default(), Vec::new());
        Tee::new(&bytes[..], &mut output).read_to_end(&mut read).expect("it can be read");
        assert_eq!((read.as_slice(), output.taken.as_slice()), (&bytes[..], &bytes[..]));
    }

    #[test]
    fn a_closed_output_does_not_stop_the_reading() {
        let mut read = Vec::new();
        Tee::new(&b"all of it"[..], ClosedWriter).read_to_end(&mut read).expect("it can be read");
        assert_eq!(read, b"all of it");
    }
}
