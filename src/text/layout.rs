//! Layout: which forms a line has, as a whole or at its front.

use std::ops::Range;

use super::form::Forms;
use super::walker::Walker;

/// A line whose layout is looked at.
#[derive(Debug)]
pub(crate) struct Layout<'a>(Walker<'a>);

impl<'a> Layout<'a> {
    /// Takes the text of a line, and the lists that forms name.
    pub(crate) fn new(lists: &'a [Forms], text: &'a [u8]) -> Self {
        Self(Walker::new(lists, text))
    }

    /// Sets where in the text the finding stands.
    #[must_use]
    pub(crate) fn with_finding(mut self, finding: Range<usize>) -> Self {
        self.0.finding = finding;
        self
    }

    /// Sets whether the line is indented.
    #[must_use]
    pub(crate) fn with_inset(mut self, inset: bool) -> Self {
        self.0.inset = inset;
        self
    }

    /// Whether the whole line has one of these forms.
    pub(crate) fn is(&self, forms: &Forms) -> bool {
        let text = self.0.text;
        match text.first() {
            Some(byte) if !forms.may_begin(*byte) => false,
            None if forms.empty => true,
            _ => self.0.walk(&forms.tree, 0, &mut |end, _| end == text.len()),
        }
    }

    /// Reports the owner of each form that the whole line has.
    pub(crate) fn whose(&self, forms: &Forms, mut report: impl FnMut(u16)) {
        let text = self.0.text;
        if text.first().is_some_and(|byte| forms.may_begin(*byte)) {
            self.0.walk(&forms.tree, 0, &mut |end, owner| {
                if end == text.len() {
                    report(owner);
                }
                false
            });
        }
    }

    /// The longest form at the front of the line that is accepted: its length and its owner.
    pub(crate) fn front(
        &self,
        forms: &Forms,
        accepts: impl Fn(usize, u16) -> bool,
    ) -> Option<(usize, u16)> {
        self.0.longest(forms, 0, accepts)
    }

    /// Whether a string literal holds the finding.
    pub(crate) fn is_quoted(&self) -> bool {
        let Walker { text, finding, .. } = &self.0;
        let before = &text[..finding.start.min(text.len())];
        let holds = |at: usize, mark: u8| self.0.literal(at, &[mark]).is_some();
        b"\"'`".iter().any(|mark| memchr::memrchr(*mark, before).is_some_and(|at| holds(at, *mark)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::form::parse;

    fn forms(texts: &[&str], lists: &[Forms]) -> Forms {
        let list = |name: &str| (name == "list").then_some(0);
        let form = |text: &&str| (parse(text, list).expect("known"), 0);
        Forms::new(&texts.iter().map(form).collect::<Vec<_>>(), lists)
    }

    fn is(form: &str, line: &str, finding: &str) -> bool {
        let lists = [forms(&["ERROR", "ERROR!", "<2>:<2>"], &[])];
        let forms = forms(&[form, "never"], &lists);
        let start = line.find(finding).unwrap_or(0);
        Layout::new(&lists, line.as_bytes()).with_finding(start..start + finding.len()).is(&forms)
    }

    #[test]
    fn forms_are_complete() {
        for (form, line) in [
            ("<path>:<n>:...", "src/a.rs:12: x"),
            ("<path>:<n>:...", "C:\\a.rs:12:x"),
            ("<hex> ...", "4f0c1aa fix"),
            ("test <token> ... ok", "test a::b ... ok"),
            ("<list> <list>|", "ERROR!   12:30|"),
            ("<name>: x", "agent::pool-1.a: x"),
            ("...<word> ends", "any word at all ends"),
        ] {
            assert!(is(form, line, ""), "{form:?} {line:?}");
        }
        for (form, line) in [
            ("<path>:<n>:...", "src:12: x"),
            ("<hex> ...", "decade fix"),
            ("test <token> ... ok", "test failed: x"),
            ("<2>:<2>", "123:45"),
            ("<name>: x", ": x"),
        ] {
            assert!(!is(form, line, ""), "{form:?} {line:?}");
        }
        assert_eq!(parse("<what>", |_| None), Err("what".into()));
    }

    #[test]
    fn a_literal_holds_the_finding() {
        assert!(is("return <quoted>;", r#"return "a \" b";"#, "b"));
        assert!(!is("return <quoted>...", r#"return "a", b"#, "b"));
        assert!(is("...<word> <quoted>, ...", "it says 'x y', and", "x y"));
        assert!(is("... = <quoted>", "a = 'b' = 'c'", "c"));
    }

    #[test]
    fn no_line_is_endless() {
        let line = "a ".repeat(2000);
        assert!(!is("... ... ... ... b", &line, ""));
    }
}
