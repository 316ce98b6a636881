//! The plugin for Claude Code: its files agree with the package, and its hooks answer what the client hands them, in the client's own form.

use serde_json::Value;

use crate::support::runner::{Job, Left, yaml};
use crate::support::{read, root};

const PLUGIN: &str = "integrations/claude-code";

fn json(file: &str) -> Value {
    serde_json::from_str(&read(&format!("{PLUGIN}/{file}"))).expect("JSON")
}

/// The command of a hook, run as the client does: by a shell, with the plugin's folders, and with
/// what it hands over on standard input.
fn hook(job: &mut Job, event: &str, input: &str) -> Left {
    let hooks = json("hooks/hooks.json");
    let hook = &hooks["hooks"][event][0]["hooks"][0];
    assert_eq!(hook["type"], "command");
    let command = hook["command"].as_str().expect("a command");
    let folder = root().join(PLUGIN);
    let command = command.replace("${CLAUDE_PLUGIN_ROOT}", &folder.to_string_lossy());
    job.set("CLAUDE_PLUGIN_DATA", job.folder.0.join("data").to_string_lossy());
    // The folder of the sessions: there are none.
    job.set("CLAUDE_CONFIG_DIR", job.folder.0.join("claude").to_string_lossy());
    job.run(&["sh"], &command, input)
}

/// A turn that ended with an error of the API.
fn failed(job: &mut Job, message: &str) -> Left {
    let message = Value::from(message);
    hook(
        job,
        "StopFailure",
        &format!(
            r#"{{"session_id":"0e9a","transcript_path":"/x.jsonl","cwd":"/x","hook_event_name":"StopFailure","error":"unknown","last_assistant_message":{message}}}"#
        ),
    )
}

/// `/diagnose` with what was typed behind it.
fn asked(job: &mut Job, words: &str) -> Left {
    let words = Value::from(words);
    hook(
        job,
        "UserPromptExpansion",
        &format!(
            r#"{{"session_id":"0e9a","transcript_path":"/x.jsonl","cwd":"/x","hook_event_name":"UserPromptExpansion","expansion_type":"slash_command","command_name":"diagnose:diagnose","command_args":{words},"command_source":"plugin","prompt":"/diagnose:diagnose"}}"#
        ),
    )
}

fn answer(left: &Left) -> Value {
    assert_eq!(left.status, 0, "{}", left.text);
    serde_json::from_str(&left.text).unwrap_or_else(|error| panic!("{error}: {}", left.text))
}

#[test]
fn the_manifest_agrees_with_the_package() {
    let plugin = json(".claude-plugin/plugin.json");
    assert_eq!(plugin["name"], env!("CARGO_PKG_NAME"));
    assert_eq!(plugin["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(plugin["license"], env!("CARGO_PKG_LICENSE"));
    assert_eq!(plugin["repository"], env!("CARGO_PKG_REPOSITORY"));
    let readme = read(&format!("{PLUGIN}/README.md"));
    let clone = format!("git clone {}\n", env!("CARGO_PKG_REPOSITORY"));
    assert!(readme.contains(&clone), "{clone}");
    assert!(readme.contains(&format!("claude plugin marketplace add ./diagnose/{PLUGIN}\n")));
    let market = json(".claude-plugin/marketplace.json");
    let offered = &market["plugins"][0];
    assert_eq!((&offered["name"], offered["source"].as_str()), (&plugin["name"], Some("./")));
    let command = read(&format!("{PLUGIN}/commands/diagnose.md"));
    let front = command.strip_prefix("---\n").and_then(|text| text.split_once("\n---\n"));
    let (front, prompt) = front.expect("a front matter");
    assert!(yaml(front)["description"].as_str().is_some() && prompt.contains("$ARGUMENTS"));
}

#[test]
fn a_failed_turn_is_said_in_a_notification_and_in_words() {
    let mut job = Job::new().with_diagnose();
    let answer = answer(&failed(&mut job, "Not logged in · Please run /login"));
    let page = answer["systemMessage"].as_str().expect("a text");
    assert!(page.starts_with("auth    Not logged in"), "{page}");
    let sequence = answer["terminalSequence"].as_str().expect("a text");
    let inner =
        sequence.strip_prefix("\u{1b}]9;Claude: ").and_then(|rest| rest.strip_suffix('\u{7}'));
    let inner = inner.expect("a notification, which the client lets through");
    assert!(inner.starts_with("Not logged in") && inner.ends_with(": /login"), "{inner}");
    assert!(!inner.contains(char::is_control), "{inner:?}");
}

#[test]
fn what_nobody_knows_gets_no_answer() {
    let mut job = Job::new().with_diagnose();
    for left in
        [failed(&mut job, "all is well"), asked(&mut job, ""), asked(&mut job, "all is well")]
    {
        assert_eq!((left.status, left.text.as_str()), (0, ""));
    }
}

#[test]
fn the_command_answers_without_a_model() {
    let mut job = Job::new().with_diagnose();
    // The words themselves, quoted as they may be.
    let said = answer(&asked(&mut job, r#"API Error: 400 "Prompt is too long","prompt":"x\y""#));
    assert_eq!(said["decision"], "block", "no request is sent");
    assert!(said["reason"].as_str().is_some_and(|page| page.starts_with("request ")), "{said}");
    // A status, as a person types it; what begins with a dash is no option.
    for words in ["529", "--list 529 Overloaded"] {
        let said = answer(&asked(&mut job, words));
        assert!(said["reason"].as_str().is_some_and(|page| page.starts_with("server ")), "{said}");
    }
    // Without words the last failure.
    assert_eq!(failed(&mut job, "API Error: 529 Overloaded").status, 0);
    let said = answer(&asked(&mut job, ""));
    assert!(said["reason"].as_str().is_some_and(|page| page.starts_with("server ")), "{said}");
}

#[test]
fn words_stay_words() {
    let mut job = Job::new().with_diagnose();
    for words in [
        "API Error: 529 Overloaded $(touch taken) `touch taken`",
        "'; touch taken; ' API Error: 529 Overloaded",
        "API Error: 529 Overloaded \\u0007\u{7}\u{1b}]0;x\u{7} %s%n \"} {\"",
        "--tee API Error: 529 Overloaded",
    ] {
        for left in [failed(&mut job, words), asked(&mut job, words)] {
            let answer = answer(&left);
            for text in answer.as_object().expect("an object").values() {
                let text = text.as_str().expect("a text");
                assert!(text.matches(['\u{7}', '\u{1b}']).count() <= 2, "{text:?}");
            }
            assert!(!job.folder.0.join("taken").exists(), "{words}");
        }
    }
}

#[test]
fn without_the_program_the_client_goes_on_and_is_told_why() {
    let mut job = Job::new();
    let left = failed(&mut job, "API Error: 529 Overloaded");
    assert_eq!(
        (left.status, left.text.as_str()),
        (1, "the plugin needs the program: put diagnose on the PATH\n")
    );
}
