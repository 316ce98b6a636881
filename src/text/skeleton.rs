//! The skeleton of a text: what is left when everything is dropped in which two printings of one
//! message differ. UTS #39 uses the word in the same sense, for strings that look alike.
//!
//! Gone are blanks, line breaks, quotes, back-ticks and backslashes; letters are lower case; every
//! dash, dot and ellipsis is one kind. So a message matches whether it is wrapped inside a word,
//! boxed, quoted, a JSON string, a Python repr, an inspected object or JSON in JSON in JSON: all of
//! them have one skeleton, `{type:error,error:{type:overloaded_error,…`. In return `matching` has to
//! compare every match with the text: words may be broken only where a terminal breaks them.

use std::ops::Range;

/// A skeleton, and for each of its bytes the offset of the byte in the text.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Skeleton {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The offsets, ascending; as many as `bytes`.
    pub map: Vec<u32>,
}

/// The one byte that stands for every middle dot (`·` as Latin-1 has it; never part of valid UTF-8
/// on its own).
pub(crate) const DOT: u8 = 0xb7;

/// For each byte that is kept its lower case; 0 for what is dropped, [`OTHER`] for what needs a closer
/// look.
const CLASSES: [u8; 256] = {
    let mut classes = [OTHER; 256];
    let mut byte = 0x21;
    while byte < 0x7f {
        if !matches!(byte, b'\\' | b'-') {
            classes[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    let dropped = b" \t\n\r\"'`";
    let mut n = 0;
    while n < dropped.len() {
        classes[dropped[n] as usize] = 0;
        n += 1;
    }
    classes
};

/// Marks a byte that is neither kept nor dropped by itself.
const OTHER: u8 = 0xff;

/// What becomes of a byte of a text in its skeleton, as far as the byte alone tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ByteClass {
    /// It is kept, as this byte.
    Kept(u8),
    /// It is dropped.
    Dropped,
    /// That depends on its neighbours: an escape, a control, a character beyond ASCII.
    Unknown,
}

/// Classifies a byte of a text.
pub(crate) fn classify(byte: u8) -> ByteClass {
    match CLASSES[usize::from(byte)] {
        0 => ByteClass::Dropped,
        OTHER if byte == b'-' => ByteClass::Kept(byte),
        OTHER => ByteClass::Unknown,
        kept => ByteClass::Kept(kept),
    }
}

/// Whether a byte after a backslash makes an escape of JSON that the skeleton knows: a blank, or a
/// character by its number.
pub(crate) fn is_escape(byte: u8) -> bool {
    matches!(byte, b'n' | b'r' | b't' | b'u')
}

impl Skeleton {
    /// Makes the skeleton of a text.
    pub fn new(text: &[u8]) -> Self {
        Self::of(text, 0..text.len())
    }

    /// Makes the skeleton of a part of a text; its map leads into the whole.
    pub fn of(text: &[u8], part: Range<usize>) -> Self {
        let mut writer = Writer { bytes: vec![0; part.len()], map: vec![0; part.len()], used: 0 };
        let (mut at, text) = (part.start, &text[..part.end]);
        while at < text.len() {
            // Nearly every byte needs one table look-up. What is dropped is written, too, and then
            // written over: a wrongly predicted branch costs more.
            let class = CLASSES[usize::from(text[at])];
            if class == OTHER {
                at += writer.step(text, at);
            } else {
                writer.bytes[writer.used] = class;
                writer.map[writer.used] = at as u32;
                writer.used += usize::from(class != 0);
                at += 1;
            }
        }
        writer.bytes.truncate(writer.used);
        writer.map.truncate(writer.used);
        Self { bytes: writer.bytes, map: writer.map }
    }
}

/// A skeleton that is being written. No skeleton is longer than its text.
struct Writer {
    bytes: Vec<u8>,
    map: Vec<u32>,
    used: usize,
}

impl Writer {
    fn push(&mut self, bytes: &[u8], at: usize) {
        for &byte in bytes {
            // Dashes in a row are one dash, as in `--` for `—`.
            if byte != b'-' || self.used == 0 || self.bytes[self.used - 1] != b'-' {
                self.bytes[self.used] = byte;
                self.map[self.used] = at as u32;
                self.used += 1;
            }
        }
    }

    /// Takes the character or escape at `at`; returns its length.
    fn step(&mut self, text: &[u8], at: usize) -> usize {
        match text[at] {
            b'\\' => self.escape(text, at),
            byte if byte < 0x80 => {
                self.push(&[byte.to_ascii_lowercase()], at);
                1
            }
            _ => self.wide(text, at),
        }
    }

    /// Takes the backslashes at `at` and what they escape, as often as that is escaped: a line break is
    /// dropped like a blank, `\u00b7` is its character. Returns the length.
    fn escape(&mut self, text: &[u8], at: usize) -> usize {
        let backslashes = text[at..].iter().take_while(|&&b| b == b'\\').count();
        let rest = &text[at + backslashes..];
        match rest.first() {
            Some(b'n' | b'r' | b't') => backslashes + 1,
            Some(b'u') => {
                let code = rest
                    .get(1..5)
                    .and_then(|hex| std::str::from_utf8(hex).ok())
                    .and_then(|hex| u32::from_str_radix(hex, 16).ok());
                let Some(c) = code.and_then(char::from_u32) else {
                    return backslashes;
                };
                let mut buffer = [0; 4];
                let decoded = c.encode_utf8(&mut buffer).as_bytes();
                match (decoded, alias(decoded)) {
                    (_, Some((bytes, _))) => self.push(bytes, at),
                    ([b' ' | b'"' | b'\'' | b'`' | b'\\' | 0..0x20], None) => {}
                    (bytes, None) => {
                        for byte in bytes {
                            self.push(&[byte.to_ascii_lowercase()], at);
                        }
                    }
                }
                backslashes + 5
            }
            _ => backslashes,
        }
    }

    /// Takes a character beyond ASCII; returns its length.
    fn wide(&mut self, text: &[u8], at: usize) -> usize {
        let rest = &text[at..text.len().min(at + 8)];
        if let Some((bytes, len)) = alias(rest) {
            self.push(bytes, at);
            return len;
        }
        self.push(&[text[at]], at);
        1
    }
}

/// Characters that stand for plainer ones, and what they look like after UTF-8 was read as
/// Windows-1252.
#[rustfmt::skip]
const ALIASES: &[(&str, &[u8])] = &[
    ("·", &[DOT]), ("∙", &[DOT]), ("•", &[DOT]), ("⋅", &[DOT]), ("Â·", &[DOT]), ("â€¢", &[DOT]), ("âˆ™", &[DOT]),
    ("—", b"-"), ("–", b"-"), ("‐", b"-"), ("‑", b"-"), ("−", b"-"), ("â€”", b"-"), ("â€“", b"-"),
    ("…", b"..."), ("â€¦", b"..."),
    ("‘", b""), ("’", b""), ("“", b""), ("”", b""), ("′", b""), ("â€™", b""), ("â€˜", b""), ("â€œ", b""), ("â€\u{9d}", b""),
    ("\u{a0}", b""), ("\u{202f}", b""), ("\u{200b}", b""), ("\u{200c}", b""), ("\u{200d}", b""), ("\u{feff}", b""), ("\u{fe0f}", b""), ("Â\u{a0}", b""),
    ("：", b":"), ("（", b"("), ("）", b")"), ("，", b","), ("＄", b"$"),
];

/// The first two bytes of all aliases, the second ones by the first: most characters beyond ASCII are
/// ruled out here.
const ALIAS_STARTS: [(u8, &[u8]); 4] = [
    (0xc2, &[0xa0, 0xb7]),
    (0xc3, &[0x82, 0xa2]),
    (0xe2, &[0x80, 0x88, 0x8b]),
    (0xef, &[0xb8, 0xbb, 0xbc]),
];

/// The plainer form of the character at the front of `text` and the length it replaces.
fn alias(text: &[u8]) -> Option<(&'static [u8], usize)> {
    let &[first, second, ..] = text else { return None };
    ALIAS_STARTS.iter().find(|(start, seconds)| *start == first && seconds.contains(&second))?;
    ALIASES
        .iter()
        .filter(|(from, _)| text.starts_with(from.as_bytes()))
        .max_by_key(|(from, _)| from.len())
        .map(|(from, to)| (*to, from.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<u8> {
        Skeleton::new(text.as_bytes()).bytes
    }

    #[test]
    fn every_form_of_an_error_object_has_one_skeleton() {
        let expected = of("{type:error,error:{type:overloaded_error}}");
        for form in [
            r#"{"type":"error","error":{"type":"overloaded_error"}}"#,
            "{'type': 'error', 'error': {'type': 'overloaded_error'}}",
            r#"{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}"#,
            r#"{\\\"type\\\":\\\"error\\\",\\\"error\\\":{\\\"type\\\":\\\"overloaded_error\\\"}}"#,
            "{\n  \"type\": \"error\",\n  \"error\": {\n    \"type\": \"overloaded_\n    error\"\n  }\n}",
        ] {
            assert_eq!(of(form), expected, "{form}");
        }
    }

    #[test]
    fn quotes_dots_dashes_and_mojibake_are_one() {
        let expected = of("You've hit it · resets 3am - now");
        for form in [
            "You’ve hit it ∙ resets 3am — now",
            "Youâ€™ve hit it Â· resets 3am â€” now",
            r"You\u2019ve hit it \u00b7 resets 3am -- now",
        ] {
            assert_eq!(of(form), expected, "{form}");
        }
        assert_eq!(of("a…"), b"a...");
        assert_eq!(of(r"a\nb"), b"ab");
        assert_eq!(of("API Error：x"), b"apierror:x");
    }

    #[test]
    fn every_alias_is_among_the_starts() {
        for (from, _) in ALIASES {
            assert!(alias(from.as_bytes()).is_some(), "{from:?}");
        }
    }

    #[test]
    fn the_map_ascends() {
        let text = "a\u{a0}· \u{1f642} \\u00b7é".as_bytes();
        let skeleton = Skeleton::new(text);
        assert_eq!(skeleton.bytes.len(), skeleton.map.len());
        assert!(skeleton.map.windows(2).all(|w| w[0] <= w[1]));
        assert!(skeleton.map.iter().all(|&at| (at as usize) < text.len()));
    }
}
