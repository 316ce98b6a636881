//! The arguments, as clap reads them: their names, what excludes what, and every word of the help,
//! from which the manual page and the completions are made too. What belongs to `--run` is declared
//! beside it, in `command::args`, so that a program without it does not name it either.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, CommandFactory as _, FromArgMatches as _, Parser, ValueEnum};
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

/// The ways to call the program.
pub(super) const USAGE: &str = concat!(
    "\
diagnose [OPTIONS] MESSAGE...
diagnose [OPTIONS] -f FILE...
COMMAND 2>&1 | diagnose [OPTIONS]",
    with_run!("\ndiagnose --run [OPTIONS] COMMAND...")
);

/// What stands after the options in the long help.
const AFTER_HELP: &str = concat!(
    "\
Examples:
  claude -p 'fix the tests' 2>&1 | diagnose
  diagnose 'API Error: 529 Overloaded'
  diagnose 529
  diagnose -f build.log --format json
  diagnose -f logs/ run.log.gz artifacts.zip
  diagnose -f build.log --print retry.policy
  diagnose --is retryable -f build.log && echo 'try again'
  diagnose --wait-time -f build.log
  diagnose --explain overloaded
  diagnose --catalog ours.toml -f build.log
",
    with_run!(
        "  diagnose --run --retries 3 claude -p 'fix the tests'
"
    ),
    "
Exit status: 0 something was diagnosed (with --is: yes), 1 nothing was recognised (with --is: no; \
with --wait-time: no known time), 2 diagnose could not do its job.",
    with_run!(
        " With --run, the status of the command: 128 plus the number of the signal that killed it, 127 \
if there is no such command, 126 if it cannot be started."
    )
);

/// What stands after the options in the short help.
const MORE_HELP: &str = "All options, with examples: diagnose --help";

/// The headings of the help, in its order.
const INPUT: &str = "Input";
const OUTPUT: &str = "Output";
const SCRIPTS: &str = "Answers for scripts";
#[cfg(feature = "run")]
pub(super) const RUN: &str = "Run";
const CATALOG: &str = "Catalog";
const ABOUT_DIAGNOSE: &str = "About diagnose";

/// Finds the Claude Code or Claude API error in a log, and says what to do.
///
/// Whose fault it is, whether and when a retry helps, why it happened, and what to type now.
#[derive(Debug, Parser)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "switches of a command line are independent of each other"
)]
#[command(
    name = "diagnose",
    after_help = MORE_HELP,
    after_long_help = AFTER_HELP,
    max_term_width = 100,
    disable_help_flag = true,
    disable_version_flag = true
)]
pub(crate) struct Args {
    /// The error message, its HTTP status, such as 529, or names of files
    ///
    /// With any of them, standard input is not read.
    #[arg(value_name = "MESSAGE", help_heading = INPUT, hide_short_help = true)]
    pub(crate) message: Vec<String>,

    /// Read files ("-": standard input), folders, archives
    ///
    /// Folders are read recursively; gzip, zstd and zip files are unpacked. A tar archive, packed or
    /// not, is read as one log: unpack it first. xz is refused. Each file gets its own report.
    #[arg(short, long, value_name = "FILE", num_args = 1.., help_heading = INPUT, conflicts_with = "message")]
    pub(crate) file: Vec<PathBuf>,

    /// In folders, read hidden and ignored files, too
    ///
    /// Without it, what .gitignore and .ignore leave out is not read.
    #[arg(long, help_heading = INPUT, hide_short_help = true)]
    pub(crate) hidden: bool,

    /// Diagnose the last failure of Claude Code here
    ///
    /// Reads the transcripts of this folder's project in `$CLAUDE_CONFIG_DIR` or `~/.claude`, and
    /// says which session failed, when, and what followed.
    #[arg(long, help_heading = INPUT, conflicts_with_all = ["message", "file", "tee", "follow", "list", "explain", "check_catalog"])]
    pub(crate) last: bool,

    /// With --last: in the transcripts of all projects
    #[arg(long, help_heading = INPUT, hide_short_help = true, requires = "last")]
    pub(crate) all_projects: bool,

    /// The files were named without -f.
    #[arg(skip)]
    pub(crate) bare_files: bool,

    /// Report each diagnosis as soon as its line arrives
    ///
    /// Reads standard input until it ends. Formats: human, json, jsonl, line and markdown.
    #[arg(long, help_heading = INPUT, hide_short_help = true, conflicts_with_all = ["message", "file", "is", "wait_time", "why", "list", "explain", "check_catalog"])]
    pub(crate) follow: bool,

    /// Use TIME as the present: when the output was printed
    ///
    /// Written as 2026-08-09T14:00:00Z, or in seconds since 1970. A reset without a date, such as
    /// `3pm`, is read from there.
    #[arg(long, value_name = "TIME", help_heading = INPUT, hide_short_help = true, value_parser = timestamp, allow_hyphen_values = true)]
    pub(crate) now: Option<Timestamp>,

    /// Output format: human, json, github, markdown, ...
    ///
    /// --list and --explain accept human, json, jsonl and markdown.
    #[arg(long, value_enum, default_value_t = Format::Human, help_heading = OUTPUT)]
    pub(crate) format: Format,

    /// Show every diagnosis, not just the first
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) all: bool,

    /// Explain the verdict: what matched, why it counts, why it won
    ///
    /// With ID, why that error did not.
    #[arg(long, value_name = "ID", num_args = 0..=1, help_heading = OUTPUT, hide_short_help = true, conflicts_with = "is")]
    pub(crate) why: Option<Vec<String>>,

    /// Pass the input through; the report goes to standard error
    ///
    /// Without it, a pipe into diagnose replaces the output with the diagnosis.
    #[arg(long, help_heading = OUTPUT, hide_short_help = true, conflicts_with_all = ["message", "list", "explain", "check_catalog"])]
    pub(crate) tee: bool,

    #[arg(
        long,
        help = "Ignore whatever is less certain than LEVEL",
        long_help = concat!(
            "Ignore whatever is less certain than LEVEL",
            with_run!("; --run does not repeat it either")
        ),
        value_name = "LEVEL",
        help_heading = OUTPUT,
        hide_short_help = true,
        default_value = "low",
        value_parser = confidence(),
        conflicts_with = "why"
    )]
    pub(crate) min_confidence: Confidence,

    /// When to write colours
    #[arg(long, value_enum, default_value_t = Color::Auto, value_name = "WHEN", help_heading = OUTPUT, hide_short_help = true)]
    pub(crate) color: Color,

    /// Exit with 0 if the error is WHAT, else with 1
    ///
    /// Prints nothing. WHAT is a section, `retryable`, or the id of an error.
    #[arg(long, value_name = "WHAT", help_heading = SCRIPTS)]
    pub(crate) is: Option<String>,

    /// Print one value: id, section, retry.policy, ...
    ///
    /// FIELD is any path of the JSON of the first diagnosis, such as `location.line`; a null is an
    /// empty line.
    #[arg(long, value_name = "FIELD", help_heading = SCRIPTS, conflicts_with_all = ["format", "is", "why", "all"])]
    pub(crate) print: Option<String>,

    /// Print the seconds to wait before a retry
    ///
    /// Prints 0 if the reset has passed, and 60 if a retry can help shortly and the output names no
    /// time. Prints nothing and exits with 1 if waiting does not help or the time is unknown.
    #[arg(long, help_heading = SCRIPTS, conflicts_with_all = ["is", "why", "all", "format"])]
    pub(crate) wait_time: bool,

    #[cfg(feature = "run")]
    #[command(flatten)]
    pub(crate) run: RunArgs,

    /// List every known error
    #[arg(long, help_heading = CATALOG, conflicts_with_all = ["message", "file", "is", "print", "explain", "check_catalog"])]
    pub(crate) list: bool,

    /// Explain one known error, or an HTTP status
    #[arg(long, value_name = "ID", help_heading = CATALOG, conflicts_with_all = ["message", "file", "is", "print", "check_catalog"])]
    pub(crate) explain: Option<String>,

    /// Add the errors in FILE
    ///
    /// They may also replace or silence known ones. Later files override earlier ones, and all
    /// override `$XDG_CONFIG_HOME/diagnose/catalog.d/*.toml` (by default below `~/.config`), which
    /// are always read.
    #[arg(long, value_name = "FILE", help_heading = CATALOG, hide_short_help = true)]
    pub(crate) catalog: Vec<PathBuf>,

    /// Check the built-in catalog, or your own files
    ///
    /// Prints every fault with its file and line.
    #[arg(long, value_name = "CATALOG", num_args = 0.., help_heading = CATALOG, hide_short_help = true, conflicts_with_all = ["message", "file", "is", "print"])]
    pub(crate) check_catalog: Option<Vec<PathBuf>>,

    /// Print the completions for a shell
    #[arg(long, value_enum, value_name = "SHELL", help_heading = ABOUT_DIAGNOSE, hide_short_help = true, exclusive = true)]
    pub(crate) completions: Option<Shell>,

    /// Print the manual page
    #[arg(long, help_heading = ABOUT_DIAGNOSE, hide_short_help = true, exclusive = true)]
    pub(crate) man: bool,

    /// Print the versions of the program and the catalog
    #[arg(short = 'V', long, help_heading = ABOUT_DIAGNOSE)]
    pub(crate) version: bool,

    /// Print help; -h shows the most useful options only
    #[arg(short, long, help_heading = ABOUT_DIAGNOSE, action = ArgAction::Help)]
    help: Option<bool>,
}

impl Args {
    /// Reads the command line. A sole `help`, `list` or `version` is the option, as with git: none of
    /// them is an error message.
    pub(crate) fn read(words: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let mut words: Vec<OsString> = words.into_iter().collect();
        if let [_, word] = &mut words[..]
            && ["help", "list", "version"].iter().any(|known| word == known)
        {
            *word = format!("--{}", word.to_string_lossy()).into();
        }
        #[cfg(feature = "run")]
        let words = super::command::args::with_dashes(words);
        let is_short = words.iter().take_while(|word| *word != "--").any(|word| word == "-h");
        let command = if is_short { short_help() } else { command() };
        command.try_get_matches_from(words).and_then(|found| Self::from_arg_matches(&found))
    }

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

/// The command line, with the ways to call the program as the help shows them.
pub(super) fn command() -> clap::Command {
    Args::command().override_usage(USAGE.replace('\n', "\n       "))
}

/// The same for `-h`, which has to fit a screen: a line for each of the most useful options.
fn short_help() -> clap::Command {
    command().mut_args(|arg| {
        let arg = arg.help_heading(None::<&str>);
        // Only what takes values has any to hide.
        if arg.get_action().takes_values() {
            arg.hide_possible_values(true).hide_default_value(true)
        } else {
            arg
        }
    })
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
    /// One JSON object per input, each on a line
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
    /// One line per input with an error, `path:line:column: section: title [id]`, for editors
    Line,
    /// Of many inputs: what failed how often, and which may be repeated
    Summary,
    /// The same as one JSON object, with the names of all inputs that failed
    SummaryJson,
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
