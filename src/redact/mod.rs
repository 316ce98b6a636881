//! The sanitizer for everything that comes from the input: no secret and no control sequence gets
//! past it.
//!
//! Masks leave neither prefix nor suffix of a secret; request ids stay, because support asks for
//! them. Text is looked through twice. In a window of the input, secrets are masked in place before
//! anything is matched ([`mask_in_place`]), because only there a secret that is broken over lines,
//! or cut by an excerpt, can be seen whole; and whatever is shown passes [`sanitize`] or [`line()`].

mod cut;
mod machine;
mod margin;
mod named;
mod patterns;
mod secrets;
mod unwrap;
mod visible;

pub(crate) use cut::mask_cut_secret;
use visible::visible;

/// What a secret is replaced by.
const MASK: &str = "[secret]";
/// What a byte of a secret is replaced by before matching: DEL, of which clean text holds no other.
const MASKED_BYTE: u8 = 0x7f;

/// Text from the input as it may be shown: secrets masked, control and invisible characters gone,
/// blanks made one, on one line.
pub fn sanitize(text: &str) -> String {
    let masked = mask(&visible(text));
    let words: Vec<String> = masked.split_whitespace().map(defuse).collect();
    words.join(" ").replace("##[", "# #[")
}

/// Text from the input as it may be shown, with its blanks as they are: for names of files, which
/// are of no use when a blank is missing, and for messages.
pub fn line(text: &str) -> String {
    let masked = mask(&visible(text)).replace('\n', " ");
    let blanks = masked.len() - masked.trim_start().len();
    format!("{}{}", &masked[..blanks], defuse(&masked[blanks..])).replace("##[", "# #[")
}

/// How a key of Anthropic begins. `mask_in_place` keeps it, as evidence of Claude; what is shown
/// loses it with the rest.
const ANTHROPIC: &[u8] = b"sk-ant-";

/// Overwrites every byte of a secret in clean text, and keeps the lines. Returns whether there was
/// one that had not been masked yet.
pub fn mask_in_place(text: &mut [u8]) -> bool {
    let mut changed = false;
    for secret in secrets::find(text) {
        let secret = &mut text[secret];
        let kept = if secret.starts_with(ANTHROPIC) { ANTHROPIC.len() } else { 0 };
        for byte in secret[kept..].iter_mut().filter(|byte| !matches!(**byte, b'\n' | MASKED_BYTE))
        {
            *byte = MASKED_BYTE;
            changed = true;
        }
    }
    changed
}

/// Text that cannot begin a workflow command of GitHub: `::error::` must not come out at the start
/// of a line.
pub(crate) fn defuse(text: &str) -> String {
    let colons = text.len() - text.trim_start_matches(':').len();
    if colons < 2 {
        text.to_owned()
    } else {
        format!("{}{}", ": ".repeat(colons - 1), &text[colons - 1..])
    }
}

/// Puts a mask in the place of every secret, and of every run of masked bytes.
fn mask(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut masked = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for secret in secrets::find(bytes) {
        masked.extend_from_slice(&bytes[from..secret.start]);
        masked.extend_from_slice(MASK.as_bytes());
        from = secret.end;
    }
    masked.extend_from_slice(&bytes[from..]);
    String::from_utf8_lossy(&masked).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_stays() {
        for text in [
            "req_011CVJ7kQ4mZtR2wXyB8nPqs",
            "Fix external API key · ANTHROPIC_API_KEY",
            "Invalid X-Api-Key header value",
            "ANTHROPIC_API_KEY: not set",
            "This request uses basic authentication or a bearer credential",
            "https://status.claude.com/ ssh://git@github.com/x",
            "This request would exceed 30,000 input tokens per minute: max_tokens=4096",
            "asia-southeast1 asiapacificnorthwest task-force-of-the-year",
        ] {
            assert_eq!(sanitize(text), text);
        }
    }

    #[test]
    fn no_control_reaches_the_output() {
        assert_eq!(sanitize("a\x1b[31mb\u{202e}c\u{200b}\n\td"), "abc d");
        assert_eq!(sanitize("##[error]x"), "# #[error]x");
        assert_eq!(sanitize("##sk-ant-api03-x"), "# #[secret]");
        assert_eq!(sanitize("::error::x std::io :::"), ": :error::x std::io : : :");
    }

    #[test]
    fn names_keep_their_blanks() {
        assert_eq!(line("a  b/c\td\ne.log"), "a  b/c d e.log");
        assert_eq!(line("  ::error::x"), "  : :error::x");
        assert_eq!(line("logs/sk-ant-api03-AAAA.log"), "logs/[secret]");
    }

    #[test]
    fn a_secret_goes_on_behind_what_nobody_sees() {
        let mut text =
            "xoxp-0000000000-a0a0\u{200b}aA0A\u{200d}\u{feff}b0(x) y".to_owned().into_bytes();
        mask_in_place(&mut text);
        assert_eq!(sanitize(&String::from_utf8_lossy(&text)), "[secret](x) y");
    }

    #[test]
    fn masked_bytes_keep_lines_and_become_one_mask() {
        let mut text = b"key sk-ant-api03-AAAAAAAAAAAAAAAAAAAA\nB2B4 end".to_vec();
        let lines = text.split(|b| *b == b'\n').map(<[u8]>::len).collect::<Vec<_>>();
        mask_in_place(&mut text);
        assert_eq!(text.split(|b| *b == b'\n').map(<[u8]>::len).collect::<Vec<_>>(), lines);
        assert_eq!(sanitize(&String::from_utf8_lossy(&text)), "key [secret] end");
        assert_eq!(
            sanitize(&String::from_utf8_lossy(&text[..20])),
            "key [secret]",
            "however it is cut"
        );
    }
}
