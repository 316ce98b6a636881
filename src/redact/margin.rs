//! What stands at the margins of the rows of a secret that was broken over lines: besides blanks the
//! signs of a list, a quotation or a diff, numbers of lines, the frame of a box, another pane.

use std::ops::Range;

use super::MASKED_BYTE;

/// Bytes of a next row that are looked at for its margin.
const MAX_MARGIN: usize = 160;
/// Bytes of the shortest piece of a secret that is looked for over a margin.
const MIN_RUN: usize = 8;
/// Bytes of the end of a row that are looked at for the secret that ends there.
const MAX_RUN: usize = 512;
/// What separates panes and columns.
const BORDERS: &[&str] = &["│", "┃", "║", "|"];

/// The gap between two rows of a word: where the first one ends, and how much of the next one is
/// margin. None where the next row has no text.
pub(super) fn between(row: &[u8], next: &[u8]) -> Option<Range<usize>> {
    let plain = row.trim_ascii_end().len()..blanks(next);
    let gap = over_margins(row, next).unwrap_or(plain);
    next.get(gap.end).is_some_and(|byte| *byte != b'\n').then_some(gap)
}

/// Blanks at the start of a text.
fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// Whether a secret may have such a byte.
pub(super) fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-+/=.~*%".contains(&byte) || byte == MASKED_BYTE
}

/// The gap where more than blanks has to be passed over. Only after what a machine made: in lists
/// of words one item has nothing to do with the next.
fn over_margins(row: &[u8], next: &[u8]) -> Option<Range<usize>> {
    let (start, end) = cell(row)?;
    let next = &next[..next.len().min(MAX_MARGIN)];
    let next = &next[..memchr::memchr(b'\n', next).unwrap_or(next.len())];
    let lead = signs(next, common_lead(&row[..start], next).max(column(&row[..start], next)));
    next.get(lead).is_some_and(|byte| is_token(*byte)).then_some(end..lead)
}

/// The word at the end of a row, or of its cell: what follows a border belongs to another pane.
fn cell(row: &[u8]) -> Option<(usize, usize)> {
    let run = |end: usize| {
        let bytes = row[..end].iter().rev().take(MAX_RUN);
        let length = bytes.take_while(|byte| is_token(**byte)).count();
        let word = &row[end - length..end];
        let made = word.iter().any(u8::is_ascii_digit) && word.iter().any(u8::is_ascii_alphabetic);
        (length >= MIN_RUN && made || word.contains(&MASKED_BYTE)).then_some((end - length, end))
    };
    let sign = |byte: &u8| !is_token(*byte) && !b")]}>:;,.".contains(byte);
    // The sign of concatenation is one of base64, too.
    let trimmed = row.strip_suffix(b" +").unwrap_or(row);
    let end = trimmed.iter().rposition(|byte| !sign(byte)).map_or(0, |last| last + 1);
    run(end).or_else(|| {
        let borders =
            BORDERS.iter().flat_map(|border| memchr::memmem::find_iter(row, border).take(4));
        borders.into_iter().find_map(|border| run(row[..border].trim_ascii_end().len()))
    })
}

/// The lead that two rows have in common, up to its last sign or blank; one digit is as good as
/// another, because lines are numbered and have times.
fn common_lead(row: &[u8], next: &[u8]) -> usize {
    let kind = |byte: u8| if byte.is_ascii_digit() { b'0' } else { byte };
    let same = row.iter().zip(next).take_while(|(one, other)| kind(**one) == kind(**other)).count();
    let diff = usize::from(same > 0 && b"+-".contains(&next[0]));
    next[..same].iter().rposition(|byte| !is_token(*byte)).map_or(diff, |last| last + 1)
}

/// The end of the last border in the lead of a row, if the next row has one in the same column.
fn column(lead: &[u8], next: &[u8]) -> usize {
    let (lead, next) = (String::from_utf8_lossy(lead), String::from_utf8_lossy(next));
    let last = BORDERS.iter().filter_map(|border| lead.rfind(border)).max();
    let Some(column) = last.map(|at| lead[..at].chars().count()) else { return 0 };
    let same = next.char_indices().nth(column);
    same.filter(|(at, _)| BORDERS.iter().any(|border| next[*at..].starts_with(border)))
        .map_or(0, |(at, border)| at + border.len_utf8())
}

/// Bytes of the margin of a row of which nothing else is known.
pub(super) fn margin(row: &[u8]) -> usize {
    signs(&row[..row.len().min(MAX_MARGIN)], 0)
}

/// Passes over signs, blanks, and numbers that a sign follows.
fn signs(next: &[u8], from: usize) -> usize {
    let mut end = from;
    while let Some(&byte) = next.get(end) {
        let digits = next[end..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let after = next.get(end + digits.max(1)).copied().unwrap_or(b' ');
        end += match byte {
            _ if digits > 0
                && digits < 7
                && b" :|)]\xe2".contains(&after)
                && end + digits < next.len() =>
            {
                digits
            }
            b'-' | b'*' | b'+' | b'.' if after == b' ' => 1,
            // What ends the password of an address is no sign at a margin.
            byte if !is_token(byte) && byte != b'@' => 1,
            _ => break,
        };
    }
    end
}
