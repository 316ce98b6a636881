//! What the targets share: one diagnoser for all runs, inputs in chunks, and what must hold for
//! every report.

use std::io::{self, Read};
use std::sync::LazyLock;

use diagnose::{Catalog, Diagnoser, Report};

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::builtin);

/// Everything that is compiled is compiled once.
pub static DIAGNOSER: LazyLock<Diagnoser<'static>> = LazyLock::new(|| Diagnoser::new(&CATALOG));

/// Examines everything: what the other one is held against.
pub static EXHAUSTIVE: LazyLock<Diagnoser<'static>> = LazyLock::new(|| Diagnoser::new(&CATALOG).exhaustive());

/// Every example of the catalog.
pub fn examples() -> &'static [String] {
    static EXAMPLES: LazyLock<Vec<String>> =
        LazyLock::new(|| CATALOG.entries().iter().flat_map(|entry| entry.examples.iter()).map(|example| example.value.to_string()).collect());
    &EXAMPLES
}

/// Ordinary lines; enough of them make a stream of several blocks: 255 times 320 bytes.
pub fn filler(count: u8) -> Vec<u8> {
    b"building target 17 of 204\nok\n".repeat(usize::from(count) * 11)
}

/// The report of a stream.
pub fn report(input: impl Read) -> Report<'static> {
    DIAGNOSER.stream("fuzz", input).expect("the reader never fails")
}

/// Delivers an input in chunks of the given sizes, over and over; with no sizes, all at once.
pub struct Chunks<'a> {
    rest: &'a [u8],
    sizes: std::iter::Cycle<std::slice::Iter<'a, u8>>,
}

impl<'a> Chunks<'a> {
    pub fn new(input: &'a [u8], sizes: &'a [u8]) -> Self {
        Self { rest: input, sizes: sizes.iter().cycle() }
    }
}

impl Read for Chunks<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = self.sizes.next().map_or(usize::MAX, |&size| usize::from(size).max(1));
        let n = size.min(self.rest.len()).min(buffer.len());
        buffer[..n].copy_from_slice(&self.rest[..n]);
        self.rest = &self.rest[n..];
        Ok(n)
    }
}

/// Bytes beyond ASCII choose among pieces, so that what matters is common; the others mean
/// themselves.
pub fn spell(input: &[u8], pieces: &[&str]) -> Vec<u8> {
    let piece = |byte: &u8| match byte.checked_sub(0x80) {
        Some(index) => pieces[usize::from(index) % pieces.len()].as_bytes().to_vec(),
        None => vec![*byte],
    };
    input.iter().flat_map(piece).collect()
}

/// What holds for every report, whatever the input was.
pub fn check(report: &Report<'_>) {
    for diagnosis in &report.diagnoses {
        let at = diagnosis.location;
        let ends = (at.line, at.column) <= (at.end_line, at.end_column);
        assert!(at.line >= 1 && at.column >= 1 && ends && at.end_line <= report.lines.max(1), "{at:?} in {} lines", report.lines);
        assert!(diagnosis.occurrences >= 1, "{} occurs never", diagnosis.entry.id);
        assert!(!diagnosis.excerpt.contains(char::is_control), "{:?}", diagnosis.excerpt);
    }
    if let Some((line, text)) = &report.suspect {
        assert!(*line >= 1 && *line <= report.lines.max(1), "suspect in line {line} of {}", report.lines);
        assert!(!text.contains(char::is_control), "{text:?}");
    }
}
