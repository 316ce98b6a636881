//! Walking: the trees of forms followed along the text of a line.
//!
//! Forms are a small pattern language of their own and no regular expressions: what they have in common
//! is tried once, their lists nest, and a string literal in one has to hold the finding. Backtracking is
//! bounded by a count of steps.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::ops::Range;

use super::find::QuadFilter;
use super::form::{Branch, FormPart, Forms, Tree};
use super::token::TokenKind;

/// The most branches that are followed on one line.
const MAX_STEPS: u32 = 50_000;

/// A line along which trees are followed.
#[derive(Debug)]
pub(super) struct Walker<'a> {
    /// The lists that forms name.
    lists: &'a [Forms],
    /// The text of the line.
    pub(super) text: &'a [u8],
    /// The line is indented.
    pub(super) inset: bool,
    /// Where in the text the finding stands.
    pub(super) finding: Range<usize>,
    /// Steps that are left.
    steps: Cell<u32>,
    /// What may occur in the text.
    filter: OnceCell<QuadFilter>,
}

/// Takes the end and the owner of a form that was found, and says whether that is enough.
pub(super) trait Found: FnMut(usize, u16) -> bool {}

impl<F: FnMut(usize, u16) -> bool> Found for F {}

impl<'a> Walker<'a> {
    /// Takes the text of a line.
    pub(super) fn new(lists: &'a [Forms], text: &'a [u8]) -> Self {
        let (finding, steps) = (0..0, Cell::new(MAX_STEPS));
        Self { lists, text, inset: false, finding, steps, filter: OnceCell::new() }
    }

    /// The longest form at an offset that is accepted: its end and its owner.
    pub(super) fn longest(
        &self,
        forms: &Forms,
        at: usize,
        accepts: impl Fn(usize, u16) -> bool,
    ) -> Option<(usize, u16)> {
        self.text.get(at).filter(|byte| forms.may_begin(**byte))?;
        let mut best: Option<(usize, u16)> = None;
        self.walk(&forms.tree, at, &mut |end, owner| {
            if best.is_none_or(|(longest, _)| end > longest) && accepts(end, owner) {
                best = Some((end, owner));
            }
            false
        });
        best
    }

    /// Follows a tree from an offset on; returns whether what was found is enough.
    pub(super) fn walk<F: Found>(&self, tree: &Tree, at: usize, found: &mut F) -> bool {
        let next = self.text.get(at).copied();
        let (literals, others) = tree.branches.split_at(tree.first_bytes.len());
        next.is_some_and(|byte| {
            let literals = tree.first_bytes.iter().zip(literals);
            let mut may = literals.filter(|(first, _)| **first == byte);
            may.any(|(_, branch)| self.follow(branch, at, found))
        }) || others
            .iter()
            .any(|branch| self.may_begin(&branch.part, next) && self.follow(branch, at, found))
    }

    /// Follows a branch from an offset on; returns whether what was found is enough.
    fn follow<F: Found>(&self, branch: &Branch, at: usize, found: &mut F) -> bool {
        let Some(left) = self.steps.get().checked_sub(1) else { return false };
        self.steps.set(left);
        match &branch.part {
            FormPart::Any => {
                branch.ends.is_some_and(|owner| found(self.text.len(), owner))
                    || branch.next.branches.iter().any(|next| self.follow_any(next, at, found))
            }
            FormPart::Token(kind) => self.follow_token(*kind, branch, at, found),
            part => self.length(part, at).is_some_and(|length| {
                let end = at + length;
                branch.ends.is_some_and(|owner| found(end, owner))
                    || self.walk(&branch.next, end, found)
            }),
        }
    }

    /// Follows a branch from everywhere behind an offset: any text comes before it.
    fn follow_any<F: Found>(&self, branch: &Branch, at: usize, found: &mut F) -> bool {
        let rest = &self.text[at..];
        if !self.may_hold_needle(branch, rest) {
            return false;
        }
        match &branch.part {
            FormPart::Literal(literal) => memchr::memmem::find_iter(rest, literal.as_ref())
                .any(|start| self.follow(branch, at + start, found)),
            part => (at..=self.text.len()).any(|start| {
                // What a token can do from its middle it can do from its beginning.
                let inside = start > at
                    && matches!(
                        part,
                        FormPart::Token(kind @ (TokenKind::Name | TokenKind::Word | TokenKind::Any))
                            if kind.has(self.text[start - 1])
                    );
                !inside
                    && self.may_begin(part, self.text.get(start).copied())
                    && self.follow(branch, start, found)
            }),
        }
    }

    /// Follows a branch that begins with a token. It takes all it can, but leaves what follows it:
    /// `<name>Exception`, `<path>:<n>`.
    fn follow_token<F: Found>(
        &self,
        kind: TokenKind,
        branch: &Branch,
        at: usize,
        found: &mut F,
    ) -> bool {
        let longest = at + kind.longest(&self.text[at..]);
        if longest == at {
            return false;
        }
        let is = |end: usize| end > at && kind.is(&self.text[at..end]);
        let byte = |end: usize| self.text.get(end).copied();
        if is(longest) && branch.ends.is_some_and(|owner| found(longest, owner)) {
            return true;
        }
        branch.next.branches.iter().any(|next| {
            // What is cut off may be the very extension of a path.
            let cuts = matches!(next.part, FormPart::Literal(_) | FormPart::List(_));
            let dot = cuts && self.may_begin(&next.part, Some(b'.'));
            let mut follow = |end: usize| (dot || is(end)) && self.follow(next, end, found);
            let may_begin = |end: usize| self.may_begin(&next.part, byte(end));
            match &next.part {
                FormPart::List(_) => {
                    (at + 1..=longest).rev().any(|end| may_begin(end) && follow(end))
                }
                // A literal that may be cut off is looked for, not tried everywhere.
                FormPart::Literal(text) if text.first().is_some_and(|byte| kind.has(*byte)) => {
                    may_begin(longest) && follow(longest)
                        || memchr::memrchr_iter(text[0], &self.text[at + 1..longest])
                            .any(|n| follow(at + 1 + n))
                }
                _ => may_begin(longest) && follow(longest),
            }
        })
    }

    /// Whether one of a branch's needles occurs in the rest of the text.
    fn may_hold_needle(&self, branch: &Branch, rest: &[u8]) -> bool {
        let filter = || self.filter.get_or_init(|| QuadFilter::new(self.text));
        let occurs = |needle: &Cow<'_, [u8]>| {
            filter().may_hold(needle) && memchr::memmem::find(rest, needle).is_some()
        };
        branch.needles.is_empty() || branch.needles.iter().any(occurs)
    }

    /// Whether a part may begin with a byte, or at the end of the text. It rules out nearly every part.
    #[inline]
    fn may_begin(&self, part: &FormPart, byte: Option<u8>) -> bool {
        match (part, byte) {
            (FormPart::Any | FormPart::Inset, _) => true,
            (_, None) => false,
            (FormPart::Literal(literal), Some(byte)) => literal.first() == Some(&byte),
            (FormPart::Digits(..), Some(byte)) => byte.is_ascii_digit(),
            (FormPart::Blanks(_), Some(byte)) => matches!(byte, b' ' | b'\t'),
            (FormPart::Quoted, Some(byte)) => matches!(byte, b'"' | b'\'' | b'`'),
            (FormPart::Ticked, Some(byte)) => byte == b'`',
            (FormPart::Token(kind), Some(byte)) => kind.has(byte),
            (FormPart::List(list), Some(byte)) => {
                self.lists.get(usize::from(*list)).is_some_and(|list| list.may_begin(byte))
            }
        }
    }

    /// The length of a part at an offset, the longest one; `None` where it does not stand there.
    fn length(&self, part: &FormPart, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        match part {
            // The first byte has been compared.
            FormPart::Literal(literal) => {
                (literal.len() == 1 || rest.starts_with(literal)).then_some(literal.len())
            }
            FormPart::Blanks(least) => {
                let blanks = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
                // A tab counts as many.
                let enough = blanks >= usize::from(*least) || rest.first() == Some(&b'\t');
                enough.then_some(blanks)
            }
            FormPart::Digits(fewest, most) => {
                let most = usize::from(*most);
                let len = rest.iter().take(most + 1).take_while(|b| b.is_ascii_digit()).count();
                (usize::from(*fewest)..=most).contains(&len).then_some(len)
            }
            FormPart::Quoted => self.literal(at, b"\"'`"),
            FormPart::Ticked => self.literal(at, b"`"),
            FormPart::Inset => self.inset.then_some(0),
            FormPart::List(list) => {
                let list = self.lists.get(usize::from(*list))?;
                self.longest(list, at, |_, _| true).map(|(end, _)| end - at)
            }
            FormPart::Any | FormPart::Token(_) => None,
        }
    }

    /// The length of the string literal at an offset, if it is one and holds the finding. A mark
    /// inside a word does not close it: `'you've hit …'`.
    pub(super) fn literal(&self, at: usize, marks: &[u8]) -> Option<usize> {
        let mark = *self.text.get(at).filter(|b| marks.contains(b))?;
        let inside = &self.text[at + 1..];
        let letter = |at: usize| inside.get(at).is_some_and(u8::is_ascii_alphabetic);
        let mut escaped = false;
        let close = inside.iter().enumerate().position(|(n, &byte)| {
            let closes = byte == mark && !escaped && !(n > 0 && letter(n - 1) && letter(n + 1));
            escaped = byte == b'\\' && !escaped;
            closes
        })?;
        let inside = at + 1..at + 1 + close;
        (inside.start <= self.finding.start && self.finding.end <= inside.end).then_some(close + 2)
    }
}
