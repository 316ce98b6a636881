//! The arguments of `--run`. What they exclude is declared here alone: a conflict counts both ways.

use std::ffi::OsString;
use std::time::Duration;

use jiff::SignedDuration;

use crate::cli::args::{self, RUN};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = RUN)]
pub(crate) struct RunArgs {
    /// Run COMMAND, and say why if it fails
    ///
    /// Exits with its status. The command keeps its terminal and its input; the report goes to
    /// standard error. Put options for diagnose before the command; everything after its name goes
    /// to the command. Use `--` if the name begins with a dash.
    #[arg(long, conflicts_with_all = ["file", "last", "is", "tee", "follow", "list", "explain", "check_catalog"])]
    pub(crate) run: bool,

    /// Repeat a failed command up to N times if that can help
    ///
    /// After growing pauses, or after the reset of a limit. Never repeats what fails again until you
    /// fix it, what would do work twice, or an unknown error.
    #[arg(long, value_name = "N", default_value_t = 0, requires = "run")]
    pub(crate) retries: u32,

    /// The longest wait that an error may demand (`90s`, `10m`, `2h`)
    ///
    /// If it demands more, the command is not repeated.
    #[arg(long, value_name = "DURATION", default_value = "10m", hide_short_help = true, value_parser = duration, requires = "retries")]
    pub(crate) max_wait: Duration,

    /// The maximum of the first random pause
    ///
    /// It doubles with each repetition, up to a minute, and comes on top of the wait that the error
    /// demands.
    #[arg(long, value_name = "DURATION", default_value = "2s", hide_short_help = true, value_parser = duration, requires = "retries")]
    pub(crate) backoff: Duration,

    /// With --run: the command and its arguments
    #[arg(last = true, value_name = "COMMAND", hide_short_help = true, conflicts_with_all = ["file", "tee", "follow", "list", "explain", "check_catalog"])]
    pub(crate) command: Vec<OsString>,
}

/// Puts `--` before the first word of the command that `--run` runs, where the caller has not: from
/// there on, options are the command's own.
pub(crate) fn with_dashes(mut words: Vec<OsString>) -> Vec<OsString> {
    if let Some(at) = command_at(&words) {
        words.insert(at, "--".into());
    }
    words
}

/// Where the command begins if no `--` stands before it: at the first word behind `--run` that is
/// neither an option nor the value of one.
fn command_at(words: &[OsString]) -> Option<usize> {
    if !words.iter().any(|word| word == "--run") {
        return None;
    }
    let command = args::command();
    let mut runs = false;
    let mut at = 1;
    loop {
        let word = words.get(at)?.to_str();
        let Some(option) = word.filter(|word| word.starts_with('-')) else {
            return runs.then_some(at);
        };
        at += 1;
        if option == "--" {
            return None;
        }
        runs |= option == "--run";
        let (name, attached) = option.split_once('=').map_or((option, false), |(n, _)| (n, true));
        let known = command.get_arguments().find(|arg| {
            let long = arg.get_long().is_some_and(|long| name.strip_prefix("--") == Some(long));
            // With a value right behind it, `-ffile`, the name is longer.
            long || arg.get_short().is_some_and(|short| name == format!("-{short}"))
        });
        let Some(arg) = known.filter(|arg| !attached && arg.get_action().takes_values()) else {
            continue;
        };
        // The value of `--why` may be left out: a word is its value if the command follows `--`.
        let is_optional = arg.get_num_args().is_some_and(|values| values.min_values() == 0);
        if !is_optional || words.get(at + 1).is_some_and(|next| next == "--") {
            at += 1;
        }
    }
}

/// Parses a duration in its short form, e.g. `90s` or `1h30m`.
fn duration(text: &str) -> Result<Duration, String> {
    let duration =
        if text == "0" { Ok(SignedDuration::ZERO) } else { text.parse::<SignedDuration>() };
    duration
        .ok()
        .and_then(|duration| Duration::try_from(duration).ok())
        .ok_or_else(|| "write it like `90s`, `10m` or `2h`".into())
}
