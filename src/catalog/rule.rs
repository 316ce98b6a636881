//! A rule: one wording of one entry, made ready to be found. The built-in catalog's rules are made
//! when the program is built, those of other catalogs when they are loaded, by the same code.

use std::borrow::Cow;

use regex_syntax::hir::{Class, Hir, HirKind};

use super::complaint::Word;
use super::entry::{Api, Entry, List, Role, Scope};
use super::limits;
use super::template::{Part, Template};
use crate::text::Skeleton;

/// How an entry was recognised, from the least specific to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleKind {
    /// Any message in a shape of Claude's programs, of an entry for what no other entry knows.
    CatchAll,
    /// An SDK's exception class: older SDKs have one for all of 5xx.
    Class,
    /// A class of HTTP statuses.
    StatusClass,
    /// An HTTP status.
    Status,
    /// The name of the error in a body.
    Type,
    /// A message.
    Message,
}

/// One wording of one entry.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Index of the entry in its catalog.
    pub entry: usize,
    /// How specific it is.
    pub kind: RuleKind,
    /// How widely it is printed, and so where it counts.
    pub scope: Scope,
    /// The wording as the catalog has it.
    pub text: Cow<'static, str>,
    /// How it is found.
    pub form: Form,
}

/// The ways in which a wording is found.
#[derive(Clone, Debug)]
pub enum Form {
    /// A message template.
    Template(Template),
    /// A name that machines give an error; the skeleton of the name.
    Name(Cow<'static, [u8]>),
    /// Lists of words, of each of which one is said.
    Complaint(List<List<Word>>),
    /// A regular expression over the clean text, and groups of skeletons: of each group one stands
    /// in every match.
    Regex(List<List<Cow<'static, [u8]>>>),
}

impl Rule {
    /// How many different runs of bytes a search for it may need, at most: one for each alternative
    /// of an expression; a hundred where no six letters and blanks stand side by side.
    pub fn alternatives(&self) -> usize {
        let joined = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b' ';
        match &self.form {
            Form::Regex(_) => 1 + self.text.matches('|').count(),
            _ if self.text.as_bytes().windows(6).any(|six| six.iter().all(joined)) => 3,
            _ => 100,
        }
    }

    /// The rules of an entry. Wordings that are no use make none: the linter names them.
    pub fn of(index: usize, entry: &Entry) -> Vec<Self> {
        let mut rules = Vec::new();
        let catch_all = entry.role == Some(Role::CatchAll);
        let kind = if catch_all { RuleKind::CatchAll } else { RuleKind::Message };
        let mut rule = |kind, scope: Scope, text: &str, form| {
            rules.push(Self { entry: index, kind, scope, text: text.to_owned().into(), form });
        };
        for message in entry.messages.iter() {
            if let Ok(template) = check_template(&message.text.value) {
                rule(kind, message.scope, &message.text.value, Form::Template(template));
            }
        }
        for regex in entry.regexes.iter() {
            if let Ok(groups) = check_regex(&regex.value) {
                let groups = groups
                    .into_iter()
                    .map(|group| group.into_iter().map(Cow::from).collect())
                    .collect();
                rule(kind, Scope::Own, &regex.value, Form::Regex(groups));
            }
        }
        for complaint in entry.complaints.iter() {
            let form = Form::Complaint(complaint.groups.clone());
            rule(kind, Scope::Complaint, &complaint.text, form);
        }
        for api in entry.api.iter() {
            match api {
                Api::Type(name) => rule(
                    RuleKind::Type,
                    Scope::Own,
                    &name.value,
                    Form::Name(Skeleton::new(name.value.as_bytes()).bytes.into()),
                ),
                Api::Class(name) => rule(
                    RuleKind::Class,
                    Scope::Own,
                    &name.value,
                    Form::Name(Skeleton::new(name.value.as_bytes()).bytes.into()),
                ),
                Api::Status(_) => {}
            }
        }
        rules
    }
}

/// Reads a template; it must have something literal to be found by.
///
/// # Errors
/// What is wrong, to be read after the template.
pub fn check_template(text: &str) -> Result<Template, String> {
    if text.len() > limits::MESSAGE {
        return Err(format!("has {} bytes; a message may have {}", text.len(), limits::MESSAGE));
    }
    let template = Template::parse(text);
    let varies = |part: &Part| !matches!(part, Part::Literal(_));
    if template.parts.iter().filter(|part| varies(part)).count() > limits::HOLES {
        return Err(format!("varies in more than {} places", limits::HOLES));
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

/// Reads a regular expression; returns groups of skeletons, of each of which one stands in every
/// match.
///
/// # Errors
/// What is wrong, to be read after the expression.
pub fn check_regex(source: &str) -> Result<Vec<Vec<Vec<u8>>>, String> {
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

/// About how many characters an expression has once its repetitions are written out, as they are
/// when it is compiled.
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

fn ranges(class: &Class) -> usize {
    match class {
        // Only where an expression asks for it: a range of characters is several of bytes.
        Class::Unicode(class) => class.ranges().len().saturating_mul(4),
        Class::Bytes(class) => class.ranges().len().div_ceil(4),
    }
}

/// Reads the name of a type or a class: something to be found by.
///
/// # Errors
/// What is wrong, to be read after the name.
pub fn check_name(name: &str) -> Result<(), String> {
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

/// The structure of a regular expression, read with the flags that hold everywhere.
///
/// # Errors
/// What is wrong, to be read after the expression.
pub fn parse_regex(source: &str) -> Result<Hir, String> {
    let parsed = regex_syntax::ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .nest_limit(50)
        .build()
        .parse(source);
    parsed.map_err(|error| format!("is no regular expression: {}", one_line(&error.to_string())))
}

/// Groups of literals of at least three bytes, of each of which one stands in every match.
fn groups(hir: &Hir) -> Vec<Vec<Vec<u8>>> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let skeleton = Skeleton::new(&literal.0).bytes;
            if skeleton.len() >= 3 { vec![vec![skeleton]] } else { Vec::new() }
        }
        HirKind::Capture(capture) => groups(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => groups(&repetition.sub),
        HirKind::Concat(parts) => parts.iter().flat_map(groups).collect(),
        // Each branch must have one; of several the one with the longest literals.
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
pub fn one_line(text: &str) -> String {
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
