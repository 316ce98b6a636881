//! The present, the zone of this machine, and when a file was written: what the library asks of
//! nobody.

use std::fs;
use std::path::Path;

use diagnose::Report;
use diagnose::reset::Clock;
use jiff::Timestamp;

/// Reads the clock, unless the user says what time it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Present(pub(crate) Option<Timestamp>);

impl Present {
    /// Settles the times of a report of an argument or of standard input.
    pub(crate) fn live(self, report: Report<'_>) -> Report<'_> {
        self.settle(report, None)
    }

    /// Settles the times of a report of a file.
    pub(crate) fn file<'c>(self, report: Report<'c>, path: &Path) -> Report<'c> {
        self.settle(report, Some(path))
    }

    fn settle<'c>(self, mut report: Report<'c>, path: Option<&Path>) -> Report<'c> {
        if report.diagnoses.is_empty() {
            return report;
        }
        // The clock is read after the input: what is printed was printed before.
        let system = Clock::system();
        let now = self.0.unwrap_or(system.now);
        // Who says what time it is speaks of the time when the file was written.
        let written = path
            .filter(|_| self.0.is_none())
            .and_then(|path| Timestamp::try_from(fs::metadata(path).ok()?.modified().ok()?).ok());
        let printed = written.unwrap_or(now).min(now);
        report.resolve(&Clock { now, printed, live: path.is_none(), ..system });
        report
    }
}

/// A moment as an argument.
///
/// # Errors
/// How to write one.
pub(crate) fn moment(text: &str) -> Result<Timestamp, String> {
    let epoch = || Timestamp::from_second(text.parse().ok()?).ok();
    text.parse()
        .ok()
        .or_else(epoch)
        .ok_or_else(|| "write it as 2026-08-09T14:00:00Z or in seconds since 1970".to_owned())
}
