//! `--follow`: each diagnosis as its line comes, from an input that need not end.

use std::io::{self, Read, Write as _};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use diagnose::text::decode::Decoder;
use diagnose::{Diagnoser, Follow, Report};

use super::tee::Tee;

/// The lines of one error come together: who waits this long for more has seen them all.
const PAUSE: Duration = Duration::from_millis(100);
/// An input that never pauses is looked at this often, or when this much has come.
const PATIENCE: Duration = Duration::from_secs(1);
const MUCH: usize = 256 * 1024;

/// Reads standard input to its end, and hands on each report when it is ready.
pub(super) fn follow(
    diagnoser: &Diagnoser<'_>,
    tee: bool,
    mut tell: impl FnMut(Report<'_>) -> Result<()>,
) -> Result<()> {
    // Few pieces wait: who writes faster than we read is held back, as by any pipe.
    let (pieces, coming) = mpsc::sync_channel(4);
    let reader = thread::spawn(move || read(tee, &pieces));
    let mut follow = Follow::new(diagnoser);
    let mut since = Instant::now();
    loop {
        let piece = if follow.pending() == 0 {
            since = Instant::now();
            coming.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            coming.recv_timeout(PAUSE)
        };
        let ended = piece == Err(RecvTimeoutError::Disconnected);
        let paused = piece == Err(RecvTimeoutError::Timeout);
        if let Ok(piece) = &piece {
            follow.push(piece);
        }
        if ended || paused || follow.pending() >= MUCH || since.elapsed() >= PATIENCE {
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

/// Sends standard input on, piece by piece; fails where it cannot be read or, with `--tee`, passed
/// through.
fn read(tee: bool, pieces: &SyncSender<Vec<u8>>) -> Result<()> {
    let stdin = io::stdin().lock();
    if !tee {
        return send(stdin, pieces);
    }
    let mut tee = Tee::new(stdin, io::stdout());
    send(&mut tee, pieces)?;
    tee.lost().map_or(Ok(()), |error| Err(error).context("cannot write to standard output"))
}

fn send(input: impl Read, pieces: &SyncSender<Vec<u8>>) -> Result<()> {
    let mut input = Decoder::new(input);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match input.read(&mut buffer) {
            // The other end goes only when the program does.
            Ok(0) => return Ok(()),
            Ok(read) if pieces.send(buffer[..read].to_vec()).is_err() => return Ok(()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error).context("cannot read stdin"),
        }
    }
}
