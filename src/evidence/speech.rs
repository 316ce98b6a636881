//! Whose words the lines of a session are: the client's, the model's or the user's, a tool's, or a
//! file's that somebody shows.
//!
//! The client's screen marks them: `⏺` and `❯` begin what somebody says or which tool is called,
//! `⎿` what comes back. A shell marks them too: after `$ cat notes.md` follows what stands in a
//! file.

use super::quote;
use crate::text::{Line, search};

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

/// A code fence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fence {
    /// Outside.
    None,
    /// It quotes.
    Quotation,
    /// It holds output: the whole paste is in it, or an issue form announces it.
    Output,
}

/// What earlier lines of the window say of the next one.
#[derive(Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "independent states of a session, a shell and a page"
)]
pub(super) struct Speaker {
    words: Words,
    /// The last mark was that of a tool's call: the next `⎿` is its result.
    called: bool,
    fence: Fence,
    diff: bool,
    /// A shell shows a file.
    listing: bool,
    /// What follows, as long as it is set in, belongs to a commit or to a failed assertion.
    inner: bool,
    /// The last line was a heading of an issue form such as `**Error Output**`: the fence below it
    /// holds output.
    heading: bool,
    /// Nothing but blank lines so far: a fence here is the paste's own.
    first: bool,
}

impl Speaker {
    pub(super) fn new() -> Self {
        Self {
            words: Words::Report,
            called: false,
            fence: Fence::None,
            diff: false,
            listing: false,
            inner: false,
            heading: false,
            first: true,
        }
    }

    /// Takes the next line; returns whose words it is.
    pub(super) fn next(&mut self, line: &Line, text: &[u8]) -> Words {
        if text.starts_with(b"```") || text.starts_with(b"~~~") {
            self.fence = match self.fence {
                Fence::None if self.first || self.heading => Fence::Output,
                Fence::None => Fence::Quotation,
                _ => Fence::None,
            };
            self.first = false;
            return Words::Quotation;
        }
        self.first &= text.is_empty();
        self.heading = if text.is_empty() { self.heading } else { is_heading(text) };
        self.listing(text);
        self.session(line, text);
        let inner = self.inner(line, text);
        let diff = self.diff(text);
        if self.fence == Fence::Quotation || self.listing || inner || diff {
            Words::Quotation
        } else {
            self.words
        }
    }

    /// Follows the marks of a session.
    fn session(&mut self, line: &Line, text: &[u8]) {
        let lead = line.lead;
        self.words = if lead.speech {
            self.called = is_call(text);
            Words::Speech { first: true }
        } else if lead.bullet {
            if std::mem::take(&mut self.called) {
                Words::Tool { first: true }
            } else {
                Words::Report
            }
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
        const SHOWS: &[&str] = &[
            "cat ",
            "bat ",
            "less ",
            "head ",
            "tail ",
            "sed ",
            "grep ",
            "rg ",
            "git diff",
            "git show",
            "git log",
            "git blame",
            "awk ",
        ];
        const SOURCES: &[&str] = &[
            ".md", ".py", ".rs", ".ts", ".js", ".yaml", ".yml", ".toml", ".go", ".rb", ".java",
            ".c", ".h", ".sh", ".html", ".tsx", ".mjs",
        ];
        let Some(command) = command(text) else { return };
        let shows = SHOWS.iter().any(|word| command.starts_with(word.as_bytes()));
        let source = command
            .split(|b| *b == b' ')
            .any(|word| SOURCES.iter().any(|end| word.ends_with(end.as_bytes())));
        self.listing = shows && (source || command.starts_with(b"git "));
    }

    /// Follows what a commit or a failed assertion has set in below its head.
    fn inner(&mut self, line: &Line, text: &[u8]) -> bool {
        const HEADS: &[&str] =
            &["not ok ", "AssertionError", "- Expected", "Failure/Error:", "expect(received)"];
        let signed = matches!(text.first(), Some(b'+' | b'-'))
            || text.starts_with(b"Author:")
            || text.starts_with(b"Date:");
        let goes_on = !line.lead.bullet && (text.is_empty() || line.lead.inset || signed);
        self.inner = quote::commit_head(text)
            || HEADS.iter().any(|head| text.starts_with(head.as_bytes()))
            || (self.inner && goes_on);
        self.inner
    }

    /// A diff's own lines; a blank one ends it as far as we can tell.
    fn diff(&mut self, text: &[u8]) -> bool {
        let head = [&b"diff --git"[..], b"@@ ", b"+++ ", b"--- a"]
            .iter()
            .any(|head| text.starts_with(head));
        self.diff = (self.diff || head) && !text.is_empty();
        head || (self.diff && matches!(text.first(), Some(b'+' | b'-')))
    }
}

/// A heading of an issue form under which output is pasted: `**Error Output**`, `### Relevant
/// logs`.
fn is_heading(text: &[u8]) -> bool {
    const WORDS: &[&str] = &["error", "output", "log", "trace"];
    (text.starts_with(b"**") || text.starts_with(b"#"))
        && WORDS.iter().any(|word| search::contains(&text.to_ascii_lowercase(), word))
}

/// The call of a tool: `Bash(npm test)`, `mcp__db__query (MCP)(sql: …)`.
fn is_call(text: &[u8]) -> bool {
    let name = text
        .iter()
        .take(80)
        .take_while(|b| b.is_ascii_alphanumeric() || b"_-: ".contains(b))
        .count();
    name > 2
        && text.get(name) == Some(&b'(')
        && !text[..name].contains(&b' ')
        && text[0].is_ascii_alphabetic()
        || text.starts_with(b"mcp__")
}

/// The command on a shell's prompt line: `$ cat x`, `user@host:~/x$ cat x`.
fn command(text: &[u8]) -> Option<&[u8]> {
    let dollar = search::find(&text[..text.len().min(80)], b"$ ")?;
    let prompt = &text[..dollar];
    (prompt.is_empty() || (prompt.contains(&b'@') && !prompt.contains(&b' ')))
        .then(|| text[dollar + 2..].trim_ascii_start())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Clean;

    fn words(raw: &str) -> Vec<Words> {
        let clean = Clean::new(raw.as_bytes());
        let mut speaker = Speaker::new();
        clean
            .lines
            .iter()
            .enumerate()
            .map(|(index, line)| speaker.next(line, clean.line(index)))
            .collect()
    }

    const QUOTE: Words = Words::Quotation;
    const REPORT: Words = Words::Report;

    #[test]
    fn fences_and_diffs_reach_over_lines() {
        assert_eq!(words("a\n```\nb\n```\nc"), [REPORT, QUOTE, QUOTE, QUOTE, REPORT]);
        assert_eq!(words("```\nb\n```"), [QUOTE, REPORT, QUOTE], "the paste's own fence");
        assert_eq!(
            words("x\n**Error Output**\n```\nb\n```\nc\n```\nd")[3..],
            [REPORT, QUOTE, REPORT, QUOTE, QUOTE],
            "an issue form's"
        );
        assert_eq!(
            words("commit 3f9c1e2ab77d\nAuthor: D\n\n    a\nb"),
            [QUOTE, QUOTE, QUOTE, QUOTE, REPORT]
        );
        assert_eq!(
            words("AssertionError: x\n\n- Expected\n+ a\nb"),
            [QUOTE, QUOTE, QUOTE, QUOTE, REPORT]
        );
        assert_eq!(words("@@ -1 +1 @@\n+d\n e\n\n-f"), [QUOTE, QUOTE, REPORT, REPORT, REPORT]);
    }

    #[test]
    fn marks_of_a_session_say_who_speaks() {
        let said = Words::Speech { first: true };
        let goes_on = Words::Speech { first: false };
        assert_eq!(
            words("⏺ There are two:\n\n  1. one\n⎿  x\n> y\nz"),
            [said, goes_on, goes_on, REPORT, said, REPORT]
        );
        assert_eq!(
            words("● Bash(ls)\n  ⎿  a\n     b\n  ⎿  c"),
            [said, Words::Tool { first: true }, Words::Tool { first: false }, REPORT]
        );
    }

    #[test]
    fn a_file_on_the_screen_is_quotation() {
        assert_eq!(words("$ cat a.yaml\nx\n$ make\ny"), [QUOTE, QUOTE, REPORT, REPORT]);
        assert_eq!(words("u@h:~$ cat build.log\nx"), [REPORT, REPORT], "a log is what we are for");
    }
}
