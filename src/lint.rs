//! Whether a catalog is sound. One linter for our catalog (the test suite runs it) and for
//! everybody's own (`--check-catalog`).
//!
//! What can be judged while loading (unknown keys, ids, closed lists, placeholders, limits) has
//! been; here an entry is held against the whole pipeline: it must win its examples, lose its
//! rejects, and have no wording that no example proves. Of the entries of users less is wanted than
//! of ours: no rejects, no order. And they must leave the examples of all others alone.
//! Provenance rules are held against their samples in the same way (`provenance`).

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
                fault(link.at, format!("link `{}` is not https", link.value));
            }
        }
        advice::check(entry, catalog, &mut fault);
        exercised(index, entry, catalog, diagnoser.matcher(), &mut fault);
        anchored(index, catalog, diagnoser.index(), &mut fault);
    }
    let mut ids = HashSet::new();
    for entry in catalog.entries() {
        if !ids.insert(entry.id.as_ref()) {
            let text = format!("error `{}`: another one has this id", entry.id);
            problems.push(catalog.problem(entry, entry.at, text));
        }
    }
    for pair in catalog.entries().windows(2) {
        if pair[0].file == pair[1].file && pair[0].id > pair[1].id && is_ours(catalog, &pair[1]) {
            problems.push(catalog.problem(
                &pair[1],
                pair[1].at,
                format!(
                    "error `{}`: stands after `{}`; entries are sorted by id",
                    pair[1].id, pair[0].id
                ),
            ));
        }
    }
    problems.extend(provenance::check(catalog, &Diagnoser::new(catalog).tracing()));
    problems.sort();
    problems
}

/// Whether an entry is part of the program.
fn is_ours(catalog: &Catalog, entry: &Entry) -> bool {
    catalog.origin(entry) == Origin::BuiltIn
}

/// Every wording that counts inside a log has an anchor to be found by.
fn anchored(
    entry: usize,
    catalog: &Catalog,
    search: &Index,
    fault: &mut impl FnMut(usize, String),
) {
    let anchored = |index| {
        search
            .anchors
            .iter()
            .flat_map(|anchor| anchor.uses.iter())
            .any(|of| of.kind == CandidateKind::Rule(index))
    };
    for (index, rule) in catalog
        .rules()
        .iter()
        .enumerate()
        .filter(|(_, rule)| rule.entry == entry && rule.scope != Scope::Complaint)
    {
        if !anchored(index as u16) {
            fault(
                catalog.entries()[entry].at,
                format!(
                    "`{}` has no word of five letters or more, and no logs are searched for less",
                    rule.text
                ),
            );
        }
    }
}

/// Examples come out as the entry, rejects do not.
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
    let ours = is_ours(catalog, entry);
    if entry.examples.is_empty() {
        fault(entry, entry.at, "`examples` is missing: nothing shows that it is found".into());
    }
    if entry.rejects.is_empty() && ours {
        fault(entry, entry.at, "`rejects` is missing".into());
    }
    for example in entry.examples.iter() {
        let head = head(&example.value);
        match primary(&example.value) {
            Some(won) if won.id == entry.id => {}
            // Who cannot change our catalog is told what to change in theirs.
            Some(won) if ours && !is_ours(catalog, won) => {
                fault(won, won.at, format!("takes an example from `{}`: {head}", entry.id));
            }
            Some(won) => {
                fault(entry, example.at, format!("example comes out as `{}`: {head}", won.id));
            }
            None => fault(entry, example.at, format!("example comes out as nothing: {head}")),
        }
    }
    for reject in entry.rejects.iter() {
        let is = primary(&reject.text.value).map_or("none", |won| won.id.as_ref());
        if is != reject.is {
            let head = head(&reject.text.value);
            let text = format!("reject comes out as `{is}`, not as `{}`: {head}", reject.is);
            fault(entry, reject.text.at, text);
        }
    }
}

/// Each message is found in some example.
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
            fault(message.text.at, format!("no example has the message `{}`", message.text.value));
        }
    }
}

/// The first line of a sample, as far as it can be taken in at a glance.
fn head(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    line.chars().take(100).collect()
}
