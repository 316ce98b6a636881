//! What is said about one report: the report itself, or the answer to `--is` or `--wait-time`.

use anyhow::Result;
use diagnose::render::Render;
use diagnose::report::Decision;
use diagnose::{Diagnosis, Report};

use super::args::Args;
use super::output::{self, complain, print};

/// Prints a report, or answers `--is` or `--wait-time`; returns whether that counts as found.
pub(super) fn answer(args: &Args, renderer: &mut dyn Render, report: &Report<'_>) -> Result<bool> {
    if let Some(what) = &args.is {
        return Ok(report.diagnoses.first().is_some_and(|primary| {
            let retryable = what == "retryable" && primary.retry.is_retryable();
            retryable || primary.section().word() == what || primary.entry.id == *what
        }));
    }
    if args.wait_time {
        let Some(seconds) = wait_seconds(report) else { return Ok(false) };
        print(&format!("{seconds}\n"))?;
        return Ok(true);
    }
    output::report(args, &renderer.report(report))?;
    Ok(!report.diagnoses.is_empty())
}

/// The seconds that a script has to sleep before it tries again (`--wait-time`); nothing, and the
/// reason on standard error, where no number of them is right. An empty answer makes `sleep ""`
/// fail, so that a loop ends instead of spinning.
pub(super) fn wait_seconds(report: &Report<'_>) -> Option<u64> {
    let reason = match report.diagnoses.first().map(Diagnosis::decision) {
        Some(Decision::RetryAfter(wait) | Decision::Wait(Some(wait))) => {
            return Some(wait.as_secs());
        }
        Some(Decision::Wait(None)) => {
            "it works only after a reset, and the output does not say when"
        }
        Some(_) => "a retry does not help",
        None => "nothing was recognised",
    };
    complain(&format!("no time to wait in {}: {reason}", report.name()));
    None
}
