//! The rest of a secret whose beginning is not in the text: what is kept of an input may begin in
//! the middle of a token that fills many rows, or of a private key.

use super::MASKED_BYTE;
use super::machine::{begins_anew, is_hex, is_jumble};
use super::margin::{is_token, margin};

/// Bytes of the shortest row that is taken for the first piece of a secret.
const MIN_PIECE: usize = 16;

/// Overwrites, at the start of a text, rows that are nothing but a token, and the token with which
/// the row after them begins. Returns whether there were any.
pub(crate) fn mask_cut_secret(text: &mut [u8]) -> bool {
    let mut masked = false;
    let mut start = 0;
    while start < text.len() {
        let end = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |at| start + at);
        let row = &text[start..end];
        let from = margin(row);
        let piece = row[from..].iter().take_while(|byte| is_token(**byte)).count();
        let rest = &row[from + piece..];
        let piece = &row[from..from + piece];
        let is_piece = if masked {
            !piece.is_empty() && !begins_anew(&row[from..])
        } else {
            piece.len() >= MIN_PIECE && is_jumble(piece) && !is_hex(piece) && !begins_anew(piece)
        };
        if !is_piece {
            break;
        }
        let goes_on = !rest.iter().any(u8::is_ascii_alphanumeric);
        let piece = start + from..start + from + piece.len();
        text[piece].fill(MASKED_BYTE);
        masked = true;
        if !goes_on {
            break;
        }
        start = end + 1;
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_go_on_are_masked() {
        let row = "MIIEpAIBAAKCAQEA7bq3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5zA7bC9dE1f";
        let mut text =
            format!("{row}\n│ {row} │\nqx3AA== API Error: 529 Overloaded\n{row}").into_bytes();
        assert!(mask_cut_secret(&mut text));
        let text = String::from_utf8(text).expect("UTF-8").replace('\x7f', "");
        assert_eq!(text, format!("\n│  │\n API Error: 529 Overloaded\n{row}"));
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            "API Error: 529 Overloaded",
            "5863206aa5bb8e0f0d6eb1c44a2b1d9d0c3f1a2b\nAPI Error",
            "req_011CVJ7kQ4mZtR2wXyB8nPqs x",
            "3f2b8c1e-7d4a-4b6f-9e2d-1a2b3c4d5e6f: x",
            "",
        ] {
            assert!(!mask_cut_secret(&mut text.as_bytes().to_vec()), "{text}");
        }
    }
}
