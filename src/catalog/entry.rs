//! An [`Entry`] and the types of its fields.

use std::borrow::Cow;

use super::complaint::Complaint;
use super::surface::Surface;
use super::vocabulary::{Action, Policy, Role, Scope, Section, Source};

/// Text of a catalog; that of the built-in one is borrowed from the program.
pub type Str = Cow<'static, str>;

/// A list of a catalog; that of the built-in one is borrowed from the program.
pub type List<T> = Cow<'static, [T]>;

/// A text and where it stands in its file.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Located {
    /// The text.
    pub value: Str,
    /// The byte offset in the file; [`super::Catalog::line`] makes a line number of it, which
    /// nobody needs unless there is a fault.
    pub at: usize,
}

/// A message that programs print.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Message {
    /// The template.
    pub text: Located,
    /// How widely it is printed.
    pub scope: Scope,
}

/// A text that is easily taken for the entry and is something else.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reject {
    /// The text.
    pub text: Located,
    /// The id of the entry that it is; `none` where nothing is to be diagnosed.
    pub is: Str,
}

/// A status code, or a class of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// One code.
    Code(u16),
    /// All codes that begin with this digit.
    Class(u16),
}

impl Status {
    /// Reads `529` or `5xx`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(digit) = text.strip_suffix("xx") {
            return digit.parse().ok().filter(|digit| (1..=5).contains(digit)).map(Self::Class);
        }
        text.parse().ok().filter(|code| (100..600).contains(code)).map(Self::Code)
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Class(digit) => write!(f, "{digit}xx"),
        }
    }
}

/// A machine-readable form of an error.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Api {
    /// The name of the error in a body.
    Type(Located),
    /// The HTTP status.
    Status(Status),
    /// The exception class of an SDK.
    Class(Located),
}

/// One thing to do.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Step {
    /// What to do, in words.
    pub text: Str,
    /// What to type or open.
    pub run: Option<Str>,
    /// The same for PowerShell, where that is another command.
    pub powershell: Option<Str>,
    /// The surfaces it applies to; all if empty.
    pub on: List<Surface>,
    /// It goes on from the step before it; without, it is an alternative.
    pub then: bool,
}

/// A way to tell two causes apart.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Check {
    /// The question, and what answers it.
    pub ask: Step,
    /// What the answers mean, each as `answer: meaning`.
    pub means: List<Str>,
}

/// One known error. CONTRIBUTING.md describes the fields.
#[derive(Clone, Debug)]
#[allow(
    missing_docs,
    reason = "the fields are those of the catalog's schema, described once, in CONTRIBUTING.md"
)]
#[non_exhaustive]
pub struct Entry {
    pub id: Str,
    pub section: Section,
    pub title: Str,
    pub messages: List<Message>,
    pub complaints: List<Complaint>,
    pub api: List<Api>,
    pub regexes: List<Located>,
    pub role: Option<Role>,
    pub on: List<Surface>,
    pub answered_by: Option<Surface>,
    pub action: Action,
    pub cause: Str,
    pub steps: List<Step>,
    pub checks: List<Check>,
    pub links: List<Located>,
    pub sources: List<Source>,
    pub examples: List<Located>,
    pub rejects: List<Reject>,
    /// The file the entry comes from, as an index that [`super::Catalog::file`] knows.
    pub file: usize,
    /// The byte offset of the entry in that file.
    pub at: usize,
}

impl Entry {
    /// The retry policy.
    pub fn policy(&self) -> Policy {
        self.action.policy()
    }

    /// The HTTP statuses that mean it.
    pub fn statuses(&self) -> impl Iterator<Item = Status> + '_ {
        self.api.iter().filter_map(|api| match api {
            Api::Status(status) => Some(*status),
            _ => None,
        })
    }

    /// Whether it gives way to anything specific near it.
    pub fn gives_way(&self) -> bool {
        self.role.is_some()
    }

    /// Whether it tells of something that has not failed yet.
    pub fn is_warning(&self) -> bool {
        self.role == Some(Role::Warning)
    }
}
