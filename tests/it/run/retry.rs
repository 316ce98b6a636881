//! What is repeated, how often, and after what wait.

use std::io::Read as _;

use super::{FLAKY, LIMITED, OVERLOADED, attempts, binary, kill, run_in, script, text};

#[test]
fn what_can_be_helped_is_repeated_until_it_succeeds() {
    let folder = script(FLAKY);
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
    assert_eq!(attempts(&folder), 3);
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
    let folder = script(FLAKY);
    let output = run_in(
        &folder.0,
        &["--run", "--retries", "1", "--backoff", "0s", "--", "sh", "script.sh"],
        b"",
    );
    let stderr = text(&output.stderr);
    assert_eq!((output.status.code(), attempts(&folder)), (Some(7), 2), "{stderr}");
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
        let folder = script(&format!("echo attempt >> attempts; echo '{message}'; exit 3"));
        let output = run_in(
            &folder.0,
            &["--run", "--retries", "3", "--backoff", "0s", "--", "sh", "script.sh"],
            b"",
        );
        let stderr = text(&output.stderr);
        assert_eq!((output.status.code(), attempts(&folder)), (Some(3), 1), "{message}: {stderr}");
        assert!(stderr.contains(told), "{message}: {stderr}");
    }
}

#[test]
fn what_is_not_certain_enough_is_not_repeated() {
    for (level, expected) in [("medium", 2), ("high", 1)] {
        let folder =
            script("echo attempt >> attempts; echo 'API Error: Rate limit reached'; exit 3");
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
            (output.status.code(), attempts(&folder)),
            (Some(3), expected),
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
        let folder = script(&format!("echo attempt >> attempts; echo '{message}'; exit 3"));
        let output = run_in(
            &folder.0,
            &["--run", "--retries", "3", "--max-wait", "1m", "--", "sh", "script.sh"],
            b"",
        );
        assert_eq!(
            (output.status.code(), attempts(&folder)),
            (Some(3), 1),
            "{}",
            text(&output.stderr)
        );
        assert!(text(&output.stderr).ends_with(reason), "{}", text(&output.stderr));
    }
}

#[test]
fn a_signal_ends_the_pause() {
    let folder = script(&format!("echo attempt >> attempts; echo '{LIMITED}00' >&2; exit 1"));
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
    assert_eq!(attempts(&folder), 1);
}
