//! Who speaks at a place of a line.

use super::State;

/// The voice of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    /// A record's own words about a failure.
    Record(State),
    /// A field that is never evidence.
    Silent,
    /// Ordinary text.
    Text,
}
