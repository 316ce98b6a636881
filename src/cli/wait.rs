//! `--wait-time`: the seconds that a script has to sleep before it tries again.

use diagnose::Report;
use diagnose::catalog::Policy;

/// Where a retry may help at once and the output names no time. Not 0: a loop would hammer a
/// service that has no room. The client has paused and tried for minutes before it gave up, so less
/// than a minute is no news.
const UNNAMED: u64 = 60;

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
    match (primary.retry.policy, primary.retry.after_seconds) {
        (Policy::Never, _) => Err("a retry does not help"),
        (_, Some(seconds)) => Ok(seconds),
        (Policy::Backoff, None) => Ok(UNNAMED),
        (Policy::Wait, None) => {
            Err("it works only after a reset, and the output does not say when")
        }
    }
}
