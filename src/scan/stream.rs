//! A stream in cells: a fixed grid over the bytes of the input.
//!
//! The prefilter marks cells in which something may begin; only those are examined, each in a window of itself and its neighbours.
//! Since the grid depends on nothing but offsets, the report is the same however the input is read: in one go or in drips, by one
//! thread or by several, with the prefilter or without it.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::ops::Range;

use super::Diagnoser;
use super::marks::Marks;
use super::place::Place;
use super::tail::Tail;
use super::window::Window;
use crate::prefilter::Search;
use crate::report::Collector;

/// Bytes of a cell. Its window, three cells, usually holds the 150 lines around a finding that its judgement may need.
const CELL: u64 = 16 * 1024;
/// How many bytes are read, searched and forgotten at once. Larger pieces leave the processor's cache.
pub(super) const PIECE: u64 = 64 * 1024;
/// An input up to this size is one window.
const SMALL: u64 = PIECE;
/// How much of what was searched is searched again together with what follows, so that nothing is lost between two pieces.
const OVERLAP: u64 = 512;
/// How far from its anchors a wording may reach, and some more.
const AROUND: u64 = 4 * 1024;
/// How much further back than its anchor an event may begin.
const BEFORE: u64 = 2 * 1024;

/// What came of a stretch of a stream.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    /// The events, with locations as if the stretch were the whole input.
    pub(super) collector: Collector,
    /// Where the stretch ends, likewise.
    pub(super) end: Option<Place>,
    /// Bytes of the stretch.
    pub(super) bytes: u64,
    /// The end of the stretch, to look for a suspect in.
    pub(super) tail: Tail,
}

impl Stretch {
    /// Adds the stretch that follows.
    pub(super) fn append(&mut self, next: Self) {
        let place = self.end.unwrap_or(Place::START);
        self.collector.append(next.collector, |location| place.locate(location));
        self.end = next.end.map(|end| place.then(end)).or(self.end);
        self.bytes += next.bytes;
        self.tail = next.tail;
    }
}

/// The bytes at hand: one cell before the next one to be examined, and all that was read after.
struct Buffer {
    bytes: Vec<u8>,
    used: usize,
    /// Where in the stream the buffer begins.
    offset: u64,
}

impl Buffer {
    /// Room for several pieces, so that what is kept is seldom moved.
    const SIZE: u64 = 4 * CELL + 5 * PIECE;

    fn new(offset: u64) -> Self {
        Self { bytes: vec![0; Self::SIZE as usize], used: 0, offset }
    }

    /// Reads one more piece; returns whether the input ended. What is before `needed` may be forgotten.
    fn fill(&mut self, input: &mut impl Read, needed: u64) -> io::Result<bool> {
        if self.bytes.len() - self.used < PIECE as usize {
            let from = (needed - self.offset) as usize;
            self.bytes.copy_within(from..self.used, 0);
            self.used -= from;
            self.offset = needed;
        }
        let goal = self.used + PIECE as usize;
        while self.used < goal {
            match input.read(&mut self.bytes[self.used..goal]) {
                Ok(0) => return Ok(true),
                Ok(n) => self.used += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    fn end(&self) -> u64 {
        self.offset + self.used as u64
    }

    /// What is at hand of a range of the stream.
    fn slice(&self, range: Range<u64>) -> &[u8] {
        let at = |offset: u64| (offset.clamp(self.offset, self.end()) - self.offset) as usize;
        &self.bytes[at(range.start)..at(range.end)]
    }
}

impl Diagnoser<'_> {
    /// Examines the cells in `core`, whose bounds lie on the grid, of a stream that `input` yields from the offset `from` on.
    pub(super) fn stretch(&self, search: &Search<'_>, input: &mut impl Read, from: u64, core: Range<u64>) -> io::Result<Stretch> {
        let mut buffer = Buffer::new(from);
        let mut stretch = Stretch::default();
        let mut marks: BTreeMap<u64, Marks> = BTreeMap::new();
        let (mut searched, mut next) = (from, core.start);
        // Where the next cell begins, counted from the core's start.
        let mut place = Place::START;
        loop {
            let ended = buffer.fill(input, next.saturating_sub(CELL).max(from))?;
            let end = buffer.end();
            if ended && from == 0 && end <= SMALL {
                self.whole(search, buffer.slice(0..end), false, &mut stretch);
                return Ok(stretch);
            }
            // A line that is not whole yet is searched with what follows, unless it is very long.
            let whole_lines = memchr::memrchr(b'\n', buffer.slice(searched..end)).map_or(end, |at| searched + at as u64 + 1);
            let upto = if ended { end } else { whole_lines };
            let start = searched.saturating_sub(OVERLAP).max(buffer.offset);
            search.find(buffer.slice(start..upto), |candidate| {
                let at = start + candidate.at as u64;
                let cell = marks.entry(at / CELL).or_default();
                cell.add(candidate);
                cell.begin(candidate, at);
                marks.entry(at.saturating_sub(BEFORE) / CELL).or_default().begin(candidate, at);
            });
            searched = upto;
            while next < core.end.min(end) && (ended || next + 2 * CELL + BEFORE <= searched) {
                let cell = next / CELL;
                let mut seen = marks.get(&cell).cloned().unwrap_or_default();
                cell.checked_sub(1).into_iter().chain([cell + 1]).filter_map(|beside| marks.get(&beside)).for_each(|beside| seen.join(beside));
                let of_cell = next..(next + CELL).min(core.end).min(end);
                if self.exhaustive || (seen.is_worth_a_look() && self.is_promising(&buffer, &seen)) {
                    let around = lines(&buffer, next.saturating_sub(CELL)..(next + 2 * CELL), CELL);
                    let within = ((of_cell.start.max(around.start) - around.start) as usize, (of_cell.end - around.start) as usize);
                    let window = Window { raw: buffer.slice(around), start: place, core: within, argument: false, whole: false };
                    self.examine(window, &seen, &mut stretch.collector);
                }
                place = place.after(buffer.slice(of_cell.clone()));
                stretch.bytes += of_cell.end - of_cell.start;
                marks.retain(|&marked, _| marked >= cell);
                next = of_cell.end;
            }
            if ended || next >= core.end {
                stretch.tail = Tail::of(buffer.slice(next.saturating_sub(Tail::KEPT)..next));
                stretch.end = Some(place);
                return Ok(stretch);
            }
        }
    }

    /// Whether any wording matches around the candidates. Most of what the prefilter lets through ends here: of 905 such
    /// looks in 160 MB of manuals 892.
    fn is_promising(&self, buffer: &Buffer, marks: &Marks) -> bool {
        let Some((first, last)) = marks.span() else { return false };
        let around = lines(buffer, first.saturating_sub(AROUND)..last + AROUND, AROUND / 2);
        self.matches(buffer.slice(around), marks)
    }

    /// Examines an input that is one window.
    pub(super) fn whole(&self, search: &Search<'_>, raw: &[u8], argument: bool, stretch: &mut Stretch) {
        let mut marks = Marks::beside_a_name();
        // A short word is known by the byte before it.
        search.find(&[b"\n", raw].concat(), |candidate| marks.add(candidate));
        let whole = raw.len() as u64 <= SMALL;
        self.examine(Window { raw, start: Place::START, core: (0, raw.len()), argument, whole }, &marks, &mut stretch.collector);
        stretch.bytes = raw.len() as u64;
        stretch.tail = Tail::of(raw);
        stretch.end = Some(Place::START.after(raw));
    }
}

/// A range without the cut lines at its ends; lines longer than `slack` stay cut.
fn lines(buffer: &Buffer, range: Range<u64>, slack: u64) -> Range<u64> {
    let (start, end) = (range.start.max(buffer.offset), range.end.min(buffer.end()));
    let back = end.saturating_sub(slack).max(start);
    let first = memchr::memchr(b'\n', buffer.slice(start..start + slack)).map_or(start, |at| start + at as u64 + 1);
    let last = memchr::memrchr(b'\n', buffer.slice(back..end)).map_or(end, |at| back + at as u64 + 1);
    (if start == 0 { 0 } else { first })..(if end == buffer.end() { end } else { last })
}
