//! Provenance: whose words a finding is. The same message may be the client's own report, a line of
//! another program, or a sentence in which somebody talks about it.
//!
//! The rules are data, `catalog/provenance.toml`; this is the mechanism. Each file imports only
//! files before it:
//!
//! - `verdict`: the result, plain data;
//! - `names`, `vendor`, `sign`, `judge`: the names and signs of a catalog, ready to be found;
//! - `block`, `record`, `front`, `session`, `shell`, `region`: the layout of a window;
//! - `document`, `context`, `neighbours`: all of that for one window, and who is named around a finding;
//! - `message_prefix`, `evidence`, `quotation`, `weigh`: what it means for one finding;
//! - `reader`: who reads the report, by the same signs.

mod block;
mod context;
mod document;
mod evidence;
mod front;
mod judge;
mod message_prefix;
mod names;
mod neighbours;
mod quotation;
mod reader;
mod record;
mod region;
mod session;
mod shell;
mod sign;
mod vendor;
mod verdict;
mod weigh;

pub(crate) use context::{Context, Neighbours, TYPED_LINES};
pub(crate) use document::blank_speech;
pub(crate) use judge::Judge;
pub(crate) use reader::Reader;
pub(crate) use verdict::Weighed;
pub use verdict::{Confidence, Evidence, Reason, State};
pub(crate) use weigh::{confidence, weigh};
