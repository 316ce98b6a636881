//! Finds the error of Claude Code or the Claude API in terminal output: which section it belongs
//! to, why it happened, what to do now, and whether and when a retry can help. Offline, in bounded
//! memory, silent on output that holds none of these errors.
//!
//! ```
//! let catalog = diagnose::Catalog::builtin();
//! let diagnoser = diagnose::Diagnoser::new(&catalog);
//! let report = diagnoser.argument("API Error: 529 Overloaded");
//! let primary = &report.diagnoses[0];
//! assert_eq!(primary.entry.id, "overloaded");
//! assert_eq!(primary.section().word(), "server");
//! assert_eq!(primary.retry.policy.word(), "backoff");
//! ```
//!
//! The way of the data is the order of the modules: [`text`] (what a person saw, and its skeleton)
//! → [`search`] (where anything could stand) → `scan` (windows around that) → [`matching`] (findings) → [`provenance`] (whose
//! words are they?) → [`rank`] (what stopped the work) → [`report`] with its [`advice`] → [`reset`] (when the limit it
//! names is over) → [`render`]. The [`catalog`] says what is known, [`lint`] whether it is sound.
//! Nothing here prints, and nothing here reads the environment or the clock.

#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod advice;
pub mod catalog;
pub mod error;
mod facts;
pub mod lint;
pub mod matching;
pub mod provenance;
pub mod rank;
pub mod redact;
pub mod render;
pub mod report;
pub mod reset;
mod scan;
pub mod search;
pub mod text;

pub(crate) use catalog::words;

pub use catalog::Catalog;
pub use error::{Error, ErrorKind, Problem};
pub use report::{Diagnosis, Report};
pub use scan::{Diagnoser, Follow};
