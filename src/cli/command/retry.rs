//! Whether and when to repeat a failed command: a pure function of its report.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use diagnose::Report;
use diagnose::catalog::Policy;
use diagnose::report::{Confidence, State};
use jiff::Timestamp;

/// The longest random pause.
const MAX_BACKOFF: Duration = Duration::from_secs(60);

/// What the user allows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Repetitions.
    pub(crate) retries: u32,
    /// The longest wait that an error may ask for.
    pub(crate) max_wait: Duration,
    /// The first pause, at most.
    pub(crate) backoff: Duration,
}

/// What to do after a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RetryPlan {
    /// Give up; the report says why.
    Stop,
    /// Give up, for a reason that is told after the report.
    GiveUp(String),
    /// Run the command again after a pause.
    Repeat(Duration),
}

/// Decides what to do after `done` repetitions. `chance` is random, from 0 to 1.
pub(crate) fn plan(
    report: &Report<'_>,
    done: u32,
    limits: &Limits,
    now: Timestamp,
    chance: f64,
) -> RetryPlan {
    // What the client tried again need not be what made the command fail, and a guess is no reason
    // to do anything twice.
    let reason = |primary: &&diagnose::Diagnosis<'_>| {
        primary.state == State::Terminal && primary.confidence > Confidence::Low
    };
    let Some(primary) = report.diagnoses.first().filter(reason).filter(|_| done < limits.retries)
    else {
        return RetryPlan::Stop;
    };
    let (id, retry) = (&primary.entry.id, &primary.retry);
    let after = retry.after_seconds.map(Duration::from_secs);
    let reset =
        || retry.not_before.as_ref()?.parse::<Timestamp>().ok().map(|reset| until(reset, now));
    let wait = match retry.policy {
        Policy::Backoff => after.unwrap_or_default(),
        Policy::Wait => match reset().or(after) {
            Some(wait) => wait,
            None => {
                return RetryPlan::GiveUp(format!(
                    "{id}: not repeated, the output does not say for certain when it will work again"
                ));
            }
        },
        _ => return RetryPlan::Stop,
    };
    if wait > limits.max_wait {
        let (wait, most) = (spell(wait), spell(limits.max_wait));
        return RetryPlan::GiveUp(format!(
            "{id}: not repeated, it will work again in {wait} and --max-wait is {most}"
        ));
    }
    let most = limits.backoff.saturating_mul(2_u32.saturating_pow(done)).min(MAX_BACKOFF);
    RetryPlan::Repeat(wait + most.mul_f64(chance))
}

/// The time from `now` to `then`; zero if that is over.
fn until(then: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_until(then)).unwrap_or_default()
}

/// A random number from 0 to 1: the keys of a hash map are chosen at random, which is all the
/// randomness std has.
pub(crate) fn chance() -> f64 {
    f64::from(RandomState::new().hash_one(()) as u32) / f64::from(u32::MAX)
}

/// Formats a duration in its two largest units, rounded up to seconds: `2 h 1 min`.
pub(crate) fn spell(duration: Duration) -> String {
    let seconds = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, 0, _) => format!("{hours} h"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use diagnose::Diagnoser;
    use diagnose::reset::Clock;

    const LIMITS: Limits =
        Limits { retries: 9, max_wait: Duration::from_secs(600), backoff: Duration::from_secs(2) };

    fn after(message: &str, not_before: Option<&str>, done: u32, chance: f64) -> RetryPlan {
        let now = "2026-01-01T12:00:00Z".parse().expect("a time");
        let diagnoser = Diagnoser::builtin().at(now);
        let mut report = diagnoser.argument(message);
        // Of a file nobody knows in which zone it was written.
        report.resolve(&Clock::system().at(now).of_file(None));
        if let Some(primary) = report.diagnoses.first_mut() {
            primary.retry.not_before = not_before.map(str::to_owned);
        }
        plan(&report, done, &LIMITS, now, chance)
    }

    fn seconds(seconds: u64) -> RetryPlan {
        RetryPlan::Repeat(Duration::from_secs(seconds))
    }

    #[test]
    fn pauses_double_up_to_a_minute_and_are_random() {
        let pause = |done, chance| after("API Error: 529 Overloaded", None, done, chance);
        assert_eq!(
            [pause(0, 1.0), pause(1, 1.0), pause(4, 1.0), pause(5, 1.0), pause(8, 1.0)],
            [2, 4, 32, 60, 60].map(seconds)
        );
        assert_eq!((pause(0, 0.0), pause(2, 0.5)), (seconds(0), seconds(4)));
        assert_eq!(pause(9, 1.0), RetryPlan::Stop, "that were all");
        let chances: BTreeSet<u64> = (0..100).map(|_| chance().to_bits()).collect();
        assert!(
            chances.len() > 50
                && chances.iter().all(|bits| (0.0..=1.0).contains(&f64::from_bits(*bits)))
        );
    }

    #[test]
    fn what_the_error_asks_for_is_waited_for() {
        let message = "API Error: 429 {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"x\"}} retry-after: 30";
        assert_eq!(after(message, None, 0, 0.0), seconds(30));
        assert_eq!(after(message, None, 0, 1.0), seconds(32));
        assert!(
            matches!(after(&message.replace("30", "3000"), None, 0, 0.0), RetryPlan::GiveUp(why) if why.contains("50 min"))
        );
    }

    #[test]
    fn a_reset_is_waited_for_if_it_is_known_and_near() {
        let limit = "You've hit your session limit · resets 3pm";
        assert_eq!(after(limit, Some("2026-01-01T13:05:00+01:00"), 0, 0.0), seconds(300));
        assert_eq!(after(limit, Some("2026-01-01T11:00:00Z"), 0, 0.0), seconds(0), "it is over");
        assert!(
            matches!(after(limit, None, 0, 0.0), RetryPlan::GiveUp(why) if why.contains("does not say"))
        );
        assert!(
            matches!(after(limit, Some("2026-01-01T15:00:30Z"), 0, 0.0), RetryPlan::GiveUp(why) if why.contains("in 3 h and --max-wait is 10 min"))
        );
    }

    #[test]
    fn what_fails_identically_is_not_repeated() {
        for message in
            ["Invalid API key · Please run /login", "Prompt is too long", "error: 3 tests failed"]
        {
            assert_eq!(after(message, None, 0, 0.0), RetryPlan::Stop, "{message}");
        }
    }

    #[test]
    fn durations_are_spelt_for_people() {
        let spelt = [0, 59, 60, 61, 3600, 7290].map(|seconds| spell(Duration::from_secs(seconds)));
        assert_eq!(spelt, ["0 s", "59 s", "1 min", "1 min 1 s", "1 h", "2 h 1 min"]);
        assert_eq!(spell(Duration::from_millis(1001)), "2 s");
    }
}
