//! Whatever the input holds, no format prints a control character, a mark of invisible text, or what a CI system takes for a command.
#![no_main]

use diagnose::render::Render;
use diagnose::render::human::Human;
use diagnose::render::json::{Json, JsonLines};
use diagnose_fuzz::{DIAGNOSER, entries, report};
use libfuzzer_sys::fuzz_target;

fn harmless(format: &str, page: &str) {
    let hidden = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    assert!(page.chars().all(|c| c == '\n' || !(c.is_control() || hidden(c))), "{format}: {page:?}");
    assert!(!page.lines().any(|line| line.trim_start().starts_with("::")) && !page.contains("##["), "{format}: {page}");
    assert!(page.is_empty() || page.ends_with('\n'), "{format}: the last line has no end");
}

fuzz_target!(|input: &[u8]| {
    for report in [report(input), DIAGNOSER.argument(&String::from_utf8_lossy(input))] {
        for (width, all) in [(0, true), (80, false), (usize::MAX, true)] {
            harmless("human", &Human { width, color: false, all, name_source: true }.report(&report));
        }
        harmless("json", &Json { entries: entries() }.report(&report));
        harmless("jsonl", &JsonLines.report(&report));
    }
});
