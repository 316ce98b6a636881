//! Every recipe of `docs/recipes.md` is pasted and run, against a `claude` that fails and one that
//! does not, and a `gh` and a `tmux` that print what theirs do.

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
    let text = read("docs/recipes.md");
    let (_, rest) = text
        .split_once(&format!("\n## {heading}\n"))
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
    assert_eq!(why["uses"].as_str(), Some("OWNER/diagnose@v1"));
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

/// What claude-code-action writes to its execution file when the API has no room: the messages of
/// the stream, as one array.
fn execution_file() -> String {
    let messages = serde_json::json!([
        {"type": "system", "subtype": "init", "session_id": "0c7b", "model": "claude-sonnet-5"},
        {"type": "result", "subtype": "success", "is_error": true, "num_turns": 1, "session_id": "0c7b", "result": OVERLOADED},
    ]);
    messages.to_string()
}

#[test]
fn claude_code_action() {
    let steps = yaml(&recipe("claude-code-action"));
    let [claude, why] = &steps.as_vec().expect("steps")[..] else { panic!("two steps") };
    assert_eq!(claude["id"].as_str(), Some("claude"));
    assert_eq!(why["uses"].as_str(), Some("OWNER/diagnose@v1"));
    let output = "steps.claude.outputs.execution_file";
    let condition = format!("failure() && {output} != ''");
    assert_eq!(why["if"].as_str(), Some(condition.as_str()));
    let log = why["with"]["log"].as_str().expect("a log");
    assert_eq!(log, format!("${{{{ {output} }}}}"));
    let mut job = failing();
    fs::write(job.folder.0.join("execution.json"), execution_file()).expect("written");
    let left = job.action(&[("log", "execution.json")]);
    assert!(left.status == 0 && left.text.contains("::error file=execution.json,"), "{left:?}");
    assert_eq!(job.outputs()["id"], "overloaded");
}

/// A `gh` that says how it was called, on a file of its own, and knows one failed run with this
/// message in its log.
fn with_gh(job: Job, message: &str) -> Job {
    job.with_program(
        "gh",
        &format!(
            "echo \"$*\" >> gh.log\ncase \"$1 $2\" in\n'run list') echo 77 ;;\n'run view') cat <<'end'\nclaude\tRun claude -p\t2026-11-20T10:00:01.1234567Z ##[group]Run claude -p\nclaude\tRun claude -p\t2026-11-20T10:00:09.7654321Z {message}\nclaude\tRun claude -p\t2026-11-20T10:00:09.8654321Z ##[error]Process completed with exit code 1.\nend\n;;\nesac"
        ),
    )
}

#[test]
fn a_failed_run_of_github_actions() {
    let left = with_gh(Job::new().with_diagnose(), OVERLOADED)
        .line(&recipe("A failed run of GitHub Actions"));
    assert!(left.status == 0 && left.text.starts_with("server  "), "{left:?}");
}

#[test]
fn repeat_the_run_only_if_it_can_help() {
    let script = recipe("Repeat the run only if it can help");
    let run = |message: &str| {
        let job = with_gh(Job::new().with_diagnose(), message)
            .with_program("sleep", "[ \"$1\" ] && echo $1");
        let left = job.line(&script);
        (left.text, job.read("gh.log"))
    };
    let rerun = "run rerun 77 --failed\n";
    let (text, calls) = run(OVERLOADED);
    assert_eq!(text, "60\n");
    assert!(calls.contains("run view 77 --log-failed\n") && calls.ends_with(rerun), "{calls}");
    let (text, calls) = run("Credit balance is too low");
    assert!(text.starts_with("usage   ") && !calls.contains("rerun"), "{text}{calls}");
    // A reset that nobody can tell is not waited for.
    let (_, calls) = run("You've hit your session limit");
    assert!(!calls.contains("rerun"), "{calls}");
}

#[test]
fn a_tmux_pane() {
    let line = recipe("A tmux pane");
    let pane =
        format!("printf '%s\\n' \"$*\" > tmux.log\ncat <<'end'\n$ claude\n● {OVERLOADED}\nend");
    let job = Job::new().with_diagnose().with_program("tmux", &pane);
    let left = job.line(&line);
    assert!(left.status == 0 && left.text.starts_with("server  "), "{left:?}");
    assert_eq!(job.read("tmux.log"), "capture-pane -p -J -S -200\n");
}

#[test]
fn a_loop_that_waits() {
    let script = recipe("A loop that waits");
    // It fails twice for lack of room, and then as it is told.
    let job = |then: &str| {
        let claude = format!(
            "echo x >> calls\nif [ \"$(wc -l < calls)\" -le 2 ]; then cat <<'end'\n{OVERLOADED}\nend\nexit 1; fi\n{then}"
        );
        Job::new()
            .with_diagnose()
            .with_program("claude", &claude)
            .with_program("sleep", "echo \"sleep $1\"")
    };
    for shell in ["sh", "bash"] {
        let works = job("echo done");
        let left = works.run(&[shell], &script, "");
        assert_eq!(
            (left.text.as_str(), works.read("claude.log").as_str()),
            ("sleep 60\nsleep 60\n", "done\n"),
            "{shell}"
        );
        let fails = job("echo 'Prompt is too long'; exit 1").run(&[shell], &script, "");
        assert!(fails.text.starts_with("sleep 60\nsleep 60\n"), "{fails:?}");
        assert!(fails.text.contains("\nrequest "), "{fails:?}");
        assert_eq!(fails.text.matches("sleep").count(), 2, "{fails:?}");
    }
}

#[test]
fn no_recipe_is_forgotten() {
    let text = read("docs/recipes.md");
    let headings: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    // Each of them has a test of its own above.
    assert_eq!(
        headings.join(", "),
        "GitHub Actions, claude-code-action, A failed run of GitHub Actions, Repeat the run only if it can help, \
         GitLab CI, Jenkins, A shell function, A Claude Code hook, A tmux pane, A loop that waits, Python, Node"
    );
    let readme = read("README.md");
    let listed = |heading: &&str| readme.contains(&format!("[{heading}](docs/recipes.md#"));
    assert!(headings.iter().all(listed));
}
