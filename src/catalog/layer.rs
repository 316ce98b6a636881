//! Layers: how the entries of a further file join those that are there. A file adds entries and
//! provenance rules, replaces one by its id where it says `replace = true`, and silences those that
//! it names under `disable`. Nothing is overridden in silence: whatever else two layers both claim is
//! a fault.

mod conflicts;

use std::fmt;

use super::entry::{Entry, Str};
use super::load::{self, Layer, line};
use super::provenance_rules::ProvenanceRule;
use super::rule::Rule;
use super::{Catalog, limits};
use crate::error::{Error, ErrorKind, Problem};
use crate::redact;

/// Where an entry comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The program itself.
    BuiltIn,
    /// A file of a user.
    File {
        /// Its name, fit to be shown.
        file: String,
        /// The line, from 1.
        line: usize,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn => f.write_str("built in"),
            Self::File { file, line } => write!(f, "{file}:{line}"),
        }
    }
}

/// An entry or a provenance rule that another layer has removed.
#[derive(Clone, Debug)]
pub(super) struct Removed {
    id: Str,
    /// Where it came from.
    origin: Origin,
    /// What disabled it, or what replaces it.
    by: Origin,
}

impl Catalog {
    /// Lays a catalog of a user over this one. `name` is what faults call it, usually the path of its
    /// file; unless its entries name their section, the stem of the file does.
    ///
    /// ```
    /// use diagnose::{Catalog, Diagnoser};
    ///
    /// let mut catalog = Catalog::builtin();
    /// catalog.add(
    ///     "gateway.toml",
    ///     r#"
    ///     [[error]]
    ///     id       = "budget-spent"
    ///     section  = "usage"
    ///     title    = "The team has spent its budget"
    ///     messages = ["gateway: team <name> is over budget"]
    ///     action   = "ask-admin"
    ///     cause    = "Our gateway refuses requests of {name} until the budget is raised."
    ///     steps    = ["Ask in #llm-platform for a larger budget"]
    ///     "#,
    /// )?;
    /// let report = Diagnoser::new(&catalog).argument("gateway: team blue is over budget");
    /// assert_eq!(report.diagnoses[0].entry.id, "budget-spent");
    /// # Ok::<(), diagnose::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Catalog`] with every fault of the text, each with its line; the catalog is
    /// unchanged then.
    pub fn add(&mut self, name: &str, text: &str) -> Result<(), Error> {
        let name = redact::line(name);
        let mut layer = load::file(&name, text, self.files.len(), &self.provenance, redact::line);
        let mut problems = std::mem::take(&mut layer.problems);
        let conflicts = self.conflicts(&name, &layer).into_iter().take(limits::FAULTS);
        problems.extend(conflicts.map(|(at, fault)| Problem {
            file: name.clone(),
            line: line(text, at),
            text: redact::line(&fault),
        }));
        if !problems.is_empty() {
            problems.sort();
            problems.dedup();
            return Err(ErrorKind::Catalog(problems).into());
        }
        self.files.push((name.into(), text.to_owned().into()));
        self.lay(layer);
        Ok(())
    }

    /// Where an entry comes from.
    pub fn origin(&self, entry: &Entry) -> Origin {
        self.origin_at(entry.file, entry.at)
    }

    /// Where a provenance rule comes from.
    pub fn rule_origin(&self, rule: &ProvenanceRule) -> Origin {
        self.origin_at(rule.file, rule.at)
    }

    /// Where the entry came from that this one has replaced.
    pub fn replaced(&self, entry: &Entry) -> Option<&Origin> {
        let by = self.origin(entry);
        let mut removed = self.removed.iter().rev();
        removed.find(|removed| removed.id == entry.id && removed.by == by).map(|of| &of.origin)
    }

    /// What has disabled an id, if it is disabled.
    pub fn disabled(&self, id: &str) -> Option<&Origin> {
        self.last_removed(id).map(|removed| &removed.by)
    }

    /// The id that is spelt most like another, if any is.
    pub fn nearest(&self, id: &str) -> Option<&str> {
        // Nobody misspells an id by a multiple of its length.
        let id: String = id.chars().take(2 * limits::ID).collect();
        let similarity = |other: &str| strsim::jaro_winkler(&id, other);
        let ids = self.entries.iter().map(|entry| entry.id.as_ref());
        let nearest = ids.max_by(|one, other| similarity(one).total_cmp(&similarity(other)));
        nearest.filter(|other| similarity(other) > 0.8)
    }

    /// How an id was removed that nothing has now.
    fn last_removed(&self, id: &str) -> Option<&Removed> {
        let mut removed = self.removed.iter().rev();
        removed.find(|removed| removed.id == id).filter(|_| self.held(id).is_none())
    }

    /// The file, by its number, and the byte offset of the entry or the provenance rule with an id.
    fn held(&self, id: &str) -> Option<(usize, usize)> {
        let rule = || self.provenance.rules.iter().find(|rule| rule.id == id);
        let entry = self.get(id).map(|entry| (entry.file, entry.at));
        entry.or_else(|| rule().map(|rule| (rule.file, rule.at)))
    }

    fn origin_at(&self, file: usize, at: usize) -> Origin {
        if file < self.builtin_files {
            return Origin::BuiltIn;
        }
        let (name, text) = &self.files[file];
        Origin::File { file: name.to_string(), line: line(text, at) }
    }

    /// Lays a sound layer over what is there; its file is the last one.
    fn lay(&mut self, layer: Layer) {
        let file = self.files.len() - 1;
        let entries = layer.entries.iter().map(|entry| (&entry.id, entry.at));
        let blocks: Vec<(&Str, usize)> =
            entries.chain(layer.rules.iter().map(|rule| (&rule.id, rule.at))).collect();
        // The place of what replaces is that of its block, as for `origin`.
        let replacing = layer.declarations.iter().filter(|declaration| declaration.replace);
        let replacing = replacing.filter_map(|declaration| {
            blocks.iter().find(|(id, _)| **id == declaration.id).map(|(id, at)| (*id, *at, true))
        });
        let disabling = layer.disable.iter().map(|id| (&id.value, id.at, false));
        for (id, at, replaces) in replacing.chain(disabling) {
            let held = self.held(id).map(|(file, at)| self.origin_at(file, at));
            // What is disabled twice stays with the first that disabled it.
            let back = || self.last_removed(id).filter(|_| replaces).map(|of| of.origin.clone());
            if let Some(origin) = held.or_else(back) {
                let by = self.origin_at(file, at);
                self.remove(id);
                self.provenance.remove(id);
                self.removed.push(Removed { id: id.clone(), origin, by });
            }
        }
        for entry in layer.entries {
            let index = self.entries.len();
            self.rules.to_mut().extend(Rule::of(index, &entry));
            self.codes.to_mut().extend(entry.statuses().map(|status| (status, index)));
            self.entries.to_mut().push(entry);
        }
        self.provenance.lay(layer.rules, layer.lists, layer.words);
    }

    /// Removes an entry, with everything that refers to it by its index.
    fn remove(&mut self, id: &str) {
        let Some(removed) = self.entries.iter().position(|entry| entry.id == id) else { return };
        self.entries.to_mut().remove(removed);
        let rules = self.rules.to_mut();
        rules.retain(|rule| rule.entry != removed);
        for rule in rules {
            rule.entry -= usize::from(rule.entry > removed);
        }
        let codes = self.codes.to_mut();
        codes.retain(|(_, entry)| *entry != removed);
        for (_, entry) in codes {
            *entry -= usize::from(*entry > removed);
        }
    }
}

#[cfg(test)]
mod tests;
