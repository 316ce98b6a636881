//! Pieces: a line that a terminal or a pipe has cut at its width, and a collector that stamps each of
//! the pieces. To a reader they are one line, although the later ones begin with a stamp.
//!
//! That a line goes on from the one above cannot be proved. It may be so if the first of them speaks of
//! an error, all have the same stamp, digits aside, and all but the last are as long as a terminal is
//! wide.

use std::ops::Range;

/// The most bytes from the start of the first piece to the end of the last but one, stamps included.
/// The search has so much in memory before what it reads next.
pub(crate) const MAX_RUN: usize = 500;
/// The least bytes of a raw line that was cut.
pub(crate) const MIN_LINE: usize = 40;
/// The least bytes of its text.
pub(crate) const MIN_TEXT: usize = 32;
/// The longest stamp, in bytes.
pub(crate) const MAX_STAMP: usize = 64;
/// The most blanks behind the stamp of a later piece: the one that belongs to it, and one of the text.
const MAX_BLANKS: usize = 2;
/// What the first piece holds: an `Error` or an `error`.
const SPEAKS: &[u8] = b"rror";

/// Whether a raw line may be the first of the pieces.
pub(crate) fn may_be_first(line: &[u8]) -> bool {
    memchr::memmem::find(line, SPEAKS).is_some()
}

/// Reports the lines of a raw text behind which a piece may follow, in order, each with the number of
/// bytes at its front that could be the stamp of both.
pub(crate) fn cut_lines(text: &[u8], mut report: impl FnMut(Range<usize>, usize)) {
    // Lines before it are reported, or none follows from them.
    let mut next = 0;
    for at in memchr::memmem::find_iter(text, SPEAKS) {
        let Some(first) = line_start(text, at) else { continue };
        next = next.max(first);
        while let Some((end, stamp)) = cut_line(text, next).filter(|cut| cut.0 - first <= MAX_RUN) {
            report(next..end, stamp);
            next = end + 1;
        }
    }
}

/// Whether a piece may follow the line that ends at an offset.
pub(crate) fn may_go_on(text: &[u8], end: usize) -> bool {
    line_start(text, end).is_some_and(|start| cut_line(text, start).is_some()) && speaks(text, end)
}

/// Where the line above an offset ends, if nothing but the stamp of a piece may stand before the offset.
pub(crate) fn end_above(text: &[u8], at: usize) -> Option<usize> {
    let limit = at.saturating_sub(MAX_STAMP + MAX_BLANKS);
    let end = limit + memchr::memrchr(b'\n', &text[limit..at])?;
    let stamp = text[end + 1..at].trim_ascii_end();
    let above = &text[line_start(text, end)?..end];
    let goes_on = above.len() >= MIN_LINE && same_shape(above, stamp) == stamp.len();
    (goes_on && speaks(text, end)).then_some(end)
}

/// Whether the first of the pieces may be near enough before the end of a line.
fn speaks(text: &[u8], end: usize) -> bool {
    may_be_first(&text[end.saturating_sub(MAX_RUN)..end])
}

/// Where the line of an offset starts, unless that is too far away.
fn line_start(text: &[u8], at: usize) -> Option<usize> {
    let limit = at.saturating_sub(MAX_RUN);
    let above = memchr::memrchr(b'\n', &text[limit..at]).map(|end| limit + end + 1);
    above.or((limit == 0).then_some(0))
}

/// If a piece may follow the line that starts here: where the line ends, and the number of bytes that
/// could be the stamp of both.
fn cut_line(text: &[u8], start: usize) -> Option<(usize, usize)> {
    let line = &text[start..text.len().min(start + MAX_RUN + 1)];
    let length = memchr::memchr(b'\n', line).filter(|length| *length >= MIN_LINE)?;
    let end = start + length;
    let next = &text[end + 1..text.len().min(end + 2 + MAX_STAMP)];
    let stamp = same_shape(&line[..length], next);
    memchr::memchr(b' ', &next[..stamp]).map(|_| (end, stamp))
}

/// Whether the prefixes of two lines, as printed, are the stamps of one collector.
pub(crate) fn same_stamp(one: &[u8], other: &[u8]) -> bool {
    let (first, second) = (one.trim_ascii_end(), other.trim_ascii_end());
    let blanks = other.len() - second.len();
    first.len() == second.len()
        && one[first.len()..].starts_with(b" ")
        && (1..=MAX_BLANKS).contains(&blanks)
        && second.len() <= MAX_STAMP
        && same_shape(first, second) == second.len()
}

/// How many bytes at the front of two texts are the same, or digits in both.
pub(crate) fn same_shape(one: &[u8], other: &[u8]) -> usize {
    let same = |(a, b): (&u8, &u8)| a == b || (a.is_ascii_digit() && b.is_ascii_digit());
    one.iter().zip(other).take_while(|pair| same(*pair)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_of_one_collector_differ_in_digits() {
        let same = |one: &str, other: &str| same_stamp(one.as_bytes(), other.as_bytes());
        let stamp = "2026-08-09T14:00:00.1234567Z ";
        assert!(same(stamp, "2026-08-09T14:00:01.9004567Z "));
        assert!(same("Aug 09 14:00:00 h app[12]: ", "Aug 09 14:00:00 h app[12]: "));
        assert!(
            same(&format!("{stamp}   "), &format!("{stamp} ")),
            "set in before, a blank behind"
        );
        assert!(!same(stamp, "2026-08-09T14:00:00Z "));
        assert!(!same("app-1  | ", "app-2a | "));
        assert!(!same("", "") && !same("12:00:00", "12:00:00"));
        assert!(!same(stamp, &format!("{stamp}   ")), "a line that is set in");
    }

    #[test]
    fn pieces_follow_a_line_that_speaks_of_an_error() {
        let stamp = "2026-08-09T14:00:00Z ";
        let first = format!("{stamp}API Error: 400 Your credit balance is too lo\n");
        let second = format!("{stamp}w to access the Anthropic API of this or th\n");
        let cut = |text: &str| {
            let mut lines = Vec::new();
            cut_lines(text.as_bytes(), |line, stamp| {
                assert!(text[line.clone()].len() >= MIN_LINE && stamp >= 21, "{text}");
                lines.push(line.start);
            });
            lines
        };
        let text = format!("{second}{first}{second}{stamp}at model\nnext\n");
        assert_eq!(cut(&text), [second.len(), second.len() + first.len()]);
        assert_eq!(cut(&second.repeat(3)), [0; 0], "nobody speaks of an error");
        assert!(cut(&(first.clone() + &second.repeat(20))).len() < 10, "runs end");
    }

    #[test]
    fn shapes_are_compared_to_the_byte() {
        for (one, other, length) in [
            ("", "", 0),
            ("12:00:00 API", "13:59:01 ed_", 9),
            ("12:00:00", "12:00:00", 8),
            ("12:00:0a x", "12:00:0b x", 7),
            ("2026-08-09T14:00:00.12Z x", "2026-08-09T14:00:00.12+ x", 22),
        ] {
            assert_eq!(same_shape(one.as_bytes(), other.as_bytes()), length, "{one} {other}");
        }
    }
}
