//! A transcript, read once from its first line to its last: its title, the tries that failed, and
//! what came after each. Of a try only its place in the file is kept.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufReader, Read as _, Seek as _, SeekFrom};

use anyhow::Result;
use diagnose::{Diagnoser, Report};
use jiff::Timestamp;

use super::folders::TranscriptFile;
use super::lines::Lines;
use super::record::{Record, Voice};

/// Tries that are remembered: the last ones.
const MAX_TRIES: usize = 256;
/// Reports of one try that are remembered: the last ones.
const MAX_REPORTS: usize = 16;
/// Line ends after a try. An input of up to 4 KiB may be nothing but a message, of which less proof
/// is asked; a record is never one.
const PADDING: u64 = 8 * 1024;

/// How a session went.
pub(super) struct Transcript {
    pub(super) file: TranscriptFile,
    pub(super) session: Option<String>,
    /// The folder in which the client worked first.
    pub(super) folder: Option<String>,
    pub(super) tries: VecDeque<Try>,
    /// When the model answered last.
    pub(super) answered_at: Option<Timestamp>,
    title: Option<(u8, String)>,
    first_prompt: Option<String>,
    lines: u64,
    bytes: u64,
}

/// A request, and what the client reported of it.
#[derive(Default)]
pub(super) struct Try {
    reports: Vec<Span>,
    /// When it was reported last.
    pub(super) at: Option<Timestamp>,
    /// It was given up; until then the client tries again.
    failed: bool,
    /// It was one of a subagent.
    pub(super) sidechain: bool,
    /// Answers after it, before the next try that failed.
    pub(super) answers: u64,
    pub(super) answered_at: Option<Timestamp>,
}

/// Where a line stands: its number, from 1, and its bytes.
struct Span {
    line: u64,
    offset: u64,
    length: usize,
}

impl Transcript {
    /// Reads a transcript.
    pub(super) fn read(file: TranscriptFile) -> io::Result<Self> {
        let input = BufReader::with_capacity(128 * 1024, File::open(&file.path)?);
        let mut lines = Lines::new(input);
        let mut transcript = Self {
            file,
            session: None,
            folder: None,
            tries: VecDeque::new(),
            answered_at: None,
            title: None,
            first_prompt: None,
            lines: 0,
            bytes: 0,
        };
        // Whether the last try goes on: neither a prompt nor an answer came after it.
        let mut open = false;
        loop {
            let offset = lines.offset;
            let Some(line) = lines.next()? else { break };
            let (record, length) = (Record::parse(line), line.len());
            let span = Span { line: lines.number, offset, length };
            if let Some(record) = record {
                transcript.take(record, span, &mut open);
            }
        }
        (transcript.lines, transcript.bytes) = (lines.number, lines.offset);
        Ok(transcript)
    }

    fn take(&mut self, record: Record, span: Span, open: &mut bool) {
        let Record { voice, at, session, folder, sidechain } = record;
        self.session = self.session.take().or(session);
        self.folder = self.folder.take().or(folder);
        match voice {
            Voice::Title(rank, title) => {
                if self.title.as_ref().is_none_or(|(known, _)| rank >= *known) {
                    self.title = Some((rank, shortened(&title)));
                }
            }
            Voice::Prompt(words) => {
                *open = false;
                if self.first_prompt.is_none() {
                    self.first_prompt = words.as_deref().map(shortened);
                }
            }
            Voice::Answer => {
                *open = false;
                // What the client overcame by trying again is no failure.
                while self.tries.back().is_some_and(|last| !last.failed) {
                    self.tries.pop_back();
                }
                if let Some(last) = self.tries.back_mut() {
                    last.answers += 1;
                    last.answered_at = at.or(last.answered_at);
                }
                self.answered_at = at.or(self.answered_at);
            }
            Voice::Failed(_) | Voice::Retrying => {
                if !*open {
                    self.tries.push_back(Try::default());
                    if self.tries.len() > MAX_TRIES {
                        self.tries.pop_front();
                    }
                }
                *open = true;
                if let Some(last) = self.tries.back_mut() {
                    last.take(&voice, at, sidechain, span);
                }
            }
        }
    }

    /// The title, or else the first prompt, as they stand in the file.
    pub(super) fn title(&self) -> Option<&str> {
        let title = |least: u8| {
            self.title.as_ref().filter(|(rank, _)| *rank >= least).map(|(_, title)| title.as_str())
        };
        title(1).or(self.first_prompt.as_deref()).or_else(|| title(0))
    }

    /// Diagnoses a try by its own reports, at their places in the file: an older error of the same
    /// session explains nothing.
    pub(super) fn diagnose<'c>(
        &self,
        diagnoser: &Diagnoser<'c>,
        failed: &Try,
    ) -> Result<Report<'c>> {
        let mut file = File::open(&self.file.path)?;
        let mut text = Vec::new();
        let mut line = failed.reports.first().map_or(1, |span| span.line);
        let before = line - 1;
        for span in &failed.reports {
            text.resize(text.len() + (span.line - line) as usize, b'\n');
            file.seek(SeekFrom::Start(span.offset))?;
            (&file).take(span.length as u64).read_to_end(&mut text)?;
            line = span.line;
        }
        let ends = |count| io::repeat(b'\n').take(count);
        let input = ends(before).chain(&*text).chain(ends(PADDING));
        let source = self.file.path.display().to_string();
        let mut report = diagnoser.stream(&source, input)?;
        (report.lines, report.bytes) = (self.lines, self.bytes);
        Ok(report)
    }

    /// What a report of the client says, in its own words.
    pub(super) fn said(&self, failed: &Try, line: u64) -> Option<String> {
        let span = failed.reports.iter().find(|span| span.line == line)?;
        let mut file = File::open(&self.file.path).ok()?;
        file.seek(SeekFrom::Start(span.offset)).ok()?;
        let mut record = Vec::new();
        file.take(span.length as u64).read_to_end(&mut record).ok()?;
        match Record::parse(&record)?.voice {
            Voice::Failed(said) => said,
            _ => None,
        }
    }
}

/// As much of a text as a title shows: a prompt may be long, and of every transcript one is kept.
fn shortened(text: &str) -> String {
    /// Characters; more than are ever shown.
    const MOST: usize = 500;
    text.chars().take(MOST).collect()
}

impl Try {
    fn take(&mut self, voice: &Voice, at: Option<Timestamp>, sidechain: bool, span: Span) {
        self.failed |= matches!(voice, Voice::Failed(_));
        self.at = at.or(self.at);
        self.sidechain = sidechain;
        if self.reports.len() == MAX_REPORTS {
            self.reports.remove(0);
        }
        self.reports.push(span);
    }
}
