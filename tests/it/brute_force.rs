//! The search leaves nothing out: the report is the one that comes out when everything is
//! examined and every wording is tried. Every example of the catalog and every transcript is hidden
//! in a log, as it is and in the ways in which terminals, shippers and encodings disguise it.

use std::fs::File;
use std::sync::LazyLock;

use diagnose::{Diagnoser, Report};
use proptest::prelude::*;

use crate::support::{CATALOG, DIAGNOSER, Folder, cases, examples, is_long_run};
use crate::transcripts::transcripts;

/// A way to print the same text.
type Disguise = fn(&str) -> Vec<u8>;

const DISGUISES: &[(&str, Disguise)] = &[
    ("as it is", |text| text.as_bytes().to_vec()),
    ("upper case", |text| text.to_uppercase().into_bytes()),
    ("lower case", |text| text.to_lowercase().into_bytes()),
    ("cut at 16 columns", |text| wrapped(text, 16, "\n")),
    ("cut at 40 columns", |text| wrapped(text, 40, "\n")),
    ("cut at 67 columns, in a box", |text| wrapped(text, 67, " │\n│ ")),
    ("in a box that is filled up", |text| boxed(text, 60)),
    ("in a wide box that is filled up", |text| boxed(text, 150)),
    ("cut at 31 columns, set in, CRLF", |text| wrapped(text, 31, "\r\n     ")),
    ("quoted", |text| before_each_line(text, "> ")),
    ("coloured by the letter", |text| {
        text.chars()
            .map(
                |c| {
                    if c == '\n' {
                        "\n".into()
                    } else {
                        format!("\x1b[3{}m{c}\x1b[0m", c as u32 % 7)
                    }
                },
            )
            .collect::<String>()
            .into_bytes()
    }),
    ("cursor moves for blanks", |text| text.replace(' ', "\x1b[1C").into_bytes()),
    ("behind fields", |text| before_each_line(text, "level=error msg=")),
    ("stamped", |text| before_each_line(text, "2026-11-21T01:00:00.1234567Z ")),
    ("cut at 53 columns, each piece stamped", |text| {
        let cut = wrapped(text, 53, "\n");
        before_each_line(&String::from_utf8_lossy(&cut), "2026-11-21T01:00:00.1234567Z ")
    }),
    ("in a failed result that is spread over lines", |text| {
        before_each_line(&spread(text), "2026-11-21T01:00:00.1234567Z ")
    }),
    ("in a retry among others in an array that is spread over lines", |text| {
        let retry = serde_json::json!({
            "type": "system", "subtype": "api_retry", "attempt": 1, "error": text
        });
        let user = serde_json::json!({"type": "user", "message": {"content": [{"text": text}]}});
        serde_json::to_vec_pretty(&[&user, &retry, &user]).expect("JSON")
    }),
    ("a string in JSON", |text| {
        format!("{{\"level\":\"error\",\"msg\":{}}}", serde_json::Value::from(text)).into_bytes()
    }),
    ("a string in JSON, with every escape that some library makes", |text| {
        let escaped = serde_json::Value::from(text).to_string().replace('/', "\\/");
        let escaped = "<>&='"
            .chars()
            .fold(escaped, |text, c| text.replace(c, &format!("\\u{:04x}", c as u32)));
        format!("{{\"level\":\"error\",\"msg\":{escaped}}}").into_bytes()
    }),
    ("in the middle of a long line", |text| {
        // Some lines are longer than what is looked at around a candidate.
        let words = if text.len() % 32 == 0 { 300 } else { 10 };
        let beside = "ordinary words of a long line, and more of them; ".repeat(words);
        format!("{beside}{}{beside}", text.replace('\n', " ")).into_bytes()
    }),
    ("typed over", |text| format!("working…\r\x1b[2K{text}").into_bytes()),
];

fn before_each_line(text: &str, mark: &str) -> Vec<u8> {
    text.lines().flat_map(|line| [mark, line, "\n"]).collect::<String>().into_bytes()
}

/// A failed result as `claude-code-action` prints it.
fn spread(text: &str) -> String {
    let result = serde_json::json!({
        "type": "result", "subtype": "success", "is_error": true, "result": text, "num_turns": 1
    });
    serde_json::to_string_pretty(&result).expect("JSON")
}

/// A text whose lines a terminal cut.
fn wrapped(text: &str, width: usize, end: &str) -> Vec<u8> {
    let cut = |line: &str| {
        line.chars()
            .collect::<Vec<_>>()
            .chunks(width)
            .map(|piece| piece.iter().collect::<String>())
            .collect::<Vec<_>>()
            .join(end)
    };
    text.lines().map(cut).collect::<Vec<_>>().join(end).into_bytes()
}

/// A text in a box, broken between words, its lines filled up with blanks.
fn boxed(text: &str, width: usize) -> Vec<u8> {
    let mut rows: Vec<String> = Vec::new();
    for line in text.lines() {
        rows.push(String::new());
        for word in line.split(' ') {
            match rows.last_mut() {
                Some(row)
                    if row.is_empty()
                        || row.chars().count() + 1 + word.chars().count() <= width =>
                {
                    row.push_str(if row.is_empty() { "" } else { " " });
                    row.push_str(word);
                }
                _ => rows.push(word.to_owned()),
            }
        }
    }
    rows.iter().flat_map(|row| format!("│ {row:width$} │\n").into_bytes()).collect()
}

/// Ordinary lines: enough of them that an input is no longer one window.
fn filler(lines: usize) -> Vec<u8> {
    (0..lines)
        .flat_map(|n| {
            format!(
                "step {n} of the build: compiled unit {} in {} ms, request served, status ok\n",
                n * 7 % 113,
                n % 19
            )
            .into_bytes()
        })
        .collect()
}

/// Texts hidden in one log, each in a block of its own.
fn log<'t>(texts: impl Iterator<Item = &'t str>, disguise: Disguise) -> Vec<u8> {
    let mut log = filler(300);
    for text in texts {
        log.extend(disguise(text));
        log.extend(b"\n\n");
        log.extend(b"ok\n".repeat(9));
    }
    log.extend(filler(300));
    log
}

/// A diagnoser that searches nothing, examines everything and tries every wording.
static EXHAUSTIVE: LazyLock<Diagnoser<'static>> =
    LazyLock::new(|| Diagnoser::new(&CATALOG).exhaustive());

/// The reports with the search and without it.
fn both(log: &[u8]) -> (String, String) {
    let report = |diagnoser: &Diagnoser<'_>| {
        let report = diagnoser.stream("log", log).expect("a slice reads");
        let events = report.diagnoses.iter().map(|found| {
            format!(
                "{} {:?} x{} {:?} {}\n",
                found.entry.id, found.location, found.occurrences, found.captures, found.evidence
            )
        });
        format!("{} lines\n{}", report.lines, events.collect::<String>())
    };
    (report(&DIAGNOSER), report(&EXHAUSTIVE))
}

#[test]
fn every_example_is_found_in_every_disguise() {
    // Examples of one entry stand in different logs: of an entry in one window one event is told.
    const LOGS: usize = 8;
    let examples = examples();
    let mut different = Vec::new();
    for (n, (name, disguise)) in DISGUISES.iter().enumerate() {
        let mut found = 0;
        // Half of the logs in each disguise, the other half in the next one.
        for first in (0..LOGS).filter(|first| is_long_run() || first % 2 == n % 2) {
            let some = examples.iter().copied().skip(first).step_by(LOGS);
            let (fast, brute) = both(&log(some, *disguise));
            found += brute.lines().count() - 1;
            if fast != brute {
                let only = |one: &str, other: &str| {
                    one.lines()
                        .filter(|line| !other.lines().any(|known| known == *line))
                        .collect::<Vec<_>>()
                        .join("\n")
                };
                different.push(format!(
                    "{name}:\nfast {}\nbrute {}",
                    only(&fast, &brute),
                    only(&brute, &fast)
                ));
            }
        }
        // A disguise in which nothing is known any more would prove nothing.
        assert!(found > 100, "{name}: only {found} diagnoses");
    }
    assert!(different.is_empty(), "{} logs differ:\n{}", different.len(), different.join("\n"));
}

#[test]
fn every_transcript_is_judged_alike() {
    for (name, _, _, output) in transcripts() {
        for input in [output.clone(), [&filler(900), &output[..], &filler(60)].concat()] {
            let (fast, brute) = both(&input);
            assert_eq!(fast, brute, "{name}");
        }
    }
}

/// The reports of a file, which several threads read if it is large, and of the same bytes on a
/// pipe.
fn file_and_stream(log: &[u8]) -> (Report<'static>, Report<'static>) {
    let folder = Folder::new();
    let file = File::open(folder.write("log", log)).expect("just written");
    let mut stream = DIAGNOSER.stream("log", log).expect("a slice reads");
    // The times of its resets are read as those of a file.
    stream.resolve(&DIAGNOSER.clock_of_file(&file));
    (DIAGNOSER.file("log", &file).expect("readable"), stream)
}

#[test]
fn a_large_file_is_judged_as_a_stream() {
    let examples = examples();
    let some: Vec<u8> =
        examples.chunks(40).flat_map(|some| log(some.iter().copied(), DISGUISES[0].1)).collect();
    let large = some.repeat(1 + (9 << 20) / some.len());
    let (file, stream) = file_and_stream(&large);
    assert!(file.diagnoses.len() > 100, "only {} diagnoses", file.diagnoses.len());
    assert_eq!(format!("{file:?}"), format!("{stream:?}"));
}

/// What random logs are made of.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let disguised = (proptest::sample::select(examples()), proptest::sample::select(DISGUISES))
        .prop_map(|(text, (_, disguise))| disguise(text));
    prop_oneof![
        2 => disguised,
        4 => (1_usize..200).prop_map(filler),
        1 => (1_usize..1_500).prop_map(|lines| filler(lines).into_iter().map(|byte| if byte == b'\n' { b' ' } else { byte }).collect()),
        1 => "[ -~\\n]{0,200}".prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 0..60),
        1 => proptest::sample::select(vec!["claude", "api.anthropic.com", "openai", "```\n", "$ cat notes.md\n", "\r", "\x1b[31m", "status: 503\n", "HTTP/1.1 529\n"]).prop_map(|text| text.as_bytes().to_vec()),
    ]
}

/// So many bytes of ordinary lines, the last of which may be cut.
fn filled(bytes: usize) -> &'static [u8] {
    static LINES: LazyLock<Vec<u8>> = LazyLock::new(|| filler(65 * GRID / 60));
    &LINES[..bytes]
}

/// What is read and examined at once begins at multiples of this.
const GRID: usize = 64 * 1024;

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn random_logs_are_judged_alike(
        pieces in proptest::collection::vec(piece(), 1..24),
        border in 1_usize..=2,
        before in 0_usize..6_000,
    ) {
        let log = [filled(border * GRID - before), &pieces.concat(), &filler(300)].concat();
        let (fast, brute) = both(&log);
        prop_assert_eq!(&fast, &brute);
    }

    /// A file large enough for two threads, with something random where the stretches of two meet.
    #[test]
    fn random_files_are_judged_alike_by_threads(
        pieces in proptest::collection::vec(piece(), 1..12),
        before in 0_usize..6_000,
    ) {
        let log = [filled(64 * GRID - before), &pieces.concat(), filled(65 * GRID)].concat();
        let (file, stream) = file_and_stream(&log);
        prop_assert_eq!(format!("{file:?}"), format!("{stream:?}"));
    }
}
