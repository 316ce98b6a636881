//! The number of an HTTP status beside words that may report one.

use crate::text::colour;

/// Whether the number of a status may stand around an anchor: in its last byte, after or before it.
pub(super) fn may_be_around(text: &[u8], start: usize, end: usize) -> bool {
    text[..end].last().is_some_and(u8::is_ascii_digit)
        || may_begin_with_number(&text[end..])
        || may_end_with_number(&text[..start])
}

/// Whether a text may begin with the number of a status: `: 529`, `_code": 529`, ` code 529`.
fn may_begin_with_number(text: &[u8]) -> bool {
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                return (b'3'..=b'5').contains(byte)
                    && text[at..].iter().take(4).filter(|byte| byte.is_ascii_digit()).count() <= 3;
            }
            b'\n' | b'\\' | 0x1b | 0x7f.. => return true,
            _ if b" \t\r\"'`_:=().,codeCODE".contains(byte) => {}
            _ => return false,
        }
    }
    true
}

/// Whether a text may end with the number of a status: before `Unauthorized` in `401 Unauthorized`,
/// before `overloaded` in `529 (overloaded)`.
fn may_end_with_number(text: &[u8]) -> bool {
    let is_mark = |byte: &&u8| byte.is_ascii_whitespace() || b"-:([\"'".contains(byte);
    let mut end = text.len();
    loop {
        let last = colour::before(&text[..end]);
        match last - text[..last].iter().rev().take_while(is_mark).count() {
            same if same == end => {
                let last = text[..end].last();
                return last.is_none_or(|last| last.is_ascii_digit() || *last >= 0x7f);
            }
            next => end = next,
        }
    }
}

/// Whether a text ends with a number of three digits and marks: `403 - `, `529: `.
pub(super) fn ends_with_number(text: &[u8]) -> bool {
    let is_mark = |byte: &&u8| byte.is_ascii_whitespace() || b":)-".contains(byte);
    let marks = text.iter().rev().take_while(is_mark).count();
    let digits = text[..text.len() - marks].iter().rev().take(4);
    digits.take_while(|byte| byte.is_ascii_digit()).count() == 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_numbers_of_their_own() {
        for text in [": 429,", "_code\": 529", " code 503", "Code=404", "", ":\n"] {
            assert!(may_begin_with_number(text.as_bytes()), "{text}");
        }
        assert!(may_begin_with_number(b": 42\n9 - {"));
        for text in [" 1", ": ok", ": 4290", ": 200", " of 429"] {
            assert!(!may_begin_with_number(text.as_bytes()), "{text}");
        }
    }
}
