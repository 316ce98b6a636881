//! Faults around us: full disks, closed pipes, signals, files that change while they are read.
//! Nothing hangs, nothing is lost in silence, and nothing but one clear line is said.

#![cfg(unix)]

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::thread;

use diagnose::{Catalog, Diagnoser};

const ERROR: &str = "API Error: 529 {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n";

fn diagnose(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_diagnose"));
    command
        .args(args)
        .env("XDG_CONFIG_HOME", "/nowhere")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A file of this test; gone when it is dropped.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str, text: &[u8]) -> Self {
        let path =
            std::env::temp_dir().join(format!("diagnose-faults-{name}-{}", std::process::id()));
        fs::write(&path, text).expect("there is room");
        Self(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// More than a pipe holds, and enough for several threads.
fn log() -> Vec<u8> {
    let line = "step 12 of the build: compiled unit 7 in 19 ms, request served, status ok\n";
    [line.repeat(150_000).as_bytes(), ERROR.as_bytes(), line.repeat(10).as_bytes()].concat()
}

#[test]
fn a_pipe_may_be_named_like_a_file() {
    let mut child = diagnose(&["--print", "id", "-f", "/dev/stdin"]).spawn().expect("it starts");
    child.stdin.take().expect("piped").write_all(ERROR.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.stdout.as_slice(), stderr(&output).as_str()), (&b"overloaded\n"[..], ""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_costs_the_status() {
    let full = || OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    for args in [
        &["API Error: 529"][..],
        &["--format", "sarif", "API Error: 529"],
        &["--list"],
        &["--explain", "overloaded"],
        &["--version"],
        &["--help"],
    ] {
        let output = diagnose(args).stdout(full()).output().expect("it starts");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert_eq!(
            stderr(&output),
            "diagnose: cannot write to standard output: No space left on device (os error 28)\n",
            "{args:?}"
        );
    }
    let mut child = diagnose(&["--tee"]).stdout(full()).spawn().expect("it starts");
    child.stdin.take().expect("piped").write_all(ERROR.as_bytes()).expect("it reads on");
    let output = child.wait_with_output().expect("it ends");
    let told = stderr(&output);
    assert!(
        told.starts_with("server  ") && output.status.code() == Some(2),
        "the report comes all the same: {told}"
    );
    assert!(
        told.ends_with(
            "\ndiagnose: cannot write to standard output: No space left on device (os error 28)\n"
        ),
        "{told}"
    );
}

#[test]
fn whoever_closes_the_pipe_has_seen_enough() {
    for args in
        [&["--list"][..], &["--list", "--format", "markdown"], &["--tee", "-f", "/dev/stdin"]]
    {
        let mut child = diagnose(args).spawn().expect("it starts");
        drop(child.stdout.take());
        let mut input = child.stdin.take().expect("piped");
        let feeding = thread::spawn(move || drop(input.write_all(&log())));
        let output = child.wait_with_output().expect("it ends");
        feeding.join().expect("no panic");
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
        assert!(
            !stderr(&output).contains("panicked") && !stderr(&output).contains("cannot write"),
            "{args:?}: {}",
            stderr(&output)
        );
    }
}

/// Whether whoever runs the tests has us, and so the program, ignore a signal: `nohup` does, and a
/// shell for what runs in the background.
fn is_ignored(number: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (number - 1) & 1 == 1)
}

#[test]
fn signals_end_it_in_the_middle_without_a_word() {
    for (signal, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
        if is_ignored(number) {
            println!("skipped: {signal} is ignored here");
            continue;
        }
        for args in [&[][..], &["--tee"], &["--follow"]] {
            let mut child = diagnose(args).spawn().expect("it starts");
            let mut input = child.stdin.take().expect("piped");
            // Less than the pipes hold: nobody takes what --tee passes on.
            input.write_all(&log()[..16 << 10]).expect("it reads");
            if args == ["--tee"] {
                let mut some = [0; 4096];
                child.stdout.as_mut().expect("piped").read_exact(&mut some).expect("it passes on");
            }
            Command::new("kill")
                .args([format!("-{signal}"), child.id().to_string()])
                .status()
                .expect("kill is there");
            let output = child.wait_with_output().expect("it ends");
            assert_eq!(
                (output.status.signal(), stderr(&output).as_str()),
                (Some(number), ""),
                "{signal} {args:?}"
            );
        }
    }
}

#[test]
fn a_file_that_goes_is_read_to_its_end() {
    let file = Temporary::new("gone", &log());
    let open = File::open(&file.0).expect("just written");
    fs::remove_file(&file.0).expect("just written");
    let catalog = Catalog::builtin();
    let report = Diagnoser::new(&catalog).file("log", &open).expect("it is open");
    assert_eq!((report.diagnoses.len(), report.lines), (1, 150_011));
}

#[test]
fn a_file_that_grows_or_shrinks_meanwhile_is_no_fault() {
    let catalog = Catalog::builtin();
    let diagnoser = Diagnoser::new(&catalog);
    for grows in [true, false] {
        let file = Temporary::new(if grows { "grows" } else { "shrinks" }, &log());
        thread::scope(|scope| {
            let changing = scope.spawn(|| {
                let change = OpenOptions::new().append(true).open(&file.0).expect("just written");
                for n in 0..200_u64 {
                    let result = if grows {
                        (&change).write_all(ERROR.as_bytes())
                    } else {
                        change.set_len((200 - n) * 50_000)
                    };
                    result.expect("there is room");
                }
            });
            let open = File::open(&file.0).expect("just written");
            let report = diagnoser.file("log", &open).expect("no fault");
            changing.join().expect("no panic");
            assert!(
                report.lines <= 150_211
                    && report.bytes <= log().len() as u64 + 200 * ERROR.len() as u64,
                "{} lines",
                report.lines
            );
            assert!(!grows || report.diagnoses[0].occurrences >= 1);
        });
    }
}

#[test]
fn a_cut_file_is_read_as_far_as_it_goes() {
    let text = log();
    let catalog = Catalog::builtin();
    let diagnoser = Diagnoser::new(&catalog);
    let error = text.windows(9).rposition(|bytes| bytes == b"API Error").expect("it is there");
    for cut in [error + 14, error + 15, error + 60, text.len() - 3] {
        let file = Temporary::new("cut", &text[..cut]);
        let report =
            diagnoser.file("log", &File::open(&file.0).expect("just written")).expect("readable");
        assert_eq!(
            (report.bytes, report.diagnoses.first().map(|of| of.entry.id.as_ref())),
            (cut as u64, Some("overloaded")),
            "cut at {cut}"
        );
    }
}
