//! What becomes of one input: it is opened, unpacked if it is packed, and examined. Small files pass
//! through one buffer; large ones are left to the library, which cuts them into segments for all
//! threads, one file at a time.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Error, Result, anyhow, bail};
use diagnose::{Diagnoser, ErrorKind, Report, redact};

use super::super::args::{Args, Format};
use super::super::output::complain;
use super::super::tee::Tee;
use super::archive::Zip;
use super::paste::Paste;
use super::queue::Opened;
use super::unpack::{Budget, Fault, Gauge, Packing, SNIFFED, gzip, zstd};
use super::{Job, source, unreadable};

/// Bytes of the buffer that a small file fits into.
const BUFFER: usize = 64 * 1024;

/// What came of one input.
#[allow(clippy::large_enum_variant, reason = "nearly all are reports, and few wait at a time")]
pub(super) enum Outcome<'c> {
    /// It was read, or a part of it, or it could not be and that is no failure of the whole.
    Read {
        report: Option<Report<'c>>,
        complaint: Option<String>,
        /// What the command line names, if it is this or the archive around it: how it is shown.
        named: Option<String>,
    },
    /// What the command line names could not be read.
    Failed(Error),
    /// The files below this folder have all been read, but for so many that are hidden or ignored.
    Walked(PathBuf, usize),
}

/// An archive, and whether the command line names it.
pub(super) struct Archive {
    zip: Zip,
    is_named: bool,
}

/// Examines inputs, on any thread.
pub(super) struct Examiner<'a> {
    args: &'a Args,
    diagnoser: &'a Diagnoser<'a>,
    /// Held while a large file is read, by all threads that can run.
    large: Mutex<()>,
    write_error: Mutex<Option<io::Error>>,
}

/// A report of an input, as far as it could be read.
type Examined<'c> = (Report<'c>, Option<Fault>);

impl<'a> Examiner<'a> {
    pub(super) fn new(args: &'a Args, diagnoser: &'a Diagnoser<'a>) -> Self {
        Self { args, diagnoser, large: Mutex::new(()), write_error: Mutex::new(None) }
    }

    /// What kept `--tee` from passing the input through.
    pub(super) fn write_error(&self) -> Option<io::Error> {
        self.write_error.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Opens and examines an input; an archive is left to [`Self::member`].
    pub(super) fn open(&self, job: Job<'_>, buffer: &mut Vec<u8>) -> Opened<Archive, Outcome<'a>> {
        match job {
            Job::Stdin => Opened::Done(outcome("stdin", self.stdin(), true)),
            Job::Named(path) => self.path(path, true, buffer),
            Job::Found(path) => self.path(&path, false, buffer),
            Job::Unread(complaint) => Opened::Done(Outcome::Read {
                report: None,
                complaint: Some(complaint),
                named: None,
            }),
            Job::Walked(path, left_out) => Opened::Done(Outcome::Walked(path.to_owned(), left_out)),
        }
    }

    /// Examines a member of an archive.
    pub(super) fn member(&self, archive: &Archive, n: usize) -> Outcome<'a> {
        let Archive { zip, is_named } = archive;
        let name = zip.member_name(n);
        let gauge = Gauge::default();
        let examined = zip.read(n, &gauge, |mut content| {
            let mut start = Vec::with_capacity(SNIFFED);
            content.by_ref().take(SNIFFED as u64).read_to_end(&mut start)?;
            self.unpacked(&name, start.chain(content), &start, zip.budget(), 1)
        });
        let examined = examined.map(|(mut report, fault)| {
            if !report.diagnoses.is_empty() && self.args.now.is_none() {
                report.resolve(&self.diagnoser.clock().of_file(zip.modified(n)));
            }
            (report, fault.or(gauge.fault()))
        });
        match outcome(&name, examined, false) {
            Outcome::Read { report, complaint, .. } => Outcome::Read {
                report,
                complaint,
                named: is_named.then(|| redact::line(&zip.name)),
            },
            other => other,
        }
    }

    fn stdin(&self) -> Result<Examined<'a>> {
        let stdin = io::stdin();
        if stdin.is_terminal() {
            complain(
                "paste the output, then press Ctrl-D (Ctrl-Z and Enter on Windows); \
                 --last finds Claude Code's last failure, --help says the rest",
            );
            return self.stream("stdin", Paste::new(stdin.lock()));
        }
        let examined = self.stream("stdin", stdin.lock())?;
        let args = self.args;
        let asks = args.is.is_some() || args.wait_time || args.print.is_some();
        if examined.0.bytes == 0 && args.format == Format::Human && !asks && stdin_is_pipe() {
            complain(
                "standard input is empty; errors go to standard error: COMMAND 2>&1 | diagnose",
            );
        }
        Ok(examined)
    }

    fn path(
        &self,
        path: &Path,
        is_named: bool,
        buffer: &mut Vec<u8>,
    ) -> Opened<Archive, Outcome<'a>> {
        let source = source(path);
        let result = File::open(path).map_err(Error::from).and_then(|file| {
            if self.args.tee {
                self.tee(&source, file).map(Ok)
            } else {
                self.file(&source, file, buffer)
            }
        });
        match result {
            Ok(Err(zip)) => {
                let count = zip.len();
                Opened::Archive(Archive { zip, is_named }, count)
            }
            Ok(Ok(examined)) => Opened::Done(outcome(&source, Ok(examined), is_named)),
            Err(error) => Opened::Done(outcome(&source, Err(error), is_named)),
        }
    }

    /// Examines a file, or opens it as an archive.
    fn file(
        &self,
        source: &str,
        mut file: File,
        buffer: &mut Vec<u8>,
    ) -> Result<Result<Examined<'a>, Zip>> {
        buffer.clear();
        file.by_ref().take(BUFFER as u64).read_to_end(buffer)?;
        match Packing::of(buffer) {
            Packing::Zip => {
                let zip = if file.metadata()?.is_file() {
                    Zip::open(source.to_owned(), file)?
                } else {
                    bail!(NO_ZIP_STREAM);
                };
                return Ok(Err(zip));
            }
            Packing::None if buffer.len() == BUFFER && file.metadata()?.is_file() => {
                file.rewind()?;
                let _turn = self.large.lock().unwrap_or_else(PoisonError::into_inner);
                let report = self.diagnoser.file(source, &file).map_err(cause)?;
                return Ok(Ok((report, Fault::of_text(buffer))));
            }
            _ => {}
        }
        let metadata = file.metadata()?;
        let packed = if metadata.is_file() { metadata.len() } else { u64::MAX };
        let budget = Budget::new(packed);
        // What a file grows by while it is read is left out; one that is made as it is read has no
        // length.
        let length = if packed == 0 { u64::MAX } else { packed };
        let rest = (&file).take(length.saturating_sub(buffer.len() as u64));
        let (mut report, fault) = self.unpacked(source, buffer.chain(rest), buffer, &budget, 0)?;
        // Most files hold no error, and need no clock.
        if !report.diagnoses.is_empty() {
            report.resolve(&self.diagnoser.clock_of_file(&file));
        }
        Ok(Ok((report, fault)))
    }

    /// Examines a file that passes through to standard output as it is.
    fn tee(&self, source: &str, file: File) -> Result<Examined<'a>> {
        let clock = self.diagnoser.clock_of_file(&file);
        let (mut report, fault) = self.stream(source, file)?;
        report.resolve(&clock);
        Ok((report, fault))
    }

    /// Examines what can be read only once, and passes it through with `--tee`.
    fn stream(&self, source: &str, input: impl Read) -> Result<Examined<'a>> {
        if !self.args.tee {
            return self.once(source, input);
        }
        let mut tee = Tee::new(input, io::stdout());
        let examined = self.once(source, &mut tee);
        // What could not be unpacked passes through all the same.
        let drained = io::copy(&mut tee, &mut io::sink());
        if let Some(error) = tee.write_error() {
            self.write_error.lock().unwrap_or_else(PoisonError::into_inner).replace(error);
        }
        let examined = examined?;
        drained?;
        Ok(examined)
    }

    fn once(&self, source: &str, mut input: impl Read) -> Result<Examined<'a>> {
        let mut start = Vec::with_capacity(SNIFFED);
        input.by_ref().take(SNIFFED as u64).read_to_end(&mut start)?;
        if Packing::of(&start) == Packing::Zip {
            bail!(NO_ZIP_STREAM);
        }
        self.unpacked(source, start.chain(input), &start, &Budget::new(u64::MAX), 0)
    }

    /// Examines an input that begins with `start`; what is packed in it is unpacked, at most twice.
    fn unpacked(
        &self,
        source: &str,
        input: impl Read,
        start: &[u8],
        budget: &Budget,
        depth: u8,
    ) -> Result<Examined<'a>> {
        let packing = Packing::of(start);
        match packing {
            Packing::None => {
                let report = self.diagnoser.stream(source, input).map_err(cause)?;
                return Ok((report, Fault::of_text(start)));
            }
            Packing::Other(name) => bail!("it is packed with {name}; unpack it first"),
            Packing::Zip => bail!("it is an archive in an archive; unpack the outer one first"),
            _ if depth > 1 => bail!("it is packed more than twice; unpack it first"),
            Packing::Gzip | Packing::Zstd => {}
        }
        let gauge = Gauge::default();
        let packed = gauge.packed(input);
        let content = if packing == Packing::Gzip { gzip(packed) } else { zstd(packed) };
        let mut content = gauge.unpacked(content, budget);
        let mut start = Vec::with_capacity(SNIFFED);
        content.by_ref().take(SNIFFED as u64).read_to_end(&mut start)?;
        let content: Box<dyn Read + '_> = Box::new(start.chain(content));
        let (report, fault) = self.unpacked(source, content, &start, budget, depth + 1)?;
        Ok((report, fault.or(gauge.fault())))
    }
}

const NO_ZIP_STREAM: &str = "a zip archive is not read from a pipe or with --tee; write it to a file, and name that with -f";

/// What came of an input, from what was examined of it.
fn outcome<'c>(name: &str, examined: Result<Examined<'c>>, is_named: bool) -> Outcome<'c> {
    let read = |report, complaint| Outcome::Read {
        report,
        complaint,
        named: is_named.then(|| redact::line(name)),
    };
    let error = match examined {
        Ok((report, None)) => return read(Some(report), None),
        Ok((report, Some(fault))) => {
            if fault.leaves_a_part() {
                return read(
                    Some(report),
                    Some(format!("{}: {}", redact::line(name), fault.text())),
                );
            }
            unreadable(name, fault.text())
        }
        Err(error) => unreadable(name, format!("{error:#}")),
    };
    if is_named { Outcome::Failed(error) } else { read(None, Some(error.to_string())) }
}

/// The reason why the library could not read.
fn cause(error: diagnose::Error) -> Error {
    match error.kind() {
        ErrorKind::Read(cause) => anyhow!("{cause}"),
        _ => error.into(),
    }
}

/// Whether standard input is a pipe, whose writer may have written elsewhere.
fn stdin_is_pipe() -> bool {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd as _;
        use std::os::unix::fs::FileTypeExt as _;
        let file = io::stdin().as_fd().try_clone_to_owned().map(File::from);
        file.and_then(|file| file.metadata()).is_ok_and(|data| data.file_type().is_fifo())
    }
    #[cfg(not(unix))]
    true
}
