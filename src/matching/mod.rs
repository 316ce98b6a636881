//! From clean text to findings: which wording of which entry stands where.
//!
//! Everything an entry can be known by becomes a [`Rule`]: its messages, its machine-readable forms and its regular expressions.
//! A rule is tried only where its literal stands in the skeleton, and compiled only then.

mod anchors;
mod hole;
mod named;
mod pattern;
mod raw;
mod status;
mod template;

pub use anchors::Anchors;
pub use template::Template;

use pattern::Pattern;
use raw::Raw;
use status::Statuses;

use crate::catalog::{Api, Catalog, Entry, Needs, Status};
use crate::text::{Clean, Skeleton};

/// How an entry was recognised, from the least specific to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A class of HTTP statuses.
    StatusClass,
    /// An HTTP status.
    Status,
    /// An SDK's exception class.
    Class,
    /// The name of the error in a body.
    Type,
    /// A message.
    Message,
}

/// A wording of an entry at one place of a text.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Index of the entry in the catalog.
    pub entry: usize,
    /// How it was recognised.
    pub kind: Kind,
    /// The wording as the catalog has it, for the explanation of a match.
    pub rule: usize,
    /// Offsets in the clean text.
    pub start: usize,
    /// End, exclusive.
    pub end: usize,
    /// How much of the text was literally known, in bytes.
    pub weight: usize,
    /// What it needs beside itself to count.
    pub needs: Option<Needs>,
    /// What only Claude's programs print.
    pub ours: bool,
    /// Letters have the case that the catalog has.
    pub same_case: bool,
    /// What the holes hold, as printed.
    pub captures: Vec<(String, String)>,
}

/// Whether a template can be used: it has something literal to be found by.
///
/// # Errors
/// What is wrong, to be read after the template.
pub fn check_template(text: &str) -> Result<(), String> {
    match Pattern::new(text) {
        None => Err("has no literal text".into()),
        Some(pattern) if pattern.literal().len() < 3 => Err("has no literal text of three characters".into()),
        Some(_) => Ok(()),
    }
}

/// Whether a regular expression can be used.
///
/// # Errors
/// What is wrong, to be read after the expression.
pub fn check_regex(source: &str) -> Result<(), String> {
    Raw::new(source).and_then(|_| Raw::compile(source)).map(|_| ()).map_err(|error| format!("is no use: {error}"))
}

/// What finds one wording.
#[derive(Debug)]
enum Finder {
    Pattern(Pattern),
    Named(named::Named),
    Raw(Raw),
}

#[derive(Debug)]
struct Rule {
    entry: usize,
    kind: Kind,
    needs: Option<Needs>,
    finder: Finder,
    /// The wording as the catalog has it.
    text: String,
}

/// Every wording of a catalog, ready to be found.
#[derive(Debug)]
pub struct Matcher {
    rules: Vec<Rule>,
    statuses: Statuses,
    /// Which entry a status means, most specific first.
    codes: Vec<(Status, usize)>,
}

impl Matcher {
    /// Makes the wordings of a catalog ready. Nothing is compiled yet.
    pub fn new(catalog: &Catalog) -> Self {
        let mut matcher = Self { rules: Vec::new(), statuses: Statuses::default(), codes: Vec::new() };
        for (index, entry) in catalog.entries().iter().enumerate() {
            matcher.add(index, entry);
        }
        matcher.codes.sort_by_key(|(status, _)| matches!(status, Status::Class(_)));
        matcher
    }

    fn add(&mut self, entry: usize, of: &Entry) {
        for message in &of.messages {
            if let Some(pattern) = Pattern::new(&message.text.value) {
                let needs = message.needs.or(of.needs);
                self.rules.push(Rule { entry, kind: Kind::Message, needs, finder: Finder::Pattern(pattern), text: message.text.value.to_string() });
            }
        }
        for regex in &of.regexes {
            if let Ok(raw) = Raw::new(&regex.value) {
                self.rules.push(Rule { entry, kind: Kind::Message, needs: of.needs, finder: Finder::Raw(raw), text: regex.value.to_string() });
            }
        }
        for api in &of.api {
            let (kind, named) = match api {
                Api::Type(name) => (Kind::Type, named::Named::of_type(&name.value)),
                Api::Class(name) => (Kind::Class, named::Named::of_class(&name.value)),
                Api::Status(status) => {
                    self.codes.push((*status, entry));
                    continue;
                }
            };
            let text = named.text().to_owned();
            self.rules.push(Rule { entry, kind, needs: of.needs, finder: Finder::Named(named), text });
        }
    }

    /// The wording that a finding's `rule` means; `None` for a status.
    pub fn wording(&self, rule: usize) -> Option<&str> {
        self.rules.get(rule).map(|rule| rule.text.as_str())
    }

    /// Every wording that stands in a text. `alone` says that this text is all there is.
    pub fn find(&self, clean: &Clean, skeleton: &Skeleton, alone: bool) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            if rule.needs == Some(Needs::Alone) && !alone {
                continue;
            }
            match &rule.finder {
                Finder::Pattern(pattern) => {
                    if memchr::memmem::find(&skeleton.bytes, pattern.literal()).is_some() {
                        let mut from = 0;
                        while let Some(found) = pattern.find(clean, skeleton, from) {
                            from = found.next;
                            let finding = rule.finding(index, found.start, found.end, found.weight);
                            findings.push(Finding { same_case: found.same_case, captures: found.captures, ..finding });
                        }
                    }
                }
                Finder::Named(named) => named.find(clean, skeleton, alone, |start, end, ours| {
                    findings.push(Finding { ours, ..rule.finding(index, start, end, end - start) });
                }),
                Finder::Raw(raw) => raw.find(&clean.text, skeleton, |start, end, captures| {
                    findings.push(Finding { captures, ..rule.finding(index, start, end, end - start) });
                }),
            }
        }
        self.find_statuses(clean, skeleton, &mut findings);
        findings.sort_by_key(|finding| (finding.start, finding.end, finding.rule));
        findings
    }

    fn find_statuses(&self, clean: &Clean, skeleton: &Skeleton, findings: &mut Vec<Finding>) {
        if self.codes.is_empty() {
            return;
        }
        for reported in self.statuses.find(clean, skeleton) {
            let exact = self.codes.iter().find(|(status, _)| *status == Status::Code(reported.code));
            let class = self.codes.iter().find(|(status, _)| *status == Status::Class(reported.code / 100));
            let Some(&(status, entry)) = exact.or(class) else { continue };
            let kind = if matches!(status, Status::Code(_)) { Kind::Status } else { Kind::StatusClass };
            findings.push(Finding {
                entry,
                kind,
                rule: usize::MAX,
                start: reported.start,
                end: reported.end,
                weight: 3,
                needs: (!reported.ours).then_some(Needs::Claude),
                ours: reported.ours,
                same_case: true,
                captures: vec![("status".into(), reported.code.to_string())],
            });
        }
    }
}

impl Rule {
    fn finding(&self, rule: usize, start: usize, end: usize, weight: usize) -> Finding {
        let (entry, kind, needs) = (self.entry, self.kind, self.needs);
        Finding { entry, kind, rule, start, end, weight, needs, ours: needs.is_none(), same_case: true, captures: Vec::new() }
    }
}
