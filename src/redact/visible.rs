//! The visible part of a text. Escape sequences (ECMA-48), controls, bidirectional marks and
//! characters without width are dropped, because they rewrite a terminal, reorder a line, or split a
//! secret.

/// The visible characters of a text. Line breaks stay, any other blank becomes a space, and so does
/// a separator of lines.
pub(super) fn visible(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\x1b' => skip_escape(&mut rest),
            '\u{9b}' => skip_control(&mut rest),
            '\n' => seen.push('\n'),
            // The byte of `mask_in_place`.
            '\x7f' => seen.push(c),
            c if c.is_whitespace() => seen.push(' '),
            c if is_visible(c) => seen.push(c),
            _ => {}
        }
    }
    seen
}

/// Skips an escape sequence whose `ESC` has been read.
fn skip_escape(rest: &mut std::str::Chars<'_>) {
    let mut ahead = rest.clone();
    match ahead.next() {
        Some('[') => {
            *rest = ahead;
            skip_control(rest);
        }
        // A string: up to BEL or `ESC \`, but no further than its line.
        Some(']' | 'P' | 'X' | '^' | '_') => {
            let string = ahead.as_str();
            let line = &string[..string.find('\n').unwrap_or(string.len())];
            let end =
                line.find('\x07').map(|at| at + 1).or_else(|| line.find("\x1b\\").map(|at| at + 2));
            *rest = string[end.unwrap_or(0)..].chars();
        }
        Some(' '..='/') => {
            ahead.next();
            *rest = ahead;
        }
        Some('0'..='~') => *rest = ahead,
        _ => {}
    }
}

/// Skips a control sequence (CSI) whose introducer has been read: its parameters and its final
/// character.
fn skip_control(rest: &mut std::str::Chars<'_>) {
    let text = rest.as_str();
    let length = text.bytes().take_while(|byte| (0x20..0x40).contains(byte)).count();
    let end = length
        + usize::from(text.as_bytes().get(length).is_some_and(|byte| (0x40..0x7f).contains(byte)));
    *rest = text[end..].chars();
}

/// Whether a character is drawn: no control, no bidirectional mark, none without width, and no
/// letter that is drawn as nothing.
pub(super) fn is_visible(c: char) -> bool {
    !c.is_control()
        && !matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{2800}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_go_and_text_stays() {
        assert_eq!(visible("a\x1b[1;31mb\x1b[0mc"), "abc");
        assert_eq!(visible("a\x1b]0;title\x07b\x1b]8;;x\x1b\\c"), "abc");
        assert_eq!(visible("a\x1b]no end\nb"), "ano end\nb");
        assert_eq!(visible("a\u{9b}31mb\x1b(Bc\x1b"), "abc");
        assert_eq!(visible("é\u{61c}\u{200d}\u{e0041}\u{2028}ü\r\n"), "é ü \n");
    }
}
