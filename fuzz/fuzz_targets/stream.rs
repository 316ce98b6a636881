//! The report is the same however a pipe cuts the input, in a short input as in the middle of a
//! long one.
#![no_main]

use diagnose_fuzz::{Chunks, check, filler, report};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u8, &[u8], &[u8])| {
    let (before, after, sizes, text) = input;
    let log = [&filler(before), text, &filler(after)].concat();
    let whole = report(log.as_slice());
    check(&whole);
    let cut = report(Chunks::new(&log, sizes));
    assert_eq!(format!("{whole:?}"), format!("{cut:?}"), "chunks show");
});
