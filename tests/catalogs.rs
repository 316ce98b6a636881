//! Catalogs of users on the command line: layers, faults, limits, and where an entry comes from.

mod support;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::{Folder, Run, diagnose, diagnose_in, root};

/// A sound entry with an id, a message and more lines.
fn entry(id: &str, message: &str, more: &str) -> String {
    format!(
        "[[error]]\nid = \"{id}\"\nsection = \"server\"\ntitle = \"{id} it is\"\nmessages = [\"{message}\"]\naction = \"inspect\"\ncause = \"c\"\nsteps = [\"s\"]\n\
         examples = [\"API Error: {message}\"]\n{more}\n"
    )
}

fn with<'a>(catalogs: &[&'a str], args: &[&'a str]) -> Run {
    let catalogs = catalogs.iter().flat_map(|file| ["--catalog", file]);
    diagnose(&catalogs.chain(args.iter().copied()).collect::<Vec<_>>(), b"")
}

fn id(run: &Run) -> &str {
    assert_eq!(run.stderr, "");
    run.stdout.trim()
}

/// The faults that are listed, and the last line, which says what to do.
fn faults(run: &Run) -> (Vec<&str>, &str) {
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    let mut lines: Vec<&str> = run.stderr.lines().collect();
    let last = lines.pop().unwrap_or_default();
    assert!(last.starts_with("diagnose: "), "{last}");
    (lines, last)
}

#[test]
fn layers_add_replace_and_silence() {
    let folder = Folder::new("layers");
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
    let folder = Folder::new("places");
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
    let folder = Folder::new("xdg");
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
fn ten_faults_are_ten_lines() {
    let folder = Folder::new("ten");
    let text = "\
disable = [\"overlaoded\"]
colour = \"red\"
[[error]]
id = \"Bad Id\"
section = \"severs\"
title = \"A title.\"
messages = [\"<model>\"]
regex = [\"(a{1000}){1000}\"]
action = \"pray\"
cause = \"c \\u001b[31m\"
steps = [\"s\"]
[[error]]
id = \"overloaded\"
section = \"server\"
title = \"Taken\"
messages = [\"the gateway takes a nap\"]
action = \"retry\"
cause = \"{nobody} knows\"
steps = [\"s\", ]
links = [
scope = \"claude\"
";
    let file = folder.write("ten.toml", text);
    let expected = [
        (1, "did you mean `overloaded`?"),
        (2, "unknown key `colour`"),
        (4, "kebab-case"),
        (5, "`section` is `severs`"),
        (6, "no full stop"),
        (7, "has no literal text"),
        (8, "is too large"),
        (9, "`action` is `pray`"),
        (10, "U+001B"),
        (13, "already taken"),
        (18, "`{nobody}` is captured by no message"),
        (21, "not TOML"),
    ];
    for run in [
        with(&[&file], &["x"]),
        with(&[&file], &["--list"]),
        diagnose(&["--check-catalog", &file], b""),
    ] {
        let (lines, last) = faults(&run);
        for (line, what) in expected {
            let found = lines
                .iter()
                .filter(|fault| {
                    fault.starts_with(&format!("{file}:{line}: ")) && fault.contains(what)
                })
                .count();
            assert_eq!(found, 1, "{line}: {what}\n{}", run.stderr);
        }
        assert_eq!(lines.len(), expected.len(), "{}", run.stderr);
        assert!(
            last.contains("12 faults")
                && last.ends_with(&format!("diagnose --check-catalog {file}")),
            "{last}"
        );
    }
    let other = folder.write("other.toml", "disable = 3\n");
    let run = with(&[&file, &other], &["x"]);
    let (lines, last) = faults(&run);
    assert!(
        lines.last().is_some_and(|fault| fault.starts_with(&format!("{other}:1: ")))
            && last.contains("13 faults"),
        "{}",
        run.stderr
    );
}

#[test]
fn hostile_catalogs_are_refused_at_once() {
    let folder = Folder::new("hostile");
    let many: String = (0..10_000)
        .map(|n| {
            entry(&format!("e-{n}"), &format!("this is message {n}"), "").replace("API Error: ", "")
        })
        .collect();
    let few: String = many.split_inclusive("\n\n").take(5001).collect();
    let regex = |source: &str| entry("x", "a message", &format!("regex = ['{source}']"));
    let holes = (0..7).map(|n| format!("word{n} <n> ")).collect::<Vec<_>>().concat();
    for (name, text, what) in [
        ("large", "x".repeat(2 << 20), ":1: is larger than 1024 KiB"),
        ("entries", few, "more than 5000 rules"),
        (
            "message",
            entry("x", &"word ".repeat(100_000), ""),
            ":5: error `x`: `messages` has 499999 bytes; it may have 2000",
        ),
        ("holes", entry("x", &holes, ""), "varies in more than 6 places"),
        ("bomb", regex("(a{1000}){1000}"), "is too large"),
        ("open", regex("(((((x{99}){99}){99}){99}){99})"), "is too large"),
        ("nested", format!("a = {}", "[".repeat(100_000)), ":1: not TOML"),
        ("dotted", format!("a{} = 1", ".a".repeat(100_000)), ":1: not TOML"),
        ("blocks", "[[error]]\n".repeat(100_000), "more than 100 faults"),
        ("nul", "a = \"\0\"".into(), ":1: not TOML"),
        ("commands", entry("x", "a message", "links = ['::error::x']"), "command to GitHub"),
        ("hidden", entry("x", "a message", "links = ['a\u{202e}b']"), "U+202E"),
        (
            "empty",
            entry("x", "a message", "")
                .replace("messages = [\"a message\"]", "api = [{ type = '---' }]"),
            "which must have three letters",
        ),
    ] {
        let file = folder.write(&format!("{name}.toml"), text);
        let start = Instant::now();
        let run = with(&[&file], &["API Error: 529 Overloaded"]);
        let (lines, _) = faults(&run);
        let wanted: Vec<_> = lines.iter().filter(|fault| fault.contains(what)).collect();
        assert!(
            wanted.len() == 1 && lines.len() <= 130 && wanted[0].starts_with(&file),
            "{name}: {}",
            &run.stderr[..run.stderr.len().min(500)]
        );
        assert!(start.elapsed() < Duration::from_secs(20), "{name} took {:?}", start.elapsed());
        assert!(run.stderr.len() < 100_000 && !run.stderr.contains(['\u{1b}', '\u{202e}', '\0']));
    }
    let file = folder.write("bytes.toml", b"a = 1\nb = \"\xff\"\n");
    assert!(faults(&with(&[&file], &["x"])).0[0].ends_with("bytes.toml:2: is not UTF-8"));
}

#[test]
fn what_is_no_file_is_not_waited_for() {
    let folder = Folder::new("files");
    let path = folder.0.display().to_string();
    let missing = folder.0.join("missing.toml").display().to_string();
    let mut cases = vec![(path, "it is a directory"), (missing, "No such file")];
    if cfg!(unix) {
        let pipe = folder.0.join("pipe.toml").display().to_string();
        assert!(
            std::process::Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .expect("mkfifo is there")
                .success()
        );
        cases.extend([
            (pipe, "it is not a regular file"),
            ("/dev/zero".into(), "it is not a regular file"),
        ]);
    }
    for (path, why) in cases {
        let run = with(&[&path], &["x"]);
        assert_eq!((run.status, run.stderr.lines().count()), (2, 1), "{}", run.stderr);
        assert!(
            run.stderr.contains(&format!("cannot read the catalog {path}: {why}")),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn an_entry_says_where_it_comes_from() {
    let folder = Folder::new("origin");
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
fn names_of_files_pass_the_gate() {
    let folder = Folder::new("gate");
    let file =
        folder.write("a\u{1b}[31m\u{202e}b.toml", entry("nap", "the gateway takes a nap", ""));
    let broken = folder.write("c\u{1b}[31m.toml", "x\u{1b}[31m = 1");
    for run in [
        with(&[&file], &["--list"]),
        with(&[&file], &["--explain", "nap"]),
        with(&[&broken], &["x"]),
        with(&["no\u{1b}[31m"], &["x"]),
    ] {
        assert!(!(run.stdout + &run.stderr).contains(['\u{1b}', '\u{202e}']));
    }
}

#[test]
fn the_linter_holds_catalogs_of_users_against_all_layers() {
    let folder = Folder::new("lint");
    let sound = folder.write("sound.toml", entry("nap", "the gateway takes a nap", ""));
    assert_eq!(diagnose(&["--check-catalog", &sound], b"").stdout, "1 error, no fault\n");
    // What another layer wins, wherever that one comes from.
    let same = folder.write("same.toml", entry("rest", "the gateway takes a nap and a rest", ""));
    let run = diagnose(&["--catalog", &same, "--check-catalog", &sound, &same], b"");
    assert_eq!(run.stdout, "2 errors, no fault\n", "{}", run.stderr);
    let thief = folder.write(
        "thief.toml",
        entry("thief", "prompt is too long: <n> tokens > 200000 maximum", "")
            .replace("API Error: prompt is too long: <n>", "prompt is too long: 7"),
    );
    let bare = folder.write(
        "bare.toml",
        entry("bare", "the gateway takes a bath", "")
            .replace("examples = [\"API Error: ", "rejects = [{ is = \"none\", text = \"no ")
            .replace("\"]\n\n", "\" }]\n\n"),
    );
    let (thief, bare) =
        (diagnose(&["--check-catalog", &thief], b""), diagnose(&["--check-catalog", &bare], b""));
    assert!(
        faults(&thief).0.iter().all(|fault| fault
            .contains("thief.toml:1: error `thief`: takes an example from `prompt-too-long`")),
        "{}",
        thief.stderr
    );
    assert!(
        faults(&bare)
            .0
            .iter()
            .any(|fault| fault.contains("bare.toml:1: error `bare`: `examples` is missing")),
        "{}",
        bare.stderr
    );
    let replace = folder.write(
        "replace.toml",
        format!(
            "disable = [\"prompt-too-long\"]\n{}",
            entry("nap", "the gateway dreams", "replace = true")
        ),
    );
    assert_eq!(
        diagnose(&["--catalog", &sound, "--check-catalog", &replace], b"").stdout,
        "1 error, no fault\n"
    );
    assert_eq!(
        diagnose(&["--check-catalog", &replace], b"").status,
        2,
        "nothing is there to be replaced"
    );
    // A file of the user's folder is checked where it is.
    let xdg =
        folder.write("xdg/diagnose/catalog.d/mine.toml", entry("mine", "the gateway is mine", ""));
    let env = [("XDG_CONFIG_HOME", Path::new(&folder.0).join("xdg").display().to_string())];
    let env: Vec<(&str, &str)> = env.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(diagnose_in(&env, &["--check-catalog", &xdg], b"").stdout, "1 error, no fault\n");
}

#[test]
fn what_has_too_many_anchors_is_a_fault() {
    let folder = Folder::new("anchors");
    let messages: Vec<String> = (0_u16..400)
        .map(|n| (char::from(b'a' + (n / 26) as u8), char::from(b'a' + (n % 26) as u8)))
        .map(|(one, two)| format!("\"{one}{two}dog\""))
        .collect();
    let file = folder.write(
        "short.toml",
        entry("x", "placeholder", "")
            .replace("[\"placeholder\"]", &format!("[{}]", messages.join(", "))),
    );
    let run = with(&[&file], &["x"]);
    let (lines, _) = faults(&run);
    assert!(
        lines[0]
            .contains("more than 30000 alternatives and short messages in all catalogs together"),
        "{}",
        run.stderr
    );
}

#[test]
fn everything_within_the_limits_compiles() {
    let odd =
        (33..127).step_by(2).map(|byte| format!("\\x{byte:02x}")).collect::<Vec<_>>().concat();
    for source in [
        "abcdef(?:x?y?){1000}".to_owned(),
        "a.{2900}".into(),
        "abcdef(?:[^q].?){1000}".into(),
        format!("abcdef[{odd}]{{450}}"),
        "(?:(a)|(b)){599}".into(),
    ] {
        assert_eq!(diagnose::internals::check_regex(&source), Ok(()), "{source}");
    }
    // Messages are compiled when they are first met; one that could not be would end the program.
    let folder = Folder::new("compiles");
    for hole in ["<url>", "<host>", "<resets>", "<id>", "<duration>", "..."] {
        let message: String =
            (0..6).map(|n| format!("abcdef{n} {hole} ")).chain(["end".to_owned()]).collect();
        let file = folder.write("holes.toml", entry("x", &message, ""));
        let run = with(&[&file], &["API Error: abcdef0 1 abcdef1 2 abcdef2"]);
        assert!(run.status < 2, "{hole}: {}", run.stderr);
    }
}

#[test]
fn the_catalog_that_the_readme_shows_works() {
    let text = fs::read_to_string(root().join("README.md")).expect("it is there");
    let (_, after) = text.split_once("```toml\n").expect("it shows a catalog");
    let (block, _) = after.split_once("```").expect("which ends");
    let folder = Folder::new("readme");
    let xdg = folder.0.display().to_string();
    let file = folder.write("diagnose/catalog.d/ours.toml", block);
    let env = [("XDG_CONFIG_HOME", xdg.as_str())];
    assert_eq!(diagnose_in(&env, &["--check-catalog", &file], b"").stdout, "2 errors, no fault\n");
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
