//! Transcripts of real shape with the verdict written in them: `verdict: <id> line <n> <state>` or
//! `verdict: none`, the rule they cover, `---`, then the output as it was.

use std::fs;

use diagnose::Report;

use crate::support::{DIAGNOSER, root};

fn verdict(report: &Report<'_>) -> String {
    report.diagnoses.first().map_or("none".into(), |primary| {
        format!("{} line {} {}", primary.entry.id, primary.location.line, primary.state)
    })
}

/// The transcripts: name, verdict, rule, output.
pub(super) fn transcripts() -> Vec<(String, String, String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(root().join("tests/transcripts"))
        .expect("the folder is there")
        .map(|file| file.expect("readable").path())
        .collect();
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let bytes = fs::read(path).expect("readable");
        let mut parts = bytes.splitn(4, |&b| b == b'\n');
        let mut head = || String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
        let (verdict, rule, line) = (head(), head(), head());
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        assert!(
            verdict.starts_with("verdict: ") && rule.starts_with("rule: ") && line == "---",
            "{name}: the head is malformed"
        );
        (name, verdict, rule, parts.next().unwrap_or_default().to_vec())
    };
    files.iter().map(read).collect()
}

#[test]
fn every_transcript_has_its_verdict() {
    let mut wrong = Vec::new();
    let transcripts = transcripts();
    for (name, expected, rule, output) in &transcripts {
        let got =
            verdict(&DIAGNOSER.stream("transcript", output.as_slice()).expect("a slice reads"));
        if *expected != format!("verdict: {got}") {
            wrong.push(format!("{name}: {expected}, got {got} ({rule})"));
        }
    }
    assert!(transcripts.len() >= 60, "only {} transcripts", transcripts.len());
    assert!(
        wrong.is_empty(),
        "{} of {} transcripts:\n{}",
        wrong.len(),
        transcripts.len(),
        wrong.join("\n")
    );
}

/// A log of megabytes takes the way through the search and its windows; the verdict must not
/// depend on it.
#[test]
fn a_transcript_inside_a_log_has_the_same_verdict() {
    const LINES: usize = 4_000;
    let filler = "building target 17 of 204\n".repeat(LINES);
    let (mut wrong, mut hidden) = (Vec::new(), 0);
    for (name, expected, rule, output) in transcripts() {
        let by_itself = DIAGNOSER.stream("transcript", output.as_slice()).expect("a slice reads");
        // What counts only as the whole input cannot count here.
        if by_itself.diagnoses.first().is_some_and(|of| !of.entry.complaints.is_empty()) {
            continue;
        }
        hidden += 1;
        let log = [filler.as_bytes(), b"\n", &output, b"\n\n", filler.as_bytes()].concat();
        let inside = DIAGNOSER.stream("log", log.as_slice()).expect("a slice reads");
        let got = inside.diagnoses.first().map_or("none".into(), |primary| {
            format!(
                "{} line {} {}",
                primary.entry.id,
                primary.location.line - LINES as u64 - 1,
                primary.state
            )
        });
        if expected != format!("verdict: {got}") {
            wrong.push(format!("{name}: {expected}, got {got} ({rule})"));
        }
    }
    assert!(wrong.is_empty(), "{} transcripts:\n{}", wrong.len(), wrong.join("\n"));
    assert!(hidden >= 60, "only {hidden} transcripts");
}
