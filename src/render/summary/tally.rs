//! What a summary counts. It holds counters and bounded lists, never a report.

use std::cmp::Reverse;
use std::collections::HashMap;

use jiff::Timestamp;

use crate::catalog::{Policy, Section, Str};
use crate::provenance::State;
use crate::report::{Decision, Diagnosis, Report, order};

/// Fingerprints that are told apart. A log can name any number of hosts: after so many different
/// ones, what is new is counted under `<id>:*`.
pub const MAX_FINGERPRINTS: usize = 1000;

/// The counts of all inputs so far.
#[derive(Debug)]
pub(super) struct Tally {
    /// Inputs with an error that stopped the work.
    pub(super) failed: u64,
    /// Inputs with no more than a warning, or an error that the client was repeating.
    pub(super) warned: u64,
    /// Inputs without a diagnosis.
    pub(super) clean: u64,
    /// Inputs that could not be read.
    pub(super) unreadable: u64,
    /// By section, in the order of the catalog: failures and events.
    pub(super) sections: Vec<(Section, u64, u64)>,
    errors: HashMap<String, Counted>,
    /// Those inputs that may be repeated at once.
    pub(super) now: Names,
    /// Those that may be repeated after a wait.
    pub(super) wait: Names,
    /// Those whose repetition fails again.
    pub(super) never: Names,
    /// The longest wait of those that may be repeated, in seconds.
    pub(super) longest_wait: u64,
    /// Inputs to wait for of which nobody knows how long.
    pub(super) unknown_wait: u64,
}

/// The counts of one fingerprint.
#[derive(Debug)]
pub(super) struct Counted {
    pub(super) id: Str,
    pub(super) section: Section,
    pub(super) title: Str,
    pub(super) policy: Policy,
    /// Inputs that hold it.
    pub(super) inputs: u64,
    /// Inputs that it stopped.
    pub(super) failures: u64,
    /// Times it happened, in all inputs.
    pub(super) events: u64,
    first: Option<(Timestamp, String)>,
    last: Option<(Timestamp, String)>,
    /// An input and a line where it stands; where it stopped the work, if it did so anywhere.
    pub(super) example: (String, u64),
}

/// A number of inputs and the names of the first ones.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) count: u64,
    pub(super) first: Vec<Input>,
    limit: usize,
}

/// An input that may be repeated, or not.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) name: String,
    /// Seconds to wait, where the output tells.
    pub(super) after_seconds: Option<u64>,
    /// The moment of the reset, where the output tells.
    pub(super) not_before: Option<String>,
}

impl Names {
    fn new(limit: usize) -> Self {
        Self { count: 0, first: Vec::new(), limit }
    }

    fn add(&mut self, report: &Report<'_>, primary: &Diagnosis<'_>) {
        self.count += 1;
        if self.first.len() < self.limit {
            self.first.push(Input {
                name: report.name(),
                after_seconds: primary.retry.after_seconds,
                not_before: primary.retry.not_before.clone(),
            });
        }
    }
}

impl Counted {
    fn new(diagnosis: &Diagnosis<'_>, example: (String, u64)) -> Self {
        Self {
            id: diagnosis.entry.id.clone(),
            section: diagnosis.section(),
            title: diagnosis.entry.title.clone(),
            policy: diagnosis.retry.policy,
            inputs: 0,
            failures: 0,
            events: 0,
            first: None,
            last: None,
            example,
        }
    }

    fn add(&mut self, diagnosis: &Diagnosis<'_>, failed: bool) {
        self.inputs += 1;
        self.failures += u64::from(failed);
        self.events += diagnosis.occurrences;
        let Some(stamp) = &diagnosis.stamp else { return };
        let Some(moment) = order(stamp) else { return };
        if self.first.as_ref().is_none_or(|(first, _)| moment < *first) {
            self.first = Some((moment, stamp.clone()));
        }
        if self.last.as_ref().is_none_or(|(last, _)| moment > *last) {
            self.last = Some((moment, stamp.clone()));
        }
    }

    /// The earliest stamp. Of an input that holds an error more than once, the last time counts.
    pub(super) fn first(&self) -> Option<&str> {
        self.first.as_ref().map(|(_, stamp)| stamp.as_str())
    }

    /// The latest stamp.
    pub(super) fn last(&self) -> Option<&str> {
        self.last.as_ref().map(|(_, stamp)| stamp.as_str())
    }
}

impl Tally {
    /// A tally that keeps this many names of each kind.
    pub(super) fn new(names: usize) -> Self {
        Self {
            failed: 0,
            warned: 0,
            clean: 0,
            unreadable: 0,
            sections: Section::ALL.iter().map(|section| (*section, 0, 0)).collect(),
            errors: HashMap::new(),
            now: Names::new(names),
            wait: Names::new(names),
            never: Names::new(names),
            longest_wait: 0,
            unknown_wait: 0,
        }
    }

    /// All inputs, those included that could not be read.
    pub(super) fn inputs(&self) -> u64 {
        self.failed + self.warned + self.clean + self.unreadable
    }

    /// Counts what a report says.
    pub(super) fn add(&mut self, report: &Report<'_>) {
        let primary = report.diagnoses.first();
        match primary {
            Some(primary) if primary.state == State::Terminal => {
                self.failed += 1;
                self.repeat(report, primary);
            }
            Some(_) => self.warned += 1,
            None => self.clean += 1,
        }
        for (n, diagnosis) in report.diagnoses.iter().enumerate() {
            let failed = n == 0 && diagnosis.state == State::Terminal;
            let section = diagnosis.section();
            let counts = self.sections.iter_mut().find(|(known, ..)| *known == section);
            if let Some((_, failures, events)) = counts {
                *failures += u64::from(failed);
                *events += diagnosis.occurrences;
            }
            let example = || (report.name(), diagnosis.location.line);
            let counted = self.counted(diagnosis, example);
            if failed && counted.failures == 0 {
                counted.example = example();
            }
            counted.add(diagnosis, failed);
        }
    }

    /// The counts to which a diagnosis belongs.
    fn counted(
        &mut self,
        diagnosis: &Diagnosis<'_>,
        example: impl Fn() -> (String, u64),
    ) -> &mut Counted {
        let mut print = diagnosis.fingerprint();
        if self.errors.len() >= MAX_FINGERPRINTS
            && print.contains(':')
            && !self.errors.contains_key(&print)
        {
            print = format!("{}:*", diagnosis.entry.id);
        }
        self.errors.entry(print).or_insert_with(|| Counted::new(diagnosis, example()))
    }

    /// Notes whether an input that failed may be repeated.
    fn repeat(&mut self, report: &Report<'_>, primary: &Diagnosis<'_>) {
        let seconds = primary.retry.after_seconds;
        let names = match primary.decision() {
            Decision::RetryAfter(_) | Decision::Wait(Some(_)) if seconds.unwrap_or(0) == 0 => {
                &mut self.now
            }
            Decision::RetryAfter(_) | Decision::Wait(_) => {
                self.longest_wait = self.longest_wait.max(seconds.unwrap_or(0));
                self.unknown_wait += u64::from(seconds.is_none());
                &mut self.wait
            }
            Decision::Never(_) => &mut self.never,
        };
        names.add(report, primary);
    }

    /// The errors with their fingerprints, what stopped most inputs first.
    pub(super) fn errors(&self) -> Vec<(&str, &Counted)> {
        let mut errors: Vec<(&str, &Counted)> =
            self.errors.iter().map(|(print, counted)| (print.as_str(), counted)).collect();
        errors.sort_by_key(|(print, counted)| {
            (Reverse(counted.failures), Reverse(counted.events), *print)
        });
        errors
    }
}
