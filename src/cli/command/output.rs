//! The outputs of the command, each of the same nature as ours: a terminal for a terminal, a pipe
//! for anything else.
//!
//! Where our standard output and error are one thing (the same terminal, `2>&1`), so are the
//! command's: only then do its lines keep their order.

use std::io::{self, ErrorKind, PipeReader, Read, Write};
#[cfg(unix)]
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::process::{Command, Stdio};

use super::lines::LineSender;
#[cfg(unix)]
use super::linger::Lingering;
#[cfg(unix)]
pub(crate) use super::terminal::Resizer;
#[cfg(unix)]
use super::terminal::{self, TerminalReader};
use crate::cli::tee::write_all;

/// Elsewhere there are only pipes.
#[cfg(not(unix))]
pub(crate) enum Resizer {}

#[cfg(not(unix))]
impl Resizer {
    pub(crate) fn resize(&self) {
        match *self {}
    }
}

/// Where an output goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Stdout,
    Stderr,
    /// Both, because they are the same.
    Both,
}

/// One output of the command.
pub(crate) struct Output {
    source: Box<dyn Read + Send>,
    target: Target,
    /// Where it goes to a terminal: what keeps the stand-in at its size.
    pub(crate) resizer: Option<Resizer>,
}

/// How an output ended.
#[derive(Debug, Default)]
pub(crate) struct OutputEnd {
    /// Our standard error is in the middle of a line.
    pub(crate) broken_line: bool,
    /// Why it could not be passed on to its end, e.g. because nobody reads it any more.
    pub(crate) write_error: Option<io::Error>,
}

/// Gives the command its outputs. They end when the command has, which closes the other end of
/// `ended`.
pub(crate) fn connect(command: &mut Command, ended: &PipeReader) -> io::Result<Vec<Output>> {
    let targets: &[Target] =
        if same() { &[Target::Both] } else { &[Target::Stdout, Target::Stderr] };
    targets.iter().map(|target| open(*target, command, ended)).collect()
}

fn open(
    target: Target,
    command: &mut Command,
    #[cfg_attr(not(unix), expect(unused_variables, reason = "only Unix can watch two pipes"))]
    ended: &PipeReader,
) -> io::Result<Output> {
    #[cfg(unix)]
    if let Some((resizer, source, writer)) = stand_in(target) {
        attach(command, target, writer.try_clone()?.into(), writer.into());
        // A pager reads its keys from the terminal it prints on, and there are no keys on this one.
        command.envs([("PAGER", "cat"), ("GIT_PAGER", "cat")]);
        let source = Box::new(Lingering::new(source, ended.try_clone()?));
        return Ok(Output { source, target, resizer: Some(resizer) });
    }
    let (reader, writer) = io::pipe()?;
    attach(command, target, writer.try_clone()?.into(), writer.into());
    #[cfg(unix)]
    let source = Box::new(Lingering::new(reader, ended.try_clone()?));
    #[cfg(not(unix))]
    let source = Box::new(reader);
    Ok(Output { source, target, resizer: None })
}

/// A stand-in for the terminal that an output goes to. Where there are terminals but no
/// pseudo-terminals (a bare chroot), there is none, and the command gets a pipe.
#[cfg(unix)]
fn stand_in(target: Target) -> Option<(Resizer, TerminalReader, OwnedFd)> {
    let (stdout, stderr) = (io::stdout(), io::stderr());
    let real = if target == Target::Stderr { stderr.as_fd() } else { stdout.as_fd() };
    terminal::open(real).ok().flatten()
}

fn attach(command: &mut Command, target: Target, one: Stdio, two: Stdio) {
    if target != Target::Stderr {
        command.stdout(one);
    }
    if target != Target::Stdout {
        command.stderr(two);
    }
}

/// Whether our standard output and error are the same thing.
#[cfg(unix)]
fn same() -> bool {
    use std::fs::File;
    use std::os::unix::fs::MetadataExt;
    let identity = |stream: BorrowedFd<'_>| {
        let metadata = File::from(stream.try_clone_to_owned().ok()?).metadata().ok()?;
        Some((metadata.dev(), metadata.ino()))
    };
    let stdout = identity(io::stdout().as_fd());
    stdout.is_some() && stdout == identity(io::stderr().as_fd())
}

/// Whether our standard output and error are the same thing: that cannot be known.
#[cfg(not(unix))]
fn same() -> bool {
    false
}

impl Output {
    /// Hands on everything that comes.
    pub(crate) fn pass_through(mut self, mut lines: LineSender) -> OutputEnd {
        let mut out: Box<dyn Write> = if self.target == Target::Stderr {
            Box::new(io::stderr())
        } else {
            Box::new(io::stdout())
        };
        let mut buffer = vec![0; 64 * 1024];
        let mut end = OutputEnd::default();
        loop {
            match self.source.read(&mut buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Ok(0) | Err(_) => break,
                Ok(read) => {
                    end.write_error = write_all(&buffer[..read], &mut out).err();
                    end.broken_line = self.target != Target::Stdout && buffer[read - 1] != b'\n';
                    lines.add(&buffer[..read]);
                    // The command learns of it much as it would without us: its next write fails.
                    if end.write_error.is_some() {
                        break;
                    }
                }
            }
        }
        end
    }
}
