//! The recipes of `integrations/`, as far as they need neither Java nor a shipper: the fields that they name are those of
//! a row, their scripts are scripts, and what Vector runs prints a row. `integrations/fleet.sh` runs all of them.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::{env, fs};

use serde_json::Value;

use crate::support::runner::yaml;
use crate::support::{Folder, diagnose, fed, has, read, root, skip};

const OVERLOADED: &str =
    r#"API Error: 529 {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#;
const LIMIT: &str = "You've hit your session limit · resets 3pm (Europe/Berlin)";

/// A row as scripts get it.
fn row() -> Value {
    let run = diagnose(&["--format", "jsonl", LIMIT], b"");
    serde_json::from_str(run.stdout.trim_end())
        .unwrap_or_else(|error| panic!("{error}: {}", run.stdout))
}

/// Whether a row has a field, which may be one of a field: `retry.policy`.
fn has_field(row: &Value, path: &str) -> bool {
    row.pointer(&format!("/{}", path.replace('.', "/"))).is_some()
}

/// The texts between a beginning and what ends them.
fn between<'a>(text: &'a str, begin: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(begin).skip(1).map(move |rest| rest.split(end).next().unwrap_or(rest))
}

/// Files of a folder below `integrations`, which must hold some.
fn files(folder: &str, extension: &str) -> Vec<String> {
    let mut files: Vec<String> = fs::read_dir(root().join("integrations").join(folder))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|it| it == extension))
        .map(|path| path.display().to_string())
        .collect();
    assert!(!files.is_empty(), "{folder} has no .{extension}");
    files.sort();
    files
}

#[test]
fn the_columns_of_duckdb_are_fields_of_a_row() {
    let (sql, row) = (read("integrations/duckdb/rows.sql"), row());
    let columns = between(&sql, "columns = {", "\n});").next().expect("columns");
    let mut named: BTreeSet<String> = BTreeSet::new();
    for (name, rest) in columns.split(',').filter_map(|column| column.split_once(':')) {
        let name = name.trim();
        named.insert(name.to_owned());
        // The first field of a structure stands behind its opening.
        if let Some((_, first)) = rest.split_once("STRUCT(") {
            named.insert(format!("{name}.{}", first.split(' ').next().expect("a name")));
        }
    }
    let inner = between(columns, "retry: 'STRUCT(", ")'").next().expect("retry");
    named.extend(
        inner
            .split(", ")
            .map(|field| format!("retry.{}", field.split(' ').next().expect("a name"))),
    );
    assert!(
        named.contains("source")
            && named.contains("retry.policy")
            && named.contains("location.line"),
        "{named:?}"
    );
    let missing: Vec<_> = named.iter().filter(|name| !has_field(&row, name)).collect();
    assert!(missing.is_empty(), "{missing:?} is no field of {row}");
}

#[test]
fn every_query_of_duckdb_names_only_columns_that_are_read() {
    let rows = read("integrations/duckdb/rows.sql");
    for file in files("duckdb", "sql") {
        let sql = fs::read_to_string(&file).expect("a file");
        for field in
            between(&sql, "retry.", " ").map(|field| field.trim_end_matches([',', ')', '\n']))
        {
            assert!(
                rows.contains(&format!("{field} VARCHAR"))
                    || rows.contains(&format!("{field} TIMESTAMPTZ")),
                "{file}: retry.{field}"
            );
        }
    }
}

#[test]
fn what_spark_and_vector_take_from_a_row_is_there() {
    let row = row();
    let spark = read("integrations/spark/diagnose_logs.py");
    let mut taken: Vec<String> = between(&spark, "fields[\"", "\"]").map(str::to_owned).collect();
    taken.extend(between(&spark, "retry[\"", "\"]").map(|field| format!("retry.{field}")));
    assert!(taken.len() > 9, "{taken:?}");
    let document = yaml(&read("integrations/vector/vector.yaml"));
    let remap = document["transforms"]["what_to_do"]["source"].as_str().expect("a program");
    let before = taken.len();
    taken.extend(
        between(remap, ": .", ",")
            .map(|field| field.split(['\n', ' ']).next().expect("a field").to_owned()),
    );
    assert!(taken.len() > before + 7, "{taken:?}");
    for field in taken {
        assert!(has_field(&row, &field), "{field} is no field of {row}");
    }
}

#[test]
fn the_scripts_are_scripts() {
    if !has("bash") {
        return;
    }
    for file in files("", "sh") {
        let output = Command::new("bash").arg("-n").arg(&file).output().expect("bash starts");
        assert!(output.status.success(), "{file}: {output:?}");
    }
}

/// A folder with three logs of a job: one that is overloaded, one that waits, one that ran well since.
fn fleet() -> (Folder, Vec<String>) {
    let folder = Folder::new();
    let log = |name: &str, text: &str| format!("--file={}", folder.write(name, text));
    let files = vec![
        log("logs/web/nightly/2026-11-20/1.log", &format!("{OVERLOADED}\n")),
        log("logs/web/review/2026-11-20/2.log", &format!("{LIMIT}\n")),
        log("logs/web/review/2026-11-21/3.log", "done\n"),
        log("logs/docs/review/2026-11-21/4.log", &format!("{LIMIT}\n")),
    ];
    (folder, files)
}

#[test]
fn duckdb_tells_which_jobs_to_repeat() {
    let python = env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let found = Command::new(&python).args(["-c", "import duckdb"]).output();
    if !found.is_ok_and(|output| output.status.success()) {
        return skip("no duckdb for Python");
    }
    let (folder, files) = fleet();
    let mut args = vec!["--format", "jsonl", "--now", "2026-11-21T12:00:00Z"];
    args.extend(files.iter().map(String::as_str));
    let rows = folder.write("rows.jsonl", diagnose(&args, b"").stdout);
    let run = |query: &str| {
        let mut command = Command::new(&python);
        command
            .arg("integrations/duckdb/run.py")
            .arg(format!("rows={rows}"))
            .arg(format!("logs={}/logs/*/*/*/*.log", folder.0.display()))
            .args(["today=2026-11-21", "integrations/duckdb/rows.sql"])
            .arg(format!("integrations/duckdb/{query}.sql"))
            .env("TZ", "UTC")
            .current_dir(root())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let output = fed(&mut command, b"");
        assert!(output.status.success(), "{query}: {output:?}");
        String::from_utf8(output.stdout).expect("UTF-8").replace(&*folder.0.to_string_lossy(), "")
    };
    assert_eq!(
        run("repeat"),
        "web\tnightly\t/logs/web/nightly/2026-11-20/1.log\toverloaded\tbackoff\t\n\
         docs\treview\t/logs/docs/review/2026-11-21/4.log\tsession-limit\twait\t2026-11-21 14:00:00+00:00\n"
    );
    assert_eq!(
        run("last-week"),
        "usage\tsession-limit\twait\t2\t0\t2\nserver\toverloaded\tbackoff\t1\t0\t1\n"
    );
    assert_eq!(
        run("top"),
        "docs\tsession-limit\twait\t1\t100.0\treview\n\
         web\toverloaded\tbackoff\t1\t33.3\tnightly\nweb\tsession-limit\twait\t1\t33.3\treview\n"
    );
    assert_eq!(run("counts"), "overloaded\tbackoff\t1\nsession-limit\twait\t2\n");
}

#[test]
fn the_command_of_vector_prints_a_row_when_a_line_is_written() {
    if !has("sh") || !has("tail") {
        return;
    }
    let folder = Folder::new();
    let log = folder.write("nightly.log", "started\n");
    let document = yaml(&read("integrations/vector/vector.yaml"));
    let source = &document["sources"]["nightly_errors"];
    assert_eq!(
        (source["type"].as_str(), source["mode"].as_str()),
        (Some("exec"), Some("streaming"))
    );
    let words = source["command"].as_vec().expect("a command").iter();
    let words: Vec<&str> = words.map(|word| word.as_str().expect("a word")).collect();
    let [program, flag, script, _] = words[..] else { panic!("{words:?}") };
    let script = script.replace("diagnose", env!("CARGO_BIN_EXE_diagnose"));
    let mut child = Command::new(program)
        .args([flag, &script, &log])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .process_group(0)
        .spawn()
        .expect("it starts");
    let mut file = fs::OpenOptions::new().append(true).open(&log).expect("a log");
    writeln!(file, "{OVERLOADED}").expect("written");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a row");
    let group = format!("kill -s KILL -- -{}", child.id());
    assert!(Command::new("sh").args(["-c", &group]).status().expect("sh starts").success());
    child.wait().expect("it ends");
    let row: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
    assert_eq!(
        (&row["id"], &row["location"]["line"]),
        (&Value::from("overloaded"), &Value::from(2))
    );
}
