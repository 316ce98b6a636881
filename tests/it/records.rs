//! A record is a record in any layout: a line, an object of an array, spread over lines, with a stamp
//! before each. The verdict on a stream of messages does not depend on it, nor on where a window cuts.

use diagnose::Report;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::support::DIAGNOSER;
use crate::transcripts::transcripts;

/// A way to print a stream of messages.
type Layout = fn(&[Value]) -> String;

const LAYOUTS: &[(&str, Layout)] = &[
    ("one after the other", |messages| messages.iter().map(pretty).collect()),
    ("an array", |messages| pretty(&Value::from(messages))),
    ("an array on one line", |messages| line(&Value::from(messages))),
    ("a message a line", |messages| messages.iter().map(|message| line(message) + "\n").collect()),
    ("an array, a message a line", |messages| {
        let lines: Vec<String> = messages.iter().map(line).collect();
        format!("[{}\n]\n", lines.join(",\n"))
    }),
    ("on GitHub", |messages| stamped(messages, "")),
    ("downloaded from GitHub", |messages| stamped(messages, "review\tRun Claude Code\t")),
];

/// A value as clients print it: what an object is stands first.
struct TypeFirst<'v>(&'v Value);

impl Serialize for TypeFirst<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(fields) => {
                let rank = |key: &str| {
                    let first = ["type", "subtype", "is_error"];
                    first.iter().position(|known| *known == key).unwrap_or(first.len())
                };
                let mut fields: Vec<_> = fields.iter().collect();
                fields.sort_by_key(|(key, _)| rank(key));
                let fields = fields.into_iter().map(|(key, value)| (key, TypeFirst(value)));
                serializer.collect_map(fields)
            }
            Value::Array(values) => serializer.collect_seq(values.iter().map(TypeFirst)),
            value => value.serialize(serializer),
        }
    }
}

fn line(value: &Value) -> String {
    serde_json::to_string(&TypeFirst(value)).expect("JSON")
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(&TypeFirst(value)).expect("JSON") + "\n"
}

fn stamped(messages: &[Value], columns: &str) -> String {
    let text: String = messages.iter().map(pretty).collect();
    text.lines().enumerate().fold(String::new(), |text, (n, line)| {
        text + &format!("{columns}2026-08-09T14:02:{:02}.4410071Z {line}\n", n / 9 % 60)
    })
}

/// What a text is diagnosed as, and what became of the request.
fn verdict(text: &str) -> String {
    let report: Report<'_> = DIAGNOSER.stream("text", text.as_bytes()).expect("a slice reads");
    let primary = report.diagnoses.first();
    primary.map_or("none".into(), |primary| format!("{} {}", primary.entry.id, primary.state))
}

/// So many bytes of a log that says nothing.
fn filler(bytes: usize) -> String {
    let line = "building target 17 of 204\n";
    line.repeat(bytes / line.len() + 1)
}

/// The verdicts on a stream in each layout, alone and in a log of several windows.
fn judge(name: &str, expected: &str, messages: &[Value]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (layout, print) in LAYOUTS {
        let text = print(messages);
        let log = format!("{}\n{text}\n\n{}", filler(100_000), filler(100_000));
        for (place, text) in [("alone", &text), ("in a log", &log)] {
            let got = verdict(text);
            if got != expected {
                wrong.push(format!("{name}, {layout}, {place}: expected {expected}, got {got}"));
            }
        }
    }
    wrong
}

#[test]
fn every_stream_has_one_verdict_in_every_layout() {
    let (mut wrong, mut streams) = (Vec::new(), 0);
    for (name, _, _, output) in transcripts() {
        let text = String::from_utf8_lossy(&output).into_owned();
        let lines = text.lines().filter(|line| !line.is_empty());
        let messages: Result<Vec<Value>, _> = lines.map(serde_json::from_str).collect();
        let Ok(messages) = messages else { continue };
        streams += 1;
        wrong.extend(judge(&name, &verdict(&text), &messages));
    }
    assert!(streams >= 6, "only {streams} streams");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn init() -> Value {
    json!({
        "type": "system", "subtype": "init", "cwd": "/home/runner/work/a/a", "tools": ["Bash"],
        "model": "claude-opus-5-5", "claude_code_version": "2.1.332",
    })
}

fn says(text: &str) -> Value {
    json!({
        "type": "assistant",
        "message": {"model": "claude-opus-5-5", "content": [{"type": "text", "text": text}]},
        "session_id": "00000000-0000-4000-8000-000000000041",
    })
}

/// The result of a tool, with so many bytes more in lists and objects of its own.
fn shows(text: &str, more: usize) -> Value {
    let lines: Vec<String> = (0..more / 60).map(|n| format!("+ {n}: {text}")).collect();
    json!({
        "type": "user",
        "message": {"role": "user", "content": [
            {"tool_use_id": "toolu_01A", "type": "tool_result", "content": text},
        ]},
        "tool_use_result": {"patch": [{"start": 1, "lines": lines}, {"type": "text", "text": text}]},
        "session_id": "00000000-0000-4000-8000-000000000041",
    })
}

fn result(more: &Value) -> Value {
    let mut result = json!({"type": "result", "subtype": "success", "is_error": false});
    let fields = result.as_object_mut().expect("an object");
    fields.extend(more.as_object().expect("an object").clone());
    result
}

const WORDS: &str = "API Error: 529 {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}";

#[test]
fn who_mentions_an_error_has_not_failed() {
    let streams = [
        ("none", result(&json!({"result": format!("It retries on {WORDS}"), "num_turns": 3}))),
        (
            "max-turns-reached terminal",
            result(&json!({"subtype": "error_max_turns", "is_error": true, "errors": []})),
        ),
        (
            "max-turns-reached terminal",
            result(&json!({"subtype": "error_max_turns", "is_error": false, "num_turns": 11})),
        ),
        (
            "max-budget-reached terminal",
            result(
                &json!({"subtype": "error_max_budget_usd", "is_error": true, "errors": ["Reached maximum budget ($5)"]}),
            ),
        ),
        (
            "rate-limited terminal",
            result(
                &json!({"is_error": true, "api_error_status": 429, "result": "API Error: 429 {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"x\"}}"}),
            ),
        ),
        // What other programs print, too, counts in a client's record.
        (
            "request-timed-out terminal",
            result(&json!({"is_error": true, "result": "Request timed out"})),
        ),
    ];
    for (expected, last) in streams {
        let messages = [init(), says(&format!("The test prints {WORDS}")), shows(WORDS, 0), last];
        let wrong = judge("a stream", expected, &messages);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[test]
fn what_a_run_overcame_is_no_failure() {
    let retry = json!({"type": "system", "subtype": "api_retry", "attempt": 1, "error": WORDS});
    let done = result(&json!({"result": "done"}));
    let said = says("{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false}");
    let noise: Vec<Value> = (0..40).map(|_| shows("fine", 5_000)).collect();
    for (expected, messages) in [
        ("none", vec![init(), retry.clone(), done.clone()]),
        ("none", std::iter::once(retry.clone()).chain(noise).chain([done.clone()]).collect()),
        ("overloaded retrying", vec![init(), retry.clone(), says("done")]),
        ("overloaded retrying", vec![init(), retry.clone(), said]),
        // One run after another.
        ("overloaded retrying", vec![init(), done.clone(), retry.clone()]),
        (
            "overloaded terminal",
            vec![init(), retry, result(&json!({"is_error": true, "result": WORDS}))],
        ),
    ] {
        let wrong = judge("a stream", expected, &messages);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[test]
fn what_a_tool_showed_is_no_sign_of_who_answered() {
    let last = result(&json!({"subtype": "error_max_turns", "is_error": true, "errors": []}));
    let shown = format!("{WORDS} request-id: req_011COTHERPERSON");
    for (layout, print) in LAYOUTS {
        let report = DIAGNOSER
            .stream("text", print(&[shows(&shown, 0), last.clone()]).as_bytes())
            .expect("a slice reads");
        let primary = &report.diagnoses[0];
        assert_eq!(primary.answered_by, None, "{layout}");
    }
}

/// Messages of any size, so that windows begin and end in every part of one.
#[test]
fn no_window_makes_a_report_of_what_a_tool_showed() {
    for size in [6_000, 17_000, 23_000, 41_000] {
        let mut messages = vec![init()];
        for _ in 0..400_000 / size {
            messages.extend([says(&format!("I saw {WORDS}")), shows(WORDS, size)]);
        }
        messages.push(result(&json!({"result": "done"})));
        for (layout, print) in LAYOUTS {
            assert_eq!(verdict(&print(&messages)), "none", "{layout}, {size} bytes");
        }
        let failed = json!({"is_error": true, "result": "Prompt is too long", "num_turns": 7});
        *messages.last_mut().expect("not empty") = result(&failed);
        for (layout, print) in LAYOUTS {
            let got = verdict(&print(&messages));
            assert_eq!(got, "prompt-too-long terminal", "{layout}, {size} bytes");
        }
    }
}

#[test]
fn what_is_no_record_is_text() {
    for text in [
        // A broken object, and the report of a client below it.
        format!("{{\n  \"type\": \"user\",\n  \"message\": {{\n$ claude -p hi\n{WORDS}\n"),
        // Objects of other programs, spread over lines, and one that holds a record.
        format!("{{\n  \"level\": \"error\",\n  \"msg\": {}\n}}\n", json!(WORDS)),
        format!(
            "{{\n  \"events\": [\n    {{\"type\":\"result\",\"is_error\":true,\"result\":{}}}\n  ]\n}}\n",
            json!(WORDS)
        ),
        // A record that ends, and a report on its last line.
        format!("{}\n{WORDS}\n", pretty(&shows("x", 0)).trim_end()),
    ] {
        assert_eq!(verdict(&text), "overloaded terminal", "{text}");
    }
}

/// However braces are nested, each byte is read a few times.
#[test]
fn nothing_makes_a_window_slow() {
    for unit in
        ["{\n", "{\"a\":\n", "[{\n", "{\"a\":{}}, {\n", "[", "{\"type\":\"", "{\"a\":1,\n\"b\":\n"]
    {
        let log = unit.repeat(400_000 / unit.len()) + WORDS;
        let report = DIAGNOSER.stream("log", log.as_bytes()).expect("a slice reads");
        assert_eq!(report.bytes, log.len() as u64);
    }
}

/// A terminal cuts a line at its width, and a collector stamps the pieces.
#[test]
fn stamps_on_the_pieces_of_a_line_lose_no_error() {
    const STAMPS: &[&str] =
        &["", "2026-08-09T14:00:00.1234567Z ", "Aug 09 14:00:00 ci agent[4711]: ", "worker-1  | "];
    let lines = [
        ("overloaded", WORDS.to_owned()),
        ("credit-balance-low", "API Error: 400 Your credit balance is too low to access the Anthropic API.".to_owned()),
        ("org-disabled", "API Error: 400 This organization has been disabled. Please contact your admin for help.".to_owned()),
    ];
    let mut wrong = Vec::new();
    for (expected, line) in &lines {
        for (stamp, width) in
            STAMPS.iter().flat_map(|stamp| (34..=70).map(move |width| (stamp, width)))
        {
            let letters: Vec<char> = line.chars().collect();
            let pieces = letters.chunks(width).map(|piece| piece.iter().collect::<String>());
            let log = pieces.fold(String::new(), |log, piece| log + stamp + &piece + "\n");
            for text in [log.clone(), filler(100_000) + &log + &filler(100_000)] {
                let got = verdict(&text);
                if got != format!("{expected} terminal") {
                    wrong.push(format!("{stamp:?} at {width}: expected {expected}, got {got}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
}
