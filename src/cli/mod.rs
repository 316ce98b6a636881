//! From arguments to an exit status.

mod args;
mod catalogs;
mod clock;
mod command;
mod follow;
mod github;
mod input;
mod manual;
mod progress;
mod run;
mod tee;
mod wait;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

/// What the exit status says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Something was diagnosed; with `--is`: yes; with `--wait-time`: printed.
    Found,
    /// Nothing was recognised; with `--is`: no; with `--wait-time`: there is none.
    Nothing,
    /// With `--run`: what the command ended with.
    Status(u8),
}

/// Parses, runs, and reports a failure on one line.
pub(crate) fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => return usage(&error),
    };
    match run::run(&args) {
        Ok(Outcome::Found) => ExitCode::SUCCESS,
        Ok(Outcome::Nothing) => ExitCode::from(1),
        Ok(Outcome::Status(status)) => ExitCode::from(status),
        // Whoever read our output has seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("{error:#}"));
            ExitCode::from(2)
        }
    }
}

/// Says on standard error what went wrong; each line passes the gate, because messages name files
/// and other input.
pub(crate) fn complain(text: &str) {
    for (n, line) in text.lines().enumerate() {
        let _ = writeln!(
            io::stderr(),
            "{}{}",
            if n == 0 { "diagnose: " } else { "" },
            diagnose::redact::line(line)
        );
    }
}

/// A path as it may be shown, on one line.
pub(crate) fn shown(path: &Path) -> String {
    diagnose::redact::line(&path.display().to_string())
}

/// Help and version go to standard output; bad usage is one line.
fn usage(error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => match write!(io::stdout(), "{error}")
        {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                let _ =
                    writeln!(io::stderr(), "diagnose: cannot write to standard output: {error}");
                ExitCode::from(2)
            }
            _ => ExitCode::SUCCESS,
        },
        _ => {
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
                diagnose::redact::sanitize(&lines.join("; ").replace(":; ", ": "))
            );
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}
