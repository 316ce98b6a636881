//! `--wait-time`: the seconds that a script has to sleep before it tries again.

use diagnose::Report;
use diagnose::report::Decision;

/// The seconds; nothing, and the reason on standard error, where no number of them is right. An
/// empty answer makes `sleep ""` fail, so that a loop ends instead of spinning.
pub(crate) fn seconds(report: &Report<'_>) -> Option<u64> {
    let complain =
        |reason| super::complain(&format!("no time to wait in {}: {reason}", report.name()));
    known(report).map_err(complain).ok()
}

fn known(report: &Report<'_>) -> Result<u64, &'static str> {
    let Some(primary) = report.diagnoses.first() else {
        return Err("nothing was recognised");
    };
    match primary.decision() {
        Decision::RetryAfter(wait) | Decision::Wait(Some(wait)) => Ok(wait.as_secs()),
        Decision::Wait(None) => {
            Err("it works only after a reset, and the output does not say when")
        }
        _ => Err("a retry does not help"),
    }
}
