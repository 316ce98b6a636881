//! The outputs of the command, each of the same nature as ours: a terminal for a terminal, a pipe
//! for anything else.
//!
//! Where our standard output and error are one thing (the same terminal, `2>&1`), so are the
//! command's: only then do its lines keep their order.

use std::io::{self, ErrorKind, PipeReader, Read, Write};
use std::process::{Command, Stdio};

use super::lines::Lines;
use crate::cli::tee::pass;

#[cfg(unix)]
pub(crate) use super::terminal::Screen;

/// Elsewhere there are only pipes.
#[cfg(not(unix))]
pub(crate) enum Screen {}

#[cfg(not(unix))]
impl Screen {
    pub(crate) fn resize(&self) {
        match *self {}
    }
}

/// Where an output goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Stdout,
    Stderr,
    /// Both, because they are the same.
    Both,
}

/// One output of the command.
pub(crate) struct Output {
    source: Box<dyn Read + Send>,
    target: Target,
    /// The terminal that stands in for ours, if ours is one.
    pub(crate) screen: Option<Screen>,
}

/// How an output was left.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Passed {
    /// Our standard error is in the middle of a line.
    pub(crate) broken_line: bool,
    /// Nobody reads it any more.
    pub(crate) closed: bool,
}

/// Gives the command its outputs. They end when the command has, which closes the other end of
/// `ended`.
pub(crate) fn connect(command: &mut Command, ended: &PipeReader) -> io::Result<Vec<Output>> {
    let targets: &[Target] =
        if same() { &[Target::Both] } else { &[Target::Stdout, Target::Stderr] };
    targets.iter().map(|target| open(*target, command, ended)).collect()
}

#[cfg(unix)]
fn open(target: Target, command: &mut Command, ended: &PipeReader) -> io::Result<Output> {
    use super::linger::Lingering;
    use super::terminal;
    // Where there are terminals but no pseudo-terminals (a bare chroot), the command matters more
    // than its colours.
    if let Some((screen, source, writer)) = terminal::open(target).unwrap_or_default() {
        attach(command, target, writer.try_clone()?.into(), writer.into());
        // A pager reads its keys from the terminal it prints on, and there are no keys on this one.
        command.envs([("PAGER", "cat"), ("GIT_PAGER", "cat")]);
        return Ok(Output {
            source: Box::new(Lingering::new(source, ended.try_clone()?)),
            target,
            screen: Some(screen),
        });
    }
    let (reader, writer) = io::pipe()?;
    attach(command, target, writer.try_clone()?.into(), writer.into());
    Ok(Output {
        source: Box::new(Lingering::new(reader, ended.try_clone()?)),
        target,
        screen: None,
    })
}

#[cfg(not(unix))]
fn open(target: Target, command: &mut Command, _: &PipeReader) -> io::Result<Output> {
    let (reader, writer) = io::pipe()?;
    attach(command, target, writer.try_clone()?.into(), writer.into());
    Ok(Output { source: Box::new(reader), target, screen: None })
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
    use std::os::fd::{AsFd, BorrowedFd};
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
    pub(crate) fn pass_through(mut self, mut lines: Lines) -> Passed {
        let mut out: Box<dyn Write> = if self.target == Target::Stderr {
            Box::new(io::stderr())
        } else {
            Box::new(io::stdout())
        };
        let mut buffer = vec![0; 64 * 1024];
        let mut passed = Passed::default();
        loop {
            match self.source.read(&mut buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Ok(0) | Err(_) => break,
                Ok(read) => {
                    // Whoever read our output has seen enough. The command learns it as it would
                    // without us: nobody reads its own.
                    if pass(&buffer[..read], &mut out).is_err() {
                        passed.closed = true;
                        break;
                    }
                    passed.broken_line = self.target != Target::Stdout && buffer[read - 1] != b'\n';
                    lines.add(&buffer[..read]);
                }
            }
        }
        passed
    }
}
