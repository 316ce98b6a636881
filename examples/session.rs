//! A session manager in some fifty lines: runs a command, diagnoses its lines as they come, and runs
//! it again only if and when that can help.
//!
//! `cargo run --example session -- claude -p "fix the tests"`

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::thread::{scope, sleep};

use diagnose::report::Decision;
use diagnose::{Diagnoser, Follow};

/// Sends the lines of a stream.
fn lines(stream: impl Read, to: &Sender<Vec<u8>>) {
    for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
        let _ = to.send([line, b"\n".to_vec()].concat());
    }
}

fn main() -> std::io::Result<()> {
    let diagnoser = Diagnoser::builtin();
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (program, args) = words.split_first().expect("usage: session PROGRAM [ARGUMENT]...");
    for attempt in 1..=3u32 {
        let mut command = Command::new(program);
        let command = command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let (output, errors) = (child.stdout.take(), child.stderr.take());
        let mut follow = Follow::new(&diagnoser);
        let mut decision = None;
        // Errors go to standard error, answers to standard output.
        scope(|threads| {
            let (to, received) = channel();
            let also = to.clone();
            threads.spawn(move || output.map(|output| lines(output, &to)));
            threads.spawn(move || errors.map(|errors| lines(errors, &also)));
            for line in received {
                follow.push(&line);
                for report in follow.look(program, false) {
                    println!("{}: {}", report.diagnoses[0].entry.id, report.diagnoses[0].excerpt);
                    decision = Some(report.diagnoses[0].decision());
                }
            }
        });
        let failed = !child.wait()?.success();
        let pause = match decision.filter(|_| failed) {
            Some(Decision::RetryAfter(pause)) => pause * attempt,
            Some(Decision::Wait(Some(pause))) => pause,
            Some(other) => {
                println!("not again: {other:?}");
                break;
            }
            None => break,
        };
        sleep(pause);
    }
    Ok(())
}
