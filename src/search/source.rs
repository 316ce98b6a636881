//! What anchors are chosen for: every rule, HTTP statuses, and the names near which more counts.

use super::fragment::{self, Fragment, MAX_FRAGMENT};
use super::qgram::MIN_ANCHOR;
use super::{CandidateKind, MAX_EXTENT, NameKind};
use crate::catalog::check;
use crate::catalog::provenance_rules::{Provenance, Speaker, Topic, WordList};
use crate::catalog::reason;
use crate::catalog::rule::{Rule, RuleBody};
use crate::catalog::template::Template;
use crate::catalog::{Scope, Status};

/// Something to be found, and the fragments by which it can be.
pub(super) struct AnchorSource {
    pub(super) kind: CandidateKind,
    /// It counts only near a name of Claude's, or alone on its line.
    pub(super) needs_context: bool,
    /// In each alternative one of the fragments suffices.
    pub(super) alternatives: Vec<Vec<Fragment>>,
}

/// How many bytes of a skeleton before and after an address of the API a status is its answer.
const AROUND_ENDPOINT: usize = MAX_EXTENT as usize / 4;
/// How many bytes of an error object's skeleton stand before and after the name of its type.
const AROUND_TYPE: usize = 96;
/// How many bytes of a skeleton stand before and after the words that report a status: a model's
/// name may stand between, and a line break.
const AROUND_STATUS: usize = 64;

/// What a rule is found by in a log; `None` where it counts only as the whole input.
pub(super) fn of_rule(index: usize, rule: &Rule) -> Option<AnchorSource> {
    let needs_context = rule.scope != Scope::Own || matches!(rule.body, RuleBody::Name(_));
    let alternatives = match &rule.body {
        RuleBody::Complaint(_) => return None,
        RuleBody::Template(template) => fragment::of_template(template),
        RuleBody::Name(_) => {
            let of_object = |fragment| Fragment { around: (AROUND_TYPE, AROUND_TYPE), ..fragment };
            fragment::of_template(&Template::parse(&rule.text))
                .into_iter()
                .map(|fragments| fragments.into_iter().map(of_object).collect())
                .collect()
        }
        RuleBody::Regex(_) => {
            let hir = check::parse_regex(&rule.text).ok()?;
            let longest = hir.properties().maximum_len().unwrap_or(MAX_EXTENT.into());
            fragment::of_regex(&hir)
                .into_iter()
                .flatten()
                .map(|fragment| vec![Fragment { around: (longest, longest), ..fragment }])
                .collect()
        }
    };
    Some(AnchorSource { kind: CandidateKind::Rule(index as u16), needs_context, alternatives })
}

/// How many bytes of a log some bytes of a skeleton may take: broken over narrow lines with borders,
/// or full of escapes, four for each.
pub(super) fn extent(skeleton: usize) -> u16 {
    u16::try_from(skeleton.saturating_mul(4)).map_or(MAX_EXTENT, |bytes| bytes.min(MAX_EXTENT))
}

/// The shapes in which statuses are reported, as far as they are always printed alike; `#` stands
/// for the first digit of a status that the catalog knows.
pub(super) fn of_statuses(codes: &[(Status, usize)]) -> Vec<AnchorSource> {
    const OURS: &[&str] = &["API Error", "api_error_status", "Request rejected"];
    const SHAPES: &[&str] = &[
        "error code",
        "errorcode",
        "status",
        "returned error",
        "http/1.1 #",
        "http/1.0 #",
        "http/2 #",
        "http/2.0 #",
        "http/3 #",
        "error: #",
    ];
    let mut classes: Vec<u16> = codes
        .iter()
        .map(|(status, _)| match status {
            Status::Code(code) => code / 100,
            Status::Class(class) => *class,
        })
        .collect();
    classes.sort_unstable();
    classes.dedup();
    let fragments = |shape: &str| {
        classes
            .iter()
            .map(|class| Fragment {
                around: (AROUND_STATUS, AROUND_STATUS),
                ..Fragment::bare(shape.replace('#', &class.to_string()).as_bytes())
            })
            .collect::<Vec<_>>()
    };
    // A phrase longer than a fragment is found by its beginning.
    let phrase = |phrase: &'static str| phrase.get(..MAX_FRAGMENT).unwrap_or(phrase).trim_end();
    let shapes: Vec<&str> = SHAPES.iter().copied().chain(reason::phrases().map(phrase)).collect();
    let source = |needs_context, shapes: &[&str]| {
        // PHP escapes `/` in JSON.
        let escaped = shapes
            .iter()
            .filter(|shape| shape.contains('/'))
            .map(|shape| shape.replace('/', "\\/"));
        let printed = shapes.iter().map(|shape| (*shape).to_owned()).chain(escaped);
        let mut alternatives: Vec<Vec<Fragment>> =
            printed.flat_map(|shape| fragments(&shape)).map(|fragment| vec![fragment]).collect();
        alternatives.dedup();
        AnchorSource { kind: CandidateKind::Status, needs_context, alternatives }
    };
    if classes.is_empty() { Vec::new() } else { vec![source(false, OURS), source(true, &shapes)] }
}

/// The names near which a rule counts that does not count elsewhere.
pub(super) fn of_names(provenance: &Provenance) -> Vec<AnchorSource> {
    let source = |(kind, name): (NameKind, &str)| {
        // Near an address of the API any status may be reported.
        let (kind, around) = match kind {
            NameKind::Endpoint => (CandidateKind::Status, AROUND_ENDPOINT),
            kind => (CandidateKind::Name(kind), 0),
        };
        let fragment = Fragment { around: (around, around), ..Fragment::bare(name.as_bytes()) };
        AnchorSource { kind, needs_context: false, alternatives: vec![vec![fragment]] }
    };
    names(provenance).into_iter().filter(|(_, name)| name.len() >= MIN_ANCHOR).map(source).collect()
}

/// The names that a catalog's provenance knows.
fn names(provenance: &Provenance) -> Vec<(NameKind, &str)> {
    let vendors = provenance.of(Topic::Vendor).filter_map(|(_, rule)| match rule.speaks? {
        Speaker::Claude => Some((NameKind::Claude, rule)),
        Speaker::Caller => Some((NameKind::Caller, rule)),
        Speaker::Other | Speaker::Background => None,
    });
    let endpoints = provenance
        .of(Topic::Endpoint)
        .flat_map(|(_, rule)| [(NameKind::Claude, rule), (NameKind::Endpoint, rule)]);
    let named = vendors
        .chain(endpoints)
        .flat_map(|(kind, rule)| rule.names.iter().map(move |name| (kind, name.as_ref())));
    let words = |list, kind| provenance.words(list).iter().map(move |word| (kind, word.as_ref()));
    named
        .chain(words(WordList::Client, NameKind::Client))
        .chain(words(WordList::Record, NameKind::Record))
        .collect()
}
