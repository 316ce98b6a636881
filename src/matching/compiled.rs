//! What is compiled of a catalog, each piece when it is first needed.
//!
//! There are some 3,900 wordings, and most runs need three: a cell for each of them, made at once,
//! was a third of all memory that a run with one message touched.

use std::sync::OnceLock;

/// Cells that are made together.
const SHELF: usize = 32;

/// Values by number, made on demand, once.
#[derive(Debug)]
pub(super) struct Compiled<T> {
    shelves: Vec<OnceLock<Vec<OnceLock<T>>>>,
}

impl<T> Compiled<T> {
    /// Room for as many.
    pub(super) fn new(count: usize) -> Self {
        Self { shelves: (0..count.div_ceil(SHELF)).map(|_| OnceLock::new()).collect() }
    }

    /// The cell of a number below the count.
    pub(super) fn cell(&self, index: usize) -> &OnceLock<T> {
        let cells = self.shelves[index / SHELF]
            .get_or_init(|| (0..SHELF).map(|_| OnceLock::new()).collect());
        &cells[index % SHELF]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_made_once() {
        let numbers = Compiled::new(70);
        for index in [0, 31, 32, 69] {
            assert_eq!(
                (numbers.cell(index).get_or_init(|| index), numbers.cell(index).get()),
                (&index, Some(&index))
            );
        }
    }
}
