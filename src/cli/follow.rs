//! `--follow`: each diagnosis as its line comes, from an input that need not end.

use std::io::{self, Read, Write as _};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use diagnose::Decoder;
use diagnose::{Diagnoser, Follow, Report};

use super::tee::Tee;

/// A pause of this length ends an error: its lines are printed together.
const PAUSE: Duration = Duration::from_millis(100);
/// An input that never pauses is looked at this often, or when this many bytes wait.
const MAX_DELAY: Duration = Duration::from_secs(1);
const MAX_PENDING: usize = 256 * 1024;

/// Reads standard input to its end, and hands on each report when it is ready.
pub(super) fn follow(
    diagnoser: &Diagnoser<'_>,
    tee: bool,
    mut tell: impl FnMut(Report<'_>) -> Result<()>,
) -> Result<()> {
    // Few chunks wait: a program that writes faster than we diagnose is held back, as by any pipe.
    let (chunks, incoming) = mpsc::sync_channel(4);
    let reader = thread::spawn(move || read(tee, &chunks));
    let mut follow = Follow::new(diagnoser);
    let mut since = Instant::now();
    loop {
        let chunk = if follow.pending() == 0 {
            since = Instant::now();
            incoming.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            incoming.recv_timeout(PAUSE)
        };
        let ended = chunk == Err(RecvTimeoutError::Disconnected);
        let paused = chunk == Err(RecvTimeoutError::Timeout);
        if let Ok(chunk) = &chunk {
            follow.push(chunk);
        }
        if ended || paused || follow.pending() >= MAX_PENDING || since.elapsed() >= MAX_DELAY {
            follow.look("stdin", ended).into_iter().try_for_each(&mut tell)?;
            io::stdout().flush().context("cannot write to standard output")?;
            since = Instant::now();
        }
        if ended {
            break;
        }
    }
    match reader.join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Sends standard input on in chunks; fails where it cannot be read or, with `--tee`, passed
/// through.
fn read(tee: bool, chunks: &SyncSender<Vec<u8>>) -> Result<()> {
    let stdin = io::stdin().lock();
    if !tee {
        return send(stdin, chunks);
    }
    let mut tee = Tee::new(stdin, io::stdout());
    send(&mut tee, chunks)?;
    tee.write_error().map_or(Ok(()), |error| Err(error).context("cannot write to standard output"))
}

fn send(input: impl Read, chunks: &SyncSender<Vec<u8>>) -> Result<()> {
    let mut input = Decoder::new(input);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match input.read(&mut buffer) {
            // The other end goes only when the program does.
            Ok(0) => return Ok(()),
            Ok(read) if chunks.send(buffer[..read].to_vec()).is_err() => return Ok(()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error).context("cannot read stdin"),
        }
    }
}
