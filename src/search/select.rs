//! The choice of anchors: for every rule the run that ordinary text holds least often. The greedy
//! choice is for the cheapest run of each, where grams that another one needs already cost less.

use std::collections::{BTreeMap, HashMap};

use super::anchor::{Anchor, Index, Use};
use super::frequency::Frequency;
use super::gram::{self, Gram};
use super::run::Run;
use super::wanted::{self, Wanted};
use crate::catalog::Status;
use crate::catalog::provenance::Provenance;
use crate::catalog::rule::Rule;

/// Chooses the anchors of wordings, of statuses and of names.
pub fn select(rules: &[Rule], codes: &[(Status, usize)], provenance: &Provenance) -> Index {
    let names = wanted::names(provenance);
    let wanted: Vec<Wanted> = rules
        .iter()
        .enumerate()
        .filter_map(|(index, rule)| wanted::wording(index, rule))
        .chain(wanted::statuses(codes))
        .chain(wanted::named(&names))
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
            reach: (wanted::printed(run.beside.0), wanted::printed(run.beside.1)),
        };
        anchors.entry(run.bytes.clone()).or_default().push(of);
    }
    let anchors: Vec<Anchor> = anchors
        .into_iter()
        .map(|(bytes, uses)| Anchor { bytes: bytes.into(), uses: uses.into() })
        .collect();
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
