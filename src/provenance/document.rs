//! Documents: records wherever JSON puts them. A record is a line of its own, one of the objects of an
//! array, or spread over lines with a stamp before each, as `claude-code-action` prints it.
//!
//! An object is one only where it begins at the start of a line or behind another one. What a window
//! cuts is judged by what is left of it: only messages of a stream stand before and behind others.
//! Every line is read a fixed number of times, however braces are nested.

use std::ops::Range;

use super::front::{Front, is_cut_speech};
use super::record::Record;
use super::verdict::State;
use crate::text::Clean;

/// How much of a line is read, in bytes: from its start on, and to either side of a finding. A line
/// may be endless, and full of findings.
pub(super) const LINE_BYTES: usize = 4 * 1024;
/// How far from a finding, in bytes of the input, its surroundings are looked at. A window of the
/// scan holds at least as much on either side.
pub(super) const NEAR_BYTES: usize = 12 * 1024;

/// What the text at an offset is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineKind {
    /// A field in which a client's record reports a failure.
    ErrorField(State),
    /// Any other field of a record, which is never evidence.
    OtherField,
    /// No record.
    Text,
}

/// A record in a text, or a part of one that is never evidence.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Document {
    /// Where it stands in the text.
    pub(super) span: Range<usize>,
    /// What it reports.
    pub(super) record: Record,
    /// It begins and ends on one line.
    pub(super) is_line: bool,
}

/// The documents of a window, in order and apart from each other.
pub(super) fn of_window(clean: &Clean) -> Vec<Document> {
    let mut finder = Finder { spread: Some(0), ..Finder::new(clean) };
    finder.find(0..clean.lines.len());
    if let Some(tail) = finder.tail() {
        finder.found.retain(|document| document.span.start >= tail);
        finder.found.insert(0, Document::silent(0..tail));
    }
    finder.found
}

/// The documents of these lines, each of which is looked at by itself. They are among those of every
/// window with the lines, unless a record that is spread over lines holds them.
pub(super) fn of_lines(clean: &Clean, lines: Range<usize>) -> Vec<Document> {
    let mut finder = Finder::new(clean);
    finder.find(lines);
    finder.found
}

/// Overwrites with blanks what the model, the user and tools say in the records of a text: it is no sign
/// of who reads it and of who answered.
pub(crate) fn blank_speech(clean: &mut Clean) {
    let speaks = |record: &Record| record.is_speech && record.error_fields.is_empty();
    for document in of_window(clean).into_iter().filter(|document| speaks(&document.record)) {
        let said = clean.text[document.span].iter_mut();
        said.filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
    }
}

/// The document at an offset of the text.
pub(super) fn at(documents: &[Document], at: usize) -> Option<&Document> {
    let next = documents.partition_point(|document| document.span.start <= at);
    documents[..next].last().filter(|document| document.span.contains(&at))
}

impl Document {
    /// What the text at an offset of the document is part of.
    pub(super) fn kind(&self, at: usize) -> LineKind {
        let at = at - self.span.start;
        if self.record.error_fields.iter().any(|field| field.contains(&at)) {
            LineKind::ErrorField(self.record.state.unwrap_or(State::Terminal))
        } else {
            LineKind::OtherField
        }
    }

    /// A part of a record that is never evidence.
    fn silent(span: Range<usize>) -> Self {
        Self { span, record: Record::default(), is_line: false }
    }
}

/// Looks for documents line by line.
struct Finder<'t> {
    clean: &'t Clean,
    text: &'t [u8],
    found: Vec<Document>,
    /// The first line on which an object may begin that ends on another one; `None` once there is none.
    spread: Option<usize>,
    /// Bytes of objects of other programs that may be looked into, for records that they hold.
    left: usize,
}

impl<'t> Finder<'t> {
    fn new(clean: &'t Clean) -> Self {
        let (text, found) = (clean.text.as_slice(), Vec::new());
        Self { clean, text, found, spread: None, left: 4 * text.len() }
    }

    fn find(&mut self, lines: Range<usize>) {
        let mut line = lines.start;
        while line < lines.end {
            line = self.objects(line);
        }
    }

    /// Takes the objects that begin on a line; returns the next line to look at.
    fn objects(&mut self, line: usize) -> usize {
        let span = self.clean.lines[line].start..self.clean.lines[line].end;
        let mut at = span.start + separators(&self.text[span.clone()]);
        while at < span.end && self.text[at] == b'{' {
            match Front::of(&self.text[at..span.end]) {
                Front::Object(length, record) => {
                    let end = at + length;
                    let next = end + separators(&self.text[end..span.end]);
                    // Behind an object stands another one or nothing.
                    if next < span.end && self.text[next] != b'{' {
                        break;
                    }
                    let record =
                        record.map(|record| Document { span: at..end, record, is_line: true });
                    self.found.extend(record);
                    at = next;
                }
                Front::Cut if self.spread.is_some_and(|from| from <= line) => {
                    return self.spread(line, at);
                }
                _ => break,
            }
        }
        if span.len() >= NEAR_BYTES {
            self.cut_line(at..span.end);
        }
        line + 1
    }

    /// Takes the object that begins at an offset of a line and goes on behind it; returns the next line
    /// to look at.
    fn spread(&mut self, line: usize, at: usize) -> usize {
        match Front::of(&self.text[at..]) {
            Front::Object(length, Some(record)) => {
                self.found.push(Document { span: at..at + length, record, is_line: false });
                self.clean.line_of(at + length - 1) + 1
            }
            Front::Object(length, None) => {
                match self.left.checked_sub(length) {
                    Some(left) => self.left = left,
                    None => self.spread = Some(self.clean.line_of(at + length - 1) + 1),
                }
                line + 1
            }
            // What is inside of it is looked at line by line.
            Front::Cut => {
                self.spread = None;
                self.cut(at..self.text.len());
                line + 1
            }
            Front::Broken(offset) => {
                self.spread = Some(self.clean.line_of(at + offset).max(line + 1));
                line + 1
            }
        }
    }

    /// Takes an object that ends behind the window. A short piece of a line may be a report that a
    /// terminal or a log cut.
    fn cut(&mut self, span: Range<usize>) {
        let text = &self.text[span.clone()];
        let is_pretty = text.get(1).is_none_or(|byte| *byte == b'\n');
        if (is_pretty || text.len() >= NEAR_BYTES) && is_cut_speech(text) {
            let record = Record { is_message: true, ..Record::default() };
            self.found.push(Document { record, ..Document::silent(span) });
        }
    }

    /// Takes the messages in a line that is so long that windows cut it: an array on one line.
    fn cut_line(&mut self, line: Range<usize>) {
        let mut at = line.start;
        while let Some(next) = memchr::memmem::find(&self.text[at..line.end], b"{\"") {
            let start = at + next;
            // The quotes of a string that holds JSON are escaped; one that ends in a brace is not.
            let follows = start == line.start || b"[, ".contains(&self.text[start - 1]);
            at = start + 1;
            if !follows {
                continue;
            }
            let read = match Front::of(&self.text[start..line.end]) {
                Front::Object(length, record) => {
                    at = start + length;
                    if let Some(record) = record.filter(|record| record.is_message) {
                        self.found.push(Document { span: start..at, record, is_line: true });
                    }
                    length
                }
                Front::Cut => return self.cut(start..line.end),
                Front::Broken(offset) => offset,
            };
            let Some(left) = self.left.checked_sub(read) else { return };
            self.left = left;
        }
    }

    /// Where the tail of a record ends that began before the window, if it begins with one: messages
    /// follow it.
    fn tail(&self) -> Option<usize> {
        let message = self.found.iter().find(|document| document.record.is_message)?;
        let (start, line) = (message.span.start, self.clean.line_of(message.span.start));
        let first = self.clean.line(0);
        if line <= 1 && first.len().min(start) >= LINE_BYTES {
            let before = self.text[..start].trim_ascii_end();
            return (before.ends_with(b"},") || before.ends_with(b"}")).then_some(start);
        }
        if line == 0 {
            return None;
        }
        let level = self.level(line)?;
        let mut lines = 0..=line;
        let opens =
            |line: &usize| self.clean.line(*line) == b"{" && self.level(*line) <= Some(level);
        let first = lines.find(opens)?;
        let is_json = |line: usize| {
            let text = self.clean.line(line);
            let is_cut = line == 0 && text.len() >= LINE_BYTES;
            is_cut || text.first().is_some_and(|byte| b"\"{}[]0123456789-tfn".contains(byte))
        };
        let closes = |line: usize| self.clean.line(line).starts_with(b"}");
        (first > 0 && closes(first - 1) && (0..first).all(is_json))
            .then(|| self.clean.lines[first].start)
    }

    /// The indentation of a line, in blanks; `None` if the line is empty.
    fn level(&self, line: usize) -> Option<usize> {
        let prefix = self.clean.prefix(line);
        let blanks = prefix.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        (!self.clean.line(line).is_empty()).then_some(blanks)
    }
}

/// The length of what may stand before an object and behind one: the marks of an array.
fn separators(text: &[u8]) -> usize {
    text.iter().take_while(|byte| matches!(byte, b'[' | b',' | b']' | b' ' | b'\t')).count()
}
