//! Complaints: what people say of a failure in their own words, found sentence by sentence.

use std::ops::Range;

use super::finding::Haystack;
use crate::catalog::{Complaint, List, Word, fold};

/// The sentences of a text, folded, each with its span.
pub(super) struct Sentences(Vec<(Range<usize>, String)>);

impl Sentences {
    /// Splits a text into sentences. A full stop ends one only before a blank: `CLAUDE.md` and
    /// `4.8` have one inside. Dots before a sentence tell that it does not begin its line.
    pub(super) fn new(haystack: &Haystack<'_>) -> Self {
        let text = &haystack.clean.text[haystack.span.clone()];
        let ends = |at: usize| {
            let last = text.get(at + 1).is_none_or(u8::is_ascii_whitespace);
            let dense = ["。", "！", "？"];
            text[at] == b'\n'
                || b".!?;".contains(&text[at]) && last
                || dense.iter().any(|mark| text[..=at].ends_with(mark.as_bytes()))
        };
        let mut start = 0;
        let mut sentence = |end: usize| {
            let span = std::mem::replace(&mut start, end)..end;
            let begins_line = text[..span.start].last().is_none_or(|byte| *byte == b'\n');
            let dots = if begins_line { "" } else { "…" };
            let folded = dots.to_owned() + &fold(&String::from_utf8_lossy(&text[span.clone()]));
            let offset = haystack.span.start;
            (offset + span.start..offset + span.end, folded)
        };
        let ended = (0..text.len()).filter(|at| ends(*at) || at + 1 == text.len());
        Self(ended.map(|at| sentence(at + 1)).collect())
    }

    /// The first sentence that says a complaint, and how much of it the complaint is, in bytes.
    pub(super) fn find(&self, groups: &[List<Word>]) -> Option<(Range<usize>, usize)> {
        self.0.iter().find_map(|(span, folded)| {
            Some((span.clone(), Complaint::matched_bytes(groups, folded)?))
        })
    }
}
