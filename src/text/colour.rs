//! Colour sequences (ECMA-48 SGR, and `ESC[K` that erases nothing): the search does not render lines
//! and steps over them to see where a text begins and ends.

/// The length of a text without the colour sequences at its end, in bytes.
pub(crate) fn before(text: &[u8]) -> usize {
    let mut end = text.len();
    while matches!(text[..end].last(), Some(b'm' | b'K')) {
        let params =
            text[..end - 1].iter().rev().take(MAX_PARAMETERS).take_while(|b| is_parameter(**b));
        let start = end - 1 - params.count();
        match text[..start] {
            [.., 0x1b, b'['] if is_colour(&text[start..end]) => end = start - 2,
            _ => break,
        }
    }
    end
}

/// The length of the colour sequences at the front of a text, in bytes.
pub(crate) fn length(text: &[u8]) -> usize {
    let mut at = 0;
    while let [0x1b, b'[', rest @ ..] = &text[at..] {
        let params = rest.iter().take(MAX_PARAMETERS).take_while(|b| is_parameter(**b)).count();
        match rest.get(..=params) {
            Some(colour) if is_colour(colour) => at += 2 + colour.len(),
            _ => break,
        }
    }
    at
}

/// The most bytes of parameters: `38;2;255;255;255;48;2;255;255;255` with room to spare.
const MAX_PARAMETERS: usize = 40;

/// Whether a control sequence, without its `ESC[`, sets colours, or erases the rest of the row: there
/// is none where a row is written from left to right.
fn is_colour(sequence: &[u8]) -> bool {
    matches!(sequence, [.., b'm'] | b"K" | b"0K")
}

const fn is_parameter(byte: u8) -> bool {
    matches!(byte, 0x30..0x40)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_stepped_over_and_nothing_else() {
        for (text, end) in [
            ("text\x1b[0m", 4),
            ("text\x1b[0m\x1b[K", 4),
            ("Prom", 4),
            ("x[31m", 5),
            ("\x1b[5G", 4),
        ] {
            assert_eq!(before(text.as_bytes()), end, "{text:?}");
        }
        for (text, start) in
            [("\x1b[1m\x1b[38;5;208mtext", 15), ("text", 0), ("\x1b[5Gx", 0), ("\x1b[3", 0)]
        {
            assert_eq!(length(text.as_bytes()), start, "{text:?}");
        }
    }
}
