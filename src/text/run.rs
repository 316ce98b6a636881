//! Runs: the stretches of bytes that a form knows by their kind, such as the name of a logger.

/// Bytes, as bits.
pub(super) type Bytes = [u64; 4];

/// The longest run, in bytes.
const LONGEST: usize = 400;
/// The kinds of runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// ASCII letters.
    Word,
    /// 7 to 40 hexadecimal digits in lower case, letters and numbers among them.
    Hex,
    /// A logger, a module, a program: letters, digits, and what joins them.
    Name,
    /// A file: no blank, and an extension.
    Path,
    /// No blank.
    Token,
}

/// Whether a byte is in a set.
pub(super) fn has(set: &Bytes, byte: u8) -> bool {
    set[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
}

/// Letters, digits and what joins them in the names of loggers and modules.
const NAME: Bytes = set(b"_.$/@+*~#-", true);
/// What a path is made of: all but blanks and quotes.
const PATH: Bytes = {
    let none = set(b" \t\n\x0b\x0c\r\"'`<>|", false);
    [!none[0], !none[1], !none[2], !none[3]]
};

/// Bytes as bits, with letters and digits or without.
const fn set(bytes: &[u8], names: bool) -> Bytes {
    let mut set = [0; 4];
    let mut byte = 0;
    while byte < 256 {
        let mut is = names && (byte as u8).is_ascii_alphanumeric();
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

impl Run {
    /// Whether a byte may be part of such a run.
    pub(super) fn has(self, byte: u8) -> bool {
        match self {
            Self::Word => byte.is_ascii_alphabetic(),
            Self::Hex => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            Self::Name => has(&NAME, byte),
            Self::Path => has(&PATH, byte),
            Self::Token => !matches!(byte, b' ' | b'\t'..=b'\r'),
        }
    }

    /// How many bytes at the front of a text such a run may have.
    pub(super) fn reach(self, text: &[u8]) -> usize {
        let text = &text[..text.len().min(LONGEST)];
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

    /// Whether what has the right bytes is such a run.
    pub(super) fn is(self, run: &[u8]) -> bool {
        match self {
            Self::Word | Self::Name | Self::Token => true,
            Self::Hex => {
                let (digit, letter) = (u8::is_ascii_digit, u8::is_ascii_alphabetic);
                (7..=40).contains(&run.len()) && run.iter().any(digit) && run.iter().any(letter)
            }
            Self::Path => has_dot(run),
        }
    }
}

/// Whether something is written as a file is: with an extension of letters.
fn has_dot(path: &[u8]) -> bool {
    let Some(dot) = memchr::memrchr(b'.', path) else { return false };
    let extension = &path[dot + 1..];
    (1..=8).contains(&extension.len())
        && extension.iter().all(u8::is_ascii_alphanumeric)
        && extension[0].is_ascii_alphabetic()
}
