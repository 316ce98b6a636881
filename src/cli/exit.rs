//! The exit status: an answer, the status of a command, or a failure that is told on one line.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::Result;
use clap::error::ErrorKind;
use diagnose::redact;

use super::output::complain;

/// What the exit status says when nothing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Something was diagnosed; with `--is`: yes; with `--wait-time`: printed.
    Found,
    /// Nothing was recognised; with `--is`: no; with `--wait-time`: there is none.
    Nothing,
    /// No input could be read, which has been said.
    Unread,
    /// With `--run`: what the command ended with.
    #[cfg(feature = "run")]
    Status(u8),
}

/// The status of a run; a failure is told on standard error.
pub(super) fn code(result: Result<Exit>) -> ExitCode {
    match result {
        Ok(Exit::Found) => ExitCode::SUCCESS,
        Ok(Exit::Nothing) => ExitCode::from(1),
        Ok(Exit::Unread) => ExitCode::from(2),
        #[cfg(feature = "run")]
        Ok(Exit::Status(status)) => ExitCode::from(status),
        // Whoever read our output has seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("{error:#}"));
            ExitCode::from(2)
        }
    }
}

/// The status of arguments that ask for the help, which goes to standard output, or are wrong,
/// which is told on one line.
pub(super) fn usage(error: &clap::Error) -> ExitCode {
    if error.kind() == ErrorKind::DisplayHelp {
        return match write!(io::stdout(), "{error}") {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                complain(&format!("cannot write to standard output: {error}"));
                ExitCode::from(2)
            }
            _ => ExitCode::SUCCESS,
        };
    }
    let text = error.to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"))
        .filter(|line| !line.is_empty())
        .collect();
    let _ = writeln!(
        io::stderr(),
        "diagnose: {} (see diagnose --help)",
        redact::sanitize(&lines.join("; ").replace(":; ", ": "))
    );
    ExitCode::from(2)
}

/// Whether whoever read our output has gone.
pub(super) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}
