//! The search for the last failure, over transcripts from the newest to the oldest, and what else
//! they tell of it: tries before it that failed the same way, and answers since.

use std::cmp::Reverse;
use std::io;
use std::path::Path;

use diagnose::report::{Confidence, Evidence, Session, State};
use diagnose::{Diagnoser, Report, redact};
use jiff::Timestamp;

use super::folders::TranscriptFile;
use super::transcript::{Transcript, Try};

/// Tries before the last one that are compared with it.
const MAX_BEFORE: u64 = 100;
/// Characters of the client's words that are shown.
const MAX_SAID: usize = 1000;

/// What has been found so far.
pub(super) struct Search<'d, 'c> {
    diagnoser: &'d Diagnoser<'c>,
    least: Confidence,
    transcripts: Vec<Transcript>,
    /// The transcripts that were not needed yet, the newest last.
    older: Vec<TranscriptFile>,
    best: Option<Failure<'c>>,
}

/// A try that failed: the transcript, its number there, and its report.
struct Failure<'c> {
    transcript: usize,
    number: usize,
    at: Option<Timestamp>,
    report: Report<'c>,
}

impl<'d, 'c> Search<'d, 'c> {
    pub(super) fn new(diagnoser: &'d Diagnoser<'c>, least: Confidence) -> Self {
        Self { diagnoser, least, transcripts: Vec::new(), older: Vec::new(), best: None }
    }

    /// Transcripts that were read.
    pub(super) fn read(&self) -> usize {
        self.transcripts.len()
    }

    /// Looks for the last failure; what cannot be read is told.
    pub(super) fn run(
        &mut self,
        mut files: Vec<TranscriptFile>,
        mut told: impl FnMut(&Path, &io::Error),
    ) {
        files.sort_by(|a, b| (a.modified, &a.path).cmp(&(b.modified, &b.path)));
        self.older = files;
        while let Some(file) = self.older.pop() {
            let known = self.best.as_ref().and_then(|best| best.at);
            if known.is_some() && file.modified < known {
                self.older.push(file);
                break;
            }
            let path = file.path.clone();
            match Transcript::read(file) {
                Ok(transcript) => self.add(transcript),
                Err(error) => told(&path, &error),
            }
        }
        self.compare_older(told);
    }

    fn add(&mut self, transcript: Transcript) {
        let (index, changed) = (self.transcripts.len(), transcript.file.modified);
        for number in (0..transcript.tries.len()).rev() {
            let Some(report) = self.failure(&transcript, &transcript.tries[number]) else {
                continue;
            };
            // A record without a time is no newer than its file.
            let at = transcript.tries[number].at.or(changed);
            if self.best.as_ref().is_none_or(|best| at > best.at) {
                self.best = Some(Failure { transcript: index, number, at, report });
            }
            break;
        }
        self.transcripts.push(transcript);
    }

    /// The report of a try, if it failed for a known reason.
    fn failure(&self, transcript: &Transcript, failed: &Try) -> Option<Report<'c>> {
        let mut report = transcript.diagnose(self.diagnoser, failed).ok()?.at_least(self.least);
        let primary = report.diagnoses.first()?;
        if primary.state == State::Warning {
            return None;
        }
        // A reset was printed when the record was written, on the machine whose transcripts these
        // are.
        let clock = self.diagnoser.clock();
        if let Some(at) = failed.at {
            let printed = at.min(clock.now);
            report.resolve(&diagnose::reset::Clock { printed, live: true, ..clock });
        } else {
            report.resolve(&clock.of_file(transcript.file.modified));
        }
        // Instead of the record, what it says.
        let primary = report.diagnoses.first_mut()?;
        let said = transcript.said(failed, primary.location.line);
        if let Some(said) = said.filter(|_| primary.evidence == Evidence::Record) {
            let said: String = said.chars().take(MAX_SAID).collect();
            primary.excerpt = redact::sanitize(&said);
        }
        Some(report)
    }

    /// Reads on where the tries before may have failed the same way: `claude -p` writes a transcript
    /// for each.
    fn compare_older(&mut self, mut told: impl FnMut(&Path, &io::Error)) {
        let Some(best) = &self.best else { return };
        let project = self.transcripts[best.transcript].file.project.clone();
        let id = best.report.diagnoses.first().map(|primary| primary.entry.id.clone());
        let mut compared = 0;
        while let Some(file) = self.older.pop().filter(|_| compared < MAX_BEFORE) {
            if file.project != project {
                continue;
            }
            compared += 1;
            let path = file.path.clone();
            match Transcript::read(file) {
                Ok(transcript) => {
                    let last = transcript.tries.back().filter(|last| last.answers == 0);
                    let report = last.and_then(|last| self.failure(&transcript, last));
                    let same = report.is_some_and(|report| {
                        report.diagnoses.first().map(|primary| &primary.entry.id) == id.as_ref()
                    });
                    self.transcripts.push(transcript);
                    if !same {
                        break;
                    }
                }
                Err(error) => told(&path, &error),
            }
        }
    }

    /// The report of the last failure, with its session.
    pub(super) fn report(mut self) -> Option<Report<'c>> {
        let best = self.best.take()?;
        let Failure { transcript: index, number, mut report, at: bound } = best;
        let transcript = &self.transcripts[index];
        let failed = &transcript.tries[number];
        let stem = |transcript: &Transcript| {
            transcript.file.path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
        };
        let name = stem(transcript);
        let is_agent = name.starts_with("agent-");
        let id = transcript.session.clone().filter(|_| is_agent).unwrap_or_else(|| name.clone());
        let mut session = Session::new(id, self.diagnoser.clock());
        // A subagent's file has its own first prompt; the title is that of the session.
        let main = self.transcripts.iter().find(|other| {
            stem(other) == session.id && other.file.project == transcript.file.project
        });
        session.title = main.unwrap_or(transcript).title().map(str::to_owned);
        session.project.clone_from(&transcript.folder);
        session.subagent =
            if is_agent { Some(name) } else { failed.sidechain.then(|| "a subagent".to_owned()) };
        session.failed_at = failed.at;
        let after = transcript.tries.iter().skip(number);
        session.answers = after.clone().map(|one| one.answers).sum();
        if session.answers > 0 {
            session.answered_at = after.filter_map(|one| one.answered_at).next_back();
            session.answered_in = Some(session.id.clone());
        }
        self.look_elsewhere(&mut session, transcript, bound);
        self.count(&mut session, &report, index, number);
        report.session = Some(session);
        Some(report)
    }

    /// Looks for an answer since in other transcripts of the project.
    fn look_elsewhere(&self, session: &mut Session, own: &Transcript, bound: Option<Timestamp>) {
        let others = self.transcripts.iter().filter(|other| {
            other.file.project == own.file.project && other.file.path != own.file.path
        });
        let later = |other: &&Transcript| other.answered_at > bound.max(session.answered_at);
        let Some(other) = others.filter(later).max_by_key(|other| other.answered_at) else {
            return;
        };
        session.answered_at = other.answered_at;
        session.answered_in.clone_from(&other.session);
    }

    /// Counts the tries before it that failed the same way, one after the other.
    fn count(&self, session: &mut Session, report: &Report<'c>, index: usize, number: usize) {
        let project = &self.transcripts[index].file.project;
        let mut before: Vec<(&Transcript, &Try)> = Vec::new();
        for (other, transcript) in self.transcripts.iter().enumerate() {
            let count = if other == index { number } else { transcript.tries.len() };
            if &transcript.file.project == project {
                before.extend(transcript.tries.iter().take(count).map(|one| (transcript, one)));
            }
        }
        before.retain(|(_, one)| one.at < session.failed_at);
        before.sort_by_key(|(_, one)| Reverse(one.at));
        // A session that was forked has the records of the one it came from.
        before.dedup_by_key(|(_, one)| one.at);
        let answered = |from, to| {
            let all = self.transcripts.iter().filter(|other| &other.file.project == project);
            { all }.any(|other| other.answered_at > from && other.answered_at < to)
        };
        let id = |report: &Report<'c>| report.diagnoses.first().map(|one| one.entry.id.clone());
        session.first_failed_at = session.failed_at;
        for (transcript, one) in before.into_iter().take(MAX_BEFORE as usize) {
            let same =
                || self.failure(transcript, one).is_some_and(|other| id(&other) == id(report));
            if one.answers > 0 || answered(one.at, session.first_failed_at) || !same() {
                break;
            }
            session.tries += 1;
            session.first_failed_at = one.at;
        }
    }
}
