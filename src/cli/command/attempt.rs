//! One attempt: the command runs, its output passes through and is diagnosed on the way.
//!
//! The command keeps our standard input, session and process group, so that all that a terminal
//! does for a program (keys, Ctrl-C, Ctrl-Z, `/dev/tty`) is done for it by the real one. Only its
//! outputs are ours, see [`super::output`].

use std::ffi::OsString;
use std::io::{self, PipeWriter};
use std::panic;
use std::process::{Child, Command, ExitStatus};
use std::thread::{self, ScopedJoinHandle};

use anyhow::Result;
use diagnose::{Diagnoser, Report};

use super::lines;
use super::output::{self, Output, OutputEnd};
use super::signals::Signals;

/// A command that was started.
pub(crate) struct Attempt {
    child: Child,
    outputs: Vec<Output>,
    /// Closed when the command has ended: then its outputs end too, even if a process that it left
    /// behind holds them open.
    running: PipeWriter,
}

/// How an attempt ended.
pub(crate) struct AttemptResult<'c> {
    /// The exit status of a command, or 128 plus the signal that killed it.
    pub(crate) status: u8,
    /// It was ended by a signal to us, or because an output could not be passed on.
    pub(crate) cancelled: bool,
    /// Why an output was lost, unless somebody closed it.
    pub(crate) write_error: Option<io::Error>,
    /// Our standard error is in the middle of a line.
    pub(crate) broken_line: bool,
    pub(crate) report: Report<'c>,
}

impl Attempt {
    pub(crate) fn start(words: &[OsString]) -> io::Result<Self> {
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]);
        let (ended, running) = io::pipe()?;
        let outputs = output::connect(&mut command, &ended)?;
        // `command` holds our copies of the writing ends; they are closed when it goes.
        Ok(Self { child: command.spawn()?, outputs, running })
    }

    pub(crate) fn finish<'c>(
        mut self,
        diagnoser: &Diagnoser<'c>,
        signals: &Signals,
    ) -> Result<AttemptResult<'c>> {
        let resizers: Vec<_> =
            self.outputs.iter_mut().filter_map(|output| output.resizer.take()).collect();
        thread::scope(|scope| {
            let (lines, reader) = lines::channel();
            let report = scope.spawn(|| diagnoser.stream("command", reader));
            let passing: Vec<_> = self
                .outputs
                .into_iter()
                .map(|output| {
                    let lines = lines.another();
                    scope.spawn(move || output.pass_through(lines))
                })
                .collect();
            drop(lines);
            let waited =
                signals.wait(&mut self.child, || resizers.iter().for_each(output::Resizer::resize));
            drop(self.running);
            let ends: Vec<OutputEnd> = passing.into_iter().map(joined).collect();
            let report = joined(report)?;
            let (status, interrupted) = waited?;
            Ok(AttemptResult {
                status: code(status),
                cancelled: interrupted || ends.iter().any(|end| end.write_error.is_some()),
                broken_line: ends.iter().any(|end| end.broken_line),
                write_error: ends
                    .into_iter()
                    .filter_map(|end| end.write_error)
                    .find(|error| error.kind() != io::ErrorKind::BrokenPipe),
                report,
            })
        })
    }
}

/// The result of a thread; its panic becomes ours, whose message is printed already.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| panic::resume_unwind(panic))
}

/// The status as a shell has it.
fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return super::signals::status(signal);
    }
    // Elsewhere a status may be larger than what we can pass on.
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
