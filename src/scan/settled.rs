//! Settled tries: a client that says in a record that its run succeeded has overcome what it tried again
//! before.

use crate::search::{Candidate, CandidateKind, NameKind};
use crate::text::Clean;
use crate::text::prefix::Prefixes;

/// Bytes of the surroundings in which a record's fields stand, on either side of one of them.
const NEAR: usize = 400;
/// The fields of such a record, without blanks, in the order in which clients write them. Inside of a
/// string their quotes would be escaped.
const SUCCESS: &[u8] = br#""type":"result","subtype":"success","is_error":false"#;

/// Whether a candidate stands in the record of a run that succeeded.
pub(super) fn is_success(prefixes: &Prefixes, text: &[u8], candidate: &Candidate) -> bool {
    if candidate.kind != CandidateKind::Name(NameKind::Record) {
        return false;
    }
    let rest = text.get(candidate.end..).unwrap_or_default();
    // Nearly every field is another one.
    if !rest.starts_with(br#"":"success""#) && !rest.starts_with(br#"": "success""#) {
        return false;
    }
    let around = candidate.start.saturating_sub(NEAR)..text.len().min(candidate.end + NEAR);
    let mut clean = Clean::new(&text[around], prefixes).text;
    clean.retain(|byte| !byte.is_ascii_whitespace());
    memchr::memmem::find(&clean, SUCCESS).is_some()
}
