//! The wait between two attempts: a line that counts down on a terminal, one line in a log.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use super::retry::spell;
use super::signals::Signals;

/// Waits; returns the signal that ended it early. `what` says what for.
pub(crate) fn wait(pause: Duration, what: &str, signals: &Signals) -> Option<i32> {
    let mut out = io::stderr();
    if !out.is_terminal() || env::var_os("TERM").is_some_and(|term| term == "dumb") {
        let _ = writeln!(out, "diagnose: {what} {}", when(pause));
        return signals.within(pause);
    }
    let until = Instant::now() + pause;
    let mut ended = None;
    while ended.is_none() {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        let line: String =
            format!("diagnose: {what} {}", when(left)).chars().take(width() - 1).collect();
        let _ = write!(out, "\r\x1b[K{line}");
        let fraction = left.subsec_nanos();
        ended = signals.within(Duration::new(u64::from(fraction == 0), fraction));
    }
    let _ = write!(out, "\r\x1b[K");
    ended
}

fn when(left: Duration) -> String {
    if left.is_zero() { "now".into() } else { format!("in {}", spell(left)) }
}

/// The columns of the terminal: a line that wraps cannot be rewritten.
fn width() -> usize {
    terminal_size::terminal_size_of(io::stderr())
        .map_or(80, |(width, _)| usize::from(width.0).max(2))
}
