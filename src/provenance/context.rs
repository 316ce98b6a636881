//! Everything around the findings of one window that tells whose words they are; worked out once a
//! window.

use std::cell::{Cell, OnceCell};
use std::ops::Range;

use super::block;
use super::record::Record;
use super::region::{self, Place};
use super::vendor::{Named, Speakers};
use super::{Evidence, Judge, State};
use crate::catalog::provenance::{Mark, Provenance, Speaker, Topic, Words};
use crate::matching::{Finding, Kind};
use crate::search::{NameKind, NameSet};
use crate::text::layout::Layout;
use crate::text::{Clean, object};

/// How far, in lines, a word that names Claude or another vendor reaches.
const NEAR: usize = 150;
/// How much of a line is looked at: from its start on, and to either side of a finding. A line may
/// be endless, and full of findings.
pub(super) const LINE: usize = 4 * 1024;
/// How far in bytes, and how much of a block is looked at. What is not a block of the scan away is
/// not near.
const NEAR_BYTES: usize = 12 * 1024;
/// How many lines an answer may stand below the address that was asked.
const ASKED: usize = 12;
/// The same in bytes: the search looks no further for what an address has to do with.
const ASKED_BYTES: usize = 3 * 1024;
/// An input of no more bytes, and of no more lines, is something that a person typed.
const TYPED: (usize, usize) = (600, 4);

/// Who speaks at a place of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    /// A record's own words about a failure.
    Record(State),
    /// A field of a record that is never evidence.
    Silent,
    /// Ordinary text.
    Text,
}

/// The surroundings of one window.
pub struct Context<'a> {
    /// What is known of provenance.
    pub(super) judge: &'a Judge<'a>,
    /// The window's text.
    pub clean: &'a Clean,
    /// The text was given as an argument.
    pub argument: bool,
    /// The text is the whole input, and short enough to be nothing but a message.
    pub alone: bool,
    records: Vec<(usize, Record)>,
    /// For each line where it stands.
    pub(super) places: Vec<Place>,
    /// For each line the block it belongs to.
    blocks: Vec<usize>,
    /// Where in the text the objects of lists begin: each is a unit of its own.
    objects: Vec<usize>,
    /// Who is named, once somebody asks: what is quoted counts for nothing, whoever is named.
    named: OnceCell<Vec<Named>>,
    /// The last line of which was asked whether its form quotes, with what evidence, and the answer.
    pub(super) quoted: Cell<Option<(usize, Evidence, Option<u16>)>>,
    /// What is named around the text, where that is only a part of a window.
    pub(super) around: NameSet,
}

impl<'a> Context<'a> {
    /// Looks around in a window.
    pub fn new(judge: &'a Judge<'a>, clean: &'a Clean, argument: bool, alone: bool) -> Self {
        let mut context = Self::bare(judge, clean, argument, alone);
        context.places = region::places(judge.rules(), clean);
        context.blocks = block::blocks(clean);
        context
    }

    /// Takes a part of a window, and what is named around it, for the best that its surroundings can
    /// say of a finding: lines are a program's report unless they themselves say otherwise, and who
    /// is named at all is named in the very block.
    pub fn of_part(judge: &'a Judge<'a>, clean: &'a Clean, around: NameSet) -> Self {
        let mut context = Self { around, ..Self::bare(judge, clean, false, false) };
        context.places = vec![Place::Open; clean.lines.len()];
        context.blocks = (0..clean.lines.len()).collect();
        context
    }

    fn bare(judge: &'a Judge<'a>, clean: &'a Clean, argument: bool, alone: bool) -> Self {
        let lines = 0..clean.lines.len();
        let record = |index| Some((index, Record::parse(clean.line(index))?));
        Self {
            judge,
            clean,
            argument,
            alone,
            records: lines.filter_map(record).collect(),
            places: Vec::new(),
            blocks: Vec::new(),
            objects: object::starts(clean),
            named: OnceCell::new(),
            quoted: Cell::default(),
            around: NameSet::default(),
        }
    }

    /// The rules.
    pub fn rules(&self) -> &Provenance {
        self.judge.rules()
    }

    /// Who speaks at an offset of a line.
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

    /// What stands before a finding on its line, or in its object of a list.
    pub(super) fn before(&self, finding: &Finding) -> &[u8] {
        let line = self.clean.lines[self.clean.line_of(finding.start)].start;
        let object = self.objects.partition_point(|start| *start <= finding.start);
        let object = object.checked_sub(1).map_or(0, |index| self.objects[index]);
        let start = line.max(object).max(finding.start.saturating_sub(LINE));
        &self.clean.text[start..finding.start]
    }

    /// The rule by which a form before a finding says who speaks, and who.
    pub(super) fn speaks_before(&self, finding: &Finding) -> Option<(u16, Speaker)> {
        let rules = self.rules();
        let before = self.before(finding);
        // Of a class the speaker is named behind it: `litellm.RateLimitError: XaiException - `.
        let class = finding.kind == Kind::Class;
        let line = self.clean.lines[self.clean.line_of(finding.start)];
        let end = if class { line.end.min(finding.end + LINE) } else { finding.end };
        let said = &self.clean.text[finding.start - before.len()..end.max(finding.start)];
        let lists = &rules.prefixes.lists;
        let unit = || &self.clean.text[self.unit_span(finding.start)];
        let own = |name: &[u8]| memchr::memmem::find(unit(), name).is_some();
        let mut first: Option<u16> = None;
        let mut note = |layout: &Layout<'_>, begins: bool| {
            layout.whose(&rules.speakers, |index| {
                let rule = &rules.rules[usize::from(index)];
                let sooner = first.is_none_or(|known| index < known);
                let speaks = !begins || rule.mark == Some(Mark::Tool);
                let speaks = speaks && !layout.is(&rule.never);
                if sooner && speaks && !rule.without.iter().any(|name| own(name.as_bytes())) {
                    first = Some(index);
                }
            });
        };
        note(&Layout::new(lists, said), false);
        // Who begins to speak speaks to the end of the block.
        let head = self.block_head(finding.start).unwrap_or_default();
        note(&Layout::new(lists, &head[..head.len().min(LINE)]), true);
        first.and_then(|index| Some((index, rules.rules[usize::from(index)].speaks?)))
    }

    /// Whether a number is what the API answered: its address stands in the block, or shortly before
    /// without an answer of its own, or the line says so in words: `Claude API returned 529`.
    pub(super) fn answered_by_api(&self, line: usize, finding: &Finding) -> bool {
        let lists = &self.rules().prefixes.lists;
        let before = Layout::new(lists, self.before(finding));
        let end = self.clean.lines[line].end;
        let after = &self.clean.text[finding.end.min(end)..end.min(finding.end + LINE)];
        let goes_on = matches!(after, [b' ', b'a'..=b'z', ..]);
        let after = Layout::new(lists, after);
        if self.named_in_block(line).endpoint {
            return true;
        }
        self.rules().of(Topic::Endpoint).any(|(_, rule)| {
            let asked = || self.asked(line);
            !goes_on && before.is(&rule.forms)
                || after.is(&rule.ends)
                || !goes_on && before.is(&rule.goes_on) && asked()
        })
    }

    /// Whether an address of the API stands on one of the lines before, on which no success is said.
    pub(super) fn asked(&self, line: usize) -> bool {
        let first = line.saturating_sub(ASKED);
        let span = self.clean.lines[first].start..self.clean.lines[line].end;
        let last = self.among(self.clean.lines[line].start, &span).filter(|name| name.endpoint);
        let here = self.clean.raw(self.clean.lines[line].start);
        let close = |name: &Named| self.clean.raw(name.at).abs_diff(here) <= ASKED_BYTES;
        let last = last.filter(close).last();
        last.is_some_and(|named| {
            let text = self.clean.line(self.clean.line_of(named.at));
            let success = |word: &[u8]| matches!(word, [b'2', a, b] if a.is_ascii_digit() && b.is_ascii_digit());
            !text.split(|byte| !byte.is_ascii_alphanumeric()).any(success)
        })
    }

    /// Whether another vendor is named before a finding on its line.
    pub(super) fn other_before(&self, finding: &Finding) -> bool {
        let mut other = false;
        let mut note = |named: Named| other |= named.speaker == Speaker::Other;
        self.judge.vendors().find(self.before(finding), &mut note);
        self.judge.vendors().find(self.clean.prefix(self.clean.line_of(finding.start)), &mut note);
        other
    }

    /// Whether Claude is named nearby.
    pub fn claude_near(&self, line: usize) -> bool {
        self.around.has(NameKind::Claude) || self.near(line).has(Speaker::Claude)
    }

    /// Whether the block of a line names Claude.
    pub(super) fn claude_in_block(&self, line: usize) -> bool {
        self.named_in_block(line).has(Speaker::Claude)
    }

    /// Whether the block of a line names something through which Claude is called, and nothing near
    /// it another vendor.
    pub(super) fn caller(&self, line: usize) -> bool {
        let named =
            self.around.has(NameKind::Caller) || self.named_in_block(line).has(Speaker::Caller);
        named && !self.near(line).has(Speaker::Other)
    }

    /// Whether a line names, around an offset, a host on the way to which Claude would not be:
    /// `Could not resolve host: registry.example.org`.
    pub(super) fn foreign_host(&self, line: usize, at: usize) -> bool {
        let rules = self.rules();
        let line = self.clean.lines[line];
        let text =
            &self.clean.text[line.start.max(at.saturating_sub(LINE))..line.end.min(at + LINE)];
        let text = String::from_utf8_lossy(text);
        let mut endpoint = false;
        self.judge.vendors().find(text.as_bytes(), |named| endpoint |= named.endpoint);
        let hosts = rules.words(Words::Host).iter();
        let hosts = hosts.flat_map(|before| {
            text.match_indices(before.as_ref()).map(|(at, word)| at + word.len())
        });
        !endpoint && { hosts }.any(|at| {
            let host =
                text[at..].split(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-');
            let host = host.into_iter().next().unwrap_or_default().to_ascii_lowercase();
            let name = host.rsplit_once('.').is_some_and(|(_, end)| {
                end.len() >= 2 && end.bytes().all(|b| b.is_ascii_alphabetic())
            });
            name && !rules.words(Words::Relay).iter().any(|own| host.contains(own.as_ref()))
        })
    }

    /// Whether the input is nothing but a few words that somebody typed.
    pub(super) fn brief(&self) -> bool {
        let lines = || self.clean.lines.iter().filter(|line| line.end > line.start).count();
        self.argument || self.alone && self.clean.text.len() <= TYPED.0 && lines() <= TYPED.1
    }

    /// Whether the finding's lines are the whole input.
    pub(super) fn only(&self, finding: &Finding) -> bool {
        let last = finding.end.max(finding.start + 1) - 1;
        let lines = self.clean.line_of(finding.start)..=self.clean.line_of(last);
        let outside = |(index, line): (usize, &crate::text::Line)| {
            line.start == line.end || lines.contains(&index)
        };
        self.alone && self.clean.lines.iter().enumerate().all(outside)
    }

    fn named(&self) -> &[Named] {
        self.named.get_or_init(|| {
            let mut named = Vec::new();
            self.judge.vendors().find(&self.clean.text, |name| named.push(name));
            for (index, line) in self.clean.lines.iter().enumerate().filter(|(_, l)| l.prefix.stamp)
            {
                let lead = self.clean.prefix(index);
                let at = line.start;
                self.judge.vendors().find(lead, |name| named.push(Named { at, ..name }));
            }
            named.sort_by_key(|named| named.at);
            named
        })
    }

    /// Who is named in the unit of a line.
    pub(super) fn named_in_block(&self, line: usize) -> Speakers {
        let at = self.clean.lines[line].start;
        let mut speakers = Speakers::default();
        if self.around.has(NameKind::Claude) {
            speakers.claude();
        }
        self.among(at, &self.unit_span(at)).for_each(|named| speakers.add(named));
        speakers
    }

    /// Who is named near a line.
    fn near(&self, line: usize) -> Speakers {
        let (first, last) =
            (line.saturating_sub(NEAR), (line + NEAR).min(self.clean.lines.len() - 1));
        let span = self.clean.lines[first].start..self.clean.lines[last].end;
        let mut speakers = Speakers::default();
        self.among(self.clean.lines[line].start, &span).for_each(|named| speakers.add(named));
        speakers
    }

    /// The names in a part of the text that are near an offset.
    fn among<'s>(
        &'s self,
        at: usize,
        span: &Range<usize>,
    ) -> impl Iterator<Item = Named> + use<'s> {
        let (named, end, here) = (self.named(), span.end, self.clean.raw(at));
        let first = named.partition_point(|named| named.at < span.start);
        let named = named[first..].iter().take_while(move |named| named.at < end);
        let near = move |named: &&Named| self.clean.raw(named.at).abs_diff(here) <= NEAR_BYTES;
        named.filter(near).copied()
    }

    /// The unit of an offset, ascending: lines that were printed as one thing, and of a list of
    /// objects each.
    pub fn unit(&self, at: usize) -> usize {
        self.blocks[self.clean.line_of(at)] + self.objects.partition_point(|start| *start <= at)
    }

    /// Where in the text the unit of an offset lies.
    pub fn unit_span(&self, at: usize) -> Range<usize> {
        let (first, last) = self.block_lines(self.clean.line_of(at));
        let block = self.clean.lines[first].start..self.clean.lines[last].end;
        let next = self.objects.partition_point(|start| *start <= at);
        let start = next.checked_sub(1).map_or(0, |index| self.objects[index]);
        let end = self.objects.get(next).copied().unwrap_or(usize::MAX);
        block.start.max(start)..block.end.min(end)
    }

    /// The lines of the block of a line.
    pub fn block_lines(&self, line: usize) -> (usize, usize) {
        let block = self.blocks[line];
        let first = self.blocks.partition_point(|b| *b < block);
        let last = self.blocks.partition_point(|b| *b <= block) - 1;
        (first, last)
    }

    /// The first line of the block of an offset, unless that is far away.
    pub(super) fn block_head(&self, at: usize) -> Option<&[u8]> {
        let line = self.clean.line_of(at);
        let (first, _) = self.block_lines(line);
        let raw = |line: usize| self.clean.raw(self.clean.lines[line].start);
        (raw(line).abs_diff(raw(first)) <= NEAR_BYTES).then(|| self.clean.line(first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    /// What a context says of a text.
    fn of<T>(text: &str, what: impl Fn(&Context<'_>) -> T) -> T {
        let catalog = Catalog::builtin();
        let judge = Judge::new(catalog.provenance());
        let clean = Clean::new(text.as_bytes(), catalog.prefixes());
        what(&Context::new(&judge, &clean, false, false))
    }

    #[test]
    fn hosts_that_are_not_ours() {
        for (line, foreign) in [
            ("curl: (6) Could not resolve host: registry.example.org", true),
            ("curl: (7) Failed to connect to intranet.example.com port 443", true),
            ("curl: (6) Could not resolve host: claude-gateway.corp.internal", false),
            ("connect ECONNREFUSED 127.0.0.1:443", false),
            ("request to https://api.anthropic.com/v1/messages failed", false),
            ("request to https://relay.example.org/v1/messages failed", false),
        ] {
            assert_eq!(of(line, |context| context.foreign_host(0, 0)), foreign, "{line}");
        }
    }

    #[test]
    fn each_object_of_a_dump_is_a_unit() {
        let text = r#"[{"error":"a {\"b\": [{}]}"},{"error":"c"}]"#;
        of(text, |context| {
            let (one, two) = (text.find('a').expect("there"), text.find('c').expect("there"));
            assert_ne!(context.unit(one), context.unit(two));
            assert_eq!(&text[context.unit_span(one)], r#"{"error":"a {\"b\": [{}]}"},"#);
        });
    }
}
