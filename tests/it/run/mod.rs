//! `--run` and `--tee`: everything passes through as if we were not there, and only what can be
//! helped is repeated.

mod command;
mod retry;
mod tee;
mod terminal;

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Output};

use crate::support::{self, Folder, feed};

const OVERLOADED: &str = "API Error: 529 Overloaded";
/// Asks for two seconds.
const LIMITED: &str = r#"API Error: 429 {"type":"error","error":{"type":"rate_limit_error","message":"slow"}} retry-after: 2"#;
/// A script that counts its attempts, fails twice, then succeeds.
const FLAKY: &str = "\
echo attempt >> attempts
if [ \"$(wc -l < attempts)\" -le 2 ]; then echo 'API Error: 529 Overloaded' >&2; exit 7; fi
echo done
";

/// A folder with a script in it.
fn script(text: &str) -> Folder {
    let folder = Folder::new();
    folder.write("script.sh", text);
    folder
}

/// The attempts that a script has noted.
fn attempts(folder: &Folder) -> usize {
    folder.read("attempts").lines().count()
}

/// The binary, in a process group of its own: no terminal of whoever runs the tests plays a part.
fn binary(args: &[&str], folder: &Path) -> Child {
    let mut command = support::command(args);
    command.current_dir(folder).process_group(0).spawn().expect("the binary starts")
}

fn run_in(folder: &Path, args: &[&str], stdin: &[u8]) -> Output {
    feed(binary(args, folder), stdin)
}

fn run(args: &[&str], stdin: &[u8]) -> Output {
    run_in(&std::env::temp_dir(), args, stdin)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Ten megabytes of every kind of byte, with no line break at the end.
fn binary_data() -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..10 << 20).map(|_| next()).chain([b'x']).collect()
}

fn kill(signal: &str, process: u32) {
    let status = Command::new("kill")
        .args([format!("-{signal}"), process.to_string()])
        .status()
        .expect("kill is there");
    assert!(status.success());
}
