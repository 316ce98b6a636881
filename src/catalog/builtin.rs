//! The built-in catalog, as the build script baked it from the TOML files: nothing is parsed when
//! the program starts.
//!
//! Parsing and compiling it at every start cost 20 ms, measured; baked, it costs what the pages it
//! touches cost.

pub(super) use baked::{CODES, ENTRIES, PROVENANCE, RULES};

/// What the build script wrote.
#[allow(clippy::unreadable_literal, reason = "the offsets are written by a program for a program")]
mod baked {
    use std::borrow::Cow::Borrowed;

    use crate::catalog::provenance::{self, Evidence, Mark as Marked, Provenance, Speaker, Topic};
    use crate::catalog::rule::{Form, Rule, RuleKind};
    use crate::catalog::template::{Literal, Part, Template};
    use crate::catalog::{
        Action, Api, Check, Complaint, Entry, Located, Message, Reject, Role, Scope, Section,
        Source, Status, Step, Surface, Word,
    };
    use crate::text::form::{self, Branch, Forms, TokenKind, Tree};
    use crate::text::prefix::Prefixes;

    include!(concat!(env!("OUT_DIR"), "/catalog.rs"));
}

/// File names and texts, for the linter, which names lines.
pub(super) const FILES: [(&str, &str); 8] = [
    ("catalog/server.toml", include_str!("../../catalog/server.toml")),
    ("catalog/usage.toml", include_str!("../../catalog/usage.toml")),
    ("catalog/auth.toml", include_str!("../../catalog/auth.toml")),
    ("catalog/network.toml", include_str!("../../catalog/network.toml")),
    ("catalog/request.toml", include_str!("../../catalog/request.toml")),
    ("catalog/quality.toml", include_str!("../../catalog/quality.toml")),
    ("catalog/unknown.toml", include_str!("../../catalog/unknown.toml")),
    ("catalog/provenance.toml", include_str!("../../catalog/provenance.toml")),
];
