//! Provenance rules: how to tell whose words a line is made of. They are catalog data like entries:
//! each has an id, examples and rejects, and users add and silence them in the same files.
//!
//! This is what a rule says; `crate::provenance` is what is made of it.

use std::borrow::Cow;

use super::entry::{List, Located, Str, words};
use super::surface::Surface;
use crate::text::form::{FormPart, Forms};
use crate::text::prefix::Prefixes;

words! {
    /// Why a finding is believed, weakest first.
    Evidence {
        /// The message inside other text.
        Inline = "inline",
        /// The message is a line of its own.
        Alone = "alone",
        /// The user gave the message as an argument.
        Argument = "argument",
        /// A line in the shape in which a client renders its errors.
        Rendered = "rendered",
        /// A structured record of the client or the API's error object.
        Record = "record",
    }
}

words! {
    /// What a provenance rule knows.
    Topic {
        /// A line that talks about errors instead of having one.
        Quotation = "quotation",
        /// Lines that belong together and quote.
        Region = "region",
        /// What loggers and collectors put before a line.
        Prefix = "prefix",
        /// Names and forms that say whose program speaks.
        Vendor = "vendor",
        /// An address of the Claude API.
        Endpoint = "endpoint",
        /// A sign of what the reader uses.
        Surface = "surface",
    }
}

words! {
    /// Whose program speaks.
    Speaker {
        /// Claude's own.
        Claude = "claude",
        /// Something through which Claude is called, and others too.
        Caller = "caller",
        /// Somebody else's.
        Other = "other",
        /// Claude Code, about something that is not the reader's request: a search for updates.
        Background = "background",
    }
}

words! {
    /// The mark on a session's screen under which a region's lines stand.
    Mark {
        /// Of what the model or the user says.
        Speech = "speech",
        /// Of what a tool returned.
        Tool = "tool",
    }
}

words! {
    /// The lists of words and marks that the mechanism uses.
    Words {
        /// Words that announce a message: `Error: `, `failed: `.
        Announce = "announce",
        /// Borders of boxes and trees.
        Border = "border",
        /// Marks that begin an item on the client's screen.
        Bullet = "bullet",
        /// What only Claude's clients say before a message.
        Client = "client",
        /// Commands, files and variables that only Claude Code has.
        ClaudeCode = "claude_code",
        /// Commands of a pipeline that only pass on what they read.
        Filter = "filter",
        /// Folders of Claude's own programs.
        Folder = "folder",
        /// What begins a sentence that goes on from another one.
        Follow = "follow",
        /// Hosts that keep code and packages.
        Forge = "forge",
        /// What stands before a host that could not be reached.
        Host = "host",
        /// Pieces of records and error objects; only the search reads them.
        Record = "record",
        /// Hosts on the way to Claude, as they are called.
        Relay = "relay",
        /// What says that the client tries again.
        Retrying = "retrying",
        /// Bullets of what somebody says.
        Speech = "speech",
        /// What makes a line look like an error where nothing is recognised.
        Suspect = "suspect",
    }
}

/// One provenance rule. CONTRIBUTING.md describes the fields.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "the fields are those of the schema")]
#[allow(missing_docs, reason = "the fields are those of the schema, described in CONTRIBUTING.md")]
pub struct Rule {
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
    pub mark: Option<Mark>,
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
    pub rules: List<Rule>,
    /// For each list of [`Words`] its words.
    pub words: List<List<Str>>,
    /// What may stand before the text of a line, ready to be taken off.
    pub prefixes: Prefixes,
    /// The forms of quotations, each with the index of its rule: for each evidence those that overrule
    /// it, and those that speak of a literal by themselves.
    pub quotations: List<(Forms, Forms)>,
    /// What begins a region, likewise.
    pub regions: Forms,
    /// What says who speaks, likewise.
    pub speakers: Forms,
    /// What shows a surface, likewise.
    pub signs: Forms,
    /// What a listing puts before a line of source.
    pub gutters: Forms,
    /// The names of the lists of forms.
    pub lists: List<Str>,
}

impl Provenance {
    /// The words of a list.
    pub fn words(&self, list: Words) -> &[Str] {
        self.words.get(list as usize).map_or(&[], AsRef::as_ref)
    }

    /// The rules of a topic with their indices.
    pub fn of(&self, topic: Topic) -> impl Iterator<Item = (u16, &Rule)> {
        let rules = self.rules.iter().enumerate().filter(move |(_, rule)| rule.topic == topic);
        rules.map(|(index, rule)| (index as u16, rule))
    }

    /// Lays further rules, lists and words over these. The names of lists are new ones.
    pub fn lay(
        &mut self,
        rules: Vec<Rule>,
        lists: Vec<(Str, Forms)>,
        words: Vec<(Words, Vec<Str>)>,
    ) {
        if rules.is_empty() && lists.is_empty() && words.is_empty() {
            return;
        }
        self.rules.to_mut().extend(rules);
        for (name, forms) in lists {
            self.lists.to_mut().push(name);
            self.prefixes.lists.to_mut().push(forms);
        }
        self.words.to_mut().resize(Words::ALL.len(), List::default());
        for (list, more) in words {
            self.words.to_mut()[list as usize].to_mut().extend(more);
        }
        self.ready();
    }

    /// Takes the rule with this id out.
    pub fn remove(&mut self, id: &str) {
        if self.rules.iter().any(|rule| rule.id == id) {
            self.rules.to_mut().retain(|rule| rule.id != id);
            self.ready();
        }
    }

    /// Makes the prefixes ready, after rules or words were added or taken away.
    fn ready(&mut self) {
        let lists = std::mem::take(&mut self.prefixes.lists);
        let prefixes = || self.of(Topic::Prefix).filter(|(_, rule)| !rule.listed);
        let tree = |topic: Topic, is: &dyn Fn(&Rule, &[FormPart]) -> bool| {
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
            bullets: marks(Words::Bullet),
            speech: marks(Words::Speech),
            borders: marks(Words::Border),
            lists,
        };
        (self.quotations, self.regions) = (quotations, regions);
        (self.speakers, self.signs, self.gutters) = (speakers, signs, gutters);
    }
}
