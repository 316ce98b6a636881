//! Many inputs: what a summary counts and names, the keys it groups by, the stamps it reads, and what
//! other formats print of many inputs.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use diagnose::render::Render;
use diagnose::render::human::Human;
use diagnose::render::summary::{MAX_FINGERPRINTS, Summary, SummaryJson};
use serde_json::{Value, json};

use crate::support::{DIAGNOSER, Folder, diagnose, examples, read, schema};

const OVERLOADED: &str = "2026-08-09T14:00:00Z API Error: 529 Overloaded\n";
const LIMIT: &str =
    "[2026-08-09 15:00:00,123] You've hit your weekly limit · resets Nov 26, 2am (UTC)\n";
const LOGIN: &str = "Aug  9 16:00:00 build7 agent[4711]: API Error: 401 OAuth token has expired. Please obtain a new token\n";
const RETRYING: &str =
    "  ⎿  API Error (Request timed out.) · Retrying in 2 seconds… (attempt 2/10)\n";

fn summary(inputs: impl Iterator<Item = (String, String)>) -> Value {
    let mut summary = SummaryJson::default();
    for (name, text) in inputs {
        summary.report(&DIAGNOSER.stream(&name, text.as_bytes()).expect("a slice reads"));
    }
    let document: Value = serde_json::from_str(&summary.end()).expect("JSON");
    let schema: Value =
        serde_json::from_str(&read("tests/schemas/summary.json")).expect("a schema");
    let faults = schema::faults(&schema, &document);
    assert!(faults.is_empty(), "{faults:#?}");
    document
}

fn rows(stdin: &str) -> Vec<Value> {
    let run = diagnose(&["--format", "jsonl"], stdin.as_bytes());
    run.stdout.lines().map(|row| serde_json::from_str(row).expect("JSON")).collect()
}

#[test]
fn a_summary_counts_failures_and_events() {
    let inputs = [
        ("a.log", format!("{RETRYING}\n\n{OVERLOADED}")),
        ("b.log", format!("fine\n{}", OVERLOADED.replace("09T14", "08T23"))),
        ("c.log", LIMIT.to_owned()),
        ("d.log", LOGIN.to_owned()),
        ("e.log", RETRYING.to_owned()),
        ("f.log", "fine\n".to_owned()),
    ];
    let summary = summary(inputs.into_iter().map(|(name, text)| (name.to_owned(), text)));
    assert_eq!(
        summary["inputs"],
        json!({"total": 6, "failed": 4, "warned": 1, "clean": 1, "unreadable": 0})
    );
    let section = |n: usize| &summary["sections"][n];
    assert_eq!(section(0), &json!({"section": "server", "failures": 2, "events": 4}));
    assert_eq!(section(1), &json!({"section": "usage", "failures": 1, "events": 1}));
    assert_eq!(
        summary["errors"][0],
        json!({
            "fingerprint": "overloaded", "id": "overloaded", "section": "server",
            "title": "The API is overloaded", "policy": "backoff",
            "inputs": 2, "failures": 2, "events": 2,
            "first": "2026-08-08T23:00:00Z", "last": "2026-08-09T14:00:00Z",
            "example": {"source": "a.log", "line": 4},
        })
    );
    let of = |id: &str| {
        let errors = summary["errors"].as_array().expect("a list");
        errors.iter().find(|error| error["id"] == id).cloned().unwrap_or_else(|| panic!("{id}"))
    };
    let timeout = of("request-timed-out");
    assert_eq!((&timeout["inputs"], &timeout["failures"]), (&json!(2), &json!(0)));
    assert_eq!(of("weekly-limit")["first"], "2026-08-09T15:00:00.123");
    assert_eq!(of("oauth-expired")["first"], Value::Null, "a year is not guessed");
    assert_eq!(summary["repeat"]["now"], json!({"count": 2, "sources": ["a.log", "b.log"]}));
    assert_eq!(
        summary["repeat"]["wait"],
        json!({"count": 1, "longest_seconds": 482_400, "unknown": 0, "sources": [
            {"source": "c.log", "after_seconds": 482_400, "not_before": "2026-11-26T02:00:00Z"}
        ]})
    );
    assert_eq!(summary["repeat"]["never"], json!({"count": 1, "sources": ["d.log"]}));
}

#[test]
fn the_table_names_ten_of_each_kind_and_the_object_all() {
    let inputs = || (0..4022).map(|n| (format!("{n:04}.log"), OVERLOADED.to_owned()));
    let document = summary(inputs());
    let sources = document["repeat"]["now"]["sources"].as_array().expect("a list");
    assert_eq!((sources.len(), &sources[4021]), (4022, &json!("4021.log")));
    for color in [false, true] {
        let mut table = Summary::new(Human { width: 60, color, all: false, name_source: false });
        for (name, text) in inputs() {
            table.report(&DIAGNOSER.stream(&name, text.as_bytes()).expect("a slice reads"));
        }
        let text = table.end();
        assert!(text.contains("… and 4,012 more"), "{text}");
        assert_eq!(text.matches(".log").count(), 11, "ten and the example: {text}");
        assert!(text.contains(&format!("server       4,022  {}", "█".repeat(20))), "{text}");
        if !color {
            assert!(text.lines().all(|line| line.chars().count() <= 60), "{text}");
        }
    }
}

#[test]
fn the_number_of_fingerprints_is_bounded() {
    let refused = |n: usize| {
        format!(
            "API Error: 404 {{\"type\":\"error\",\"error\":{{\"type\":\"not_found_error\",\"message\":\"model: claude-opus-{n}\"}}}}\n"
        )
    };
    let inputs = (0..MAX_FINGERPRINTS + 50).map(|n| (format!("{n}.log"), refused(n)));
    let document = summary(inputs.chain([("x.log".to_owned(), OVERLOADED.to_owned())]));
    let errors = document["errors"].as_array().expect("a list");
    assert_eq!(errors.len(), MAX_FINGERPRINTS + 2);
    assert_eq!(
        (&errors[0]["fingerprint"], &errors[0]["failures"]),
        (&json!("model-unavailable:*"), &json!(50))
    );
}

#[test]
fn fingerprints_are_stable() {
    // A promise: what stands here may gain lines and lose none.
    for (text, print) in [
        ("API Error: 529 Overloaded", "overloaded"),
        ("API Error: Repeated 529 Overloaded errors", "overloaded"),
        ("API Error: Rate limit reached", "rate-limited"),
        (
            "API Error: 429 This request would exceed your organization's rate limit of 30,000 input tokens per minute",
            "rate-limited",
        ),
        ("You've hit your weekly limit · resets Nov 26, 2am (UTC)", "weekly-limit"),
        ("You've hit your weekly limit · resets Nov 27, 3am (UTC)", "weekly-limit"),
        (
            r#"API Error: 404 {"type":"error","error":{"type":"not_found_error","message":"model: claude-opus-4"}}"#,
            "model-unavailable:claude-opus-4",
        ),
        ("API Error: 418 I'm a teapot", "client-error:418"),
        (
            "API Error: Unable to connect to API: getaddrinfo ENOTFOUND llm.example.com",
            "dns-failure",
        ),
        ("Invalid API key · Please run /login", "invalid-api-key"),
    ] {
        assert_eq!(DIAGNOSER.argument(text).diagnoses[0].fingerprint(), print, "{text}");
    }
}

#[test]
fn fingerprints_are_short_plain_and_without_ids() {
    let plain = regex::Regex::new("^[a-z0-9-]+(:[a-z0-9._-]+)*$").expect("a pattern");
    let mut prints = BTreeSet::new();
    for example in examples() {
        for diagnosis in DIAGNOSER.stream("x", example.as_bytes()).expect("a slice reads").diagnoses
        {
            let print = diagnosis.fingerprint();
            let id = &diagnosis.entry.id;
            assert!(plain.is_match(&print) && print.starts_with(id.as_ref()), "{print}");
            assert!(print.len() <= id.len() + 5 * 65 && !print.contains("req_"), "{print}");
            prints.insert(print);
        }
    }
    assert!(prints.len() > 600, "{}", prints.len());
    let key = format!("sk-ant-api03-{}AA", "Ab0-".repeat(23));
    let secret = format!(
        r#"API Error: 404 {{"type":"error","error":{{"type":"not_found_error","message":"model: {key}"}}}}"#
    );
    let print = DIAGNOSER.argument(&secret).diagnoses[0].fingerprint();
    assert!(!print.contains("ab0") && !print.contains("sk-ant"), "{print}");
}

#[test]
fn a_row_has_the_stamp_of_its_line() {
    let record = r#"{"type":"assistant","timestamp":"2026-08-09T14:00:00.000Z","isApiErrorMessage":true,"message":{"content":[{"type":"text","text":"API Error: 529 Overloaded"}]}}"#;
    let filler = "building target 17 of 204\n".repeat(9_000);
    for (text, at) in [
        (OVERLOADED.to_owned(), json!("2026-08-09T14:00:00Z")),
        (format!("{OVERLOADED}{filler}"), json!("2026-08-09T14:00:00Z")),
        (format!("{filler}{OVERLOADED}{filler}"), json!("2026-08-09T14:00:00Z")),
        (format!("2020-01-01T00:00:00Z x\n{LIMIT}"), json!("2026-08-09T15:00:00.123")),
        (LOGIN.to_owned(), Value::Null),
        (format!("2020-01-01T00:00:00Z x\n\n{RETRYING}"), Value::Null),
        (format!("{record}\n"), json!("2026-08-09T14:00:00Z")),
        ("2026-02-30T14:00:00Z API Error: 529 Overloaded\n".into(), Value::Null),
    ] {
        let rows = rows(&text);
        assert_eq!(rows[0]["at"], at, "{}", text.chars().take(200).collect::<String>());
    }
}

#[test]
fn a_line_for_each_failure_jumps_to_its_place() {
    let folder = Folder::new();
    let log = folder.write("build.log", format!("compiling\n{RETRYING}\n\n\n{OVERLOADED}"));
    let run = diagnose(&["--format", "line", "-f", &log], b"");
    assert_eq!(
        (run.status, run.stdout),
        (0, format!("{log}:6:37: server: The API is overloaded [overloaded]\n"))
    );
    let all = diagnose(&["--format", "line", "--all", "-f", &log], b"");
    assert_eq!(all.stdout.lines().count(), 2, "{}", all.stdout);
    assert!(all.stdout.lines().nth(1).is_some_and(|line| line.ends_with("[request-timed-out]")));
    let nothing = diagnose(&["--format", "line"], b"fine\n");
    assert_eq!((nothing.status, nothing.stdout.as_str()), (1, ""));

    let hostile = folder.write("a:9:9: x\u{1b}[31m\n::error::y.log", OVERLOADED);
    let run = diagnose(&["--format", "line", "-f", &hostile], b"");
    let line = run.stdout.strip_suffix('\n').expect("a line");
    assert!(!line.contains(['\n', '\u{1b}']), "{line}");
    let matcher = regex::Regex::new(r"^([^:]+):(\d+):(\d+): ([a-z]+): (.+) \[([a-z0-9-]+)\]$");
    let pattern = matcher.expect("a pattern");
    let found = pattern.captures(line).unwrap_or_else(|| panic!("{line}"));
    assert_eq!((&found[2], &found[3], &found[6]), ("1", "37", "overloaded"));
}

#[test]
fn many_inputs_without_a_finding_are_a_line_each() {
    let folder = Folder::new();
    let mut args = Vec::new();
    let mut expected = String::new();
    for n in 0..3 {
        let name = folder.write(&format!("{n}.log"), "fine\n");
        let _ = writeln!(expected, "{name}: nothing recognised");
        args.extend(["-f".to_owned(), name]);
    }
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let run = diagnose(&args, b"");
    expected.push_str("\n3 inputs: 0 diagnosed, 3 without a known error\n");
    assert_eq!((run.status, run.stdout), (1, expected));

    let failed = folder.write("failed.log", OVERLOADED);
    let run = diagnose(&[&args[..2], &["-f", &failed, "-f", "no-such-file"]].concat(), b"");
    assert_eq!(run.status, 2);
    assert!(
        run.stdout.contains(&format!("nothing recognised\n\n== {failed}\nserver  ")),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.ends_with("\n3 inputs: 1 diagnosed, 1 without a known error, 1 unreadable\n"),
        "{}",
        run.stdout
    );
    assert!(!diagnose(&["-f", &failed], b"").stdout.contains("inputs"));
}

#[test]
fn a_summary_counts_what_cannot_be_read() {
    let folder = Folder::new();
    let log = folder.write("a.log", OVERLOADED);
    let run = diagnose(&["--format", "summary-json", "-f", &log, "-f", "no-such-file"], b"");
    assert_eq!((run.status, run.stderr.lines().count()), (2, 1));
    let summary: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(
        summary["inputs"],
        json!({"total": 2, "failed": 1, "warned": 0, "clean": 0, "unreadable": 1})
    );
    let run = diagnose(&["--format", "summary", "-f", "no-such-file"], b"");
    assert_eq!((run.status, run.stdout.as_str()), (2, "1 input: 0 failed, 1 unreadable\n"));
    assert_eq!(diagnose(&["--format", "summary", "--follow"], b"").status, 2);
    assert_eq!(diagnose(&["--format", "summary"], b"fine\n").status, 1);
}

#[test]
fn the_page_names_its_place_and_what_support_asks_for() {
    let folder = Folder::new();
    let text = "one\ntwo\nAPI Error: 529 {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"},\"request_id\":\"req_011CExample\"}\n";
    let log = folder.write("b.log", text);
    let page = diagnose(&["-f", &log], b"").stdout;
    let words = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(&format!("└ {log}:3:")), "{page}");
    assert!(words.contains("recognised by “overloaded_error Overloaded”"), "{page}");
    assert!(page.contains("\nid      overloaded\n"), "{page}");
    assert!(page.contains("\nrequest req_011CExample (name it when you ask support)\n"), "{page}");
    assert_eq!(page.matches("req_011CExample").count(), 1, "{page}");
    assert!(!diagnose(&["Prompt is too long"], b"").stdout.contains('└'));
}

#[test]
fn no_colour_of_a_page_vanishes_on_a_light_background() {
    let pages = [
        diagnose(&["--color", "always", "--all"], format!("{RETRYING}\n\n{OVERLOADED}").as_bytes()),
        diagnose(&["--color", "always"], b"fine\n"),
        diagnose(&["--color", "always", "--explain", "overloaded"], b""),
        diagnose(&["--color", "always", "--format", "summary"], LIMIT.as_bytes()),
    ];
    let sequence = regex::Regex::new("\u{1b}\\[([0-9;]*)m").expect("a pattern");
    for page in pages {
        assert!(page.stdout.contains('\u{1b}'));
        for found in sequence.captures_iter(&page.stdout) {
            // Bold, dim, red, magenta and their ends.
            for code in found[1].split(';') {
                assert!(["0", "1", "2", "31", "35", "39"].contains(&code), "{code}");
            }
        }
    }
}
