//! From clean text to findings: which wording of which entry stands where.
//!
//! Everything an entry can be known by is a [`rule::Rule`]: its messages, its machine-readable
//! forms and its regular expressions. A rule is tried only where its literal stands in the
//! skeleton, and compiled only then.

mod compiled;
mod engine;
mod laid;
mod named;
mod pattern;
mod raw;
mod status;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use regex::bytes::Regex;

pub use crate::catalog::rule::Kind;

use compiled::Compiled;
use engine::Engine;
use named::{Name, Written};
use pattern::Pattern;

use crate::catalog::rule::{self, Form, Rule};
use crate::catalog::{Catalog, Complaint, List, Scope, Status, Word, fold};
use crate::text::find::{self, QuadFilter};
use crate::text::{Clean, Skeleton};

/// Names and what stands there. The names are nearly always the built-in catalog's.
pub type Captures = Vec<(Cow<'static, str>, String)>;

/// A wording of an entry at one place of a text.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Index of the entry in the catalog.
    pub entry: usize,
    /// How it was recognised.
    pub kind: Kind,
    /// Which wording, as [`Matcher::wording`] knows it.
    pub rule: usize,
    /// Offsets in the clean text.
    pub start: usize,
    /// End, exclusive.
    pub end: usize,
    /// How much of the text was literally known, in bytes.
    pub weight: usize,
    /// How widely it is printed, and so where it counts.
    pub scope: Scope,
    /// What only Claude's programs print.
    pub ours: bool,
    /// A bare number, which is a status only beside an address of the API.
    pub loose: bool,
    /// Where in the clean text the holes of the wording lie: what stands there is wrapped by it.
    pub holes: Vec<(usize, usize)>,
    /// Letters have the case that the catalog has.
    pub same_case: bool,
    /// What the holes hold, as printed.
    pub captures: Captures,
}

/// A part of a text, to be matched.
#[derive(Debug)]
pub struct Part<'t> {
    /// The text.
    pub clean: &'t Clean,
    /// Where in it the part lies: whole lines, where they are not too long.
    pub span: Range<usize>,
    /// Its skeleton.
    pub skeleton: Skeleton,
}

impl<'t> Part<'t> {
    /// Takes all of a text.
    pub fn whole(clean: &'t Clean) -> Self {
        Self::new(clean, 0..clean.text.len())
    }

    /// Takes a part of a text.
    pub fn new(clean: &'t Clean, span: Range<usize>) -> Self {
        Self { clean, skeleton: Skeleton::of(&clean.text, span.clone()), span }
    }
}

/// Every wording of a catalog, ready to be found.
#[derive(Debug)]
pub struct Matcher<'c> {
    rules: &'c [Rule],
    /// For each rule its regular expression, once it was needed: that of a template, or the entry's
    /// own.
    compiled: Compiled<Engine>,
    own: Compiled<Regex>,
    codes: &'c [(Status, usize)],
}

impl<'c> Matcher<'c> {
    /// Makes the wordings of a catalog ready. Nothing is compiled yet.
    pub fn new(catalog: &'c Catalog) -> Self {
        let rules = catalog.rules();
        Self {
            rules,
            compiled: Compiled::new(rules.len()),
            own: Compiled::new(rules.len()),
            codes: catalog.codes(),
        }
    }

    /// The wording that a finding's `rule` means; `None` for a status.
    pub fn wording(&self, rule: usize) -> Option<&str> {
        self.rules.get(rule).map(|rule| rule.text.as_ref())
    }

    /// The wordings that are looked for in a log, and those that are looked for only where there is
    /// nothing else: complaints in plain words, which no search knows.
    pub fn wordings(&self, brief: bool) -> impl Iterator<Item = usize> {
        self.rules
            .iter()
            .enumerate()
            .filter(move |(_, rule)| (rule.scope == Scope::Complaint) == brief)
            .map(|(index, _)| index)
    }

    /// Adds every place in a part of a text where one of these wordings stands; `alone` says that
    /// the text is all there is.
    pub fn find(
        &self,
        part: &Part<'_>,
        alone: bool,
        wordings: impl Iterator<Item = usize>,
        findings: &mut Vec<Finding>,
    ) {
        let (clean, skeleton) = (part.clean, &part.skeleton);
        let (quads, sentences) = (OnceCell::new(), OnceCell::new());
        let stands = |literal: &[u8]| {
            quads.get_or_init(|| QuadFilter::new(&skeleton.bytes)).may_hold(literal)
                && find::first(&skeleton.bytes, literal).is_some()
        };
        for index in wordings {
            let rule = &self.rules[index];
            match &rule.form {
                Form::Complaint(groups) => {
                    let sentences = sentences.get_or_init(|| self::sentences(part));
                    findings.extend(said(sentences, groups).map(|(sentence, weight)| {
                        rule.finding(index, sentence.start, sentence.end, weight)
                    }));
                }
                Form::Template(template) => {
                    let pattern = Pattern::new(template, self.compiled.cell(index));
                    let mut from = 0;
                    while let Some(found) = pattern.find(clean, skeleton, from) {
                        from = found.next;
                        let finding = rule.finding(index, found.start, found.end, found.weight);
                        findings.push(Finding {
                            same_case: found.same_case,
                            holes: found.holes,
                            captures: found.captures,
                            ..finding
                        });
                    }
                }
                Form::Name(name) => {
                    let status =
                        |code| self.entry_of(code).is_some_and(|(_, entry)| entry == rule.entry);
                    let class = rule.kind == Kind::Class;
                    let name = Name { text: &rule.text, skeleton: name, class, status: &status };
                    named::find(&name, clean, skeleton, alone, |start, end, written| {
                        let bare = written == Written::Bare;
                        let scope = if bare { Scope::Bare } else { rule.scope };
                        let ours = written == Written::Ours;
                        findings.push(Finding {
                            scope,
                            ours,
                            ..rule.finding(index, start, end, end - start)
                        });
                    });
                }
                Form::Regex(groups) => {
                    if !groups.iter().all(|group| group.iter().any(|literal| stands(literal))) {
                        continue;
                    }
                    let regex = self
                        .own
                        .cell(index)
                        .get_or_init(|| raw::compile(&rule.text).unwrap_or_else(|_| raw::never()));
                    raw::find(regex, &clean.text, part.span.clone(), |start, end, captures| {
                        findings.push(Finding {
                            captures,
                            ..rule.finding(index, start, end, end - start)
                        });
                    });
                }
            }
        }
    }

    /// The entry that a status means, by itself or by its class.
    fn entry_of(&self, code: u16) -> Option<(Status, usize)> {
        let of = |status| self.codes.iter().find(|(known, _)| *known == status).copied();
        of(Status::Code(code)).or_else(|| of(Status::Class(code / 100)))
    }

    /// Adds every HTTP status that is reported in a part of a text.
    pub fn find_statuses(&self, part: &Part<'_>, findings: &mut Vec<Finding>) {
        if self.codes.is_empty() {
            return;
        }
        for reported in status::find(part.clean, part.span.clone(), &part.skeleton) {
            let exact =
                self.codes.iter().find(|(status, _)| *status == Status::Code(reported.code));
            let class =
                self.codes.iter().find(|(status, _)| *status == Status::Class(reported.code / 100));
            let Some(&(status, entry)) = exact.or(class) else {
                continue;
            };
            let kind =
                if matches!(status, Status::Code(_)) { Kind::Status } else { Kind::StatusClass };
            findings.push(Finding {
                entry,
                kind,
                rule: usize::MAX,
                start: reported.start,
                end: reported.end,
                weight: 3,
                scope: if reported.ours { Scope::Own } else { Scope::Shared },
                ours: reported.ours,
                loose: reported.loose,
                holes: Vec::new(),
                same_case: true,
                captures: vec![("status".into(), reported.code.to_string())],
            });
        }
    }
}

/// The sentences of a part of a text, folded, and where they stand. A full stop ends one only before
/// a space: `CLAUDE.md` and `4.8` have one inside. One that does not begin its line has dots before
/// it.
fn sentences(part: &Part<'_>) -> Vec<(Range<usize>, String)> {
    let text = &part.clean.text[part.span.clone()];
    let ends = |at: usize| {
        let last = text.get(at + 1).is_none_or(u8::is_ascii_whitespace);
        let dense = ["。", "！", "？"];
        text[at] == b'\n'
            || b".!?;".contains(&text[at]) && last
            || dense.iter().any(|mark| text[..=at].ends_with(mark.as_bytes()))
    };
    let mut from = 0;
    let mut sentence = |end: usize| {
        let span = std::mem::replace(&mut from, end)..end;
        let dots =
            if text[..span.start].last().is_none_or(|byte| *byte == b'\n') { "" } else { "…" };
        let folded = dots.to_owned() + &fold(&String::from_utf8_lossy(&text[span.clone()]));
        (part.span.start + span.start..part.span.start + span.end, folded)
    };
    let ended = (0..text.len()).filter(|at| ends(*at) || at + 1 == text.len());
    ended.map(|at| sentence(at + 1)).collect()
}

/// The first of some sentences that says a complaint, and how much it says.
fn said(
    sentences: &[(Range<usize>, String)],
    groups: &[List<Word>],
) -> Option<(Range<usize>, usize)> {
    let mut said = sentences
        .iter()
        .filter_map(|(span, folded)| Some((span.clone(), Complaint::said(groups, folded)?)));
    said.next()
}

/// Whether a regular expression of a catalog can be used.
///
/// # Errors
/// What is wrong, to be read after the expression.
pub fn check_regex(source: &str) -> Result<(), String> {
    rule::check_regex(source)?;
    raw::compile(source).map(|_| ())
}

impl Rule {
    fn finding(&self, rule: usize, start: usize, end: usize, weight: usize) -> Finding {
        let (entry, kind, scope) = (self.entry, self.kind, self.scope);
        Finding {
            entry,
            kind,
            rule,
            start,
            end,
            weight,
            scope,
            ours: scope == Scope::Own,
            loose: false,
            holes: Vec::new(),
            same_case: true,
            captures: Vec::new(),
        }
    }
}
