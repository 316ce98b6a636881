//! A session manager in thirty lines: runs a command, diagnoses its lines as they come, and runs it
//! again only if and when that can help.
//!
//! `cargo run --example session -- claude -p "fix the tests"`

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::thread::sleep;

use diagnose::report::Decision;
use diagnose::{Diagnoser, Follow};

fn main() -> std::io::Result<()> {
    let diagnoser = Diagnoser::builtin();
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (program, args) = words.split_first().expect("usage: session PROGRAM [ARGUMENT]...");
    for attempt in 1..=3u32 {
        let mut child = Command::new(program).args(args).stdout(Stdio::piped()).spawn()?;
        let mut follow = Follow::new(&diagnoser);
        let mut decision = None;
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        for line in output.split(b'\n') {
            follow.push(&[line?, b"\n".to_vec()].concat());
            for report in follow.look(program, false) {
                println!("{}: {}", report.diagnoses[0].entry.id, report.diagnoses[0].excerpt);
                decision = Some(report.diagnoses[0].decision());
            }
        }
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
