//! `--follow`: what happens is told when it happens.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::Child;

use crate::support::{command, feed};

fn follow(args: &[&str]) -> Child {
    command(&[&["--follow"], args].concat()).spawn().expect("the binary starts")
}

const LIMIT: &str =
    "Claude usage limit reached. Your limit will reset at 3pm (America/New_York).\n";

#[test]
fn each_diagnosis_comes_while_the_input_is_still_open() {
    let mut child = follow(&["--format", "jsonl"]);
    let (mut input, output) =
        (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
    let mut lines = BufReader::new(output).lines();
    for (n, (text, id)) in [
        ("API Error: 529 Overloaded\n", "overloaded"),
        (LIMIT, "session-limit"),
        ("Not logged in · Please run /login\n", "not-logged-in"),
    ]
    .iter()
    .enumerate()
    {
        input.write_all(format!("an ordinary line\n{text}").as_bytes()).expect("it waits for more");
        let line = lines.next().expect("it comes before the end").expect("UTF-8");
        let diagnosis: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(
            (diagnosis["id"].as_str(), diagnosis["location"]["line"].as_u64()),
            (Some(*id), Some(2 * n as u64 + 2)),
            "{line}"
        );
    }
    drop(input);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn the_last_line_needs_no_end_and_nothing_is_status_one() {
    for (input, status, id) in
        [("x\nAPI Error: 529 Overloaded", 0, "overloaded\n"), ("nothing\n", 1, ""), ("", 1, "")]
    {
        let output = feed(follow(&["--print", "id"]), input.as_bytes());
        assert_eq!(
            (output.status.code(), String::from_utf8_lossy(&output.stdout).as_ref()),
            (Some(status), id),
            "{input}"
        );
    }
}

#[test]
fn with_tee_the_bytes_pass_through() {
    let mut child = follow(&["--tee"]);
    let (mut input, mut output) =
        (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
    input.write_all(LIMIT.as_bytes()).expect("it waits for more");
    let mut passed = vec![0; LIMIT.len()];
    output.read_exact(&mut passed).expect("it comes at once");
    let mut first = String::new();
    BufReader::new(child.stderr.take().expect("piped"))
        .read_line(&mut first)
        .expect("it comes before the end");
    assert_eq!(passed.as_slice(), LIMIT.as_bytes());
    assert!(first.starts_with("usage   "), "{first}");
    drop(input);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn whole_documents_cannot_be_followed() {
    let output = follow(&["--format", "sarif"]).wait_with_output().expect("it ends");
    let message = "diagnose: --follow writes as it goes, and this format is written at the end; use human, json, jsonl, line or markdown\n";
    assert_eq!(
        (output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()),
        (Some(2), message)
    );
}
