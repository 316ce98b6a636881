//! Forms: how a line, or the beginning of one, is laid out, as a template that says nothing of what
//! it says. `"<stamp> - <name> - <level> - "` is what a logger puts before a message, and
//! `"<path>:<n>:..."` a hit of a search.
//!
//! Letters and punctuation stand for themselves, case included. A blank is one or more,
//! two are two or more. `...` is any
//! text, also none. `<n>` is a number and `<2>` one of two digits, `<word>` is made of letters,
//! `<hex>` is a hash, `<name>` what loggers and modules are called, `<path>` a file, `<token>` has no
//! blank, `<quoted>` is a string literal in which the finding stands,
//! `<ticked>` one between back-ticks, `<inset>` says that the line is
//! set in; every other name is that of a list of forms, of which one stands there.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

/// The layout of a line or of its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// What follows what.
    pub parts: Cow<'static, [Part]>,
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
/// Steps that the search for one form on one line may take: no line is worth more.
const STEPS: u32 = 20_000;

impl Form {
    /// Reads a form. `list` knows the index of a list by its name.
    ///
    /// # Errors
    /// The name that is none.
    pub fn parse(text: &str, list: impl Fn(&str) -> Option<u16>) -> Result<Self, String> {
        let mut parts: Vec<Part> = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let named = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
            let named = named.filter(|(name, _)| {
                !name.is_empty()
                    && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            });
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
        Ok(Self { parts: parts.into() })
    }

    /// Whether it says nothing: it is made of blanks and of any text.
    pub fn is_open(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Any | Part::Blanks(_) | Part::Inset))
    }

    /// Adds the bytes with which a text of this form may begin to a set of them.
    pub fn first(&self, lists: &[Cow<'static, [Form]>], set: &mut [u64; 4]) {
        let mut add = |is: &dyn Fn(u8) -> bool| {
            for byte in (0..=u8::MAX).filter(|byte| is(*byte)) {
                set[usize::from(byte >> 6)] |= 1 << (byte & 63);
            }
        };
        match self.parts.first() {
            Some(Part::Literal(literal)) => add(&|byte| literal.first() == Some(&byte)),
            Some(Part::Digits(..)) => add(&|byte| byte.is_ascii_digit()),
            Some(Part::Blanks(_)) => add(&|byte| matches!(byte, b' ' | b'\t')),
            Some(Part::Run(Run::Word)) => add(&|byte| byte.is_ascii_alphabetic()),
            Some(Part::List(list)) => {
                let forms = lists.get(usize::from(*list)).map_or(&[][..], AsRef::as_ref);
                forms.iter().for_each(|form| form.first(lists, set));
            }
            _ => add(&|_| true),
        }
    }

    /// The byte with which a text of this form begins, where it is one.
    fn begins(&self) -> Option<u8> {
        match self.parts.first() {
            Some(Part::Literal(literal)) => literal.first().copied(),
            _ => None,
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
}

/// A line, and what forms are held against it.
#[derive(Debug)]
pub struct Layout<'a> {
    /// The lists that forms name.
    lists: &'a [Cow<'static, [Form]>],
    /// The text of the line.
    text: &'a [u8],
    /// The line is set in.
    inset: bool,
    /// Where in the text the finding stands.
    finding: Range<usize>,
    /// Steps that are left.
    steps: Cell<u32>,
}

impl<'a> Layout<'a> {
    /// Takes a line.
    pub fn new(lists: &'a [Cow<'static, [Form]>], text: &'a [u8]) -> Self {
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

    /// Whether the whole line has this form.
    pub fn is(&self, form: &Form) -> bool {
        self.begins(form, 0) && self.walk(&form.parts, 0, true).is_some()
    }

    /// The length of what has this form at the front of the line.
    pub fn front(&self, form: &Form) -> Option<usize> {
        self.begins(form, 0).then(|| self.walk(&form.parts, 0, false))?
    }

    fn begins(&self, form: &Form, at: usize) -> bool {
        form.begins().is_none_or(|byte| self.text.get(at) == Some(&byte))
    }

    /// Where the parts end if they stand at an offset; `whole` says that they must end the line.
    fn walk(&self, parts: &[Part], mut at: usize, whole: bool) -> Option<usize> {
        for (n, part) in parts.iter().enumerate() {
            self.steps.set(self.steps.get().checked_sub(1)?);
            if *part == Part::Any {
                let rest = &parts[n + 1..];
                return match rest.first() {
                    None => Some(self.text.len()),
                    Some(Part::Literal(literal)) => {
                        memchr::memmem::find_iter(&self.text[at..], literal.as_ref())
                            .find_map(|start| self.walk(rest, at + start, whole))
                    }
                    Some(_) => (at..=self.text.len()).find_map(|at| self.walk(rest, at, whole)),
                };
            }
            // A run takes all it can, but leaves what follows it: `<name>Exception`, `<path>:<n>`.
            if let (Part::Run(kind), Some(Part::Literal(next))) = (part, parts.get(n + 1)) {
                let reach = kind.reach(&self.text[at..]);
                let fits = |end: &usize| {
                    self.text[*end..].starts_with(next)
                        && (next.starts_with(b".") || kind.is(&self.text[at..*end]))
                };
                let ends = (at + 1..=at + reach).rev().filter(fits);
                return { ends }.find_map(|end| self.walk(&parts[n + 1..], end, whole));
            }
            let len = self.step(part, at)?;
            at += len;
        }
        (!whole || at == self.text.len()).then_some(at)
    }

    /// The most that a part takes at an offset.
    fn step(&self, part: &Part, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        let run =
            |is: &dyn Fn(&u8) -> bool| rest.iter().take(LONGEST).take_while(|b| is(b)).count();
        match part {
            Part::Literal(literal) => rest.starts_with(literal).then_some(literal.len()),
            Part::Blanks(least) => {
                let blanks = run(&|b| matches!(b, b' ' | b'\t'));
                // A tab is as good as many.
                let enough = blanks >= usize::from(*least) || rest.first() == Some(&b'\t');
                enough.then_some(blanks)
            }
            Part::Any => None,
            Part::Digits(least, most) => {
                let len = rest.iter().take(usize::from(*most) + 1);
                let len = len.take_while(|b| b.is_ascii_digit()).count();
                (usize::from(*least)..=usize::from(*most)).contains(&len).then_some(len)
            }
            Part::Run(kind) => {
                Some(kind.reach(rest)).filter(|len| *len > 0 && kind.is(&rest[..*len]))
            }
            Part::Quoted => self.literal(at, b"\"'`"),
            Part::Ticked => self.literal(at, b"`"),
            Part::Inset => self.inset.then_some(0),
            Part::List(list) => self
                .lists
                .get(usize::from(*list))?
                .iter()
                .filter_map(|form| {
                    (self.begins(form, at)).then(|| self.walk(&form.parts, at, false)).flatten()
                })
                .max()
                .map(|end| end - at),
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

impl Run {
    /// How many bytes at the front of a text such a run may have.
    fn reach(self, text: &[u8]) -> usize {
        let text = &text[..text.len().min(LONGEST)];
        let count = |is: fn(&u8) -> bool| text.iter().take_while(|b| is(b)).count();
        match self {
            Self::Word => count(u8::is_ascii_alphabetic),
            Self::Hex => count(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b)),
            Self::Path => count(|b| !b.is_ascii_whitespace() && !b"\"'`<>|".contains(b)),
            Self::Token => count(|b| !b.is_ascii_whitespace()),
            Self::Name => {
                let part = |b: &u8| b.is_ascii_alphanumeric() || b"_.$/@+*~#-".contains(b);
                let mut len = 0;
                loop {
                    len += text[len..].iter().take_while(|b| part(b)).count();
                    // `agent::pool` is one name.
                    match &text[len..] {
                        [b':', b':', next, ..] if len > 0 && part(next) => len += 2,
                        _ => return len,
                    }
                }
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

    fn lists() -> Vec<Cow<'static, [Form]>> {
        let form = |text: &str| Form::parse(text, |_| None).expect("known");
        vec![vec![form("ERROR"), form("ERROR!"), form("<2>:<2>")].into()]
    }

    fn is(form: &str, line: &str, finding: &str) -> bool {
        let lists = lists();
        let form = Form::parse(form, |name| (name == "list").then_some(0)).expect("known");
        let start = line.find(finding).unwrap_or(0);
        let layout = Layout::new(&lists, line.as_bytes());
        layout.with_finding(start..start + finding.len()).is(&form)
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
        assert_eq!(Form::parse("<what>", |_| None), Err("what".into()));
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
