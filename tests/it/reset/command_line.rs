//! `--now`, `--wait-time`, and what the formats say of a reset.

use super::NOW;
use crate::support::{Folder, diagnose, diagnose_in};

const LIMIT: &str = "You've hit your session limit · resets 3:45pm";

/// `retry` of the primary diagnosis, on a machine in Berlin.
fn retry(args: &[&str], stdin: &str) -> serde_json::Value {
    let run = diagnose_in(
        &[("TZ", "Europe/Berlin")],
        &[&["--now", NOW, "--format", "json"], args].concat(),
        stdin.as_bytes(),
    );
    serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", run.stdout, run.stderr))["diagnoses"][0]
        ["retry"]
        .clone()
}

#[test]
fn the_zone_of_the_machine_counts_for_live_input_only() {
    let known = serde_json::json!({"policy": "wait", "after_seconds": 6300, "not_before": "2026-07-15T13:45:00Z", "text": "3:45pm"});
    assert_eq!(retry(&[LIMIT], ""), known);
    assert_eq!(retry(&[], LIMIT), known);
    assert_eq!(retry(&["-f", "-"], LIMIT), known);
    let folder = Folder::new();
    let path = folder.write("live.log", LIMIT);
    assert_eq!(
        retry(&["-f", &path], ""),
        serde_json::json!({"policy": "wait", "after_seconds": null, "not_before": null, "text": "3:45pm"})
    );
    assert_eq!(retry(&[&format!("{LIMIT} PST")], "")["not_before"], serde_json::Value::Null);
    assert_eq!(retry(&[&format!("{LIMIT} PST")], "")["text"], "3:45pm PST");
}

#[test]
fn fields_and_headers_say_when() {
    let event = r#"{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1795226400,"rateLimitType":"five_hour"}}"#;
    assert_eq!(retry(&[], event)["not_before"], "2026-11-21T02:00:00Z");
    assert_eq!(
        retry(&[], "Claude AI usage limit reached|1795226400")["not_before"],
        "2026-11-21T02:00:00Z"
    );
    let limited =
        r#"API Error: 429 {"type":"error","error":{"type":"rate_limit_error","message":"x"}}"#;
    let header = retry(&[], &format!("{limited} retry-after: 30"));
    assert_eq!(
        (&header["after_seconds"], &header["not_before"]),
        (&30.into(), &"2026-07-15T12:00:30Z".into())
    );
    let header = retry(&[], &format!("{limited} retry-after: Wed, 15 Jul 2026 12:05:00 GMT"));
    assert_eq!(
        (&header["after_seconds"], &header["not_before"]),
        (&300.into(), &"2026-07-15T12:05:00Z".into())
    );
    let header =
        retry(&[], &format!("{limited} anthropic-ratelimit-requests-reset: 2026-07-15T12:01:00Z"));
    assert_eq!(
        (&header["after_seconds"], &header["not_before"]),
        (&60.into(), &"2026-07-15T12:01:00Z".into())
    );
    let words = retry(&["API Error: 429 rate_limit_error: please try again in 2 days"], "");
    assert_eq!((&words["after_seconds"], &words["text"]), (&172_800.into(), &"2 days".into()));
    assert_eq!(
        retry(&["Prompt is too long, try again in 2 days"], "")["after_seconds"],
        serde_json::Value::Null,
        "no wait helps"
    );
}

#[test]
fn the_page_says_it_in_the_zone_of_the_reader() {
    let line = |text: &str| {
        let page = diagnose_in(&[("TZ", "Europe/Berlin")], &["--now", NOW, text], b"").stdout;
        page.lines()
            .skip_while(|line| !line.starts_with("retry"))
            .take_while(|line| !line.is_empty())
            .map(str::trim)
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        line("You've hit your limit · resets 10:10am (America/New_York)"),
        "retry   wait for the reset at 16:10 CEST (in 2 h 10 min); sooner fails again"
    );
    assert_eq!(
        line("You've hit your weekly limit · resets Jul 18, 10am (UTC)"),
        "retry   wait for the reset on 18 Jul at 12:00 CEST (in 3 days); sooner fails again"
    );
    assert_eq!(
        line("You've hit your limit · resets 3pm (Mars/Phobos)"),
        "retry   wait for the reset: 3pm (Mars/Phobos); sooner fails again"
    );
    assert_eq!(
        line("Claude AI usage limit reached|1784109600"),
        "retry   yes: the limit reset at 12:00 CEST (2 h ago)"
    );
    assert_eq!(line("API Error: 429 rate_limit_error retry-after: 30"), "retry   yes, in 30 s");
}

#[test]
fn wait_time_is_a_number_or_nothing() {
    for (text, wait, status) in [
        ("You've hit your limit · resets 3:45pm", "6300\n", 0),
        ("You've hit your limit · resets 3pm (UTC)", "10800\n", 0),
        ("Claude AI usage limit reached|1753063200", "0\n", 0),
        ("API Error: 429 rate_limit_error retry-after: 30", "30\n", 0),
        ("API Error: 529 Overloaded", "60\n", 0),
        ("You've hit your limit · resets 3pm (Mars/Phobos)", "", 1),
        ("Prompt is too long", "", 1),
        ("all is well", "", 1),
    ] {
        let run =
            diagnose_in(&[("TZ", "Europe/Berlin")], &["--now", NOW, "--wait-time", text], b"");
        assert_eq!((run.stdout.as_str(), run.status), (wait, status), "{text}");
        assert_eq!(run.stderr.lines().count(), usize::from(status == 1), "{}", run.stderr);
    }
}

#[test]
fn a_bad_time_is_one_line() {
    for bad in ["tomorrow", "", "2026-07-15", "99999999999999999"] {
        let run = diagnose(&["--now", bad, LIMIT], b"");
        assert_eq!(
            (run.status, run.stdout.as_str(), run.stderr.lines().count()),
            (2, "", 1),
            "{}",
            run.stderr
        );
        assert!(run.stderr.contains("--now"), "{}", run.stderr);
    }
    assert_eq!(diagnose(&["--now", "1784109600", LIMIT], b"").status, 0);
}
