//! Whether a catalog is sound. One linter for our catalog (the test suite runs it) and for everybody's own (`--check-catalog`).
//!
//! What can be judged while loading (unknown keys, ids, closed lists) has been; here an entry is held against the whole pipeline:
//! it must win its examples, lose its rejects, and have no wording that no example proves.

use std::collections::BTreeSet;

use crate::catalog::rule::check_template;
use crate::catalog::template::Template;
use crate::catalog::{Catalog, Entry, Needs};
use crate::error::Problem;
use crate::matching::{Matcher, Part, check_regex};
use crate::prefilter::Mark;
use crate::report::placeholder;
use crate::scan::Diagnoser;
use crate::text::Clean;

/// Captures that every event may have, whatever the wording.
const COMMON: &[&str] = &["status", "request_id"];

/// Every fault of a catalog, sorted by file and line.
pub fn check(catalog: &Catalog) -> Vec<Problem> {
    let diagnoser = Diagnoser::new(catalog);
    let mut problems = Vec::new();
    for (index, entry) in catalog.entries().iter().enumerate() {
        let mut fault = |at: usize, text: String| problems.push(catalog.problem(entry, at, format!("error `{}`: {text}", entry.id)));
        wordings(entry, &mut fault);
        placeholders(entry, &mut fault);
        for link in entry.links.iter() {
            if !link.value.starts_with("https://") {
                fault(link.at, format!("link `{}` is not https", link.value));
            }
        }
        samples(entry, &diagnoser, &mut fault);
        exercised(index, entry, diagnoser.matcher(), &mut fault);
        anchored(index, catalog, &mut fault);
    }
    for pair in catalog.entries().windows(2) {
        if pair[0].file == pair[1].file && pair[0].id > pair[1].id {
            problems.push(catalog.problem(
                &pair[1],
                pair[1].at,
                format!("error `{}`: stands after `{}`; entries are sorted by id", pair[1].id, pair[0].id),
            ));
        }
    }
    problems.sort();
    problems
}

/// Messages and regular expressions compile, match something, and are not so short that they match everything.
fn wordings(entry: &Entry, fault: &mut impl FnMut(usize, String)) {
    for message in entry.messages.iter() {
        if let Err(error) = check_template(&message.text.value) {
            fault(message.text.at, format!("message `{}` {error}", message.text.value));
        }
    }
    for regex in entry.regexes.iter() {
        if let Err(error) = check_regex(&regex.value) {
            fault(regex.at, format!("regex `{}` {error}", regex.value));
        }
    }
    if entry.messages.is_empty() && entry.regexes.is_empty() && entry.api.is_empty() {
        fault(entry.at, "has neither `messages` nor `api` nor `regex`: nothing can find it".into());
    }
}

/// Every wording that counts inside a log has an anchor to be found by.
fn anchored(entry: usize, catalog: &Catalog, fault: &mut impl FnMut(usize, String)) {
    let anchored = |index| catalog.prefilter().anchors.iter().flat_map(|anchor| anchor.uses.iter()).any(|of| of.mark == Mark::Rule(index));
    for (index, rule) in catalog.rules().iter().enumerate().filter(|(_, rule)| rule.entry == entry && rule.needs != Some(Needs::Brief)) {
        if !anchored(index as u16) {
            fault(catalog.entries()[entry].at, format!("`{}` has no word of five letters or more, and no logs are searched for less", rule.text));
        }
    }
}

/// Every `{name}` is captured by every message, or says what stands for it otherwise.
fn placeholders(entry: &Entry, fault: &mut impl FnMut(usize, String)) {
    let captured: Vec<BTreeSet<String>> =
        entry.messages.iter().map(|message| Template::parse(&message.text.value).names().map(str::to_owned).collect()).collect();
    let steps = entry.steps.iter().flat_map(|step| [Some(&step.text), step.run.as_ref()]).flatten();
    for text in steps.chain([&entry.cause]) {
        let mut rest = text.as_ref();
        while let Some((_, after)) = rest.split_once('{') {
            rest = after;
            let Some((name, otherwise, tail)) = placeholder(after) else {
                continue;
            };
            rest = tail;
            let sure = !captured.is_empty() && captured.iter().all(|names| names.contains(name)) && entry.api.is_empty() && entry.regexes.is_empty();
            let known = COMMON.contains(&name)
                || captured.iter().any(|names| names.contains(name))
                || entry.regexes.iter().any(|regex| regex.value.contains(&format!("<{name}>")));
            if !known {
                fault(entry.at, format!("`{{{name}}}` is captured by no message"));
            } else if otherwise.is_none() && !sure {
                fault(entry.at, format!("`{{{name}}}` is not captured by every wording: write `{{{name}|otherwise}}`"));
            }
        }
    }
}

/// Examples come out as the entry, rejects do not.
fn samples(entry: &Entry, diagnoser: &Diagnoser<'_>, fault: &mut impl FnMut(usize, String)) {
    let primary = |text: &str| {
        diagnoser.stream("sample", text.as_bytes()).expect("a slice reads").diagnoses.first().map(|diagnosis| diagnosis.entry.id.to_string())
    };
    if entry.examples.is_empty() {
        fault(entry.at, "`examples` is empty".into());
    }
    if entry.rejects.is_empty() {
        fault(entry.at, "`rejects` is empty".into());
    }
    for example in entry.examples.iter() {
        let won = primary(&example.value);
        if won.as_deref() != Some(entry.id.as_ref()) {
            fault(example.at, format!("example comes out as {}: {}", won.map_or("nothing".into(), |id| format!("`{id}`")), head(&example.value)));
        }
    }
    for reject in entry.rejects.iter() {
        if primary(&reject.value).as_deref() == Some(entry.id.as_ref()) {
            fault(reject.at, format!("reject comes out as the entry: {}", head(&reject.value)));
        }
    }
}

/// Each message is found in some example.
fn exercised(index: usize, entry: &Entry, matcher: &Matcher<'_>, fault: &mut impl FnMut(usize, String)) {
    let mut found = BTreeSet::new();
    for example in entry.examples.iter() {
        let clean = Clean::new(example.value.as_bytes());
        let mut findings = Vec::new();
        matcher.find(&Part::whole(&clean), true, matcher.wordings(false).chain(matcher.wordings(true)), &mut findings);
        found.extend(findings.iter().filter(|finding| finding.entry == index).filter_map(|finding| matcher.wording(finding.rule)).map(str::to_owned));
    }
    for message in entry.messages.iter() {
        if !found.contains(message.text.value.as_ref()) {
            fault(message.text.at, format!("no example has the message `{}`", message.text.value));
        }
    }
}

fn head(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    line.chars().take(100).collect()
}
