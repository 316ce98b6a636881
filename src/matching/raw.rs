//! The escape hatch: an entry's own regular expression, over the clean text.
//!
//! Like everything else it is tried only where a literal of it stands. The literal is read off the expression itself.

use std::sync::OnceLock;

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::hir::{Hir, HirKind};

use crate::text::Skeleton;

/// A regular expression of the catalog.
#[derive(Debug)]
pub(super) struct Raw {
    source: String,
    /// Skeletons, one of which stands in every match; empty where there is no such thing.
    literals: Vec<Vec<u8>>,
    regex: OnceLock<Regex>,
}

impl Raw {
    /// Takes over an expression.
    ///
    /// # Errors
    /// What is wrong with it, on one line.
    pub(super) fn new(source: &str) -> Result<Self, String> {
        let hir = regex_syntax::ParserBuilder::new()
            .unicode(false)
            .utf8(false)
            .nest_limit(50)
            .build()
            .parse(source)
            .map_err(|error| format!("not a regular expression: {}", one_line(&error.to_string())))?;
        if hir.properties().minimum_len().is_none_or(|len| len == 0) {
            return Err("matches the empty string".into());
        }
        Ok(Self { source: source.to_owned(), literals: literals(&hir), regex: OnceLock::new() })
    }

    /// Words, one of which stands in every match.
    pub(super) fn words(&self) -> impl Iterator<Item = String> + '_ {
        self.literals.iter().filter_map(|literal| {
            let text = String::from_utf8_lossy(literal);
            text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').max_by_key(|word| word.len()).map(str::to_owned)
        })
    }

    /// Compiles the expression with the flags that hold everywhere.
    ///
    /// # Errors
    /// What is wrong with it, on one line.
    pub(super) fn compile(source: &str) -> Result<Regex, String> {
        RegexBuilder::new(source)
            .unicode(false)
            .case_insensitive(true)
            .multi_line(true)
            .size_limit(1 << 20)
            .dfa_size_limit(1 << 20)
            .build()
            .map_err(|error| one_line(&error.to_string()))
    }

    /// Reports every match: start, end, named groups.
    pub(super) fn find(&self, text: &[u8], skeleton: &Skeleton, mut report: impl FnMut(usize, usize, Vec<(String, String)>)) {
        if !self.literals.is_empty() && !self.literals.iter().any(|literal| memchr::memmem::find(&skeleton.bytes, literal).is_some()) {
            return;
        }
        let regex = self.regex.get_or_init(|| Self::compile(&self.source).expect("the linter compiles every expression"));
        for captures in regex.captures_iter(text) {
            let Some(whole) = captures.get(0) else { continue };
            let named = regex.capture_names().flatten().filter_map(|name| {
                let value = String::from_utf8_lossy(captures.name(name)?.as_bytes()).trim().chars().take(200).collect();
                Some((name.to_owned(), value))
            });
            report(whole.start(), whole.end(), named.collect());
        }
    }
}

/// Literals of at least three bytes, one of which stands in every match.
fn literals(hir: &Hir) -> Vec<Vec<u8>> {
    let of = |bytes: &[u8]| {
        let skeleton = Skeleton::new(bytes).bytes;
        if skeleton.len() >= 3 { vec![skeleton] } else { Vec::new() }
    };
    match hir.kind() {
        HirKind::Literal(literal) => of(&literal.0),
        HirKind::Capture(capture) => literals(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => literals(&repetition.sub),
        // Of the parts that must all be there, the one with the longest literal.
        HirKind::Concat(parts) => parts.iter().map(literals).filter(|all| !all.is_empty()).max_by_key(|all| all.iter().map(Vec::len).min()).unwrap_or_default(),
        // Each branch must have one.
        HirKind::Alternation(branches) => {
            let all: Vec<Vec<Vec<u8>>> = branches.iter().map(literals).collect();
            if all.iter().any(Vec::is_empty) { Vec::new() } else { all.concat() }
        }
        _ => Vec::new(),
    }
}

fn one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_literal_is_read_off_the_expression() {
        let of = |source| Raw::new(source).expect("parses").literals;
        assert_eq!(of(r"rate_limit_event[^\n]{0,400}rejected"), [b"rate_limit_event".to_vec()]);
        assert_eq!(of(r"(dumber|worse) than"), [b"dumber".to_vec(), b"worse".to_vec()]);
        assert!(of(r"\w+ \d+").is_empty());
        assert!(Raw::new("(").is_err() && Raw::new("x*").is_err());
    }
}
