//! A session on the client's screen: the bullets before its items tell whether the model, the user
//! or a tool speaks.

use crate::catalog::provenance_rules::{Provenance, ProvenanceRule, ScreenMark, Topic};
use crate::text::Clean;
use crate::text::layout::Layout;

/// Under which bullet of a session a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Session {
    /// Under none.
    None,
    /// Under that of the model's or the user's words. The line with the bullet may be the client's
    /// own report.
    Speech {
        /// The index of the region rule for speech.
        rule: u16,
        /// The line has the bullet.
        first: bool,
    },
    /// Under that of a tool's result; its first line may be the client's own report.
    Tool {
        /// The index of the region rule for tools.
        rule: u16,
        /// The line has the bullet.
        first: bool,
    },
}

/// Follows the bullets of a session line by line.
pub(super) struct SessionTracker<'t> {
    rules: &'t Provenance,
    current: Session,
    /// The last bullet was that of a call of a tool: the next `⎿` is its result.
    called: bool,
}

impl<'t> SessionTracker<'t> {
    /// Begins outside of a session.
    pub(super) fn new(rules: &'t Provenance) -> Self {
        Self { rules, current: Session::None, called: false }
    }

    /// Where the next line stands.
    pub(super) fn next(&mut self, clean: &Clean, line: usize) -> Session {
        let (prefix, text) = (clean.lines[line].prefix, clean.line(line));
        let rule = |mark| self.rules.of(Topic::Region).find(|(_, rule)| rule.mark == Some(mark));
        self.current = if prefix.speech {
            let inset = prefix.inset && !prefix.bullet;
            let layout = Layout::new(&self.rules.prefixes.lists, text).with_inset(inset);
            let is = |(_, rule): (u16, &ProvenanceRule)| layout.is(&rule.forms);
            self.called = rule(ScreenMark::Tool).is_some_and(is);
            rule(ScreenMark::Speech)
                .map_or(Session::None, |(rule, _)| Session::Speech { rule, first: true })
        } else if prefix.bullet {
            let tool = rule(ScreenMark::Tool).filter(|_| std::mem::take(&mut self.called));
            tool.map_or(Session::None, |(rule, _)| Session::Tool { rule, first: true })
        } else if text.is_empty() || prefix.inset {
            match self.current {
                Session::Speech { rule, .. } => Session::Speech { rule, first: false },
                Session::Tool { rule, .. } => Session::Tool { rule, first: false },
                Session::None => Session::None,
            }
        } else {
            self.called = false;
            Session::None
        };
        self.current
    }
}
