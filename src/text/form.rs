//! Forms: how a line, or the beginning of one, is laid out, as a template that says nothing of what
//! it says. `"<stamp> - <name> - <level> - "` is what a logger puts before a message, and
//! `"<path>:<n>:..."` a hit of a search.
//!
//! Letters and punctuation stand for themselves, case included. A blank is one or more, two are two
//! or more. `...` is any text, also none. `<n>` is a number and `<2>` one of two digits, `<word>` is
//! made of letters, `<hex>` is a hash, `<name>` what loggers and modules are called, `<path>` a file,
//! `<token>` has no blank, `<quoted>` is a string literal in which the finding stands, `<ticked>` one
//! between back-ticks, `<inset>` says that the line is set in; every other name is that of a list of
//! forms, of which one stands there; `\<` is a plain `<`.
//!
//! Forms that are held against the same place are one tree, so that what they begin with in common is
//! looked at once: a hundred layouts of log lines cost what one costs.

use std::borrow::Cow;

use super::run::{Bytes, has};

pub use super::run::Run;

/// Forms that are held against the same place, as a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forms {
    /// One of them is that of an empty line.
    pub empty: bool,
    /// The bytes with which the others may begin.
    pub first: Bytes,
    /// How they begin.
    pub tree: Tree,
}

/// The ways in which forms go on from one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// Of each branch that begins with a literal the first byte.
    pub leads: Cow<'static, [u8]>,
    /// The branches, those with a literal before the others.
    pub branches: Cow<'static, [Branch]>,
}

/// A part that forms have in common, and how they go on behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The part.
    pub part: Part,
    /// A form ends here: whose it is.
    pub ends: Option<u16>,
    /// What follows in the forms that go on.
    pub next: Tree,
    /// Texts of which one stands in whatever has one of these forms, here or further on; none where
    /// that is not known. Where all are missing nothing has to be tried.
    pub needles: Cow<'static, [Cow<'static, [u8]>]>,
}

/// One part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// This text.
    Literal(Cow<'static, [u8]>),
    /// Blanks, so many or more.
    Blanks(u8),
    /// Any text, also none.
    Any,
    /// So many digits, from and to.
    Digits(u8, u8),
    /// A run of a kind.
    Run(Run),
    /// A string literal that holds the finding.
    Quoted,
    /// The same between back-ticks.
    Ticked,
    /// The line is set in.
    Inset,
    /// One of the forms of this list, by its index.
    List(u16),
}

/// Reads a form: its parts. `list` knows the index of a list by its name.
///
/// # Errors
/// The name that is none.
pub fn parse(text: &str, list: impl Fn(&str) -> Option<u16>) -> Result<Vec<Part>, String> {
    let mut parts: Vec<Part> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let named = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
        let plain = |name: &str| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let named = named.filter(|(name, _)| !name.is_empty() && plain(name));
        if let Some(after) = rest.strip_prefix("...") {
            parts.push(Part::Any);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("\\<") {
            push(&mut parts, '<');
            rest = after;
        } else if let Some((name, after)) = named {
            parts.push(Part::named(name, &list).ok_or_else(|| name.to_owned())?);
            rest = after;
        } else if c == ' ' {
            let after = rest.trim_start_matches(' ');
            parts.push(Part::Blanks((rest.len() - after.len()) as u8));
            rest = after;
        } else {
            push(&mut parts, c);
            rest = &rest[c.len_utf8()..];
        }
    }
    Ok(parts)
}

fn push(parts: &mut Vec<Part>, c: char) {
    match parts.last_mut() {
        Some(Part::Literal(literal)) => literal.to_mut().extend(c.to_string().bytes()),
        _ => parts.push(Part::Literal(c.to_string().into_bytes().into())),
    }
}

/// Whether a form says nothing: it is made of blanks and of any text.
pub fn is_open(form: &[Part]) -> bool {
    let open = |part: &Part| matches!(part, Part::Any | Part::Blanks(_) | Part::Inset);
    !form.is_empty() && form.iter().all(open)
}

impl Forms {
    /// Grows the tree of forms, each with the number of whose it is. `lists` are those before it.
    pub fn new(forms: &[(Vec<Part>, u16)], lists: &[Self]) -> Self {
        let mut all = Self::default();
        for (form, of) in forms {
            all.empty |= form.is_empty();
            all.tree.plant(form, *of);
        }
        all.tree.find_needles();
        for branch in all.tree.branches.iter() {
            branch.part.first(lists, &mut all.first);
        }
        all
    }

    /// The forms one by one, as they were planted.
    pub fn list(&self) -> Vec<Vec<Part>> {
        let mut all = Vec::new();
        gather(&self.tree, &mut Vec::new(), &mut all);
        all
    }

    /// Whether a form speaks of a literal that holds the finding.
    pub fn speaks_of_literal(form: &[Part]) -> bool {
        form.iter().any(|part| matches!(part, Part::Quoted | Part::Ticked))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        !self.empty && self.tree.branches.is_empty()
    }

    pub(super) fn may_begin(&self, byte: u8) -> bool {
        has(&self.first, byte)
    }
}

fn gather(tree: &Tree, head: &mut Vec<Part>, all: &mut Vec<Vec<Part>>) {
    for branch in tree.branches.iter() {
        head.push(branch.part.clone());
        if branch.ends.is_some() {
            all.push(head.clone());
        }
        gather(&branch.next, head, all);
        head.pop();
    }
}

impl Tree {
    fn plant(&mut self, form: &[Part], of: u16) {
        let [part, rest @ ..] = form else { return };
        let known = self.branches.iter().position(|branch| branch.part == *part);
        let at = known.unwrap_or_else(|| {
            let (next, needles) = (Self::default(), Cow::default());
            let branch = Branch { part: part.clone(), ends: None, next, needles };
            let lead = if let Part::Literal(text) = part { text.first() } else { None };
            let at = if lead.is_some() { self.leads.len() } else { self.branches.len() };
            self.leads.to_mut().extend(lead);
            self.branches.to_mut().insert(at, branch);
            at
        });
        let branch = &mut self.branches.to_mut()[at];
        if rest.is_empty() {
            branch.ends.get_or_insert(of);
        } else {
            branch.next.plant(rest, of);
        }
    }
}

impl Tree {
    /// Finds the needles of every branch.
    fn find_needles(&mut self) {
        /// To look for more of them takes longer than to try.
        const MOST: usize = 16;
        for branch in self.branches.to_mut() {
            branch.next.find_needles();
            let next = || branch.next.branches.iter();
            let unknown = branch.ends.is_some() || next().any(|of| of.needles.is_empty());
            let further = || next().flat_map(|of| of.needles.iter().cloned()).collect();
            branch.needles = if unknown { Cow::default() } else { further() };
            // A colon is everywhere; the words behind it are not.
            if let Part::Literal(own) = &branch.part
                && branch.needles.iter().map(|of| of.len()).min().is_none_or(|of| of <= own.len())
            {
                branch.needles = vec![own.clone()].into();
            }
            if branch.needles.len() > MOST {
                branch.needles = Cow::default();
            }
        }
    }
}

impl Part {
    fn named(name: &str, list: impl Fn(&str) -> Option<u16>) -> Option<Self> {
        Some(match name {
            "n" => Self::Digits(1, 20),
            "word" => Self::Run(Run::Word),
            "hex" => Self::Run(Run::Hex),
            "name" => Self::Run(Run::Name),
            "path" => Self::Run(Run::Path),
            "token" => Self::Run(Run::Token),
            "quoted" => Self::Quoted,
            "ticked" => Self::Ticked,
            "inset" => Self::Inset,
            _ => match name.parse() {
                Ok(count) => Self::Digits(count, count),
                Err(_) => Self::List(list(name)?),
            },
        })
    }

    /// Adds the bytes with which it may begin to a set of them.
    fn first(&self, lists: &[Forms], set: &mut Bytes) {
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
            Self::Run(kind) => add(&|byte| kind.has(byte)),
            Self::List(list) => {
                let of = lists.get(usize::from(*list)).map_or([u64::MAX; 4], |list| list.first);
                set.iter_mut().zip(of).for_each(|(set, of)| *set |= of);
            }
            Self::Any | Self::Inset => *set = [u64::MAX; 4],
        }
    }
}
