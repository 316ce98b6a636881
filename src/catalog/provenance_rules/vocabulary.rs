//! The closed lists from which the fields of a provenance rule are taken.

use crate::catalog::words;

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
    /// What a provenance rule is about.
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
    /// A mark on the screen of Claude Code, which a region begins with.
    ScreenMark {
        /// Of what the model or the user says.
        Speech = "speech",
        /// Of what a tool returned.
        Tool = "tool",
    }
}

words! {
    /// The lists under `[words]`.
    WordList {
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
        /// What precedes a host that could not be reached.
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
