//! Forms: patterns of how a line, or the front of one, is laid out, whatever it says.
//! `"<stamp> - <name> - <level> - "` is what a logger puts before a message, and `"<path>:<n>:..."` a
//! hit of a search.
//!
//! Letters and punctuation stand for themselves, in their case. A blank is one or more, two are two or
//! more. `...` is any text or none. `<n>` is a number and `<2>` one of two digits, `<word>` is made of
//! letters, `<hex>` is a hash, `<name>` the name of a logger or module, `<path>` a file, `<token>` has no
//! blank, `<column>` reaches to a tab, `<quoted>` is a string literal that holds the finding, `<ticked>`
//! one between back-ticks, `<inset>` says that the line is indented; every other name is that of a list of
//! forms, one of which stands there; `\<` is a plain `<`.
//!
//! Forms that are tried at the same place make one tree (a trie of parts), so that a common beginning is
//! tried once: a hundred layouts of log lines cost what one costs.

use std::borrow::Cow;

use super::token::{ByteSet, has};

pub(crate) use super::token::TokenKind;

/// Forms that are tried at the same place, as a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forms {
    /// One of them is the form of an empty line.
    pub empty: bool,
    /// The bytes with which the others may begin.
    pub first: ByteSet,
    /// The others.
    pub tree: Tree,
}

/// The ways in which forms go on from one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// The first byte of each branch that begins with a literal.
    pub first_bytes: Cow<'static, [u8]>,
    /// The branches; those that begin with a literal come first.
    pub branches: Cow<'static, [Branch]>,
}

/// A part that forms have in common, and how they go on after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The part.
    pub part: FormPart,
    /// The owner of the form that ends here, if one does: the index of its rule.
    pub ends: Option<u16>,
    /// What follows in the forms that go on.
    pub next: Tree,
    /// Texts of which one occurs in the rest of every line that has one of these forms; none where that
    /// is not known. Where no needle occurs nothing has to be tried.
    pub needles: Cow<'static, [Cow<'static, [u8]>]>,
}

/// One part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormPart {
    /// This text.
    Literal(Cow<'static, [u8]>),
    /// So many blanks or more.
    Blanks(u8),
    /// Any text or none.
    Any,
    /// Digits: the fewest and the most.
    Digits(u8, u8),
    /// A token of a kind.
    Token(TokenKind),
    /// A string literal that holds the finding.
    Quoted,
    /// A string literal between back-ticks that holds the finding.
    Ticked,
    /// Nothing; the line is indented.
    Inset,
    /// One of the forms of a list, by its index.
    List(u16),
}

/// Parses a form into its parts. `list` gives the index of a list by its name.
///
/// # Errors
/// A name between `<` and `>` that is unknown.
pub(crate) fn parse(
    text: &str,
    list: impl Fn(&str) -> Option<u16>,
) -> Result<Vec<FormPart>, String> {
    let mut parts: Vec<FormPart> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let named = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
        let plain = |name: &str| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let named = named.filter(|(name, _)| !name.is_empty() && plain(name));
        if let Some(after) = rest.strip_prefix("...") {
            parts.push(FormPart::Any);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("\\<") {
            push(&mut parts, '<');
            rest = after;
        } else if let Some((name, after)) = named {
            parts.push(FormPart::named(name, &list).ok_or_else(|| name.to_owned())?);
            rest = after;
        } else if c == ' ' {
            let after = rest.trim_start_matches(' ');
            parts.push(FormPart::Blanks((rest.len() - after.len()) as u8));
            rest = after;
        } else {
            push(&mut parts, c);
            rest = &rest[c.len_utf8()..];
        }
    }
    Ok(parts)
}

/// Appends a character to the literal at the end, or begins one.
fn push(parts: &mut Vec<FormPart>, c: char) {
    match parts.last_mut() {
        Some(FormPart::Literal(literal)) => literal.to_mut().extend(c.to_string().bytes()),
        _ => parts.push(FormPart::Literal(c.to_string().into_bytes().into())),
    }
}

/// Whether every line has a form, because it is made of blanks and of any text.
pub(crate) fn is_open(form: &[FormPart]) -> bool {
    let open =
        |part: &FormPart| matches!(part, FormPart::Any | FormPart::Blanks(_) | FormPart::Inset);
    !form.is_empty() && form.iter().all(open)
}

impl Forms {
    /// Makes the tree of forms, each with its owner. `lists` are the lists that they may name.
    pub fn new(forms: &[(Vec<FormPart>, u16)], lists: &[Self]) -> Self {
        let mut all = Self::default();
        for (form, owner) in forms {
            all.empty |= form.is_empty();
            all.tree.insert(form, *owner);
        }
        all.tree.find_needles();
        for branch in all.tree.branches.iter() {
            branch.part.add_first(lists, &mut all.first);
        }
        all
    }

    /// The forms that are not empty, one by one.
    pub fn list(&self) -> Vec<Vec<FormPart>> {
        let mut all = Vec::new();
        gather(&self.tree, &mut Vec::new(), &mut all);
        all
    }

    /// Whether a form has a string literal that holds the finding.
    pub fn speaks_of_literal(form: &[FormPart]) -> bool {
        form.iter().any(|part| matches!(part, FormPart::Quoted | FormPart::Ticked))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        !self.empty && self.tree.branches.is_empty()
    }

    /// Whether a form that is not empty may begin with a byte.
    pub(super) fn may_begin(&self, byte: u8) -> bool {
        has(&self.first, byte)
    }
}

/// Adds the forms of a tree behind the parts that lead to it.
fn gather(tree: &Tree, before: &mut Vec<FormPart>, all: &mut Vec<Vec<FormPart>>) {
    for branch in tree.branches.iter() {
        before.push(branch.part.clone());
        if branch.ends.is_some() {
            all.push(before.clone());
        }
        gather(&branch.next, before, all);
        before.pop();
    }
}

impl Tree {
    /// Inserts a form.
    fn insert(&mut self, form: &[FormPart], owner: u16) {
        let [part, rest @ ..] = form else { return };
        let known = self.branches.iter().position(|branch| branch.part == *part);
        let at = known.unwrap_or_else(|| {
            let (next, needles) = (Self::default(), Cow::default());
            let branch = Branch { part: part.clone(), ends: None, next, needles };
            let first = if let FormPart::Literal(text) = part { text.first() } else { None };
            let at = if first.is_some() { self.first_bytes.len() } else { self.branches.len() };
            self.first_bytes.to_mut().extend(first);
            self.branches.to_mut().insert(at, branch);
            at
        });
        let branch = &mut self.branches.to_mut()[at];
        if rest.is_empty() {
            branch.ends.get_or_insert(owner);
        } else {
            branch.next.insert(rest, owner);
        }
    }

    /// Finds the needles of every branch.
    fn find_needles(&mut self) {
        /// The most needles of a branch: to look for more takes longer than to try the forms.
        const MAX_NEEDLES: usize = 16;
        for branch in self.branches.to_mut() {
            branch.next.find_needles();
            let next = || branch.next.branches.iter();
            let unknown = branch.ends.is_some() || next().any(|next| next.needles.is_empty());
            let further = || next().flat_map(|next| next.needles.iter().cloned()).collect();
            branch.needles = if unknown { Cow::default() } else { further() };
            // A colon is everywhere; the words after it are not.
            let shortest = branch.needles.iter().map(|needle| needle.len()).min();
            if let FormPart::Literal(own) = &branch.part
                && shortest.is_none_or(|shortest| shortest <= own.len())
            {
                branch.needles = vec![own.clone()].into();
            }
            if branch.needles.len() > MAX_NEEDLES {
                branch.needles = Cow::default();
            }
        }
    }
}

impl FormPart {
    /// The part that a name between `<` and `>` stands for.
    fn named(name: &str, list: impl Fn(&str) -> Option<u16>) -> Option<Self> {
        Some(match name {
            "n" => Self::Digits(1, 20),
            "word" => Self::Token(TokenKind::Word),
            "hex" => Self::Token(TokenKind::Hex),
            "name" => Self::Token(TokenKind::Name),
            "path" => Self::Token(TokenKind::Path),
            "token" => Self::Token(TokenKind::Any),
            "column" => Self::Token(TokenKind::Column),
            "quoted" => Self::Quoted,
            "ticked" => Self::Ticked,
            "inset" => Self::Inset,
            _ => match name.parse() {
                Ok(count) => Self::Digits(count, count),
                Err(_) => Self::List(list(name)?),
            },
        })
    }

    /// Adds the bytes with which it may begin to a set.
    fn add_first(&self, lists: &[Forms], set: &mut ByteSet) {
        let mut add = |is: &dyn Fn(u8) -> bool| {
            for byte in (0..=u8::MAX).filter(|byte| is(*byte)) {
                set[usize::from(byte >> 6)] |= 1 << (byte & 63);
            }
        };
        match self {
            Self::Literal(literal) => add(&|byte| literal.first() == Some(&byte)),
            Self::Digits(..) => add(&|byte| byte.is_ascii_digit()),
            Self::Blanks(_) => add(&|byte| matches!(byte, b' ' | b'\t')),
            Self::Quoted => add(&|byte| b"\"'`".contains(&byte)),
            Self::Ticked => add(&|byte| byte == b'`'),
            Self::Token(kind) => add(&|byte| kind.has(byte)),
            Self::List(list) => {
                let list = lists.get(usize::from(*list)).map_or([u64::MAX; 4], |list| list.first);
                set.iter_mut().zip(list).for_each(|(set, list)| *set |= list);
            }
            Self::Any | Self::Inset => *set = [u64::MAX; 4],
        }
    }
}
