//! A catalog file as TOML. After a fault of syntax the rest of the file is still read, so that its
//! other faults are listed as well; what only follows from the fault of syntax is not.

use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue, Error};

use super::table::{Notes, line};

/// Reads a file as far as it is TOML, and notes what is not, once a line. Beside the table come the
/// lines on which nothing else is to be said: those of the faults, and the heads of the blocks that
/// they stand in.
pub(super) fn read<'t>(notes: &mut Notes<'t>) -> (DeTable<'t>, BTreeSet<usize>) {
    let (table, mut errors) = DeTable::parse_recoverable(notes.text);
    let table = table.into_inner();
    let blocks = table
        .get("error")
        .and_then(|blocks| blocks.get_ref().as_array())
        .map_or(&[][..], |blocks| blocks);
    let heads: Vec<usize> = blocks
        .iter()
        .filter(|block| matches!(block.get_ref(), DeValue::Table(_)))
        .map(|block| block.span().start)
        .collect();
    let start = |error: &Error| error.span().map_or(0, |span| span.start);
    errors.sort_by_key(start);
    let mut spoilt = BTreeSet::new();
    for error in &errors {
        if notes.is_full() {
            break;
        }
        let at = start(error);
        if spoilt.insert(line(notes.text, at)) {
            notes.fault(at, format!("not TOML: {}", error.message()));
        }
        spoilt.extend(
            heads.iter().rev().find(|head| **head <= at).map(|head| line(notes.text, *head)),
        );
    }
    (table, spoilt)
}
