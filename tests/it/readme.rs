//! Every example of the README and of the help is run, and prints what the README says.

use std::process::Command;

use crate::support::{read, root};

/// Runs a command line as a reader would, with the binary on the path; standard output and error as
/// they come.
fn shell(line: &str) -> String {
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_diagnose"));
    let path = format!(
        "{}:{}",
        binary.parent().expect("a folder").display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let output = Command::new("sh")
        .arg("-c")
        .arg(format!("{line} 2>&1"))
        .env("PATH", path)
        .env("COLUMNS", "80")
        // A reader without catalogs of their own.
        .env("XDG_CONFIG_HOME", root().join("tests/readme"))
        .current_dir(root())
        .output()
        .expect("sh is there");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_examples_of_the_readme_print_what_it_says() {
    let text = read("README.md");
    let mut checked = 0;
    for block in text.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        // A page has prompts of its own, set in.
        let block = format!("\n{block}");
        for example in block.split("\n$ ").filter(|example| !example.trim().is_empty()) {
            let (command, expected) = example.split_once('\n').unwrap_or((example, ""));
            assert_eq!(shell(command).trim_end(), expected.trim_end(), "$ {command}");
            checked += 1;
        }
    }
    assert!(checked >= 8, "only {checked} examples");
}

#[test]
fn the_catalog_of_the_readme_is_the_one_that_its_examples_use() {
    let text = read("README.md");
    let (_, after) = text.split_once("```toml\n").expect("it shows a catalog");
    let (block, _) = after.split_once("```").expect("which ends");
    assert_eq!(block, read("tests/readme/ours.toml"));
}

#[test]
fn the_examples_of_the_help_are_valid() {
    let help = shell("diagnose --help");
    let examples: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Examples:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .map(str::trim)
        .collect();
    assert!(examples.len() >= 4, "{help}");
    for example in examples {
        // The programs that the examples pipe from are stood in for; the options are what is
        // tested.
        let line = example
            .replace("claude -p 'fix the tests' 2>&1", "echo 'API Error: 529 Overloaded'")
            .replace("claude -p 'fix the tests'", "true")
            .replace("build.log", "tests/readme/build.log")
            .replace("ours.toml", "tests/readme/ours.toml");
        let output = shell(&format!("{line}; echo status $?"));
        assert!(output.ends_with("status 0\n"), "{example}: {output}");
    }
}
