//! Every recipe of the README is pasted and run, against a `claude` that fails and one that does
//! not.

use std::fs;

use yaml_rust2::Yaml;

use crate::support::runner::{Job, Left, yaml};
use crate::support::{has, read};

const OVERLOADED: &str =
    r#"API Error: 529 {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#;
/// GitLab's shell, where it is bash.
const GITLAB: [&str; 5] = ["bash", "--noprofile", "--norc", "-eo", "pipefail"];

/// The block below a heading.
fn recipe(heading: &str) -> String {
    let text = read("README.md");
    let (_, rest) = text
        .split_once(&format!("\n### {heading}\n"))
        .unwrap_or_else(|| panic!("no recipe is called {heading}"));
    let (_, rest) = rest.split_once("```").expect("a block");
    let (_, rest) = rest.split_once('\n').expect("a language");
    rest.split_once("```").expect("an end").0.to_owned()
}

/// A folder with our binary, and a `claude` that says how it was called, fails for lack of room,
/// and has a status of its own.
fn failing() -> Job {
    Job::new().with_diagnose().with_program(
        "claude",
        &format!("printf '<%s>' \"$@\"\necho\ncat <<'end' >&2\n{OVERLOADED}\nend\nexit 5"),
    )
}

/// The same where nothing fails.
fn working() -> Job {
    Job::new().with_diagnose().with_program("claude", "echo done")
}

/// The lines of a list in a document.
fn lines(list: &Yaml) -> String {
    let lines: Vec<&str> =
        list.as_vec().expect("a list").iter().map(|line| line.as_str().expect("a line")).collect();
    lines.join("\n")
}

fn failures(job: &Job) -> Vec<String> {
    let text = job.read("diagnose.xml");
    let document =
        roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(
        document.descendants().filter(|node| node.has_tag_name("testcase")).count(),
        1,
        "{text}"
    );
    document.descendants().filter_map(|node| node.attribute("type").map(str::to_owned)).collect()
}

#[test]
fn github_actions() {
    let steps = yaml(&recipe("GitHub Actions"));
    let [claude, why, again] = &steps.as_vec().expect("steps")[..] else { panic!("three steps") };
    let mut job = failing();
    let left = job.step(claude, |_| panic!("no expression"));
    assert!(left.status != 0 && left.text.contains("<-p><fix the tests>\n"), "{left:?}");
    assert!(
        why["uses"]
            .as_str()
            .is_some_and(|action| action.starts_with("OWNER/diagnose") && action.contains('@'))
    );
    let with = why["with"].as_hash().expect("inputs").iter();
    let inputs: Vec<_> = with
        .map(|(name, value)| (name.as_str().expect("a name"), value.as_str().expect("a text")))
        .collect();
    let left = job.action(&inputs);
    assert!(left.status == 0 && left.text.contains("::error file=claude.log,line=2,"), "{left:?}");
    let outputs = job.outputs();
    assert_eq!(again["if"].as_str(), Some("failure() && steps.why.outputs.retryable == 'true'"));
    assert_eq!(
        (why["id"].as_str(), why["if"].as_str(), outputs["retryable"].as_str()),
        (Some("why"), Some("failure()"), "true")
    );
    let output = |expression: &str| {
        outputs[expression.strip_prefix("steps.why.outputs.").expect("an output")].clone()
    };
    assert_eq!(job.step(again, output).text, "worth another try \n");
    assert_eq!(working().step(claude, |_| panic!("no expression")).status, 0);
}

#[test]
fn gitlab() {
    let document = yaml(&recipe("GitLab CI"));
    let job = &document["claude"];
    let run = |here: &mut Job, status: &str| {
        let script = here.run(&GITLAB, &lines(&job["script"]), "");
        here.set("CI_JOB_STATUS", status);
        (script, here.run(&GITLAB, &lines(&job["after_script"]), ""))
    };
    let mut here = failing();
    let (script, after) = run(&mut here, "failed");
    assert_eq!((script.status, after.status), (5, 0), "{script:?} {after:?}");
    assert!(after.text.starts_with("server  "), "{after:?}");
    assert_eq!(failures(&here), ["overloaded"]);
    assert_eq!(
        (job["artifacts"]["reports"]["junit"].as_str(), job["artifacts"]["when"].as_str()),
        (Some("diagnose.xml"), Some("always"))
    );
    let mut here = working();
    let (script, after) = run(&mut here, "success");
    assert_eq!((script.status, after.status, after.text.as_str()), (0, 0, ""), "{script:?}");
    assert!(failures(&here).is_empty());
}

/// Runs what Jenkins does between `sh '''` and `'''`: by the interpreter that it names, or by sh,
/// which stops at a failure.
fn jenkins_step(job: &Job, script: &str) -> Left {
    match script.strip_prefix("#!/usr/bin/env bash\n") {
        Some(script) => job.run(&["bash"], script, ""),
        None => job.run(&["sh", "-e"], script, ""),
    }
}

#[test]
fn jenkins() {
    let text = recipe("Jenkins");
    assert_eq!(text.matches('{').count(), text.matches('}').count());
    let scripts: Vec<&str> = text
        .split("sh '''")
        .skip(1)
        .map(|rest| rest.split("'''").next().unwrap_or_default())
        .collect();
    let [stage, post] = scripts[..] else { panic!("two scripts: {scripts:?}") };
    let job = failing();
    assert_eq!(jenkins_step(&job, stage).status, 5);
    let left = jenkins_step(&job, post);
    assert!(left.status == 0 && left.text.starts_with("server  "), "{left:?}");
    assert!(text.contains("junit 'diagnose.xml'"));
    assert_eq!(failures(&job), ["overloaded"]);
    // A build that fails for other reasons is not made worse.
    let job = working();
    assert_eq!((jenkins_step(&job, stage).status, jenkins_step(&job, post).status), (0, 0));
    assert!(failures(&job).is_empty());
}

#[test]
fn a_shell_function() {
    let function = recipe("A shell function");
    for shell in ["bash", "zsh"].into_iter().filter(|shell| has(shell)) {
        let left = failing().run(
            &[shell],
            &format!("{function}\nclaude -p 'two words'\necho \"status $?\""),
            "",
        );
        assert!(
            left.text.starts_with("<-p><two words>\nAPI Error: 529 "),
            "{shell}: {}",
            left.text
        );
        assert!(
            left.text.contains("\nserver  ") && left.text.ends_with("status 5\n"),
            "{shell}: {}",
            left.text
        );
        let left = working().run(&[shell], &format!("{function}\nclaude\necho \"status $?\""), "");
        assert_eq!(left.text, "done\nstatus 0\n", "{shell}");
    }
}

/// What Claude Code hands to the hook; the rendered error is in the last field.
fn stop_failure(message: &str) -> String {
    let input = serde_json::json!({
        "session_id": "0c7b", "transcript_path": "/home/somebody/.claude/projects/x/0c7b.jsonl", "cwd": "/home/somebody/x",
        "hook_event_name": "StopFailure", "error": "unknown", "error_details": "details", "last_assistant_message": message,
    });
    input.to_string()
}

#[test]
fn a_claude_code_hook() {
    let settings: serde_json::Value =
        serde_json::from_str(&recipe("A Claude Code hook")).expect("JSON");
    let hook = &settings["hooks"]["StopFailure"][0]["hooks"][0];
    assert_eq!(hook["type"], "command");
    let command = hook["command"].as_str().expect("a command");
    for (message, told) in [
        (OVERLOADED, "server  "),
        ("Prompt is too long", "request "),
        (
            "OAuth token has expired. Please obtain a new token or refresh your existing token",
            "auth    ",
        ),
        ("Fine.", "No known error of Claude Code"),
    ] {
        let job = Job::new().with_diagnose();
        fs::create_dir(job.folder.0.join(".claude")).expect("a folder");
        let left = job.run(&["sh"], command, &stop_failure(message));
        assert_eq!(left.text, "", "{message}");
        let log = job.read(".claude/failures.log");
        assert!(log.starts_with(told), "{message}: {log}");
    }
}

/// What the scripts print, by what the log says.
const ANSWERS: [(&str, &str); 5] = [
    (OVERLOADED, "retry"),
    ("You've hit your weekly limit · resets Nov 26, 2am (UTC)", "wait until 20"),
    (
        "API Error: 401 {\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"OAuth token has expired.\"}}",
        "login",
    ),
    ("Prompt is too long", "shrink-input"),
    ("all is well", ""),
];

/// Every path of the JSON that the recipes use is one that diagnoses have; this needs neither
/// Python nor Node.
fn uses_paths_that_exist(job: &Job) {
    for (log, answer) in ANSWERS {
        fs::write(job.folder.0.join("claude.log"), format!("{log}\n")).expect("written");
        let report: serde_json::Value =
            serde_json::from_str(&job.line("diagnose -f claude.log --format json").text)
                .expect("JSON");
        let diagnoses = report["diagnoses"].as_array().expect("a list");
        assert_eq!(diagnoses.is_empty(), answer.is_empty(), "{log}");
        for first in diagnoses.iter().take(1) {
            assert!(
                ["backoff", "wait", "never"]
                    .contains(&first["retry"]["policy"].as_str().expect("a policy"))
                    && first["action"].is_string()
            );
            assert!(
                first["retry"].get("not_before").is_some() && first["retry"].get("text").is_some(),
                "{first}"
            );
        }
    }
}

fn decides(heading: &str, program: &str) {
    let recipe = recipe(heading);
    for part in [
        "diagnose -f claude.log --format json | ",
        "diagnoses",
        "retry",
        "policy",
        "not_before",
        "text",
        "action",
        program,
    ] {
        assert!(recipe.contains(part), "{heading}: {part}");
    }
    let job = Job::new().with_diagnose();
    uses_paths_that_exist(&job);
    if !has(program) {
        return;
    }
    for (log, answer) in ANSWERS {
        fs::write(job.folder.0.join("claude.log"), format!("{log}\n")).expect("written");
        let left = job.line(&recipe);
        assert_eq!(left.status, 0, "{heading}: {left:?}");
        assert!(
            if answer.is_empty() { left.text.is_empty() } else { left.text.starts_with(answer) },
            "{heading}: {log}: {left:?}"
        );
    }
}

#[test]
fn python() {
    decides("Python", "python3");
}

#[test]
fn node() {
    decides("Node", "node");
}

#[test]
fn no_recipe_is_forgotten() {
    let text = read("README.md");
    let (_, recipes) = text.split_once("\n## Recipes\n").expect("recipes");
    let headings: Vec<&str> = recipes
        .split("\n## ")
        .next()
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .collect();
    assert_eq!(
        headings,
        [
            "GitHub Actions",
            "GitLab CI",
            "Jenkins",
            "A shell function",
            "A Claude Code hook",
            "Python",
            "Node"
        ]
    );
}
