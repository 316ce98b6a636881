//! A large file in stretches, which threads examine side by side. Their results are put together in
//! the order of the file, so that the report is the one that a single thread gives.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use super::Diagnoser;
use super::stream::{PIECE, Stretch};
use crate::error::Error;
use crate::report::Report;
use crate::text::decode;

/// Bytes of a stretch: enough work to be worth a turn, little enough that all threads end at about
/// the same time.
const STRETCH: u64 = 64 * PIECE;
/// A smaller file is read sooner than a thread has started.
const WORTHWHILE: u64 = 2 * STRETCH;

/// A file read from an offset on, whatever the position that its other readers share.
struct From<'f> {
    file: &'f File,
    offset: u64,
}

impl Read for From<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = read_at(self.file, buf, self.offset)?;
        self.offset += read as u64;
        Ok(read)
    }
}

#[cfg(unix)]
fn read_at(file: &File, buf: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buf, offset)
}

#[cfg(windows)]
fn read_at(file: &File, buf: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buf, offset)
}

/// What is put together so far, and what waits for a stretch before it.
#[derive(Default)]
struct Joined {
    whole: Stretch,
    next: u64,
    waiting: BTreeMap<u64, io::Result<Stretch>>,
    failed: Option<io::Error>,
}

impl Joined {
    fn add(&mut self, index: u64, stretch: io::Result<Stretch>) {
        self.waiting.insert(index, stretch);
        while let Some(stretch) = self.waiting.remove(&self.next) {
            self.next += 1;
            match stretch {
                Ok(stretch) => self.whole.append(stretch),
                Err(error) => self.failed = self.failed.take().or(Some(error)),
            }
        }
    }
}

impl<'c> Diagnoser<'c> {
    /// Diagnoses a file, with as many threads as can run at the same time. The report is that of
    /// [`Diagnoser::stream`].
    ///
    /// # Errors
    /// [`crate::ErrorKind::Read`] if the file cannot be read.
    pub fn file(&self, source: &str, file: &File) -> Result<Report<'c>, Error> {
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let about = file.metadata()?;
        // Only of a regular file more than one reader can have a part: a pipe is read once.
        if threads == 1 || !about.is_file() || about.len() < WORTHWHILE {
            return self.stream(source, file);
        }
        let Some(mark) = decode::utf8_mark(&mut From { file, offset: 0 })? else {
            return self.stream(source, From { file, offset: 0 });
        };
        let length = about.len() - mark;
        let count = length.div_ceil(STRETCH);
        let (turn, joined) = (AtomicU64::new(0), Mutex::new(Joined::default()));
        thread::scope(|scope| {
            for _ in 0..threads.min(usize::try_from(count).unwrap_or(threads)) {
                scope.spawn(|| {
                    loop {
                        let index = turn.fetch_add(1, Ordering::Relaxed);
                        if index >= count {
                            return;
                        }
                        // What a file grows by while it is read belongs to the last stretch.
                        let core = index * STRETCH..if index + 1 == count {
                            u64::MAX
                        } else {
                            (index + 1) * STRETCH
                        };
                        let from = core.start.saturating_sub(PIECE);
                        let end = core.end.saturating_add(2 * PIECE);
                        let mut input = From { file, offset: mark + from }.take(end - from);
                        let stretch = self.stretch(&mut input, from, core);
                        joined
                            .lock()
                            .unwrap_or_else(std::sync::PoisonError::into_inner)
                            .add(index, stretch);
                    }
                });
            }
        });
        let joined = joined.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        match joined.failed {
            Some(error) => Err(error.into()),
            None => Ok(self.report(source, joined.whole)),
        }
    }
}
