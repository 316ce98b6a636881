//! The action for GitHub, run step by step as a runner does.

use std::fs;

use crate::support::runner::{Job, yaml};
use crate::support::{read, root};

const OVERLOADED: &str = "compiling\nAPI Error: 529 {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n";

fn job() -> Job {
    let job = Job::new().with_diagnose();
    fs::write(job.folder.0.join("claude.log"), OVERLOADED).expect("written");
    fs::write(job.folder.0.join("fine.log"), "all is well\n").expect("written");
    job
}

#[test]
fn it_annotates_and_sets_what_it_promises() {
    let mut job = job();
    let left = job.action(&[("log", "claude.log")]);
    assert_eq!(left.status, 0, "{}", left.text);
    assert!(left.text.starts_with("::error file=claude.log,line=2,"), "{}", left.text);
    assert!(job.read("summary").contains("The API is overloaded"), "{}", job.read("summary"));
    let outputs = job.outputs();
    let expected =
        [("id", "overloaded"), ("not_before", ""), ("retryable", "true"), ("section", "server")];
    assert!(
        outputs.iter().map(|(name, value)| (name.as_str(), value.as_str())).eq(expected),
        "{outputs:?}"
    );
    // What the action hands on is what its step sets, under the same names.
    let action = yaml(&read("action.yml"));
    let promised = action["outputs"].as_hash().expect("outputs");
    assert_eq!(promised.len(), outputs.len());
    for name in outputs.keys() {
        assert_eq!(
            action["outputs"][name.as_str()]["value"].as_str(),
            Some(format!("${{{{ steps.diagnose.outputs.{name} }}}}").as_str())
        );
    }
}

#[test]
fn several_logs_are_lines() {
    let mut job = job();
    let left = job.action(&[("log", "fine.log\n\nclaude.log\n")]);
    assert!(left.status == 0 && job.outputs()["id"] == "overloaded", "{}", left.text);
}

#[test]
fn nothing_recognised_is_no_failure() {
    let mut job = job();
    let left = job.action(&[("log", "fine.log")]);
    assert_eq!((left.status, left.text.as_str(), job.read("summary").as_str()), (0, "", ""));
    assert!(job.outputs().is_empty());
}

#[test]
fn what_cannot_be_read_is_a_failure() {
    let left = job().action(&[("log", "gone.log")]);
    assert_eq!(left.status, 2);
    assert!(left.text.starts_with("diagnose: cannot read gone.log: "), "{}", left.text);
}

#[test]
fn it_fails_on_what_it_is_told_to_fail_on() {
    for (log, what, status) in [
        ("claude.log", "any", 1),
        ("claude.log", "retryable", 1),
        ("claude.log", "overloaded", 1),
        ("claude.log", "auth", 0),
        ("fine.log", "any", 0),
        ("fine.log", "auth", 0),
        ("fine.log", "uath", 2),
    ] {
        let left = job().action(&[("log", log), ("fail-on", what)]);
        assert_eq!(left.status, status, "{log} {what}: {}", left.text);
    }
    let mut guess = job();
    fs::write(guess.folder.0.join("claude.log"), "Error: Claude Code process exited with code 1\n")
        .expect("written");
    assert_eq!(guess.action(&[("log", "claude.log"), ("fail-on", "any")]).status, 1);
    assert_eq!(
        guess
            .action(&[("log", "claude.log"), ("fail-on", "any"), ("min-confidence", "medium")])
            .status,
        0
    );
}

#[test]
fn inputs_stay_text() {
    for text in [
        "$(touch taken)",
        "`touch taken`",
        "'; touch taken; '",
        "\"; touch taken; \"",
        "claude.log; touch taken",
        "--tee",
        "-",
    ] {
        for input in ["log", "min-confidence", "fail-on"] {
            let mut job = job();
            let log = if input == "log" { text } else { "claude.log" };
            let left = job.action(&[("log", log), (input, text)]);
            // "-" is standard input, which holds nothing.
            assert_eq!(
                left.status,
                if (input, text) == ("log", "-") { 0 } else { 2 },
                "{input} {text}: {}",
                left.text
            );
            assert!(!job.folder.0.join("taken").exists(), "{input} {text}");
        }
    }
}

/// Stands in for a build, which takes minutes: notes where and how it was called, and installs our
/// binary where it is told to.
const CARGO: &str = r#"
pwd > "$HOME/called"; echo "$@" >> "$HOME/called"
while [ "$1" != --root ]; do shift; done
mkdir -p "$2/bin" && ln -sf "$BINARY" "$2/bin/diagnose"
"#;

#[test]
fn it_is_built_where_it_is_not_there() {
    let mut job = Job::new().with_program("cargo", CARGO);
    job.set("BINARY", env!("CARGO_BIN_EXE_diagnose"));
    fs::write(job.folder.0.join("claude.log"), OVERLOADED).expect("written");
    let left = job.action(&[("log", "claude.log")]);
    assert!(left.status == 0 && job.outputs()["id"] == "overloaded", "{}", left.text);
    let called = job.read("called");
    let (folder, how) = called.split_once('\n').expect("two lines");
    assert_eq!(
        fs::canonicalize(folder).expect("a folder"),
        fs::canonicalize(root()).expect("a folder")
    );
    assert_eq!(
        how.trim_end(),
        format!(
            "install --quiet --locked --force --path . --root {}/temp/diagnose",
            job.folder.0.display()
        )
    );
    // It is on the path of later steps, too, and is not built again.
    fs::remove_file(job.folder.0.join("called")).expect("removed");
    assert_eq!(job.action(&[]).status, 0);
    assert_eq!((job.read("called").as_str(), job.line("diagnose --version").status), ("", 0));
}

#[test]
fn what_was_built_is_cached_and_built_anew_where_it_does_not_start() {
    let mut job = Job::new().with_program("cargo", CARGO);
    job.set("BINARY", env!("CARGO_BIN_EXE_diagnose"));
    fs::write(job.folder.0.join("claude.log"), OVERLOADED).expect("written");
    assert_eq!(job.action(&[]).status, 0);
    job.keep();
    fs::remove_file(job.folder.0.join("called")).expect("it was built");
    let left = job.action(&[("log", "claude.log")]);
    assert!(left.status == 0 && job.outputs()["id"] == "overloaded", "{}", left.text);
    assert_eq!(job.read("called"), "", "it comes from the cache");
    job.keep();
    let kept = fs::read_dir(job.folder.0.join("cache")).expect("a cache").next();
    let binary = kept.expect("a key").expect("an entry").path().join("bin/diagnose");
    fs::remove_file(&binary).expect("removed");
    fs::write(&binary, "of another machine").expect("written");
    let left = job.action(&[("log", "claude.log")]);
    assert!(left.status == 0 && job.outputs()["id"] == "overloaded", "{}", left.text);
    assert!(job.read("called").contains("--force"), "it is built again");
}

#[test]
fn a_build_that_fails_is_a_failure() {
    let mut job = Job::new().with_program("cargo", "exit 1");
    let left = job.action(&[]);
    assert_eq!(left.status, 1, "{}", left.text);
}

#[test]
fn the_workflow_runs_what_must_be_green_and_the_action() {
    let workflow = yaml(&read(".github/workflows/ci.yml"));
    let steps = |job: &str| workflow["jobs"][job]["steps"].as_vec().expect("steps").clone();
    assert!(steps("check").iter().any(|step| step["run"].as_str() == Some(".ci/run")));
    let steps = steps("action");
    let action = steps.iter().find(|step| step["uses"].as_str() == Some("./")).expect("it is used");
    let mut job = Job::new().with_diagnose();
    let log = root().join(action["with"]["log"].as_str().expect("a log"));
    let left = job.action(&[("log", &log.to_string_lossy())]);
    assert_eq!(left.status, 0, "{}", left.text);
    let outputs = job.outputs();
    let check = steps.last().expect("a step");
    let left = job.step(check, |expression| {
        outputs[expression.strip_prefix("steps.why.outputs.").expect("an output")].clone()
    });
    assert_eq!(left.status, 0, "{}", left.text);
}
