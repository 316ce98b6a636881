//! Runs: the stretches of a rule's literals that could be anchors.
//!
//! Nothing breaks a run but the end of a line, a colour or a move of the cursor: letters, and the
//! punctuation that terminals, JSON and Python leave alone. A rule without such a run of six bytes
//! has one that spans a blank.

use regex_syntax::hir::{Hir, HirKind};

use super::frequency::Frequency;
use super::gram::{self, GRAM, SHORTEST, STEP};
use crate::catalog::template::{BLANK, Literal, Part, TIGHT, Template, is_solid};

/// A run of bytes that could be an anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// As printed, in lower case.
    pub(super) bytes: Vec<u8>,
    /// The literal it is from, as its skeleton, and the part of that which it is; empty where
    /// nothing around it is known.
    pub(super) literal: Vec<u8>,
    /// Where in it the run lies.
    pub(super) part: (usize, usize),
    /// Nothing of the wording stands before the literal, or after it.
    pub(super) ends: (bool, bool),
    /// The most bytes of a skeleton that stand before and after it in a match.
    pub(super) beside: (usize, usize),
}

impl Run {
    /// A run of which nothing but itself is known.
    pub(super) fn bare(bytes: &[u8]) -> Self {
        Self {
            bytes: bytes.to_ascii_lowercase(),
            literal: Vec::new(),
            part: (0, 0),
            ends: (false, false),
            beside: (0, 0),
        }
    }

    /// For each phase its rarest gram and where that stands.
    pub(super) fn grams(&self, frequency: &Frequency) -> Vec<(u64, usize)> {
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

/// The runs of a template, and, where it is written in an alphabet that JSON may escape, the
/// escaped form of it.
pub(super) fn alternatives(template: &Template) -> Vec<Vec<Run>> {
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
pub(super) const LONGEST: usize = 16;

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
pub(super) fn of_regex(hir: &Hir) -> Option<Vec<Run>> {
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
