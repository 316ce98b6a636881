//! The wait between two attempts: a line that counts down on a terminal, one line in a log.

use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use super::retry::spell;
use super::signals::Signals;
use crate::cli::status_line::StatusLine;

/// Waits; returns the signal that ended it early. `what` says what comes after, e.g. `overloaded;
/// attempt 2 of 4`.
pub(crate) fn wait(pause: Duration, what: &str, signals: &Signals) -> Option<i32> {
    let Some(mut line) = StatusLine::new() else {
        let _ = writeln!(io::stderr(), "diagnose: {what} {}", when(pause));
        return signals.within(pause);
    };
    let end = Instant::now() + pause;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        line.show(&format!("diagnose: {what} {}", when(left)));
        // Until the next full second.
        let fraction = left.subsec_nanos();
        let ended = signals.within(Duration::new(u64::from(fraction == 0), fraction));
        if ended.is_some() {
            return ended;
        }
    }
}

fn when(left: Duration) -> String {
    if left.is_zero() { "now".into() } else { format!("in {}", spell(left)) }
}
