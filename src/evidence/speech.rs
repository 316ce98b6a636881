//! Whose words the lines of a session are: the client's, the model's or the user's, a tool's, or a file's that somebody shows.
//!
//! The client's screen marks them: `⏺` and `❯` begin what somebody says or which tool is called, `⎿` what comes back. A shell marks
//! them too: after `$ cat notes.md` follows what stands in a file.

use super::quote;
use crate::text::Line;

/// Whose words a line is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Words {
    /// A program's report, as far as we know.
    Report,
    /// Quotation: code, a diff, documentation, a file on the screen.
    Quotation,
    /// What the model or the user says; the first line of it may be the client's own report.
    Speech {
        /// The line with the mark.
        first: bool,
    },
    /// What a tool of the model printed; the first line may be the client's own report.
    Tool {
        /// The line with the mark.
        first: bool,
    },
}

/// What earlier lines of the window say of the next one.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "independent states of a session, a shell and a page")]
pub(super) struct Speaker {
    words: Words,
    /// The last mark was that of a tool's call: the next `⎿` is its result.
    called: bool,
    fenced: bool,
    diff: bool,
    /// A shell shows a file.
    listing: bool,
    /// The input begins with a fence: then the fence is the paste's own and quotes nothing.
    first: bool,
    own_fence: bool,
}

impl Speaker {
    pub(super) fn new() -> Self {
        Self { words: Words::Report, called: false, fenced: false, diff: false, listing: false, first: true, own_fence: false }
    }

    /// Takes the next line; returns whose words it is.
    pub(super) fn next(&mut self, line: &Line, text: &[u8]) -> Words {
        if text.starts_with(b"```") || text.starts_with(b"~~~") {
            self.own_fence |= self.first;
            self.first = false;
            self.fenced = !self.fenced && !self.own_fence;
            return Words::Quotation;
        }
        self.first &= text.is_empty();
        self.listing(text);
        self.session(line, text);
        // A dump of the client's errors is a record wherever it stands: issue forms put it in a fence.
        let dump = text.starts_with(br#"[{"error":"#) || text.starts_with(br#"{"error":"#);
        if !dump && (self.fenced || self.listing || self.diff(text) || quote::is_quoted(text)) {
            return Words::Quotation;
        }
        self.words
    }

    /// Follows the marks of a session.
    fn session(&mut self, line: &Line, text: &[u8]) {
        let lead = line.lead;
        self.words = if lead.speech {
            self.called = is_call(text);
            Words::Speech { first: true }
        } else if lead.bullet {
            if std::mem::take(&mut self.called) { Words::Tool { first: true } } else { Words::Report }
        } else if text.is_empty() || lead.inset {
            match self.words {
                Words::Speech { .. } => Words::Speech { first: false },
                Words::Tool { .. } => Words::Tool { first: false },
                other => other,
            }
        } else {
            self.called = false;
            Words::Report
        };
    }

    /// Follows a shell: `$ cat FILE` shows a file until the next prompt.
    fn listing(&mut self, text: &[u8]) {
        const SHOWS: &[&str] =
            &["cat ", "bat ", "less ", "head ", "tail ", "sed ", "grep ", "rg ", "git diff", "git show", "git log", "git blame", "awk "];
        const SOURCES: &[&str] =
            &[".md", ".py", ".rs", ".ts", ".js", ".yaml", ".yml", ".toml", ".go", ".rb", ".java", ".c", ".h", ".sh", ".html", ".tsx", ".mjs"];
        let Some(command) = command(text) else { return };
        let shows = SHOWS.iter().any(|word| command.starts_with(word.as_bytes()));
        let source = command.split(|b| *b == b' ').any(|word| SOURCES.iter().any(|end| word.ends_with(end.as_bytes())));
        self.listing = shows && (source || command.starts_with(b"git "));
    }

    /// A diff's own lines; a blank one ends it as far as we can tell.
    fn diff(&mut self, text: &[u8]) -> bool {
        let head = [&b"diff --git"[..], b"@@ ", b"+++ ", b"--- a"].iter().any(|head| text.starts_with(head));
        self.diff = (self.diff || head) && !text.is_empty();
        head || (self.diff && matches!(text.first(), Some(b'+' | b'-')))
    }
}

/// The call of a tool: `Bash(npm test)`, `mcp__db__query (MCP)(sql: …)`.
fn is_call(text: &[u8]) -> bool {
    let name = text.iter().take(80).take_while(|b| b.is_ascii_alphanumeric() || b"_-: ".contains(b)).count();
    name > 2 && text.get(name) == Some(&b'(') && !text[..name].contains(&b' ') && text[0].is_ascii_alphabetic() || text.starts_with(b"mcp__")
}

/// The command on a shell's prompt line: `$ cat x`, `user@host:~/x$ cat x`.
fn command(text: &[u8]) -> Option<&[u8]> {
    let dollar = memchr::memmem::find(&text[..text.len().min(80)], b"$ ")?;
    let prompt = &text[..dollar];
    (prompt.is_empty() || (prompt.contains(&b'@') && !prompt.contains(&b' '))).then(|| text[dollar + 2..].trim_ascii_start())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Clean;

    fn words(raw: &str) -> Vec<Words> {
        let clean = Clean::new(raw.as_bytes());
        let mut speaker = Speaker::new();
        clean.lines.iter().enumerate().map(|(index, line)| speaker.next(line, clean.line(index))).collect()
    }

    const QUOTE: Words = Words::Quotation;
    const REPORT: Words = Words::Report;

    #[test]
    fn fences_and_diffs_reach_over_lines() {
        assert_eq!(words("a\n```\nb\n```\nc"), [REPORT, QUOTE, QUOTE, QUOTE, REPORT]);
        assert_eq!(words("```\nb\n```"), [QUOTE, REPORT, QUOTE], "the paste's own fence");
        assert_eq!(words("@@ -1 +1 @@\n+d\n e\n\n-f"), [QUOTE, QUOTE, REPORT, REPORT, REPORT]);
        assert_eq!(words("x\n```json\n[{\"error\":\"Error: 400\"}]\n```")[2], REPORT, "a dump is a record");
    }

    #[test]
    fn marks_of_a_session_say_who_speaks() {
        let said = Words::Speech { first: true };
        let goes_on = Words::Speech { first: false };
        assert_eq!(words("⏺ There are two:\n\n  1. one\n⎿  x\n> y\nz"), [said, goes_on, goes_on, REPORT, said, REPORT]);
        assert_eq!(words("● Bash(ls)\n  ⎿  a\n     b\n  ⎿  c"), [said, Words::Tool { first: true }, Words::Tool { first: false }, REPORT]);
    }

    #[test]
    fn a_file_on_the_screen_is_quotation() {
        assert_eq!(words("$ cat a.yaml\nx\n$ make\ny"), [QUOTE, QUOTE, REPORT, REPORT]);
        assert_eq!(words("u@h:~$ cat build.log\nx"), [REPORT, REPORT], "a log is what we are for");
    }
}
