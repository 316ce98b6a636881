//! What holds for every input: nothing panics, chunking does not show, maps lead back, nothing
//! unsafe comes out.

use std::io::{self, Read};

use diagnose::internals::{Clean, Skeleton};
use diagnose::render::Render;
use diagnose::render::human::Human;
use diagnose::{Report, redact};
use proptest::prelude::*;

use crate::support::{CATALOG, DIAGNOSER, cases};

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

/// What is read and examined at once begins at multiples of this many bytes.
const GRID: usize = 64 * 1024;

/// So many bytes of ordinary lines, the last of which may be cut.
fn filler(bytes: usize) -> Vec<u8> {
    b"a line of ordinary output\n".iter().copied().cycle().take(bytes).collect()
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

/// The report of an input that comes in chunks.
fn chunked(input: &[u8], sizes: &[usize]) -> Report<'static> {
    let chunks = Chunks { rest: input, sizes: sizes.iter().cycle() };
    DIAGNOSER.stream("x", chunks).expect("chunks read")
}

fn whole(input: &[u8]) -> Report<'static> {
    DIAGNOSER.stream("x", input).expect("a slice reads")
}

proptest! {
    #![proptest_config(cases(200))]

    /// `start` is where an encoding is told, `near` is at a border of the grid or across it.
    #[test]
    fn chunking_does_not_show(
        start in output(),
        near in output(),
        border in 0..4_usize,
        before in 0..2_000_usize,
        sizes in proptest::collection::vec(prop_oneof![3 => 1..50_usize, 1 => 1_000..100_000_usize], 1..6),
    ) {
        let between = filler((border * GRID).saturating_sub(start.len() + before));
        let after = if border == 0 { vec![] } else { filler(2 * GRID) };
        let input = [start, between, near, after].concat();
        prop_assert_eq!(format!("{:?}", whole(&input)), format!("{:?}", chunked(&input, &sizes)));
    }

    #[test]
    fn maps_lead_back(input in output()) {
        let clean = Clean::new(&input, CATALOG.prefixes());
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
        let report = whole(&input);
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

/// Inputs that random tests have once failed on.
#[test]
fn what_once_failed_holds() {
    let inputs: [&[u8]; 3] = [
        b"!    !\n{\"type\":\"result\",\"is_error\":true,\"result\":\"Prompt is too long\"}\r!                              \x1b[31m",
        b"!        A aA000\n\n0 aaA\n\n\nA\na0\n\n\n\n AA\n\nA\n\n0 \n2026-08-09T14:02:11.44Z You've hit your limit \xc2\xb7 resets 3pm (UTC)!\r!   \x0e\x0e        ",
        b"          API Error: 529 Overloaded\x1b[1C          \x80\r    \x00  You've hit your limit \xc2\xb7 resets 3pm (UTC)",
    ];
    for input in inputs {
        let report = whole(input);
        assert_eq!(format!("{report:?}"), format!("{:?}", chunked(input, &[1])));
        for diagnosis in &report.diagnoses {
            assert!(diagnosis.location.end_column >= diagnosis.location.column, "{diagnosis:?}");
        }
    }
}

/// An error that lies across a border of the grid, at every place where the border may cut it.
#[test]
fn an_error_at_a_border_is_found_once_and_in_its_place() {
    let error = "API Error: 529 Overloaded\n";
    for border in 1..4 {
        for before in 0..=error.len() {
            let mut input = filler(border * GRID - before);
            // The error has a line of its own, on which the filler was cut.
            *input.last_mut().expect("not empty") = b'\n';
            let lines = String::from_utf8_lossy(&input).matches('\n').count() as u64;
            input.extend(error.as_bytes());
            input.extend(filler(2 * GRID));
            for report in [whole(&input), chunked(&input, &[GRID - 1, 2]), chunked(&input, &[977])]
            {
                let found: Vec<_> = report
                    .diagnoses
                    .iter()
                    .map(|found| (found.entry.id.as_ref(), found.location.line, found.occurrences))
                    .collect();
                assert_eq!(found, [("overloaded", lines + 1, 1)], "border {border}, {before}");
            }
        }
    }
}

#[test]
fn a_window_far_down_a_log_gives_the_same_verdict() {
    let paste = "  ⎿  API Error: 401 {\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"OAuth token has\n     expired. Please obtain a new token\"}} · Please run /login\n";
    let near = whole(paste.as_bytes());
    for lines in [3_000, 12_345, 40_000] {
        let log = format!(
            "{}{paste}{}",
            "a line of ordinary output\n".repeat(lines),
            "and more of it\n".repeat(lines)
        );
        let far = whole(log.as_bytes());
        assert_eq!(far.diagnoses[0].entry.id, near.diagnoses[0].entry.id);
        assert_eq!(far.diagnoses[0].location.line, lines as u64 + 1);
        assert_eq!(
            (far.diagnoses[0].excerpt.as_str(), far.diagnoses[0].occurrences),
            (near.diagnoses[0].excerpt.as_str(), 1)
        );
    }
}
