//! Passing bytes through: each piece is handed on as it comes, and looked at on the way.

use std::io::{self, ErrorKind, Read, Write};
use std::thread;
use std::time::Duration;

/// A reader that writes everything it reads. Whoever closes the other end has seen enough, and a
/// full disk is no reason not to report: reading goes on.
pub(crate) struct Tee<R, W> {
    input: R,
    output: Option<W>,
    lost: Option<io::Error>,
}

impl<R: Read, W: Write> Tee<R, W> {
    pub(crate) fn new(input: R, output: W) -> Self {
        Self { input, output: Some(output), lost: None }
    }

    /// What kept it from writing, where that was not the reader's wish.
    pub(crate) fn lost(self) -> Option<io::Error> {
        self.lost.filter(|error| error.kind() != ErrorKind::BrokenPipe)
    }
}

impl<R: Read, W: Write> Read for Tee<R, W> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        if let Some(Err(error)) = self.output.as_mut().map(|output| pass(&buffer[..read], output)) {
            self.output = None;
            self.lost = Some(error);
        }
        Ok(read)
    }
}

/// Writes all of it at once. A program that shares our terminal may have made it non-blocking: then
/// we wait until it takes more.
pub(crate) fn pass(mut bytes: &[u8], output: &mut impl Write) -> io::Result<()> {
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

    /// Takes a few bytes at a time, and often none.
    #[derive(Default)]
    struct Reluctant {
        taken: Vec<u8>,
        asked: usize,
    }

    impl Write for Reluctant {
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

    /// Is closed.
    struct Closed;

    impl Write for Closed {
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
            (*b"\0\xff\n all of it", Reluctant::default(), Vec::new());
        Tee::new(&bytes[..], &mut output).read_to_end(&mut read).expect("it can be read");
        assert_eq!((read.as_slice(), output.taken.as_slice()), (&bytes[..], &bytes[..]));
    }

    #[test]
    fn a_closed_output_does_not_stop_the_reading() {
        let mut read = Vec::new();
        Tee::new(&b"all of it"[..], Closed).read_to_end(&mut read).expect("it can be read");
        assert_eq!(read, b"all of it");
    }
}
