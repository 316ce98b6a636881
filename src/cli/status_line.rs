//! One line on a terminal that is rewritten in place, and leaves no trace: how far long work has
//! come, or how long a pause still takes.

use std::env;
use std::io::{self, IsTerminal as _, Write as _};

/// The line, on standard error; it is cleared when this is dropped.
pub(super) struct StatusLine {
    written: bool,
}

impl StatusLine {
    /// `None` where standard error is no terminal, or one that cannot rewrite a line.
    pub(super) fn new() -> Option<Self> {
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        (io::stderr().is_terminal() && !dumb).then_some(Self { written: false })
    }

    /// Replaces the line; what is longer than the terminal is wide would wrap, and is cut off.
    pub(super) fn show(&mut self, text: &str) {
        let columns = terminal_size::terminal_size_of(io::stderr())
            .map_or(80, |(width, _)| usize::from(width.0).max(2));
        let line: String = text.chars().take(columns - 1).collect();
        let _ = write!(io::stderr(), "\r\x1b[K{line}");
        self.written = true;
    }

    /// Takes the line away until it is shown again.
    pub(super) fn clear(&mut self) {
        if std::mem::take(&mut self.written) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

impl Drop for StatusLine {
    fn drop(&mut self) {
        self.clear();
    }
}
