//! What `--completions` and `--man` write: complete, and sound in the eyes of those who read it.

use std::process::{Command, Stdio};

use crate::support::{diagnose, feed, has};

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

fn printed(args: &[&str]) -> String {
    let run = diagnose(args, b"");
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{args:?}");
    run.stdout
}

/// The long options that the help names, without their dashes.
fn options() -> Vec<String> {
    let help = printed(&["--help"]);
    let long = regex::Regex::new(r"(?m)^ +(?:-\w, )?--([a-z-]+)").expect("a pattern");
    let options: Vec<String> = long.captures_iter(&help).map(|found| found[1].to_owned()).collect();
    assert!(
        options.len() >= 20
            && options.contains(&"file".into())
            && options.contains(&"min-confidence".into()),
        "{options:?}"
    );
    options
}

/// What a program says of a text on its standard error; `None` if there is no such program here.
fn read_by(program: &str, args: &[&str], text: &str) -> Option<String> {
    if !has(program) {
        return None;
    }
    let child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let output = feed(child, text.as_bytes());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(if output.status.success() { said } else { format!("{said}{}", output.status) })
}

#[test]
fn every_option_and_every_closed_list_is_completed() {
    let options = options();
    for shell in SHELLS {
        let script = printed(&["--completions", shell]);
        for option in &options {
            let form =
                if shell == "fish" { format!("-l {option} ") } else { format!("--{option}") };
            assert!(script.contains(&form), "{shell}: {form}");
        }
        // PowerShell and Elvish complete what stands after a dash, and no values; that is as far as
        // their generators go.
        if !["elvish", "powershell"].contains(&shell) {
            for value in ["rdjson", "always", "medium", "fish", "network", "retryable"] {
                assert!(script.contains(value), "{shell}: {value}");
            }
        }
    }
}

#[test]
fn completions_parse() {
    for (shell, args) in [("bash", &["-n"][..]), ("zsh", &["-n"]), ("fish", &["-n"])] {
        if let Some(said) = read_by(shell, args, &printed(&["--completions", shell])) {
            assert_eq!(said, "", "{shell}");
        }
    }
}

#[test]
fn bash_completes() {
    let script = printed(&["--completions", "bash"]);
    let offers = |words: &str, last: &str, before: &str| {
        let text = format!(
            "{script}\nCOMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _diagnose diagnose '{last}' {before}; echo \"${{COMPREPLY[*]}}\" >&2"
        );
        // `compopt` speaks to the line editor, and there is none here.
        read_by("bash", &["--norc"], &text.replace("compopt", ":"))
    };
    let Some(values) = offers("diagnose --format ''", "", "--format") else { return };
    assert_eq!(
        values,
        "human json jsonl github markdown sarif junit rdjson line summary summary-json\n"
    );
    assert_eq!(offers("diagnose --is s", "s", "--is").as_deref(), Some("server\n"));
    assert_eq!(
        offers("diagnose --min-confidence ''", "", "--min-confidence").as_deref(),
        Some("low medium high\n")
    );
    assert_eq!(
        offers("diagnose --min", "--min", "diagnose").as_deref(),
        Some("--min-confidence\n")
    );
}

#[test]
fn the_manual_page_says_what_the_help_says() {
    let page = printed(&["--man"]);
    assert!(page.starts_with(".TH DIAGNOSE 1 \"\" \"diagnose "), "{page}");
    let sections: Vec<&str> = page
        .lines()
        .filter_map(|line| Some(line.strip_prefix(".SH ")?.trim_matches('"')))
        .collect();
    assert_eq!(
        sections,
        [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "INPUT",
            "OUTPUT",
            "ANSWERS FOR SCRIPTS",
            "RUN",
            "CATALOG",
            "ABOUT DIAGNOSE",
            "ENVIRONMENT",
            "EXAMPLES",
            "EXIT STATUS"
        ]
    );
    for option in options() {
        let form = format!("\\fB\\-\\-{}\\fR", option.replace('-', "\\-"));
        assert!(page.contains(&form), "{form}");
    }
    let help = printed(&["--help"]);
    let examples: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Examples:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .collect();
    assert!(examples.len() >= 4, "{help}");
    for example in examples {
        let line = example.trim().replace('-', "\\-").replace('\'', "\\(aq");
        assert!(page.lines().any(|have| have == line), "{line}");
    }
    // Whatever begins with a dot is a request; one that no reader knows would be swallowed.
    let known = ["TH", "SH", "PP", "TP", "IP", "RS", "RE", "B", "nf", "fi", "sp", "br", "ie", "el"];
    for line in page.lines().filter_map(|line| line.strip_prefix('.')) {
        assert!(known.contains(&line.split(' ').next().unwrap_or_default()), ".{line}");
    }
}

#[test]
fn the_help_has_headings_and_its_short_form_fits_a_screen() {
    let help = printed(&["--help"]);
    let headings = ["Input:", "Output:", "Answers for scripts:", "Run:", "Catalog:"];
    let places: Vec<Option<usize>> =
        headings.iter().map(|heading| help.lines().position(|line| line == *heading)).collect();
    assert!(places[0].is_some() && places.is_sorted(), "{places:?}");
    assert!(!help.lines().any(|line| line == "Options:"), "each option has a heading");
    let short = printed(&["-h"]);
    // Of 24 lines the prompt needs one.
    assert!(short.lines().count() < 24, "{short}");
    let widest = short.lines().map(str::len).max().unwrap_or_default();
    assert!(widest <= 80, "{short}");
    let wrapped = short.lines().filter(|line| line.starts_with("          ")).count();
    assert_eq!(wrapped, 0, "a line for each option: {short}");
    for option in ["--file", "--format", "--is", "--run", "--explain", "--help"] {
        assert!(short.contains(option), "{option}");
    }
}

#[test]
fn the_manual_page_renders_without_warnings() {
    let page = printed(&["--man"]);
    for (program, args) in [
        ("groff", &["-man", "-ww", "-Tutf8"][..]),
        ("mandoc", &["-man", "-W", "warning", "-T", "utf8"]),
    ] {
        let Some(said) = read_by(program, args, &page) else { continue };
        // A page that is the same on every day has no date. Where mandoc warns, it says so again at
        // the end, and ends with 2.
        let expected = ["missing date", "see above the output", "exit status: 2"];
        let warnings: Vec<&str> =
            said.lines().filter(|line| !expected.iter().any(|part| line.contains(part))).collect();
        assert!(warnings.is_empty(), "{program}: {warnings:?}");
    }
}

#[test]
fn they_stand_alone() {
    for args in [
        &["--man", "--list"][..],
        &["--completions", "zsh", "-f", "x"],
        &["--completions", "tcsh"],
        &["--completions"],
    ] {
        let run = diagnose(args, b"");
        assert_eq!(
            (run.status, run.stdout.as_str(), run.stderr.lines().count()),
            (2, "", 1),
            "{args:?}: {}",
            run.stderr
        );
    }
}
