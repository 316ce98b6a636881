//! The words of the catalog as types: an [`Entry`] and the closed lists its fields are taken from.

use std::borrow::Cow;

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
    /// What a wording needs beside itself to count.
    Needs {
        /// Claude nearby, a line of its own, or being given as an argument.
        Claude = "claude",
        /// Being all there is: the whole input, or an argument; or a line of its own with Claude
        /// nearby.
        Alone = "alone",
        /// Being part of the few words that somebody typed.
        Brief = "brief",
    }
}

words! {
    /// Where Claude is used: steps may apply only there.
    Surface {
        /// Claude Code in a terminal.
        Cli = "cli",
        /// The desktop application.
        Desktop = "desktop",
        /// The web and cloud sessions.
        Web = "web",
        /// An editor's extension.
        Ide = "ide",
        /// A program on an SDK or on the bare API.
        Sdk = "sdk",
        /// A gateway or relay behind `ANTHROPIC_BASE_URL`.
        Gateway = "gateway",
        /// Amazon Bedrock.
        Bedrock = "bedrock",
        /// Google Vertex AI.
        Vertex = "vertex",
        /// Microsoft Foundry.
        Foundry = "foundry",
        /// Windows.
        Windows = "windows",
        /// macOS.
        Macos = "macos",
        /// Linux.
        Linux = "linux",
        /// A CI job.
        Ci = "ci",
    }
}

words! {
    /// What an entry is that is not specific.
    Role {
        /// It wraps an error or names its kind: it gives way to anything specific near it.
        Wrapper = "wrapper",
        /// It is all that is left where nothing is known: it gives way even to a bare status.
        CatchAll = "catch-all",
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

/// A wording.
#[derive(Clone, Debug)]
pub struct Message {
    /// The template.
    pub text: Located,
    /// What it needs to count.
    pub needs: Option<Needs>,
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
    /// The surfaces it applies to; all if empty.
    pub on: List<Surface>,
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
    pub api: List<Api>,
    pub regexes: List<Located>,
    pub needs: Option<Needs>,
    pub role: Option<Role>,
    pub action: Action,
    pub cause: Str,
    pub steps: List<Step>,
    pub area: Option<Str>,
    pub links: List<Located>,
    pub sources: List<Str>,
    pub examples: List<Located>,
    pub rejects: List<Located>,
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
}
