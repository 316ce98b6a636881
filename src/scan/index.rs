//! The index of a catalog: that of the built-in one was made when the program was built.

use std::borrow::Cow;

use crate::catalog::Catalog;
use crate::search::{self, Index};

/// What the build script wrote.
#[allow(clippy::unreadable_literal, reason = "a program writes it for a program")]
mod baked {
    use std::borrow::Cow::Borrowed;

    use crate::search::Name::{Caller, Claude, Client, Record};
    use crate::search::anchor::{Anchor, Index, Mark, Use};
    use crate::search::gram::{Gram, Grams};

    include!(concat!(env!("OUT_DIR"), "/index.rs"));
}

/// What the wordings of a catalog are found by in a log.
pub(crate) fn of(catalog: &Catalog) -> Cow<'static, Index> {
    if catalog.is_builtin() {
        return Cow::Borrowed(&baked::BUILTIN);
    }
    Cow::Owned(search::select(catalog.rules(), catalog.codes(), catalog.provenance()))
}
