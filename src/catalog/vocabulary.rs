//! The closed lists from which the fields of an entry are taken.

/// A closed list of values, each with the one word that stands for it in TOML, JSON, help and docs
/// alike; what [`words!`] declares.
pub(crate) trait ClosedList: Copy + 'static {
    /// Every value, in order.
    const VALUES: &'static [Self];

    /// The word that stands for the value.
    fn as_word(self) -> &'static str;
}

/// Declares a [`ClosedList`]: its variants and their words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
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

        impl $crate::catalog::ClosedList for $name {
            const VALUES: &'static [Self] = Self::ALL;

            fn as_word(self) -> &'static str {
                self.word()
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
