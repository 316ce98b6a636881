//! The built-in catalog, as the build script baked it from the TOML files: nothing is parsed when the program starts.
//!
//! Parsing and compiling it at every start cost 20 ms, measured; baked, it costs what the pages it touches cost.

use std::borrow::Cow::Borrowed;

use super::entry::{Action, Api, Entry, Located, Message, Needs, Section, Status, Step, Surface};
use super::rule::{Form, Kind, Rule};
use super::template::{Literal, Part, Template};

include!(concat!(env!("OUT_DIR"), "/catalog.rs"));

/// File names and texts, for the linter, which names lines.
pub(super) const FILES: [(&str, &str); 6] = [
    ("catalog/server.toml", include_str!("../../catalog/server.toml")),
    ("catalog/usage.toml", include_str!("../../catalog/usage.toml")),
    ("catalog/auth.toml", include_str!("../../catalog/auth.toml")),
    ("catalog/network.toml", include_str!("../../catalog/network.toml")),
    ("catalog/request.toml", include_str!("../../catalog/request.toml")),
    ("catalog/quality.toml", include_str!("../../catalog/quality.toml")),
];
