//! What stands for `{name}` in a line.

use std::io::Write as _;
use std::sync::LazyLock;

use super::random::Random;

/// What can vary in a line.
type Fill = fn(&mut Random, &mut Vec<u8>);

/// The names.
#[rustfmt::skip]
const FIELDS: &[(&str, Fill)] = &[
    ("Camel", camel),
    ("IDENT", |random, out| { let from = out.len(); ident(random, out); out[from..].make_ascii_uppercase(); }),
    ("b64", |random, out| letters(random, out, 60, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")),
    ("big", |random, out| put(out, format_args!("{}", 1_000_000 + random.number(10)))),
    ("clock", |random, out| put(out, format_args!("{:02}:{:02}:{:02}", random.below(24), random.below(60), random.below(60)))),
    ("d", |random, out| put(out, format_args!("{}", 1 + random.below(9)))),
    ("date", |random, out| put(out, format_args!("2026-{:02}-{:02}", 1 + random.below(12), 1 + random.below(28)))),
    ("hex12", |random, out| hex(random, out, 12)),
    ("hex32", |random, out| hex(random, out, 32)),
    ("hex40", |random, out| hex(random, out, 40)),
    ("hex64", |random, out| hex(random, out, 64)),
    ("hex8", |random, out| hex(random, out, 8)),
    ("host", |random, out| { package(random, out); put(out, format_args!(".{}.example.{}", word(random), random.pick(&["com", "net", "org"]))); }),
    ("ident", ident),
    ("ip", |random, out| put(out, format_args!("10.{}.{}.{}", random.below(256), random.below(256), random.below(256)))),
    ("model", |random, out| put(out, format_args!("{}", random.pick(&["claude-opus-4-1-20250805", "claude-sonnet-4-5-20250929", "claude-haiku-4-5"])))),
    ("n", |random, out| put(out, format_args!("{}", 1 + random.number(4)))),
    ("path", path),
    ("pct", |random, out| put(out, format_args!("{}", random.below(101)))),
    ("pkg", package),
    ("port", |random, out| put(out, format_args!("{}", 1024 + random.below(60_000)))),
    ("req", |random, out| { out.extend_from_slice(b"req_011C"); letters(random, out, 20, b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789"); }),
    ("url", |random, out| { out.extend_from_slice(b"https://"); package(random, out); out.extend_from_slice(b".example.com/"); path(random, out); }),
    ("user", name),
    ("uuid", uuid),
    ("ver", |random, out| put(out, format_args!("{}.{}.{}", random.below(12), random.below(40), random.below(20)))),
    ("word", |random, out| out.extend_from_slice(word(random).as_bytes())),
    ("words", |random, out| join(random, out, (3, 11), b' ', spoken)),
];

/// The field of this name.
pub(super) fn field(name: &str) -> Option<Fill> {
    FIELDS.iter().find(|(known, _)| *known == name).map(|&(_, fill)| fill)
}

fn put(out: &mut Vec<u8>, what: std::fmt::Arguments<'_>) {
    out.write_fmt(what).expect("a vector takes everything");
}

static WORDS: LazyLock<Vec<&str>> =
    LazyLock::new(|| include_str!("words.txt").split_whitespace().collect());

fn word(random: &mut Random) -> &'static str {
    random.pick::<&str>(&WORDS)
}

fn plain(random: &mut Random, out: &mut Vec<u8>) {
    out.extend_from_slice(word(random).as_bytes());
}

/// A word of a sentence: every third one is of the kind that all sentences are full of.
fn spoken(random: &mut Random, out: &mut Vec<u8>) {
    const SMALL: &[&str] = &[
        "the", "of", "to", "and", "for", "in", "on", "is", "was", "with", "from", "by", "not",
        "are", "at", "it", "has", "be", "as", "this", "that", "all", "its", "will", "been", "can",
        "no", "out", "up", "one", "if", "new", "more", "when", "our", "your", "could", "after",
    ];
    if random.chance(350) {
        out.extend_from_slice(random.pick::<&str>(SMALL).as_bytes());
    } else {
        plain(random, out);
    }
}

/// A made-up name of syllables: a closed list of words would be too kind to whoever searches.
fn name(random: &mut Random, out: &mut Vec<u8>) {
    for _ in 0..2 + random.below(2) {
        out.push(*random.pick(b"bcdfghjklmnprstvwz"));
        out.push(*random.pick(b"aeiouy"));
        if random.chance(300) {
            out.push(*random.pick(b"lmnrstx"));
        }
    }
}

fn part(random: &mut Random, out: &mut Vec<u8>) {
    if random.chance(350) { name(random, out) } else { plain(random, out) }
}

/// A few of something with a separator between.
fn join(
    random: &mut Random,
    out: &mut Vec<u8>,
    (least, most): (usize, usize),
    separator: u8,
    one: Fill,
) {
    for n in 0..least + random.below(most - least + 1) {
        if n > 0 {
            out.push(separator);
        }
        one(random, out);
    }
}

fn ident(random: &mut Random, out: &mut Vec<u8>) {
    join(random, out, (1, 3), b'_', part);
}

fn package(random: &mut Random, out: &mut Vec<u8>) {
    join(random, out, (1, 2), b'-', part);
}

fn path(random: &mut Random, out: &mut Vec<u8>) {
    join(random, out, (1, 5), b'/', |random, out| {
        if random.chance(300) { ident(random, out) } else { part(random, out) }
    });
}

fn camel(random: &mut Random, out: &mut Vec<u8>) {
    for _ in 0..=random.below(3) {
        let from = out.len();
        part(random, out);
        out[from].make_ascii_uppercase();
    }
}

fn letters(random: &mut Random, out: &mut Vec<u8>, count: usize, of: &[u8]) {
    out.extend((0..count).map(|_| *random.pick(of)));
}

fn hex(random: &mut Random, out: &mut Vec<u8>, count: usize) {
    letters(random, out, count, b"0123456789abcdef");
}

fn uuid(random: &mut Random, out: &mut Vec<u8>) {
    for (n, count) in [8, 4, 4, 4, 12].into_iter().enumerate() {
        if n > 0 {
            out.push(b'-');
        }
        hex(random, out, count);
    }
}
