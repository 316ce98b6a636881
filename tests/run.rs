//! `--run` and `--tee`: everything passes through as if we were not there, and only what can be
//! helped is repeated.

#![cfg(unix)]

use std::fs;
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const OVERLOADED: &str = "API Error: 529 Overloaded";
/// Asks for two seconds.
const LIMITED: &str = r#"API Error: 429 {"type":"error","error":{"type":"rate_limit_error","message":"slow"}} retry-after: 2"#;

/// A folder of its own for a test, with a script in it.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str, script: &str) -> Self {
        let path = std::env::temp_dir().join(format!("diagnose-run-{test}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("temporary folder");
        fs::write(path.join("script.sh"), script).expect("written");
        Self(path)
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.0.join(file)).unwrap_or_default()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The binary, in a process group of its own: no terminal of whoever runs the tests plays a part.
fn binary(args: &[&str], folder: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_diagnose"))
        .args(args)
        .current_dir(folder)
        .env("COLUMNS", "80")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .expect("the binary starts")
}

fn run_in(folder: &Path, args: &[&str], stdin: &[u8]) -> Output {
    let mut child = binary(args, folder);
    let (mut input, stdin) = (child.stdin.take().expect("piped"), stdin.to_vec());
    // Whoever reads and writes at the same time must be fed and read at the same time. One that
    // does not read closes it early.
    let feeding = std::thread::spawn(move || drop(input.write_all(&stdin)));
    let output = child.wait_with_output().expect("the binary ends");
    feeding.join().expect("no panic");
    output
}

fn run(args: &[&str], stdin: &[u8]) -> Output {
    run_in(&std::env::temp_dir(), args, stdin)
}

/// Runs a line of shell under `--run`.
fn sh(line: &str) -> Output {
    run(&["--run", "--", "sh", "-c", line], b"")
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

/// Counts its attempts, fails twice, then succeeds.
const FLAKY: &str = "\
echo attempt >> attempts
if [ \"$(wc -l < attempts)\" -le 2 ]; then echo 'API Error: 529 Overloaded' >&2; exit 7; fi
echo done
";

#[test]
fn what_can_be_helped_is_repeated_until_it_succeeds() {
    let folder = Folder::new("flaky", FLAKY);
    let output = run_in(
        &folder.0,
        &["--run", "--retries", "3", "--backoff", "20ms", "--", "sh", "script.sh"],
        b"",
    );
    assert_eq!(
        (output.status.code(), text(&output.stdout).as_str()),
        (Some(0), "done\n"),
        "{}",
        text(&output.stderr)
    );
    assert_eq!(folder.read("attempts").lines().count(), 3);
    let stderr = text(&output.stderr);
    let lines: Vec<&str> = stderr.lines().collect();
    let [OVERLOADED, first, OVERLOADED, second] = lines[..] else { panic!("{stderr}") };
    assert!(
        first.starts_with("diagnose: overloaded; attempt 2 of 4 in ")
            && second.starts_with("diagnose: overloaded; attempt 3 of 4 in "),
        "{stderr}"
    );
}

#[test]
fn after_the_last_attempt_its_status_and_diagnosis_stand() {
    let folder = Folder::new("last", FLAKY);
    let output = run_in(
        &folder.0,
        &["--run", "--retries", "1", "--backoff", "0s", "--", "sh", "script.sh"],
        b"",
    );
    let stderr = text(&output.stderr);
    assert_eq!(
        (output.status.code(), folder.read("attempts").lines().count()),
        (Some(7), 2),
        "{stderr}"
    );
    assert!(stderr.contains("attempt 2 of 2 now\n") && stderr.contains("\nserver  "), "{stderr}");
}

#[test]
fn what_fails_identically_is_never_repeated() {
    for (message, told) in [
        ("API Error: 401 Invalid API key · Please run /login", "auth    "),
        ("Prompt is too long", "request "),
        ("error: 3 tests failed", "no known error of Claude Code or the Claude API"),
        // What the client itself tried again is not why the command failed.
        (
            "API Error (529 Overloaded) · Retrying in 4 seconds… (attempt 1/10)\n⏺ Done.\n3 tests failed",
            "server  ",
        ),
    ] {
        let folder =
            Folder::new("never", &format!("echo attempt >> attempts; echo '{message}'; exit 3"));
        let output = run_in(
            &folder.0,
            &["--run", "--retries", "3", "--backoff", "0s", "--", "sh", "script.sh"],
            b"",
        );
        let stderr = text(&output.stderr);
        assert_eq!(
            (output.status.code(), folder.read("attempts").lines().count()),
            (Some(3), 1),
            "{message}: {stderr}"
        );
        assert!(stderr.contains(told), "{message}: {stderr}");
    }
}

#[test]
fn what_is_not_certain_enough_is_not_repeated() {
    for (level, attempts) in [("medium", 2), ("high", 1)] {
        let folder = Folder::new(
            "certain",
            "echo attempt >> attempts; echo 'API Error: Rate limit reached'; exit 3",
        );
        let args = [
            "--run",
            "--retries",
            "1",
            "--backoff",
            "0s",
            "--min-confidence",
            level,
            "--",
            "sh",
            "script.sh",
        ];
        let output = run_in(&folder.0, &args, b"");
        let stderr = text(&output.stderr);
        assert_eq!(
            (output.status.code(), folder.read("attempts").lines().count()),
            (Some(3), attempts),
            "{level}: {stderr}"
        );
        assert_eq!(
            stderr.contains("Rate limit reached (429)"),
            level == "medium",
            "{level}: {stderr}"
        );
    }
}

#[test]
fn a_wait_that_is_too_long_or_unknown_is_given_up_with_a_reason() {
    let script = |message: &str| format!("echo attempt >> attempts; echo '{message}'; exit 3");
    for (message, reason) in [
        (
            format!("{LIMITED}00").as_str(),
            "diagnose: rate-limited: not repeated, it will work again in 3 min 20 s and --max-wait is 1 min\n",
        ),
        (
            "You\u{2019}ve hit your session limit",
            "not repeated, the output does not say for certain when it will work again\n",
        ),
    ] {
        let folder = Folder::new("give-up", &script(message));
        let output = run_in(
            &folder.0,
            &["--run", "--retries", "3", "--max-wait", "1m", "--", "sh", "script.sh"],
            b"",
        );
        assert_eq!(
            (output.status.code(), folder.read("attempts").lines().count()),
            (Some(3), 1),
            "{}",
            text(&output.stderr)
        );
        assert!(text(&output.stderr).ends_with(reason), "{}", text(&output.stderr));
    }
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
    let folder = Folder::new("start", "true");
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
        let script = "trap 'exit 11' INT; trap 'exit 12' TERM; trap 'exit 13' QUIT; echo ready; while :; do sleep 0.05; done";
        let mut child =
            binary(&["--run", "--retries", "3", "--", "sh", "-c", script], &std::env::temp_dir());
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
fn a_signal_ends_the_pause() {
    let script = format!("echo attempt >> attempts; echo '{LIMITED}00' >&2; exit 1");
    let folder = Folder::new("pause", &script);
    let since = Instant::now();
    let mut child = binary(
        &["--run", "--retries", "3", "--max-wait", "1h", "--", "sh", "script.sh"],
        &folder.0,
    );
    let mut stderr = child.stderr.take().expect("piped");
    let mut told = String::new();
    while !told.contains("attempt 2 of 4 in 3 min") {
        let mut byte = [0];
        stderr.read_exact(&mut byte).unwrap_or_else(|error| panic!("{error}: {told}"));
        told.push(byte[0] as char);
    }
    kill("TERM", child.id());
    std::io::copy(&mut stderr, &mut std::io::sink()).expect("it can be read");
    assert_eq!(child.wait().expect("it ends").code(), Some(143), "{told}");
    assert_eq!(folder.read("attempts").lines().count(), 1);
    assert!(since.elapsed() < Duration::from_secs(20));
}

fn kill(signal: &str, process: u32) {
    let status = Command::new("kill")
        .args([format!("-{signal}"), process.to_string()])
        .status()
        .expect("kill is there");
    assert!(status.success());
}

#[test]
fn a_process_that_is_left_behind_does_not_hold_us() {
    let since = Instant::now();
    let output = sh("sleep 30 & echo $!; exit 3");
    kill("KILL", text(&output.stdout).trim().parse().expect("its number"));
    assert_eq!(output.status.code(), Some(3));
    assert!(since.elapsed() < Duration::from_secs(15), "{:?}", since.elapsed());
}

#[test]
fn whoever_closes_our_output_closes_the_commands() {
    let line = format!(
        "{} --run -- sh -c 'yes; echo $? > status' | head -1",
        env!("CARGO_BIN_EXE_diagnose")
    );
    let folder = Folder::new("closed", "");
    let output = Command::new("sh")
        .args(["-c", &line])
        .current_dir(&folder.0)
        .output()
        .expect("sh is there");
    assert_eq!((text(&output.stdout).as_str(), text(&output.stderr).as_str()), ("y\n", ""));
    // `head` may be done before the command is.
    let until = Instant::now() + Duration::from_secs(10);
    while folder.read("status").is_empty() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(folder.read("status"), "141\n", "128 and SIGPIPE");
}

/// Runs a line of shell on a pseudo-terminal; what it printed, if there is a `script` of util-linux
/// to do it.
fn on_a_terminal(folder: &Folder, line: &str) -> Option<String> {
    let version = Command::new("script").arg("--version").output();
    if !version.is_ok_and(|output| text(&output.stdout).contains("util-linux")) {
        println!("skipped: there is no `script` of util-linux");
        return None;
    }
    let line = line.replace("diagnose", env!("CARGO_BIN_EXE_diagnose"));
    let output = Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .current_dir(&folder.0)
        .env("TERM", "xterm")
        .env("COLUMNS", "80")
        .env_remove("NO_COLOR")
        .stdin(Stdio::null())
        .output()
        .expect("script is there");
    Some(text(&output.stdout))
}

#[test]
fn on_a_terminal_the_command_sees_a_terminal() {
    let script = "for n in 0 1 2; do test -t $n && echo $n is a terminal; done; stty size <&1; printf '\\033[32mgreen\\033[0m\\n'; exit 5";
    let folder = Folder::new("terminal", script);
    let Some(output) = on_a_terminal(
        &folder,
        "stty rows 33 cols 77; diagnose --run -- sh script.sh; echo status $?",
    ) else {
        return;
    };
    let expected = "0 is a terminal\r\n1 is a terminal\r\n2 is a terminal\r\n33 77\r\n\x1b[32mgreen\x1b[0m\r\n";
    assert!(output.starts_with(expected) && output.ends_with("status 5\r\n"), "{output:?}");
    let Some(output) =
        on_a_terminal(&folder, "diagnose --run -- sh script.sh 2>file | cat; cat file")
    else {
        return;
    };
    assert!(
        output.starts_with("0 is a terminal\r\nstty")
            || output.starts_with("0 is a terminal\r\n\x1b"),
        "each keeps its nature: {output:?}"
    );
    let Some(output) = on_a_terminal(&folder, "diagnose --run -- sh script.sh 2>file") else {
        return;
    };
    assert!(
        output.starts_with("0 is a terminal\r\n1 is a terminal\r\n"),
        "each keeps its nature: {output:?}"
    );
}

#[test]
fn on_a_terminal_the_pause_counts_down_and_leaves_no_trace() {
    let folder = Folder::new("countdown", &FLAKY.replace(OVERLOADED, LIMITED));
    let Some(output) = on_a_terminal(
        &folder,
        "diagnose --run --retries 3 --backoff 0s -- sh script.sh; echo status $?",
    ) else {
        return;
    };
    for line in [
        "\r\x1b[Kdiagnose: rate-limited; attempt 2 of 4 in 2 s\r\x1b[Kdiagnose: rate-limited; attempt 2 of 4 in 1 s\r\x1b[K",
        "done\r\nstatus 0\r\n",
    ] {
        assert!(output.contains(line), "{output:?}");
    }
}

#[test]
fn a_failed_command_leaves_the_terminal_as_it_was() {
    let folder = Folder::new("modes", "stty raw -echo; kill -KILL $$");
    let Some(output) =
        on_a_terminal(&folder, "stty -g; diagnose --run -- sh script.sh >/dev/null 2>&1; stty -g")
    else {
        return;
    };
    let modes: Vec<&str> = output.lines().collect();
    assert!(modes.len() == 2 && modes[0] == modes[1] && modes[0].contains(':'), "{output:?}");
}

#[test]
fn tee_passes_the_input_through_and_reports_on_standard_error() {
    let data = [binary_data(), format!("\n{OVERLOADED}").into_bytes()].concat();
    let output = run(&["--tee"], &data);
    assert!(output.stdout == data, "{} bytes of {}", output.stdout.len(), data.len());
    assert!(
        output.status.success() && text(&output.stderr).starts_with("server  "),
        "{}",
        text(&output.stderr)
    );
    let output = run(&["--tee", "--is", "usage"], OVERLOADED.as_bytes());
    assert_eq!(
        (output.status.code(), text(&output.stdout), text(&output.stderr)),
        (Some(1), OVERLOADED.into(), String::new())
    );
    let folder = Folder::new("tee", OVERLOADED);
    let output = run_in(&folder.0, &["--tee", "--format", "json", "-f", "script.sh"], b"");
    assert!(
        text(&output.stdout) == OVERLOADED
            && text(&output.stderr).starts_with("{\"schema_version\":1,"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn tee_passes_on_at_once() {
    let mut child = binary(&["--tee"], &std::env::temp_dir());
    let (mut input, mut output) =
        (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
    for part in [b"one", b"two"] {
        let mut read = [0; 3];
        input.write_all(part).expect("it waits for more");
        output.read_exact(&mut read).expect("it comes before the end");
        assert_eq!(&read, part);
    }
    drop(input);
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
}

#[test]
fn a_closed_output_does_not_keep_tee_from_reporting() {
    let mut child = binary(&["--tee"], &std::env::temp_dir());
    drop(child.stdout.take());
    child
        .stdin
        .take()
        .expect("piped")
        .write_all(format!("x\n{OVERLOADED}\n").repeat(10_000).as_bytes())
        .expect("it reads to the end");
    let output = child.wait_with_output().expect("it ends");
    assert!(
        output.status.success() && text(&output.stderr).starts_with("server  "),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn contradictions_are_one_clear_line() {
    for args in [
        &["--run"][..],
        &["--run", "message"],
        &["--run", "message", "--", "true"],
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
