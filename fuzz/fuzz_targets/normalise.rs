//! The maps of clean text and skeleton lead back into what they were made of, in order; lines cover
//! the text.
#![no_main]

use diagnose::Catalog;
use diagnose::internals::{Clean, Skeleton};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let clean = Clean::new(input, Catalog::builtin().prefixes());
    let raw: Vec<usize> = (0..clean.text.len()).map(|at| clean.raw(at)).collect();
    assert!(raw.iter().all(|&at| at < input.len()), "clean text leads out of the input");
    assert!(!clean.lines.is_empty());
    let mut next = 0;
    for (index, line) in clean.lines.iter().enumerate() {
        assert!(line.start == next && line.end >= line.start && line.end <= clean.text.len(), "line {index} is {line:?}, expected at {next}");
        assert!(!clean.line(index).contains(&b'\n'));
        // A cursor that moves may print a line in any order, but lines follow each other.
        assert!((line.start..line.end).all(|at| clean.line_of(at) == index));
        next = line.end + 1;
    }
    assert_eq!(next, clean.text.len() + 1, "text behind the last line");

    let skeleton = Skeleton::new(&clean.text);
    assert_eq!(skeleton.bytes.len(), skeleton.map.len());
    assert!(skeleton.map.windows(2).all(|pair| pair[0] <= pair[1]), "the skeleton goes back");
    assert!(skeleton.map.iter().all(|&at| (at as usize) < clean.text.len()), "the skeleton leads out of the text");
    assert!(!skeleton.bytes.iter().any(u8::is_ascii_uppercase) && !skeleton.bytes.contains(&b' '));
});
