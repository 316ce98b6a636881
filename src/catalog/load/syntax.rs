//! Parses a catalog file as TOML. `toml` recovers from a fault of syntax, so that the other faults of
//! the file are listed as well; those that only follow from it are not.

use toml::de::{DeTable, DeValue, Error};

use super::problems::Problems;

/// Parses a file as far as it is TOML, and reports one fault of syntax a line. Nothing else is
/// reported on those lines, nor on the headers of the blocks that they are in.
pub(super) fn parse<'t>(problems: &mut Problems<'t>) -> DeTable<'t> {
    let (table, mut errors) = DeTable::parse_recoverable(problems.text);
    let table = table.into_inner();
    let blocks = table.get("error").and_then(|blocks| blocks.get_ref().as_array());
    let headers: Vec<usize> = blocks
        .into_iter()
        .flat_map(|blocks| blocks.iter())
        .filter(|block| matches!(block.get_ref(), DeValue::Table(_)))
        .map(|block| block.span().start)
        .collect();
    let start = |error: &Error| error.span().map_or(0, |span| span.start);
    errors.sort_by_key(start);
    for error in &errors {
        if problems.is_full() {
            break;
        }
        let (at, message) = (start(error), error.message());
        problems.add(at, format!("not TOML: {message}"));
        let header = headers.iter().rfind(|header| **header <= at).copied();
        let lines = [Some(at), header].map(|at| at.map(|at| problems.line(at)));
        problems.malformed.extend(lines.into_iter().flatten());
    }
    table
}
