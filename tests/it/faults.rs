//! Faults around us: full disks, closed pipes, signals, files that change while they are read.
//! Nothing hangs, nothing is lost in silence, and nothing but one clear line is said.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Output};
use std::thread;

use crate::support::{DIAGNOSER, Folder, command, fed, feed, is_ignored};

const ERROR: &str = "API Error: 529 {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n";

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// More than a pipe holds, and enough for several threads.
fn log() -> Vec<u8> {
    let line = "step 12 of the build: compiled unit 7 in 19 ms, request served, status ok\n";
    [line.repeat(150_000).as_bytes(), ERROR.as_bytes(), line.repeat(10).as_bytes()].concat()
}

#[test]
fn a_pipe_may_be_named_like_a_file() {
    let output = fed(&mut command(&["--print", "id", "-f", "/dev/stdin"]), ERROR.as_bytes());
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
        let output = command(args).stdout(full()).output().expect("it starts");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert_eq!(
            stderr(&output),
            "diagnose: cannot write to standard output: No space left on device (os error 28)\n",
            "{args:?}"
        );
    }
    let output = fed(command(&["--tee"]).stdout(full()), ERROR.as_bytes());
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
        let mut child = command(args).spawn().expect("it starts");
        drop(child.stdout.take());
        let output = feed(child, &log());
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
        assert!(
            !stderr(&output).contains("panicked") && !stderr(&output).contains("cannot write"),
            "{args:?}: {}",
            stderr(&output)
        );
    }
}

#[test]
fn signals_end_it_in_the_middle_without_a_word() {
    for (signal, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
        if is_ignored(signal) {
            continue;
        }
        for args in [&[][..], &["--tee"], &["--follow"]] {
            let mut child = command(args).spawn().expect("it starts");
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
    let folder = Folder::new();
    let file = folder.write("gone.log", log());
    let open = File::open(&file).expect("just written");
    fs::remove_file(&file).expect("just written");
    let report = DIAGNOSER.file("log", &open).expect("it is open");
    assert_eq!((report.diagnoses.len(), report.lines), (1, 150_011));
}

#[test]
fn a_file_that_grows_or_shrinks_meanwhile_is_no_fault() {
    for grows in [true, false] {
        let folder = Folder::new();
        let file = folder.write("changes.log", log());
        thread::scope(|scope| {
            let changing = scope.spawn(|| {
                let change = OpenOptions::new().append(true).open(&file).expect("just written");
                for n in 0..200_u64 {
                    let result = if grows {
                        (&change).write_all(ERROR.as_bytes())
                    } else {
                        change.set_len((200 - n) * 50_000)
                    };
                    result.expect("there is room");
                }
            });
            let open = File::open(&file).expect("just written");
            let report = DIAGNOSER.file("log", &open).expect("no fault");
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
    let error = text.windows(9).rposition(|bytes| bytes == b"API Error").expect("it is there");
    for cut in [error + 14, error + 15, error + 60, text.len() - 3] {
        let folder = Folder::new();
        let file = folder.write("cut.log", &text[..cut]);
        let report =
            DIAGNOSER.file("log", &File::open(&file).expect("just written")).expect("readable");
        assert_eq!(
            (report.bytes, report.diagnoses.first().map(|of| of.entry.id.as_ref())),
            (cut as u64, Some("overloaded")),
            "cut at {cut}"
        );
    }
}
