//! The built-in catalog, as the build script baked it from the TOML files: nothing is parsed when
//! the program starts.
//!
//! Parsing and compiling it at every start cost 20 ms, measured; baked, it costs what the pages it
//! touches cost.

pub(super) use baked::{CODES, ENTRIES, FILES, PROVENANCE, RULES};

/// What the build script wrote.
#[allow(clippy::unreadable_literal, reason = "the offsets are written by a program for a program")]
mod baked {
    use std::borrow::Cow::Borrowed;

    use crate::catalog::provenance_rules::{
        Evidence, Provenance, ProvenanceRule, ScreenMark, Speaker, Topic,
    };
    use crate::catalog::rule::{Rule, RuleBody, RuleKind};
    use crate::catalog::template::{Literal, Template, TemplatePart};
    use crate::catalog::{
        Action, Api, Check, Complaint, Entry, Located, Message, Reject, Role, Scope, Section,
        Source, Status, Step, Surface, Word,
    };
    use crate::text::form::{self, Branch, Forms, TokenKind, Tree};
    use crate::text::prefix::Prefixes;

    include!(concat!(env!("OUT_DIR"), "/catalog.rs"));
}
