//! A stream in chunks: a fixed grid over the bytes of the input.
//!
//! Only those chunks are examined in which something begins that may count, each in a window of
//! itself and a cell on either side. The grid depends on nothing but offsets, so the report is the
//! same however the input is read: in one go or byte by byte, by one thread or by several, with the
//! search or without it.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::atomic::Ordering;

use super::Diagnoser;
use super::candidates::{CandidateLines, CandidateSet};
use super::position::Position;
use super::settled;
use super::tail::Tail;
use super::window::Window;
use crate::report::Collector;
use crate::search::{CandidateKind, MAX_EXTENT};

/// Bytes of a cell: a name in one is near whatever stands in the same cell or in the next.
pub(super) const CELL: u64 = 16 * 1024;
/// Bytes that are read and searched at once; more would leave the processor's cache.
pub(super) const READ: u64 = 64 * 1024;
/// Bytes of a chunk, which is examined as a whole. With a cell on either side it is a window: a log
/// full of errors is examined one and a half times, and a lone error costs 96 KiB.
pub(super) const CHUNK: u64 = 64 * 1024;
/// Bytes of an input that is examined as one window.
const SMALL: u64 = READ;
/// Bytes that are searched again together with what follows, for anchors that a read cut in two.
const OVERLAP: u64 = 512;

/// What was found in a segment of a stream: all of it, or what one thread has examined.
#[derive(Debug, Default)]
pub(super) struct Segment {
    /// The events, with locations counted from the start of the segment.
    pub(super) collector: Collector,
    /// Where the segment ends, counted likewise.
    pub(super) end: Option<Position>,
    /// Bytes of the segment.
    pub(super) bytes: u64,
    /// The last bytes of the segment, where a suspect is looked for.
    pub(super) tail: Tail,
}

impl Segment {
    /// Adds the segment that follows.
    pub(super) fn append(&mut self, next: Self) {
        let start = self.end.unwrap_or(Position::START);
        self.collector.append(next.collector, |location| start.locate(location));
        self.end = next.end.map(|end| start.then(end)).or(self.end);
        self.bytes += next.bytes;
        self.tail = next.tail;
    }
}

/// The bytes in memory: one cell before the next chunk, and all that was read after.
struct Buffer {
    bytes: Vec<u8>,
    used: usize,
    /// Where in the stream the buffer begins.
    offset: u64,
}

impl Buffer {
    /// Room for several reads, so that what is kept is seldom moved.
    const SIZE: u64 = CHUNK + 4 * CELL + 4 * READ;

    fn new(offset: u64) -> Self {
        Self { bytes: vec![0; Self::SIZE as usize], used: 0, offset }
    }

    /// Reads up to [`READ`] bytes more and returns whether the input ended. What stands before the
    /// offset `needed` may be dropped.
    fn fill(&mut self, input: &mut impl Read, needed: u64) -> io::Result<bool> {
        if self.bytes.len() - self.used < READ as usize {
            let from = (needed - self.offset) as usize;
            self.bytes.copy_within(from..self.used, 0);
            self.used -= from;
            self.offset = needed;
        }
        let goal = self.used + READ as usize;
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

    /// The bytes of a range of the stream, as far as they are in memory.
    fn slice(&self, range: Range<u64>) -> &[u8] {
        let at = |offset: u64| (offset.clamp(self.offset, self.end()) - self.offset) as usize;
        &self.bytes[at(range.start)..at(range.end)]
    }
}

impl Diagnoser<'_> {
    /// Examines what begins in the range `wanted`, whose bounds lie on the grid, of a stream that
    /// `input` yields from the offset `from` on.
    pub(super) fn segment(
        &self,
        input: &mut impl Read,
        from: u64,
        wanted: Range<u64>,
    ) -> io::Result<Segment> {
        let mut buffer = Buffer::new(from);
        let mut segment = Segment::default();
        let mut candidates = CandidateSet::default();
        let (mut searched, mut next) = (from, wanted.start);
        let mut position = Position::START;
        let mut successes = Vec::new();
        loop {
            let ended = buffer.fill(input, next.saturating_sub(CELL).max(from))?;
            let end = buffer.end();
            if ended && from == 0 && end <= SMALL {
                self.whole(buffer.slice(0..end), false, &mut segment);
                return Ok(segment);
            }
            // A line that is not whole yet is searched with what follows, unless it is very long.
            let whole_lines = memchr::memrchr(b'\n', buffer.slice(searched..end))
                .map_or(end, |at| searched + at as u64 + 1);
            let start = searched.saturating_sub(OVERLAP).max(buffer.offset);
            searched = if ended { end } else { whole_lines };
            let text = buffer.slice(start..searched);
            self.search.find(text, |candidate| {
                if settled::is_success(self.catalog.prefixes(), text, &candidate) {
                    successes.push(start + candidate.start as u64);
                }
                candidates.add(start, candidate);
            });
            while next < wanted.end.min(end)
                && (ended || next + CHUNK + CELL + u64::from(MAX_EXTENT) <= searched)
            {
                let chunk = next..(next + CHUNK).min(wanted.end).min(end);
                let around = lines(&buffer, next.saturating_sub(CELL)..(next + CHUNK + CELL), CELL);
                let within = |at: u64| (at.max(around.start) - around.start) as usize;
                let window = Window {
                    raw: buffer.slice(around.clone()),
                    offset: around.start,
                    chunk: within(chunk.start)..within(chunk.end),
                    chunk_position: position,
                    argument: false,
                    whole: false,
                };
                self.look(&window, &candidates, &mut segment.collector);
                let here = |at: &u64| chunk.contains(at);
                if let Some(last) = successes.iter().copied().filter(here).max() {
                    let at = position.after(buffer.slice(chunk.start..last));
                    segment.collector.settle(at.location());
                }
                successes.retain(|at| *at >= chunk.end);
                let length = chunk.end - chunk.start;
                segment.bytes += length;
                self.bytes_seen.fetch_add(length, Ordering::Relaxed);
                candidates.forget(chunk.end.saturating_sub(CELL + u64::from(MAX_EXTENT)));
                next = chunk.end;
                position = position.after(buffer.slice(chunk));
            }
            if ended || next >= wanted.end {
                segment.tail = Tail::of(buffer.slice(next.saturating_sub(Tail::KEPT)..next));
                segment.end = Some(position);
                return Ok(segment);
            }
        }
    }

    /// Examines a window if anything that begins in its chunk may count.
    pub(super) fn look(
        &self,
        window: &Window<'_>,
        candidates: &CandidateSet,
        collector: &mut Collector,
    ) {
        if self.exhaustive {
            return self.examine(window, &[self.everything(window.raw)], collector);
        }
        let candidates = candidates.lines_of(window);
        let meets_chunk = |lines: &&CandidateLines| {
            lines.span.start < window.chunk.end && window.chunk.start < lines.span.end
        };
        if candidates.iter().filter(meets_chunk).any(|lines| self.is_promising(window, lines)) {
            self.examine(window, &candidates, collector);
        }
    }

    /// Examines an input that is one window.
    pub(super) fn whole(&self, raw: &[u8], argument: bool, segment: &mut Segment) {
        let whole = raw.len() as u64 <= SMALL;
        let window = Window {
            raw,
            offset: 0,
            chunk: 0..raw.len(),
            chunk_position: Position::START,
            argument,
            whole,
        };
        let mut lines = if self.exhaustive {
            self.everything(raw)
        } else {
            CandidateLines { span: 0..raw.len(), ..CandidateLines::default() }
        };
        let mut candidates = CandidateSet::default();
        // A short word is known by the byte before it, which may be the end of a line.
        let text = [b"\n", raw].concat();
        self.search.find(&text, |mut candidate| {
            if settled::is_success(self.catalog.prefixes(), &text, &candidate) {
                let at = Position::START.after(&raw[..candidate.start.saturating_sub(1)]);
                segment.collector.settle(at.location());
            }
            lines.kinds.push(candidate.kind);
            candidate.start = candidate.start.saturating_sub(1);
            candidate.end -= 1;
            candidates.add(0, candidate);
        });
        if window.may_be_typed() {
            lines
                .kinds
                .extend(self.matcher.rules(true).map(|rule| CandidateKind::Rule(rule as u16)));
        }
        lines.kinds.sort_unstable();
        lines.kinds.dedup();
        // Most files are small and hold nothing that may count; where one does, all of it is examined.
        let is_worth_it = self.exhaustive
            || self.tracing
            || window.is_message()
            || candidates.lines_of(&window).iter().any(|lines| self.is_promising(&window, lines));
        if is_worth_it {
            self.examine(&window, &[lines], &mut segment.collector);
        }
        segment.bytes = raw.len() as u64;
        self.bytes_seen.fetch_add(segment.bytes, Ordering::Relaxed);
        segment.tail = Tail::of(raw);
        segment.end = Some(Position::START.after(raw));
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
