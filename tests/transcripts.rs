//! Transcripts of real shape with the verdict written in them: `verdict: <id> line <n> <state>` or `verdict: none`, the rule they
//! cover, `---`, then the output as it was.

mod support;

use std::fs;

use diagnose::{Catalog, Diagnoser, Report};
use support::root;

fn verdict(report: &Report<'_>) -> String {
    report.diagnoses.first().map_or("none".into(), |primary| format!("{} line {} {}", primary.entry.id, primary.location.line, primary.state))
}

#[test]
fn every_transcript_has_its_verdict() {
    let catalog = Catalog::builtin();
    let diagnoser = Diagnoser::new(&catalog);
    let mut wrong = Vec::new();
    let mut files: Vec<_> =
        fs::read_dir(root().join("tests/transcripts")).expect("the folder is there").map(|file| file.expect("readable").path()).collect();
    files.sort();
    for path in &files {
        let bytes = fs::read(path).expect("readable");
        let mut parts = bytes.splitn(4, |&b| b == b'\n');
        let mut head = || String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
        let (expected, rule, rule_off) = (head(), head(), head());
        let body = parts.next().unwrap_or_default();
        assert!(expected.starts_with("verdict: ") && rule.starts_with("rule: ") && rule_off == "---", "{}: the head is malformed", path.display());
        let got = verdict(&diagnoser.stream("transcript", body).expect("a slice reads"));
        if expected != format!("verdict: {got}") {
            wrong.push(format!("{}: {expected}, got {got} ({rule})", path.file_name().unwrap_or_default().to_string_lossy()));
        }
    }
    assert!(files.len() >= 60, "only {} transcripts", files.len());
    assert!(wrong.is_empty(), "{} of {} transcripts:\n{}", wrong.len(), files.len(), wrong.join("\n"));
}
