//! The linter: whether a catalog is sound. One for the built-in catalog (the test suite runs it) and
//! for those of users (`--check-catalog`).
//!
//! What can be judged without the pipeline (unknown keys, ids, closed lists, substitutions, limits)
//! was checked by the loader. Here each entry must be the diagnosis of its examples, each reject must
//! be what it says, and each message must be in an example. Users' entries need no rejects and no
//! order, but must leave the examples of all others alone. Provenance rules are held against their
//! samples in the same way (`provenance`), and advice is read for everybody (`advice`).
//!
//! A fault says what to do. It names an entry of a user rather than a built-in one, which its reader
//! cannot change.

mod advice;
mod provenance;

use std::collections::{BTreeSet, HashSet};

use crate::catalog::{Catalog, Entry, Origin, Scope};
use crate::error::Problem;
use crate::matching::{Haystack, Matcher, check_regex};
use crate::scan::Diagnoser;
use crate::search::{CandidateKind, Index};
use crate::text::Clean;

/// Every fault of a catalog, sorted by file and line.
pub fn check(catalog: &Catalog) -> Vec<Problem> {
    let diagnoser = Diagnoser::new(catalog);
    let mut problems = Vec::new();
    for (index, entry) in catalog.entries().iter().enumerate() {
        let mut fault = |of: &Entry, at: usize, text: String| {
            problems.push(catalog.problem(of, at, format!("error `{}`: {text}", of.id)));
        };
        samples(entry, catalog, &diagnoser, &mut fault);
        let mut fault = |at: usize, text: String| fault(entry, at, text);
        for regex in entry.regexes.iter() {
            if let Err(error) = check_regex(&regex.value) {
                fault(regex.at, format!("regex `{}` {error}", regex.value));
            }
        }
        for link in entry.links.iter() {
            if !link.value.starts_with("https://") {
                fault(link.at, format!("link `{}` must begin with https://", link.value));
            }
        }
        advice::check(entry, catalog, &mut fault);
        exercised(index, entry, catalog, diagnoser.matcher(), &mut fault);
    }
    problems.extend(unanchored(catalog, diagnoser.index()));
    let mut ids = HashSet::new();
    for entry in catalog.entries() {
        if !ids.insert(entry.id.as_ref()) {
            let text = format!("error `{}`: another error has this id; rename one", entry.id);
            problems.push(catalog.problem(entry, entry.at, text));
        }
    }
    for pair in catalog.entries().windows(2) {
        if pair[0].file == pair[1].file && pair[0].id > pair[1].id && is_builtin(catalog, &pair[1])
        {
            problems.push(catalog.problem(
                &pair[1],
                pair[1].at,
                format!(
                    "error `{}`: stands after `{}`; entries are sorted by id: move it up",
                    pair[1].id, pair[0].id
                ),
            ));
        }
    }
    problems.extend(provenance::check(catalog, &Diagnoser::new(catalog).tracing()));
    problems.sort();
    problems
}

/// Whether an entry is built in.
fn is_builtin(catalog: &Catalog, entry: &Entry) -> bool {
    catalog.origin(entry) == Origin::BuiltIn
}

/// The rules that count inside a log but have no anchor to be found by.
fn unanchored(catalog: &Catalog, search: &Index) -> Vec<Problem> {
    let anchored: BTreeSet<CandidateKind> =
        search.anchors.iter().flat_map(|anchor| anchor.uses.iter()).map(|of| of.kind).collect();
    let mut problems = Vec::new();
    for (index, rule) in catalog.rules().iter().enumerate() {
        if rule.scope != Scope::Complaint && !anchored.contains(&CandidateKind::Rule(index as u16))
        {
            let entry = &catalog.entries()[rule.entry];
            let fault = format!(
                "error `{}`: `{}` has no word of five letters or more, and no log is searched for less: lengthen it or leave it out",
                entry.id, rule.text
            );
            problems.push(catalog.problem(entry, entry.at, fault));
        }
    }
    problems
}

/// Each example comes out as the entry, each reject as what it says it is.
fn samples(
    entry: &Entry,
    catalog: &Catalog,
    diagnoser: &Diagnoser<'_>,
    fault: &mut impl FnMut(&Entry, usize, String),
) {
    let primary = |text: &str| {
        diagnoser
            .stream("sample", text.as_bytes())
            .expect("a slice reads")
            .diagnoses
            .first()
            .map(|diagnosis| diagnosis.entry)
    };
    let builtin = is_builtin(catalog, entry);
    if entry.examples.is_empty() {
        fault(
            entry,
            entry.at,
            "`examples` is missing: paste output that it is the diagnosis of".into(),
        );
    }
    if entry.rejects.is_empty() && builtin {
        fault(
            entry,
            entry.at,
            "`rejects` is missing: paste the text most easily taken for it".into(),
        );
    }
    for example in entry.examples.iter() {
        let head = head(&example.value);
        match primary(&example.value) {
            Some(won) if won.id == entry.id => {}
            Some(won) if builtin && !is_builtin(catalog, won) => {
                let other = &entry.id;
                let remedy = format!("make its rules more specific, or disable `{other}`");
                fault(won, won.at, format!("takes an example from `{other}`; {remedy}: {head}"));
            }
            Some(won) => {
                let remedy = "make a message more specific, or leave the example to that";
                let text = format!("example comes out as `{}`; {remedy}: {head}", won.id);
                fault(entry, example.at, text);
            }
            None => {
                let text = format!("example comes out as nothing; add its message: {head}");
                fault(entry, example.at, text);
            }
        }
    }
    for reject in entry.rejects.iter() {
        let is = primary(&reject.text.value).map_or("none", |won| won.id.as_ref());
        if is != reject.is {
            let head = head(&reject.text.value);
            let remedy = "make the rule that matches more specific, or correct `is`";
            let text =
                format!("reject comes out as `{is}`, not as `{}`; {remedy}: {head}", reject.is);
            fault(entry, reject.text.at, text);
        }
    }
}

/// Each message is in some example.
fn exercised(
    index: usize,
    entry: &Entry,
    catalog: &Catalog,
    matcher: &Matcher<'_>,
    fault: &mut impl FnMut(usize, String),
) {
    let mut found = BTreeSet::new();
    for example in entry.examples.iter() {
        let clean = Clean::new(example.value.as_bytes(), catalog.prefixes());
        let mut findings = Vec::new();
        matcher.find(
            &Haystack::whole(&clean),
            true,
            matcher.rules(false).chain(matcher.rules(true)),
            &mut findings,
        );
        found.extend(
            findings
                .iter()
                .filter(|finding| finding.entry == index)
                .filter_map(|finding| matcher.rule_text(finding.rule))
                .map(str::to_owned),
        );
    }
    for message in entry.messages.iter() {
        if !found.contains(message.text.value.as_ref()) {
            let text = &message.text.value;
            let remedy = "add one, or leave the message out";
            fault(message.text.at, format!("no example has the message `{text}`: {remedy}"));
        }
    }
}

/// The first line of a sample that is not blank, up to 100 characters.
fn head(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    line.chars().take(100).collect()
}
