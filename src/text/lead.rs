//! What stands before the text of a line without being part of it: time stamps, log levels,
//! container names, gutters, bullets, box borders and quotation marks.
//!
//! Only what a log shipper, a CI system or the client's own screen puts there is told apart. The
//! name of a program (`npm error`, `fatal:`, `curl:`) is not: it says whose error this is.

/// What was found before a line's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "six independent observations of one line")]
pub struct Lead {
    /// Bytes before the text.
    pub len: usize,
    /// A bullet or prompt of the client (`⎿`, `●`, `❯`): something new begins here.
    pub bullet: bool,
    /// The mark of what the model or the user says (`⏺`, `●`, `❯`), as against what the client
    /// reports (`⎿`).
    pub speech: bool,
    /// A `> ` of quotation or of a prompt.
    pub quote: bool,
    /// A time stamp, level or container name.
    pub stamp: bool,
    /// The line begins with blanks.
    pub inset: bool,
    /// The text is indented (blanks after the last mark).
    pub indented: bool,
}

/// Marks that begin an item on the client's screen.
const BULLETS: &[&str] = &[
    "⎿", "⏺", "●", "✻", "✽", "✶", "✢", "∴", "✘", "✗", "✖", "❌", "■", "✕", "⚠", "›", "❯", "•", "└",
];
/// Those of them that begin what somebody says.
const SPEECH: &[&str] = &["⏺", "●", "❯", "›"];
/// Borders of boxes and trees, which continue what stands around them.
const BORDERS: &[&str] = &["│", "┃", "║", "▌", "▎", "┆", "╎"];

/// The part of `line` before its text.
pub fn lead(line: &[u8]) -> Lead {
    let mut lead = Lead { inset: blanks(line) > 0, ..Lead::default() };
    // A lead is a handful of marks; the bound keeps a line of a million borders cheap.
    for _ in 0..12 {
        let rest = &line[lead.len..];
        let blanks = blanks(rest);
        if blanks > 0 {
            // One blank belongs to the mark before it.
            lead.indented = blanks > 1 || lead.len == 0;
            lead.len += blanks;
            continue;
        }
        if let Some(len) = mark(rest, BULLETS) {
            // An emoji may carry a variation selector.
            lead.len += len + if rest[len..].starts_with("\u{fe0f}".as_bytes()) { 3 } else { 0 };
            lead.bullet = true;
            lead.speech |= SPEECH.iter().any(|mark| rest.starts_with(mark.as_bytes()));
            lead.indented = false;
        } else if let Some(len) = mark(rest, BORDERS) {
            lead.len += len;
        } else if rest.starts_with(b"> ") || rest == b">" {
            lead.len += 1;
            lead.quote = true;
            lead.speech = true;
            lead.indented = false;
        } else if rest.starts_with(b"| ") {
            lead.len += 1;
        } else if let Some(len) = stamp(rest)
            .or_else(|| level(rest))
            .or_else(|| if lead.len == 0 { container(rest) } else { None })
        {
            lead.len += len;
            lead.stamp = true;
            lead.indented = false;
        } else {
            break;
        }
    }
    lead
}

/// The length of the mark at the front of a text; all marks lie beyond ASCII.
fn mark(text: &[u8], marks: &[&str]) -> Option<usize> {
    text.first().filter(|first| **first >= 0x80)?;
    marks.iter().find(|mark| text.starts_with(mark.as_bytes())).map(|mark| mark.len())
}

/// The length of what stands before the text of a line that goes on from the line before it:
/// blanks, borders, marks of quotation.
pub fn margin(line: &[u8]) -> usize {
    let mut len = 0;
    loop {
        let rest = &line[len..];
        let border = BORDERS
            .iter()
            .find(|border| rest.starts_with(border.as_bytes()))
            .map_or(0, |border| border.len());
        let mark = usize::from(rest.starts_with(b"> ") || rest.starts_with(b"| "));
        match blanks(rest) + border + mark {
            0 => return len,
            more => len += if blanks(rest) > 0 { blanks(rest) } else { more },
        }
    }
}

/// The length of the text of `line` without trailing blanks and box borders.
pub fn text_end(line: &[u8]) -> usize {
    let mut end = line.len();
    loop {
        let text = &line[..end];
        if matches!(text.last(), Some(b' ' | b'\t' | b'\r')) {
            end -= 1;
        } else if text.ends_with("\u{a0}".as_bytes()) {
            end -= 2;
        } else if let Some(border) = BORDERS.iter().find(|b| text.ends_with(b.as_bytes())) {
            end -= border.len();
        } else {
            return end;
        }
    }
}

/// Leading blanks, the unbreakable kind included.
fn blanks(text: &[u8]) -> usize {
    let mut len = 0;
    loop {
        match &text[len..] {
            [b' ' | b'\t', ..] => len += 1,
            [0xc2, 0xa0, ..] => len += 2,
            _ => return len,
        }
    }
}

/// A date and time, or a time alone, with or without brackets, and what loggers put between it and
/// the text.
fn stamp(text: &[u8]) -> Option<usize> {
    let bracket = usize::from(text.first() == Some(&b'['));
    // Most lines begin with a word.
    if !text.get(bracket).is_some_and(|first| first.is_ascii_digit() || first.is_ascii_uppercase())
    {
        return None;
    }
    let mut reader = Reader { text, at: bracket };
    let dated = reader.date();
    if dated && !reader.eat_one(b"T ") {
        return None;
    }
    if !reader.clock() {
        return None;
    }
    if bracket == 1 {
        if !reader.eat(b"]") {
            return None;
        }
    } else if reader.at < text.len() && !matches!(text[reader.at], b' ' | b'\t') {
        return None;
    }
    // GitLab follows the stamp with a stream and a flag: `00O `, `01E+`.
    if let [b' ', b'0'..=b'9', b'0'..=b'9', b'O' | b'E', b' ' | b'+', ..] = &text[reader.at..] {
        reader.at += 5;
    }
    // Python's logging: ` - name:LEVEL: file.py:75 - `.
    if text[reader.at..].starts_with(b" - ") {
        let head = &text[reader.at + 3..text.len().min(reader.at + 163)];
        if let Some(dash) =
            memchr::memmem::rfind(head, b" - ").filter(|&dash| !head[..dash].contains(&b'{'))
        {
            reader.at += 3 + dash + 2;
        }
    } else if let Some(host) = syslog(&text[reader.at..]).filter(|_| bracket == 0) {
        reader.at += host;
    }
    Some(reader.at)
}

/// After a syslog or journald stamp: ` host program[123]:`.
fn syslog(text: &[u8]) -> Option<usize> {
    let colon = memchr::memchr(b':', &text[..text.len().min(96)])?;
    let words = text[..colon].split(|&b| b == b' ').filter(|w| !w.is_empty()).count();
    (words == 2 && text[..colon].ends_with(b"]")).then_some(colon + 1)
}

/// A log level in the forms that loggers write before a message.
fn level(text: &[u8]) -> Option<usize> {
    const LEVELS: &[&[u8]] = &[
        b"TRACE",
        b"DEBUG",
        b"INFO",
        b"NOTICE",
        b"WARN",
        b"WARNING",
        b"ERROR",
        b"ERR",
        b"CRITICAL",
        b"FATAL",
        b"error",
        b"info",
        b"warn",
        b"debug",
    ];
    if let Some(rest) = text.strip_prefix(b"##[") {
        return memchr::memchr(b']', &rest[..rest.len().min(16)]).map(|n| n + 4);
    }
    let inner = text.strip_prefix(b"[").unwrap_or(text);
    let bracket = text.len() - inner.len();
    // The longest level has eight letters; a word may be endless.
    let word = inner.iter().take(9).take_while(|b| b.is_ascii_alphabetic()).count();
    if !LEVELS.contains(&&inner[..word]) {
        return None;
    }
    let after = &inner[word..];
    match (bracket, after.first()) {
        (1, Some(b']')) => Some(word + 2),
        // `ERROR:module:` of Python's root logger; the module is one word.
        (0, Some(b':')) if inner[0].is_ascii_uppercase() => {
            let module = after[1..]
                .iter()
                .take(200)
                .take_while(|b| b.is_ascii_alphanumeric() || b"._-".contains(b))
                .count();
            (module > 0 && after.get(1 + module) == Some(&b':')).then_some(word + 2 + module)
        }
        _ => None,
    }
}

/// `web_1  | ` of docker compose, `[pod/name/container] ` of kubectl.
fn container(text: &[u8]) -> Option<usize> {
    if text.starts_with(b"[pod/") {
        return memchr::memchr(b']', &text[..text.len().min(200)]).map(|n| n + 1);
    }
    let name = text
        .iter()
        .take(64)
        .take_while(|b| b.is_ascii_alphanumeric() || b"._-".contains(b))
        .count();
    let gap = blanks(&text[name..]);
    (name > 0 && gap > 1 && text[name + gap..].starts_with(b"| ")).then_some(name + gap + 1)
}

/// Reads dates and times from the front of a line.
struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn eat(&mut self, word: &[u8]) -> bool {
        let found = self.text[self.at..].starts_with(word);
        self.at += if found { word.len() } else { 0 };
        found
    }

    fn eat_one(&mut self, any: &[u8]) -> bool {
        let found = self.text.get(self.at).is_some_and(|b| any.contains(b));
        self.at += usize::from(found);
        found
    }

    /// Digits, at least `least` and at most `most`; nothing is read where there are fewer.
    fn digits(&mut self, least: usize, most: usize) -> bool {
        let n = self.text[self.at..].iter().take(most).take_while(|b| b.is_ascii_digit()).count();
        self.at += if n >= least { n } else { 0 };
        n >= least
    }

    /// `2026-11-21`, `2026/11/21`, `26-11-21`, `Nov 21`; false and back at the start where there is
    /// none.
    fn date(&mut self) -> bool {
        let start = self.at;
        let month = matches!(
            self.text[start..].first_chunk(),
            Some(
                b"Jan"
                    | b"Feb"
                    | b"Mar"
                    | b"Apr"
                    | b"May"
                    | b"Jun"
                    | b"Jul"
                    | b"Aug"
                    | b"Sep"
                    | b"Oct"
                    | b"Nov"
                    | b"Dec"
            )
        );
        let found = if month {
            self.at += 3;
            self.eat(b" ") && (self.eat(b" ") | self.digits(1, 2))
        } else {
            self.digits(2, 4)
                && self.eat_one(b"-/")
                && self.digits(2, 2)
                && self.eat_one(b"-/")
                && self.digits(2, 4)
        };
        self.at = if found { self.at } else { start };
        found
    }

    /// `01:27:29`, `01:27:29.123Z`, `01:27:29,123 +0000`.
    fn clock(&mut self) -> bool {
        let found = self.digits(2, 2)
            && self.eat(b":")
            && self.digits(2, 2)
            && self.eat(b":")
            && self.digits(2, 2);
        if found {
            if self.eat_one(b".,") {
                self.digits(1, 9);
            }
            if !self.eat(b"Z") {
                let zone = self.at;
                let _ = self.eat(b" ");
                if !(self.eat_one(b"+-")
                    && self.digits(2, 4)
                    && (!self.eat(b":") || self.digits(2, 2)))
                {
                    self.at = zone;
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: &str) -> &str {
        &line[lead(line.as_bytes()).len..]
    }

    #[test]
    fn stamps_of_the_common_systems_are_told_apart() {
        for line in [
            "2026-08-09T14:02:11.4410071Z API Error: 1",
            "[26-03-10 09:41:17] API Error: 1",
            "[2026-03-10T09:41:17.123Z] API Error: 1",
            "2026-03-10 09:41:17,123 - openhands:ERROR: retry_mixin.py:47 - API Error: 1",
            "02:57:01 - openhands:ERROR: retry_mixin.py:47 - API Error: 1",
            "2026-03-10T09:41:17.123456Z 00O API Error: 1",
            "Nov 21 01:27:29 build-7 claude[812]: API Error: 1",
            "ERROR:anthropic.client:API Error: 1",
            "[ERROR] API Error: 1",
            "##[error]API Error: 1",
            "web_1  | API Error: 1",
            "[pod/agent-0/main] API Error: 1",
            "2026-08-09T14:02:11Z   ⎿  API Error: 1",
            "│ > API Error: 1",
            "  |   API Error: 1",
        ] {
            assert_eq!(text(line), "API Error: 1", "{line}");
        }
    }

    #[test]
    fn the_names_of_programs_are_text() {
        for line in [
            "npm error 429 Too Many Requests",
            "fatal: x",
            "12:30 lunch",
            "error: x",
            "2026 was a year",
            "a | b",
            "10:00:01x y",
        ] {
            assert_eq!(text(line), line);
        }
    }

    #[test]
    fn marks_are_reported() {
        let item = lead("  ⎿  x".as_bytes());
        assert!(item.bullet && item.indented && !item.quote);
        assert!(lead(b"> x").quote);
        assert!(lead(b"   x").indented && !lead(b"x").indented);
        assert_eq!(text_end("x  │ ".as_bytes()), 1);
    }
}
