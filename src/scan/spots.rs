//! What the search said of a stream: the spots in which something may stand, and the names
//! beside which more counts.

use std::collections::BTreeMap;
use std::ops::Range;

use super::stream::CELL;
use super::window::Window;
use crate::search::{Candidate, Mark, Name, Names, REACH};

/// Whole lines of a window and what may stand in them.
#[derive(Clone, Debug, Default)]
pub(super) struct Spot {
    /// Offsets in the window's bytes.
    pub(super) span: Range<usize>,
    /// What may stand there.
    pub(super) marks: Vec<Mark>,
    /// The names near it.
    pub(super) names: Names,
    /// A line of it is so long that the spot holds only a piece.
    pub(super) cut: bool,
}

/// Candidates that lie together.
#[derive(Clone, Debug)]
struct Cluster {
    /// Where in the stream they, and what has to do with them, lie.
    span: Range<u64>,
    /// What they are, and whether they count only beside a name.
    marks: Vec<(Mark, bool)>,
}

/// A cell of the stream.
#[derive(Clone, Debug, Default)]
struct Cell {
    clusters: Vec<Cluster>,
    /// Who is named.
    names: Names,
    /// Where pieces of records stand: they count on their own line only.
    records: Vec<Range<u64>>,
}

impl Cell {
    /// Takes what lies in a range of the stream and reaches this far before and behind it.
    fn add(&mut self, of: Range<u64>, reach: (u16, u16), mark: (Mark, bool)) {
        let span = of.start.saturating_sub(reach.0.into())..of.end + u64::from(reach.1);
        match self
            .clusters
            .last_mut()
            .filter(|last| last.span.start <= span.end && span.start <= last.span.end)
        {
            Some(last) => {
                last.span = last.span.start.min(span.start)..last.span.end.max(span.end);
                if !last.marks.contains(&mark) {
                    last.marks.push(mark);
                }
            }
            None => self.clusters.push(Cluster { span, marks: vec![mark] }),
        }
    }
}

/// The cells at hand in which there is anything.
#[derive(Clone, Debug, Default)]
pub(super) struct Field {
    cells: BTreeMap<u64, Cell>,
}

impl Field {
    /// Takes a candidate of a piece that begins at this offset of the stream. Where its line had to
    /// be played it may lie in several cells, and belongs to each.
    pub(super) fn add(&mut self, start: u64, candidate: Candidate) {
        let (at, upto) = (start + candidate.at as u64, start + candidate.upto as u64);
        for index in at / CELL..=upto / CELL {
            let cell = self.cells.entry(index).or_default();
            match candidate.mark {
                Mark::Name(Name::Record) => cell.records.push(at..upto),
                Mark::Name(name) => cell.names.add(name),
                mark => cell.add(
                    at.max(index * CELL)..upto.min((index + 1) * CELL),
                    candidate.reach,
                    (mark, candidate.gated),
                ),
            }
        }
    }

    /// Forgets the cells before the one of this offset.
    pub(super) fn forget(&mut self, before: u64) {
        self.cells = self.cells.split_off(&(before / CELL));
    }

    /// The names in the cells of a range and in those beside it.
    fn names(&self, span: &Range<u64>) -> Names {
        let cells = (span.start / CELL).saturating_sub(1)..=(span.end / CELL + 1);
        self.cells.range(cells).fold(Names::default(), |names, (_, cell)| names | cell.names)
    }

    /// Whether a piece of a record stands in a range.
    fn has_record(&self, span: &Range<u64>) -> bool {
        let mut cells = self.cells.range(span.start / CELL..=span.end / CELL);
        let meets = |of: &Range<u64>| of.start < span.end && span.start < of.end;
        cells.any(|(_, cell)| cell.records.iter().any(meets))
    }

    /// The spots of a window, in order, none beside another.
    pub(super) fn spots(&self, window: &Window<'_>) -> Vec<Spot> {
        let upto = window.offset + window.raw.len() as u64;
        let cells = (window.offset.saturating_sub(REACH.into()) / CELL)
            ..=((upto + u64::from(REACH)) / CELL);
        let mut spots: Vec<Spot> = self
            .cells
            .range(cells)
            .flat_map(|(_, cell)| &cell.clusters)
            .filter_map(|of| self.spot(window, of))
            .collect();
        spots.sort_by_key(|spot| spot.span.start);
        spots.dedup_by(|next, last| {
            let joins = next.span.start <= last.span.end;
            if joins {
                last.span.end = last.span.end.max(next.span.end);
                last.marks.append(&mut next.marks);
                last.names = last.names | next.names;
                last.cut |= next.cut;
            }
            joins
        });
        for spot in &mut spots {
            spot.marks.sort_unstable();
            spot.marks.dedup();
        }
        spots
    }

    /// What a cluster is in a window; what is gated counts only beside a name.
    fn spot(&self, window: &Window<'_>, cluster: &Cluster) -> Option<Spot> {
        let within = |at: u64| (at.saturating_sub(window.offset) as usize).min(window.raw.len());
        let (span, cut) = window.lines(within(cluster.span.start)..within(cluster.span.end));
        let mut names = self.names(&cluster.span);
        if cut
            || self
                .has_record(&(window.offset + span.start as u64..window.offset + span.end as u64))
        {
            names.add(Name::Record);
        }
        let marks: Vec<Mark> = cluster
            .marks
            .iter()
            .filter(|(_, gated)| !gated || names.any())
            .map(|(mark, _)| *mark)
            .collect();
        (!marks.is_empty() && !span.is_empty()).then_some(Spot { span, marks, names, cut })
    }
}
