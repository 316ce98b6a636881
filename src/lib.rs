//! Finds the error of Claude Code or the Claude API in terminal output: which section it belongs
//! to, why it happened, what to do now, and whether and when a retry can help. Offline, in bounded
//! memory. On anything else, the report has no diagnosis.
//!
//! ```
//! use diagnose::report::Decision;
//!
//! let diagnoser = diagnose::Diagnoser::builtin();
//! let report = diagnoser.argument("API Error: 529 Overloaded");
//! let primary = &report.diagnoses[0];
//! assert_eq!(primary.entry.id, "overloaded");
//! assert_eq!(primary.section().word(), "server");
//! assert!(matches!(primary.decision(), Decision::RetryAfter(_)));
//! ```
//!
//! [`Diagnoser`] reads a message, a stream or a file and makes a [`Report`]; [`Follow`] reads what
//! comes bit by bit. A [`Catalog`] is what is known; [`Catalog::add`] lays your own errors over the
//! built-in ones, and [`lint::check`] tells whether they are sound. [`render`] writes reports as
//! `diagnose` does, and `serde_json::to_string(&report)` gives the JSON of its contract. Nothing
//! here prints or reads the environment; the clock is asked only where a reset is printed.
//!
//! # Words
//!
//! The way of the data, in the order of the modules, which import only what stands before them:
//!
//! - **text**: *clean text* is what a person saw on the terminal, with a map back to the raw bytes;
//!   a *line prefix* is what loggers put before a line; the *skeleton* (UTS #39) is clean text
//!   without blanks, quotes and escapes, in one case.
//! - **catalog**: an *entry* is one known error, in a *section*. A *rule* is one way to recognise
//!   it: a *template* with *placeholders* and *wildcards*, an API *type*, a *class*, a *status*, an
//!   expression. A *wrapper* says only that something else failed; a *catch-all* knows no more than
//!   whose error it is.
//! - **search**: an *anchor* is a short run of bytes that a rule cannot do without; a *candidate* is
//!   where one occurs. Anchors are found by a filter of *q-grams*; a *seam* joins what a line break
//!   or a colour has cut.
//! - **matching**: a *finding* is one match of a rule; its *alignment* leads from the skeleton back
//!   to the clean text.
//! - **provenance**: whose words are these? *Evidence* is why a finding is believed, a *quotation* a
//!   reason not to; a *record* is a JSON object of the client, a *region* a run of lines that belong
//!   together, a *block* the lines of one event, a *surface* what the reader uses.
//! - **rank**: an *event* is the findings of one block; the *primary* is what stopped the work.
//! - **report**: a *diagnosis* is an entry with its events, made concrete by **advice** and, where a
//!   *reset* is printed, by **reset**. **redact** sanitizes what is shown.
//! - **scan**: the input in *chunks* of 64 KiB, each examined in a *window*.

#![warn(clippy::print_stdout, clippy::print_stderr)]

mod advice;
pub mod catalog;
mod error;
mod facts;
pub mod lint;
mod matching;
mod provenance;
mod rank;
pub mod redact;
pub mod render;
pub mod report;
pub mod reset;
mod scan;
mod search;
mod text;

pub(crate) use catalog::words;

pub use catalog::Catalog;
pub use error::{Error, ErrorKind, Problem};
pub use report::{Diagnosis, Report};
pub use scan::{Diagnoser, Follow};
pub use text::decode::Decoder;

/// What the benches, the fuzz targets and the properties look into. No part of the interface.
#[doc(hidden)]
pub mod internals {
    pub use crate::catalog::rule::{Rule, RuleBody};
    pub use crate::matching::check_regex;
    pub use crate::text::{Clean, Skeleton};
}
