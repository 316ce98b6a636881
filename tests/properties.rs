//! What holds for every input: nothing panics, chunking does not show, maps lead back, nothing
//! unsafe comes out.

use std::io::{self, Read};

use diagnose::internals::{Clean, Skeleton};
use diagnose::render::Render;
use diagnose::render::human::Human;
use diagnose::{Catalog, Diagnoser, redact};
use proptest::prelude::*;

/// Pieces that real output is made of, so that random inputs reach every stage.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let known: &[&str] = &[
        "API Error: 529 Overloaded",
        "  ⎿  API Error: 400 {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"prompt is too\n     long: 3 tokens > 2 maximum\"}}",
        "anthropic.RateLimitError: Error code: 429 - {'type': 'error', 'error': {'type': 'rate_limit_error'}}",
        "{\"type\":\"result\",\"is_error\":true,\"result\":\"Prompt is too long\"}",
        "\x1b[31m",
        "\x1b[1C",
        "\x1b]8;;",
        "\r",
        "\r\n",
        "```",
        "· Retrying in 4 seconds… (attempt 4/10)",
        "│ ",
        "2026-08-09T14:02:11.44Z ",
        "sk-ant-api03-AAAAAAAAAAAAAAAA",
        "\\\"",
        "\\u00b7",
        "You've hit your limit · resets 3pm (UTC)",
        "::error::",
        "\u{202e}",
    ];
    prop_oneof![
        3 => proptest::sample::select(known).prop_map(|text| text.as_bytes().to_vec()),
        2 => proptest::collection::vec(any::<u8>(), 0..24),
        1 => "[ -~\\n]{0,40}".prop_map(String::into_bytes),
    ]
}

fn output() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(piece(), 0..24).prop_map(|pieces| pieces.concat())
}

/// Delivers an input in chunks of given sizes.
struct Chunks<'a> {
    rest: &'a [u8],
    sizes: std::iter::Cycle<std::slice::Iter<'a, usize>>,
}

impl Read for Chunks<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = (*self.sizes.next().unwrap_or(&1)).min(self.rest.len()).min(buf.len());
        buf[..n].copy_from_slice(&self.rest[..n]);
        self.rest = &self.rest[n..];
        Ok(n)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn chunking_does_not_show(input in output(), sizes in proptest::collection::vec(1usize..50, 1..6)) {
        let catalog = Catalog::builtin();
        let diagnoser = Diagnoser::new(&catalog);
        let whole = diagnoser.stream("x", input.as_slice()).expect("a slice reads");
        let chunked = diagnoser.stream("x", Chunks { rest: &input, sizes: sizes.iter().cycle() }).expect("chunks read");
        prop_assert_eq!(format!("{whole:?}"), format!("{chunked:?}"));
    }

    #[test]
    fn maps_lead_back(input in output()) {
        let clean = Clean::new(&input, Catalog::builtin().prefixes());
        for at in 0..clean.text.len() {
            prop_assert!(clean.raw(at) < input.len());
            prop_assert!(clean.line_of(at) < clean.lines.len());
        }
        let skeleton = Skeleton::new(&clean.text);
        prop_assert_eq!(skeleton.bytes.len(), skeleton.map.len());
        prop_assert!(skeleton.map.windows(2).all(|pair| pair[0] <= pair[1]));
    }

    #[test]
    fn nothing_unsafe_comes_out(input in output()) {
        let catalog = Catalog::builtin();
        let report = Diagnoser::new(&catalog).stream("x", input.as_slice()).expect("a slice reads");
        let page = Human { width: 80, color: false, all: true, name_source: true }.report(&report);
        prop_assert!(!page.contains("sk-ant-api03"), "{}", page);
        prop_assert!(page.chars().all(|c| c == '\n' || (!c.is_control() && c != '\u{202e}')), "{:?}", page);
        for diagnosis in &report.diagnoses {
            let place = diagnosis.location;
            prop_assert!(place.line >= 1 && place.line <= report.lines.max(1) && place.end_line >= place.line);
        }
    }

    #[test]
    fn redaction_is_idempotent(text in "[ -~\\n\u{e9}\u{202e}]{0,200}") {
        let once = redact::sanitize(&text);
        prop_assert_eq!(redact::sanitize(&once), once);
    }
}

#[test]
fn a_window_far_down_a_log_gives_the_same_verdict() {
    let catalog = Catalog::builtin();
    let diagnoser = Diagnoser::new(&catalog);
    let paste = "  ⎿  API Error: 401 {\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"OAuth token has\n     expired. Please obtain a new token\"}} · Please run /login\n";
    let near = diagnoser.stream("x", paste.as_bytes()).expect("a slice reads");
    for lines in [3_000, 12_345, 40_000] {
        let log = format!(
            "{}{paste}{}",
            "a line of ordinary output\n".repeat(lines),
            "and more of it\n".repeat(lines)
        );
        let far = diagnoser.stream("x", log.as_bytes()).expect("a slice reads");
        assert_eq!(far.diagnoses[0].entry.id, near.diagnoses[0].entry.id);
        assert_eq!(far.diagnoses[0].location.line, lines as u64 + 1);
        assert_eq!(
            (far.diagnoses[0].excerpt.as_str(), far.diagnoses[0].occurrences),
            (near.diagnoses[0].excerpt.as_str(), 1)
        );
    }
}

#[test]
fn a_line_printed_back_to_front_has_a_place() {
    let catalog = Catalog::builtin();
    let text = b"          API Error: 529 Overloaded\x1b[1C          \x80\r    \x00  You've hit your limit \xc2\xb7 resets 3pm (UTC)";
    let report = Diagnoser::new(&catalog).stream("x", text.as_slice()).expect("a slice reads");
    assert!(
        report
            .diagnoses
            .iter()
            .all(|diagnosis| diagnosis.location.end_column >= diagnosis.location.column)
    );
}
