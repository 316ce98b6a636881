//! Blocks: runs of lines that were printed as one message, by their layout alone.

use crate::text::Clean;

/// The number of the block of each line, ascending; a line on which a record begins begins one.
pub(super) fn blocks(clean: &Clean, records: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut block = 0;
    let mut records = records.peekable();
    let number = |(index, line): (usize, &crate::text::Line)| {
        let mark = line.prefix.bullet || line.prefix.quote;
        let record = std::iter::from_fn(|| records.next_if(|start| *start <= line.end)).count() > 0;
        let begins = begins_block(mark, line.prefix.indented, clean.line(index));
        let begins = index > 0 && (begins || record);
        block += usize::from(begins);
        block
    };
    clean.lines.iter().enumerate().map(number).collect()
}

/// Whether a line begins a block: it has a bullet or a quotation mark of its own, or it is neither
/// indented nor closes a bracket nor is one more field of a printed object.
fn begins_block(mark: bool, indented: bool, text: &[u8]) -> bool {
    if mark {
        return true;
    }
    match text.first() {
        None => true,
        // Closing brackets, and the body of an error page.
        Some(b'}' | b']' | b')' | b'<') => false,
        Some(b'"') => !text.windows(2).take(64).any(|pair| pair == b"\":"),
        Some(_) => !indented,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    #[test]
    fn blocks_follow_the_layout() {
        let text =
            "Error: x\n    at y {\n  status: 1\n}\nnext\n⎿ item\n   wrapped\n\"a\": 1,\n\"b\": 2";
        let clean = Clean::new(text.as_bytes(), Catalog::builtin().prefixes());
        assert_eq!(blocks(&clean, std::iter::empty()), [0, 0, 0, 0, 1, 2, 2, 2, 2]);
    }
}
