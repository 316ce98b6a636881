//! Provenance rules: what tells whose words a line is made of. They are catalog data like entries:
//! each has an id, examples and rejects, and users add and disable them in the same files.
//!
//! Here are the rules, and the trees of forms that are made of them; weighing a finding by them is
//! the business of `crate::provenance`.

mod vocabulary;

use std::borrow::Cow;

pub use vocabulary::Evidence;
pub(crate) use vocabulary::{ScreenMark, Speaker, Topic, WordList};

use super::entry::{List, Located, Str};
use super::surface::Surface;
use crate::text::form::{FormPart, Forms};
use crate::text::prefix::Prefixes;

/// One provenance rule. CONTRIBUTING.md describes the fields.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "the fields are those of the schema")]
#[allow(missing_docs, reason = "the fields are those of the schema, described in CONTRIBUTING.md")]
pub struct ProvenanceRule {
    pub topic: Topic,
    pub id: Str,
    pub forms: Forms,
    pub goes_on: Forms,
    pub ends: Forms,
    pub never: Forms,
    pub unless: Forms,
    pub after: Forms,
    pub names: List<Str>,
    pub without: List<Str>,
    pub commands: List<Str>,
    pub files: List<Str>,
    pub behind: bool,
    pub listed: bool,
    pub weak: bool,
    pub whole: bool,
    pub overrules: Option<Evidence>,
    pub speaks: Option<Speaker>,
    pub mark: Option<ScreenMark>,
    pub on: List<Surface>,
    pub examples: List<Located>,
    pub rejects: List<Located>,
    /// The file the rule comes from, as an index that [`super::Catalog`] knows.
    pub file: usize,
    /// The byte offset of the rule in that file.
    pub at: usize,
}

/// Everything that a catalog knows of provenance.
#[derive(Clone, Debug, Default)]
pub struct Provenance {
    /// The rules, in the order of their files; a rule is named elsewhere by its index.
    pub rules: List<ProvenanceRule>,
    /// For each list of [`WordList`] its words.
    pub words: List<List<Str>>,
    /// What may stand before the text of a line.
    pub prefixes: Prefixes,
    /// For each [`Evidence`], the forms of the quotations that overrule it: those that need no string
    /// literal, and those that do. Here and in the next fields, a form has the index of its rule.
    pub quotations: List<(Forms, Forms)>,
    /// The forms that begin a region.
    pub regions: Forms,
    /// The forms that say who speaks.
    pub speakers: Forms,
    /// The forms that show a surface.
    pub signs: Forms,
    /// What a listing puts before a line of source: line numbers.
    pub gutters: Forms,
    /// The names of the lists of forms.
    pub lists: List<Str>,
}

impl Provenance {
    /// The words of a list.
    pub fn words(&self, list: WordList) -> &[Str] {
        self.words.get(list as usize).map_or(&[], AsRef::as_ref)
    }

    /// The rules of a topic with their indices.
    pub fn of(&self, topic: Topic) -> impl Iterator<Item = (u16, &ProvenanceRule)> {
        let rules = self.rules.iter().enumerate().filter(move |(_, rule)| rule.topic == topic);
        rules.map(|(index, rule)| (index as u16, rule))
    }

    /// Adds rules, lists and words of a further layer. The names of its lists are new.
    pub fn lay(
        &mut self,
        rules: Vec<ProvenanceRule>,
        lists: Vec<(Str, Forms)>,
        words: Vec<(WordList, Vec<Str>)>,
    ) {
        if rules.is_empty() && lists.is_empty() && words.is_empty() {
            return;
        }
        self.rules.to_mut().extend(rules);
        for (name, forms) in lists {
            self.lists.to_mut().push(name);
            self.prefixes.lists.to_mut().push(forms);
        }
        self.words.to_mut().resize(WordList::ALL.len(), List::default());
        for (list, more) in words {
            self.words.to_mut()[list as usize].to_mut().extend(more);
        }
        self.compile();
    }

    /// Removes the rule with this id.
    pub fn remove(&mut self, id: &str) {
        if self.rules.iter().any(|rule| rule.id == id) {
            self.rules.to_mut().retain(|rule| rule.id != id);
            self.compile();
        }
    }

    /// Makes the trees of forms anew, after rules or words were added or removed.
    fn compile(&mut self) {
        let lists = std::mem::take(&mut self.prefixes.lists);
        let prefixes = || self.of(Topic::Prefix).filter(|(_, rule)| !rule.listed);
        let tree = |topic: Topic, is: &dyn Fn(&ProvenanceRule, &[FormPart]) -> bool| {
            let forms = self.of(topic).flat_map(|(index, rule)| {
                let forms = rule.forms.list().into_iter().filter(|form| is(rule, form));
                forms.map(move |form| (form, index)).collect::<Vec<_>>()
            });
            Forms::new(&forms.collect::<Vec<_>>(), &lists)
        };
        let quotation = |evidence: &Evidence| {
            let of = |literal: bool| {
                tree(Topic::Quotation, &|rule, form| {
                    rule.overrules >= Some(*evidence) && Forms::speaks_of_literal(form) == literal
                })
            };
            (of(false), of(true))
        };
        let quotations = Evidence::ALL.iter().map(quotation).collect();
        let regions = tree(Topic::Region, &|rule, _| rule.mark.is_none());
        let speakers = tree(Topic::Vendor, &|_, _| true);
        let signs = tree(Topic::Surface, &|_, _| true);
        let gutters = tree(Topic::Prefix, &|rule, _| rule.listed);
        let first = tree(Topic::Prefix, &|rule, _| !rule.listed && !rule.behind);
        let behind = tree(Topic::Prefix, &|rule, _| !rule.listed);
        let never = prefixes().filter(|(_, rule)| !rule.never.is_empty());
        let never = never.map(|(index, rule)| (index, rule.never.clone())).collect();
        let marks = |list| Cow::Owned(self.words(list).to_vec());
        self.prefixes = Prefixes {
            first,
            behind,
            never,
            bullets: marks(WordList::Bullet),
            speech: marks(WordList::Speech),
            borders: marks(WordList::Border),
            lists,
        };
        (self.quotations, self.regions) = (quotations, regions);
        (self.speakers, self.signs, self.gutters) = (speakers, signs, gutters);
    }
}
