//! The arguments, as clap reads them: their names, what excludes what, and every word of the help,
//! from which the manual page and the completions are made too. What belongs to `--run` is declared
//! beside it, in `command::args`, so that a program without it does not name it either.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, ValueEnum};
use clap_complete::Shell;
use diagnose::report::Confidence;
use jiff::Timestamp;

#[cfg(feature = "run")]
use super::command::args::RunArgs;

/// A text of the help that only a program with `--run` has.
#[cfg(feature = "run")]
macro_rules! with_run {
    ($text:literal) => {
        $text
    };
}
#[cfg(not(feature = "run"))]
macro_rules! with_run {
    ($text:literal) => {
        ""
    };
}

pub(super) use with_run;

/// What stands after the options in the help.
const AFTER_HELP: &str = concat!(
    "\
Examples:
  claude -p 'fix the tests' 2>&1 | diagnose
  diagnose 'API Error: 529 Overloaded'
  diagnose -f build.log --format json
  diagnose -f build.log --print retry.policy
  diagnose --is retryable -f build.log && echo 'try again'
  diagnose --wait-time -f build.log
  diagnose --explain overloaded
  diagnose --catalog ours.toml -f build.log
",
    with_run!(
        "  diagnose --run --retries 3 -- claude -p 'fix the tests'
"
    ),
    "
Exit status: 0 something was diagnosed (with --is: yes), 1 nothing was recognised (with --is: no;
with --wait-time: no known time), 2 diagnose could not do its job.",
    with_run!(
        " With --run, the status of the
command: 128 plus the number of the signal that killed it, 127 if there is no such command, 126 if
it cannot be started."
    )
);

/// Finds the Claude Code or Claude API error in terminal output: whether a retry helps, why it
/// happened, and what to do now.
#[derive(Debug, Parser)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "switches of a command line are independent of each other"
)]
#[command(name = "diagnose", after_help = AFTER_HELP, max_term_width = 100, disable_version_flag = true)]
pub(crate) struct Args {
    /// The error message; with one, standard input is not read
    #[arg(value_name = "MESSAGE")]
    pub(crate) message: Vec<String>,

    /// Read a file ("-" is standard input); each file gets its own report
    #[arg(short, long, value_name = "FILE", conflicts_with = "message")]
    pub(crate) file: Vec<PathBuf>,

    /// Output format; --list and --explain know human, json, jsonl and markdown
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,

    /// Print one value of the first diagnosis: `id`, `section`, `retry.policy`, `location.line`, or
    /// any other path of the JSON; a null is an empty line
    #[arg(long, value_name = "FIELD", conflicts_with_all = ["format", "is", "why", "all"])]
    pub(crate) print: Option<String>,

    /// Show every diagnosis, not just the first
    #[arg(long)]
    pub(crate) all: bool,

    /// Print nothing and answer with the exit status: is the error WHAT? A section, `retryable`, or
    /// the id of an error
    #[arg(long, value_name = "WHAT")]
    pub(crate) is: Option<String>,

    #[arg(
        long,
        help = concat!(
            "Ignore whatever is less certain than LEVEL",
            with_run!("; --run does not repeat it either")
        ),
        value_name = "LEVEL",
        default_value = "low",
        value_parser = confidence(),
        conflicts_with = "why"
    )]
    pub(crate) min_confidence: Confidence,

    /// Print only the seconds to wait before a retry; print nothing and exit with 1 if waiting does
    /// not help or the time is unknown
    ///
    /// Prints 0 if the reset has passed, and 60 if a retry can help shortly and the output names no
    /// time.
    #[arg(long, conflicts_with_all = ["is", "why", "all", "format"])]
    pub(crate) wait_time: bool,

    /// Use TIME (2026-08-09T14:00:00Z, or seconds since 1970) as the present: the time at which the
    /// output was printed
    #[arg(long, value_name = "TIME", value_parser = timestamp, allow_hyphen_values = true)]
    pub(crate) now: Option<Timestamp>,

    /// Explain the verdict: what matched, why it counts, why it won; with ID, why that error did not
    #[arg(long, value_name = "ID", num_args = 0..=1, conflicts_with = "is")]
    pub(crate) why: Option<Vec<String>>,

    /// Pass the input through to standard output; the report goes to standard error
    #[arg(long, conflicts_with_all = ["message", "list", "explain", "check_catalog"])]
    pub(crate) tee: bool,

    /// Report each diagnosis as soon as its line arrives on standard input; human, json, jsonl or
    /// markdown
    #[arg(long, conflicts_with_all = ["message", "file", "is", "wait_time", "why", "list", "explain", "check_catalog"])]
    pub(crate) follow: bool,

    #[cfg(feature = "run")]
    #[command(flatten)]
    pub(crate) run: RunArgs,

    /// When to write colours
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,

    /// List every known error
    #[arg(long, conflicts_with_all = ["message", "file", "is", "print", "explain", "check_catalog"])]
    pub(crate) list: bool,

    /// Explain one known error
    #[arg(long, value_name = "ID", conflicts_with_all = ["message", "file", "is", "print", "check_catalog"])]
    pub(crate) explain: Option<String>,

    /// Add the errors in FILE, which may also replace or silence known ones. Later files override
    /// earlier ones, and all override `$XDG_CONFIG_HOME/diagnose/catalog.d/*.toml` (by default below
    /// `~/.config`), which are always read
    #[arg(long, value_name = "FILE")]
    pub(crate) catalog: Vec<PathBuf>,

    /// Check the built-in catalog, or your own files: every fault with its file and line
    #[arg(long, value_name = "CATALOG", num_args = 0.., conflicts_with_all = ["message", "file", "is", "print"])]
    pub(crate) check_catalog: Option<Vec<PathBuf>>,

    /// Print the completions for a shell
    #[arg(long, value_enum, value_name = "SHELL", exclusive = true)]
    pub(crate) completions: Option<Shell>,

    /// Print the manual page
    #[arg(long, exclusive = true)]
    pub(crate) man: bool,

    /// Print the versions of the program and the catalog
    #[arg(short = 'V', long)]
    pub(crate) version: bool,
}

impl Args {
    /// The words of the message. What stands after `--` belongs to it, except with `--run`.
    pub(crate) fn words(&self) -> impl Iterator<Item = String> {
        #[cfg(feature = "run")]
        let after_dashes = if self.run.run { &[][..] } else { &self.run.command };
        #[cfg(not(feature = "run"))]
        let after_dashes: &[std::ffi::OsString] = &[];
        self.message
            .iter()
            .cloned()
            .chain(after_dashes.iter().map(|word| word.to_string_lossy().into_owned()))
    }

    /// Whether standard output carries the input or the output of a command, so that the report
    /// goes to standard error.
    pub(crate) fn passes_through(&self) -> bool {
        #[cfg(feature = "run")]
        let runs = self.run.run;
        #[cfg(not(feature = "run"))]
        let runs = false;
        self.tee || runs
    }
}

/// Parses a level of confidence, by the library's own words.
fn confidence() -> impl TypedValueParser<Value = Confidence> {
    let words = PossibleValuesParser::new(Confidence::ALL.iter().map(|level| level.word()));
    words.map(|word| Confidence::from_word(&word).expect("only its own words are let through"))
}

/// The output formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// One JSON object per input
    Json,
    /// One JSON object per diagnosis
    Jsonl,
    /// Annotations for GitHub Actions, with a job summary and step outputs
    Github,
    /// For issue comments and job summaries
    Markdown,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Test report in the XML that CI systems read, one test per input
    Junit,
    /// reviewdog's diagnostic format
    Rdjson,
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

/// Parses a point in time: RFC 3339, or seconds since 1970.
fn timestamp(text: &str) -> Result<Timestamp, String> {
    let epoch = || Timestamp::from_second(text.parse().ok()?).ok();
    text.parse()
        .ok()
        .or_else(epoch)
        .ok_or_else(|| "write it as 2026-08-09T14:00:00Z or in seconds since 1970".to_owned())
}
