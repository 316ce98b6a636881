//! Fragments: the parts of a rule's literals that could be anchors.
//!
//! A fragment is letters and the punctuation that terminals, JSON and Python leave alone, so that
//! nothing breaks it but the end of a line, a colour or a move of the cursor. Where a rule has no
//! such fragment of six bytes, its fragments span single blanks.

use regex_syntax::hir::{Hir, HirKind};

use super::frequency::Frequency;
use super::qgram::{self, MIN_ANCHOR, Q, STEP};
use crate::catalog::template::{BLANK, CONTIGUOUS, Literal, Template, TemplatePart, is_solid};

/// The most bytes of a fragment: a terminal breaks it over two lines at most, because none is
/// narrower.
pub(super) const MAX_FRAGMENT: usize = 16;

/// A byte string that could be an anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fragment {
    /// As printed, in lower case.
    pub(super) bytes: Vec<u8>,
    /// The literal from which it is cut, as its skeleton; empty where nothing around it is known.
    pub(super) literal: Vec<u8>,
    /// Where it begins and ends in the literal.
    pub(super) span: (usize, usize),
    /// The literal is the first part of its rule, and the last.
    pub(super) edges: (bool, bool),
    /// The most bytes of a match's skeleton before and after it.
    pub(super) around: (usize, usize),
}

impl Fragment {
    /// A fragment around which nothing is known.
    pub(super) fn bare(bytes: &[u8]) -> Self {
        Self {
            bytes: bytes.to_ascii_lowercase(),
            literal: Vec::new(),
            span: (0, 0),
            edges: (false, false),
            around: (0, 0),
        }
    }

    /// For each phase the rarest folded q-gram and its offset.
    pub(super) fn q_grams(&self, frequency: &Frequency) -> Vec<(u64, usize)> {
        let all: Vec<u64> = self
            .bytes
            .windows(Q)
            .filter_map(|bytes| bytes.first_chunk::<Q>())
            .map(|bytes| qgram::fold(*bytes))
            .collect();
        let rarest =
            |phase| (phase..all.len()).step_by(STEP).min_by_key(|&at| frequency.of(all[at]));
        (0..STEP).filter_map(rarest).map(|at| (all[at], at)).collect()
    }
}

/// The fragments of a template. Of each alternative the search needs one: alternatives are the ways
/// in which the same message is printed, such as with a line break or a letter that JSON escapes.
pub(super) fn of_template(template: &Template) -> Vec<Vec<Fragment>> {
    let literals = || {
        template.parts.iter().enumerate().filter_map(|(n, part)| {
            if let TemplatePart::Literal(literal) = part { Some((n, literal)) } else { None }
        })
    };
    let all = |over_blanks| {
        literals()
            .flat_map(|(n, literal)| of_part(template, n, literal, over_blanks))
            .collect::<Vec<Fragment>>()
    };
    let long = |fragments: Vec<Fragment>| {
        let long = |fragment: &Fragment| fragment.bytes.len() >= MIN_ANCHOR;
        fragments.into_iter().filter(long).collect::<Vec<Fragment>>()
    };
    let unbroken = long(all(false));
    let fragments = if unbroken.is_empty() { long(all(true)) } else { unbroken };
    if fragments.is_empty() {
        let longest = all(false).into_iter().max_by_key(|fragment| fragment.bytes.len());
        return longest.map_or(Vec::new(), |fragment| lengthened(&fragment));
    }
    // The blank may be a line break that JSON has escaped.
    let broken = |fragment: &Fragment| {
        let bytes = fragment
            .bytes
            .iter()
            .flat_map(|byte| if *byte == b' ' { b"\\n".to_vec() } else { vec![*byte] })
            .collect();
        Fragment { bytes, ..fragment.clone() }
    };
    let over_blanks: Vec<Fragment> =
        fragments.iter().filter(|fragment| fragment.bytes.contains(&b' ')).map(broken).collect();
    let is_foreign = |fragment: &&Fragment| !fragment.bytes.is_ascii();
    let longest = template.longest_match();
    let escaped = |fragment: &Fragment| {
        escaped(fragment).map(|fragment| Fragment { around: (longest, longest), ..fragment })
    };
    let escaped = fragments
        .iter()
        .filter(is_foreign)
        .filter_map(escaped)
        .min_by_key(|fragment| fragment.bytes.clone());
    [fragments, over_blanks]
        .into_iter()
        .filter(|fragments| !fragments.is_empty())
        .chain(escaped.map(|fragment| vec![fragment]))
        .collect()
}

/// A fragment that is a byte too short, with each byte that may stand before it: what the skeleton
/// drops, the end of an escape or of a character beyond ASCII; then the literal's own byte or, at
/// its front, any byte that ends a word.
fn lengthened(fragment: &Fragment) -> Vec<Vec<Fragment>> {
    let own = fragment.span.0.checked_sub(1).map(|before| fragment.literal[before]);
    let may_precede = |byte: &u8| match own {
        _ if b" \nnr\t\"'`\\mk".contains(byte) || (0x80..0xc0).contains(byte) => true,
        Some(own) => *byte == own,
        None => byte.is_ascii_punctuation() || byte.is_ascii_lowercase(),
    };
    let with = |byte: u8| {
        let start = fragment.span.0 - usize::from(own == Some(byte));
        vec![Fragment {
            bytes: [&[byte], &fragment.bytes[..]].concat(),
            span: (start, fragment.span.1),
            ..fragment.clone()
        }]
    };
    if fragment.bytes.len() + 1 < MIN_ANCHOR {
        Vec::new()
    } else {
        (0..=u8::MAX).filter(may_precede).map(with).collect()
    }
}

/// The first character beyond ASCII of a fragment as JSON escapes it.
fn escaped(fragment: &Fragment) -> Option<Fragment> {
    let text = std::str::from_utf8(&fragment.bytes).ok()?;
    let first = text.chars().find(|c| !c.is_ascii())?;
    Some(Fragment::bare(format!("\\u{:04x}", first as u32).as_bytes()))
}

/// The fragments of the n-th part of a template.
fn of_part(template: &Template, n: usize, literal: &Literal, over_blanks: bool) -> Vec<Fragment> {
    let (before, after) = template.around(n);
    let edges = (n == 0, n + 1 == template.parts.len());
    let around = |fragment: &Fragment| {
        (before + fragment.span.0, literal.bytes.len() - fragment.span.1 + after)
    };
    of_literal(literal, over_blanks)
        .into_iter()
        .map(|fragment| Fragment { edges, around: around(&fragment), ..fragment })
        .collect()
}

/// The fragments of a literal; `over_blanks` joins them where the template has one blank.
fn of_literal(literal: &Literal, over_blanks: bool) -> Vec<Fragment> {
    let mut found: Vec<Fragment> = Vec::new();
    let mut open = false;
    let solid = solid(&literal.bytes);
    for (n, &byte) in literal.bytes.iter().enumerate() {
        let between_words =
            n > 0 && [literal.bytes[n - 1], byte].iter().all(u8::is_ascii_alphanumeric);
        let joins =
            literal.is(n, CONTIGUOUS) || (over_blanks && between_words && literal.is(n, BLANK));
        if !solid[n] {
            open = false;
            continue;
        }
        match found.last_mut().filter(|last| open && joins && last.bytes.len() < MAX_FRAGMENT) {
            Some(last) => {
                last.bytes.extend((!literal.is(n, CONTIGUOUS)).then_some(b' '));
                last.bytes.push(byte);
                last.span.1 = n + 1;
            }
            None => found.push(Fragment {
                literal: literal.bytes.to_vec(),
                span: (n, n + 1),
                ..Fragment::bare(&[byte])
            }),
        }
        open = true;
    }
    found
}

/// For each byte of a skeleton whether it is solid. The one byte that stands for all dots, which is
/// not UTF-8, is not.
fn solid(skeleton: &[u8]) -> Vec<bool> {
    let mut solid = Vec::with_capacity(skeleton.len());
    for chunk in skeleton.utf8_chunks() {
        solid.extend(chunk.valid().bytes().map(is_solid));
        solid.extend(chunk.invalid().iter().map(|_| false));
    }
    solid
}

/// Fragments of which one occurs in every match of an expression; `None` where there are none.
pub(super) fn of_regex(hir: &Hir) -> Option<Vec<Fragment>> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let literal = Literal::new(std::str::from_utf8(&literal.0).ok()?);
            let longest = |over_blanks| {
                of_literal(&literal, over_blanks)
                    .into_iter()
                    .max_by_key(|fragment| fragment.bytes.len())
            };
            [false, true]
                .into_iter()
                .filter_map(longest)
                .find(|fragment| fragment.bytes.len() >= MIN_ANCHOR)
                .map(|fragment| vec![fragment])
        }
        HirKind::Capture(capture) => of_regex(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => of_regex(&repetition.sub),
        // The fewest; of as many those whose shortest is longest.
        HirKind::Concat(parts) => parts.iter().filter_map(of_regex).min_by_key(|fragments| {
            let shortest = fragments.iter().map(|fragment| fragment.bytes.len()).min();
            (fragments.len(), usize::MAX - shortest.unwrap_or(0))
        }),
        HirKind::Alternation(branches) => {
            Some(branches.iter().map(of_regex).collect::<Option<Vec<_>>>()?.concat())
        }
        _ => None,
    }
}
