//! A template is a message as the program shows it, with `<name>` where it varies; this is how it
//! is read.
//!
//! The build script runs this over the built-in catalog, so that a run starts with the result.

use std::borrow::Cow;
use std::ops::Range;

use super::hole;
use crate::text::Skeleton;

/// A template, cut where it varies.
#[derive(Clone, Debug)]
pub struct Template {
    /// Literal text and holes, alternating in any order.
    pub parts: Cow<'static, [Part]>,
}

/// One part of a template.
#[derive(Clone, Debug)]
pub enum Part {
    /// Text that is always there.
    Literal(Literal),
    /// `<name>`: text that varies and is captured.
    Hole(Cow<'static, str>),
    /// `...`: up to 300 characters that do not matter.
    Gap,
}

/// Literal text as its skeleton.
#[derive(Clone, Debug, Default)]
pub struct Literal {
    /// The skeleton.
    pub bytes: Cow<'static, [u8]>,
    /// For each byte what the template says of it: [`BLANK`], [`CONTIGUOUS`], [`UPPER`].
    pub marks: Cow<'static, [u8]>,
}

/// Whether a byte is printed as it is wherever it is printed: not what has aliases, as dashes and
/// dots have, nor what some library escapes in JSON, as PHP's does `/` and Java's `<`, `>`, `&` and
/// `=`.
pub fn is_solid(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_[]@%#".contains(&byte) || byte >= 0x80
}

/// The most bytes of a skeleton that a gap skips.
pub const GAP: usize = 300;

/// There is a blank before the byte.
pub const BLANK: u8 = 1;
/// Nothing at all was dropped before the byte.
pub const CONTIGUOUS: u8 = 2;
/// The byte is in upper case.
pub const UPPER: u8 = 4;

impl Template {
    /// Reads a template. A `\<` is a plain `<`, and so is a `<` that no name follows.
    pub fn parse(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if let Some(after) = rest.strip_prefix("\\<") {
                literal.push('<');
                rest = after;
            } else if let Some(after) = rest.strip_prefix("...") {
                push_literal(&mut parts, &mut literal);
                parts.push(Part::Gap);
                rest = after;
            } else if let Some((name, after)) = named(rest) {
                push_literal(&mut parts, &mut literal);
                parts.push(Part::Hole(name.to_owned().into()));
                rest = after;
            } else {
                literal.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        push_literal(&mut parts, &mut literal);
        // A gap at either end says nothing.
        while matches!(parts.last(), Some(Part::Gap)) {
            parts.pop();
        }
        while matches!(parts.first(), Some(Part::Gap)) {
            parts.remove(0);
        }
        Self { parts: parts.into() }
    }

    /// The names that the template captures.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Hole(name) => Some(name.as_ref()),
            _ => None,
        })
    }

    /// The longest literal: it stands in everything that the template matches.
    pub fn longest(&self) -> Option<&Literal> {
        self.literals().max_by_key(|literal| literal.bytes.len())
    }

    /// The most bytes of a skeleton that it matches.
    pub fn longest_match(&self) -> usize {
        (0..self.parts.len()).map(|n| self.longest_part(n)).sum()
    }

    /// The most bytes of a skeleton that stand before and after one of its parts in a match.
    pub fn around(&self, part: usize) -> (usize, usize) {
        let sum = |parts: Range<usize>| parts.map(|n| self.longest_part(n)).sum();
        (sum(0..part), sum(part + 1..self.parts.len()))
    }

    /// The most bytes of a skeleton that a part holds. A hole at the front, and one without a shape
    /// at the end, are not searched for: they are read on the line.
    fn longest_part(&self, n: usize) -> usize {
        match &self.parts[n] {
            Part::Literal(literal) => literal.bytes.len(),
            Part::Gap => GAP,
            Part::Hole(name) => {
                let shape = hole::shape(name);
                let read = n == 0 || (n + 1 == self.parts.len() && shape == hole::TEXT);
                if read { 0 } else { shape.longest }
            }
        }
    }

    /// The literals in order.
    pub fn literals(&self) -> impl Iterator<Item = &Literal> {
        self.parts.iter().filter_map(|part| match part {
            Part::Literal(literal) => Some(literal),
            _ => None,
        })
    }
}

/// `<name>` at the front of a text: lower-case words joined by `_`, and what follows.
fn named(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix('<')?.split_once('>')?;
    let plain = !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    plain.then_some((name, after))
}

fn push_literal(parts: &mut Vec<Part>, text: &mut String) {
    let literal = Literal::new(text);
    if !literal.bytes.is_empty() {
        parts.push(Part::Literal(literal));
    }
    text.clear();
}

impl Literal {
    /// The literal for a piece of text.
    pub fn new(text: &str) -> Self {
        let skeleton = Skeleton::new(text.as_bytes());
        let mut marks = Vec::with_capacity(skeleton.bytes.len());
        let mut after = 0;
        for &at in &skeleton.map {
            let at = at as usize;
            let blank = text.as_bytes()[after.min(at)..at].iter().any(u8::is_ascii_whitespace);
            let upper = text.as_bytes()[at].is_ascii_uppercase();
            marks.push(
                (u8::from(blank) * BLANK)
                    | (u8::from(at == after) * CONTIGUOUS)
                    | (u8::from(upper) * UPPER),
            );
            after = at + 1;
        }
        Self { bytes: skeleton.bytes.into(), marks: marks.into() }
    }

    /// Whether the template says this of a byte.
    pub fn is(&self, index: usize, mark: u8) -> bool {
        self.marks[index] & mark != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> String {
        let parts = Template::parse(text).parts;
        parts
            .iter()
            .map(|part| match part {
                Part::Literal(literal) => String::from_utf8_lossy(&literal.bytes).into_owned(),
                Part::Hole(name) => format!("<{name}>"),
                Part::Gap => "...".to_owned(),
            })
            .collect::<Vec<_>>()
            .join("|")
    }

    #[test]
    fn names_gaps_and_escapes() {
        assert_eq!(
            shape("You've hit your <name> limit · resets <resets>"),
            "youvehityour|<name>|limit\u{fffd}resets|<resets>"
        );
        assert_eq!(shape("... a ... b ..."), "a|...|b");
        assert_eq!(shape("\\<title>502 Bad Gateway"), "<title>502badgateway");
        assert_eq!(shape("a < b, <Not A Name>"), "a<b,<notaname>");
        assert_eq!(Template::parse("<a> x <b>").names().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn blanks_case_and_words_are_remembered() {
        let literal = Literal::new("To be");
        assert_eq!(literal.marks.as_ref(), [CONTIGUOUS | UPPER, CONTIGUOUS, BLANK, CONTIGUOUS]);
    }
}
