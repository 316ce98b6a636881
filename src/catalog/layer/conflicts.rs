//! What a file may not do to the layers below it, or to itself: take an id or a status in silence,
//! name an id that nobody has, or go beyond the limits of all files together.

use std::collections::HashMap;

use crate::catalog::load::{Declaration, Layer, line, truncate};
use crate::catalog::rule::{Rule, RuleBody};
use crate::catalog::{Catalog, Entry, Status, limits};

impl Catalog {
    /// The conflicts of a file with the layers below and with itself: the byte offset of each, and
    /// what is wrong.
    pub(super) fn conflicts(&self, name: &str, layer: &Layer) -> Vec<(usize, String)> {
        let mut faults = Vec::new();
        let mut declared: HashMap<&str, &Declaration> = HashMap::new();
        for declaration in &layer.declarations {
            let Declaration { id, at, .. } = declaration;
            if declared.insert(id, declaration).is_some() {
                faults.push((*at, format!("id `{id}` stands twice in {name}")));
            } else {
                faults.extend(self.declaration_conflict(declaration).map(|fault| (*at, fault)));
            }
            if faults.len() >= limits::FAULTS {
                return faults;
            }
        }
        for disabled in &layer.disable {
            let id = disabled.value.as_ref();
            if declared.contains_key(id) {
                let fault = format!("`disable` has `{id}`, which the same file defines");
                faults.push((disabled.at, fault));
            } else if self.held(id).is_none() && self.disabled(id).is_none() {
                let (shown, hint) = (truncate(id, limits::ID), self.hint(id));
                let fault =
                    format!("`disable` has `{shown}`, which no catalog before this file has{hint}");
                faults.push((disabled.at, fault));
            }
            if faults.len() >= limits::FAULTS {
                return faults;
            }
        }
        faults.extend(self.status_conflicts(layer));
        faults.extend(self.excess(layer));
        faults
    }

    /// What is wrong with a declared id, given the layers below.
    fn declaration_conflict(&self, declaration: &Declaration) -> Option<String> {
        let id = &declaration.id;
        match (self.held(id), self.disabled(id), declaration.replace) {
            (Some((file, at)), _, false) => {
                let (name, text) = &self.files[file];
                let place = format!("{name}:{}", line(text, at));
                Some(format!(
                    "id `{id}` is already taken by {place}; to take its place, write `replace = true`"
                ))
            }
            (None, Some(by), false) => Some(format!(
                "id `{id}` is disabled by {by}; to bring it back, write `replace = true`"
            )),
            (None, None, true) => Some(format!(
                "`replace` stands in `{id}`, which no catalog before this file has{}",
                self.hint(id)
            )),
            _ => None,
        }
    }

    /// The id that may have been meant, as the end of a fault.
    fn hint(&self, id: &str) -> String {
        self.nearest(id).map_or(String::new(), |near| format!(" (did you mean `{near}`?)"))
    }

    /// Statuses that mean two entries: a status means one, whatever the order of the files.
    fn status_conflicts(&self, layer: &Layer) -> Vec<(usize, String)> {
        let leaves = |id: &str| {
            layer.declarations.iter().any(|declaration| declaration.id == id)
                || layer.disable.iter().any(|disabled| disabled.value == id)
        };
        let mut taken: Vec<(Status, &Entry)> = Vec::new();
        let mut faults = Vec::new();
        for entry in &layer.entries {
            for status in entry.statuses() {
                let same = taken.iter().find(|(of, other)| *of == status && other.id != entry.id);
                let below = || {
                    let below = self.codes.iter().filter(|(of, _)| *of == status);
                    below.map(|(_, index)| &self.entries[*index]).find(|other| !leaves(&other.id))
                };
                let (id, place) = if let Some((_, other)) = same {
                    (&other.id, "same file".to_owned())
                } else if let Some(other) = below() {
                    (&other.id, self.origin(other).to_string())
                } else {
                    taken.push((status, entry));
                    continue;
                };
                faults.push((entry.at, format!("error `{}`: status {status} already means `{id}` ({place}); leave it out, or replace or disable `{id}`", entry.id)));
            }
        }
        faults
    }

    /// The first limit of all files of users together that this file exceeds.
    fn excess(&self, layer: &Layer) -> Option<(usize, String)> {
        let fault = |most, what| {
            format!("more than {most} {what} in all catalogs together: leave some out")
        };
        if self.provenance.lists.len() + layer.lists.len() > limits::LISTS {
            return Some((0, fault(limits::LISTS, "lists of forms")));
        }
        let users = |file: usize| file >= self.builtin_files;
        let known = self.provenance.rules.iter().filter(|rule| users(rule.file)).count();
        if let Some(rule) = layer.rules.get(limits::PROVENANCE_RULES.saturating_sub(known)) {
            return Some((rule.at, fault(limits::PROVENANCE_RULES, "provenance rules")));
        }
        let (mut rules, mut regexes, mut anchors) = (0, 0, 0);
        let mut count = |rule: &Rule| {
            rules += 1;
            regexes += usize::from(matches!(rule.body, RuleBody::Regex(_)));
            anchors += rule.most_anchors();
            let counts = [
                (rules, limits::RULES, "rules"),
                (regexes, limits::REGEXES, "regular expressions"),
                (anchors, limits::ANCHORS, "alternatives and short messages"),
            ];
            counts.into_iter().find(|(count, most, _)| count > most)
        };
        let below = self.rules.iter().filter(|rule| users(self.entries[rule.entry].file));
        below.for_each(|rule| _ = count(rule));
        layer.entries.iter().find_map(|entry| {
            let (_, most, what) = Rule::of(0, entry).iter().find_map(&mut count)?;
            Some((entry.at, format!("error `{}`: {}", entry.id, fault(most, what))))
        })
    }
}
