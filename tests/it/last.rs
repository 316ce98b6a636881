//! `--last`: transcripts of three generations of the client, in folders as the client makes them.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use crate::support::{Folder, Run, command, fed, read};

/// The configuration of Claude Code, and a project in which it was used.
struct Machine {
    folder: Folder,
    project: String,
}

impl Machine {
    /// A machine with transcripts: their names below the project's folder, and their text.
    fn new(transcripts: &[(&str, &str)]) -> Self {
        let folder = Folder::new();
        fs::create_dir_all(folder.0.join("shop_1/src/deep")).expect("folder");
        let path = folder.0.join("shop_1").canonicalize().expect("it is there");
        let named = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        let project = format!(
            "config/projects/{}",
            path.display().to_string().chars().map(named).collect::<String>()
        );
        fs::create_dir_all(folder.0.join(&project)).expect("folder");
        let machine = Self { folder, project };
        for (name, text) in transcripts {
            machine.write(name, text);
        }
        machine
    }

    fn write(&self, name: &str, text: &str) -> String {
        self.folder.write(&format!("{}/{name}", self.project), text)
    }

    /// Runs `--last` in a folder, at noon of 3 November.
    fn run_in(&self, place: &str, args: &[&str]) -> Run {
        let mut command = command(&[&["--last", "--now", "2026-11-03T12:00:00Z"], args].concat());
        command.env("CLAUDE_CONFIG_DIR", self.folder.0.join("config"));
        let output = fed(command.current_dir(self.folder.0.join(place)), b"");
        Run {
            stdout: String::from_utf8(output.stdout).expect("output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("messages are UTF-8"),
            status: output.status.code().expect("no signal"),
        }
    }

    fn run(&self, args: &[&str]) -> Run {
        self.run_in("shop_1", args)
    }

    fn json(&self) -> serde_json::Value {
        let run = self.run(&["--format", "json"]);
        crate::formats::valid("report.json", &run.stdout);
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr))
    }
}

fn session(name: &str) -> String {
    read(&format!("tests/sessions/{name}.jsonl"))
}

#[track_caller]
fn assert_begins(run: &Run, page: &str) {
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    assert!(run.stdout.starts_with(page), "{}", run.stdout);
}

#[test]
fn the_oldest_client_marks_its_reports_by_the_author_alone() {
    let machine = Machine::new(&[("11111111.jsonl", &session("1.0"))]);
    assert_begins(
        &machine.run(&[]),
        "\
session port the importer to the new API, my key is [secret] and the… · 11111111
in      /srv/shop
failed  on 1 Nov at 09:00 UTC (2 days ago)
since   no answer yet

server  The API is overloaded
retry   yes, shortly; wait longer after each failure

    4 │ API Error: 529 Overloaded
",
    );
}

#[test]
fn tries_that_failed_the_same_way_are_counted_and_a_reset_is_read_as_of_then() {
    let machine = Machine::new(&[("22222222.jsonl", &session("2.0"))]);
    let run = machine.run(&[]);
    assert_begins(
        &run,
        "\
session rename the module · 22222222
in      /srv/shop
failed  on 2 Nov at 10:06 UTC (25 h 54 min ago); 2 tries in a row failed like
        this, the first on 2 Nov at 10:05 UTC (25 h 55 min ago)
since   no answer yet

usage   Your plan's session or usage limit is reached
retry   yes: the limit reset on 2 Nov at 15:00 UTC (21 h ago)
",
    );
}

#[test]
fn a_later_answer_is_said() {
    let machine = Machine::new(&[("33333333.jsonl", &session("2.1"))]);
    assert_begins(
        &machine.run(&[]),
        "\
session Fix the failing tests · 33333333
in      /srv/shop
failed  at 11:00 UTC (1 h ago)
since   the session went on; the last answer came at 11:10 UTC (50 min ago)
",
    );
    let json = machine.json();
    assert_eq!(json["schema_version"], 1);
    assert_eq!(json["diagnoses"][0]["id"], "overloaded");
    assert_eq!(json["diagnoses"][0]["location"]["line"], 5);
    assert_eq!(json["failed_at"], "2026-11-03T11:00:02Z");
    assert_eq!(json["failed_before"], serde_json::Value::Null);
    let after = serde_json::json!({"answers": 1, "last_answer_at": "2026-11-03T11:10:30Z", "session": "33333333"});
    assert_eq!(json["followed_by"], after);
    assert_eq!(json["session"]["title"], "Fix the failing tests");
}

#[test]
fn a_subagent_fails_in_a_file_of_its_own() {
    let agent = session("agent-a1b2c3d4");
    for name in [
        "agent-a1b2c3d4.jsonl",
        "33333333-cccc-4ccc-8ccc-333333333333/subagents/agent-a1b2c3d4.jsonl",
    ] {
        let main = ("33333333-cccc-4ccc-8ccc-333333333333.jsonl", session("2.1"));
        let json = Machine::new(&[(main.0, &main.1), (name, &agent)]).json();
        assert_eq!(json["diagnoses"][0]["id"], "prompt-too-long", "{name}");
        let identity = serde_json::json!({
            "id": "33333333-cccc-4ccc-8ccc-333333333333", "title": "Fix the failing tests",
            "project": "/srv/shop", "subagent": "agent-a1b2c3d4",
        });
        assert_eq!(json["session"], identity, "{name}");
    }
}

#[test]
fn of_several_sessions_the_last_failure_counts_whatever_the_order_of_the_files() {
    let failed = session("2.0");
    let machine = Machine::new(&[("22222222.jsonl", &failed), ("11111111.jsonl", &session("1.0"))]);
    assert_eq!(machine.json()["session"]["id"], "22222222");
    // A copy of a success, later and in another session.
    let answer = session("2.1").lines().nth(8).expect("the answer").to_owned();
    machine.write("44444444.jsonl", &answer);
    let run = machine.run(&[]);
    assert!(
        run.stdout.contains("another session got an answer: the last one came at 11:10 UTC"),
        "{}",
        run.stdout
    );
    // A file that was last changed before the failure is not read for a later one.
    let old = File::options().write(true).open(machine.write("55555555.jsonl", &session("2.1")));
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    old.expect("it is there").set_modified(long_ago).expect("its time");
    assert_eq!(machine.json()["session"]["id"], "22222222");
}

#[test]
fn a_subfolder_belongs_to_its_project_and_another_folder_does_not() {
    let machine = Machine::new(&[("11111111.jsonl", &session("1.0"))]);
    assert_eq!(machine.run_in("shop_1/src/deep", &["--print", "id"]).stdout, "overloaded\n");
    let other = machine.run_in("config", &[]);
    assert_eq!((other.status, other.stderr.lines().count(), other.stdout.as_str()), (2, 1, ""));
    assert!(other.stderr.contains("use --all-projects"), "{}", other.stderr);
    assert_eq!(
        machine.run_in("config", &["--all-projects", "--print", "id"]).stdout,
        "overloaded\n"
    );
}

#[test]
fn no_failure_is_one_line_that_says_what_was_looked_at() {
    let quiet = session("2.0").lines().take(3).collect::<Vec<_>>().join("\n");
    let machine = Machine::new(&[("1.jsonl", &quiet), ("2.jsonl", "{}\nno JSON\n")]);
    let run = machine.run(&[]);
    assert_eq!((run.status, run.stdout.lines().count(), run.stderr.as_str()), (1, 1, ""));
    assert!(run.stdout.starts_with("no failure in 2 transcripts in "), "{}", run.stdout);
    let run = machine.run(&["--format", "json"]);
    assert_eq!((run.status, run.stderr.lines().count()), (1, 1), "{}", run.stderr);
    assert!(run.stdout.contains(r#""diagnoses":[]"#), "{}", run.stdout);
    assert_eq!(machine.run(&["--is", "retryable"]).status, 1);
}

#[test]
fn no_transcripts_are_one_line_and_status_2() {
    let nowhere = command(&["--last"]).env("CLAUDE_CONFIG_DIR", "/nowhere/at all").output();
    let nowhere = nowhere.expect("it runs");
    let said = String::from_utf8_lossy(&nowhere.stderr);
    assert_eq!((nowhere.status.code(), said.lines().count()), (Some(2), 1), "{said}");
    assert!(
        said.contains("/nowhere/at all/projects") && said.contains("CLAUDE_CONFIG_DIR"),
        "{said}"
    );
    let homeless = command(&["--last"]).output().expect("it runs");
    assert_eq!(homeless.status.code(), Some(2));
}

#[test]
fn every_format_answers_and_the_rest_of_the_questions_too() {
    let machine = Machine::new(&[("22222222.jsonl", &session("2.0"))]);
    for format in ["human", "json", "jsonl", "github", "markdown", "sarif", "junit", "rdjson"] {
        let run = machine.run(&["--format", format]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{format}");
        assert!(run.stdout.contains("session limit"), "{format}: {}", run.stdout);
    }
    let row = machine.run(&["--format", "jsonl"]).stdout;
    assert!(
        row.contains(r#""failed_before":{"tries":1,"first_at":"2026-11-02T10:05:09Z"}"#),
        "{row}"
    );
    assert_eq!(machine.run(&["--wait-time"]).stdout, "0\n", "the limit has reset");
    assert_eq!(machine.run(&["--is", "usage"]).status, 0);
    assert!(machine.run(&["--why"]).stdout.contains("evidence: record"));
    assert_eq!(machine.run(&["-f", "x"]).status, 2);
}

#[test]
#[cfg(unix)]
fn hostile_transcripts_are_skipped_or_only_text() {
    use std::os::unix::fs::symlink;
    let machine = Machine::new(&[("1.jsonl", &session("1.0"))]);
    let project = machine.folder.0.join(&machine.project);
    symlink("gone", project.join("link.jsonl")).expect("a link");
    symlink("loop", project.join("loop")).expect("a link to itself");
    symlink(".", project.join("circle")).expect("a link to its own folder");
    fs::create_dir(project.join("folder.jsonl")).expect("a folder");
    machine.write("2.jsonl", &format!("{{\"type\":\"assistant\"{}\n", "x".repeat(1 << 20)));
    let evil = r#"{"type":"user","message":{"content":"::error::x \u001b]0;evil\u0007 \u202e ##[error] key ghp_abcdefghijklmnopqrstuvwxyz0123456789"},"timestamp":"2026-11-03T11:30:00Z","cwd":"/a\u001b[31m\nb"}"#;
    let failed = r#"{"type":"assistant","message":{"model":"<synthetic>","content":[{"type":"text","text":"API Error: 529 Overloaded\u001b[2J sk-ant-api03-abcdefghijklmnop"}]},"timestamp":"2026-11-03T11:30:01Z"}"#;
    machine.write("3.jsonl", &format!("{evil}\n{failed}\n"));
    let run = machine.run(&[]);
    assert_eq!((run.status, run.stderr.lines().count()), (0, 1), "{}", run.stderr);
    assert!(run.stderr.contains("link.jsonl") && run.stderr.contains("skipped"), "{}", run.stderr);
    for bad in ["\u{1b}", "\u{7}", "\u{202e}", "sk-ant", "ghp_", "##[", "\n::"] {
        assert!(!run.stdout.contains(bad), "{bad:?} in {}", run.stdout);
    }
    assert!(run.stdout.contains("API Error: 529 Overloaded"), "{}", run.stdout);
}
