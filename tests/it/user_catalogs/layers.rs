//! What a layer adds, replaces and silences, and where an entry says that it comes from.

use std::fs;

use serde_json::Value;

use super::{entry, faults, id, with};
use crate::support::{Folder, Run, diagnose, diagnose_in, read};

#[test]
fn layers_add_replace_and_silence() {
    let folder = Folder::new();
    let one = folder.write(
        "one.toml",
        format!("disable = [\"prompt-too-long\"]\n{}", entry("nap", "the gateway takes a nap", "")),
    );
    let two = folder.write("two.toml", entry("nap", "the gateway is asleep", "replace = true"));
    assert_eq!(id(&with(&[&one], &["--print", "id", "API Error: the gateway takes a nap"])), "nap");
    let both: &[&str] = &[&one, &two];
    assert_eq!(id(&with(both, &["--print", "id", "API Error: the gateway is asleep"])), "nap");
    assert_eq!(with(both, &["the gateway takes a nap"]).status, 1, "the old wording is gone");
    assert_ne!(with(both, &["--print", "id", "Prompt is too long"]).stdout, "prompt-too-long\n");
    let count = |run: Run| {
        serde_json::from_str::<Value>(&run.stdout).expect("JSON")["catalog"]["entries"]
            .as_u64()
            .expect("a number")
    };
    let built_in = count(diagnose(&["--format", "json", "x"], b""));
    assert_eq!(count(with(both, &["--format", "json", "x"])), built_in, "one more, one less");
    assert!(
        with(both, &["--why", "nap", "API Error: the gateway is asleep"])
            .stdout
            .contains("why `nap`:")
    );
    assert_eq!(with(both, &["--is", "nap", "API Error: the gateway is asleep"]).status, 0);
    assert!(with(both, &["--is", "prompt-too-long", "x"]).stderr.contains("disabled by"));
    let (lines, last) = (with(&[&two, &one], &["x"]), with(&[&two], &["x"]));
    assert!(
        lines.stderr.contains(
            "two.toml:2: `replace` stands in `nap`, which no catalog before this file has"
        ),
        "{}",
        lines.stderr
    );
    assert_eq!(last.status, 2);
    // Inside a log, where the search decides what is looked at.
    let log = folder.write(
        "build.log",
        format!("{}API Error: the gateway is asleep\n", "building target 17 of 204\n".repeat(5000)),
    );
    assert_eq!(id(&with(both, &["--print", "location.line", "-f", &log])), "5001");
}

/// Words that are hard to look for: five letters, beside a dash, longer than a narrow terminal is
/// wide.
#[test]
fn every_wording_is_found_at_every_place_of_a_log() {
    let folder = Folder::new();
    let endless = "stop".repeat(200);
    let file = folder.write(
        "short.toml",
        format!(
            "{}api = [{{ type = \"quota\" }}, {{ type = \"a.b-quota\" }}]\n",
            entry("x", "my re-login", "")
        ),
    );
    let long = folder.write("long.toml", entry("y", &endless, ""));
    let broken = format!("API Error: {}\n{}", &endless[..300], &endless[300..]);
    for (error, expected) in [
        ("API Error: my re-login", "x"),
        (r#"{"type":"error","error":{"type":"quota","message":"m"}}"#, "x"),
        (r#"{"type":"error","error":{"type":"a.b-quota","message":"m"}}"#, "x"),
        (broken.as_str(), "y"),
    ] {
        for shift in 0..3 {
            let text = format!(
                "{}{}\n{error}\n",
                "building target 17 of 204\n".repeat(5000),
                "-".repeat(shift)
            );
            let path = folder.write("build.log", text);
            assert_eq!(
                id(&with(&[&file, &long], &["--print", "id", "-f", &path])),
                expected,
                "{error} {shift}"
            );
        }
    }
}

#[test]
fn the_folder_of_the_user_is_read_by_name_and_below_the_command_line() {
    let folder = Folder::new();
    folder
        .write("xdg/diagnose/catalog.d/10-first.toml", entry("nap", "the gateway takes a nap", ""));
    folder.write(
        "xdg/diagnose/catalog.d/20-second.toml",
        entry("nap", "the gateway is asleep", "replace = true"),
    );
    for ignored in ["notes.txt", ".#30.toml"] {
        folder.write(&format!("xdg/diagnose/catalog.d/{ignored}"), "not a catalog");
    }
    let xdg = folder.0.join("xdg").display().to_string();
    let env = [("XDG_CONFIG_HOME", xdg.as_str())];
    let print = ["--print", "id", "the gateway is asleep"];
    assert_eq!(id(&diagnose_in(&env, &print, b"")), "nap");
    let top = folder.write("top.toml", entry("nap", "the gateway dreams", "replace = true"));
    assert_eq!(
        id(&diagnose_in(
            &env,
            &["--catalog", &top, "--print", "id", "API Error: the gateway dreams"],
            b""
        )),
        "nap"
    );
    let home = folder.0.join("home");
    fs::create_dir_all(home.join(".config")).expect("folder");
    fs::rename(folder.0.join("xdg/diagnose"), home.join(".config/diagnose")).expect("moved");
    let home = home.display().to_string();
    assert_eq!(
        id(&diagnose_in(&[("HOME", &home), ("XDG_CONFIG_HOME", "not/absolute")], &print, b"")),
        "nap"
    );
    assert_eq!(diagnose_in(&env, &print, b"").status, 1, "there is nothing any more");
    let broken = folder.write("home/.config/diagnose/catalog.d/30-broken.toml", "colour = 1\n");
    let run = diagnose_in(&[("HOME", &home)], &print, b"");
    let (lines, last) = faults(&run);
    assert!(lines.len() == 1 && lines[0].starts_with(&format!("{broken}:1: ")), "{}", run.stderr);
    assert!(last.ends_with(&format!("run: diagnose --check-catalog {broken}")), "{last}");
    // What is asked of no catalog needs none.
    for args in [["--version"], ["--help"]] {
        assert_eq!(diagnose_in(&[("HOME", &home)], &args, b"").status, 0);
    }
}

#[test]
fn an_entry_says_where_it_comes_from() {
    let folder = Folder::new();
    let text = format!(
        "disable = [\"prompt-too-long\"]\n{}{}",
        entry("nap", "the gateway takes a nap", ""),
        entry("overloaded", "all is full", "replace = true")
    );
    let one = folder.write("one.toml", text);
    let two = folder.write("two.toml", entry("nap", "the gateway is asleep", "replace = true"));
    let both: &[&str] = &[&one, &two];
    let list = with(both, &["--list"]).stdout;
    assert!(
        list.lines()
            .any(|line| line.starts_with("server   nap ") && line.ends_with(&format!("({two})"))),
        "{list}"
    );
    assert!(
        !list.contains("prompt-too-long ")
            && list.lines().filter(|line| line.ends_with(".toml)")).count() == 2,
        "{list}"
    );
    let explain = |id: &str| with(both, &["--explain", id]).stdout;
    assert!(
        explain("nap").ends_with(&format!("from    {two}:1, replaces the one of {one}:2\n")),
        "{}",
        explain("nap")
    );
    assert!(
        explain("overloaded")
            .ends_with(&format!("from    {one}:12, replaces the one that is built in\n")),
        "{}",
        explain("overloaded")
    );
    assert!(explain("rate-limited").ends_with("from    built in\n"));
    let gone = with(both, &["--explain", "prompt-too-long"]);
    assert!(
        gone.status == 2 && gone.stderr.contains(&format!("disabled by {one}:1")),
        "{}",
        gone.stderr
    );
    let json = |args: &[&str]| {
        with(both, args)
            .stdout
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect::<Vec<Value>>()
    };
    let built_in = serde_json::json!({"built_in": true, "file": null, "line": null});
    let replaced = &json(&["--explain", "overloaded", "--format", "json"])[0];
    assert_eq!(
        (&replaced["origin"], &replaced["replaces"]),
        (&serde_json::json!({"built_in": false, "file": one, "line": 12}), &built_in)
    );
    assert_eq!(
        json(&["--explain", "rate-limited", "--format", "json"])[0]["replaces"],
        Value::Null
    );
    let list = json(&["--list", "--format", "json"]);
    assert_eq!(list.iter().filter(|entry| entry["origin"] != built_in).count(), 2);
    let markdown = with(both, &["--list", "--format", "markdown"]).stdout;
    assert!(
        markdown.lines().any(|line| line.starts_with("| `nap` |") && line.contains("two.toml")),
        "{markdown}"
    );
    assert!(with(both, &["--explain", "nap", "--format", "markdown"]).stdout.contains("\nFrom: "));
}

#[test]
fn the_catalog_that_the_documentation_shows_works() {
    let text = read("docs/catalogs.md");
    let (_, after) = text.split_once("```toml\n").expect("it shows a catalog");
    let (block, _) = after.split_once("```").expect("which ends");
    let folder = Folder::new();
    let xdg = folder.0.display().to_string();
    folder.write("diagnose/catalog.d/ours.toml", block);
    let env = [("XDG_CONFIG_HOME", xdg.as_str())];
    for (message, id) in [
        (
            "API Error: 429 gateway: team a has spent its budget until 9am (UTC)",
            "team-budget-spent",
        ),
        ("API Error: 407", "proxy-auth"),
    ] {
        assert_eq!(diagnose_in(&env, &["--print", "id", message], b"").stdout.trim(), id);
    }
    assert!(
        diagnose_in(&env, &["--explain", "proxy-auth"], b"").stdout.contains("office-proxy login")
    );
    assert!(
        diagnose_in(&env, &["--explain", "approaching-limit"], b"").stderr.contains("ours.toml:1")
    );
}
