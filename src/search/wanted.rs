//! What is looked for: every rule, HTTP statuses, and the names beside which more counts.

use super::gram::SHORTEST;
use super::run::{self, LONGEST, Run};
use super::{Mark, Name, REACH};
use crate::catalog::provenance::{Provenance, Speaker, Topic, Words};
use crate::catalog::reason;
use crate::catalog::rule::{self, Form, Rule};
use crate::catalog::template::Template;
use crate::catalog::{Scope, Status};

/// Something to be found, and its runs: in each alternative one of them will do.
pub(super) struct Wanted {
    pub(super) mark: Mark,
    pub(super) gated: bool,
    pub(super) alternatives: Vec<Vec<Run>>,
}

/// Bytes around an address of the API in which a status is its answer.
const BLOCK: usize = REACH as usize / 4;

/// Bytes of the error object that may stand around a name.
const OBJECT: usize = 96;

/// What a wording is found by in a log; `None` where it counts only as the whole input.
pub(super) fn wording(index: usize, rule: &Rule) -> Option<Wanted> {
    // Of these the ones that count do so beside a name, in a client's own line, or by themselves.
    let gated = rule.scope != Scope::Own || matches!(rule.form, Form::Name(_));
    let alternatives = match &rule.form {
        Form::Complaint(_) => return None,
        Form::Template(template) => run::alternatives(template),
        Form::Name(_) => {
            let of_object = |run| Run { beside: (OBJECT, OBJECT), ..run };
            run::alternatives(&Template::parse(&rule.text))
                .into_iter()
                .map(|runs| runs.into_iter().map(of_object).collect())
                .collect()
        }
        Form::Regex(_) => {
            let hir = rule::parse_regex(&rule.text).ok()?;
            let longest = hir.properties().maximum_len().unwrap_or(REACH.into());
            run::of_regex(&hir)
                .into_iter()
                .flatten()
                .map(|run| vec![Run { beside: (longest, longest), ..run }])
                .collect()
        }
    };
    Some(Wanted { mark: Mark::Rule(index as u16), gated, alternatives })
}

/// How many bytes of a log this many bytes of a skeleton may take, broken over narrow lines with
/// borders or full of escapes.
pub(super) fn printed(bytes: usize) -> u16 {
    const EACH: usize = 4;
    u16::try_from(bytes.saturating_mul(EACH)).map_or(REACH, |bytes| bytes.min(REACH))
}

/// The shapes in which statuses are reported, as far as every printing has them, `#` for the first
/// digit of a status that is known.
pub(super) fn statuses(codes: &[(Status, usize)]) -> Vec<Wanted> {
    /// A model's name may stand between, and a line break.
    const STATUS: usize = 64;
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
    let runs = |shape: &str| {
        classes
            .iter()
            .map(|class| Run {
                beside: (STATUS, STATUS),
                ..Run::bare(shape.replace('#', &class.to_string()).as_bytes())
            })
            .collect::<Vec<_>>()
    };
    // A phrase longer than an anchor may be is found by its beginning.
    let phrase = |phrase: &'static str| phrase.get(..LONGEST).unwrap_or(phrase).trim_end();
    let shapes: Vec<&str> = SHAPES.iter().copied().chain(reason::phrases().map(phrase)).collect();
    let wanted = |gated, shapes: &[&str]| {
        // PHP escapes `/` in JSON.
        let escaped = shapes
            .iter()
            .filter(|shape| shape.contains('/'))
            .map(|shape| shape.replace('/', "\\/"));
        let printed = shapes.iter().map(|shape| (*shape).to_owned()).chain(escaped);
        let mut alternatives: Vec<Vec<Run>> =
            printed.flat_map(|shape| runs(&shape)).map(|run| vec![run]).collect();
        alternatives.dedup();
        Wanted { mark: Mark::Status, gated, alternatives }
    };
    if classes.is_empty() { Vec::new() } else { vec![wanted(false, OURS), wanted(true, &shapes)] }
}

/// How many bytes of a skeleton around a name may have to do with it.
fn around(list: Name) -> (usize, usize) {
    if list == Name::Endpoint { (BLOCK, BLOCK) } else { (0, 0) }
}

/// Names beside which a gated wording may count.
pub(super) fn named(names: &[(Name, &str)]) -> Vec<Wanted> {
    names
        .iter()
        .filter(|(_, name)| name.len() >= SHORTEST)
        .map(|(list, name)| Wanted {
            // Around an address of the API any status may be reported.
            mark: if *list == Name::Endpoint { Mark::Status } else { Mark::Name(*list) },
            gated: false,
            alternatives: vec![vec![Run { beside: around(*list), ..Run::bare(name.as_bytes()) }]],
        })
        .collect()
}

/// The names of a catalog's provenance beside which a wording may count that other programs print
/// too.
pub(super) fn names(provenance: &Provenance) -> Vec<(Name, &str)> {
    let vendors = provenance.of(Topic::Vendor).filter_map(|(_, rule)| match rule.speaks? {
        Speaker::Claude => Some((Name::Claude, rule)),
        Speaker::Caller => Some((Name::Caller, rule)),
        Speaker::Other | Speaker::Background => None,
    });
    let endpoints = provenance
        .of(Topic::Endpoint)
        .flat_map(|(_, rule)| [(Name::Claude, rule), (Name::Endpoint, rule)]);
    let named = vendors.chain(endpoints);
    let named = named.flat_map(|(of, rule)| rule.names.iter().map(move |name| (of, name.as_ref())));
    let words = |list, name| provenance.words(list).iter().map(move |word| (name, word.as_ref()));
    let words = words(Words::Client, Name::Client).chain(words(Words::Record, Name::Record));
    named.chain(words).collect()
}
