//! The choice of anchors: for every rule the fragment that ordinary text holds least often. The
//! choice is greedy and takes the cheapest fragment; q-grams that another anchor needs anyway cost
//! nothing more.

use std::collections::{BTreeMap, HashMap};

use super::anchor::{Anchor, AnchorUse, Index};
use super::fragment::Fragment;
use super::frequency::Frequency;
use super::qgram::{QGram, QGramTable};
use super::source::{self, AnchorSource};
use crate::catalog::Status;
use crate::catalog::provenance_rules::Provenance;
use crate::catalog::rule::Rule;

/// Chooses the anchors of rules, of statuses and of names.
pub(crate) fn select(rules: &[Rule], codes: &[(Status, usize)], provenance: &Provenance) -> Index {
    let sources: Vec<AnchorSource> = rules
        .iter()
        .enumerate()
        .filter_map(|(index, rule)| source::of_rule(index, rule))
        .chain(source::of_statuses(codes))
        .chain(source::of_names(provenance))
        .collect();
    let frequency = Frequency::new();
    let mut anchors: BTreeMap<Vec<u8>, Vec<AnchorUse>> = BTreeMap::new();
    for (source, fragment) in choose(&sources, &frequency) {
        let anchor = AnchorUse {
            kind: source.kind,
            needs_context: source.needs_context,
            literal: fragment.literal.clone().into(),
            start: fragment.span.0 as u16,
            end: fragment.span.1 as u16,
            first: fragment.edges.0,
            last: fragment.edges.1,
            extent: (source::extent(fragment.around.0), source::extent(fragment.around.1)),
        };
        anchors.entry(fragment.bytes.clone()).or_default().push(anchor);
    }
    let anchors: Vec<Anchor> = anchors
        .into_iter()
        .map(|(bytes, uses)| Anchor { bytes: bytes.into(), uses: uses.into() })
        .collect();
    let q_grams = |(index, anchor): (usize, &Anchor)| {
        let q_grams = Fragment::bare(&anchor.bytes).q_grams(&frequency);
        q_grams.into_iter().map(|(_, at)| QGram::new(&anchor.bytes, index, at)).collect::<Vec<_>>()
    };
    let q_grams: Vec<QGram> = anchors.iter().enumerate().flat_map(q_grams).collect();
    Index { table: QGramTable::new(&q_grams, &frequency.all()), anchors: anchors.into() }
}

/// An alternative of a source: its fragments, each with its q-grams.
type Choice<'s> = (&'s AnchorSource, Vec<(&'s Fragment, Vec<u64>)>);

/// Chooses a fragment for each alternative of each source, so that the q-grams of all of them
/// together are as rare as can be.
fn choose<'s>(
    sources: &'s [AnchorSource],
    frequency: &Frequency,
) -> Vec<(&'s AnchorSource, &'s Fragment)> {
    /// After the first round each choice is made again, with the others known; from the third round
    /// on hardly one changes.
    const ROUNDS: usize = 4;
    let q_grams = |fragment: &Fragment| {
        fragment.q_grams(frequency).into_iter().map(|(q_gram, _)| q_gram).collect::<Vec<u64>>()
    };
    let choice = |fragments: &'s Vec<Fragment>| {
        fragments.iter().map(|fragment| (fragment, q_grams(fragment))).collect()
    };
    let mut open: Vec<Choice<'s>> = sources
        .iter()
        .flat_map(|source| source.alternatives.iter().map(move |fragments| (source, fragments)))
        .filter(|(_, fragments)| !fragments.is_empty())
        .map(|(source, fragments)| (source, choice(fragments)))
        .collect();
    // What leaves no choice comes first: the rest then shares its q-grams.
    open.sort_by_key(|(_, fragments)| fragments.len());
    let mut needed: HashMap<u64, u32> = HashMap::new();
    let mut chosen: Vec<usize> = vec![0; open.len()];
    for round in 0..ROUNDS {
        for ((_, fragments), choice) in open.iter().zip(&mut chosen) {
            if round > 0 {
                for q_gram in &fragments[*choice].1 {
                    *needed.entry(*q_gram).or_default() -= 1;
                }
            }
            let price = |(fragment, q_grams): &(&Fragment, Vec<u64>)| {
                let new: u32 = q_grams
                    .iter()
                    .filter(|q_gram| needed.get(q_gram).is_none_or(|count| *count == 0))
                    .map(|q_gram| frequency.of(*q_gram))
                    .sum();
                // The whole fragment occurs about as often as its rarest q-gram. Where it is all of
                // its literal, nothing around it can rule it out, and the matcher must.
                let found = q_grams.iter().map(|q_gram| frequency.of(*q_gram)).min().unwrap_or(0);
                let is_part = fragment.literal.len() > fragment.span.1 - fragment.span.0;
                new + found * if is_part { 1 } else { 50 }
            };
            *choice =
                (0..fragments.len()).min_by_key(|&index| price(&fragments[index])).unwrap_or(0);
            for q_gram in &fragments[*choice].1 {
                *needed.entry(*q_gram).or_default() += 1;
            }
        }
    }
    open.iter()
        .zip(chosen)
        .map(|((source, fragments), choice)| (*source, fragments[choice].0))
        .collect()
}
