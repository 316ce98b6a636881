//! What the scripts beside this file need and a shell cannot do: write logs and patterns, and time
//! processes of a millisecond.

#![allow(missing_docs, reason = "a program, not a library")]

mod logs;

use std::env;
use std::io::{self, Write as _};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use logs::{Log, MIB, patterns, torture};

const USAGE: &str = "\
helper log NAME MIB            a log: none, sparse, dense, hot, plain, json, longline, errors; says on standard error how many errors it holds
helper inputs                  the inputs that should not make a program grow: name, MiB, what it is
helper input NAME MIB          one of them
helper patterns [COUNT]        the catalog as patterns, one a line; the most specific ones of so many entries
helper race ROUNDS A -- B      runs the commands A and B in turn; prints their median times in microseconds, and the median of A/B";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("helper: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(words: &[&str]) -> io::Result<()> {
    let wrong = || io::Error::other(USAGE);
    let number = |text: &str| text.parse::<usize>().map_err(|_| wrong());
    let mut out = io::stdout().lock();
    match words {
        ["log", name, mib] => {
            let mut log = Log::new(logs::recipe(name).ok_or_else(wrong)?);
            log.write(number(mib)? * MIB, &mut out)?;
            eprintln!("{}", log.found);
            Ok(())
        }
        ["inputs"] => torture::INPUTS
            .iter()
            .try_for_each(|(name, mib, what)| writeln!(out, "{name}\t{mib}\t{what}")),
        ["input", name, mib] => {
            torture::write(name, number(mib)? * MIB, &mut out).ok_or_else(wrong)?
        }
        ["patterns"] => patterns::all(&diagnose::Catalog::builtin())
            .iter()
            .try_for_each(|pattern| writeln!(out, "{pattern}")),
        ["patterns", count] => patterns::some(&diagnose::Catalog::builtin(), number(count)?)
            .iter()
            .try_for_each(|pattern| writeln!(out, "{pattern}")),
        ["race", rounds, commands @ ..] => {
            let middle = commands.iter().position(|word| *word == "--").ok_or_else(wrong)?;
            let [a, b, ratio] =
                race(number(rounds)?.max(1), &commands[..middle], &commands[middle + 1..])?;
            writeln!(out, "{a:.0} {b:.0} {ratio:.3}")
        }
        _ => Err(wrong()),
    }
}

/// Two commands in turn: what drifts on the machine hits both. The medians of both, and of the
/// ratios of the rounds.
fn race(rounds: usize, a: &[&str], b: &[&str]) -> io::Result<[f64; 3]> {
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for round in 0..=rounds {
        let (a, b) = (time(a)?, time(b)?);
        // The first round only warms up.
        if round > 0 {
            times[0].push(a);
            times[1].push(b);
            times[2].push(a / b);
        }
    }
    Ok(times.map(|mut of| {
        of.sort_by(f64::total_cmp);
        of[of.len() / 2]
    }))
}

/// Microseconds from start to end of a process.
fn time(command: &[&str]) -> io::Result<f64> {
    let (program, args) = command.split_first().ok_or_else(|| io::Error::other(USAGE))?;
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    command.status()?;
    Ok(start.elapsed().as_secs_f64() * 1e6)
}
