//! The one line that long work shows on a terminal: how much was read, how fast, what was found so far.

use std::io::{self, IsTerminal, Write as _};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use diagnose::Diagnoser;

use super::args::Args;

/// Work that is done sooner shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the line is written anew.
const PACE: Duration = Duration::from_millis(200);

/// Does the work, and shows its progress on standard error if that is a terminal and nothing else is written to it meanwhile.
pub(super) fn shown<T>(args: &Args, diagnoser: &Diagnoser<'_>, work: impl FnOnce() -> T) -> T {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if !io::stderr().is_terminal() || dumb || args.tee {
        return work();
    }
    thread::scope(|scope| {
        let (done, waits) = mpsc::channel::<()>();
        scope.spawn(move || {
            let (since, before) = (Instant::now(), diagnoser.progress());
            let mut pause = PATIENCE;
            let mut written = false;
            while waits.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                let (bytes, findings) = diagnoser.progress();
                let line = line(bytes - before.0, findings - before.1, since.elapsed());
                let _ = write!(io::stderr(), "\r\x1b[2K{line}");
                (pause, written) = (PACE, true);
            }
            if written {
                let _ = write!(io::stderr(), "\r\x1b[2K");
            }
        });
        // The line goes when the work ends, also where it panics: the channel closes.
        let _done = done;
        work()
    })
}

/// `3.2 GB · 410 MB/s · 12 errors so far`.
fn line(bytes: u64, errors: u64, time: Duration) -> String {
    let rate = bytes as f64 / time.as_secs_f64().max(0.001);
    let errors = match errors {
        0 => "no error so far".to_owned(),
        1 => "1 error so far".to_owned(),
        many => format!("{many} errors so far"),
    };
    format!("{} · {}/s · {errors}", size(bytes as f64), size(rate))
}

/// A number of bytes in three digits or so.
fn size(bytes: f64) -> String {
    let (unit, name) = [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")].into_iter().find(|(unit, _)| bytes >= *unit).unwrap_or((1.0, "B"));
    let number = bytes / unit;
    if number < 10.0 && unit > 1.0 { format!("{number:.1} {name}") } else { format!("{number:.0} {name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_short() {
        assert_eq!(line(3_200_000_000, 12, Duration::from_secs(8)), "3.2 GB · 400 MB/s · 12 errors so far");
        assert_eq!(line(640_000, 1, Duration::from_secs(1)), "640 kB · 640 kB/s · 1 error so far");
        assert_eq!(line(0, 0, Duration::from_secs(2)), "0 B · 0 B/s · no error so far");
    }
}
