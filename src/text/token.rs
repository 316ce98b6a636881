//! Tokens: strings of bytes that a form knows by their kind, such as the name of a logger.

/// A set of bytes, as bits.
pub(super) type ByteSet = [u64; 4];

/// The longest token, in bytes.
const MAX_TOKEN: usize = 400;

/// The kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// `<word>`: ASCII letters.
    Word,
    /// `<hex>`: 7 to 40 hexadecimal digits in lower case, with a letter and a number among them.
    Hex,
    /// `<name>`: a logger, a module, a program: letters, digits, and what joins them.
    Name,
    /// `<path>`: a file: no blanks or quotes, and an extension.
    Path,
    /// `<token>`: anything without a blank.
    Any,
    /// `<column>`: a column of a table: anything up to a tab.
    Column,
}

/// Whether a byte is in a set.
pub(super) fn has(set: &ByteSet, byte: u8) -> bool {
    set[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
}

/// Letters, digits and what joins them in the names of loggers and modules.
const NAME: ByteSet = set(b"_.$/@+*~#-", true);
/// What a path is made of: all bytes but blanks, quotes and redirections.
const PATH: ByteSet = {
    let none = set(b" \t\n\x0b\x0c\r\"'`<>|", false);
    [!none[0], !none[1], !none[2], !none[3]]
};

/// The set of these bytes, with all ASCII letters and digits or without.
const fn set(bytes: &[u8], alphanumeric: bool) -> ByteSet {
    let mut set = [0; 4];
    let mut byte = 0;
    while byte < 256 {
        let mut is = alphanumeric && (byte as u8).is_ascii_alphanumeric();
        let mut n = 0;
        while n < bytes.len() {
            is |= bytes[n] as usize == byte;
            n += 1;
        }
        if is {
            set[byte >> 6] |= 1 << (byte & 63);
        }
        byte += 1;
    }
    set
}

impl TokenKind {
    /// Whether a byte may be part of such a token.
    pub(super) fn has(self, byte: u8) -> bool {
        match self {
            Self::Word => byte.is_ascii_alphabetic(),
            Self::Hex => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            Self::Name => has(&NAME, byte),
            Self::Path => has(&PATH, byte),
            Self::Any => !matches!(byte, b' ' | b'\t'..=b'\r'),
            Self::Column => !matches!(byte, b'\t'..=b'\r'),
        }
    }

    /// The most bytes at the front of a text that such a token may take.
    pub(super) fn longest(self, text: &[u8]) -> usize {
        let text = &text[..text.len().min(MAX_TOKEN)];
        if self == Self::Column {
            // Few lines have a tab.
            return memchr::memchr(b'\t', text).unwrap_or(0);
        }
        let mut len = 0;
        loop {
            len += text[len..].iter().take_while(|byte| self.has(**byte)).count();
            // `agent::pool` is one name.
            match &text[len..] {
                [b':', b':', next, ..] if self == Self::Name && len > 0 && self.has(*next) => {
                    len += 2;
                }
                _ => return len,
            }
        }
    }

    /// Whether a string of the right bytes is such a token.
    pub(super) fn is(self, token: &[u8]) -> bool {
        match self {
            Self::Word | Self::Name | Self::Any | Self::Column => true,
            Self::Hex => {
                let (digit, letter) = (u8::is_ascii_digit, u8::is_ascii_alphabetic);
                (7..=40).contains(&token.len())
                    && token.iter().any(digit)
                    && token.iter().any(letter)
            }
            Self::Path => has_extension(token),
        }
    }
}

/// Whether a path ends in an extension: a dot, a letter and up to seven letters or digits.
fn has_extension(path: &[u8]) -> bool {
    let Some(dot) = memchr::memrchr(b'.', path) else { return false };
    let extension = &path[dot + 1..];
    (1..=8).contains(&extension.len())
        && extension.iter().all(u8::is_ascii_alphanumeric)
        && extension[0].is_ascii_alphabetic()
}
