//! The stages of the pipeline, one by one: `cargo bench --bench stages`, or `cargo bench --bench
//! stages -- clean` for one of them.

#![allow(missing_docs, reason = "a program, not a library")]

#[allow(dead_code, reason = "the scripts use the rest")]
mod logs;

use std::io::Read as _;
use std::sync::LazyLock;

use diagnose::Decoder;
use diagnose::internals::{Clean, Skeleton};
use diagnose::render::Render as _;
use diagnose::render::human::Human;
use diagnose::render::json::Json;
use diagnose::{Catalog, Diagnoser, redact};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

use logs::{Log, MIB};

fn main() {
    divan::main();
}

/// The logs that the streaming stages are timed on.
const LOGS: [&str; 4] = ["none", "dense", "hot", "plain"];

const MESSAGE: &str = "API Error: 529 {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}";

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::builtin);

fn text(log: &str, size: usize) -> Vec<u8> {
    Log::new(logs::recipe(log).expect("the names above are recipes")).take(size)
}

/// What a window's worth of text is measured on.
fn window() -> Vec<u8> {
    text("sparse", 64 * 1024)
}

#[divan::bench(args = ["utf8", "utf16"])]
fn decode(bencher: Bencher<'_, '_>, encoding: &str) {
    let utf8 = text("none", MIB);
    let wide = || {
        String::from_utf8_lossy(&utf8)
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    let input = if encoding == "utf16" { [&b"\xff\xfe"[..], &wide()].concat() } else { utf8 };
    bencher.counter(BytesCount::of_slice(&input)).bench(|| {
        let mut decoded = Vec::with_capacity(input.len());
        Decoder::new(black_box(input.as_slice())).read_to_end(&mut decoded).expect("a slice reads");
        decoded
    });
}

#[divan::bench]
fn clean(bencher: Bencher<'_, '_>) {
    let (input, catalog) = (window(), Catalog::builtin());
    bencher
        .counter(BytesCount::of_slice(&input))
        .bench(|| Clean::new(black_box(&input), catalog.prefixes()));
}

#[divan::bench]
fn skeleton(bencher: Bencher<'_, '_>) {
    let input = Clean::new(&window(), Catalog::builtin().prefixes()).text;
    bencher.counter(BytesCount::of_slice(&input)).bench(|| Skeleton::new(black_box(&input)));
}

#[divan::bench]
fn sanitize(bencher: Bencher<'_, '_>) {
    bencher.counter(BytesCount::of_str(MESSAGE)).bench(|| redact::sanitize(black_box(MESSAGE)));
}

/// As a run does it that has one message to explain: everything from the beginning.
#[divan::bench]
fn one_shot() -> usize {
    let catalog = Catalog::builtin();
    Diagnoser::new(&catalog).argument(black_box(MESSAGE)).diagnoses.len()
}

/// With everything compiled, as a server would ask.
#[divan::bench]
fn argument(bencher: Bencher<'_, '_>) {
    let diagnoser = Diagnoser::new(&CATALOG);
    bencher.bench(|| diagnoser.argument(black_box(MESSAGE)));
}

#[divan::bench(args = LOGS, sample_count = 5, sample_size = 1)]
fn stream(bencher: Bencher<'_, '_>, log: &str) {
    let (input, diagnoser) = (text(log, 8 * MIB), Diagnoser::new(&CATALOG));
    bencher
        .counter(BytesCount::of_slice(&input))
        .bench(|| diagnoser.stream(log, black_box(input.as_slice())).expect("a slice reads"));
}

#[divan::bench]
fn render_human(bencher: Bencher<'_, '_>) {
    let report = Diagnoser::new(&CATALOG).argument(MESSAGE);
    let human = Human { width: 80, color: true, all: true, name_source: true };
    bencher.bench(|| { human }.report(black_box(&report)));
}

#[divan::bench]
fn render_json(bencher: Bencher<'_, '_>) {
    let report = Diagnoser::new(&CATALOG).argument(MESSAGE);
    bencher.bench(|| Json.report(black_box(&report)));
}
