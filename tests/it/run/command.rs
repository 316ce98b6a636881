//! How a command runs under `--run`: its bytes, its status, its signals, and how it ends.

use std::io::{Read as _, Write as _};
use std::process::{Command, Output};

use super::{OVERLOADED, binary, binary_data, kill, run, run_in, script, text};
use crate::support::{Folder, is_ignored};

/// Runs a line of shell under `--run`.
fn sh(line: &str) -> Output {
    run(&["--run", "--", "sh", "-c", line], b"")
}

#[test]
fn every_byte_passes_through_and_the_streams_stay_apart() {
    let data = binary_data();
    let output = run(&["--run", "--", "sh", "-c", "cat; printf 'not a line' >&2"], &data);
    assert!(output.stdout == data, "{} bytes of {}", output.stdout.len(), data.len());
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), "not a line"));
}

#[test]
fn output_passes_through_at_once() {
    let mut child = binary(
        &["--run", "--", "sh", "-c", "printf first; read answer; echo $answer"],
        &std::env::temp_dir(),
    );
    let (mut output, mut first) = (child.stdout.take().expect("piped"), [0; 5]);
    output.read_exact(&mut first).expect("it comes before the end, and before the line does");
    child.stdin.take().expect("piped").write_all(b"second\n").expect("it still waits");
    let mut rest = String::new();
    output.read_to_string(&mut rest).expect("it can be read");
    assert_eq!((&first, rest.as_str()), (b"first", "second\n"));
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn one_output_for_both_keeps_the_order() {
    let line = format!(
        "{} --run -- sh -c 'for i in 1 2 3 4 5 6 7 8 9; do echo out; echo err >&2; done' 2>&1",
        env!("CARGO_BIN_EXE_diagnose")
    );
    let output = Command::new("sh").args(["-c", &line]).output().expect("sh is there");
    assert_eq!(text(&output.stdout), "out\nerr\n".repeat(9));
}

#[test]
fn the_status_passes_through() {
    for (line, status) in [
        ("exit 0", 0),
        ("exit 1", 1),
        ("exit 42", 42),
        ("kill -TERM $$", 143),
        ("kill -KILL $$", 137),
    ] {
        let output = sh(line);
        assert_eq!(output.status.code(), Some(status), "{line}: {}", text(&output.stderr));
    }
    assert_eq!(text(&sh(&format!("echo '{OVERLOADED}'")).stderr), "", "success needs no diagnosis");
}

#[test]
fn a_closed_standard_error_does_not_cost_the_status() {
    let mut child = binary(
        &["--run", "--", "sh", "-c", &format!("echo '{OVERLOADED}'; exit 3")],
        &std::env::temp_dir(),
    );
    drop(child.stderr.take());
    assert_eq!(child.wait_with_output().expect("it ends").status.code(), Some(3));
}

#[test]
fn the_report_takes_both_outputs_and_the_format_that_is_asked_for() {
    let line = "printf 'API Error: '; echo noise >&2; echo '529 Overloaded'; exit 1";
    let output = run(&["--run", "--format", "json", "--", "sh", "-c", line], b"");
    let stderr = text(&output.stderr);
    let report: serde_json::Value =
        serde_json::from_str(stderr.strip_prefix("noise\n").expect("the command's own first"))
            .expect("JSON");
    assert_eq!(
        (&report["diagnoses"][0]["id"], &report["input"]["source"]),
        (&"overloaded".into(), &"command".into()),
        "{stderr}"
    );
}

#[test]
fn what_cannot_be_started_is_told_on_one_line() {
    let folder = script("true");
    for (command, status) in
        [("no-such-command", 127), ("./no-such-file", 127), ("./script.sh", 126), ("/", 126)]
    {
        let output = run_in(&folder.0, &["--run", "--retries", "3", "--", command], b"");
        let stderr = text(&output.stderr);
        assert_eq!(
            (output.status.code(), stderr.lines().count()),
            (Some(status), 1),
            "{command}: {stderr}"
        );
        assert!(stderr.starts_with(&format!("diagnose: cannot run `{command}`: ")), "{stderr}");
    }
}

#[test]
fn signals_reach_the_command_and_its_status_is_ours() {
    for (signal, status) in [("INT", 11), ("TERM", 12), ("QUIT", 13)] {
        if is_ignored(signal) {
            continue;
        }
        let line = "trap 'exit 11' INT; trap 'exit 12' TERM; trap 'exit 13' QUIT; echo ready; while :; do sleep 0.05; done";
        let mut child =
            binary(&["--run", "--retries", "3", "--", "sh", "-c", line], &std::env::temp_dir());
        let mut ready = [0; 6];
        child.stdout.as_mut().expect("piped").read_exact(&mut ready).expect("it is ready");
        kill(signal, child.id());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(
            (output.status.code(), text(&output.stderr).as_str()),
            (Some(status), ""),
            "{signal}"
        );
    }
}

#[test]
fn a_process_that_is_left_behind_does_not_hold_us() {
    let output = sh("sleep 300 & echo $!; exit 3");
    assert_eq!(output.status.code(), Some(3));
    // This fails where there is no such process any more: it was still there when we ended.
    kill("KILL", text(&output.stdout).trim().parse().expect("its number"));
}

#[test]
fn whoever_closes_our_output_closes_the_commands() {
    // The command may end after us; it says how through a named pipe.
    let line = format!(
        "mkfifo status; cat status & {} --run -- sh -c 'yes; echo $? > status' | head -1; wait",
        env!("CARGO_BIN_EXE_diagnose")
    );
    let folder = Folder::new();
    let output = Command::new("sh")
        .args(["-c", &line])
        .current_dir(&folder.0)
        .output()
        .expect("sh is there");
    assert_eq!(
        (text(&output.stdout).as_str(), text(&output.stderr).as_str()),
        ("y\n141\n", ""),
        "128 and SIGPIPE"
    );
}

#[test]
fn contradictions_are_one_clear_line() {
    for args in [
        &["--run"][..],
        &["--run", "--"],
        &["message", "--run", "--", "true"],
        &["--run", "-f", "file", "--", "true"],
        &["--run", "--is", "server", "--", "true"],
        &["--run", "--list", "--", "true"],
        &["--run", "--tee", "--", "true"],
        &["--retries", "3"],
        &["--run", "--max-wait", "3s", "--", "true"],
        &["--run", "--retries", "1", "--max-wait", "3", "--", "true"],
        &["--run", "--retries", "1", "--backoff=-3s", "--", "true"],
        &["--run", "--why", "no-such-error", "--", "true"],
        &["--tee", "message"],
        &["--tee", "--", "message"],
        &["--tee", "--list"],
        &["-f", "file", "--", "message"],
    ] {
        let output = run(args, b"");
        let stderr = text(&output.stderr);
        assert_eq!(
            (output.status.code(), stderr.lines().count(), output.stdout.len()),
            (Some(2), 1, 0),
            "{args:?}: {stderr}"
        );
        assert!(stderr.starts_with("diagnose: ") && !stderr.contains(":;"), "{args:?}: {stderr}");
    }
    assert!(
        text(&run(&["--", "-Prompt is too long"], b"").stdout).starts_with("request "),
        "without --run it is the message"
    );
}
