//! The report is the same however a pipe cuts the input, in a short input as in the middle of a long one.
#![no_main]

use diagnose_fuzz::{Chunks, check, report};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u8, &[u8], &[u8])| {
    let (before, after, sizes, text) = input;
    // Enough of it makes a stream of several blocks: 255 times 320 bytes on either side.
    let filler = |count: u8| "building target 17 of 204\nok\n".repeat(usize::from(count) * 11);
    let log = [filler(before).as_bytes(), text, filler(after).as_bytes()].concat();
    let whole = report(log.as_slice());
    check(&whole);
    let cut = report(Chunks::new(&log, sizes));
    assert_eq!(format!("{whole:?}"), format!("{cut:?}"), "chunks show");
});
