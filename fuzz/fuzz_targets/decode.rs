//! Decoding never fails, does not depend on chunks, grows its input at most by half, and leaves
//! what is no UTF-16 as it is.
#![no_main]

use std::io::Read as _;

use diagnose::Decoder;
use diagnose_fuzz::Chunks;
use libfuzzer_sys::fuzz_target;

fn decoded(input: &[u8], sizes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    Decoder::new(Chunks::new(input, sizes)).read_to_end(&mut out).expect("the reader never fails");
    out
}

fuzz_target!(|input: (&[u8], &[u8])| {
    let (sizes, input) = input;
    let whole = decoded(input, &[]);
    assert_eq!(whole, decoded(input, sizes), "chunks show");
    // A unit of two bytes becomes three at most, and so does half a unit at the end.
    assert!(whole.len() <= input.len() / 2 * 3 + 3, "{} bytes became {}", input.len(), whole.len());
    // Without a mark and without a zero nothing says UTF-16.
    let marked = input.starts_with(b"\xef\xbb\xbf") || input.starts_with(b"\xff\xfe") || input.starts_with(b"\xfe\xff");
    if !marked && !input.contains(&0) {
        assert_eq!(whole, input, "plain bytes were changed");
    }
});
