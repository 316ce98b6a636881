//! The one line that long work shows on a terminal: how much was read, how fast, what was found so
//! far.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use diagnose::Diagnoser;

use super::status_line::StatusLine;

/// Work that is done sooner shows nothing.
const FIRST_AFTER: Duration = Duration::from_secs(1);
/// How often the line is written anew.
const INTERVAL: Duration = Duration::from_millis(200);

/// The line, if there is one.
pub(super) struct Progress(Option<Mutex<StatusLine>>);

impl Progress {
    /// Takes the line away, before anything else is written to the terminal.
    pub(super) fn clear(&self) {
        if let Some(line) = &self.0 {
            line.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }
}

/// Does the work, and shows its progress on a terminal, unless it is to be `quiet`.
pub(super) fn with_progress<T>(
    quiet: bool,
    diagnoser: &Diagnoser<'_>,
    work: impl FnOnce(&Progress) -> T,
) -> T {
    let progress = Progress(StatusLine::new().filter(|_| !quiet).map(Mutex::new));
    let Some(status) = &progress.0 else { return work(&progress) };
    thread::scope(|scope| {
        let (done, waits) = mpsc::channel::<()>();
        scope.spawn(move || {
            let (since, before) = (Instant::now(), diagnoser.progress());
            let mut pause = FIRST_AFTER;
            while waits.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                let (bytes, findings) = diagnoser.progress();
                let text = line(bytes - before.0, findings - before.1, since.elapsed());
                status.lock().unwrap_or_else(PoisonError::into_inner).show(&text);
                pause = INTERVAL;
            }
        });
        // The line goes when the work ends, also where it panics: the channel closes.
        let _done = done;
        work(&progress)
    })
}

/// Formats the line, e.g. `3.2 GB · 410 MB/s · 12 errors so far`.
fn line(bytes: u64, errors: u64, time: Duration) -> String {
    let rate = u128::from(bytes) * 1000 / time.as_millis().max(1);
    let errors = match errors {
        0 => "no error so far".to_owned(),
        1 => "1 error so far".to_owned(),
        many => format!("{many} errors so far"),
    };
    format!("{} · {}/s · {errors}", size(bytes.into()), size(rate))
}

/// Formats a number of bytes in two digits or more, e.g. `3.2 GB` or `410 MB`.
fn size(bytes: u128) -> String {
    const UNITS: [(u128, &str); 4] =
        [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    let Some((unit, name)) = UNITS.into_iter().find(|(unit, _)| bytes >= *unit) else {
        return format!("{bytes} B");
    };
    let tenths = bytes * 10 / unit;
    if tenths < 100 {
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    } else {
        format!("{} {name}", tenths / 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_short() {
        assert_eq!(
            line(3_200_000_000, 12, Duration::from_secs(8)),
            "3.2 GB · 400 MB/s · 12 errors so far"
        );
        assert_eq!(line(640_000, 1, Duration::from_secs(1)), "640 kB · 640 kB/s · 1 error so far");
        assert_eq!(line(0, 0, Duration::from_secs(2)), "0 B · 0 B/s · no error so far");
    }
}
