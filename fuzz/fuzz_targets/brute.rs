//! The report is the one that comes out when everything is examined and every wording is tried: the
//! search leaves nothing out.
#![no_main]

use diagnose_fuzz::{EXHAUSTIVE, check, examples, filler, report};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (before, after, text) = input;
    // Two bytes beyond ASCII choose an example of the catalog, so that what matters is common; the
    // others mean themselves.
    let mut log = filler(before);
    let mut rest = text.iter();
    while let Some(&byte) = rest.next() {
        match (byte >= 0xc0).then(|| rest.next()).flatten() {
            Some(next) => log.extend(examples()[(usize::from(byte & 0x3f) << 8 | usize::from(*next)) % examples().len()].as_bytes()),
            None => log.push(byte),
        }
    }
    log.extend(filler(after));
    let fast = report(log.as_slice());
    check(&fast);
    let brute = EXHAUSTIVE.stream("fuzz", log.as_slice()).expect("a slice reads");
    assert_eq!(format!("{:?}", fast.diagnoses), format!("{:?}", brute.diagnoses), "the search shows");
});
