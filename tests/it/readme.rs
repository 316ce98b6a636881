//! Every example of README.md, of `docs/` and of the help is run, and prints what is written there.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::golden::Golden;
use crate::support::{read, root};

/// README.md and the files of `docs/`.
fn documents() -> Vec<String> {
    let mut files: Vec<String> = fs::read_dir(root().join("docs"))
        .expect("docs is there")
        .map(|file| format!("docs/{}", file.expect("a file").file_name().to_string_lossy()))
        .filter(|file| Path::new(file).extension().is_some_and(|extension| extension == "md"))
        .collect();
    files.push("README.md".into());
    files.sort();
    files
}

/// Runs a command line as a reader would, with the binary on the path, and a `claude` whose login has
/// expired; standard output and error as they come.
fn shell(line: &str) -> String {
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_diagnose"));
    let path = format!(
        "{}:{}:{}",
        binary.parent().expect("a folder").display(),
        root().join("tests/readme/bin").display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let output = Command::new("sh")
        .arg("-c")
        .arg(format!("{{ {line}\n}} 2>&1"))
        .env("PATH", path)
        .env("COLUMNS", "80")
        // A reader without catalogs of their own.
        .env("XDG_CONFIG_HOME", root().join("tests/readme"))
        .current_dir(root())
        .output()
        .expect("sh is there");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What is between the fences of a language: the text of a document in turn outside and inside.
fn fenced<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let mut rest = text;
    let open = format!("```{language}\n");
    while let Some((before, after)) = rest.split_once(&open) {
        let (block, after) = after.split_once("```").expect("a fence that ends");
        parts.extend([before, block]);
        rest = after;
    }
    parts.push(rest);
    parts
}

/// A console block as its commands print it now. A command begins with `$ ` at the start of a line; a
/// page has prompts of its own, set in.
fn run(block: &str) -> (String, usize) {
    let commands = block.lines().filter_map(|line| line.strip_prefix("$ "));
    let shown = commands.clone().map(|command| {
        let printed = shell(command);
        let printed = printed.trim_end();
        format!("$ {command}\n{printed}{}", if printed.is_empty() { "" } else { "\n" })
    });
    (shown.collect(), commands.count())
}

#[test]
fn the_examples_print_what_the_documents_say() {
    let mut golden = Golden::default();
    let mut checked = 0;
    for file in documents() {
        let text = read(&file);
        let mut now = String::new();
        for (n, part) in fenced(&text, "console").into_iter().enumerate() {
            if n % 2 == 0 {
                now += part;
                continue;
            }
            let (shown, commands) = run(part);
            now.extend(["```console\n", &shown, "```"]);
            checked += commands;
        }
        golden.compare(&format!("../{file}"), &now);
    }
    golden.finish();
    assert!(checked >= 15, "only {checked} examples");
}

#[test]
fn the_readme_is_short() {
    let text = read("README.md");
    assert!(text.lines().count() < 150, "{} lines", text.lines().count());
    let first = text.lines().find(|line| line.starts_with("```"));
    assert_eq!(first, Some("```console"), "it opens with what is printed");
}

#[test]
fn links_lead_somewhere() {
    let link = regex::Regex::new(r"\]\(([^)]+)\)").expect("a pattern");
    let slug = |heading: &str| -> String {
        let kept = heading.to_lowercase();
        let kept = kept.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    for file in documents().into_iter().chain(["CONTRIBUTING.md".into()]) {
        let folder = root().join(&file).parent().expect("a folder").to_owned();
        // What is in code is no link.
        let text = read(&file);
        let prose: String = text.split("```").step_by(2).collect();
        for found in link.captures_iter(&prose) {
            let target = &found[1];
            if target.starts_with("https://") {
                continue;
            }
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let path = if path.is_empty() { root().join(&file) } else { folder.join(path) };
            assert!(path.exists(), "{file}: {target}");
            if !anchor.is_empty() {
                let text = fs::read_to_string(&path).expect("a text");
                let mut headings = text.lines().filter(|line| line.starts_with('#'));
                let there =
                    headings.any(|line| slug(line.trim_start_matches('#').trim()) == anchor);
                assert!(there, "{file}: {target}");
            }
        }
    }
}

#[test]
fn the_catalog_that_is_shown_is_the_one_that_its_examples_use() {
    let text = read("docs/catalogs.md");
    assert_eq!(fenced(&text, "toml")[1], read("tests/readme/ours.toml"));
}

#[test]
fn the_example_of_the_library_is_one_that_its_documentation_runs() {
    let text = read("docs/library.md");
    let documented: String = read("src/lib.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("//!"))
        .flat_map(|line| [line.strip_prefix(' ').unwrap_or(line), "\n"])
        .collect();
    assert!(documented.contains(&format!("```\n{}```", fenced(&text, "rust")[1])));
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
            .replace("logs/ run.log.gz artifacts.zip", "tests/readme")
            .replace("build.log", "tests/readme/build.log")
            .replace("ours.toml", "tests/readme/ours.toml");
        let output = shell(&format!("{line}; echo status $?"));
        assert!(output.ends_with("status 0\n"), "{example}: {output}");
    }
}
