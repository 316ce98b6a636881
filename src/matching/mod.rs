//! From clean text to findings: which rule of which entry stands where.
//!
//! Everything that an entry is recognised by is a [`Rule`]: its messages, its
//! machine-readable names and its regular expressions. A rule is tried only where the search or the
//! caller points, and compiled only where its literal stands in the skeleton.
//!
//! Each file imports only files before it: `finding` (what comes out), `complaint`, `expression`
//! and `name` (three forms of rules), `number` and `status`, and for templates `alignment`,
//! `engine` and `template`.

mod alignment;
mod complaint;
mod engine;
mod expression;
mod finding;
mod name;
mod number;
mod status;
mod template;

use std::cell::OnceCell;
use std::sync::OnceLock;

use regex::bytes::Regex;

pub use crate::catalog::rule::RuleKind;
pub(crate) use finding::{Captures, Finding, Haystack};

use complaint::Sentences;
use engine::Engine;
use name::{ErrorName, Notation};
use template::TemplateMatcher;

use crate::catalog::check;
use crate::catalog::rule::{Rule, RuleBody};
use crate::catalog::{Catalog, Scope, Status};
use crate::text::find::{self, QuadFilter};

/// The rules of a catalog, ready to be found.
#[derive(Debug)]
pub(crate) struct Matcher<'c> {
    rules: &'c [Rule],
    /// For each rule the expression of its template, once it was needed. Boxed, because nearly all of
    /// the 4,400 cells stay empty: both tables cost 0.05 ms at start, unboxed 0.13 ms.
    engines: Vec<OnceLock<Box<Engine>>>,
    /// For each rule its own regular expression, likewise.
    expressions: Vec<OnceLock<Box<Regex>>>,
    /// The statuses that entries have, each with the index of its entry.
    statuses: &'c [(Status, usize)],
}

impl<'c> Matcher<'c> {
    /// Prepares the rules of a catalog. Nothing is compiled yet.
    pub(crate) fn new(catalog: &'c Catalog) -> Self {
        let rules = catalog.rules();
        Self {
            rules,
            engines: rules.iter().map(|_| OnceLock::new()).collect(),
            expressions: rules.iter().map(|_| OnceLock::new()).collect(),
            statuses: catalog.codes(),
        }
    }

    /// The text of the rule that a finding names; `None` for a status.
    pub(crate) fn rule_text(&self, rule: usize) -> Option<&str> {
        self.rules.get(rule).map(|rule| rule.text.as_ref())
    }

    /// The numbers of the complaints, which no search knows and which are looked for only where
    /// there is nothing else, or of all other rules.
    pub(crate) fn rules(&self, complaints: bool) -> impl Iterator<Item = usize> {
        self.rules
            .iter()
            .enumerate()
            .filter(move |(_, rule)| (rule.scope == Scope::Complaint) == complaints)
            .map(|(number, _)| number)
    }

    /// Adds every finding of these rules; `whole_input` tells that the haystack is all there is.
    pub(crate) fn find(
        &self,
        haystack: &Haystack<'_>,
        whole_input: bool,
        rules: impl Iterator<Item = usize>,
        findings: &mut Vec<Finding>,
    ) {
        let (clean, skeleton) = (haystack.clean, &haystack.skeleton);
        let (quads, sentences) = (OnceCell::new(), OnceCell::new());
        let contains = |literal: &[u8]| {
            quads.get_or_init(|| QuadFilter::new(&skeleton.bytes)).may_hold(literal)
                && find::first(&skeleton.bytes, literal).is_some()
        };
        for number in rules {
            let rule = &self.rules[number];
            let finding = |span, weight| Finding::new(number, rule, span, weight);
            match &rule.body {
                RuleBody::Complaint(groups) => {
                    let sentences = sentences.get_or_init(|| Sentences::new(haystack));
                    let found = sentences.find(groups);
                    findings.extend(found.map(|(span, weight)| finding(span, weight)));
                }
                RuleBody::Template(template) => {
                    let matcher = TemplateMatcher::new(template, &self.engines[number]);
                    let mut from = 0;
                    while let Some(found) = matcher.find(clean, skeleton, from) {
                        from = found.next;
                        findings.push(Finding {
                            same_case: found.same_case,
                            placeholders: found.placeholders,
                            captures: found.captures,
                            ..finding(found.start..found.end, found.weight)
                        });
                    }
                }
                RuleBody::Name(name) => {
                    let name = ErrorName {
                        text: &rule.text,
                        skeleton: name,
                        class: rule.kind == RuleKind::Class,
                        status: &|code| {
                            self.entry_of(code).is_some_and(|(_, entry)| entry == rule.entry)
                        },
                    };
                    name::find(&name, clean, skeleton, whole_input, |span, notation| {
                        let weight = span.len();
                        findings.push(Finding {
                            scope: match notation {
                                Notation::Bare => Scope::Bare,
                                _ => rule.scope,
                            },
                            is_claude: notation == Notation::Claude,
                            ..finding(span, weight)
                        });
                    });
                }
                RuleBody::Regex(groups) => {
                    if !groups.iter().all(|group| group.iter().any(|literal| contains(literal))) {
                        continue;
                    }
                    let regex = self.expressions[number].get_or_init(|| {
                        let regex = expression::compile(&rule.text);
                        Box::new(regex.unwrap_or_else(|_| expression::never()))
                    });
                    let span = haystack.span.clone();
                    expression::find(regex, &clean.text, span, |span, captures| {
                        let weight = span.len();
                        findings.push(Finding { captures, ..finding(span, weight) });
                    });
                }
            }
        }
    }

    /// The entry that a status means, by its code or, if there is none, by its class, such as 5xx.
    fn entry_of(&self, code: u16) -> Option<(Status, usize)> {
        let find = |status| self.statuses.iter().find(|(known, _)| *known == status).copied();
        find(Status::Code(code)).or_else(|| find(Status::Class(code / 100)))
    }

    /// Adds every HTTP status that the haystack reports.
    pub(crate) fn find_statuses(&self, haystack: &Haystack<'_>, findings: &mut Vec<Finding>) {
        if self.statuses.is_empty() {
            return;
        }
        for found in status::find(haystack.clean, haystack.span.clone(), &haystack.skeleton) {
            let Some((status, entry)) = self.entry_of(found.code) else { continue };
            let exact = matches!(status, Status::Code(_));
            findings.push(Finding {
                entry,
                kind: if exact { RuleKind::Status } else { RuleKind::StatusClass },
                rule: usize::MAX,
                start: found.start,
                end: found.end,
                weight: 3,
                scope: if found.is_claude { Scope::Own } else { Scope::Shared },
                is_claude: found.is_claude,
                bare_number: found.bare_number,
                placeholders: Vec::new(),
                same_case: true,
                captures: vec![("status".into(), found.code.to_string())],
            });
        }
    }
}

/// Checks that a regular expression of a catalog can be used.
///
/// # Errors
/// What is wrong, to be read after the expression.
pub fn check_regex(source: &str) -> Result<(), String> {
    check::check_regex(source)?;
    expression::compile(source).map(|_| ())
}
