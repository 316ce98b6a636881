//! Forms held against a line: whether it has one, and how far one reaches at its front.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::ops::Range;

use super::find::Quads;
use super::form::{Branch, Forms, Part, Tree};
use super::run::Run;

/// Steps that the search for forms on one line may take: no line is worth more.
const STEPS: u32 = 50_000;

/// A line, and what forms are held against it.
#[derive(Debug)]
pub struct Layout<'a> {
    /// The lists that forms name.
    lists: &'a [Forms],
    /// The text of the line.
    text: &'a [u8],
    /// The line is set in.
    inset: bool,
    /// Where in the text the finding stands.
    finding: Range<usize>,
    /// Steps that are left.
    steps: Cell<u32>,
    /// What stands anywhere in the text.
    quads: OnceCell<Quads>,
}

/// What is looked for: told where a form ends and whose it is, it says whether that is enough.
trait Found: FnMut(usize, u16) -> bool {}

impl<F: FnMut(usize, u16) -> bool> Found for F {}

impl<'a> Layout<'a> {
    /// Takes a line.
    pub fn new(lists: &'a [Forms], text: &'a [u8]) -> Self {
        let (finding, steps) = (0..0, Cell::new(STEPS));
        Self { lists, text, inset: false, finding, steps, quads: OnceCell::new() }
    }

    /// The same with a finding, at these offsets of the text.
    #[must_use]
    pub fn with_finding(self, finding: Range<usize>) -> Self {
        Self { finding, ..self }
    }

    /// The same for a line that is set in, or is not.
    #[must_use]
    pub fn with_inset(self, inset: bool) -> Self {
        Self { inset, ..self }
    }

    /// Whether the whole line has one of these forms.
    pub fn is(&self, forms: &Forms) -> bool {
        match self.text.first() {
            Some(byte) if !forms.may_begin(*byte) => false,
            None if forms.empty => true,
            _ => self.walk(&forms.tree, 0, &mut |end, _| end == self.text.len()),
        }
    }

    /// Tells whose forms the whole line has.
    pub fn whose(&self, forms: &Forms, mut tell: impl FnMut(u16)) {
        if self.text.first().is_some_and(|byte| forms.may_begin(*byte)) {
            self.walk(&forms.tree, 0, &mut |end, of| {
                if end == self.text.len() {
                    tell(of);
                }
                false
            });
        }
    }

    /// Whether a string literal holds the finding.
    pub fn is_quoted(&self) -> bool {
        let before = &self.text[..self.finding.start.min(self.text.len())];
        b"\"'`".iter().any(|mark| {
            memchr::memrchr(*mark, before).is_some_and(|at| self.literal(at, &[*mark]).is_some())
        })
    }

    /// The longest of these forms at the front of the line: its length, and whose it is. One that is
    /// not accepted is as good as none.
    pub fn front(
        &self,
        forms: &Forms,
        accepts: impl Fn(usize, u16) -> bool,
    ) -> Option<(usize, u16)> {
        self.longest(forms, 0, accepts)
    }

    fn longest(
        &self,
        forms: &Forms,
        at: usize,
        accepts: impl Fn(usize, u16) -> bool,
    ) -> Option<(usize, u16)> {
        self.text.get(at).filter(|byte| forms.may_begin(**byte))?;
        let mut best: Option<(usize, u16)> = None;
        self.walk(&forms.tree, at, &mut |end, of| {
            if best.is_none_or(|(longest, _)| end > longest) && accepts(end, of) {
                best = Some((end, of));
            }
            false
        });
        best
    }

    /// Follows a tree from an offset on; true as soon as what was found is enough.
    fn walk<F: Found>(&self, tree: &Tree, at: usize, found: &mut F) -> bool {
        let next = self.text.get(at).copied();
        let (literals, others) = tree.branches.split_at(tree.leads.len());
        next.is_some_and(|byte| {
            let leads = tree.leads.iter().zip(literals);
            let mut may = leads.filter(|(lead, _)| **lead == byte);
            may.any(|(_, of)| self.follow(of, at, found))
        }) || others.iter().any(|of| self.may(&of.part, next) && self.follow(of, at, found))
    }

    /// Whether one of a branch's needles stands in the rest of the text.
    fn may_follow(&self, branch: &Branch, rest: &[u8]) -> bool {
        let quads = || self.quads.get_or_init(|| Quads::of(self.text));
        let stands = |needle: &Cow<'_, [u8]>| {
            quads().may_hold(needle) && memchr::memmem::find(rest, needle).is_some()
        };
        branch.needles.is_empty() || branch.needles.iter().any(stands)
    }

    /// Whether a part may begin with a byte, or stand at the end. Nearly every look ends here.
    #[inline]
    fn may(&self, part: &Part, byte: Option<u8>) -> bool {
        match (part, byte) {
            (Part::Any | Part::Inset, _) => true,
            (_, None) => false,
            (Part::Literal(literal), Some(byte)) => literal.first() == Some(&byte),
            (Part::Digits(..), Some(byte)) => byte.is_ascii_digit(),
            (Part::Blanks(_), Some(byte)) => matches!(byte, b' ' | b'\t'),
            (Part::Quoted, Some(byte)) => matches!(byte, b'"' | b'\'' | b'`'),
            (Part::Ticked, Some(byte)) => byte == b'`',
            (Part::Run(kind), Some(byte)) => kind.has(byte),
            (Part::List(list), Some(byte)) => {
                self.lists.get(usize::from(*list)).is_some_and(|list| list.may_begin(byte))
            }
        }
    }

    fn follow<F: Found>(&self, branch: &Branch, at: usize, found: &mut F) -> bool {
        let Some(left) = self.steps.get().checked_sub(1) else { return false };
        self.steps.set(left);
        let mut ends = |end| branch.ends.is_some_and(|of| found(end, of));
        let rest = &self.text[at..];
        match &branch.part {
            Part::Any => {
                ends(self.text.len())
                    || branch.next.branches.iter().any(|next| {
                        match &next.part {
                    _ if !self.may_follow(next, rest) => false,
                    Part::Literal(literal) => memchr::memmem::find_iter(rest, literal.as_ref())
                        .any(|start| self.follow(next, at + start, found)),
                    part => (at..=self.text.len()).any(|start| {
                        let byte = self.text.get(start).copied();
                        // What a run can do from its middle it can do from its beginning.
                        let inside = start > at
                            && matches!(part, Part::Run(run @ (Run::Name | Run::Word | Run::Token))
                                    if run.has(self.text[start - 1]));
                        !inside && self.may(part, byte) && self.follow(next, start, found)
                    }),
                }
                    })
            }
            // A run takes all it can, but leaves what follows it: `<name>Exception`, `<path>:<n>`.
            Part::Run(kind) => {
                let reach = at + kind.reach(rest);
                if reach == at {
                    return false;
                }
                let is = |end: usize| end > at && kind.is(&self.text[at..end]);
                (is(reach) && ends(reach))
                    || branch.next.branches.iter().any(|next| {
                        // What is cut off may be the very extension.
                        let cuts = matches!(next.part, Part::Literal(_) | Part::List(_));
                        let dot = cuts && self.may(&next.part, Some(b'.'));
                        let mut follow =
                            |end: usize| (dot || is(end)) && self.follow(next, end, found);
                        let first = match &next.part {
                            Part::Literal(text) => text.first().filter(|byte| kind.has(**byte)),
                            _ => None,
                        };
                        let list = matches!(next.part, Part::List(_));
                        let byte = |end: usize| self.text.get(end).copied();
                        match first {
                            // Nearly every cut is looked for, not tried.
                            Some(first) => {
                                self.may(&next.part, byte(reach)) && follow(reach)
                                    || memchr::memrchr_iter(*first, &self.text[at + 1..reach])
                                        .any(|n| follow(at + 1 + n))
                            }
                            None if list => (at + 1..=reach)
                                .rev()
                                .any(|end| self.may(&next.part, byte(end)) && follow(end)),
                            None => self.may(&next.part, byte(reach)) && follow(reach),
                        }
                    })
            }
            part => match self.step(part, at) {
                None => false,
                Some(len) => ends(at + len) || self.walk(&branch.next, at + len, found),
            },
        }
    }

    /// The most that a part takes at an offset.
    fn step(&self, part: &Part, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        match part {
            // The first byte has been looked at.
            Part::Literal(literal) => {
                (literal.len() == 1 || rest.starts_with(literal)).then_some(literal.len())
            }
            Part::Blanks(least) => {
                let blanks = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
                // A tab is as good as many.
                let enough = blanks >= usize::from(*least) || rest.first() == Some(&b'\t');
                enough.then_some(blanks)
            }
            Part::Digits(least, most) => {
                let most = usize::from(*most);
                let len = rest.iter().take(most + 1).take_while(|b| b.is_ascii_digit()).count();
                (usize::from(*least)..=most).contains(&len).then_some(len)
            }
            Part::Quoted => self.literal(at, b"\"'`"),
            Part::Ticked => self.literal(at, b"`"),
            Part::Inset => self.inset.then_some(0),
            Part::List(list) => {
                let list = self.lists.get(usize::from(*list))?;
                self.longest(list, at, |_, _| true).map(|(end, _)| end - at)
            }
            Part::Any | Part::Run(_) => None,
        }
    }

    /// The length of the string literal at an offset, if it is one and holds the finding. A mark
    /// inside a word closes nothing: `'you've hit …'`.
    fn literal(&self, at: usize, marks: &[u8]) -> Option<usize> {
        let quote = *self.text.get(at).filter(|b| marks.contains(b))?;
        let inside = &self.text[at + 1..];
        let letter = |at: usize| inside.get(at).is_some_and(u8::is_ascii_alphabetic);
        let mut escaped = false;
        let close = inside.iter().enumerate().position(|(n, &byte)| {
            let closes = byte == quote && !escaped && !(n > 0 && letter(n - 1) && letter(n + 1));
            escaped = byte == b'\\' && !escaped;
            closes
        })?;
        let inside = at + 1..at + 1 + close;
        (inside.start <= self.finding.start && self.finding.end <= inside.end).then_some(close + 2)
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
