//! What the search has said of a stream, by cell: which lines a rule may match, and who is named
//! near them.

use std::collections::BTreeMap;
use std::ops::Range;

use super::stream::CELL;
use super::window::Window;
use crate::provenance::Neighbours;
use crate::search::{Candidate, CandidateKind, MAX_EXTENT, NameKind, NameSet};

/// Whole lines of a window, and what may stand in them.
#[derive(Clone, Debug, Default)]
pub(super) struct CandidateLines {
    /// Their range in the window's bytes.
    pub(super) span: Range<usize>,
    /// The rules to try, each once, in order.
    pub(super) kinds: Vec<CandidateKind>,
    /// The names near them.
    pub(super) names: NameSet,
    /// The first or the last line is so long that only a part of it is here.
    pub(super) cut: bool,
    /// One of them may be a field of a record that is spread over lines.
    pub(super) in_record: bool,
}

impl CandidateLines {
    /// Who is named near them, for the weighing.
    pub(super) fn neighbours(&self) -> Neighbours {
        Neighbours {
            claude: self.names.has(NameKind::Claude),
            caller: self.names.has(NameKind::Caller),
            client: self.names.has(NameKind::Client),
        }
    }
}

/// Candidates that lie together.
#[derive(Clone, Debug)]
struct Cluster {
    /// Their range in the stream, with all that their rules may span.
    span: Range<u64>,
    /// What they are of, and whether it counts only with a name nearby.
    kinds: Vec<(CandidateKind, bool)>,
}

/// One cell of the stream.
#[derive(Clone, Debug, Default)]
struct Cell {
    clusters: Vec<Cluster>,
    names: NameSet,
    /// Ranges that look like records: they count on their own line, and for the fields of objects that
    /// are spread over lines.
    records: Vec<Range<u64>>,
}

impl Cell {
    /// Takes a candidate in a range of the stream; its rule may span `before` and `after` bytes
    /// more.
    fn add(&mut self, at: Range<u64>, (before, after): (u16, u16), kind: (CandidateKind, bool)) {
        let span = at.start.saturating_sub(before.into())..at.end + u64::from(after);
        match self
            .clusters
            .last_mut()
            .filter(|last| last.span.start <= span.end && span.start <= last.span.end)
        {
            Some(last) => {
                last.span = last.span.start.min(span.start)..last.span.end.max(span.end);
                if !last.kinds.contains(&kind) {
                    last.kinds.push(kind);
                }
            }
            None => self.clusters.push(Cluster { span, kinds: vec![kind] }),
        }
    }
}

/// The candidates of the cells in memory; cells without any take no room.
#[derive(Clone, Debug, Default)]
pub(super) struct CandidateSet {
    cells: BTreeMap<u64, Cell>,
}

impl CandidateSet {
    /// Takes a candidate of bytes that begin at the offset `start` of the stream. One that lies over
    /// a border belongs to the cells on both sides.
    pub(super) fn add(&mut self, start: u64, candidate: Candidate) {
        let (from, end) = (start + candidate.start as u64, start + candidate.end as u64);
        for index in from / CELL..=end / CELL {
            let cell = self.cells.entry(index).or_default();
            match candidate.kind {
                CandidateKind::Name(NameKind::Record) => cell.records.push(from..end),
                CandidateKind::Name(name) => cell.names.add(name),
                kind => cell.add(
                    from.max(index * CELL)..end.min((index + 1) * CELL),
                    candidate.extent,
                    (kind, candidate.needs_context),
                ),
            }
        }
    }

    /// Drops the cells before the one of this offset.
    pub(super) fn forget(&mut self, before: u64) {
        self.cells = self.cells.split_off(&(before / CELL));
    }

    /// The names in the cells of a range and in those beside it.
    fn names(&self, span: &Range<u64>) -> NameSet {
        let cells = (span.start / CELL).saturating_sub(1)..=(span.end / CELL + 1);
        self.cells.range(cells).fold(NameSet::default(), |names, (_, cell)| names | cell.names)
    }

    /// Whether what looks like a record lies in a range.
    fn has_record(&self, span: &Range<u64>) -> bool {
        let mut cells = self.cells.range(span.start / CELL..=span.end / CELL);
        let meets = |record: &Range<u64>| record.start < span.end && span.start < record.end;
        cells.any(|(_, cell)| cell.records.iter().any(meets))
    }

    /// Whether a field that makes a record of an object spread over lines may stand in the cells of a
    /// range or beside them.
    fn near_field(&self, window: &Window<'_>, span: &Range<u64>) -> bool {
        let cells = (span.start / CELL).saturating_sub(1)..=(span.end / CELL + 1);
        let within = |at: u64| (at.saturating_sub(window.offset) as usize).min(window.raw.len());
        let may_be = |record: &Range<u64>| {
            let line = window.lines(within(record.start)..within(record.end)).0;
            line.is_empty() || may_be_field(&window.raw[line])
        };
        self.cells.range(cells).any(|(_, cell)| cell.records.iter().any(may_be))
    }

    /// The lines of a window in which a rule may match, in order and apart from each other.
    pub(super) fn lines_of(&self, window: &Window<'_>) -> Vec<CandidateLines> {
        let end = window.offset + window.raw.len() as u64;
        let cells = (window.offset.saturating_sub(MAX_EXTENT.into()) / CELL)
            ..=((end + u64::from(MAX_EXTENT)) / CELL);
        let clusters = self.cells.range(cells).flat_map(|(_, cell)| &cell.clusters);
        let mut all: Vec<CandidateLines> =
            clusters.filter_map(|cluster| self.lines_of_cluster(window, cluster)).collect();
        all.sort_by_key(|lines| lines.span.start);
        all.dedup_by(|next, last| {
            let joins = next.span.start <= last.span.end;
            if joins {
                last.span.end = last.span.end.max(next.span.end);
                last.kinds.append(&mut next.kinds);
                last.names = last.names | next.names;
                last.cut |= next.cut;
                last.in_record |= next.in_record;
            }
            joins
        });
        for lines in &mut all {
            lines.kinds.sort_unstable();
            lines.kinds.dedup();
        }
        all
    }

    /// The lines of a cluster, without the rules that need a name where there is none.
    fn lines_of_cluster(&self, window: &Window<'_>, cluster: &Cluster) -> Option<CandidateLines> {
        let within = |at: u64| (at.saturating_sub(window.offset) as usize).min(window.raw.len());
        let (span, cut) = window.lines(within(cluster.span.start)..within(cluster.span.end));
        let in_stream = window.offset + span.start as u64..window.offset + span.end as u64;
        let mut names = self.names(&cluster.span);
        let in_record =
            may_be_field(&window.raw[span.clone()]) && self.near_field(window, &cluster.span);
        if cut || in_record || self.has_record(&in_stream) {
            names.add(NameKind::Record);
        }
        let counts = |(kind, needs_name): &(CandidateKind, bool)| {
            (!needs_name || names.any()).then_some(*kind)
        };
        let kinds: Vec<CandidateKind> = cluster.kinds.iter().filter_map(counts).collect();
        (!kinds.is_empty() && !span.is_empty()).then_some(CandidateLines {
            span,
            kinds,
            names,
            cut,
            in_record,
        })
    }
}

/// Whether one of these lines may be a field, or a string of a list, of an object that is spread over
/// lines: behind a stamp, a margin and colours stands `"key":`, or one string and nothing else.
fn may_be_field(lines: &[u8]) -> bool {
    lines.split(|byte| *byte == b'\n').any(|line| {
        let Some(start) = memchr::memchr(b'"', line) else { return false };
        let is_end = |end: &usize| line[end - 1] != b'\\';
        let ends = memchr::memchr_iter(b'"', &line[start + 1..]).map(|end| start + 1 + end);
        let mut ends = ends.filter(is_end);
        let Some(end) = ends.next() else { return true };
        line.get(end + 1) == Some(&b':') || ends.next().is_none()
    })
}
