//! From arguments to an exit status: the only part that knows clap, anyhow, the environment and the
//! standard streams.

mod answer;
mod args;
mod catalogs;
#[cfg(feature = "run")]
mod command;
mod exit;
mod follow;
mod format;
mod github;
mod input;
mod last;
mod lookup;
mod manual;
mod output;
mod progress;
mod run;
mod status;
mod status_line;
mod suggest;
mod tee;
mod why;

use std::process::ExitCode;

/// Parses, runs, and turns the result into an exit status.
pub(crate) fn main() -> ExitCode {
    match args::Args::read(std::env::args_os()) {
        Ok(args) => exit::code(run::run(&input::with_bare_files(args))),
        Err(error) => exit::usage(&error),
    }
}
