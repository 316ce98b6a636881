//! Regions: lines that belong together and quote. A fence, a diff, a file that a shell shows; what
//! the model or a tool says in a session, as the marks of the client's screen tell.

use crate::catalog::Str;
use crate::catalog::provenance::{Mark, Provenance, Rule, Topic, Words};
use crate::text::Clean;
use crate::text::form::Forms;
use crate::text::layout::Layout;

/// Where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In a program's report, as far as we know.
    Open,
    /// In a region that quotes.
    Quoted(u16),
    /// Under the mark of what the model or the user says; the first line of it may be the client's
    /// own report.
    Speech {
        /// The rule.
        rule: u16,
        /// The line with the mark.
        first: bool,
    },
    /// Under the mark of what a tool returned, likewise.
    Tool {
        /// The rule.
        rule: u16,
        /// The line with the mark.
        first: bool,
    },
}

/// A region that has begun.
struct Begun<'r> {
    index: u16,
    rule: &'r Rule,
    /// It quotes; otherwise it is only passed through, to know its end.
    quotes: bool,
}

/// Follows a text line by line.
struct Tracker<'t> {
    rules: &'t Provenance,
    clean: &'t Clean,
    begun: Vec<Begun<'t>>,
    place: Place,
    /// The last mark was that of a tool's call: the next `⎿` is its result.
    called: bool,
    /// The last line that was not blank.
    last: Option<usize>,
}

/// Where each line of a text stands.
pub(super) fn places(rules: &Provenance, clean: &Clean) -> Vec<Place> {
    let (begun, place) = (Vec::new(), Place::Open);
    let mut tracker = Tracker { rules, clean, begun, place, called: false, last: None };
    (0..clean.lines.len()).map(|line| tracker.next(line)).collect()
}

impl Tracker<'_> {
    fn next(&mut self, line: usize) -> Place {
        self.session(line);
        // A region that ends here takes its last line along, one that does not go on leaves it.
        let mut ends = Vec::new();
        let (clean, rules) = (self.clean, self.rules);
        let is = |forms: &Forms| has_form(rules, clean, line, forms);
        let prompt = command(clean.line(line));
        self.begun.retain(|begun| {
            if is(&begun.rule.ends) {
                ends.push((begun.index, begun.quotes));
                return false;
            }
            let goes_on = begun.rule.goes_on.is_empty() || is(&begun.rule.goes_on);
            goes_on && (begun.rule.commands.is_empty() || prompt.is_none())
        });
        let mut begins: Vec<u16> = Vec::new();
        layout(rules, clean, line).whose(&rules.regions, |rule| begins.push(rule));
        if let Some(command) = prompt {
            let listings = rules.of(Topic::Region).filter(|(_, rule)| lists(rules, rule, command));
            begins.extend(listings.map(|(index, _)| index));
        }
        for index in begins {
            let rule = &rules.rules[usize::from(index)];
            let known = self.begun.iter().any(|begun| begun.index == index);
            let ended = ends.iter().any(|(ended, _)| *ended == index);
            if !known && !ended && !is(&rule.never) {
                self.begun.push(Begun { index, rule, quotes: self.quotes(rule, line) });
            }
        }
        let quoted = self.begun.iter().map(|begun| (begun.index, begun.quotes)).chain(ends);
        let quoted = quoted.filter(|(_, quotes)| *quotes).map(|(index, _)| index).min();
        self.last = if clean.line(line).is_empty() { self.last } else { Some(line) };
        quoted.map_or(self.place, Place::Quoted)
    }

    /// Whether a region that begins on this line quotes: not if it holds the whole paste, if the line
    /// before announces output, or if a line inside shows that it is a terminal.
    fn quotes(&self, rule: &Rule, line: usize) -> bool {
        if rule.whole && self.last.is_none() {
            return false;
        }
        let is = |line: usize, forms: &Forms| has_form(self.rules, self.clean, line, forms);
        if self.last.is_some_and(|last| is(last, &rule.after)) {
            return false;
        }
        // A form is complete: what must end but does not proves nothing.
        let mut inside = line + 1..self.clean.lines.len();
        let end = if rule.ends.is_empty() {
            inside.end
        } else {
            let Some(end) = { inside.clone() }.find(|line| is(*line, &rule.ends)) else {
                return false;
            };
            end
        };
        inside.end = end;
        rule.unless.is_empty() || !inside.any(|line| is(line, &rule.unless))
    }

    /// Follows the marks of a session.
    fn session(&mut self, line: usize) {
        let (lead, text) = (self.clean.lines[line].prefix, self.clean.line(line));
        let rule = |mark| self.rules.of(Topic::Region).find(|(_, rule)| rule.mark == Some(mark));
        self.place = if lead.speech {
            let is = |(_, rule): (u16, &Rule)| has_form(self.rules, self.clean, line, &rule.forms);
            self.called = rule(Mark::Tool).is_some_and(is);
            rule(Mark::Speech).map_or(Place::Open, |(rule, _)| Place::Speech { rule, first: true })
        } else if lead.bullet {
            let tool = rule(Mark::Tool).filter(|_| std::mem::take(&mut self.called));
            tool.map_or(Place::Open, |(rule, _)| Place::Tool { rule, first: true })
        } else if text.is_empty() || lead.inset {
            match self.place {
                Place::Speech { rule, .. } => Place::Speech { rule, first: false },
                Place::Tool { rule, .. } => Place::Tool { rule, first: false },
                other => other,
            }
        } else {
            self.called = false;
            Place::Open
        };
    }
}

/// The layout of a line.
fn layout<'t>(rules: &'t Provenance, clean: &'t Clean, line: usize) -> Layout<'t> {
    let lead = clean.lines[line].prefix;
    let layout = Layout::new(&rules.prefixes.lists, clean.line(line));
    layout.with_inset(lead.inset && !lead.bullet)
}

/// Whether a line has one of these forms.
fn has_form(rules: &Provenance, clean: &Clean, line: usize, forms: &Forms) -> bool {
    !forms.is_empty() && layout(rules, clean, line).is(forms)
}

/// Whether a command line only shows files: it begins with a command of the rule, the others only
/// pass on what they read, and one of its words names such a file.
fn lists(rules: &Provenance, rule: &Rule, command: &[u8]) -> bool {
    let is = |part: &[u8], name: &Str| {
        part.strip_prefix(name.as_bytes()).is_some_and(|rest| matches!(rest, [] | [b' ', ..]))
    };
    let parts = command.split(|b| b"|;&".contains(b)).map(<[u8]>::trim_ascii);
    let mut parts = parts.filter(|part| !part.is_empty());
    let own = |part: &[u8]| rule.commands.iter().any(|name| is(part, name));
    let passes = |part: &[u8]| rules.words(Words::Filter).iter().any(|name| is(part, name));
    let shows = parts.next().is_some_and(own) && parts.all(|part| own(part) || passes(part));
    let named = |word: &[u8]| {
        let word = word.trim_ascii_end();
        let word = word.strip_suffix(b"'").or(word.strip_suffix(b"\"")).unwrap_or(word);
        rule.files.iter().any(|file| match file.strip_suffix('/') {
            Some(_) if file.starts_with('/') => {
                memchr::memmem::find(word, file.as_bytes()).is_some()
            }
            Some(_) => word.starts_with(file.as_bytes()),
            None => word.ends_with(file.as_bytes()),
        })
    };
    shows && (rule.files.is_empty() || command.split(|b| *b == b' ').any(named))
}

/// The command on a shell's prompt line: `$ cat x`, `user@host:~/x$ cat x`, `PS C:\x> type x`.
pub(super) fn command(text: &[u8]) -> Option<&[u8]> {
    let sign = text.iter().take(80).position(|b| b"$%>#".contains(b))?;
    let (prompt, rest) = (&text[..sign], text[sign + 1..].strip_prefix(b" ")?);
    let of_shell = prompt.contains(&b'@') && !prompt.contains(&b' ')
        || prompt.starts_with(b"PS ")
        || prompt.iter().all(|b| b"~/.".contains(b) || b.is_ascii_alphanumeric())
            && prompt.iter().any(|b| b"~/".contains(b));
    (prompt.is_empty() && text[sign] != b'#' || of_shell).then(|| rest.trim_ascii_start())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    /// Of each line: `-` open, `q` quoted, `s` and `t` speech and tool, upper case with the mark.
    fn of(raw: &str) -> String {
        let catalog = Catalog::builtin();
        let clean = Clean::new(raw.as_bytes(), catalog.prefixes());
        let letter = |place: Place| match place {
            Place::Open => '-',
            Place::Quoted(_) => 'q',
            Place::Speech { first, .. } => {
                if first {
                    'S'
                } else {
                    's'
                }
            }
            Place::Tool { first, .. } => {
                if first {
                    'T'
                } else {
                    't'
                }
            }
        };
        places(catalog.provenance(), &clean).into_iter().map(letter).collect()
    }

    #[test]
    fn fences_and_diffs_reach_over_lines() {
        assert_eq!(of("a\n```\nb\n```\nc"), "-qqq-");
        assert_eq!(of("```\nb\n```"), "---", "the paste's own fence");
        assert_eq!(of("x\n**Error Output**\n```\nb\n```\nc"), "------", "an issue form's");
        assert_eq!(of("x\n```\nb"), "---", "one that is not closed proves nothing");
        assert_eq!(of("x\n```\n$ claude -p hi\nb\n```\nd"), "------", "a terminal");
        assert_eq!(of("commit 3f9c1e2ab77d\nAuthor: D\n\n    a\nb"), "qqqq-");
        assert_eq!(of("AssertionError: x\n\n- Expected\n+ a\nb"), "qqqq-");
        assert_eq!(of("@@ -1 +1 @@\n+d\n e\n\n-f\n\ng"), "qqqqqq-");
        assert_eq!(of("src/a.ts\n12:  x\n\ny"), "qq--", "hits under their file");
    }

    #[test]
    fn marks_of_a_session_say_who_speaks() {
        assert_eq!(of("⏺ There are two:\n\n  1. one\n⎿  x\n> y\nz"), "Sss-S-");
        assert_eq!(of("● Bash(ls)\n  ⎿  a\n     b\n  ⎿  c"), "STt-");
    }

    #[test]
    fn a_file_on_the_screen_is_quotation() {
        assert_eq!(of("$ cat a.yaml\nx\n$ make\ny"), "qq--");
        assert_eq!(of("$ grep -rn x --include='*.md' . | head\nx"), "qq");
        for shell in [
            "u@h:~$ cat build.log",
            "$ cat prompt.md | claude -p",
            "$ git diff main | claude -p 'review'",
            "$ sed -i s/a/b/ a.yml && claude -p hi",
        ] {
            assert_eq!(of(&format!("{shell}\nx")), "--", "{shell}");
        }
    }
}
