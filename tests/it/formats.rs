//! The formats that other programs read: each pinned by golden files, and valid by the rules of its
//! reader.

use std::fs;

use diagnose::Catalog;
use diagnose::render::Render;
use diagnose::render::github::GitHub;
use diagnose::render::json::{Json, JsonLines};
use diagnose::render::junit::Junit;
use diagnose::render::line::Line;
use diagnose::render::markdown::Markdown;
use diagnose::render::pages::Pages;
use diagnose::render::rdjson::Rdjson;
use diagnose::render::sarif::Sarif;
use diagnose::render::summary::{Summary, SummaryJson};
use diagnose::render::{human::Human, reference};
use diagnose::reset::Clock;
use serde_json::Value;

use crate::support::golden::Golden;
use crate::support::{
    CATALOG, DIAGNOSER, Folder, command, diagnose, diagnose_in, feed, read, schema,
};

const OVERLOADED: &str = "API Error: 529 {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"},\"request_id\":\"req_011CExample\"}";
const LIMIT: &str = "You've hit your weekly limit · resets Nov 26, 2am (UTC)";

/// What a format is given: its inputs by name.
type Inputs = Vec<(&'static str, String)>;

fn cases() -> Vec<(&'static str, Inputs)> {
    let several = format!(
        "step one\n  ⎿  API Error (Request timed out.) · Retrying in 2 seconds… (attempt 2/10)\n\n{LIMIT}\n\nAPI Error: 401 OAuth token has expired. Please obtain a new token\n"
    );
    let key = format!("sk-ant-api03-{}AA", "Ab0-".repeat(23));
    let hostile = format!(
        "::error file=x::taken over\n##[error]taken over\n\x1b]0;title\x07{OVERLOADED} ]]> <img src=x onerror=y> [a](https://evil.example) ```` @octocat #1 50% \u{202e} {key}\n\n\
         \u{0}\u{fffe}--> API Error: 404 {{\"type\":\"error\",\"error\":{{\"type\":\"not_found_error\",\"message\":\"model: <b>@octocat</b>::error::x\"}}}}\n"
    );
    vec![
        ("one", vec![("build.log", format!("compiling\n  ⎿  {OVERLOADED}\n"))]),
        ("several", vec![("stdin", several.clone())]),
        ("none", vec![("build.log", "compiling\nerror: cannot find crate `x`\n".into())]),
        (
            "inputs",
            vec![
                ("logs/build 1.log", several),
                ("all is well.log", "fine\n".into()),
                ("argument", LIMIT.into()),
            ],
        ),
        ("hostile", vec![("a:b,c\n::error::\x1b[31m<x>&\"'`|@octocat.log", hostile)]),
    ]
}

/// The formats by name, with what their golden files are called.
fn formats() -> Vec<(&'static str, Box<dyn Render>)> {
    let human = Human { width: 80, color: false, all: true, name_source: true };
    vec![
        ("human.txt", Box::new(Pages::new(human))),
        ("json.json", Box::new(Json)),
        ("jsonl.jsonl", Box::new(JsonLines)),
        ("github.txt", Box::new(GitHub::default())),
        ("markdown.md", Box::new(Markdown { all: true })),
        ("sarif.json", Box::new(Sarif::default())),
        ("junit.xml", Box::new(Junit::default())),
        ("rdjson.json", Box::new(Rdjson::default())),
        ("line.txt", Box::new(Line { all: true })),
        ("summary.txt", Box::new(Summary::new(human))),
        ("summary-json.json", Box::new(SummaryJson::default())),
    ]
}

fn write(render: &mut dyn Render, inputs: &Inputs) -> String {
    let mut text: String = inputs
        .iter()
        .map(|(name, input)| {
            let mut report = DIAGNOSER.stream(name, input.as_bytes()).expect("a slice reads");
            // As a file's: its times are the same in every zone.
            report.resolve(&Clock { zone: None, live: false, ..DIAGNOSER.clock() });
            render.report(&report)
        })
        .collect();
    text.push_str(&render.end());
    text
}

fn schema_of(file: &str) -> Value {
    serde_json::from_str(&read(&format!("tests/schemas/{file}"))).expect("JSON")
}

/// A document in JSON, which a schema of `tests/schemas` describes.
pub(crate) fn valid(schema: &str, document: &str) -> Value {
    let document: Value = serde_json::from_str(document).expect("JSON");
    let faults = schema::faults(&schema_of(schema), &document);
    assert!(faults.is_empty(), "{faults:#?}");
    document
}

#[test]
fn every_format_of_every_case_is_as_it_was() {
    let mut golden = Golden::default();
    for (case, inputs) in cases() {
        for (name, mut render) in formats() {
            // The version is not what is pinned.
            let text = write(&mut *render, &inputs)
                .replace(&format!("\"{}\"", Catalog::VERSION), "\"VERSION\"");
            let text = text
                .replace(&format!("\"entries\":{}", CATALOG.entries().len()), "\"entries\":COUNT");
            golden.compare(&format!("golden/formats/{case}.{name}"), &text);
        }
    }
    let entry = CATALOG.get("rate-limited").expect("it is known");
    golden.compare("golden/formats/explain.md", &reference::entry(entry));
    golden.compare(
        "golden/formats/explain.json",
        &format!("{:#}\n", reference::object(&CATALOG, entry)),
    );
    golden.finish();
}

#[test]
fn sarif_is_valid_and_names_each_rule_once() {
    for (case, inputs) in cases() {
        let document = valid("sarif-2.1.0.json", &write(&mut Sarif::default(), &inputs));
        let run = &document["runs"][0];
        let results = run["results"].as_array().expect("a list");
        let rules = run["tool"]["driver"]["rules"].as_array().expect("a list");
        for result in results {
            let index = result["ruleIndex"].as_u64().expect("a number") as usize;
            assert_eq!(rules[index]["id"], result["ruleId"], "{case}");
        }
        let ids: std::collections::BTreeSet<String> =
            rules.iter().map(|rule| rule["id"].to_string()).collect();
        assert_eq!(ids.len(), rules.len(), "{case}");
    }
}

#[test]
fn fingerprints_do_not_move_with_the_line() {
    let prints = |text: String| {
        let document: Value =
            serde_json::from_str(&write(&mut Sarif::default(), &vec![("build.log", text)]))
                .expect("JSON");
        document["runs"][0]["results"][0]["partialFingerprints"].clone()
    };
    let later = OVERLOADED.replace("req_011CExample", "req_011COther");
    assert_eq!(prints(format!("{OVERLOADED}\n")), prints(format!("one\ntwo\n{later}\n")));
    assert_ne!(prints(format!("{OVERLOADED}\n")), prints(format!("{LIMIT}\n")));
}

#[test]
fn json_is_valid_and_jsonl_says_the_rank() {
    for (case, inputs) in cases() {
        let documents = write(&mut Json, &inputs);
        let mut ranks = Vec::new();
        for document in documents.lines() {
            let document = valid("report.json", document);
            ranks.extend(1..=document["diagnoses"].as_array().expect("a list").len() as u64);
        }
        let rows = write(&mut JsonLines, &inputs);
        let rows: Vec<Value> =
            rows.lines().map(|row| serde_json::from_str(row).expect("JSON")).collect();
        let said: Vec<u64> = rows.iter().filter_map(|row| row["rank"].as_u64()).collect();
        assert_eq!(said, ranks, "{case}");
        assert!(rows.iter().all(|row| row["primary"] == (row["rank"] == 1)), "{case}");
    }
}

#[test]
fn rdjson_is_valid() {
    for (_, inputs) in cases() {
        valid("rdjson.json", &write(&mut Rdjson::default(), &inputs));
    }
}

#[test]
fn junit_is_xml_with_one_test_per_input() {
    for (case, inputs) in cases() {
        let text = write(&mut Junit::default(), &inputs);
        let document = roxmltree::Document::parse(&text)
            .unwrap_or_else(|error| panic!("{case}: {error}\n{text}"));
        let all =
            |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
        assert_eq!((all("testsuite"), all("testcase")), (inputs.len(), inputs.len()), "{case}");
        assert_eq!(
            document.root_element().attribute("failures"),
            Some(all("failure").to_string().as_str()),
            "{case}"
        );
    }
}

#[test]
fn annotations_end_at_ten() {
    let inputs: Inputs = (0..12).map(|_| ("build.log", OVERLOADED.to_owned())).collect();
    let text = write(&mut GitHub::default(), &inputs);
    assert_eq!(text.lines().filter(|line| line.starts_with("::error file=build.log,")).count(), 10);
    assert_eq!(
        text.lines().last(),
        Some("2 more; the job summary and the other formats have them")
    );
    let retrying = "  ⎿  API Error (Request timed out.) · Retrying in 2 seconds… (attempt 2/10)\n";
    assert!(
        write(&mut GitHub::default(), &vec![("stdin", retrying.into())])
            .starts_with("::warning title=")
    );
}

#[test]
fn a_step_leaves_a_summary_and_outputs() {
    let folder = Folder::new();
    let (summary, output) = (folder.0.join("summary.md"), folder.0.join("output"));
    let paths = (summary.to_string_lossy().into_owned(), output.to_string_lossy().into_owned());
    let environment =
        [("GITHUB_STEP_SUMMARY", paths.0.as_str()), ("GITHUB_OUTPUT", paths.1.as_str())];
    fs::write(&output, "before=1\n").expect("written");
    let run = diagnose_in(&environment, &["--format", "github"], OVERLOADED.as_bytes());
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.starts_with("::error title=server%3A "), "{}", run.stdout);
    let text = fs::read_to_string(&summary).expect("written");
    assert!(text.starts_with("### server: "), "{text}");
    let outputs = fs::read_to_string(&output).expect("written");
    let delimiter = outputs
        .lines()
        .nth(1)
        .and_then(|line| line.strip_prefix("section<<"))
        .expect("the first output");
    assert!(delimiter.len() > 32, "{delimiter}");
    let values = [
        "section<<D",
        "server",
        "D",
        "id<<D",
        "overloaded",
        "D",
        "retryable<<D",
        "true",
        "D",
        "not_before<<D",
        "",
        "D",
    ];
    let expected: Vec<String> = values.iter().map(|value| value.replace('D', delimiter)).collect();
    assert_eq!(outputs.lines().skip(1).collect::<Vec<_>>(), expected);

    // A second step has another delimiter, and adds to both; other formats and other errors leave
    // them alone.
    diagnose_in(&environment, &["--format", "json"], OVERLOADED.as_bytes());
    diagnose_in(&environment, &["--format", "github"], b"all is well\n");
    assert_eq!(fs::read_to_string(&output).expect("written"), outputs);
    diagnose_in(&environment, &["--format", "github"], OVERLOADED.as_bytes());
    let twice = fs::read_to_string(&output).expect("written");
    assert!(twice.matches(delimiter).count() == 8 && twice.lines().count() == 25, "{twice}");
    assert_eq!(fs::read_to_string(&summary).expect("written").matches("### server: ").count(), 2);

    // What cannot be written is said, and the rest is done.
    let run = diagnose_in(
        &[("GITHUB_STEP_SUMMARY", "no/such/folder"), ("GITHUB_OUTPUT", &paths.1)],
        &["--format", "github"],
        LIMIT.as_bytes(),
    );
    assert_eq!(run.status, 2);
    assert!(run.stdout.starts_with("::error title=usage%3A "), "{}", run.stdout);
    assert_eq!(
        run.stderr,
        "diagnose: cannot write to $GITHUB_STEP_SUMMARY, no/such/folder: No such file or directory (os error 2)\n"
    );
    assert!(fs::read_to_string(&output).expect("written").contains("weekly-limit"));
}

#[test]
fn one_value_is_printed_for_a_shell() {
    let print = |field: &str, input: &str| diagnose(&["--print", field], input.as_bytes());
    for (field, value) in [
        ("id", "overloaded\n"),
        ("retry.policy", "backoff\n"),
        ("captures.request_id", "req_011CExample\n"),
        ("location.line", "1\n"),
        ("retry.not_before", "\n"),
        ("captures.model", "\n"),
    ] {
        let run = print(field, OVERLOADED);
        assert_eq!((run.status, run.stdout.as_str()), (0, value), "{field}");
    }
    let nothing = print("id", "all is well\n");
    assert_eq!((nothing.status, nothing.stdout.as_str()), (1, ""));
    let unknown = print("retry.polcy", OVERLOADED);
    assert_eq!(
        (unknown.status, unknown.stdout.as_str(), unknown.stderr.lines().count()),
        (2, "", 1)
    );
    assert!(unknown.stderr.contains("retry.policy, retry.text"), "{}", unknown.stderr);
    assert_eq!(diagnose(&["--print", "id", "--format", "json"], b"").status, 2);
}

#[test]
fn the_catalog_is_a_document() {
    let list = diagnose(&["--list", "--format", "markdown"], b"");
    let rows = list.stdout.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, CATALOG.entries().len());
    assert!(
        list.stdout.lines().filter(|line| line.starts_with('|')).all(|line| line
            .replace("\\|", "")
            .matches('|')
            .count()
            == 6)
    );
    let explain: Value = serde_json::from_str(
        &diagnose(&["--explain", "overloaded", "--format", "json"], b"").stdout,
    )
    .expect("JSON");
    assert_eq!(
        (&explain["id"], &explain["retry"]),
        (&Value::from("overloaded"), &Value::from("backoff"))
    );
    assert!(
        diagnose(&["--explain", "overloaded", "--format", "markdown"], b"")
            .stdout
            .starts_with("### server: ")
    );
    for args in [
        ["--list", "--format", "sarif"].as_slice(),
        &["--explain", "overloaded", "--format", "junit"],
    ] {
        assert_eq!(diagnose(args, b"").status, 2);
    }
}

#[test]
fn one_document_for_all_inputs_even_if_one_cannot_be_read() {
    for format in ["sarif", "junit", "rdjson"] {
        let run = diagnose(
            &[
                "--format",
                format,
                "-f",
                "tests/readme/build.log",
                "-f",
                "no-such-file",
                "-f",
                "README.md",
            ],
            b"",
        );
        assert_eq!((run.status, run.stderr.lines().count()), (2, 1), "{format}");
        assert!(run.stdout.contains("tests/readme/build.log"), "{format}");
        match format {
            "junit" => assert!(roxmltree::Document::parse(&run.stdout).is_ok()),
            _ => assert!(serde_json::from_str::<Value>(&run.stdout).is_ok()),
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    for format in [
        "human",
        "json",
        "jsonl",
        "github",
        "markdown",
        "sarif",
        "junit",
        "rdjson",
        "line",
        "summary",
        "summary-json",
    ] {
        let mut child = command(&["--format", format]).spawn().expect("the binary starts");
        drop(child.stdout.take());
        let output = feed(child, OVERLOADED.as_bytes());
        assert_eq!(
            (output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()),
            (Some(0), ""),
            "{format}"
        );
    }
}

#[test]
fn the_schemas_refuse_what_is_wrong() {
    let mut document: Value =
        serde_json::from_str(&write(&mut Sarif::default(), &cases()[0].1)).expect("JSON");
    document["runs"][0]["results"][0]["level"] = "fatal".into();
    document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] =
        "a b".into();
    assert_eq!(schema::faults(&schema_of("sarif-2.1.0.json"), &document).len(), 2);
    let mut document: Value =
        serde_json::from_str(&write(&mut Rdjson::default(), &cases()[0].1)).expect("JSON");
    document["diagnostics"][0]["origin"] = "x".into();
    document["diagnostics"][0]["location"]["range"]["start"]["line"] = 0.into();
    assert_eq!(schema::faults(&schema_of("rdjson.json"), &document).len(), 2);
}
