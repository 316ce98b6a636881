//! Everything around the findings of one window that tells whose words they are; worked out once per window.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::record::Record;
use super::speech::{Speaker, Words};
use super::voice::Voice;
use super::{Evidence, State};
use crate::catalog::Catalog;
use crate::matching::Finding;
use crate::text::{Clean, Skeleton};

/// How far, in lines, a word that names Claude reaches.
const NEAR: usize = 150;

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
    /// Lines that name Claude, ascending.
    claude: Vec<usize>,
    /// Lines that name a library or service through which Claude is called, ascending.
    callers: Vec<usize>,
    /// Lines that name another vendor, ascending.
    foreign: Vec<usize>,
    /// For each line the block it belongs to.
    blocks: Vec<usize>,
}

/// The names of `catalog/context.toml`.
struct Names {
    searcher: AhoCorasick,
    /// For each pattern the list it is from.
    lists: Vec<List>,
}

/// The lists, as indices of [`LISTS`].
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Claude,
    Caller,
    Foreign,
}

const LISTS: [(&str, List); 3] = [("caller", List::Caller), ("claude", List::Claude), ("foreign", List::Foreign)];

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let all: Vec<(&str, List)> = LISTS.iter().flat_map(|&(name, list)| Catalog::context(name).iter().map(move |word| (*word, list))).collect();
    let words = all.iter().map(|(word, _)| word);
    // The slowest searcher is the quickest to build, and most runs search one message with it.
    let searcher = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostFirst)
        .kind(Some(AhoCorasickKind::NoncontiguousNFA))
        .build(words)
        .expect("a few dozen short words");
    Names { searcher, lists: all.iter().map(|(_, list)| *list).collect() }
});

impl<'a> Context<'a> {
    /// Looks around in a window.
    pub fn new(clean: &'a Clean, argument: bool, alone: bool) -> Self {
        let mut context = Self {
            clean,
            argument,
            alone,
            records: Vec::new(),
            words: Vec::new(),
            claude: Vec::new(),
            callers: Vec::new(),
            foreign: Vec::new(),
            blocks: Vec::new(),
        };
        let mut speaker = Speaker::new();
        let mut block = 0;
        for (index, line) in clean.lines.iter().enumerate() {
            let text = clean.line(index);
            if let Some(record) = Record::parse(text) {
                context.records.push((index, record));
            }
            context.words.push(speaker.next(line, text));
            if index > 0 && begins_block(line.lead.bullet || line.lead.quote, line.lead.indented, text) {
                block += 1;
            }
            context.blocks.push(block);
        }
        for found in NAMES.searcher.find_iter(&clean.text) {
            let list = NAMES.lists[found.pattern().as_usize()];
            let lines = match list {
                List::Claude => &mut context.claude,
                List::Caller => &mut context.callers,
                List::Foreign => &mut context.foreign,
            };
            let line = clean.line_of(found.start());
            if lines.last() != Some(&line) && (list != List::Foreign || is_word(&clean.text, found.start(), found.end())) {
                lines.push(line);
            }
        }
        context
    }

    /// Who speaks at an offset.
    pub(super) fn voice(&self, line: usize, at: usize) -> Voice {
        let Ok(found) = self.records.binary_search_by_key(&line, |(line, _)| *line) else {
            return Voice::Text;
        };
        let record = &self.records[found].1;
        let column = at - self.clean.lines[line].start;
        if record.voices.iter().any(|voice| voice.contains(&column)) { Voice::Record(record.state.unwrap_or(State::Terminal)) } else { Voice::Silent }
    }

    /// Whether a finding stands in quoted text: on a line that only quotes, between quotation marks in a sentence, or in what the
    /// model, the user or a tool says.
    pub(super) fn quoted(&self, line: usize, finding: &Finding, evidence: Evidence) -> bool {
        let before = &self.clean.text[self.clean.lines[line].start..finding.start];
        match self.words[line] {
            Words::Quotation => true,
            _ if marked(before) => true,
            Words::Report => false,
            // `⏺ API Error: …` and `⏺ Agent "x" failed: …` are the client's; what else the model says is not.
            Words::Speech { first } => {
                let reports =
                    lead_in(before) == LeadIn::Client && !before.contains(&b'"') || before.ends_with(b"failed: ") || before.ends_with(b"rror: ");
                let (start, _) = self.block_lines(line);
                let goes_on = !first
                    && self.words[start] == Words::Speech { first: true }
                    && lead_in(&self.clean.line(start)[..self.clean.line(start).len().min(24)]) != LeadIn::Text;
                !(reports || (first && evidence >= Evidence::Alone) || goes_on)
            }
            Words::Tool { first } => !(first && evidence >= Evidence::Alone && finding.needs.is_none()),
        }
    }

    /// Whether Claude is named nearby.
    pub fn claude_near(&self, line: usize) -> bool {
        near(&self.claude, line.saturating_sub(NEAR), line + NEAR)
    }

    /// Whether Claude is named nearby, and nothing on the line says that another host is meant; or named in the very block.
    pub(super) fn claude_beside(&self, line: usize) -> bool {
        let (first, last) = self.block_lines(line);
        near(&self.claude, first, last) || (self.claude_near(line) && !self.foreign_host(line))
    }

    /// Whether a line names a host on the way to which Claude would not be: `Could not resolve host: registry.example.org`.
    pub(super) fn foreign_host(&self, line: usize) -> bool {
        const BEFORE: &[&str] = &["://", " to ", "host: ", "host '", "ENOTFOUND ", "EAI_AGAIN ", "ECONNREFUSED ", "connection to ", "host "];
        const OURS: &[&str] = &["anthropic", "claude", "amazonaws", "googleapis", "azure", "gateway", "proxy", "litellm", "openrouter"];
        let text = String::from_utf8_lossy(self.clean.line(line));
        BEFORE.iter().flat_map(|before| text.match_indices(before).map(|(at, word)| at + word.len())).any(|at| {
            let host: String = text[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || ".-".contains(*c)).collect();
            let name = host.rsplit_once('.').is_some_and(|(_, end)| end.len() >= 2 && end.bytes().all(|b| b.is_ascii_alphabetic()));
            name && !OURS.iter().any(|ours| host.to_ascii_lowercase().contains(ours))
        })
    }

    /// Whether the input is nothing but a few words that somebody typed.
    pub(super) fn brief(&self) -> bool {
        self.argument || self.alone && self.clean.text.len() <= 600 && self.clean.lines.iter().filter(|line| line.end > line.start).count() <= 4
    }

    /// Whether the finding's lines are the whole input.
    pub(super) fn only(&self, finding: &Finding) -> bool {
        let lines = self.clean.line_of(finding.start)..=self.clean.line_of(finding.end.max(finding.start + 1) - 1);
        self.alone && self.clean.lines.iter().enumerate().all(|(index, line)| line.start == line.end || lines.contains(&index))
    }

    /// Whether the line names a library or service through which Claude is called.
    pub(super) fn caller(&self, line: usize) -> bool {
        self.callers.binary_search(&line).is_ok()
    }

    /// Whether the block of a line names another vendor and not Claude.
    pub(super) fn foreign(&self, line: usize) -> bool {
        let (first, last) = self.block_lines(line);
        near(&self.foreign, first, last) && !near(&self.claude, first, last)
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

    /// The text of the block of a line.
    pub fn block_text(&self, line: usize) -> &[u8] {
        let (first, last) = self.block_lines(line);
        &self.clean.text[self.clean.lines[first].start..self.clean.lines[last].end]
    }

    /// How a finding outside of records is set on its line.
    pub(super) fn rendering(&self, finding: &Finding) -> Evidence {
        let line = self.clean.lines[self.clean.line_of(finding.start)];
        let before = &self.clean.text[line.start..finding.start];
        let own = &self.clean.text[finding.start..finding.end];
        let skeleton = Skeleton::new(before).bytes;
        if memchr::memmem::find(&skeleton, b"type:error,error:{").is_some() {
            return Evidence::Record;
        }
        match lead_in(before) {
            _ if own.starts_with(b"API Error") && !before.ends_with(b"[") => Evidence::Rendered,
            LeadIn::Client => Evidence::Rendered,
            LeadIn::None | LeadIn::Error => Evidence::Alone,
            LeadIn::Text => Evidence::Inline,
        }
    }

    /// Nothing else stands on the line of a finding but a lead-in before and punctuation or advice after it.
    pub(super) fn own_line(&self, finding: &Finding) -> bool {
        let line = self.clean.lines[self.clean.line_of(finding.end.max(finding.start + 1) - 1)];
        let after = &self.clean.text[finding.end.min(line.end)..line.end];
        let mut after = after.trim_ascii();
        // The tags of an error page are its punctuation.
        while let Some(close) = after.strip_prefix(b"<").and_then(|tag| memchr::memchr(b'>', tag)) {
            after = after[close + 2..].trim_ascii();
        }
        after.iter().all(|b| b.is_ascii_punctuation() && !b"([{".contains(b))
            || after.starts_with("·".as_bytes())
            || after.starts_with("∙".as_bytes())
            || after.starts_with(b". ")
    }
}

/// Whether a sorted list has a line in a range.
fn near(lines: &[usize], first: usize, last: usize) -> bool {
    lines.get(lines.partition_point(|line| *line < first)).is_some_and(|line| *line <= last)
}

/// Names of vendors are whole words; `claude` may well be part of `claude-code-router` or `CLAUDE_CODE_USE_BEDROCK`.
fn is_word(text: &[u8], start: usize, end: usize) -> bool {
    let word = |b: &u8| b.is_ascii_alphanumeric();
    let goes_on_before = start > 0 && word(&text[start - 1]);
    let goes_on_after = word(&text[end - 1]) && text.get(end).is_some_and(u8::is_ascii_alphabetic);
    !goes_on_before && !goes_on_after
}

/// A line begins something new unless it is indented, closes a bracket, or is one more field of a printed object.
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LeadIn {
    /// Nothing.
    None,
    /// `Error:` and the like.
    Error,
    /// `API Error: 400 `: only Claude's client says so.
    Client,
    /// Other text.
    Text,
}

/// Whether the text before a message opens a quotation inside a sentence: `the log says "`, but not `"result": "`.
fn marked(before: &[u8]) -> bool {
    let marks = |mark: &u8| b"\"`".contains(mark);
    let Some(open) = before.iter().rposition(marks) else { return false };
    let mark = before[open];
    let unclosed = before.iter().filter(|b| **b == mark).count() % 2 == 1;
    let head = before[..open].strip_suffix(b" (").map_or(&before[..open], |word| &before[..=word.len()]);
    let sentence = matches!(head, [.., b'a'..=b'z' | b'A'..=b'Z', b' ']);
    unclosed && sentence
}

/// What the text before a message says of it.
fn lead_in(before: &[u8]) -> LeadIn {
    const CLIENT: &[&str] = &[
        "API Error",
        "API error (",
        "API-Fehler",
        "Error de API",
        "Errore API",
        "Please run /login",
        "Failed to authenticate",
        "Request rejected (",
    ];
    // Gemini CLI puts its errors in brackets: `[API Error: …]`.
    if before.starts_with(b"[API Error") {
        return LeadIn::Text;
    }
    const MARKS: &[char] = &['"', '\'', '`', '(', '[', '{', '<', '*', ' ', '\t', ':', '-', '·', '∙', '—', '.', ',', '|', '❌', '✘', '\\', '→', '/'];
    const ERRORS: &[&str] =
        &["Error", "error", "ERROR", "Failed", "failed", "message", "msg", "result", "text", "reason", "detail", "Error code", "content", "err"];
    let text = String::from_utf8_lossy(before);
    // The client's words, unless somebody quotes them and goes on in other words.
    if let Some(after) = CLIENT.iter().filter_map(|lead| text.rfind(lead).map(|at| at + lead.len())).max()
        && !text[after..].trim_start_matches(':').starts_with(['"', '`', '\''])
    {
        return LeadIn::Client;
    }
    let mut text = text.trim_end_matches(MARKS);
    let mut seen = LeadIn::None;
    while !text.is_empty() {
        let digits = text.len() - text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let rest = if digits == 3 {
            Some(&text[..text.len() - 3])
        } else {
            ERRORS.iter().filter_map(|lead| text.strip_suffix(lead)).min_by_key(|rest| rest.len())
        };
        match rest {
            Some(rest) if !rest.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_') => text = rest.trim_end_matches(MARKS),
            _ => return LeadIn::Text,
        }
        seen = LeadIn::Error;
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lead_ins() {
        for before in [
            "API Error: ",
            "API Error: 400 ",
            "API Error (",
            "Failed to authenticate. API Error: 401 ",
            "Error: Claude Code returned an error result: API Error: 400 ",
        ] {
            assert_eq!(lead_in(before.as_bytes()), LeadIn::Client, "{before}");
        }
        for before in ["Error: ", "❌ Error: ", "\"result\": \"", "Error: 400 ", "error: "] {
            assert_eq!(lead_in(before.as_bytes()), LeadIn::Error, "{before}");
        }
        for before in ["bash: warning: ", "openai.APIConnectionError: ", "the ", "llama_generate: error: "] {
            assert_eq!(lead_in(before.as_bytes()), LeadIn::Text, "{before}");
        }
        assert_eq!(lead_in(b""), LeadIn::None);
    }

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
            assert_eq!(Context::new(&clean, false, false).foreign_host(0), foreign, "{line}");
        }
    }

    #[test]
    fn quotation_inside_a_sentence() {
        for before in ["The docs say \"", "when I see `", "it prints \"API Error: 401 ", "(see \""] {
            assert!(marked(before.as_bytes()), "{before}");
        }
        for before in ["", "\"", "\"result\": \"", "{\"type\":\"error\",\"message\":\"", "Error: \"", "Error: (\"", "the \"x\" failed: "] {
            assert!(!marked(before.as_bytes()), "{before}");
        }
    }

    #[test]
    fn the_word_lists_are_sorted_and_in_use() {
        for (name, _) in LISTS {
            let words = Catalog::context(name);
            assert!(words.is_sorted_by_key(|word| word.to_lowercase()) && !words.is_empty(), "{name} is sorted");
        }
    }

    #[test]
    fn blocks_follow_the_layout() {
        let clean = Clean::new("Error: x\n    at y {\n  status: 1\n}\nnext\n⎿ item\n   wrapped\n\"a\": 1,\n\"b\": 2".as_bytes());
        let context = Context::new(&clean, false, false);
        assert_eq!(context.blocks, [0, 0, 0, 0, 1, 2, 2, 2, 2]);
    }
}
