//! Layers: how the entries of a further file join those that are there. A file adds entries,
//! replaces one by its id where it says `replace = true`, and silences those that it names under
//! `disable`. Nothing is overridden in silence: whatever else two layers both claim is a fault.

use std::collections::HashMap;
use std::fmt;
use std::io::Read;

use super::entry::{Api, Entry, Status, Str};
use super::load::{self, Head, Layer};
use super::rule::{Form, Rule};
use super::{Catalog, codes, limits, provenance, table};
use crate::error::{Error, ErrorKind, Problem};
use crate::redact;

/// Where an entry comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// An entry that is not there any more.
#[derive(Clone, Debug)]
pub(super) struct Gone {
    id: Str,
    /// Where it came from.
    origin: Origin,
    /// What silenced it; where it was replaced, the entry that has the id now.
    by: Origin,
}

/// Reads the text of a catalog file, which may be anything and without an end.
///
/// # Errors
/// [`ErrorKind::Read`], or [`ErrorKind::Catalog`] for what is too large or no text.
pub fn read(file: &str, input: impl Read) -> Result<String, Error> {
    let mut bytes = Vec::new();
    input.take(limits::FILE as u64 + 1).read_to_end(&mut bytes)?;
    let fault = |line, text: String| {
        Err(ErrorKind::Catalog(vec![Problem { file: redact::line(file), line, text }]).into())
    };
    if bytes.len() > limits::FILE {
        return fault(1, format!("is larger than {} KiB", limits::FILE >> 10));
    }
    String::from_utf8(bytes).or_else(|error| {
        let sound = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        fault(1 + memchr::memchr_iter(b'\n', &bytes[..sound]).count(), "is not UTF-8".into())
    })
}

impl Catalog {
    /// Adds a file as the next layer.
    ///
    /// # Errors
    /// [`ErrorKind::Catalog`] with every fault of the file; the catalog is unchanged then.
    pub fn add(&mut self, file: &str, text: Str) -> Result<(), Error> {
        let name = redact::line(file);
        let mut layer = load::file(&name, &text, self.files.len(), &self.provenance, redact::line);
        let mut problems = std::mem::take(&mut layer.problems);
        let clashes = self.clashes(&name, &layer).into_iter().take(limits::FAULTS);
        problems.extend(clashes.map(|(at, fault)| Problem {
            file: name.clone(),
            line: table::line(&text, at),
            text: redact::line(&fault),
        }));
        if !problems.is_empty() {
            problems.sort();
            problems.dedup();
            return Err(ErrorKind::Catalog(problems).into());
        }
        self.files.push((name.into(), text));
        self.lay(layer);
        Ok(())
    }

    /// Where an entry comes from.
    pub fn origin(&self, entry: &Entry) -> Origin {
        self.place(entry.file, entry.at)
    }

    /// Where a provenance rule comes from.
    pub fn rule_origin(&self, rule: &provenance::Rule) -> Origin {
        self.place(rule.file, rule.at)
    }

    /// Where the entry came from that this one has replaced.
    pub fn replaced(&self, entry: &Entry) -> Option<&Origin> {
        let at = self.origin(entry);
        self.gone
            .iter()
            .rev()
            .find(|gone| gone.id == entry.id && gone.by == at)
            .map(|gone| &gone.origin)
    }

    /// What has silenced an id, if it is silenced.
    pub fn disabled(&self, id: &str) -> Option<&Origin> {
        self.silenced(id).map(|gone| &gone.by)
    }

    /// The id that is spelt most like another, if any is.
    pub fn nearest(&self, id: &str) -> Option<&str> {
        // Nobody misspells an id by a multiple of its length.
        let id: String = id.chars().take(2 * limits::ID).collect();
        let near = |other: &str| strsim::jaro_winkler(&id, other);
        let nearest = self
            .entries
            .iter()
            .map(|entry| entry.id.as_ref())
            .max_by(|one, other| near(one).total_cmp(&near(other)));
        nearest.filter(|other| near(other) > 0.8)
    }

    fn silenced(&self, id: &str) -> Option<&Gone> {
        self.gone.iter().rev().find(|gone| gone.id == id).filter(|_| self.held(id).is_none())
    }

    /// Where what has an id stands, an entry or a provenance rule: its file and the offset in it.
    fn held(&self, id: &str) -> Option<(usize, usize)> {
        let rule = || self.provenance.rules.iter().find(|rule| rule.id == id);
        let entry = self.get(id).map(|entry| (entry.file, entry.at));
        entry.or_else(|| rule().map(|rule| (rule.file, rule.at)))
    }

    fn place(&self, file: usize, at: usize) -> Origin {
        if file < self.own {
            return Origin::BuiltIn;
        }
        let (name, text) = &self.files[file];
        Origin::File { file: name.to_string(), line: table::line(text, at) }
    }

    /// What a file claims against the layers below it or against itself.
    fn clashes(&self, name: &str, layer: &Layer) -> Vec<(usize, String)> {
        let mut faults = Vec::new();
        let mut first: HashMap<&str, &Head> = HashMap::new();
        for head in &layer.heads {
            if first.contains_key(head.id.as_ref()) {
                faults.push((head.at, format!("id `{}` stands twice in {name}", head.id)));
                continue;
            }
            first.insert(&head.id, head);
            faults.extend(self.claim(head).map(|fault| (head.at, fault)));
            if faults.len() > limits::FAULTS {
                return faults;
            }
        }
        for id in &layer.disable {
            if first.contains_key(id.value.as_ref()) {
                faults.push((
                    id.at,
                    format!("`disable` has `{}`, which the same file defines", id.value),
                ));
            } else if self.held(&id.value).is_none() && self.disabled(&id.value).is_none() {
                faults.push((
                    id.at,
                    format!(
                        "`disable` has `{}`, which no catalog before this file has{}",
                        table::head(&id.value, limits::ID),
                        self.hint(&id.value)
                    ),
                ));
            }
            if faults.len() > limits::FAULTS {
                return faults;
            }
        }
        faults.extend(self.statuses(layer));
        faults.extend(self.too_many(layer));
        faults
    }

    /// What is wrong with an id, given the layers below.
    fn claim(&self, head: &Head) -> Option<String> {
        let id = &head.id;
        match (self.held(id), self.disabled(id), head.replace) {
            (Some((file, at)), _, false) => {
                let (name, text) = &self.files[file];
                let place = format!("{name}:{}", table::line(text, at));
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

    fn hint(&self, id: &str) -> String {
        self.nearest(id).map_or(String::new(), |near| format!(" (did you mean `{near}`?)"))
    }

    /// A status means one entry, whatever the order of the files.
    fn statuses(&self, layer: &Layer) -> Vec<(usize, String)> {
        let leaves = |id: &str| {
            layer
                .heads
                .iter()
                .map(|head| &head.id)
                .chain(layer.disable.iter().map(|id| &id.value))
                .any(|gone| gone == id)
        };
        let mut taken: Vec<(Status, &str, String)> = Vec::new();
        let mut faults = Vec::new();
        for entry in &layer.entries {
            for status in entry
                .api
                .iter()
                .filter_map(|api| if let Api::Status(status) = api { Some(*status) } else { None })
            {
                let below = || {
                    self.codes
                        .iter()
                        .filter(|(code, _)| *code == status)
                        .map(|(_, index)| &self.entries[*index])
                        .find(|other| !leaves(&other.id))
                };
                let clash = taken
                    .iter()
                    .find(|(code, id, _)| *code == status && *id != entry.id)
                    .map(|(_, id, place)| ((*id).to_owned(), place.clone()));
                let clash = clash.or_else(|| {
                    below().map(|other| (other.id.to_string(), self.origin(other).to_string()))
                });
                if let Some((id, place)) = clash {
                    faults.push((
                        entry.at,
                        format!("error `{}`: status {status} already means `{id}` ({place}); leave it out, or replace or disable `{id}`", entry.id),
                    ));
                } else {
                    taken.push((status, &entry.id, "same file".into()));
                }
            }
        }
        faults
    }

    /// All wordings of users are within the limits.
    fn too_many(&self, layer: &Layer) -> Option<(usize, String)> {
        let foreign = |rule: &&Rule| self.entries[rule.entry].file >= self.own;
        let mut wordings = self.rules.iter().filter(foreign).count();
        let mut regexes = self
            .rules
            .iter()
            .filter(foreign)
            .filter(|rule| matches!(rule.form, Form::Regex(_)))
            .count();
        let mut anchors: usize = self.rules.iter().filter(foreign).map(Rule::alternatives).sum();
        let rules = self.provenance.rules.iter().filter(|rule| rule.file >= self.own).count();
        let lists = self.provenance.lists.len() + layer.lists.len();
        let lists = (lists > limits::LISTS).then_some((0, limits::LISTS, "lists of forms"));
        let rule = layer.rules.get(limits::RULES.saturating_sub(rules));
        let rule = rule.map(|rule| (rule.at, limits::RULES, "provenance rules"));
        if let Some((at, most, what)) = lists.or(rule) {
            let fault = format!("more than {most} {what} in all catalogs together: leave some out");
            return Some((at, fault));
        }
        layer.entries.iter().find_map(|entry| {
            wordings += entry.messages.len() + entry.api.len() + entry.regexes.len();
            regexes += entry.regexes.len();
            anchors += Rule::of(0, entry).iter().map(Rule::alternatives).sum::<usize>();
            let limit = |count, most, what| {
                (count > most).then(|| {
                    format!("more than {most} {what} in all catalogs together: leave some out")
                })
            };
            let fault = limit(wordings, limits::WORDINGS, "wordings")
                .or_else(|| limit(regexes, limits::REGEXES, "regular expressions"))
                .or_else(|| limit(anchors, limits::ANCHORS, "alternatives and short messages"))?;
            Some((entry.at, format!("error `{}`: {fault}", entry.id)))
        })
    }

    /// Lays a sound file over what is there; it has just been added to the files.
    fn lay(&mut self, layer: Layer) {
        let file = self.files.len() - 1;
        let replaced = layer.heads.iter().filter(|head| head.replace).filter_map(|head| {
            // The place of an entry is that of its table, as for `origin`.
            let entry = layer.entries.iter().find(|entry| entry.id == head.id).map(|of| of.at);
            let rule = || layer.rules.iter().find(|rule| rule.id == head.id).map(|of| of.at);
            Some((head.id.clone(), entry.or_else(rule)?))
        });
        let disabled = layer.disable.iter().map(|id| (id.value.clone(), id.at));
        for (id, at) in replaced.chain(disabled).collect::<Vec<_>>() {
            let by = self.place(file, at);
            let held = self.held(&id);
            let origin = held
                .map(|(file, at)| self.place(file, at))
                .or_else(|| Some(self.silenced(&id)?.origin.clone()));
            // What is silenced twice stays with the first that silenced it.
            if let Some(origin) =
                origin.filter(|_| held.is_some() || layer.heads.iter().any(|head| head.id == id))
            {
                self.remove(&id);
                self.provenance.remove(&id);
                self.gone.push(Gone { id, origin, by });
            }
        }
        for entry in layer.entries {
            let index = self.entries.len();
            self.rules.to_mut().extend(Rule::of(index, &entry));
            self.codes.to_mut().extend(codes(index, &entry));
            self.entries.to_mut().push(entry);
        }
        self.provenance.lay(layer.rules, layer.lists, layer.words);
    }

    /// Takes an entry out, with everything that names it by its index.
    fn remove(&mut self, id: &str) {
        let Some(gone) = self.entries.iter().position(|entry| entry.id == id) else { return };
        let shift = |index: usize| index - usize::from(index > gone);
        self.entries.to_mut().remove(gone);
        self.rules.to_mut().retain(|rule| rule.entry != gone);
        self.rules.to_mut().iter_mut().for_each(|rule| rule.entry = shift(rule.entry));
        self.codes.to_mut().retain(|(_, entry)| *entry != gone);
        self.codes.to_mut().iter_mut().for_each(|(_, entry)| *entry = shift(*entry));
    }
}

#[cfg(test)]
mod tests;
