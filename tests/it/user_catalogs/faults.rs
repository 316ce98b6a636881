//! Faults of catalogs: all at once, each with its file and line.

use super::{entry, faults, with};
use crate::support::{Folder, diagnose, diagnose_in};

#[test]
fn ten_faults_are_ten_lines() {
    let folder = Folder::new();
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
fn what_is_no_file_is_not_waited_for() {
    let folder = Folder::new();
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
fn names_of_files_pass_the_gate() {
    let folder = Folder::new();
    let file =
        folder.write("a\u{1b}[31m\u{202e}b.toml", entry("nap", "the gateway takes a nap", ""));
    let broken = folder.write("c\u{1b}[31m.toml", "x\u{1b}[31m = 1");
    for (run, name) in [
        (with(&[&file], &["--list"]), "ab.toml"),
        (with(&[&file], &["--explain", "nap"]), "ab.toml"),
        (with(&[&broken], &["x"]), "c.toml"),
        (with(&["no\u{1b}[31m"], &["x"]), "catalog no: "),
    ] {
        let said = run.stdout + &run.stderr;
        assert!(said.contains(name) && !said.contains(['\u{1b}', '\u{202e}']), "{name}: {said}");
    }
}

/// A run of the linter tries every example of every layer, which takes seconds: what can share a run
/// does.
#[test]
fn the_linter_holds_catalogs_of_users_against_all_layers() {
    let folder = Folder::new();
    let sound = folder.write("sound.toml", entry("nap", "the gateway takes a nap", ""));
    // What another layer wins, wherever that one comes from; a file of the user's folder, too, which
    // is checked where it is.
    let same = folder.write("same.toml", entry("rest", "the gateway takes a nap and a rest", ""));
    let mine =
        folder.write("xdg/diagnose/catalog.d/mine.toml", entry("mine", "the gateway is mine", ""));
    let xdg = folder.0.join("xdg").display().to_string();
    let run = diagnose_in(
        &[("XDG_CONFIG_HOME", &xdg)],
        &["--catalog", &same, "--check-catalog", &sound, &same, &mine],
        b"",
    );
    assert_eq!(run.stdout, "3 errors, no fault\n", "{}", run.stderr);
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
    let run = diagnose(&["--check-catalog", &thief, &bare], b"");
    let (lines, _) = faults(&run);
    let (of_bare, of_thief): (Vec<&str>, Vec<&str>) =
        lines.iter().partition(|fault| fault.starts_with(&bare));
    assert!(
        !of_thief.is_empty()
            && of_thief.iter().all(|fault| fault
                .contains("thief.toml:1: error `thief`: takes an example from `prompt-too-long`")),
        "{}",
        run.stderr
    );
    assert!(
        of_bare.iter().any(|fault| fault.contains(":1: error `bare`: `examples` is missing")),
        "{}",
        run.stderr
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
}
