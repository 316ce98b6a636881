//! Forms: how a line, or the beginning of one, is laid out, as a template that says nothing of what
//! it says. `"<stamp> - <name> - <level> - "` is what a logger puts before a message, and
//! `"<path>:<n>:..."` a hit of a search.
//!
//! Letters and punctuation stand for themselves, case included. A blank is one or more, two are two
//! or more. `...` is any text, also none. `<n>` is a number and `<2>` one of two digits, `<word>` is
//! made of letters, `<hex>` is a hash, `<name>` what loggers and modules are called, `<path>` a file,
//! `<token>` has no blank, `<quoted>` is a string literal in which the finding stands, `<ticked>` one
//! between back-ticks, `<inset>` says that the line is set in; every other name is that of a list of
//! forms, of which one stands there.
//!
//! Forms that are held against the same place are one tree, so that what they begin with in common is
//! looked at once: a hundred layouts of log lines cost what one costs.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

/// Bytes, as bits.
type Bytes = [u64; 4];

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

/// The kinds of runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// ASCII letters.
    Word,
    /// 7 to 40 hexadecimal digits in lower case, letters and numbers among them.
    Hex,
    /// A logger, a module, a program: letters, digits, and what joins them.
    Name,
    /// A file: no blank, and an extension.
    Path,
    /// No blank.
    Token,
}

/// The longest run, in bytes.
const LONGEST: usize = 400;
/// Steps that the search for forms on one line may take: no line is worth more.
const STEPS: u32 = 50_000;

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
        } else if let Some((name, after)) = named {
            parts.push(Part::named(name, &list).ok_or_else(|| name.to_owned())?);
            rest = after;
        } else if c == ' ' {
            let after = rest.trim_start_matches(' ');
            parts.push(Part::Blanks((rest.len() - after.len()) as u8));
            rest = after;
        } else {
            match parts.last_mut() {
                Some(Part::Literal(literal)) => literal.to_mut().extend(c.to_string().bytes()),
                _ => parts.push(Part::Literal(c.to_string().into_bytes().into())),
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    Ok(parts)
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

    fn may_begin(&self, byte: u8) -> bool {
        has(&self.first, byte)
    }
}

fn has(set: &Bytes, byte: u8) -> bool {
    set[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
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
            let branch = Branch { part: part.clone(), ends: None, next: Self::default() };
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
}

/// What is looked for: told where a form ends and whose it is, it says whether that is enough.
trait Found: FnMut(usize, u16) -> bool {}

impl<F: FnMut(usize, u16) -> bool> Found for F {}

impl<'a> Layout<'a> {
    /// Takes a line.
    pub fn new(lists: &'a [Forms], text: &'a [u8]) -> Self {
        Self { lists, text, inset: false, finding: 0..0, steps: Cell::new(STEPS) }
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

/// Letters, digits and what joins them in the names of loggers and modules.
const NAME: Bytes = set(b"_.$/@+*~#-", true);
/// What a path is made of: all but blanks and quotes.
const PATH: Bytes = {
    let none = set(b" \t\n\x0b\x0c\r\"'`<>|", false);
    [!none[0], !none[1], !none[2], !none[3]]
};

/// Bytes as bits, with letters and digits or without.
const fn set(bytes: &[u8], names: bool) -> Bytes {
    let mut set = [0; 4];
    let mut byte = 0;
    while byte < 256 {
        let mut is = names && (byte as u8).is_ascii_alphanumeric();
        let mut n = 0;
        while n < bytes.len() {
            is |= bytes[n] as usize == byte;
            n += 1;
        }
        if is {
            set[byte >> 6] |= 1 << (byte & 63);
        }
        byte += 1;
    }
    set
}

impl Run {
    /// Whether a byte may be part of such a run.
    fn has(self, byte: u8) -> bool {
        match self {
            Self::Word => byte.is_ascii_alphabetic(),
            Self::Hex => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            Self::Name => has(&NAME, byte),
            Self::Path => has(&PATH, byte),
            Self::Token => !matches!(byte, b' ' | b'\t'..=b'\r'),
        }
    }

    /// How many bytes at the front of a text such a run may have.
    fn reach(self, text: &[u8]) -> usize {
        let text = &text[..text.len().min(LONGEST)];
        let mut len = 0;
        loop {
            len += text[len..].iter().take_while(|byte| self.has(**byte)).count();
            // `agent::pool` is one name.
            match &text[len..] {
                [b':', b':', next, ..] if self == Self::Name && len > 0 && self.has(*next) => {
                    len += 2;
                }
                _ => return len,
            }
        }
    }

    /// Whether what has the right bytes is such a run.
    fn is(self, run: &[u8]) -> bool {
        match self {
            Self::Word | Self::Name | Self::Token => true,
            Self::Hex => {
                let (digit, letter) = (u8::is_ascii_digit, u8::is_ascii_alphabetic);
                (7..=40).contains(&run.len()) && run.iter().any(digit) && run.iter().any(letter)
            }
            Self::Path => has_dot(run),
        }
    }
}

/// Whether something is written as a file is: with an extension of letters.
fn has_dot(path: &[u8]) -> bool {
    let Some(dot) = memchr::memrchr(b'.', path) else { return false };
    let extension = &path[dot + 1..];
    (1..=8).contains(&extension.len())
        && extension.iter().all(u8::is_ascii_alphanumeric)
        && extension[0].is_ascii_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;

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
