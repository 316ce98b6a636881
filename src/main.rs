//! The command line: everything that knows clap, anyhow, the environment, standard streams and
//! colour.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
