//! What a person saw: escape sequences are obeyed or dropped, overwritten text is gone, moves
//! become blanks and line breaks.
//!
//! This is a terminal of one line. Columns are obeyed exactly, because progress bars overwrite them
//! and the interactive client lays out words with `ESC[1C`; every vertical move simply begins a new
//! line, because what a full-screen program printed earlier and erased later still happened.
//! Sequences end at the line's end at the latest, so a cut one hides nothing after it.

use std::borrow::Cow;
use std::ops::Range;

use super::colour;

/// Printed text and, for each of its bytes, the offset of the raw byte it came from.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Printed<'r> {
    /// The text; lines end in `\n`, or, where nothing had to be played, as they did.
    pub text: Cow<'r, [u8]>,
    /// As long as `text`; empty where the text is the raw bytes.
    pub map: Vec<u32>,
}

impl Printed<'_> {
    /// The offset of the raw byte that the byte at `at` came from.
    pub fn raw(&self, at: usize) -> u32 {
        self.map.get(at).copied().unwrap_or(at as u32)
    }
}

/// What a row is written to.
#[derive(Default)]
struct Out {
    text: Vec<u8>,
    map: Vec<u32>,
}

/// A cursor that moved further than any real terminal is wide stays here, so that `ESC[99999999C`
/// costs nothing.
const MAX_COLUMN: usize = 1_000;

/// More blanks than these are not printed where the cursor moved: a row of twelve bytes,
/// `ESC[999Gx`, would be a thousand.
const MAX_BLANKS: usize = 8;

/// A row longer than this was wrapped by most terminals, so that a carriage return could not reach
/// its first column: what was printed there stays. curl's meter is written like that behind the
/// body of an answer.
const WIDTH: usize = 80;

/// Plays `raw` on a terminal of one line.
pub fn play(raw: &[u8]) -> Printed<'_> {
    if !has_controls(raw) {
        return Printed { text: Cow::Borrowed(raw), map: Vec::new() };
    }
    let mut out = Out { text: Vec::with_capacity(raw.len()), map: Vec::with_capacity(raw.len()) };
    let mut start = 0;
    while start < raw.len() {
        let end = memchr::memchr(b'\n', &raw[start..]).map_or(raw.len(), |n| start + n);
        // CRLF is a line end like any other.
        let text_end =
            if end > start && raw[end - 1] == b'\r' && end < raw.len() { end - 1 } else { end };
        let before = out.text.len();
        let row = &raw[start..text_end];
        let straight = straight(row, |piece| {
            out.text.extend_from_slice(&row[piece.clone()]);
            out.map.extend((start + piece.start) as u32..(start + piece.end) as u32);
        });
        if !straight {
            out.text.truncate(before);
            out.map.truncate(before);
            Row::default().play(raw, start, text_end, &mut out);
        }
        if end < raw.len() {
            out.text.push(b'\n');
            out.map.push(end as u32);
        }
        start = end + 1;
    }
    Printed { text: Cow::Owned(out.text), map: out.map }
}

/// Reports the pieces of a row that is written from left to right and only coloured, as nearly
/// every row with controls is: it need not be played cell by cell, which takes some twenty times as
/// long. Returns whether it is such a row; if not, the pieces mean nothing.
pub fn straight(row: &[u8], mut piece: impl FnMut(Range<usize>)) -> bool {
    let (mut from, mut at) = (0, 0);
    while let Some(control) = next_control(&row[at..]) {
        at += control;
        match colour::length(&row[at..]) {
            // A character beyond ASCII, no control.
            0 if is_wide(&row[at..]) => at += 1,
            0 => return false,
            colours => {
                piece(from..at);
                at += colours;
                from = at;
            }
        }
    }
    piece(from..row.len());
    true
}

/// Whether a text begins with a character beyond ASCII that is no control.
fn is_wide(text: &[u8]) -> bool {
    matches!(text, [0xc2, next, ..] if !(0x80..0xa0).contains(next))
}

/// Reports the colours of a text, and the lines that are not written from left to right.
pub fn controls(
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
pub fn has_controls(text: &[u8]) -> bool {
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

/// Where the first byte of a text stands that cannot be copied as it is, line ends aside. `0xc2`
/// leads the C1 controls (and much else).
fn next_control(text: &[u8]) -> Option<usize> {
    /// Looked at together: nothing but arithmetic, and no early exit, which becomes vector code.
    const CHUNK: usize = 32;
    let control = |byte: &u8| {
        (u8::from(*byte < 0x20) & u8::from(byte.wrapping_sub(b'\t') > 1))
            | u8::from(*byte == 0x7f)
            | u8::from(*byte == 0xc2)
    };
    let mut chunks = text.chunks_exact(CHUNK);
    let clean = |chunk: &[u8]| chunk.iter().fold(0, |any, byte| any | control(byte)) == 0;
    let from = CHUNK * chunks.position(|chunk| !clean(chunk)).unwrap_or(text.len() / CHUNK);
    text[from..].iter().position(|byte| control(byte) != 0).map(|at| from + at)
}

/// One character on the row: where it stands in the raw bytes and how many it takes; none for a
/// blank that a move left.
#[derive(Clone, Copy)]
struct Cell {
    at: u32,
    len: u8,
}

/// The row being written.
#[derive(Default)]
struct Row {
    cells: Vec<Cell>,
    column: usize,
    /// From what was read so far on, no control string ends before this offset: a line of nothing
    /// but their beginnings is read once.
    open: usize,
}

impl Row {
    fn play(&mut self, raw: &[u8], start: usize, end: usize, out: &mut Out) {
        let mut at = start;
        while at < end {
            at = match raw[at] {
                b'\r' => {
                    if self.cells.len() > WIDTH {
                        self.flush(raw, at, out);
                    }
                    self.column = 0;
                    at + 1
                }
                0x08 => {
                    self.column = self.column.saturating_sub(1);
                    at + 1
                }
                0x0b | 0x0c => {
                    self.flush(raw, at, out);
                    at + 1
                }
                0x1b => self.escape(raw, at + 1, end, out),
                // C1 controls as UTF-8 writes them.
                0xc2 if at + 1 < end && (0x80..0xa0).contains(&raw[at + 1]) => {
                    self.control(raw[at + 1] - 0x40, raw, at + 2, end, out)
                }
                byte if byte < 0x20 && byte != b'\t' || byte == 0x7f => at + 1,
                _ => self.print(raw, at, end),
            };
        }
        self.write(raw, out);
    }

    /// Puts the character at `at` under the cursor; returns the offset after it.
    fn print(&mut self, raw: &[u8], at: usize, end: usize) -> usize {
        let width = match raw[at] {
            0xf0.. => 4,
            0xe0.. => 3,
            0xc0.. => 2,
            _ => 1,
        };
        // A cut or invalid sequence counts as the bytes that continue it.
        let len = 1 + raw[at + 1..end.min(at + width)]
            .iter()
            .take_while(|b| (0x80..0xc0).contains(*b))
            .count();
        self.put(Cell { at: at as u32, len: len as u8 });
        at + len
    }

    fn put(&mut self, cell: Cell) {
        if self.column < self.cells.len() {
            self.cells[self.column] = cell;
        } else {
            self.cells.resize(self.column, Cell { at: cell.at, len: 0 });
            self.cells.push(cell);
        }
        self.column += 1;
    }

    /// After `ESC`: the seven-bit form of the controls.
    fn escape(&mut self, raw: &[u8], at: usize, end: usize, out: &mut Out) -> usize {
        match raw.get(at).filter(|_| at < end) {
            None => end,
            Some(&b @ (b'[' | b']' | b'P' | b'X' | b'^' | b'_' | b'D' | b'E' | b'M')) => {
                self.control(b, raw, at + 1, end, out)
            }
            // Character sets and the like: intermediates, then one final byte.
            Some(&b) if (0x20..0x30).contains(&b) => {
                let skipped = raw[at..end].iter().take_while(|b| (0x20..0x30).contains(*b)).count();
                end.min(at + skipped + 1)
            }
            Some(_) => at + 1,
        }
    }

    /// A control, named by its seven-bit letter; `at` is the offset after that letter.
    fn control(&mut self, letter: u8, raw: &[u8], at: usize, end: usize, out: &mut Out) -> usize {
        match letter {
            b'[' => self.csi(raw, at, end, out),
            b']' | b'P' | b'X' | b'^' | b'_' => self.string_end(raw, at, end),
            b'D' | b'E' | b'M' => {
                self.flush(raw, at, out);
                at
            }
            _ => at,
        }
    }

    fn csi(&mut self, raw: &[u8], at: usize, end: usize, out: &mut Out) -> usize {
        let params_end = at + raw[at..end].iter().take_while(|b| (0x30..0x40).contains(*b)).count();
        let final_at = params_end
            + raw[params_end..end].iter().take_while(|b| (0x20..0x30).contains(*b)).count();
        if final_at >= end {
            return end;
        }
        let params = &raw[at..params_end];
        let n = parameter(params, 0).unwrap_or(1).max(1);
        match raw[final_at] {
            b'C' | b'a' => self.column = (self.column + n).min(MAX_COLUMN.max(self.cells.len())),
            b'D' => self.column = self.column.saturating_sub(n),
            b'G' | b'`' => self.column = (n - 1).min(MAX_COLUMN),
            b'K' | b'J' => match parameter(params, 0).unwrap_or(0) {
                0 => self.cells.truncate(self.column),
                1 => self.blank(0, self.column + 1),
                _ => self.cells.clear(),
            },
            b'X' => self.blank(self.column, self.column + n),
            b'P' => {
                let from = self.column.min(self.cells.len());
                self.cells.drain(from..(from + n).min(self.cells.len()));
            }
            b'b' => {
                if let Some(&last) = self.cells.get(self.column.wrapping_sub(1)) {
                    (0..n.min(MAX_COLUMN.saturating_sub(self.column))).for_each(|_| self.put(last));
                }
            }
            b'A' | b'B' | b'E' | b'F' | b'H' | b'f' | b'd' | b'e' => {
                let column = match raw[final_at] {
                    b'H' | b'f' => parameter(params, 1).unwrap_or(1).max(1) - 1,
                    b'A' | b'B' | b'd' | b'e' => self.column,
                    _ => 0,
                };
                self.flush(raw, at, out);
                self.column = column.min(MAX_COLUMN);
            }
            _ => {}
        }
        final_at + 1
    }

    /// The end of a control string: BEL, `ESC \` or the C1 terminator; the line's end if it never
    /// ends. A longer one than any title or link is none: whoever sees only a piece of an endless
    /// line must see the same text there.
    fn string_end(&mut self, raw: &[u8], at: usize, end: usize) -> usize {
        const LONGEST: usize = 4 * 1024;
        let mut i = at.max(self.open);
        while i < end.min(at + LONGEST) {
            match raw[i] {
                0x07 => return i + 1,
                0x1b if raw.get(i + 1) == Some(&b'\\') => return (i + 2).min(end),
                0xc2 if raw.get(i + 1) == Some(&0x9c) => return (i + 2).min(end),
                _ => i += 1,
            }
        }
        self.open = i;
        if i < end { at } else { end }
    }

    /// Erases the cells of these columns; the row keeps its length.
    fn blank(&mut self, from: usize, upto: usize) {
        let upto = upto.min(self.cells.len());
        for cell in &mut self.cells[from.min(upto)..upto] {
            cell.len = 0;
        }
    }

    /// Ends the row and begins the next.
    fn flush(&mut self, raw: &[u8], at: usize, out: &mut Out) {
        if !self.cells.is_empty() {
            self.write(raw, out);
            out.text.push(b'\n');
            out.map.push(at.min(raw.len().saturating_sub(1)) as u32);
        }
        self.cells.clear();
        self.column = 0;
    }

    fn write(&self, raw: &[u8], out: &mut Out) {
        let mut blanks = 0;
        for cell in &self.cells {
            blanks = if cell.len == 0 { blanks + 1 } else { 0 };
            if (1..=MAX_BLANKS).contains(&blanks) {
                out.text.push(b' ');
                out.map.push(cell.at);
            }
            let at = cell.at as usize;
            out.text.extend_from_slice(&raw[at..at + usize::from(cell.len)]);
            out.map.extend(cell.at..cell.at + u32::from(cell.len));
        }
    }
}

/// The n-th numeric parameter of a control sequence.
fn parameter(params: &[u8], index: usize) -> Option<usize> {
    let text = params.split(|&b| b == b';').nth(index)?;
    std::str::from_utf8(text).ok()?.parse().ok().map(|n: usize| n.min(MAX_COLUMN))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(raw: &str) -> String {
        let printed = play(raw.as_bytes());
        assert!(printed.map.is_empty() || printed.text.len() == printed.map.len());
        String::from_utf8(printed.text.into_owned()).expect("UTF-8 in, UTF-8 out")
    }

    proptest::proptest! {
        /// A row that is not played cell by cell looks as if it were, and `controls` calls no other
        /// moved.
        #[test]
        fn straight_rows_are_what_a_terminal_shows(row in "(\\x1b\\[[0-9;]{0,3}[mKCP]|[a-c \\té\u{85}│\\r\\x08]){0,12}") {
            let mut out = Out::default();
            Row::default().play(row.as_bytes(), 0, row.len(), &mut out);
            let mut pieces = Vec::new();
            let is_straight = straight(row.as_bytes(), |piece| pieces.extend(piece.map(|at| at as u32)));
            if is_straight {
                proptest::prop_assert_eq!(&pieces, &out.map);
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
    fn every_byte_leads_back() {
        let raw = "\x1b[2mé\x1b[22mx\r\n";
        let printed = play(raw.as_bytes());
        for (at, byte) in printed.text.iter().enumerate() {
            assert_eq!(*byte, raw.as_bytes()[printed.raw(at) as usize]);
        }
    }
}
