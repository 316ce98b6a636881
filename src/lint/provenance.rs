//! Lints the provenance rules: each applies to its examples and leaves its rejects alone.
//!
//! A quotation or a region applies where it hides an error, and leaves alone where the error comes
//! out: these two are held against the whole pipeline, the others against the clean text.

use crate::catalog::provenance_rules::{ProvenanceRule, Topic};
use crate::catalog::{Catalog, Origin};
use crate::error::Problem;
use crate::provenance::Judge;
use crate::report::Outcome;
use crate::scan::Diagnoser;
use crate::text::Clean;
use crate::text::form::Forms;
use crate::text::layout::Layout;

/// Every fault of the provenance rules.
pub(super) fn check(catalog: &Catalog, diagnoser: &Diagnoser<'_>) -> Vec<Problem> {
    let judge = Judge::new(catalog.provenance());
    let mut problems = Vec::new();
    for (index, rule) in catalog.provenance().rules.iter().enumerate() {
        let trial = Trial { catalog, diagnoser, judge: &judge, index: index as u16, rule };
        let samples = rule.examples.iter().map(|sample| (sample, true));
        for (sample, applies) in samples.chain(rule.rejects.iter().map(|sample| (sample, false))) {
            let head: String = super::head(&sample.value);
            let known = "write an error that the catalog knows into it";
            let fault = match (trial.applies(&sample.value), applies) {
                (Some(true), true) | (Some(false), false) => continue,
                (Some(false), true) => {
                    format!("does not apply to its example; widen a form: {head}")
                }
                (Some(true), false) => format!("applies to its reject; narrow a form: {head}"),
                (None, true) => format!("hides no error in its example; {known}: {head}"),
                (None, false) => format!("no error comes out of its reject; {known}: {head}"),
            };
            let text = format!("{} `{}`: {fault}", rule.topic, rule.id);
            problems.push(catalog.rule_problem(rule, sample.at, &text));
        }
    }
    problems.extend(hidden(catalog, diagnoser));
    problems
}

/// Reports the rules of users that hide examples of entries.
fn hidden(catalog: &Catalog, diagnoser: &Diagnoser<'_>) -> Vec<Problem> {
    let rules = &catalog.provenance().rules;
    let is_users = |rule: &ProvenanceRule| catalog.rule_origin(rule) != Origin::BuiltIn;
    if !rules.iter().any(is_users) {
        return Vec::new();
    }
    let mut problems = Vec::new();
    for entry in catalog.entries() {
        for example in entry.examples.iter() {
            let report = diagnoser.stream("sample", example.value.as_bytes());
            let report = report.expect("a slice reads");
            if report.diagnoses.first().is_some_and(|primary| primary.entry.id == entry.id) {
                continue;
            }
            let by = report.trace.iter().find_map(|trace| match trace.outcome {
                Outcome::Dropped(_, rule) => {
                    rules.get(usize::from(rule?)).filter(|rule| is_users(rule))
                }
                _ => None,
            });
            problems.extend(by.map(|rule| {
                let head = super::head(&example.value);
                let text = format!(
                    "{} `{}`: hides an example of `{}`; narrow a form: {head}",
                    rule.topic, rule.id, entry.id
                );
                catalog.rule_problem(rule, rule.at, &text)
            }));
        }
    }
    problems
}

/// A rule to be tried on its samples.
struct Trial<'p> {
    catalog: &'p Catalog,
    diagnoser: &'p Diagnoser<'p>,
    judge: &'p Judge<'p>,
    index: u16,
    rule: &'p ProvenanceRule,
}

impl Trial<'_> {
    /// Whether the rule applies to a text; `None` where a text without an error shows nothing.
    fn applies(&self, text: &str) -> Option<bool> {
        if matches!(self.rule.topic, Topic::Quotation | Topic::Region) {
            return self.hides(text);
        }
        let clean = Clean::new(text.as_bytes(), self.catalog.prefixes());
        Some(match self.rule.topic {
            Topic::Surface => {
                let lines = 0..clean.text.len();
                self.judge
                    .signs()
                    .find(self.catalog.provenance(), &clean, lines)
                    .contains_key(&self.index)
            }
            Topic::Prefix if self.rule.listed => {
                let layout = self.layout(clean.line(0));
                layout.front(&self.rule.forms, |_, _| true).is_some()
            }
            Topic::Prefix => {
                let mut found = false;
                self.catalog
                    .prefixes()
                    .find_with(text.as_bytes(), |rule| found |= rule == self.index);
                found
            }
            Topic::Endpoint if !self.rule.forms.is_empty() => (0..text.len())
                .filter(|at| text.as_bytes()[*at..].first().is_some_and(u8::is_ascii_digit))
                .any(|at| self.has_form(&text.as_bytes()[..at], &self.rule.forms)),
            _ => {
                let mut named = false;
                self.judge.vendors().find(text.as_bytes(), |name| named |= name.rule == self.index);
                let says = |line| {
                    let line = clean.line(line);
                    self.has_form(line, &self.rule.forms) && !self.has_form(line, &self.rule.never)
                };
                named || (0..clean.lines.len()).any(says)
            }
        })
    }

    /// Whether the rule hides the error of a text: nothing comes out, and the rule is the reason.
    fn hides(&self, text: &str) -> Option<bool> {
        let report = self.diagnoser.stream("sample", text.as_bytes()).ok()?;
        let hidden = |outcome: &Outcome| matches!(outcome, Outcome::Dropped(_, Some(rule)) if *rule == self.index);
        let hides = report.trace.iter().any(|trace| hidden(&trace.outcome));
        match (hides, report.diagnoses.is_empty()) {
            (true, true) => Some(true),
            (false, false) => Some(false),
            _ => None,
        }
    }

    /// Whether a line has one of these forms.
    fn has_form(&self, line: &[u8], forms: &Forms) -> bool {
        self.layout(line).is(forms)
    }

    fn layout<'t>(&'t self, line: &'t [u8]) -> Layout<'t> {
        Layout::new(&self.catalog.prefixes().lists, line)
    }
}
