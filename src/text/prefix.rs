//! Line prefixes: what stands before the text of a line without being part of it, such as stamps,
//! levels, names of loggers and containers, gutters, bullets, borders of boxes and marks of quotation.
//!
//! What loggers and collectors print is recognised by its form, never by a separator: `<stamp> - <name> -
//! <level> - ` ends after the level and does not reach for a dash in the message. The forms and marks
//! are data (`catalog/provenance.toml`); they are taken off one by one.

use std::borrow::Cow;

use super::form::Forms;
use super::layout::Layout;

/// A list of data, borrowed from the program for the built-in one.
type List<T> = Cow<'static, [T]>;

/// Everything that a line prefix may be made of.
#[derive(Clone, Debug, Default)]
pub struct Prefixes {
    /// The lists that forms name.
    pub lists: List<Forms>,
    /// What loggers and collectors print at the front of a line.
    pub first: Forms,
    /// What they print after a stamp or a level; the former included.
    pub behind: Forms,
    /// By the index of a rule: what has one of its forms and is no prefix all the same.
    pub never: List<(u16, Forms)>,
    /// Marks that begin an item on the client's screen.
    pub bullets: List<Cow<'static, str>>,
    /// Those bullets that begin what the model or the user says.
    pub speech: List<Cow<'static, str>>,
    /// Borders of boxes and trees.
    pub borders: List<Cow<'static, str>>,
}

/// The prefix of one line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "six independent observations of one line")]
pub struct LinePrefix {
    /// Its length in bytes.
    pub len: usize,
    /// It holds a bullet or prompt of the client (`⎿`, `●`, `❯`): something new begins here.
    pub bullet: bool,
    /// It holds the bullet of what the model or the user says (`⏺`, `●`, `❯`), not of what the client
    /// reports (`⎿`).
    pub speech: bool,
    /// It holds the `> ` of a quotation or a prompt.
    pub quote: bool,
    /// It holds a time stamp, a level or the name of a logger or container.
    pub stamp: bool,
    /// It begins with blanks.
    pub inset: bool,
    /// The text is indented: blanks follow the last mark.
    pub indented: bool,
}

/// The most marks and forms of a prefix, so that a line of a million borders costs little.
const MAX_ITEMS: usize = 12;
/// How much of a line is read for one form, in bytes.
const MAX_FORM: usize = 512;

impl Prefixes {
    /// Finds the prefix of a line.
    pub fn find(&self, line: &[u8]) -> LinePrefix {
        self.find_with(line, |_| {})
    }

    /// Finds the prefix of a line and reports the index of each provenance rule that has a form in it.
    pub fn find_with(&self, line: &[u8], mut report: impl FnMut(u16)) -> LinePrefix {
        let mut prefix = LinePrefix { inset: blanks(line) > 0, ..LinePrefix::default() };
        for _ in 0..MAX_ITEMS {
            let rest = &line[prefix.len..];
            let blanks = blanks(rest);
            if blanks > 0 {
                // One blank belongs to the mark before it.
                prefix.indented = blanks > 1 || prefix.len == 0;
                prefix.len += blanks;
                continue;
            }
            if let Some(len) = mark(rest, &self.bullets) {
                // An emoji may carry a variation selector.
                let selector = rest[len..].starts_with("\u{fe0f}".as_bytes());
                prefix.len += len + if selector { "\u{fe0f}".len() } else { 0 };
                prefix.bullet = true;
                prefix.speech |= mark(rest, &self.speech).is_some();
                prefix.indented = false;
            } else if let Some(len) = mark(rest, &self.borders) {
                prefix.len += len;
            } else if rest.starts_with(b"> ") || rest == b">" {
                prefix.len += 1;
                prefix.quote = true;
                prefix.speech = true;
                prefix.indented = false;
            } else if rest.starts_with(b"| ") && !is_row(rest) {
                prefix.len += 1;
            } else if let Some((rule, len)) = self.form(rest, prefix.stamp) {
                report(rule);
                prefix.len += len;
                prefix.stamp = true;
                prefix.indented = false;
            } else {
                break;
            }
        }
        prefix
    }

    /// The longest form of a logger's prefix at the front of a text: its rule and its length.
    fn form(&self, text: &[u8], stamped: bool) -> Option<(u16, usize)> {
        let layout = Layout::new(&self.lists, &text[..text.len().min(MAX_FORM)]);
        let never = |len: usize, owner: u16| {
            let mut rules = self.never.iter().filter(|(rule, _)| *rule == owner);
            rules.any(|(_, forms)| Layout::new(&self.lists, &text[..len]).is(forms))
        };
        let forms = if stamped { &self.behind } else { &self.first };
        let longest = layout.front(forms, |len, owner| !never(len, owner));
        longest.map(|(len, rule)| (rule, len))
    }

    /// The length of the margin of a line that goes on from the line before it: blanks, borders, marks
    /// of quotation.
    pub fn margin(&self, line: &[u8]) -> usize {
        let mut len = 0;
        loop {
            let rest = &line[len..];
            len += match blanks(rest) {
                0 if rest.starts_with(b"> ") || rest.starts_with(b"| ") => 1,
                0 => match mark(rest, &self.borders) {
                    Some(border) => border,
                    None => return len,
                },
                blanks => blanks,
            }
        }
    }

    /// The length of a line without the blanks and borders at its end.
    pub fn text_end(&self, line: &[u8]) -> usize {
        let mut end = line.len();
        loop {
            let text = &line[..end];
            if matches!(text.last(), Some(b' ' | b'\t' | b'\r')) {
                end -= 1;
            } else if text.ends_with("\u{a0}".as_bytes()) {
                end -= 2;
            } else if let Some(border) = self.borders.iter().find(|b| text.ends_with(b.as_bytes()))
            {
                end -= border.len();
            } else {
                return end;
            }
        }
    }
}

/// The length of the mark at the front of a text; no mark is ASCII.
fn mark(text: &[u8], marks: &[Cow<'static, str>]) -> Option<usize> {
    text.first().filter(|first| **first >= 0x80)?;
    marks.iter().find(|mark| text.starts_with(mark.as_bytes())).map(|mark| mark.len())
}

/// Whether a line is a row of a table, such as `| a | b |`, whose first bar is no margin.
fn is_row(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    line.last() == Some(&b'|') && memchr::memchr_iter(b'|', line).nth(2).is_some()
}

/// The length of the blanks at the front of a text, no-break spaces included.
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
