//! The arguments, as clap reads them. Types of clap go no further than `run`.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use jiff::Timestamp;

const EXAMPLES: &str = "\
Examples:
  claude -p 'fix the tests' 2>&1 | diagnose
  diagnose 'API Error: 529 Overloaded'
  diagnose -f build.log --format json
  diagnose --is retryable -f build.log && echo 'try again'
  diagnose --wait-time -f build.log
  diagnose --explain overloaded

Exit status: 0 something was diagnosed (with --is: yes), 1 nothing was recognised (with --is: no;
with --wait-time: no time to wait for), 2 it could not do its job.";

/// Finds the Claude Code or Claude API error in terminal output: why it happened, what to do now, and whether a retry helps.
#[derive(Debug, Parser)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line are independent of each other")]
#[command(name = "diagnose", after_help = EXAMPLES, max_term_width = 100, disable_version_flag = true)]
pub(crate) struct Args {
    /// The error message itself; standard input is then not read
    #[arg(value_name = "MESSAGE")]
    pub(crate) message: Vec<String>,

    /// Read a file ("-" is standard input); each file gets its own report
    #[arg(short, long, value_name = "FILE", conflicts_with = "message")]
    pub(crate) file: Vec<PathBuf>,

    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,

    /// Show every diagnosis, not just the first
    #[arg(long)]
    pub(crate) all: bool,

    /// Print nothing; the exit status says whether it is WHAT: a section, `retryable`, or the id of an error
    #[arg(long, value_name = "WHAT")]
    pub(crate) is: Option<String>,

    /// Print only the seconds to wait before a retry; nothing, and status 1, where waiting does not help or nobody can tell
    ///
    /// 0 if the reset has passed, 60 if a retry may help shortly and the output names no time.
    #[arg(long, conflicts_with_all = ["is", "why", "all", "format"])]
    pub(crate) wait_time: bool,

    /// Take TIME (2026-08-09T14:00:00Z, or seconds since 1970) for the present: when the output was printed
    #[arg(long, value_name = "TIME", value_parser = super::clock::moment, allow_hyphen_values = true)]
    pub(crate) now: Option<Timestamp>,

    /// Explain the verdict: what matched, why it is believed, why it won; with ID, why that error did not
    #[arg(long, value_name = "ID", num_args = 0..=1, conflicts_with = "is")]
    pub(crate) why: Option<Vec<String>>,

    /// When to write colours
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,

    /// List every known error
    #[arg(long, conflicts_with_all = ["message", "file", "is", "explain", "check_catalog"])]
    pub(crate) list: bool,

    /// Explain one known error
    #[arg(long, value_name = "ID", conflicts_with_all = ["message", "file", "is", "check_catalog"])]
    pub(crate) explain: Option<String>,

    /// Check the catalog, or catalog files of your own
    #[arg(long, value_name = "CATALOG", num_args = 0.., conflicts_with_all = ["message", "file", "is"])]
    pub(crate) check_catalog: Option<Vec<PathBuf>>,

    /// Print the version, and that of the catalog
    #[arg(short = 'V', long)]
    pub(crate) version: bool,
}

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// One JSON object per input
    Json,
    /// One JSON object per diagnosis
    Jsonl,
}

/// When to write colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
