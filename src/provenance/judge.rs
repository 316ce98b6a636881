//! The provenance rules of a catalog with the names of vendors and surfaces ready to be found. It
//! is built once for each catalog; windows and reports share it.

use std::sync::OnceLock;

use super::sign::Signs;
use super::vendor::Vendors;
use crate::catalog::provenance_rules::Provenance;

/// The provenance rules of a catalog, ready to be applied.
#[derive(Debug)]
pub(crate) struct Judge<'c> {
    provenance: &'c Provenance,
    vendors: Vendors<'c>,
    /// Built on first use: only an input with a diagnosis needs them.
    signs: OnceLock<Signs>,
}

impl<'c> Judge<'c> {
    /// Prepares the rules of a catalog.
    pub(crate) fn new(provenance: &'c Provenance) -> Self {
        Self { provenance, vendors: Vendors::new(provenance), signs: OnceLock::new() }
    }

    /// The rules.
    pub(crate) fn rules(&self) -> &'c Provenance {
        self.provenance
    }

    /// The signs of surfaces.
    pub(crate) fn signs(&self) -> &Signs {
        self.signs.get_or_init(|| Signs::new(self.provenance))
    }

    /// The names of vendors and endpoints.
    pub(crate) fn vendors(&self) -> &Vendors<'c> {
        &self.vendors
    }
}
