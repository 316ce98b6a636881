//! Anchors: for every wording a run of bytes that stands in whatever it matches, chosen where
//! ordinary text has few of its grams.
//!
//! An anchor is a run that nothing can break but the end of a line (and escape sequences, which are
//! played before): letters and the punctuation that terminals, JSON and Python leave alone. A
//! wording without such a run of six bytes has one that spans a blank. The greedy choice is for the
//! cheapest run of each wording, where grams that another one needs already cost less.

use std::collections::{BTreeMap, HashMap};

use regex_syntax::hir::{Hir, HirKind};

use super::frequency::Frequency;
use super::gram::{self, GRAM, Gram, SHORTEST, STEP};
use super::{Anchor, Index, Mark, Name, REACH, Use};
use crate::catalog::provenance::{Provenance, Speaker, Topic, Words};
use crate::catalog::reason;
use crate::catalog::rule::{self, Form, Rule};
use crate::catalog::template::{BLANK, Literal, Part, TIGHT, Template, is_solid};
use crate::catalog::{Scope, Status};

/// A run of bytes that could be an anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    /// As printed, in lower case.
    bytes: Vec<u8>,
    /// The literal it is from, as its skeleton, and the part of that which it is; empty where
    /// nothing around it is known.
    literal: Vec<u8>,
    part: (usize, usize),
    /// Nothing of the wording stands before the literal, or after it.
    ends: (bool, bool),
    /// The most bytes of a skeleton that stand before and after it in a match.
    beside: (usize, usize),
}

impl Run {
    /// A run of which nothing but itself is known.
    fn bare(bytes: &[u8]) -> Self {
        Self {
            bytes: bytes.to_ascii_lowercase(),
            literal: Vec::new(),
            part: (0, 0),
            ends: (false, false),
            beside: (0, 0),
        }
    }

    /// For each phase its rarest gram and where that stands.
    fn grams(&self, frequency: &Frequency) -> Vec<(u64, usize)> {
        let all: Vec<u64> = self
            .bytes
            .windows(GRAM)
            .filter_map(|bytes| bytes.first_chunk::<GRAM>())
            .map(|bytes| gram::fold(*bytes))
            .collect();
        let rarest =
            |phase| (phase..all.len()).step_by(STEP).min_by_key(|&at| frequency.of(all[at]));
        (0..STEP).filter_map(rarest).map(|at| (all[at], at)).collect()
    }
}

/// Something to be found, and its runs: in each alternative one of them will do.
struct Wanted {
    mark: Mark,
    gated: bool,
    alternatives: Vec<Vec<Run>>,
}

/// Chooses the anchors of wordings, of statuses and of names.
pub fn select(rules: &[Rule], codes: &[(Status, usize)], provenance: &Provenance) -> Index {
    let names = names(provenance);
    let wanted: Vec<Wanted> = rules
        .iter()
        .enumerate()
        .filter_map(|(index, rule)| wording(index, rule))
        .chain(statuses(codes))
        .chain(named(&names))
        .collect();
    let frequency = Frequency::new();
    let mut anchors: BTreeMap<Vec<u8>, Vec<Use>> = BTreeMap::new();
    for (wanted, run) in choose(&wanted, &frequency) {
        let (from, upto) = run.part;
        let of = Use {
            mark: wanted.mark,
            gated: wanted.gated,
            literal: run.literal.clone().into(),
            from: from as u16,
            upto: upto as u16,
            first: run.ends.0,
            last: run.ends.1,
            reach: (printed(run.beside.0), printed(run.beside.1)),
        };
        anchors.entry(run.bytes.clone()).or_default().push(of);
    }
    let anchors: Vec<Anchor> =
        anchors.into_iter().map(|(bytes, uses)| Anchor::new(bytes, uses)).collect();
    let gram = |(index, anchor): (usize, &Anchor)| {
        let grams = Run::bare(&anchor.bytes).grams(&frequency);
        grams.into_iter().map(|(_, at)| Gram::new(&anchor.bytes, index, at)).collect::<Vec<_>>()
    };
    let grams: Vec<Gram> = anchors.iter().enumerate().flat_map(gram).collect();
    Index { grams: gram::Grams::new(&grams, &frequency.all()), anchors: anchors.into() }
}

/// An alternative of something wanted: its runs, each with its grams.
type Choice<'w> = (&'w Wanted, Vec<(&'w Run, Vec<u64>)>);

/// For each alternative of what is wanted a run, so that all their grams together are as rare as
/// can be.
fn choose<'w>(wanted: &'w [Wanted], frequency: &Frequency) -> Vec<(&'w Wanted, &'w Run)> {
    /// After the first round a choice is made anew, the others' choices known; from the third on
    /// hardly one changes.
    const ROUNDS: usize = 4;
    let grams =
        |run: &Run| run.grams(frequency).into_iter().map(|(gram, _)| gram).collect::<Vec<u64>>();
    // What leaves no choice comes first: the rest then shares its grams.
    let mut open: Vec<Choice<'w>> = wanted
        .iter()
        .flat_map(|wanted| {
            wanted
                .alternatives
                .iter()
                .map(move |runs| (wanted, runs.iter().map(|run| (run, grams(run))).collect()))
        })
        .filter(|(_, runs): &(_, Vec<_>)| !runs.is_empty())
        .collect();
    open.sort_by_key(|(_, runs)| runs.len());
    let mut needed: HashMap<u64, u32> = HashMap::new();
    let mut chosen: Vec<usize> = vec![0; open.len()];
    for round in 0..ROUNDS {
        for ((_, runs), choice) in open.iter().zip(&mut chosen) {
            if round > 0 {
                runs[*choice].1.iter().for_each(|gram| *needed.entry(*gram).or_default() -= 1);
            }
            let price = |(run, grams): &(&Run, Vec<u64>)| {
                let new: u32 = grams
                    .iter()
                    .filter(|gram| needed.get(gram).is_none_or(|count| *count == 0))
                    .map(|gram| frequency.of(*gram))
                    .sum();
                // The whole run is met about as often as its rarest gram. Where it is all of its
                // literal, nothing around it can tell that it is something else, and each time a
                // window must.
                let met = grams.iter().map(|gram| frequency.of(*gram)).min().unwrap_or(0);
                new + met * if run.literal.len() > run.part.1 - run.part.0 { 1 } else { 50 }
            };
            *choice = (0..runs.len()).min_by_key(|&index| price(&runs[index])).unwrap_or(0);
            runs[*choice].1.iter().for_each(|gram| *needed.entry(*gram).or_default() += 1);
        }
    }
    open.iter().zip(chosen).map(|((wanted, runs), choice)| (*wanted, runs[choice].0)).collect()
}

/// Bytes around an address of the API in which a status is its answer.
const BLOCK: usize = REACH as usize / 4;

/// Bytes of the error object that may stand around a name.
const OBJECT: usize = 96;

/// What a wording is found by in a log; `None` where it counts only as the whole input.
fn wording(index: usize, rule: &Rule) -> Option<Wanted> {
    // Of these the ones that count do so beside a name, in a client's own line, or by themselves.
    let gated = rule.scope != Scope::Own || matches!(rule.form, Form::Name(_));
    let alternatives = match &rule.form {
        Form::Complaint(_) => return None,
        Form::Template(template) => alternatives(template),
        Form::Name(_) => {
            let of_object = |run| Run { beside: (OBJECT, OBJECT), ..run };
            alternatives(&Template::parse(&rule.text))
                .into_iter()
                .map(|runs| runs.into_iter().map(of_object).collect())
                .collect()
        }
        Form::Regex(_) => {
            let hir = rule::parse_regex(&rule.text).ok()?;
            let longest = hir.properties().maximum_len().unwrap_or(REACH.into());
            of_regex(&hir)
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
fn printed(bytes: usize) -> u16 {
    const EACH: usize = 4;
    u16::try_from(bytes.saturating_mul(EACH)).map_or(REACH, |bytes| bytes.min(REACH))
}

/// The runs of a template, and, where it is written in an alphabet that JSON may escape, the
/// escaped form of it.
fn alternatives(template: &Template) -> Vec<Vec<Run>> {
    let literals = || {
        template.parts.iter().enumerate().filter_map(|(n, part)| {
            if let Part::Literal(literal) = part { Some((n, literal)) } else { None }
        })
    };
    let of = |over_blanks| {
        literals()
            .flat_map(|(n, literal)| runs_of_part(template, n, literal, over_blanks))
            .collect::<Vec<Run>>()
    };
    let long = |runs: Vec<Run>| {
        runs.into_iter().filter(|run| run.bytes.len() >= SHORTEST).collect::<Vec<Run>>()
    };
    let unbroken = long(of(false));
    let runs = if unbroken.is_empty() { long(of(true)) } else { unbroken };
    if runs.is_empty() {
        return of(false).iter().max_by_key(|run| run.bytes.len()).map_or(Vec::new(), edged);
    }
    // The blank may be a line break that JSON has escaped.
    let broken = |run: &Run| {
        let bytes = run
            .bytes
            .iter()
            .flat_map(|byte| if *byte == b' ' { b"\\n".to_vec() } else { vec![*byte] })
            .collect();
        Run { bytes, ..run.clone() }
    };
    let over_blanks: Vec<Run> =
        runs.iter().filter(|run| run.bytes.contains(&b' ')).map(broken).collect();
    let foreign = |run: &&Run| !run.bytes.is_ascii();
    let longest = template.longest_match();
    let escaped = |run: &Run| escaped(run).map(|run| Run { beside: (longest, longest), ..run });
    let escaped =
        runs.iter().filter(foreign).filter_map(escaped).min_by_key(|run| run.bytes.clone());
    [runs, over_blanks]
        .into_iter()
        .filter(|runs| !runs.is_empty())
        .chain(escaped.map(|run| vec![run]))
        .collect()
}

/// A word that is a byte too short, with each byte that may stand before it: what the skeleton
/// drops, the end of an escape or of a character beyond ASCII; then the literal's own byte or, at
/// its front, what no word goes on from.
fn edged(run: &Run) -> Vec<Vec<Run>> {
    let own = run.part.0.checked_sub(1).map(|before| run.literal[before]);
    let may_precede = |edge: &u8| match own {
        _ if b" \nnr\t\"'`\\mk".contains(edge) || (0x80..0xc0).contains(edge) => true,
        Some(own) => *edge == own,
        None => edge.is_ascii_punctuation() || edge.is_ascii_lowercase(),
    };
    let with = |edge: u8| {
        let from = run.part.0 - usize::from(own == Some(edge));
        vec![Run {
            bytes: [&[edge], &run.bytes[..]].concat(),
            part: (from, run.part.1),
            ..run.clone()
        }]
    };
    if run.bytes.len() + 1 < SHORTEST {
        Vec::new()
    } else {
        (0..=u8::MAX).filter(may_precede).map(with).collect()
    }
}

/// The first character beyond ASCII of a run as JSON escapes it.
fn escaped(run: &Run) -> Option<Run> {
    let text = std::str::from_utf8(&run.bytes).ok()?;
    let first = text.chars().find(|c| !c.is_ascii())?;
    Some(Run::bare(format!("\\u{:04x}", first as u32).as_bytes()))
}

/// The runs of a part of a template.
fn runs_of_part(template: &Template, n: usize, literal: &Literal, over_blanks: bool) -> Vec<Run> {
    let (before, after) = template.around(n);
    let ends = (n == 0, n + 1 == template.parts.len());
    let beside = |run: &Run| (before + run.part.0, literal.bytes.len() - run.part.1 + after);
    runs(literal, over_blanks)
        .into_iter()
        .map(|run| Run { ends, beside: beside(&run), ..run })
        .collect()
}

/// No run is longer, in bytes: what a terminal breaks lies on two lines then, not on three. None is
/// narrower.
const LONGEST: usize = 16;

/// The runs of a literal; `over_blanks` joins them where the template has one blank.
fn runs(literal: &Literal, over_blanks: bool) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    let mut open = false;
    let readable = readable(&literal.bytes);
    for (n, &byte) in literal.bytes.iter().enumerate() {
        let between_words =
            n > 0 && [literal.bytes[n - 1], byte].iter().all(u8::is_ascii_alphanumeric);
        let joins = literal.is(n, TIGHT) || (over_blanks && between_words && literal.is(n, BLANK));
        if !readable[n] {
            open = false;
            continue;
        }
        match found.last_mut().filter(|run| open && joins && run.bytes.len() < LONGEST) {
            Some(run) => {
                run.bytes.extend((!literal.is(n, TIGHT)).then_some(b' '));
                run.bytes.push(byte);
                run.part.1 = n + 1;
            }
            None => found.push(Run {
                literal: literal.bytes.to_vec(),
                part: (n, n + 1),
                ..Run::bare(&[byte])
            }),
        }
        open = true;
    }
    found
}

/// For each byte of a skeleton whether every printing has it as it is: not what has aliases, as
/// dashes and dots have.
fn readable(bytes: &[u8]) -> Vec<bool> {
    let mut readable = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        readable.extend(chunk.valid().bytes().map(is_solid));
        readable.extend(chunk.invalid().iter().map(|_| false));
    }
    readable
}

/// Runs of which one stands in every match of an expression; `None` where there are none.
fn of_regex(hir: &Hir) -> Option<Vec<Run>> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let whole = std::str::from_utf8(&literal.0).ok()?;
            let literal = Literal::new(whole);
            let longest = |over_blanks| {
                runs(&literal, over_blanks).into_iter().max_by_key(|run| run.bytes.len())
            };
            [false, true]
                .into_iter()
                .filter_map(longest)
                .find(|run| run.bytes.len() >= SHORTEST)
                .map(|run| vec![run])
        }
        HirKind::Capture(capture) => of_regex(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => of_regex(&repetition.sub),
        // The fewest and the longest.
        HirKind::Concat(parts) => parts.iter().filter_map(of_regex).min_by_key(|runs| {
            (runs.len(), usize::MAX - runs.iter().map(|run| run.bytes.len()).min().unwrap_or(0))
        }),
        HirKind::Alternation(branches) => {
            Some(branches.iter().map(of_regex).collect::<Option<Vec<_>>>()?.concat())
        }
        _ => None,
    }
}

/// The shapes in which statuses are reported, as far as every printing has them, `#` for the first
/// digit of a status that is known.
fn statuses(codes: &[(Status, usize)]) -> Vec<Wanted> {
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
fn named(names: &[(Name, &str)]) -> Vec<Wanted> {
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
fn names(provenance: &Provenance) -> Vec<(Name, &str)> {
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
