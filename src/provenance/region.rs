//! Regions: lines that belong together and quote, such as a fence, a diff or a file that a shell
//! shows. Outside of these a line may be the model's or a tool's words in a session (`session`).

use super::session::{Session, SessionTracker};
use super::shell;
use crate::catalog::provenance_rules::{Provenance, ProvenanceRule, Topic};
use crate::text::Clean;
use crate::text::form::Forms;
use crate::text::layout::Layout;

/// Where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Region {
    /// In no region that quotes.
    None(Session),
    /// In a region that quotes, by the rule with this index.
    Quoted(u16),
}

/// A region that has begun and not ended.
struct OpenRegion<'r> {
    index: u16,
    rule: &'r ProvenanceRule,
    /// It quotes. Otherwise it is followed only to know where it ends: its last line may look like
    /// the first of another one.
    quotes: bool,
}

/// Follows the regions of a text line by line.
struct RegionTracker<'t> {
    rules: &'t Provenance,
    clean: &'t Clean,
    session: SessionTracker<'t>,
    open: Vec<OpenRegion<'t>>,
    /// The last line that was not empty.
    last: Option<usize>,
}

/// The region in which each line of a text stands.
pub(super) fn regions(rules: &Provenance, clean: &Clean) -> Vec<Region> {
    let session = SessionTracker::new(rules);
    let mut tracker = RegionTracker { rules, clean, session, open: Vec::new(), last: None };
    (0..clean.lines.len()).map(|line| tracker.next(line)).collect()
}

impl RegionTracker<'_> {
    fn next(&mut self, line: usize) -> Region {
        let session = self.session.next(self.clean, line);
        // The last line of a region that ends here belongs to it; the first line with which it does
        // not go on does not.
        let mut ends = Vec::new();
        let (clean, rules) = (self.clean, self.rules);
        let is = |forms: &Forms| has_form(rules, clean, line, forms);
        let command = shell::command(clean.line(line));
        self.open.retain(|open| {
            if is(&open.rule.ends) {
                ends.push((open.index, open.quotes));
                return false;
            }
            let goes_on = open.rule.goes_on.is_empty() || is(&open.rule.goes_on);
            goes_on && (open.rule.commands.is_empty() || command.is_none())
        });
        let mut begins: Vec<u16> = Vec::new();
        layout(rules, clean, line).whose(&rules.regions, |rule| begins.push(rule));
        if let Some(command) = command {
            let shows =
                |(_, rule): &(u16, &ProvenanceRule)| shell::shows_files(rules, rule, command);
            begins.extend(rules.of(Topic::Region).filter(shows).map(|(index, _)| index));
        }
        for index in begins {
            let rule = &rules.rules[usize::from(index)];
            let known = self.open.iter().any(|open| open.index == index);
            let ended = ends.iter().any(|(ended, _)| *ended == index);
            if !known && !ended && !is(&rule.never) {
                self.open.push(OpenRegion { index, rule, quotes: self.quotes(rule, line) });
            }
        }
        let quoted = self.open.iter().map(|open| (open.index, open.quotes)).chain(ends);
        let quoted = quoted.filter(|(_, quotes)| *quotes).map(|(index, _)| index).min();
        self.last = if clean.line(line).is_empty() { self.last } else { Some(line) };
        quoted.map_or(Region::None(session), Region::Quoted)
    }

    /// Whether a region that begins on this line quotes. It does not if it is a fence around the
    /// whole input, if the line before announces output, or if a line inside shows that it is a
    /// terminal.
    fn quotes(&self, rule: &ProvenanceRule, line: usize) -> bool {
        if rule.whole && self.last.is_none() {
            return false;
        }
        let is = |line: usize, forms: &Forms| has_form(self.rules, self.clean, line, forms);
        if self.last.is_some_and(|last| is(last, &rule.after)) {
            return false;
        }
        // A region that has to end but does not proves nothing.
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
}

/// A line, ready to be compared with forms.
fn layout<'t>(rules: &'t Provenance, clean: &'t Clean, line: usize) -> Layout<'t> {
    let lead = clean.lines[line].prefix;
    let layout = Layout::new(&rules.prefixes.lists, clean.line(line));
    layout.with_inset(lead.inset && !lead.bullet)
}

/// Whether a line has one of these forms.
fn has_form(rules: &Provenance, clean: &Clean, line: usize, forms: &Forms) -> bool {
    !forms.is_empty() && layout(rules, clean, line).is(forms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    /// A letter for each line: `-` none, `q` quoted, `s` speech, `t` tool, upper case with the
    /// bullet.
    fn letters(raw: &str) -> String {
        let catalog = Catalog::builtin();
        let clean = Clean::new(raw.as_bytes(), catalog.prefixes());
        let letter = |region: Region| match region {
            Region::Quoted(_) => 'q',
            Region::None(Session::None) => '-',
            Region::None(Session::Speech { first: true, .. }) => 'S',
            Region::None(Session::Speech { .. }) => 's',
            Region::None(Session::Tool { first: true, .. }) => 'T',
            Region::None(Session::Tool { .. }) => 't',
        };
        regions(catalog.provenance(), &clean).into_iter().map(letter).collect()
    }

    #[test]
    fn fences_and_diffs_reach_over_lines() {
        assert_eq!(letters("a\n```\nb\n```\nc"), "-qqq-");
        assert_eq!(letters("```\nb\n```"), "---", "the paste's own fence");
        assert_eq!(letters("x\n**Error Output**\n```\nb\n```\nc"), "------", "an issue form's");
        assert_eq!(letters("x\n```\nb"), "---", "one that is not closed proves nothing");
        assert_eq!(letters("x\n```\n$ claude -p hi\nb\n```\nd"), "------", "a terminal");
        assert_eq!(letters("commit 3f9c1e2ab77d\nAuthor: D\n\n    a\nb"), "qqqq-");
        assert_eq!(letters("AssertionError: x\n\n- Expected\n+ a\nb"), "qqqq-");
        assert_eq!(letters("@@ -1 +1 @@\n+d\n e\n\n-f\n\ng"), "qqqqqq-");
        assert_eq!(letters("src/a.ts\n12:  x\n\ny"), "qq--", "hits under their file");
    }

    #[test]
    fn marks_of_a_session_say_who_speaks() {
        assert_eq!(letters("⏺ There are two:\n\n  1. one\n⎿  x\n> y\nz"), "Sss-S-");
        assert_eq!(letters("● Bash(ls)\n  ⎿  a\n     b\n  ⎿  c"), "STt-");
    }

    #[test]
    fn a_file_on_the_screen_is_quotation() {
        assert_eq!(letters("$ cat a.yaml\nx\n$ make\ny"), "qq--");
        assert_eq!(letters("$ grep -rn x --include='*.md' . | head\nx"), "qq");
        for shell in [
            "u@h:~$ cat build.log",
            "$ cat prompt.md | claude -p",
            "$ git diff main | claude -p 'review'",
            "$ sed -i s/a/b/ a.yml && claude -p hi",
        ] {
            assert_eq!(letters(&format!("{shell}\nx")), "--", "{shell}");
        }
    }
}
