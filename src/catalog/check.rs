//! Checks what a rule is made of: a template, a regular expression, a name. What passes can be found
//! and compiled.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::limits;
use super::template::{Template, TemplatePart};
use crate::text::Skeleton;

/// Parses a template; it must have literal text to be found by.
///
/// # Errors
/// What is wrong, to be read after the template.
pub(crate) fn check_template(text: &str) -> Result<Template, String> {
    if text.len() > limits::MESSAGE {
        return Err(format!("has {} bytes; a message may have {}", text.len(), limits::MESSAGE));
    }
    let template = Template::parse(text);
    let varies = |part: &TemplatePart| !matches!(part, TemplatePart::Literal(_));
    if template.parts.iter().filter(|part| varies(part)).count() > limits::PLACEHOLDERS {
        return Err(format!("varies in more than {} places", limits::PLACEHOLDERS));
    }
    if template.parts.windows(2).any(|pair| pair.iter().all(varies)) {
        return Err("has no text between two places where it varies".into());
    }
    match template.longest().map(|literal| literal.bytes.len()) {
        None => Err("has no literal text".into()),
        Some(0..3) => Err("has no literal text of three characters".into()),
        Some(_) => Ok(template),
    }
}

/// Checks a regular expression, and returns groups of literals, as skeletons: every match has one of
/// each group. `(dumber|worse) than` gives `dumber` or `worse`, and `than`.
///
/// # Errors
/// What is wrong, to be read after the expression.
pub(crate) fn check_regex(source: &str) -> Result<Vec<Vec<Vec<u8>>>, String> {
    if source.len() > limits::REGEX {
        return Err(format!(
            "has {} bytes; an expression may have {}",
            source.len(),
            limits::REGEX
        ));
    }
    let hir = parse_regex(source)?;
    if size(&hir) > limits::REGEX_SIZE {
        return Err(format!(
            "is too large: with its repetitions written out it has more than {} characters",
            limits::REGEX_SIZE
        ));
    }
    if hir.properties().minimum_len().is_none_or(|len| len == 0) {
        return Err("matches the empty string".into());
    }
    Ok(groups(&hir))
}

/// The size of an expression in characters, about, with its repetitions written out as the compiler
/// does.
fn size(hir: &Hir) -> usize {
    let all = |parts: &[Hir]| parts.iter().map(size).fold(0, usize::saturating_add);
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        // A class is compiled range by range.
        HirKind::Class(class) => ranges(class),
        HirKind::Capture(capture) => size(&capture.sub).saturating_add(2),
        HirKind::Concat(parts) => all(parts),
        HirKind::Alternation(branches) => all(branches).saturating_add(branches.len()),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min.saturating_add(1)) as usize;
            size(&repetition.sub).saturating_add(1).saturating_mul(times)
        }
    }
}

/// The size of a class of characters.
fn ranges(class: &Class) -> usize {
    match class {
        // Only where an expression asks for it: a range of characters is several of bytes.
        Class::Unicode(class) => class.ranges().len().saturating_mul(4),
        Class::Bytes(class) => class.ranges().len().div_ceil(4),
    }
}

/// Checks the name of a type or a class: it must have enough to be found by.
///
/// # Errors
/// What is wrong, to be read after the name.
pub(crate) fn check_name(name: &str) -> Result<(), String> {
    if name.len() > 100 || name.bytes().filter(u8::is_ascii_alphanumeric).count() < 3 {
        return Err("must have three letters, and at most 100".into());
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:/".contains(&byte);
    if name.bytes().all(plain) {
        Ok(())
    } else {
        Err("has more than letters, digits and `_-.:/`".into())
    }
}

/// Parses a regular expression with the flags that hold everywhere: ASCII classes, on bytes.
///
/// # Errors
/// What is wrong, to be read after the expression.
pub(crate) fn parse_regex(source: &str) -> Result<Hir, String> {
    let parsed = regex_syntax::ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .nest_limit(50)
        .build()
        .parse(source);
    parsed.map_err(|error| format!("is no regular expression: {}", one_line(&error.to_string())))
}

/// Groups of literals of at least three bytes: every match has one of each group.
fn groups(hir: &Hir) -> Vec<Vec<Vec<u8>>> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let skeleton = Skeleton::new(&literal.0).bytes;
            if skeleton.len() >= 3 { vec![vec![skeleton]] } else { Vec::new() }
        }
        HirKind::Capture(capture) => groups(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => groups(&repetition.sub),
        HirKind::Concat(parts) => parts.iter().flat_map(groups).collect(),
        // One group of all branches, if each has one; of several the one with the longest literals.
        HirKind::Alternation(branches) => {
            let best = |branch: &Hir| {
                groups(branch).into_iter().max_by_key(|group| group.iter().map(Vec::len).min())
            };
            branches
                .iter()
                .map(best)
                .collect::<Option<Vec<_>>>()
                .map_or(Vec::new(), |groups| vec![groups.concat()])
        }
        _ => Vec::new(),
    }
}

/// An error message of several lines on one.
pub(crate) fn one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_literal_is_read_off_the_expression() {
        assert_eq!(
            check_regex(r"rate_limit_event[^\n]{0,400}rejected"),
            Ok(vec![vec![b"rate_limit_event".to_vec()], vec![b"rejected".to_vec()]])
        );
        assert_eq!(
            check_regex(r"(dumber|worse) than"),
            Ok(vec![vec![b"dumber".to_vec(), b"worse".to_vec()], vec![b"than".to_vec()]])
        );
        assert_eq!(check_regex(r"\w+ \d+"), Ok(Vec::new()));
        assert!(check_regex("(").is_err() && check_regex("x*").is_err());
    }

    #[test]
    fn templates_without_text_are_refused() {
        assert!(
            check_template("<model>").is_err()
                && check_template("a <b>").is_err()
                && check_template("abc").is_ok()
        );
    }
}
