//! When an output ends: usually when every process that could write to it has ended. But a command
//! may leave a process behind that keeps it open (a server, a daemon), and we would wait for that
//! one; so once the command itself has ended, a short silence is the end.

use std::io::{self, PipeReader, Read};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

/// How long, all in all, we wait for more after the end of the command.
const MAX_SILENCE: Duration = Duration::from_millis(250);
/// How many bytes are still read after that. A pipe holds far fewer; more come from a process that
/// does not stop.
const MAX_REST: usize = 4 << 20;

/// A reader of an output, which ends at the latest a short while after the command.
pub(crate) struct Lingering<R> {
    source: R,
    /// A pipe whose other end is closed when the command has ended.
    ended: PipeReader,
    /// What is left of [`MAX_SILENCE`] and [`MAX_REST`] once it has.
    left: Option<(Duration, usize)>,
}

impl<R: Read + AsFd> Lingering<R> {
    pub(crate) fn new(source: R, ended: PipeReader) -> Self {
        Self { source, ended, left: None }
    }
}

impl<R: Read + AsFd> Read for Lingering<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let mut files =
                [PollFd::new(&self.source, PollFlags::IN), PollFd::new(&self.ended, PollFlags::IN)];
            let (watched, timeout) = match self.left {
                None => (&mut files[..], None),
                Some((silence, _)) => (&mut files[..1], Timespec::try_from(silence).ok()),
            };
            let since = Instant::now();
            match poll(watched, timeout.as_ref()) {
                Err(Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
                Ok(0) => return Ok(0),
                Ok(_) => {}
            }
            if files[0].revents().is_empty() {
                self.left = Some((MAX_SILENCE, MAX_REST));
                continue;
            }
            let read = self.source.read(buffer)?;
            if let Some((silence, rest)) = &mut self.left {
                *silence = silence.saturating_sub(since.elapsed());
                if *rest < read {
                    return Ok(0);
                }
                *rest -= read;
            }
            return Ok(read);
        }
    }
}
