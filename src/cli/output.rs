//! What is written to the standard streams, and through which gate.

use std::io::{self, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use diagnose::redact;

use super::args::Args;
use super::tee::write_all;

/// Prints an answer on standard output.
pub(super) fn print(text: &str) -> Result<()> {
    io::stdout().lock().write_all(text.as_bytes()).context("cannot write to standard output")
}

/// Prints what is reported about an input: on standard error if standard output passes something
/// through.
pub(super) fn report(args: &Args, text: &str) -> Result<()> {
    if args.passes_through() {
        write_all(text.as_bytes(), &mut io::stderr()).context("cannot write to standard error")
    } else {
        print(text)
    }
}

/// Says on standard error what went wrong; each line passes the gate, because messages name files
/// and other input.
pub(crate) fn complain(text: &str) {
    for (n, line) in text.lines().enumerate() {
        let prefix = if n == 0 { "diagnose: " } else { "" };
        let _ = writeln!(io::stderr(), "{prefix}{}", redact::line(line));
    }
}

/// A path as it may be shown, on one line.
pub(crate) fn shown(path: &Path) -> String {
    redact::line(&path.display().to_string())
}
