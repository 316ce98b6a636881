//! The words of the catalog as types: an [`Entry`] and the closed lists its fields are taken from.

use std::borrow::Cow;

use super::complaint::Complaint;
use super::surface::Surface;

/// Text of a catalog: borrowed from the program for the built-in one.
pub type Str = Cow<'static, str>;

/// A list of a catalog, likewise.
pub type List<T> = Cow<'static, [T]>;

/// Declares a closed list: its variants and the word that stands for each in TOML, JSON, help and
/// docs alike.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word that stands for the value everywhere.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The value that a word stands for.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// Where the fault is.
    Section {
        /// The provider failed, is overloaded, or gave no answer in time.
        Server = "server",
        /// A limit, a quota, credits or a bill.
        Usage = "usage",
        /// Key, login, token, organization, permission.
        Auth = "auth",
        /// The way to the API.
        Network = "network",
        /// What was sent cannot be served as it is.
        Request = "request",
        /// Answers came, but worse than expected.
        Quality = "quality",
    }
}

words! {
    /// What resolves an error.
    Action {
        /// The same request may work shortly.
        Retry = "retry",
        /// It works again only after a reset.
        Wait = "wait",
        /// Log in again.
        Login = "login",
        /// Change a setting, a variable or a key.
        FixConfig = "fix-config",
        /// Change something on the way to the API.
        FixNetwork = "fix-network",
        /// Send less.
        ShrinkInput = "shrink-input",
        /// Use another model.
        ChangeModel = "change-model",
        /// Go on in a new session, or from an earlier turn.
        NewSession = "new-session",
        /// Go on inside the session: the work is half done, and a repetition would do it twice.
        Resume = "resume",
        /// Pay, or raise a spending limit.
        AddFunds = "add-funds",
        /// Only an administrator can change it.
        AskAdmin = "ask-admin",
        /// Install a newer version.
        Update = "update",
        /// Find out more first.
        Inspect = "inspect",
    }
}

words! {
    /// Whether and when the same request may work again.
    Policy {
        /// Shortly.
        Backoff = "backoff",
        /// After a reset.
        Wait = "wait",
        /// Not until something is changed.
        Never = "never",
    }
}

words! {
    /// How widely a message is printed, and so where it counts.
    Scope {
        /// Only Claude's programs print it: it counts wherever nobody quotes it.
        Own = "messages",
        /// Other programs print it too: it counts with Claude named nearby, on a line of its own, or
        /// as the whole input.
        Shared = "shared",
        /// Anything prints it: it counts as the whole input, or on a line of its own near Claude.
        Bare = "bare",
        /// Somebody types it: it counts in the few words that are all there is.
        Complaint = "complaints",
    }
}

words! {
    /// Where a message is known from.
    Source {
        /// The error reference of Claude Code.
        Official = "official",
        /// The reference of the API and its SDKs.
        ApiReference = "api-reference",
        /// The documentation of a cloud or of another provider.
        ProviderDocs = "provider-docs",
        /// A relay's or a gateway's documentation or source.
        Relay = "relay",
        /// Output that people published.
        Field = "field",
    }
}

words! {
    /// What an entry is that is no specific failure.
    Role {
        /// It wraps an error or names its kind: it gives way to anything specific near it.
        Wrapper = "wrapper",
        /// It is all that is left where nothing is known: it gives way even to a bare status.
        CatchAll = "catch-all",
        /// Nothing has failed yet: it gives way to every failure, and is never retried.
        Warning = "warning",
    }
}

impl Action {
    /// The retry policy that an action implies.
    pub const fn policy(self) -> Policy {
        match self {
            Self::Retry => Policy::Backoff,
            Self::Wait => Policy::Wait,
            _ => Policy::Never,
        }
    }
}

/// A text and where it stands in its file.
#[derive(Clone, Debug)]
pub struct Located {
    /// The text.
    pub value: Str,
    /// The byte offset in the file; [`super::Catalog::line`] makes a line number of it, which
    /// nobody needs unless there is a fault.
    pub at: usize,
}

/// A message that programs print.
#[derive(Clone, Debug)]
pub struct Message {
    /// The template.
    pub text: Located,
    /// How widely it is printed.
    pub scope: Scope,
}

/// A text that looks like an entry and is something else.
#[derive(Clone, Debug)]
pub struct Reject {
    /// The text.
    pub text: Located,
    /// The id of the entry that it is; `none` where it is no error of ours.
    pub is: Str,
}

/// A status code, or a class of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// One code.
    Code(u16),
    /// All codes that begin with this digit.
    Class(u16),
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

    /// Whether it gives way to anything specific near it.
    pub fn gives_way(&self) -> bool {
        self.role.is_some()
    }

    /// Whether it tells of something that has not failed yet.
    pub fn is_warning(&self) -> bool {
        self.role == Some(Role::Warning)
    }
}
