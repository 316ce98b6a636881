//! A stream in cores: a fixed grid over the bytes of the input.
//!
//! Only those cores are examined in which something begins that may count, each in a window of
//! itself and what stands beside it. Since the grid depends on nothing but offsets, the report is
//! the same however the input is read: in one go or in drips, by one thread or by several, with the
//! search or without it.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::atomic::Ordering;

use super::Diagnoser;
use super::place::Place;
use super::spots::{Field, Spot};
use super::tail::Tail;
use super::window::Window;
use crate::report::Collector;
use crate::search::{Mark, REACH};

/// Bytes of a cell: what is named in one is near whatever stands in the same or in the next.
pub(super) const CELL: u64 = 16 * 1024;
/// How many bytes are read, searched and forgotten at once. Larger pieces leave the processor's
/// cache.
pub(super) const PIECE: u64 = 64 * 1024;
/// Bytes that are examined together; with a cell on either side they are a window. So a log full of
/// errors is examined one and a half times, and a lone error does not cost too much.
pub(super) const CORE: u64 = 64 * 1024;
/// An input up to this size is one window.
const SMALL: u64 = PIECE;
/// How much of what was searched is searched again together with what follows, so that nothing is
/// lost between two pieces.
const OVERLAP: u64 = 512;

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

/// The bytes at hand: one cell before the next core, and all that was read after.
struct Buffer {
    bytes: Vec<u8>,
    used: usize,
    /// Where in the stream the buffer begins.
    offset: u64,
}

impl Buffer {
    /// Room for several pieces, so that what is kept is seldom moved.
    const SIZE: u64 = CORE + 4 * CELL + 4 * PIECE;

    fn new(offset: u64) -> Self {
        Self { bytes: vec![0; Self::SIZE as usize], used: 0, offset }
    }

    /// Reads one more piece; returns whether the input ended. What is before `needed` may be
    /// forgotten.
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
    /// Examines what begins in `core`, whose bounds lie on the grid of cores, of a stream that
    /// `input` yields from the offset `from` on.
    pub(super) fn stretch(
        &self,
        input: &mut impl Read,
        from: u64,
        core: Range<u64>,
    ) -> io::Result<Stretch> {
        let mut buffer = Buffer::new(from);
        let mut stretch = Stretch::default();
        let mut field = Field::default();
        let (mut searched, mut next) = (from, core.start);
        // Where the next core begins, counted from the start of all.
        let mut place = Place::START;
        loop {
            let ended = buffer.fill(input, next.saturating_sub(CELL).max(from))?;
            let end = buffer.end();
            if ended && from == 0 && end <= SMALL {
                self.whole(buffer.slice(0..end), false, &mut stretch);
                return Ok(stretch);
            }
            // A line that is not whole yet is searched with what follows, unless it is very long.
            let whole_lines = memchr::memrchr(b'\n', buffer.slice(searched..end))
                .map_or(end, |at| searched + at as u64 + 1);
            let upto = if ended { end } else { whole_lines };
            let start = searched.saturating_sub(OVERLAP).max(buffer.offset);
            self.search.find(buffer.slice(start..upto), |candidate| field.add(start, candidate));
            searched = upto;
            while next < core.end.min(end)
                && (ended || next + CORE + CELL + u64::from(REACH) <= searched)
            {
                let of = next..(next + CORE).min(core.end).min(end);
                let around = lines(&buffer, next.saturating_sub(CELL)..(next + CORE + CELL), CELL);
                let within = (
                    (of.start.max(around.start) - around.start) as usize,
                    (of.end.max(around.start) - around.start) as usize,
                );
                let window = Window {
                    raw: buffer.slice(around.clone()),
                    offset: around.start,
                    start: place,
                    core: within,
                    argument: false,
                    whole: false,
                };
                self.look(&window, &field, &mut stretch.collector);
                place = place.after(buffer.slice(of.clone()));
                stretch.bytes += of.end - of.start;
                self.progress.0.fetch_add(of.end - of.start, Ordering::Relaxed);
                field.forget(of.end.saturating_sub(CELL + u64::from(REACH)));
                next = of.end;
            }
            if ended || next >= core.end {
                stretch.tail = Tail::of(buffer.slice(next.saturating_sub(Tail::KEPT)..next));
                stretch.end = Some(place);
                return Ok(stretch);
            }
        }
    }

    /// Examines a window if anything that begins in its core may count.
    pub(super) fn look(&self, window: &Window<'_>, field: &Field, collector: &mut Collector) {
        if self.exhaustive {
            return self.examine(window, &[self.anything(window.raw)], collector);
        }
        let spots = field.spots(window);
        let begins =
            |spot: &&Spot| spot.span.start < window.core.1 && window.core.0 < spot.span.end;
        if spots.iter().filter(begins).any(|spot| self.is_promising(window, spot)) {
            self.examine(window, &spots, collector);
        }
    }

    /// Examines an input that is one window.
    pub(super) fn whole(&self, raw: &[u8], argument: bool, stretch: &mut Stretch) {
        let whole = raw.len() as u64 <= SMALL;
        let window =
            Window { raw, offset: 0, start: Place::START, core: (0, raw.len()), argument, whole };
        let mut everything = if self.exhaustive {
            self.anything(raw)
        } else {
            Spot { span: 0..raw.len(), ..Spot::default() }
        };
        // A short word is known by the byte before it.
        self.search.find(&[b"\n", raw].concat(), |candidate| everything.marks.push(candidate.mark));
        if window.alone() {
            everything
                .marks
                .extend(self.matcher().wordings(true).map(|index| Mark::Rule(index as u16)));
        }
        everything.marks.sort_unstable();
        everything.marks.dedup();
        self.examine(&window, &[everything], &mut stretch.collector);
        stretch.bytes = raw.len() as u64;
        stretch.tail = Tail::of(raw);
        stretch.end = Some(Place::START.after(raw));
    }
}

/// A range without the cut lines at its ends; lines longer than `slack` stay cut.
fn lines(buffer: &Buffer, range: Range<u64>, slack: u64) -> Range<u64> {
    let (start, end) = (range.start.max(buffer.offset), range.end.min(buffer.end()));
    let back = end.saturating_sub(slack).max(start);
    let first = memchr::memchr(b'\n', buffer.slice(start..start + slack))
        .map_or(start, |at| start + at as u64 + 1);
    let last =
        memchr::memrchr(b'\n', buffer.slice(back..end)).map_or(end, |at| back + at as u64 + 1);
    (if start == 0 { 0 } else { first })..(if end == buffer.end() { end } else { last })
}
