//! The search index of a catalog. That of the built-in one is made when the program is built: it
//! takes longer to make than a message takes to diagnose.

use std::borrow::Cow;

use crate::catalog::Catalog;
use crate::search::{self, Index};

/// What the build script wrote.
#[allow(clippy::unreadable_literal, reason = "a program writes it for a program")]
mod baked {
    use std::borrow::Cow::Borrowed;

    use crate::search::NameKind::{Caller, Claude, Client, Record};
    use crate::search::anchor::{Anchor, AnchorUse, CandidateKind, Index};
    use crate::search::qgram::{QGram, QGramTable};

    include!(concat!(env!("OUT_DIR"), "/index.rs"));
}

/// The index of a catalog: anchors, and the rules that each of them may be part of.
pub(crate) fn of(catalog: &Catalog) -> Cow<'static, Index> {
    if catalog.is_builtin() {
        return Cow::Borrowed(&baked::BUILTIN);
    }
    Cow::Owned(search::select(catalog.rules(), catalog.codes(), catalog.provenance()))
}
