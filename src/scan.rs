//! From a stream of any size to a report, in bounded memory.
//!
//! The input is read in blocks of a fixed size. Within a block a literal prefilter finds the places that could belong to an
//! error, and only windows around them go through the rest of the pipeline. Blocks and windows depend on the bytes alone, never
//! on how a pipe cuts them, so the verdict is the same for every chunking.

use std::io::Read;
use std::sync::OnceLock;

use crate::catalog::{Catalog, Surface};
use crate::error::Error;
use crate::evidence::{self, Context};
use crate::matching::{Anchors, Finding, Matcher};
use crate::rank;
use crate::redact;
use crate::report::{Collector, Fate, Location, Placed, Report, Trace};
use crate::text::decode::Decoder;
use crate::text::{Clean, Skeleton};

/// How many fresh bytes are looked at in one go.
const BLOCK: usize = 64 * 1024;
/// How much before and after a candidate belongs to its window, in bytes at most.
const REACH: usize = 16 * 1024;
/// An input up to this size is one window; looking for candidates first would cost more than it saves.
const SMALL: usize = 64 * 1024;
/// An input up to this size can be nothing but a message.
const ALONE: usize = 4 * 1024;

/// Diagnoses inputs with one catalog. Share it: everything that is compiled is compiled once.
#[derive(Debug)]
pub struct Diagnoser<'c> {
    catalog: &'c Catalog,
    matcher: Matcher<'c>,
    anchors: OnceLock<Anchors>,
    tracing: bool,
}

/// A stretch of the input.
#[derive(Clone, Copy)]
struct Window<'a> {
    raw: &'a [u8],
    /// Where the stretch begins.
    start: Place,
    /// Only events that begin in these bytes are reported; the rest is surroundings.
    core: (usize, usize),
    argument: bool,
    /// The window is the whole input.
    whole: bool,
}

/// A place in the stream: line from 1, and characters before it on its line.
#[derive(Clone, Copy)]
struct Place {
    line: u64,
    column: u64,
}

impl Place {
    const START: Self = Self { line: 1, column: 0 };

    /// The place after these bytes.
    fn after(self, bytes: &[u8]) -> Self {
        match memchr::memrchr(b'\n', bytes) {
            None => Self { line: self.line, column: self.column + characters(bytes) },
            Some(last) => Self { line: self.line + memchr::memchr_iter(b'\n', bytes).count() as u64, column: characters(&bytes[last + 1..]) },
        }
    }
}

/// Characters in bytes that are mostly UTF-8.
fn characters(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| !(0x80..0xc0).contains(*byte)).count() as u64
}

impl<'c> Diagnoser<'c> {
    /// Gets ready for a catalog.
    pub fn new(catalog: &'c Catalog) -> Self {
        Self { catalog, matcher: Matcher::new(catalog), anchors: OnceLock::new(), tracing: false }
    }

    /// Keeps, in [`Report::trace`], what became of every finding.
    #[must_use]
    pub fn tracing(self) -> Self {
        Self { tracing: true, ..self }
    }

    /// The wordings, ready to be found.
    pub(crate) fn matcher(&self) -> &Matcher<'c> {
        &self.matcher
    }

    /// Diagnoses a message that the user gave as an argument.
    pub fn argument(&self, message: &str) -> Report<'c> {
        let mut collector = Collector::default();
        let raw = message.as_bytes();
        let whole = raw.len() <= BLOCK;
        self.examine(Window { raw, start: Place::START, core: (0, raw.len()), argument: true, whole }, &mut collector);
        self.report("argument", collector, &Tail::of(raw), Place::START.after(raw), raw.len() as u64)
    }

    /// Diagnoses everything that a reader yields. `source` is how the report calls it.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Read`] if the reader fails.
    pub fn stream(&self, source: &str, input: impl Read) -> Result<Report<'c>, Error> {
        let mut input = Decoder::new(input);
        let mut collector = Collector::default();
        let mut tail = Tail::default();
        // The buffer holds REACH bytes of surroundings, then what has not been examined yet.
        let mut buffer: Vec<u8> = Vec::new();
        let (mut start, mut examined, mut total) = (Place::START, 0, 0);
        loop {
            let kept = buffer.len();
            let wanted = (BLOCK + REACH) as u64;
            let read = Read::by_ref(&mut input).take(wanted).read_to_end(&mut buffer)?;
            total += read as u64;
            tail.add(&buffer[kept..]);
            let end_of_input = (read as u64) < wanted;
            if end_of_input && total <= SMALL as u64 {
                let window = Window { raw: &buffer, start, core: (0, buffer.len()), argument: false, whole: true };
                self.examine(window, &mut collector);
                return Ok(self.report(source, collector, &tail, start.after(&buffer), total));
            }
            // Without what follows, the last bytes cannot be judged.
            let limit = if end_of_input { buffer.len() } else { buffer.len() - REACH };
            self.block(&buffer, (examined, limit), start, &mut collector);
            if end_of_input {
                return Ok(self.report(source, collector, &tail, start.after(&buffer), total));
            }
            let drop = limit - REACH.min(limit);
            start = start.after(&buffer[..drop]);
            buffer.drain(..drop);
            examined = limit - drop;
        }
    }

    /// Examines the windows around the candidates in `core`.
    fn block(&self, buffer: &[u8], core: (usize, usize), start: Place, collector: &mut Collector) {
        let anchors = self.anchors.get_or_init(|| Anchors::new(&self.matcher));
        let mut window: Option<(usize, usize)> = None;
        let mut place = (0, start);
        let mut examine = |(from, upto): (usize, usize)| {
            place = (from, place.1.after(&buffer[place.0..from]));
            let core = (core.0.max(from) - from, core.1.min(upto).max(from) - from);
            self.examine(Window { raw: &buffer[from..upto], start: place.1, core, argument: false, whole: false }, collector);
        };
        for at in anchors.find(&buffer[core.0..core.1]) {
            let at = core.0 + at;
            if window.is_some_and(|(_, upto)| at + 1024 < upto) {
                continue;
            }
            let around = (lines_before(buffer, at), lines_after(buffer, at));
            window = Some(match window {
                Some((from, upto)) if around.0 <= upto => (from, around.1),
                Some(done) => {
                    examine(done);
                    around
                }
                None => around,
            });
        }
        if let Some(window) = window {
            examine(window);
        }
    }

    /// Sends one window through the pipeline.
    fn examine(&self, window: Window<'_>, collector: &mut Collector) {
        let clean = Clean::new(window.raw);
        let alone = window.argument || (window.whole && window.raw.len() <= ALONE);
        let skeleton = Skeleton::new(&clean.text);
        let findings = self.matcher.find(&clean, &skeleton, alone);
        if findings.is_empty() {
            return;
        }
        let context = Context::new(&clean, window.argument, alone);
        let mut locator = Locator::new(window);
        let mut trace = |finding: &Finding, evidence, fate| {
            if self.tracing {
                let (location, matched) = (Locator::new(window).locate(&clean, finding), shown(&clean, finding.start, finding.end));
                let wording = self.matcher.wording(finding.rule).unwrap_or("an HTTP status").to_owned();
                collector.trace.push(Trace { entry: finding.entry, wording, kind: finding.kind, location, matched, evidence, fate });
            }
        };
        let mut counted = Vec::new();
        for finding in findings {
            match evidence::weigh(&context, finding) {
                Ok(weighed) => counted.push(weighed),
                Err(dropped) => trace(&dropped.finding, None, Fate::Dropped(dropped.reason)),
            }
        }
        let surfaces = surfaces(&skeleton);
        let events = rank::events(&context, counted, self.catalog.entries());
        for event in &events {
            trace(&event.weighed.finding, Some(event.weighed.evidence), Fate::Event);
            for finding in &event.beaten {
                trace(finding, None, Fate::Beaten(event.weighed.finding.entry));
            }
        }
        for event in events {
            let finding = &event.weighed.finding;
            if (window.core.0..window.core.1.max(1)).contains(&clean.raw(finding.start)) {
                let (location, excerpt) = (locator.locate(&clean, finding), shown_lines(&clean, finding));
                collector.add(Placed { event, location, excerpt, surfaces: surfaces.clone() });
            }
        }
    }

    fn report(&self, source: &str, collector: Collector, tail: &Tail, end: Place, bytes: u64) -> Report<'c> {
        let (diagnoses, trace) = collector.finish(self.catalog);
        let lines = if bytes == 0 { 0 } else { end.line - u64::from(end.column == 0) };
        let suspect = if diagnoses.is_empty() { tail.suspect(lines) } else { None };
        Report { source: source.to_owned(), lines, bytes, diagnoses, suspect, trace }
    }
}

/// Finds the places of findings in the input. Events come in the order of the text, so each is counted from the one before: in a
/// window of ten thousand errors, counting each from the window's start took nearly all the time.
struct Locator<'a> {
    window: Window<'a>,
    known: (usize, Place),
}

impl<'a> Locator<'a> {
    fn new(window: Window<'a>) -> Self {
        Self { window, known: (0, window.start) }
    }

    fn locate(&mut self, clean: &Clean, finding: &Finding) -> Location {
        let (from, upto) = (clean.raw(finding.start), clean.raw(finding.end.max(1) - 1) + 1);
        if from < self.known.0 {
            self.known = (0, self.window.start);
        }
        let first = self.known.1.after(&self.window.raw[self.known.0..from]);
        self.known = (from, first);
        let last = first.after(&self.window.raw[from..upto]);
        Location { line: first.line, column: first.column + 1, end_line: last.line, end_column: last.column + 1 }
    }
}

/// A stretch of the clean text, fit to be shown.
fn shown(clean: &Clean, start: usize, end: usize) -> String {
    redact::safe(&String::from_utf8_lossy(&clean.text[start..end]))
}

/// The lines that hold a finding, cut, between words, to what can be taken in at a glance.
fn shown_lines(clean: &Clean, finding: &Finding) -> String {
    let (start, end) = (finding.start, finding.end);
    let first = clean.lines[clean.line_of(start)].start;
    let last = clean.lines[clean.line_of(end.max(1) - 1)].end;
    if start - first <= 200 {
        return shown(clean, first, last.min(end + 600));
    }
    let cut = start - 200 + memchr::memchr(b' ', &clean.text[start - 200..start]).map_or(200, |blank| blank + 1);
    format!("… {}", shown(clean, cut, last.min(end + 600)))
}

/// The surfaces that a window names.
fn surfaces(skeleton: &Skeleton) -> Vec<Surface> {
    const SIGNS: &[(&str, Surface)] = &[
        ("##[", Surface::Ci),
        ("aiplatform", Surface::Vertex),
        ("anthropic-ai/sdk", Surface::Sdk),
        ("apierror:", Surface::Cli),
        ("apierror(", Surface::Cli),
        ("bedrock", Surface::Bedrock),
        ("claude-code-action", Surface::Ci),
        ("errorcode:", Surface::Sdk),
        ("foundry", Surface::Foundry),
        ("inferencegateway", Surface::Gateway),
        ("invokemodel", Surface::Bedrock),
        ("litellm", Surface::Gateway),
        ("requestid:20", Surface::Gateway),
        ("site-packages/anthropic", Surface::Sdk),
        ("vertex", Surface::Vertex),
    ];
    let mut found: Vec<Surface> =
        SIGNS.iter().filter(|(sign, _)| memchr::memmem::find(&skeleton.bytes, sign.as_bytes()).is_some()).map(|(_, surface)| *surface).collect();
    if found.is_empty() {
        // A bare body is what a program sees; everything else is the client's screen until it says otherwise.
        let body = memchr::memmem::find(&skeleton.bytes, b"type:error,error:{").is_some();
        found.push(if body { Surface::Sdk } else { Surface::Cli });
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The start of the window of a candidate: line starts, at most [`REACH`] back.
fn lines_before(buffer: &[u8], at: usize) -> usize {
    let floor = at.saturating_sub(REACH);
    memchr::memchr(b'\n', &buffer[floor..at]).map_or(floor, |n| if floor == 0 { 0 } else { floor + n + 1 })
}

/// The end of the window of a candidate, likewise.
fn lines_after(buffer: &[u8], at: usize) -> usize {
    let ceiling = buffer.len().min(at + REACH);
    if ceiling == buffer.len() { ceiling } else { memchr::memrchr(b'\n', &buffer[at..ceiling]).map_or(ceiling, |n| at + n + 1) }
}

/// The end of the input, kept to find the most error-like line where nothing was recognised.
#[derive(Default)]
struct Tail {
    bytes: Vec<u8>,
}

impl Tail {
    const KEPT: usize = 16 * 1024;

    fn of(raw: &[u8]) -> Self {
        let mut tail = Self::default();
        tail.add(raw);
        tail
    }

    fn add(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(&bytes[bytes.len().saturating_sub(Self::KEPT)..]);
        let excess = self.bytes.len().saturating_sub(Self::KEPT);
        self.bytes.drain(..excess);
    }

    /// The last line that looks like an error, with its number.
    fn suspect(&self, lines: u64) -> Option<(u64, String)> {
        const SIGNS: &[&str] = &["error", "failed", "fatal", "panic", "exception", "denied", "refused", "timed out", "not found", "invalid"];
        let clean = Clean::new(&self.bytes);
        let (index, text) = (0..clean.lines.len()).rev().find_map(|index| {
            let text = String::from_utf8_lossy(clean.line(index)).to_lowercase();
            SIGNS.iter().any(|sign| text.contains(sign)).then(|| (index, redact::safe(&String::from_utf8_lossy(clean.line(index)))))
        })?;
        let after = memchr::memchr_iter(b'\n', &self.bytes[clean.raw(clean.lines[index].end)..]).count() as u64;
        let last = lines + u64::from(self.bytes.ends_with(b"\n"));
        Some((last.saturating_sub(after).max(1), text))
    }
}
