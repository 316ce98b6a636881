//! `--run`: runs a command as if we were not there, says why it failed, and repeats it where that
//! can help.

pub(super) mod args;
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
use self::retry::{Limits, RetryPlan};
use self::signals::Signals;
use super::args::Args;
use super::exit::{Exit, is_broken_pipe};
use super::output::complain;

/// Our own exit status where a command succeeds and what it printed is lost.
const OUTPUT_LOST: u8 = 2;
/// The exit status of a shell for a command that is not found.
const NOT_FOUND: u8 = 127;
/// The exit status of a shell for a command that cannot be started.
const NOT_STARTED: u8 = 126;

/// Runs the command until it succeeds or cannot be helped. `explain` prints the report of the last
/// failure.
pub(crate) fn run(
    args: &Args,
    diagnoser: &Diagnoser<'_>,
    explain: impl Fn(&Report<'_>) -> Result<()>,
) -> Result<Exit> {
    let Some((program, _)) = args.run.command.split_first().filter(|_| args.message.is_empty())
    else {
        bail!("--run: the command stands behind it: diagnose --run [OPTIONS] COMMAND...");
    };
    let limits = Limits {
        retries: args.run.retries,
        max_wait: args.run.max_wait,
        backoff: args.run.backoff,
    };
    let signals = Signals::listen()?;
    #[cfg(unix)]
    let modes = terminal::Modes::save();
    for done in 0.. {
        let attempt = match Attempt::start(&args.run.command) {
            Ok(attempt) => attempt,
            Err(error) => return Ok(not_started(program, &error)),
        };
        let mut ended = attempt.finish(diagnoser, &signals)?;
        ended.report = ended.report.at_least(args.min_confidence);
        if ended.status == 0 && ended.write_error.is_some() {
            ended.status = OUTPUT_LOST;
        }
        if ended.status == 0 {
            break;
        }
        #[cfg(unix)]
        modes.restore();
        if ended.broken_line {
            let _ = io::stderr().write_all(b"\n");
        }
        if let Some(error) = &ended.write_error {
            complain(&format!("cannot pass on the output of the command: {error}"));
        }
        let plan = if ended.cancelled {
            RetryPlan::Stop
        } else {
            retry::plan(&ended.report, done, &limits, Timestamp::now(), retry::chance())
        };
        if let RetryPlan::Repeat(pause) = &plan {
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
        if !ended.cancelled || !ended.report.diagnoses.is_empty() {
            // A report that cannot be written does not cost the status.
            match explain(&ended.report) {
                Err(error) if !is_broken_pipe(&error) => complain(&format!("{error:#}")),
                _ => {}
            }
        }
        if let RetryPlan::GiveUp(reason) = plan {
            complain(&reason);
        }
        return Ok(Exit::Status(ended.status));
    }
    Ok(Exit::Status(0))
}

/// Says on one line why the command cannot be started.
fn not_started(program: &OsStr, error: &io::Error) -> Exit {
    let name = sanitize(&program.to_string_lossy());
    let (status, reason) = match error.kind() {
        ErrorKind::NotFound => {
            (NOT_FOUND, "no such command, or the interpreter that it names is missing".into())
        }
        ErrorKind::PermissionDenied => (NOT_STARTED, "it is not an executable file".into()),
        _ => (NOT_STARTED, error.to_string()),
    };
    let _ = writeln!(io::stderr(), "diagnose: cannot run `{name}`: {reason}");
    Exit::Status(status)
}
