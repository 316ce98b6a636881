//! The arguments of `--run`. What they exclude is declared here alone: a conflict counts both ways.

use std::ffi::OsString;
use std::time::Duration;

use jiff::SignedDuration;

#[derive(Debug, clap::Args)]
pub(crate) struct RunArgs {
    /// Run the command after `--` on this terminal and exit with its status; if it fails, say why on
    /// standard error
    #[arg(long, conflicts_with_all = ["file", "is", "tee", "follow", "list", "explain", "check_catalog"])]
    pub(crate) run: bool,

    /// Repeat a failed command up to N times if the diagnosis says that this can help, after growing
    /// pauses or the reset of a limit; never repeat what fails again until you fix it, what would do
    /// work twice, or an unknown error
    #[arg(long, value_name = "N", default_value_t = 0, requires = "run")]
    pub(crate) retries: u32,

    /// The longest wait that an error may demand (`90s`, `10m`, `2h`); if it demands more, the
    /// command is not repeated
    #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = duration, requires = "retries")]
    pub(crate) max_wait: Duration,

    /// The maximum of the first random pause; it doubles with each repetition, up to a minute, and
    /// comes on top of the wait that the error demands
    #[arg(long, value_name = "DURATION", default_value = "2s", value_parser = duration, requires = "retries")]
    pub(crate) backoff: Duration,

    /// With --run: the command and its arguments
    #[arg(last = true, value_name = "COMMAND", conflicts_with_all = ["file", "tee", "follow", "list", "explain", "check_catalog"])]
    pub(crate) command: Vec<OsString>,
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
