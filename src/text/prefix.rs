//! What stands before the text of a line without being part of it: stamps, levels, names of loggers
//! and containers, gutters, bullets, borders of boxes and marks of quotation.
//!
//! What loggers and collectors print is a known form, never a distance: `<stamp> - <name> - <level> - `
//! ends there, and does not reach for a dash in the message. The forms and marks are data
//! (`catalog/provenance.toml`); this is how they are taken off, piece by piece.

use std::borrow::Cow;

use super::form::Forms;
use super::layout::Layout;

/// A list of data, borrowed from the program for the built-in one.
type List<T> = Cow<'static, [T]>;

/// Everything that may stand before a text.
#[derive(Clone, Debug, Default)]
pub struct Prefixes {
    /// The lists that forms name.
    pub lists: List<Forms>,
    /// What loggers and collectors print first.
    pub first: Forms,
    /// What they print behind that: the same, and what follows a stamp or a level.
    pub behind: Forms,
    /// For a rule, by its index, what is none although it is laid out so.
    pub never: List<(u16, Forms)>,
    /// Marks that begin an item on the client's screen.
    pub bullets: List<Cow<'static, str>>,
    /// Those of them that begin what somebody says.
    pub speech: List<Cow<'static, str>>,
    /// Borders of boxes and trees, which continue what stands around them.
    pub borders: List<Cow<'static, str>>,
}

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

/// Pieces that a prefix may have; the bound keeps a line of a million borders cheap.
const PIECES: usize = 12;
/// How much of a line may be prefix, in bytes.
const REACH: usize = 512;

impl Prefixes {
    /// The part of `line` before its text.
    pub fn lead(&self, line: &[u8]) -> Lead {
        self.lead_by(line, |_| {})
    }

    /// The same; reports the index of each provenance rule that took a piece.
    pub fn lead_by(&self, line: &[u8], mut report: impl FnMut(u16)) -> Lead {
        let mut lead = Lead { inset: blanks(line) > 0, ..Lead::default() };
        for _ in 0..PIECES {
            let rest = &line[lead.len..];
            let blanks = blanks(rest);
            if blanks > 0 {
                // One blank belongs to the mark before it.
                lead.indented = blanks > 1 || lead.len == 0;
                lead.len += blanks;
                continue;
            }
            if let Some(len) = mark(rest, &self.bullets) {
                // An emoji may carry a variation selector.
                let selector = rest[len..].starts_with("\u{fe0f}".as_bytes());
                lead.len += len + if selector { "\u{fe0f}".len() } else { 0 };
                lead.bullet = true;
                lead.speech |= mark(rest, &self.speech).is_some();
                lead.indented = false;
            } else if let Some(len) = mark(rest, &self.borders) {
                lead.len += len;
            } else if rest.starts_with(b"> ") || rest == b">" {
                lead.len += 1;
                lead.quote = true;
                lead.speech = true;
                lead.indented = false;
            } else if rest.starts_with(b"| ") && !is_row(rest) {
                lead.len += 1;
            } else if let Some((rule, len)) = self.piece(rest, lead.stamp) {
                report(rule);
                lead.len += len;
                lead.stamp = true;
                lead.indented = false;
            } else {
                break;
            }
        }
        lead
    }

    /// The longest piece of a logger's prefix at the front of a text: its rule and its length.
    fn piece(&self, text: &[u8], stamped: bool) -> Option<(u16, usize)> {
        let layout = Layout::new(&self.lists, &text[..text.len().min(REACH)]);
        let never = |len: usize, of: u16| {
            let mut rules = self.never.iter().filter(|(rule, _)| *rule == of);
            rules.any(|(_, forms)| Layout::new(&self.lists, &text[..len]).is(forms))
        };
        let forms = if stamped { &self.behind } else { &self.first };
        let piece = layout.front(forms, |len, of| !never(len, of));
        piece.map(|(len, rule)| (rule, len))
    }

    /// The length of what stands before the text of a line that goes on from the line before it:
    /// blanks, borders, marks of quotation.
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

    /// The length of the text of `line` without trailing blanks and box borders.
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

/// The length of the mark at the front of a text; all marks lie beyond ASCII.
fn mark(text: &[u8], marks: &[Cow<'static, str>]) -> Option<usize> {
    text.first().filter(|first| **first >= 0x80)?;
    marks.iter().find(|mark| text.starts_with(mark.as_bytes())).map(|mark| mark.len())
}

/// Whether a line is a row of a table, whose first bar is no margin: `| a | b |`.
fn is_row(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    line.last() == Some(&b'|') && memchr::memchr_iter(b'|', line).nth(2).is_some()
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
