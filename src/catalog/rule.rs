//! Rules: each is one way to recognise an entry, ready to be found. Those of the built-in catalog are
//! made when the program is built, those of other catalogs when they are loaded, by the same code.

use std::borrow::Cow;

use super::check::{check_regex, check_template};
use super::complaint::Word;
use super::entry::{Api, Entry, List};
use super::template::Template;
use super::vocabulary::{Role, Scope};
use crate::text::Skeleton;

/// How an entry was recognised, from the least specific to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleKind {
    /// A message of a catch-all: anything that has the form of an error of Claude's programs.
    CatchAll,
    /// The exception class of an SDK: older SDKs have one for all of 5xx.
    Class,
    /// A class of HTTP statuses.
    StatusClass,
    /// An HTTP status.
    Status,
    /// The name of the error in a body.
    Type,
    /// A message.
    Message,
}

/// One way to recognise an entry.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Index of the entry in its catalog.
    pub entry: usize,
    /// How specific it is.
    pub kind: RuleKind,
    /// How widely it is printed, and so where it counts.
    pub scope: Scope,
    /// Its text in the catalog.
    pub text: Cow<'static, str>,
    /// What is looked for.
    pub body: RuleBody,
}

/// What is looked for, by the kinds of rules.
#[derive(Clone, Debug)]
pub enum RuleBody {
    /// A message template.
    Template(Template),
    /// The type or class of an error, as the skeleton of its name.
    Name(Cow<'static, [u8]>),
    /// Lists of words, of each of which one is in the sentence.
    Complaint(List<List<Word>>),
    /// A regular expression over the clean text: groups of literals, as skeletons. Every match has one
    /// of each group.
    Regex(List<List<Cow<'static, [u8]>>>),
}

impl Rule {
    /// The most anchors that a search for the rule may need: one for each alternative of an
    /// expression; a hundred for a text without six letters and blanks in a row.
    pub fn most_anchors(&self) -> usize {
        let joined = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b' ';
        match &self.body {
            RuleBody::Regex(_) => 1 + self.text.matches('|').count(),
            _ if self.text.as_bytes().windows(6).any(|six| six.iter().all(joined)) => 3,
            _ => 100,
        }
    }

    /// The rules of an entry with an index. What does not pass the checks makes none.
    pub fn of(index: usize, entry: &Entry) -> Vec<Self> {
        let mut rules = Vec::new();
        let catch_all = entry.role == Some(Role::CatchAll);
        let kind = if catch_all { RuleKind::CatchAll } else { RuleKind::Message };
        let mut rule = |kind, scope: Scope, text: &str, body| {
            rules.push(Self { entry: index, kind, scope, text: text.to_owned().into(), body });
        };
        for message in entry.messages.iter() {
            if let Ok(template) = check_template(&message.text.value) {
                rule(kind, message.scope, &message.text.value, RuleBody::Template(template));
            }
        }
        for regex in entry.regexes.iter() {
            if let Ok(groups) = check_regex(&regex.value) {
                let group = |group: Vec<Vec<u8>>| group.into_iter().map(Cow::from).collect();
                let groups = groups.into_iter().map(group).collect();
                rule(kind, Scope::Own, &regex.value, RuleBody::Regex(groups));
            }
        }
        for complaint in entry.complaints.iter() {
            let body = RuleBody::Complaint(complaint.groups.clone());
            rule(kind, Scope::Complaint, &complaint.text, body);
        }
        for api in entry.api.iter() {
            let (kind, name) = match api {
                Api::Type(name) => (RuleKind::Type, name),
                Api::Class(name) => (RuleKind::Class, name),
                Api::Status(_) => continue,
            };
            let skeleton = Skeleton::new(name.value.as_bytes()).bytes;
            rule(kind, Scope::Own, &name.value, RuleBody::Name(skeleton.into()));
        }
        rules
    }
}
