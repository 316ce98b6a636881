//! Templates: messages as a program prints them, with `<name>` where they vary and `...` for what does
//! not matter.
//!
//! `You've hit your <name> limit · resets <resets>` is parsed into literals and placeholders, a literal
//! into its skeleton with what the template says of each byte (case, blanks), which a match is
//! compared with afterwards.

use std::borrow::Cow;
use std::ops::Range;

use super::placeholder;
use crate::text::Skeleton;

/// A parsed template.
#[derive(Clone, Debug)]
pub struct Template {
    /// Its parts, in order; no two literals stand side by side.
    pub parts: Cow<'static, [TemplatePart]>,
}

/// One part of a template.
#[derive(Clone, Debug)]
pub enum TemplatePart {
    /// Text that is always there.
    Literal(Literal),
    /// `<name>`: text that varies and is captured, see [`placeholder`].
    Placeholder(Cow<'static, str>),
    /// `...`: up to [`MAX_WILDCARD`] bytes that do not matter.
    Wildcard,
}

/// Literal text of a template, as its skeleton.
#[derive(Clone, Debug, Default)]
pub struct Literal {
    /// The skeleton.
    pub bytes: Cow<'static, [u8]>,
    /// For each byte of the skeleton what the template says of it: a set of [`BLANK`],
    /// [`CONTIGUOUS`] and [`UPPER`].
    pub flags: Cow<'static, [u8]>,
}

/// Whether every program prints a byte as it is. Dashes and dots have look-alikes, and JSON libraries
/// escape more than they must: PHP's `/`, Java's `<`, `>`, `&` and `=`.
pub(crate) fn is_solid(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_[]@%#".contains(&byte) || byte >= 0x80
}

/// The most bytes of a skeleton that a wildcard skips.
pub(crate) const MAX_WILDCARD: usize = 300;

/// Flag: a blank stands before the byte.
pub(crate) const BLANK: u8 = 1;
/// Flag: the byte before it in the template is the one before it in the skeleton; nothing was dropped
/// between them.
pub(crate) const CONTIGUOUS: u8 = 2;
/// Flag: the byte is in upper case.
pub(crate) const UPPER: u8 = 4;

impl Template {
    /// Parses a template. A `\<` is a plain `<`, and so is a `<` that no name follows.
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
                parts.push(TemplatePart::Wildcard);
                rest = after;
            } else if let Some((name, after)) = split_placeholder(rest) {
                push_literal(&mut parts, &mut literal);
                parts.push(TemplatePart::Placeholder(name.to_owned().into()));
                rest = after;
            } else {
                literal.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        push_literal(&mut parts, &mut literal);
        // A wildcard at either end excludes nothing.
        while matches!(parts.last(), Some(TemplatePart::Wildcard)) {
            parts.pop();
        }
        while matches!(parts.first(), Some(TemplatePart::Wildcard)) {
            parts.remove(0);
        }
        Self { parts: parts.into() }
    }

    /// The names of its placeholders, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            TemplatePart::Placeholder(name) => Some(name.as_ref()),
            _ => None,
        })
    }

    /// The longest literal.
    pub fn longest(&self) -> Option<&Literal> {
        self.literals().max_by_key(|literal| literal.bytes.len())
    }

    /// The length of the longest match, in bytes of the skeleton.
    pub fn longest_match(&self) -> usize {
        (0..self.parts.len()).map(|n| self.longest_part(n)).sum()
    }

    /// How far a match reaches at most before and after one of its parts, in bytes of the skeleton.
    pub fn around(&self, part: usize) -> (usize, usize) {
        let sum = |parts: Range<usize>| parts.map(|n| self.longest_part(n)).sum();
        (sum(0..part), sum(part + 1..self.parts.len()))
    }

    /// The length of the longest match of a part, in bytes of the skeleton. A placeholder at the front
    /// and a [`placeholder::TEXT`] at the end count as nothing: they are not matched, but read off
    /// the line afterwards.
    fn longest_part(&self, n: usize) -> usize {
        match &self.parts[n] {
            TemplatePart::Literal(literal) => literal.bytes.len(),
            TemplatePart::Wildcard => MAX_WILDCARD,
            TemplatePart::Placeholder(name) => {
                let placeholder = placeholder::named(name);
                let last = n + 1 == self.parts.len();
                let read = n == 0 || (last && placeholder == placeholder::TEXT);
                if read { 0 } else { placeholder.longest }
            }
        }
    }

    /// The literals in order.
    pub fn literals(&self) -> impl Iterator<Item = &Literal> {
        self.parts.iter().filter_map(|part| match part {
            TemplatePart::Literal(literal) => Some(literal),
            _ => None,
        })
    }
}

/// Splits `<name>`, lower-case words joined by `_`, off the front of a text.
fn split_placeholder(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix('<')?.split_once('>')?;
    let plain = !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    plain.then_some((name, after))
}

fn push_literal(parts: &mut Vec<TemplatePart>, text: &mut String) {
    let literal = Literal::new(text);
    if !literal.bytes.is_empty() {
        parts.push(TemplatePart::Literal(literal));
    }
    text.clear();
}

impl Literal {
    /// Parses literal text.
    pub fn new(text: &str) -> Self {
        let skeleton = Skeleton::new(text.as_bytes());
        let mut flags = Vec::with_capacity(skeleton.bytes.len());
        let mut after = 0;
        for &at in &skeleton.map {
            let at = at as usize;
            let blank = text.as_bytes()[after.min(at)..at].iter().any(u8::is_ascii_whitespace);
            let upper = text.as_bytes()[at].is_ascii_uppercase();
            flags.push(
                (u8::from(blank) * BLANK)
                    | (u8::from(at == after) * CONTIGUOUS)
                    | (u8::from(upper) * UPPER),
            );
            after = at + 1;
        }
        Self { bytes: skeleton.bytes.into(), flags: flags.into() }
    }

    /// Whether a byte has a flag.
    pub fn is(&self, index: usize, flag: u8) -> bool {
        self.flags[index] & flag != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let parts = Template::parse(text).parts;
        parts
            .iter()
            .map(|part| match part {
                TemplatePart::Literal(literal) => {
                    String::from_utf8_lossy(&literal.bytes).into_owned()
                }
                TemplatePart::Placeholder(name) => format!("<{name}>"),
                TemplatePart::Wildcard => "...".to_owned(),
            })
            .collect::<Vec<_>>()
            .join("|")
    }

    #[test]
    fn placeholders_wildcards_and_escapes() {
        assert_eq!(
            written("You've hit your <name> limit · resets <resets>"),
            "youvehityour|<name>|limit\u{fffd}resets|<resets>"
        );
        assert_eq!(written("... a ... b ..."), "a|...|b");
        assert_eq!(written("\\<title>502 Bad Gateway"), "<title>502badgateway");
        assert_eq!(written("a < b, <Not A Name>"), "a<b,<notaname>");
        assert_eq!(Template::parse("<a> x <b>").names().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn blanks_case_and_words_are_remembered() {
        let literal = Literal::new("To be");
        assert_eq!(literal.flags.as_ref(), [CONTIGUOUS | UPPER, CONTIGUOUS, BLANK, CONTIGUOUS]);
    }
}
