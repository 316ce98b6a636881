//! Inputs that make a careless program grow: each is written to standard output, much faster than
//! anybody reads it.

use std::io::{self, Write};

use super::random::Random;
use super::{Log, MIB, recipe};

/// The inputs: name, size in MiB, what it is.
#[rustfmt::skip]
pub(crate) const INPUTS: &[(&str, usize, &str)] = &[
    ("log",     4096, "4 GiB of log"),
    ("endless", 1024, "1 GiB without a line break"),
    ("overload",1024, "1 GiB of `API Error: 529 ...`"),
    ("line",     256, "256 MiB of errors on one line"),
    ("block",    256, "256 MiB of errors in one block"),
    ("distinct", 200, "a million distinct errors"),
    ("record",   200, "a JSON record of 200 MiB"),
    ("nested",   100, "100 MiB of `[` and `{\"a\":`"),
    ("random",  1024, "1 GiB of random bytes"),
    ("utf16",   1024, "1 GiB of UTF-16"),
];

/// What is repeated: large enough that nothing in it is known by heart, small enough to be made at
/// once.
const BLOCK: usize = 16 * MIB;

/// What everything ends with, so that there is something to find.
const END: &[u8] = b"\nAPI Error: 529 {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n";

/// Writes `size` bytes of the input of this name; `None` if there is none of this name.
pub(crate) fn write(name: &str, size: usize, to: &mut impl Write) -> Option<io::Result<()>> {
    let log = |recipe_name: &str| Log::new(recipe(recipe_name).unwrap_or_default());
    let result = match name {
        "log" => repeat(&log("sparse").take(BLOCK.min(size)), size, to),
        "endless" => repeat(&log("endless").take(BLOCK.min(size)), size, to),
        "overload" => repeat(&overload(BLOCK.min(size)), size, to),
        "line" => repeat(b"API Error: 529 ", size, to),
        "block" => {
            to.write_all(b"x").and_then(|()| repeat(b"\n  API Error: Connection error.", size, to))
        }
        "distinct" => log("errors").write(size, to),
        "record" => record(size, to),
        "nested" => repeat(b"[", size / 2, to).and_then(|()| repeat(b"{\"a\":", size / 2, to)),
        "random" => repeat(&noise(BLOCK.min(size)), size, to),
        "utf16" => return Some(utf16(size, to)),
        _ => return None,
    };
    Some(result.and_then(|()| to.write_all(END)))
}

fn repeat(block: &[u8], size: usize, to: &mut impl Write) -> io::Result<()> {
    // Bytes one by one would take minutes.
    let block = if block.len() < MIB { &block.repeat(MIB / block.len()) } else { block };
    for from in (0..size).step_by(block.len()) {
        to.write_all(&block[..block.len().min(size - from)])?;
    }
    Ok(())
}

/// One error for ever, each with its own request.
fn overload(size: usize) -> Vec<u8> {
    let mut random = Random::new(529);
    let mut out = Vec::with_capacity(size + 128);
    while out.len() < size {
        let id = random.next();
        writeln!(
            out,
            "API Error: 529 {{\"type\":\"error\",\"error\":{{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}},\"request_id\":\"req_011C{id:016x}\"}}"
        )
        .expect("a vector takes everything");
    }
    out
}

/// A tool result that holds a whole log, as a session file has it: on one line.
fn record(size: usize, to: &mut impl Write) -> io::Result<()> {
    let text = Log::new(recipe("dense").unwrap_or_default()).take(BLOCK.min(size));
    let text = String::from_utf8_lossy(&text)
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\t', "\\t")
        .replace('\n', "\\n");
    to.write_all(b"{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"is_error\":false,\"content\":\"")?;
    repeat(text.as_bytes(), size, to)?;
    to.write_all(b"\"}]}}")
}

fn noise(size: usize) -> Vec<u8> {
    let mut random = Random::new(529);
    (0..size / 8).flat_map(|_| random.next().to_le_bytes()).collect()
}

/// As PowerShell's redirection writes it.
fn utf16(size: usize, to: &mut impl Write) -> io::Result<()> {
    let wide = |text: &[u8]| {
        String::from_utf8_lossy(text).encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    let block = wide(&Log::new(recipe("sparse").unwrap_or_default()).take(BLOCK.min(size) / 2));
    to.write_all(b"\xff\xfe")?;
    repeat(&block, size & !1, to)?;
    to.write_all(&wide(END))
}
