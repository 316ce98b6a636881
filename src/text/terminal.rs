//! What a person saw: control sequences (ECMA-48) are obeyed or dropped, overwritten text is gone,
//! moves of the cursor become blanks and line breaks.
//!
//! This is a terminal of one row. Columns are obeyed exactly, because progress bars overwrite them
//! and the interactive client places words with `ESC[1C`. Every vertical move just begins a new line,
//! because what a full-screen program printed and erased later still happened. Sequences end at the
//! line's end at the latest, so that a cut one hides nothing after it.

use std::borrow::Cow;
use std::ops::Range;

use super::colour;
use super::row::{MappedText, Row};

/// Rendered text, and for each of its bytes the offset of its raw byte.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Rendered<'r> {
    /// The text. Lines end in `\n`; where the text is the raw bytes, as they did.
    pub text: Cow<'r, [u8]>,
    /// As long as `text`; empty where the text is the raw bytes.
    pub map: Vec<u32>,
}

impl Rendered<'_> {
    /// The offset of the raw byte of the byte at `at`.
    pub(crate) fn raw(&self, at: usize) -> u32 {
        self.map.get(at).copied().unwrap_or(at as u32)
    }
}

/// Renders raw bytes on a terminal of one row.
pub(crate) fn render(raw: &[u8]) -> Rendered<'_> {
    if !has_controls(raw) {
        return Rendered { text: Cow::Borrowed(raw), map: Vec::new() };
    }
    let (text, map) = (Vec::with_capacity(raw.len()), Vec::with_capacity(raw.len()));
    let mut out = MappedText { text, map };
    let mut start = 0;
    while start < raw.len() {
        let end = memchr::memchr(b'\n', &raw[start..]).map_or(raw.len(), |n| start + n);
        // CRLF is a line end like any other.
        let text_end =
            if end > start && raw[end - 1] == b'\r' && end < raw.len() { end - 1 } else { end };
        let before = out.text.len();
        let row = &raw[start..text_end];
        let straight = straight(row, |part| {
            out.text.extend_from_slice(&row[part.clone()]);
            out.map.extend((start + part.start) as u32..(start + part.end) as u32);
        });
        if !straight {
            out.text.truncate(before);
            out.map.truncate(before);
            Row::default().render(raw, start, text_end, &mut out);
        }
        if end < raw.len() {
            out.text.push(b'\n');
            out.map.push(end as u32);
        }
        start = end + 1;
    }
    Rendered { text: Cow::Owned(out.text), map: out.map }
}

/// Reports the parts of a row between its colours, and returns whether it is straight: written from
/// left to right and only coloured. If it is not, the parts mean nothing. Nearly every row with
/// controls is straight and need not be written cell by cell, which takes some twenty times as long.
pub(crate) fn straight(row: &[u8], mut report: impl FnMut(Range<usize>)) -> bool {
    let (mut from, mut at) = (0, 0);
    while let Some(control) = next_control(&row[at..]) {
        at += control;
        match colour::length(&row[at..]) {
            0 if is_wide(&row[at..]) => at += 1,
            0 => return false,
            colours => {
                report(from..at);
                at += colours;
                from = at;
            }
        }
    }
    report(from..row.len());
    true
}

/// Whether a text begins with a character beyond ASCII that is no control.
fn is_wide(text: &[u8]) -> bool {
    matches!(text, [0xc2, next, ..] if !(0x80..0xa0).contains(next))
}

/// Reports the colours of a text, and the lines that are not straight, with their line breaks.
pub(crate) fn controls(
    text: &[u8],
    mut colour: impl FnMut(Range<usize>),
    mut moved: impl FnMut(Range<usize>),
) {
    let mut at = 0;
    while let Some(control) = next_control(&text[at..]) {
        at += control;
        at = match colour::length(&text[at..]) {
            0 if is_wide(&text[at..]) || text[at..].starts_with(b"\r\n") => at + 1,
            0 => {
                let start = memchr::memrchr(b'\n', &text[..at]).map_or(0, |end| end + 1);
                let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |n| at + n + 1);
                moved(start..end);
                end
            }
            colours => {
                colour(at..at + colours);
                at + colours
            }
        };
    }
}

/// Whether a text has bytes that a terminal does not print as they are, the carriage returns of
/// line ends aside.
fn has_controls(text: &[u8]) -> bool {
    let mut at = 0;
    while let Some(next) = next_control(&text[at..]) {
        let rest = &text[at + next..];
        if !is_wide(rest) && !matches!(rest, [b'\r' | 0xc2] | [b'\r', b'\n', ..]) {
            return true;
        }
        at += next + 1;
    }
    false
}

/// The offset of the first byte that may be a control: below 0x20 but for tabs and line feeds, DEL, or
/// 0xc2, with which the C1 controls begin (and much else).
fn next_control(text: &[u8]) -> Option<usize> {
    /// Bytes that are looked at together: arithmetic without an early exit becomes vector code.
    const LANES: usize = 32;
    let control = |byte: &u8| {
        (u8::from(*byte < 0x20) & u8::from(byte.wrapping_sub(b'\t') > 1))
            | u8::from(*byte == 0x7f)
            | u8::from(*byte == 0xc2)
    };
    let mut chunks = text.chunks_exact(LANES);
    let clean = |chunk: &[u8]| chunk.iter().fold(0, |any, byte| any | control(byte)) == 0;
    let from = LANES * chunks.position(|chunk| !clean(chunk)).unwrap_or(text.len() / LANES);
    text[from..].iter().position(|byte| control(byte) != 0).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::row::{MAX_BLANKS, MAX_COLUMN};

    fn seen(raw: &str) -> String {
        let rendered = render(raw.as_bytes());
        assert!(rendered.map.is_empty() || rendered.text.len() == rendered.map.len());
        String::from_utf8(rendered.text.into_owned()).expect("UTF-8 in, UTF-8 out")
    }

    proptest::proptest! {
        /// A straight row looks as if it were written cell by cell, and `controls` calls no other row
        /// moved.
        #[test]
        fn straight_rows_are_what_a_terminal_shows(row in "(\\x1b\\[[0-9;]{0,3}[mKCP]|[a-c \\té\u{85}│\\r\\x08]){0,12}") {
            let mut out = MappedText::default();
            Row::default().render(row.as_bytes(), 0, row.len(), &mut out);
            let mut parts = Vec::new();
            let is_straight = straight(row.as_bytes(), |part| parts.extend(part.map(|at| at as u32)));
            if is_straight {
                proptest::prop_assert_eq!(&parts, &out.map);
            }
            let (text, mut moved) = (format!("one\n{row}\ntwo"), Vec::new());
            controls(text.as_bytes(), |_| (), |line| moved.push(line));
            let line = 4..text.len() - 3;
            let ends = row.ends_with('\r') && straight(&row.as_bytes()[..row.len() - 1], |_| ());
            proptest::prop_assert_eq!(moved, if is_straight || ends { vec![] } else { vec![line] });
        }
    }

    #[test]
    fn colours_titles_and_links_leave_their_text() {
        assert_eq!(seen("\x1b[31mAPI\x1b[39m Error"), "API Error");
        assert_eq!(seen("\x1b]0;claude\x07ready"), "ready");
        assert_eq!(seen("\x1b]8;;https://a.b\x1b\\label\x1b]8;;\x1b\\!"), "label!");
        assert_eq!(seen("\u{9b}1mbold\u{9b}0m"), "bold");
        assert_eq!(seen("\x1b(Bplain\x1b="), "plain");
        assert_eq!(seen("\x1b]0;never ends"), "");
        assert_eq!(
            seen(&format!("\x1b]0;{}", "a".repeat(5000))),
            format!("0;{}", "a".repeat(5000))
        );
    }

    #[test]
    fn columns_are_obeyed() {
        assert_eq!(seen("Prompt\x1b[1Cis\x1b[1Ctoo\x1b[16Glong"), "Prompt is too  long");
        assert_eq!(seen("10 %\r20 %\n"), "20 %\n");
        assert_eq!(seen("working…\r\x1b[2Kdone"), "done");
        assert_eq!(
            seen(&format!("{}\r100 %", "x".repeat(90))),
            format!("{}\n100 %", "x".repeat(90))
        );
        assert_eq!(seen("abc\x08\x08X"), "aXc");
        assert_eq!(seen("a\x1b[3b"), "aaaa");
        assert!(
            seen(&format!("a{}", "\x1b[999b".repeat(50))).len() <= MAX_COLUMN,
            "a row does not grow without end"
        );
        assert!(seen(&"\x1b[;999Ha".repeat(50)).len() <= 50 * (MAX_BLANKS + 2));
    }

    #[test]
    fn vertical_moves_begin_a_line() {
        assert_eq!(seen("one\x1b[2;1Htwo\x1b[5;3Hthree"), "one\ntwo\n  three");
        assert_eq!(seen("a\x1b[m\r\nb\r\n"), "a\nb\n");
    }

    #[test]
    fn a_cut_sequence_ends_with_its_line() {
        assert_eq!(seen("a\x1b]0;never ends\nb"), "a\nb");
        assert_eq!(seen("a\x1b[31"), "a");
        assert_eq!(seen("a\x1b[99999999999999999999Cb\n"), "a b\n");
        assert!(seen("a\x1b[999999999Cb").len() <= MAX_COLUMN + 2);
    }

    #[test]
    fn every_byte_has_its_raw_byte() {
        let raw = "\x1b[2mé\x1b[22mx\r\n";
        let rendered = render(raw.as_bytes());
        for (at, byte) in rendered.text.iter().enumerate() {
            assert_eq!(*byte, raw.as_bytes()[rendered.raw(at) as usize]);
        }
    }
}
