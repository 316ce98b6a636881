//! One row of a terminal, written cell by cell (ECMA-48): moves of the cursor, what they write over,
//! and control strings, which print nothing.

/// Rendered text, and for each of its bytes the offset of its raw byte.
#[derive(Default)]
pub(super) struct MappedText {
    pub(super) text: Vec<u8>,
    pub(super) map: Vec<u32>,
}

/// The last column that the cursor reaches; no real terminal is as wide. `ESC[99999999C` costs
/// nothing.
pub(super) const MAX_COLUMN: usize = 1_000;

/// The most blanks that are printed where the cursor moved: a row of twelve bytes, `ESC[999Gx`, would
/// be a thousand.
pub(super) const MAX_BLANKS: usize = 8;

/// Columns of most terminals. A longer row was wrapped, so that a carriage return did not reach its
/// first column: what was printed there stays. curl writes its meter like that behind the body of an
/// answer.
const COMMON_WIDTH: usize = 80;

/// A cell: the offset of its character in the raw bytes and the bytes that it takes, 0 for a blank
/// that a move left.
#[derive(Clone, Copy)]
struct Cell {
    at: u32,
    len: u8,
}

/// The row being written.
#[derive(Default)]
pub(super) struct Row {
    cells: Vec<Cell>,
    column: usize,
    /// Up to this offset no control string ends, so that a line of nothing but beginnings of control
    /// strings is read once.
    no_end_before: usize,
}

impl Row {
    /// Writes the raw bytes of a line from `start` to `end` on the row, and the row to `out`.
    pub(super) fn render(&mut self, raw: &[u8], start: usize, end: usize, out: &mut MappedText) {
        let mut at = start;
        while at < end {
            at = match raw[at] {
                b'\r' => {
                    if self.cells.len() > COMMON_WIDTH {
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

    /// Writes the character at `at` under the cursor; returns the offset after it.
    fn print(&mut self, raw: &[u8], at: usize, end: usize) -> usize {
        let width = match raw[at] {
            0xf0.. => 4,
            0xe0.. => 3,
            0xc0.. => 2,
            _ => 1,
        };
        // A cut or invalid sequence takes the bytes that continue it.
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

    /// Obeys what follows `ESC`, the seven-bit form of the controls; returns the offset after it.
    fn escape(&mut self, raw: &[u8], at: usize, end: usize, out: &mut MappedText) -> usize {
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

    /// Obeys a control, named by its seven-bit letter, which ends at `at`; returns the offset after
    /// it.
    fn control(
        &mut self,
        letter: u8,
        raw: &[u8],
        at: usize,
        end: usize,
        out: &mut MappedText,
    ) -> usize {
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

    /// Obeys a control sequence whose introducer ends at `at`; returns the offset after it.
    fn csi(&mut self, raw: &[u8], at: usize, end: usize, out: &mut MappedText) -> usize {
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

    /// The end of a control string: after BEL, `ESC \` or the C1 terminator, else the line's end. What
    /// is longer than any title or link is no control string: whoever sees only a part of an endless
    /// line must see the same text there.
    fn string_end(&mut self, raw: &[u8], at: usize, end: usize) -> usize {
        const MAX_STRING: usize = 4 * 1024;
        let mut i = at.max(self.no_end_before);
        while i < end.min(at + MAX_STRING) {
            match raw[i] {
                0x07 => return i + 1,
                0x1b if raw.get(i + 1) == Some(&b'\\') => return (i + 2).min(end),
                0xc2 if raw.get(i + 1) == Some(&0x9c) => return (i + 2).min(end),
                _ => i += 1,
            }
        }
        self.no_end_before = i;
        if i < end { at } else { end }
    }

    /// Erases the cells from one column to another, exclusive; the row keeps its length.
    fn blank(&mut self, start: usize, end: usize) {
        let end = end.min(self.cells.len());
        for cell in &mut self.cells[start.min(end)..end] {
            cell.len = 0;
        }
    }

    /// Ends the row and begins the next.
    fn flush(&mut self, raw: &[u8], at: usize, out: &mut MappedText) {
        if !self.cells.is_empty() {
            self.write(raw, out);
            out.text.push(b'\n');
            out.map.push(at.min(raw.len().saturating_sub(1)) as u32);
        }
        self.cells.clear();
        self.column = 0;
    }

    /// Writes the row to `out`.
    fn write(&self, raw: &[u8], out: &mut MappedText) {
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
