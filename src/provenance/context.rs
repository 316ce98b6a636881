//! The surroundings of the findings of one window: its records, regions, blocks and mentions of
//! vendors. They are worked out once a window, the mentions only if somebody asks for them.

use std::cell::{Cell, OnceCell};
use std::ops::Range;

use super::block;
use super::document::{self, Document, LINE_BYTES, LineKind, NEAR_BYTES};
use super::judge::Judge;
use super::region::{self, Region};
use super::session::Session;
use super::vendor::{Mention, Vendors};
use super::verdict::Evidence;
use crate::catalog::provenance_rules::Provenance;
use crate::matching::Finding;
use crate::text::{Clean, object};

/// The longest input that a person may have typed, in bytes.
const TYPED_BYTES: usize = 600;
/// The longest input that a person may have typed, in lines that are not empty.
pub(crate) const TYPED_LINES: usize = 4;

/// Who is named around a part of a window, as the search has seen it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Neighbours {
    /// Claude.
    pub claude: bool,
    /// Something through which Claude is called.
    pub caller: bool,
    /// The message prefix of a client.
    pub client: bool,
}

/// The surroundings of the findings of one window.
pub(crate) struct Context<'a> {
    judge: &'a Judge<'a>,
    /// The window's text.
    pub clean: &'a Clean,
    /// The text was given as an argument.
    pub argument: bool,
    /// The text is the whole input, and short enough to be nothing but a message.
    whole_input: bool,
    /// The records, in order and apart from each other.
    documents: Vec<Document>,
    /// For each line the region in which it stands.
    pub(super) regions: Vec<Region>,
    /// For each line the number of its block, ascending.
    blocks: Vec<usize>,
    /// The offsets at which records and the objects of lists begin: each is a unit of its own.
    objects: Vec<usize>,
    mentions: OnceCell<Vec<Mention>>,
    /// The last line that was compared with the forms of quotations, for which evidence, and the
    /// rule that has such a form.
    pub(super) last_quoted: Cell<Option<(usize, Evidence, Option<u16>)>>,
    /// Who is named around the text, where that is only a part of a window.
    pub(super) around: Neighbours,
}

impl<'a> Context<'a> {
    /// Examines a window.
    pub(crate) fn new(
        judge: &'a Judge<'a>,
        clean: &'a Clean,
        argument: bool,
        whole_input: bool,
    ) -> Self {
        let documents = if argument { Vec::new() } else { document::of_window(clean) };
        let mut context = Self::without_layout(judge, clean, documents);
        (context.argument, context.whole_input) = (argument, whole_input);
        context.regions = region::regions(judge.rules(), clean);
        context.blocks =
            block::blocks(clean, context.documents.iter().map(|document| document.span.start));
        context
    }

    /// Examines a part of a window as favourably as its surroundings could let it appear: a finding
    /// that does not count here counts in no window, unless it stands in a record that is spread over
    /// lines. Every line is a block in a program's report, and whoever is named around the part is
    /// named in the block.
    pub(crate) fn of_part(judge: &'a Judge<'a>, clean: &'a Clean, around: Neighbours) -> Self {
        let documents = document::of_lines(clean, 0..clean.lines.len());
        let mut context = Self { around, ..Self::without_layout(judge, clean, documents) };
        context.regions = vec![Region::None(Session::None); clean.lines.len()];
        context.blocks = (0..clean.lines.len()).collect();
        context
    }

    fn without_layout(judge: &'a Judge<'a>, clean: &'a Clean, documents: Vec<Document>) -> Self {
        let mut objects = object::starts(clean);
        objects.extend(documents.iter().map(|document| document.span.start));
        objects.sort_unstable();
        objects.dedup();
        Self {
            judge,
            clean,
            argument: false,
            whole_input: false,
            documents,
            regions: Vec::new(),
            blocks: Vec::new(),
            objects,
            mentions: OnceCell::new(),
            last_quoted: Cell::default(),
            around: Neighbours::default(),
        }
    }

    /// The provenance rules.
    pub(crate) fn rules(&self) -> &Provenance {
        self.judge.rules()
    }

    /// The names of vendors and endpoints.
    pub(super) fn vendors(&self) -> &Vendors<'a> {
        self.judge.vendors()
    }

    /// What the text at an offset of a line is part of.
    pub(super) fn line_kind(&self, line: usize, at: usize) -> LineKind {
        let Some(document) = document::at(&self.documents, at) else { return LineKind::Text };
        let kind = document.kind(at);
        if document.is_line || kind == LineKind::OtherField {
            return kind;
        }
        // The search looks no further for what makes a record of a field. An object on a line of its
        // own is judged by itself.
        let raw = self.clean.raw(document.span.start)..self.clean.raw(document.span.end);
        if is_field(self.clean.line(line)) {
            return if raw.len() <= NEAR_BYTES { kind } else { LineKind::Text };
        }
        let own = document::of_lines(self.clean, line..line + 1);
        document::at(&own, at).map_or(LineKind::Text, |document| document.kind(at))
    }

    /// Whether a finding may stand in a field of a record that is spread over lines.
    pub(crate) fn may_be_field(&self, finding: &Finding) -> bool {
        is_field(self.clean.line(self.clean.line_of(finding.start)))
    }

    /// The text before a finding on its line, or in its object of a list.
    pub(super) fn before(&self, finding: &Finding) -> &[u8] {
        let line = self.clean.lines[self.clean.line_of(finding.start)].start;
        let object = self.objects.partition_point(|start| *start <= finding.start);
        let object = object.checked_sub(1).map_or(0, |index| self.objects[index]);
        let start = line.max(object).max(finding.start.saturating_sub(LINE_BYTES));
        &self.clean.text[start..finding.start]
    }

    /// Whether the input is nothing but a few words that somebody typed.
    pub(super) fn is_typed(&self) -> bool {
        let lines = || self.clean.lines.iter().filter(|line| line.end > line.start).count();
        let short = || self.clean.text.len() <= TYPED_BYTES && lines() <= TYPED_LINES;
        self.argument || self.whole_input && short()
    }

    /// Whether a finding's lines are the whole input.
    pub(super) fn is_all(&self, finding: &Finding) -> bool {
        let last = finding.end.max(finding.start + 1) - 1;
        let lines = self.clean.line_of(finding.start)..=self.clean.line_of(last);
        let mut all = self.clean.lines.iter().enumerate();
        self.whole_input
            && all.all(|(index, line)| line.start == line.end || lines.contains(&index))
    }

    /// The mentions of vendors in the text and in the line prefixes, in the order of the text.
    pub(super) fn mentions(&self) -> &[Mention] {
        self.mentions.get_or_init(|| {
            let mut mentions = Vec::new();
            self.vendors().find(&self.clean.text, |mention| mentions.push(mention));
            for (index, line) in self.clean.lines.iter().enumerate().filter(|(_, l)| l.prefix.stamp)
            {
                let prefix = self.clean.prefix(index);
                let at = line.start;
                self.vendors().find(prefix, |mention| mentions.push(Mention { at, ..mention }));
            }
            mentions.sort_by_key(|mention| mention.at);
            mentions
        })
    }

    /// The number of the unit at an offset, ascending: a block, or an object of a list in it.
    pub(crate) fn unit(&self, at: usize) -> usize {
        self.blocks[self.clean.line_of(at)] + self.objects.partition_point(|start| *start <= at)
    }

    /// The span of the unit at an offset.
    pub(crate) fn unit_span(&self, at: usize) -> Range<usize> {
        let (first, last) = self.block_lines(self.clean.line_of(at));
        let block = self.clean.lines[first].start..self.clean.lines[last].end;
        let next = self.objects.partition_point(|start| *start <= at);
        let start = next.checked_sub(1).map_or(0, |index| self.objects[index]);
        let end = self.objects.get(next).copied().unwrap_or(usize::MAX);
        block.start.max(start)..block.end.min(end)
    }

    /// The first and the last line of the block of a line.
    pub(crate) fn block_lines(&self, line: usize) -> (usize, usize) {
        let block = self.blocks[line];
        let first = self.blocks.partition_point(|b| *b < block);
        let last = self.blocks.partition_point(|b| *b <= block) - 1;
        (first, last)
    }

    /// The first line of the block at an offset, unless it is further away than [`NEAR_BYTES`].
    pub(super) fn block_head(&self, at: usize) -> Option<&[u8]> {
        let line = self.clean.line_of(at);
        let (first, _) = self.block_lines(line);
        let raw = |line: usize| self.clean.raw(self.clean.lines[line].start);
        (raw(line).abs_diff(raw(first)) <= NEAR_BYTES).then(|| self.clean.line(first))
    }
}

/// Whether a line is a field, or a word of a list, of an object that is spread over lines.
fn is_field(line: &[u8]) -> bool {
    line.first() == Some(&b'"')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    #[test]
    fn each_object_of_a_dump_is_a_unit() {
        let text = r#"[{"error":"a {\"b\": [{}]}"},{"error":"c"}]"#;
        let catalog = Catalog::builtin();
        let judge = Judge::new(catalog.provenance());
        let clean = Clean::new(text.as_bytes(), catalog.prefixes());
        let context = Context::new(&judge, &clean, false, false);
        let (one, two) = (text.find('a').expect("there"), text.find('c').expect("there"));
        assert_ne!(context.unit(one), context.unit(two));
        assert_eq!(&text[context.unit_span(one)], r#"{"error":"a {\"b\": [{}]}"},"#);
    }
}
