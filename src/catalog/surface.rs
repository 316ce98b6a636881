//! Surfaces: what the reader uses, such as Claude Code, Bedrock or Windows. A step may be for some of
//! them only.
//!
//! Surfaces of one group exclude each other: a reader with the traceback of a Python program has no
//! prompt at which to type `/model`.

use super::vocabulary::words;

words! {
    /// What the reader uses.
    Surface {
        /// Claude Code: in a terminal, unless it is shown elsewhere.
        Cli = "cli",
        /// Claude Code in the desktop application.
        Desktop = "desktop",
        /// Claude Code on the web: cloud sessions, routines.
        Web = "web",
        /// Claude Code as an editor's extension.
        Ide = "ide",
        /// Any other program that calls the API: one's own code, or somebody else's.
        Sdk = "sdk",
        /// A reseller that answers in the API's place.
        Relay = "relay",
        /// A gateway of one's own or of one's company.
        Gateway = "gateway",
        /// Amazon Bedrock.
        Bedrock = "bedrock",
        /// Google Cloud's Vertex AI.
        Vertex = "vertex",
        /// Microsoft Foundry.
        Foundry = "foundry",
        /// Anthropic's own API.
        Anthropic = "anthropic",
        /// Something in between that passes requests on: a proxy, a firewall, a content network.
        Proxy = "proxy",
        /// The program itself: no answer came, or no request was sent.
        Client = "client",
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

/// A group of surfaces that exclude each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Group {
    /// The program in which the error shows.
    Program,
    /// Who answers the program's requests, the nearest to the reader first.
    Service,
    /// The operating system.
    System,
    /// Where it runs: in a CI job, or not.
    Place,
}

impl Group {
    /// Every group.
    pub const ALL: [Self; 4] = [Self::Program, Self::Service, Self::System, Self::Place];
}

impl Surface {
    /// The group it belongs to.
    pub const fn group(self) -> Group {
        match self {
            Self::Cli | Self::Desktop | Self::Web | Self::Ide | Self::Sdk => Group::Program,
            Self::Windows | Self::Macos | Self::Linux => Group::System,
            Self::Ci => Group::Place,
            _ => Group::Service,
        }
    }

    /// Whether advice for another surface applies to this one: what is for the CLI is for every form of
    /// Claude Code.
    pub fn is(self, other: Self) -> bool {
        self == other || other == Self::Cli && self.is_claude_code()
    }

    /// Whether it is a form of Claude Code.
    pub const fn is_claude_code(self) -> bool {
        matches!(self, Self::Cli | Self::Desktop | Self::Web | Self::Ide)
    }

    /// The words with which a step says that it is for this surface only: `On`, `Bedrock`.
    pub const fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Cli => ("In", "Claude Code"),
            Self::Desktop => ("In", "the desktop app"),
            Self::Web => ("On", "the web"),
            Self::Ide => ("In", "the IDE extension"),
            Self::Sdk => ("In", "your own code"),
            Self::Relay => ("Through", "a relay"),
            Self::Gateway => ("Through", "a gateway"),
            Self::Bedrock => ("On", "Bedrock"),
            Self::Vertex => ("On", "Vertex AI"),
            Self::Foundry => ("On", "Foundry"),
            Self::Anthropic => ("On", "Anthropic's API"),
            Self::Proxy => ("Behind", "a proxy"),
            Self::Client => ("In", "the client"),
            Self::Windows => ("On", "Windows"),
            Self::Macos => ("On", "macOS"),
            Self::Linux => ("On", "Linux"),
            Self::Ci => ("In", "CI"),
        }
    }

    /// The operating system that this program was built for, if it is a surface.
    pub const fn here() -> Option<Self> {
        if cfg!(windows) {
            Some(Self::Windows)
        } else if cfg!(target_os = "macos") {
            Some(Self::Macos)
        } else if cfg!(target_os = "linux") {
            Some(Self::Linux)
        } else {
            None
        }
    }
}
