//! The report: what was found in one input, best first, with the catalog's advice made concrete.
//! Plain data for programs and for the renderers.
//!
//! A library user starts at [`Report::diagnoses`]: the first one is what stopped the work, and
//! [`Diagnosis::decision`] says what to do with the request that failed.

mod collect;
mod excerpt;
mod fingerprint;
mod retry;
mod session;
mod stamp;
mod trace;

use jiff::Timestamp;

use crate::catalog::{self, Action, Section, Surface};
use crate::redact;
use crate::reset::{self, Clock};

pub use crate::advice::{Advice, Captures, Command, Prompt, Test};
pub use crate::matching::RuleKind;
pub use crate::provenance::{Confidence, Evidence, Reason, State};
pub(crate) use collect::{Collector, LocatedEvent};
pub(crate) use excerpt::{Surroundings, shown};
pub use retry::{Decision, Retry};
pub use session::Session;
pub(crate) use stamp::order;
pub use trace::{Outcome, Trace};

/// Everything known about one input.
///
/// ```
/// let diagnoser = diagnose::Diagnoser::builtin();
/// let report = diagnoser.argument("nothing that Claude would say");
/// assert!(report.diagnoses.is_empty());
/// assert_eq!((report.lines, report.bytes), (1, 29));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Report<'c> {
    /// What the input was called: a path, `stdin`, `argument` or `command`.
    pub source: String,
    /// Line breaks, plus one for a last line without.
    pub lines: u64,
    /// Bytes, after decoding to UTF-8.
    pub bytes: u64,
    /// Best first: the first one is what stopped the work. Empty if nothing was recognised.
    pub diagnoses: Vec<Diagnosis<'c>>,
    /// What became of the findings, where that was asked for with [`crate::Diagnoser::tracing`]; of
    /// an entry's findings with the same outcome at least the last ones.
    pub trace: Vec<Trace>,
    /// Where nothing was recognised: the last line that looks like an error, with its number.
    pub suspect: Option<(u64, String)>,
    /// The session of Claude Code that failed, where the caller knows it.
    pub session: Option<Session>,
    /// Entries in the catalog that was used.
    pub catalog_entries: usize,
}

/// One error in one input.
#[derive(Debug)]
#[non_exhaustive]
pub struct Diagnosis<'c> {
    /// The entry of the catalog.
    pub entry: &'c catalog::Entry,
    /// How certain it is.
    pub confidence: Confidence,
    /// Why it is believed.
    pub evidence: Evidence,
    /// What became of the request.
    pub state: State,
    /// Whether and when the same request may work again.
    pub retry: Retry,
    /// Where it stands in the input; of an error that happened more than once, the last time.
    pub location: Location,
    /// The lines that stand there, without control characters and with secrets masked.
    pub excerpt: String,
    /// The words in them that were recognised.
    pub matched: String,
    /// When its line was printed, if the line says so with a year: RFC 3339, without an offset
    /// where the line names none.
    pub stamp: Option<String>,
    /// How often it happened, from 1.
    pub occurrences: u64,
    /// What the message names, such as `model`, `status` or `request_id`.
    pub captures: Captures,
    /// Why it happened.
    pub cause: String,
    /// What to do, the likeliest help first.
    pub steps: Vec<Advice>,
    /// How to tell causes apart.
    pub checks: Vec<Test>,
    /// Who answered the request, where that is known, and the words that say so.
    pub answered_by: Option<(Surface, String)>,
    /// The entry is a wrapper, and what it wraps stands nearby and goes first.
    pub covered: bool,
}

/// A range of the input. Lines and columns count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Location {
    /// First line.
    pub line: u64,
    /// Column of the first character.
    pub column: u64,
    /// Last line.
    pub end_line: u64,
    /// Column after the last character.
    pub end_column: u64,
}

impl Report<'_> {
    /// The source, fit to be shown: the name of a file is hostile input, too.
    pub fn name(&self) -> String {
        redact::line(&self.source)
    }

    /// The name, if it is one of a file.
    pub fn path(&self) -> Option<String> {
        (!matches!(self.source.as_str(), "stdin" | "argument" | "command")).then(|| self.name())
    }

    /// The report without the diagnoses that are less certain than this.
    #[must_use]
    pub fn at_least(mut self, level: Confidence) -> Self {
        self.diagnoses.retain(|diagnosis| diagnosis.confidence >= level);
        self
    }

    /// Reads the printed times of resets again, as of another moment or for input of another
    /// origin; a [`crate::Diagnoser`] has read them once. A line with a stamp of its own was printed
    /// then, whatever the clock says. See [`Clock`].
    pub fn resolve(&mut self, clock: &Clock) {
        for diagnosis in &mut self.diagnoses {
            let hints = diagnosis.hints();
            // A stamp with a zone tells the moment better than the input does.
            let stamp = diagnosis.stamp.as_ref().filter(|_| !hints.is_empty());
            let at = stamp.and_then(|stamp| stamp.parse().ok());
            let printed = at.map_or(clock.printed, |at: Timestamp| at.min(clock.now));
            diagnosis.retry.resolve(&hints, &Clock { printed, ..clock.clone() });
        }
    }

    /// Reads the printed times of resets; the clock is made only where one is printed.
    pub(crate) fn resolve_with(&mut self, clock: impl FnOnce() -> Clock) {
        if self.diagnoses.iter().any(|diagnosis| !diagnosis.hints().is_empty()) {
            self.resolve(&clock());
        }
    }
}

impl Diagnosis<'_> {
    /// The section of the entry.
    pub fn section(&self) -> Section {
        self.entry.section
    }

    /// What resolves it.
    pub fn action(&self) -> Action {
        self.entry.action
    }

    /// The key by which to group: the id of the entry and, after colons, what else makes it another
    /// error to a reader: the model, host or tool that the message names, and where the entry stands
    /// for errors of which no more is known, their status and code. There are no times, numbers,
    /// ids or secrets in it, only `a-z`, `0-9` and `._:-`.
    ///
    /// The fingerprint of a text stays the same in every version with the same
    /// [`SCHEMA_VERSION`](crate::render::json::SCHEMA_VERSION), unless a newer catalog recognises
    /// it as another, more specific error.
    ///
    /// ```
    /// let diagnoser = diagnose::Diagnoser::builtin();
    /// let print = |text: &str| diagnoser.argument(text).diagnoses[0].fingerprint();
    /// assert_eq!(print("API Error: 529 Overloaded"), "overloaded");
    /// assert_eq!(print("API Error: 418 I'm a teapot"), "client-error:418");
    /// ```
    pub fn fingerprint(&self) -> String {
        fingerprint::of(self)
    }

    /// Whether and when to send the same request again.
    ///
    /// ```
    /// use diagnose::report::Decision;
    /// let diagnoser = diagnose::Diagnoser::builtin();
    /// let report = diagnoser.argument("You've hit your session limit · resets 3pm (UTC)");
    /// assert!(matches!(report.diagnoses[0].decision(), Decision::Wait(Some(_))));
    /// let report = diagnoser.argument("Invalid API key · Please run /login");
    /// assert!(matches!(report.diagnoses[0].decision(), Decision::Never(_)));
    /// ```
    pub fn decision(&self) -> Decision {
        self.retry.decision(self.action())
    }

    /// All that says when to try again, the best first.
    fn hints(&self) -> Vec<reset::Hint> {
        if self.retry.is_retryable() {
            reset::hints(&self.captures, &self.excerpt)
        } else {
            Vec::new()
        }
    }
}
