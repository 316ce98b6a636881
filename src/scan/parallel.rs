//! A large file in segments, which threads examine side by side. Their results are joined in the
//! order of the file, so that the report is the one that a single thread gives.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use jiff::Timestamp;

use super::Diagnoser;
use super::stream::{READ, Segment};
use crate::error::Error;
use crate::report::Report;
use crate::reset::Clock;
use crate::text::decode::{self, Decoder};

/// Bytes of a segment (4 MiB): enough work to be worth a turn, little enough that all threads end at
/// about the same time.
const SEGMENT: u64 = 64 * READ;
/// Bytes of a file that is worth a second thread; a smaller one is read before that has started.
const WORTHWHILE: u64 = 2 * SEGMENT;

/// Reads a file from an offset on, apart from the position that its other readers share.
struct ReadFrom<'f> {
    file: &'f File,
    offset: u64,
}

impl Read for ReadFrom<'_> {
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

/// The segments joined so far, and those that wait for one before them.
#[derive(Default)]
struct Joined {
    whole: Segment,
    next: u64,
    waiting: BTreeMap<u64, io::Result<Segment>>,
    failed: Option<io::Error>,
}

impl Joined {
    fn add(&mut self, index: u64, segment: io::Result<Segment>) {
        self.waiting.insert(index, segment);
        while let Some(segment) = self.waiting.remove(&self.next) {
            self.next += 1;
            match segment {
                Ok(segment) => self.whole.append(segment),
                Err(error) => self.failed = self.failed.take().or(Some(error)),
            }
        }
    }
}

impl<'c> Diagnoser<'c> {
    /// Diagnoses a file, with as many threads as can run at the same time. The report is that of
    /// [`Diagnoser::stream`], except that resets are read as printed when the file was last changed,
    /// and nobody knows in which zone.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Read`] if the file cannot be read.
    pub fn file(&self, source: &str, file: &File) -> Result<Report<'c>, Error> {
        let segment = self.segment_of_file(file)?;
        let mut report = self.report(source, segment);
        report.resolve_with(|| self.clock_of_file(file));
        Ok(report)
    }

    /// The clock against which [`Diagnoser::file`] reads resets: as printed when the file was last
    /// changed, or, with [`Diagnoser::at`], at that moment.
    pub fn clock_of_file(&self, file: &File) -> Clock {
        let modified = || Timestamp::try_from(file.metadata().ok()?.modified().ok()?).ok();
        self.clock().of_file(if self.now.is_none() { modified() } else { None })
    }

    fn segment_of_file(&self, file: &File) -> io::Result<Segment> {
        let metadata = file.metadata()?;
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        // What a file grows by while it is read is left out, or reading might never end. A length of
        // zero is that of a file whose content is made as it is read.
        let length =
            if metadata.is_file() && metadata.len() > 0 { metadata.len() } else { u64::MAX };
        let all = |input: &mut dyn Read| {
            self.segment(&mut Decoder::new(input.take(length)), 0, 0..u64::MAX)
        };
        // Only of a regular file several readers can each have a part: a pipe is read once.
        if threads == 1 || !metadata.is_file() || metadata.len() < WORTHWHILE {
            return all(&mut &*file);
        }
        let Some(bom) = decode::utf8_bom(&mut ReadFrom { file, offset: 0 })? else {
            return all(&mut ReadFrom { file, offset: 0 });
        };
        let length = length - bom;
        let count = length.div_ceil(SEGMENT);
        let (turn, joined) = (AtomicU64::new(0), Mutex::new(Joined::default()));
        thread::scope(|scope| {
            for _ in 0..threads.min(usize::try_from(count).unwrap_or(threads)) {
                scope.spawn(|| {
                    loop {
                        let index = turn.fetch_add(1, Ordering::Relaxed);
                        if index >= count {
                            return;
                        }
                        let is_last = index + 1 == count;
                        let end = if is_last { u64::MAX } else { (index + 1) * SEGMENT };
                        let wanted = index * SEGMENT..end;
                        let from = wanted.start.saturating_sub(READ);
                        let end = end.saturating_add(2 * READ).min(length);
                        let mut input = ReadFrom { file, offset: bom + from }.take(end - from);
                        let segment = self.segment(&mut input, from, wanted);
                        joined
                            .lock()
                            .unwrap_or_else(std::sync::PoisonError::into_inner)
                            .add(index, segment);
                    }
                });
            }
        });
        let joined = joined.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        match joined.failed {
            Some(error) => Err(error),
            None => Ok(joined.whole),
        }
    }
}
