//! Everything around the findings of one window that tells whose words they are; worked out once
//! per window.

use std::cell::{Cell, OnceCell};
use std::ops::Range;

use super::head::with_head;
use super::lead_in::{LeadIn, begins_report, lead_in, marked};
use super::names::{self, List};
use super::quote;
use super::record::Record;
use super::speech::{Speaker, Words};
use super::voice::Voice;
use super::{Evidence, State};
use crate::matching::Finding;
use crate::prefilter::{Name, Names};
use crate::text::{Clean, Skeleton, search};

/// How far, in lines, a word that names Claude or another vendor reaches.
const NEAR: usize = 150;
/// How much of a line is looked at: from its start on, and to either side of a finding. A line may
/// be endless, and full of findings.
const LINE: usize = 4 * 1024;
/// How far in bytes, and how much of a block is looked at. What is not a cell of the scan away is
/// not near.
const NEAR_BYTES: usize = 12 * 1024;

/// Where who is named in a text, ascending.
#[derive(Default)]
struct Named {
    /// Claude.
    claude: Vec<usize>,
    /// A library or service through which Claude is called.
    callers: Vec<usize>,
    /// Another vendor.
    foreign: Vec<usize>,
}

impl Named {
    fn of(text: &[u8]) -> Self {
        let mut named = Self::default();
        names::find(text, |list, at| match list {
            List::Claude => named.claude.push(at),
            List::Caller => named.callers.push(at),
            List::Foreign => named.foreign.push(at),
        });
        named
    }
}

/// The surroundings of one window.
pub struct Context<'a> {
    /// The window's text.
    pub clean: &'a Clean,
    /// The text was given as an argument.
    pub argument: bool,
    /// The text is the whole input, and short enough to be nothing but a message.
    pub alone: bool,
    records: Vec<(usize, Record)>,
    /// For each line whose words it is.
    words: Vec<Words>,
    /// Who is named, once somebody asks: what is quoted counts for nothing, whoever is named.
    named: OnceCell<Named>,
    /// The last line of which was asked whether it quotes, and the answer: one line may have many
    /// findings.
    quoting: Cell<Option<(usize, bool)>>,
    /// Likewise of which was asked who is named in its block.
    in_block: Cell<Option<(usize, [bool; 3])>>,
    /// For each line the block it belongs to.
    blocks: Vec<usize>,
    /// What is named around the text, where that is only a spot of a window.
    around: Names,
}

impl<'a> Context<'a> {
    /// Looks around in a window.
    pub fn new(clean: &'a Clean, argument: bool, alone: bool) -> Self {
        let mut context = Self::bare(clean, argument, alone);
        let mut speaker = Speaker::new();
        let mut block = 0;
        for (index, line) in clean.lines.iter().enumerate() {
            let text = clean.line(index);
            if let Some(record) = Record::parse(text) {
                context.records.push((index, record));
            }
            context.words.push(speaker.next(line, text));
            if index > 0
                && begins_block(line.lead.bullet || line.lead.quote, line.lead.indented, text)
            {
                block += 1;
            }
            context.blocks.push(block);
        }
        context
    }

    /// Takes a spot of a window, and what is named around it, for the best that its surroundings
    /// can say of a finding: lines are a program's report unless they themselves say otherwise, and
    /// who is named at all is named in the very block.
    pub fn of_spot(clean: &'a Clean, around: Names) -> Self {
        let mut context = Self { around, ..Self::bare(clean, false, false) };
        for index in 0..clean.lines.len() {
            if let Some(record) = Record::parse(clean.line(index)) {
                context.records.push((index, record));
            }
            context.words.push(Words::Report);
            context.blocks.push(index);
        }
        context
    }

    fn bare(clean: &'a Clean, argument: bool, alone: bool) -> Self {
        let (records, words, blocks) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            clean,
            argument,
            alone,
            records,
            words,
            named: OnceCell::new(),
            quoting: Cell::default(),
            in_block: Cell::default(),
            blocks,
            around: Names::default(),
        }
    }

    fn named(&self) -> &Named {
        self.named.get_or_init(|| Named::of(&self.clean.text))
    }

    /// Who speaks at an offset.
    pub(super) fn voice(&self, line: usize, at: usize) -> Voice {
        let Ok(found) = self.records.binary_search_by_key(&line, |(line, _)| *line) else {
            return Voice::Text;
        };
        let record = &self.records[found].1;
        let column = at - self.clean.lines[line].start;
        if record.voices.iter().any(|voice| voice.contains(&column)) {
            Voice::Record(record.state.unwrap_or(State::Terminal))
        } else {
            Voice::Silent
        }
    }

    /// Whether a finding stands in quoted text: on a line that only quotes, between quotation marks
    /// in a sentence, or in what the model, the user or a tool says.
    pub(super) fn quoted(&self, line: usize, finding: &Finding, evidence: Evidence) -> bool {
        let before = self.before(finding);
        let text = self.clean.line(line);
        let text = &text[..text.len().min(LINE)];
        if quote::is_dump(text) {
            return false;
        }
        match self.words[line] {
            Words::Quotation => true,
            _ if self.quotes(line, text) => true,
            _ if marked(before) || self.ticked(finding) => true,
            Words::Report => false,
            // `⏺ API Error: …` and `⏺ Agent "x" failed: …` are the client's; what else the model
            // says is not.
            Words::Speech { first } => {
                let reports = lead_in(before) == LeadIn::Client && !before.contains(&b'"')
                    || before.ends_with(b"failed: ")
                    || before.ends_with(b"rror: ");
                let (start, _) = self.block_lines(line);
                let goes_on = !first
                    && self.words[start] == Words::Speech { first: true }
                    && begins_report(self.clean.line(start));
                !(reports || (first && evidence >= Evidence::Alone) || goes_on)
            }
            Words::Tool { first } => {
                !(first && evidence >= Evidence::Alone && finding.needs.is_none())
            }
        }
    }

    /// Whether a line, of which this is the text, is of a kind that only quotes.
    fn quotes(&self, line: usize, text: &[u8]) -> bool {
        if let Some((_, quotes)) = self.quoting.get().filter(|(known, _)| *known == line) {
            return quotes;
        }
        let quotes = quote::is_quoted(text);
        self.quoting.set(Some((line, quotes)));
        quotes
    }

    /// What stands before a finding on its line.
    fn before(&self, finding: &Finding) -> &[u8] {
        let line = self.clean.lines[self.clean.line_of(finding.start)];
        &self.clean.text[line.start.max(finding.start.saturating_sub(LINE))..finding.start]
    }

    /// Whether a finding is set in back-ticks in a sentence: `` `API Error: 529` means … ``.
    fn ticked(&self, finding: &Finding) -> bool {
        let line = self.clean.lines[self.clean.line_of(finding.start)];
        let after = &self.clean.text[finding.end.min(line.end)..line.end.min(finding.end + LINE)];
        let before = self.before(finding);
        let whole =
            before.ends_with(b"`") && !self.clean.text[finding.start..finding.end].contains(&b'`');
        let close = memchr::memchr(b'`', after).filter(|_| whole);
        close.is_some_and(|close| after[close..].iter().any(u8::is_ascii_alphabetic))
    }

    /// Whether Claude is named nearby.
    pub fn claude_near(&self, line: usize) -> bool {
        self.around.has(Name::Claude)
            || self.near(&self.named().claude, line, self.lines_near(line))
    }

    /// Whether Claude is named nearby, and nothing on the line says that another host is meant; or
    /// named in the very block.
    pub(super) fn claude_beside(&self, line: usize, at: usize) -> bool {
        self.claude_in_block(line) || (self.claude_near(line) && !self.foreign_host(line, at))
    }

    /// Whether a line names, around an offset, a host on the way to which Claude would not be:
    /// `Could not resolve host: registry.example.org`.
    pub(super) fn foreign_host(&self, line: usize, at: usize) -> bool {
        const BEFORE: &[&str] = &[
            "://",
            " to ",
            "host: ",
            "host '",
            "ENOTFOUND ",
            "EAI_AGAIN ",
            "ECONNREFUSED ",
            "connection to ",
            "host ",
        ];
        const OURS: &[&str] = &[
            "anthropic",
            "claude",
            "amazonaws",
            "googleapis",
            "azure",
            "gateway",
            "proxy",
            "litellm",
            "openrouter",
        ];
        let line = self.clean.lines[line];
        let text = String::from_utf8_lossy(
            &self.clean.text[line.start.max(at.saturating_sub(LINE))..line.end.min(at + LINE)],
        );
        BEFORE
            .iter()
            .flat_map(|before| text.match_indices(before).map(|(at, word)| at + word.len()))
            .any(|at| {
                let host: String = text[at..]
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || ".-".contains(*c))
                    .collect();
                let name = host.rsplit_once('.').is_some_and(|(_, end)| {
                    end.len() >= 2 && end.bytes().all(|b| b.is_ascii_alphabetic())
                });
                name && !OURS.iter().any(|ours| host.to_ascii_lowercase().contains(ours))
            })
    }

    /// Whether the input is nothing but a few words that somebody typed.
    pub(super) fn brief(&self) -> bool {
        self.argument
            || self.alone
                && self.clean.text.len() <= 600
                && self.clean.lines.iter().filter(|line| line.end > line.start).count() <= 4
    }

    /// Whether the finding's lines are the whole input.
    pub(super) fn only(&self, finding: &Finding) -> bool {
        let lines = self.clean.line_of(finding.start)
            ..=self.clean.line_of(finding.end.max(finding.start + 1) - 1);
        self.alone
            && self
                .clean
                .lines
                .iter()
                .enumerate()
                .all(|(index, line)| line.start == line.end || lines.contains(&index))
    }

    /// Whether the block of a line names a library or service through which Claude is called, and
    /// nothing near it another vendor.
    pub(super) fn caller(&self, line: usize) -> bool {
        let named =
            self.around.has(Name::Caller) || self.named_in_block(line)[List::Caller as usize];
        named && !self.near(&self.named().foreign, line, self.lines_near(line))
    }

    /// Whether the block of a line names Claude.
    pub(super) fn claude_in_block(&self, line: usize) -> bool {
        self.around.has(Name::Claude) || self.named_in_block(line)[List::Claude as usize]
    }

    /// Whether the block of a line names another vendor and not Claude.
    pub(super) fn foreign(&self, line: usize) -> bool {
        self.named_in_block(line)[List::Foreign as usize] && !self.claude_in_block(line)
    }

    /// Whether another vendor is named before a finding on its line.
    pub(super) fn foreign_before(&self, finding: &Finding) -> bool {
        let mut foreign = false;
        names::find(self.before(finding), |list, _| foreign |= list == List::Foreign);
        foreign
    }

    /// Who is named in the block of a line: Claude, a library through which it is called, another
    /// vendor. A short block is looked through then and there: the rest of the window is only
    /// searched for what is merely near.
    fn named_in_block(&self, line: usize) -> [bool; 3] {
        if let Some((_, named)) = self.in_block.get().filter(|(known, _)| *known == line) {
            return named;
        }
        let block = self.block_span(line);
        let mut named = [false; 3];
        if block.len() > LINE {
            let Named { claude, callers, foreign } = self.named();
            named = [claude, callers, foreign]
                .map(|offsets| self.near(offsets, line, self.block_lines(line)));
        } else {
            let here = self.clean.raw(self.clean.lines[line].start);
            names::find(&self.clean.text[block.clone()], |list, at| {
                named[list as usize] |=
                    self.clean.raw(block.start + at).abs_diff(here) <= NEAR_BYTES;
            });
        }
        self.in_block.set(Some((line, named)));
        named
    }

    /// The lines around one that are near.
    fn lines_near(&self, line: usize) -> (usize, usize) {
        (line.saturating_sub(NEAR), (line + NEAR).min(self.clean.lines.len() - 1))
    }

    /// Whether a sorted list has an offset in a range of lines, of which only that is looked at
    /// which is near this line.
    fn near(&self, offsets: &[usize], line: usize, (first, last): (usize, usize)) -> bool {
        let (from, upto) = (self.clean.lines[first].start, self.clean.lines[last].end);
        let here = self.clean.raw(self.clean.lines[line].start);
        let near = |at: &&usize| self.clean.raw(**at).abs_diff(here) <= NEAR_BYTES;
        offsets[offsets.partition_point(|at| *at < from)..]
            .iter()
            .take_while(|at| **at < upto)
            .any(|at| near(&at))
    }

    /// The block of a line: lines that were printed as one thing.
    pub fn block(&self, line: usize) -> usize {
        self.blocks[line]
    }

    fn block_lines(&self, line: usize) -> (usize, usize) {
        let block = self.blocks[line];
        let first = self.blocks.partition_point(|b| *b < block);
        let last = self.blocks.partition_point(|b| *b <= block) - 1;
        (first, last)
    }

    /// Where in the text the block of a line lies.
    pub fn block_span(&self, line: usize) -> Range<usize> {
        let (first, last) = self.block_lines(line);
        self.clean.lines[first].start..self.clean.lines[last].end
    }

    /// The text of the block of a line, with the head of the response whose body it is.
    pub fn response_text(&self, line: usize) -> &[u8] {
        let lines = with_head(self.clean, self.block_lines(line));
        &self.clean.text[self.clean.lines[*lines.start()].start..self.clean.lines[*lines.end()].end]
    }

    /// The text of the block of a line.
    pub fn block_text(&self, line: usize) -> &[u8] {
        &self.clean.text[self.block_span(line)]
    }

    /// How a finding outside of records is set on its line.
    pub(super) fn rendering(&self, finding: &Finding) -> Evidence {
        let line = self.clean.lines[self.clean.line_of(finding.start)];
        let before = self.before(finding);
        let own = &self.clean.text[finding.start..finding.end];
        let skeleton = Skeleton::new(before).bytes;
        // The API's error object, also without its envelope:
        // `{"type":"overloaded_error","message":"…`.
        if search::contains(&skeleton, "type:error,error:{")
            || skeleton.ends_with(b"_error,message:")
        {
            return Evidence::Record;
        }
        // What a client began to report it reports to the end of the block: the body of a page, the
        // lines of an object.
        let (first, _) = self.block_lines(self.clean.line_of(finding.start));
        let near =
            self.clean.raw(line.start).abs_diff(self.clean.raw(self.clean.lines[first].start))
                <= NEAR_BYTES;
        match lead_in(before) {
            _ if self.around.has(Name::Client)
                || (near && begins_report(self.clean.line(first))) =>
            {
                Evidence::Rendered
            }
            _ if own.starts_with(b"API Error") && !before.ends_with(b"[") => Evidence::Rendered,
            LeadIn::Client => Evidence::Rendered,
            LeadIn::None | LeadIn::Error => Evidence::Alone,
            LeadIn::Text => Evidence::Inline,
        }
    }

    /// Nothing else stands on the line of a finding but a lead-in before and punctuation or advice
    /// after it.
    pub(super) fn own_line(&self, finding: &Finding) -> bool {
        let line = self.clean.lines[self.clean.line_of(finding.end.max(finding.start + 1) - 1)];
        let after = &self.clean.text[finding.end.min(line.end)..line.end.min(finding.end + LINE)];
        let mut after = after.trim_ascii();
        // The tags of an error page are its punctuation.
        while let Some(close) = after.strip_prefix(b"<").and_then(|tag| memchr::memchr(b'>', tag)) {
            after = after[close + 2..].trim_ascii();
        }
        // `Failed to authenticate. API Error: …`: what follows says whose words these are.
        after.starts_with(b". API Error")
            || after.iter().all(|b| b.is_ascii_punctuation() && !b"([{".contains(b))
            || after.starts_with("·".as_bytes())
            || after.starts_with("∙".as_bytes())
    }
}

/// A line begins something new unless it is indented, closes a bracket, or is one more field of a
/// printed object.
fn begins_block(mark: bool, indented: bool, text: &[u8]) -> bool {
    if mark {
        return true;
    }
    match text.first() {
        None => true,
        // Closing brackets, and the body of an error page.
        Some(b'}' | b']' | b')' | b'<') => false,
        Some(b'"') => !text.windows(2).take(64).any(|pair| pair == b"\":"),
        Some(_) => !indented,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_that_are_not_ours() {
        for (line, foreign) in [
            ("curl: (6) Could not resolve host: registry.example.org", true),
            ("curl: (7) Failed to connect to intranet.example.com port 443", true),
            ("curl: (6) Could not resolve host: claude-gateway.corp.internal", false),
            ("connect ECONNREFUSED 127.0.0.1:443", false),
            ("request to https://api.anthropic.com/v1/messages failed", false),
        ] {
            let clean = Clean::new(line.as_bytes());
            assert_eq!(Context::new(&clean, false, false).foreign_host(0, 0), foreign, "{line}");
        }
    }

    #[test]
    fn blocks_follow_the_layout() {
        let clean = Clean::new(
            "Error: x\n    at y {\n  status: 1\n}\nnext\n⎿ item\n   wrapped\n\"a\": 1,\n\"b\": 2"
                .as_bytes(),
        );
        let context = Context::new(&clean, false, false);
        assert_eq!(context.blocks, [0, 0, 0, 0, 1, 2, 2, 2, 2]);
    }
}
