//! `--run`: runs a command as if we were not there, says why it failed, and repeats it where that
//! can help.

mod attempt;
mod countdown;
mod lines;
#[cfg(unix)]
mod linger;
mod output;
mod retry;
mod signals;
#[cfg(unix)]
mod terminal;

use std::ffi::OsStr;
use std::io::{self, ErrorKind, Write};

use anyhow::{Result, bail};
use diagnose::redact::sanitize;
use diagnose::{Diagnoser, Report};
use jiff::Timestamp;

use self::attempt::Attempt;
use self::retry::{Limits, Next};
use self::signals::Signals;
use super::Outcome;
use super::args::Args;
use super::clock::Present;

/// Not found, as shells say it.
const NOT_FOUND: u8 = 127;
/// Found, but it cannot be started.
const NOT_STARTED: u8 = 126;

/// Runs the command until it succeeds or cannot be helped. `explain` prints the report of the last
/// failure.
pub(crate) fn run(
    args: &Args,
    diagnoser: &Diagnoser<'_>,
    explain: impl Fn(&Report<'_>) -> Result<()>,
) -> Result<Outcome> {
    let Some((program, _)) = args.command.split_first().filter(|_| args.message.is_empty()) else {
        let words = if args.message.is_empty() { "COMMAND".into() } else { args.message.join(" ") };
        bail!("--run: the command stands after `--`: diagnose --run -- {}", sanitize(&words));
    };
    let limits = Limits { retries: args.retries, max_wait: args.max_wait, backoff: args.backoff };
    let signals = Signals::listen()?;
    #[cfg(unix)]
    let modes = terminal::Modes::save();
    for done in 0.. {
        let attempt = match Attempt::start(&args.command) {
            Ok(attempt) => attempt,
            Err(error) => return Ok(not_started(program, &error)),
        };
        let mut ended = attempt.finish(diagnoser, &signals)?;
        ended.report = Present(args.now).live(ended.report).at_least(args.min_confidence);
        if ended.status == 0 {
            break;
        }
        #[cfg(unix)]
        modes.restore();
        if ended.broken_line {
            let _ = io::stderr().write_all(b"\n");
        }
        let next = if ended.unwanted {
            Next::Stop
        } else {
            retry::next(&ended.report, done, &limits, Timestamp::now(), retry::chance())
        };
        if let Next::Again(pause) = &next {
            let what = format!(
                "{}; attempt {} of {}",
                ended.report.diagnoses[0].entry.id,
                u64::from(done) + 2,
                u64::from(limits.retries) + 1
            );
            match countdown::wait(*pause, &what, &signals) {
                None => continue,
                Some(signal) => ended.status = signals::status(signal),
            }
        }
        if !ended.unwanted || !ended.report.diagnoses.is_empty() {
            // Whoever closed standard error loses the report, but not the status.
            let _ = explain(&ended.report);
        }
        if let Next::GiveUp(reason) = next {
            let _ = writeln!(io::stderr(), "diagnose: {reason}");
        }
        return Ok(Outcome::Status(ended.status));
    }
    Ok(Outcome::Status(0))
}

/// Says on one line why there is nothing to run.
fn not_started(program: &OsStr, error: &io::Error) -> Outcome {
    let name = sanitize(&program.to_string_lossy());
    let (status, reason) = match error.kind() {
        ErrorKind::NotFound => {
            (NOT_FOUND, "no such command, or the interpreter that it names is missing".into())
        }
        ErrorKind::PermissionDenied => (NOT_STARTED, "it is not an executable file".into()),
        _ => (NOT_STARTED, error.to_string()),
    };
    let _ = writeln!(io::stderr(), "diagnose: cannot run `{name}`: {reason}");
    Outcome::Status(status)
}
