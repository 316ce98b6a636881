//! Whatever the input holds, no format prints a control character, a mark of invisible text, or
//! what a CI system takes for a command.
#![no_main]

use diagnose::render::Render;
use diagnose::render::human::Human;
use diagnose::render::json::{Json, JsonLines};
use diagnose_fuzz::{DIAGNOSER, report, spell};
use libfuzzer_sys::fuzz_target;

/// What could do harm where it is shown.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "::error::", "::", "##[error]", "##[", "\u{202e}", "\u{200b}", "\u{feff}", "\u{2028}", "\u{85}", "\u{ad}", "\u{e0041}", "\x1b[31m", "\x1b]8;;", "\u{9b}2J",
    "\r", "%0A", "</", "]]>", "```", "|", "\\u001b", "\\n::", "\n", "API Error: 529 ", "sk-ant-api03-AAAAAAAA", "⎿ ", "· Retrying in 4 seconds", "\",\"",
];

fn harmless(format: &str, page: &str) {
    let hidden = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    assert!(page.chars().all(|c| c == '\n' || !(c.is_control() || hidden(c))), "{format}: {page:?}");
    assert!(!page.lines().any(|line| line.trim_start().starts_with("::")) && !page.contains("##["), "{format}: {page}");
    assert!(page.is_empty() || page.ends_with('\n'), "{format}: the last line has no end");
}

fuzz_target!(|input: &[u8]| {
    let text = spell(input, PIECES);
    // What follows the name of an error is shown, whatever it is.
    let shown = [b"API Error: 529 ", text.as_slice()].concat();
    for report in [report(text.as_slice()), report(shown.as_slice()), DIAGNOSER.argument(&String::from_utf8_lossy(&shown))] {
        for (width, all) in [(0, true), (80, false), (usize::MAX, true)] {
            harmless("human", &Human { width, color: false, all, name_source: true }.report(&report));
        }
        harmless("json", &Json.report(&report));
        harmless("jsonl", &JsonLines.report(&report));
    }
});
