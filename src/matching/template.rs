//! A message template made ready to be found: by a regular expression over the skeleton, whose
//! matches are then verified on the text.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::OnceLock;

use super::alignment::{self, Alignment};
use super::engine::Engine;
use super::finding::Captures;
use crate::catalog::placeholder;
use crate::catalog::template::{MAX_WILDCARD, Template, TemplatePart};
use crate::text::{Clean, Skeleton, find};

/// How far a placeholder at the very end of a template is read, in bytes. Lines may be endless; of
/// its value 200 characters are kept.
const TAIL: usize = 1024;

/// A template and, once it is needed, its regular expression.
#[derive(Clone, Copy)]
pub(super) struct TemplateMatcher<'a> {
    template: &'a Template,
    engine: &'a OnceLock<Box<Engine>>,
    /// The name of a placeholder at the very front, whose value is read backwards from the match.
    front: Option<&'a Cow<'static, str>>,
    /// The name of a free placeholder at the very end, which reaches to the end of the line.
    tail: Option<&'a Cow<'static, str>>,
    /// The parts between them.
    parts: &'a [TemplatePart],
}

/// A match of a template.
#[derive(Clone, Debug)]
pub(super) struct TemplateMatch {
    /// Offset of the first byte in the clean text.
    pub(super) start: usize,
    /// End, exclusive.
    pub(super) end: usize,
    /// The index in the skeleton from which to go on.
    pub(super) next: usize,
    /// How much of the text was literally known, in bytes: the more, the more specific.
    pub(super) weight: usize,
    /// The letters have the case that the template has.
    pub(super) same_case: bool,
    /// The spans in the clean text of the placeholders that may hold another message.
    pub(super) placeholders: Vec<(usize, usize)>,
    /// What the placeholders hold, as printed.
    pub(super) captures: Captures,
}

impl<'a> TemplateMatcher<'a> {
    /// Takes a template and the cell in which its regular expression is kept.
    pub(super) fn new(template: &'a Template, engine: &'a OnceLock<Box<Engine>>) -> Self {
        let mut parts = template.parts.as_ref();
        let mut front = None;
        let mut tail = None;
        if let [TemplatePart::Placeholder(name), rest @ ..] = parts {
            front = Some(name);
            parts = rest;
        }
        if let [rest @ .., TemplatePart::Placeholder(name)] = parts
            && placeholder::named(name) == placeholder::TEXT
        {
            tail = Some(name);
            parts = rest;
        }
        Self { template, engine, front, tail, parts }
    }

    /// The longest literal: a text without it has no match.
    fn literal(&self) -> &'a [u8] {
        self.template.longest().map_or(&[], |literal| &literal.bytes)
    }

    /// The regular expression over the skeleton; `None` for a template of one literal.
    fn engine(&self) -> Option<&'a Engine> {
        if let [TemplatePart::Literal(_)] = self.parts {
            return None;
        }
        Some(self.engine.get_or_init(|| {
            let engine = Engine::new(&self.source(), self.template.longest_match())
                .expect("escaped literals and the tested shapes compile");
            Box::new(engine)
        }))
    }

    /// The source of the regular expression, with a group for each placeholder.
    fn source(&self) -> String {
        let mut source = String::new();
        for (n, part) in self.parts.iter().enumerate() {
            match part {
                TemplatePart::Literal(literal) => escape(&mut source, &literal.bytes),
                TemplatePart::Wildcard => {
                    let _ = write!(source, ".{{0,{MAX_WILDCARD}}}?");
                }
                TemplatePart::Placeholder(name) => {
                    let regex = placeholder::named(name).regex;
                    // With nothing behind it to stop at, a placeholder takes all it can; `verify`
                    // cuts it at a blank.
                    let last = n + 1 == self.parts.len();
                    let regex = regex
                        .strip_suffix('?')
                        .filter(|greedy| last && greedy.ends_with(['}', '+']))
                        .unwrap_or(regex);
                    let _ = write!(source, "({regex})");
                }
            }
        }
        source
    }

    /// The first verified match at or after an index of the skeleton.
    pub(super) fn find(
        &self,
        clean: &Clean,
        skeleton: &Skeleton,
        mut from: usize,
    ) -> Option<TemplateMatch> {
        let next = |from: usize, literal: &[u8]| {
            find::first(&skeleton.bytes[from..], literal).map(|n| from + n)
        };
        // Nothing is compiled for a template of which only the first words are there.
        next(from, self.literal())?;
        loop {
            let (start, end, spans) = match self.engine() {
                None => {
                    let start = next(from, self.literal())?;
                    (start, start + self.literal().len(), Vec::new())
                }
                Some(engine) => {
                    // A match begins with the first literal.
                    let start = match self.parts {
                        [TemplatePart::Literal(first), ..] => next(from, &first.bytes)?,
                        _ => from,
                    };
                    match engine.match_at(&skeleton.bytes, start) {
                        Some(spans) => (start, spans[0].1, spans[1..].to_vec()),
                        None if start < skeleton.bytes.len() => {
                            from = start + 1;
                            continue;
                        }
                        None => return None,
                    }
                }
            };
            let alignment = Alignment::new(clean, skeleton);
            if let Some(found) = self.verify(&alignment, skeleton, start, end, &spans) {
                return Some(self.with_ends(&alignment, clean, found));
            }
            from = start + 1;
        }
    }

    /// Verifies a match in the skeleton on the text, all but the placeholders at the front and at
    /// the end; `spans` are those of the others in the skeleton.
    fn verify(
        &self,
        alignment: &Alignment<'_>,
        skeleton: &Skeleton,
        start: usize,
        mut end: usize,
        spans: &[(usize, usize)],
    ) -> Option<TemplateMatch> {
        if !alignment.starts_word(start) {
            return None;
        }
        let mut index = start;
        let mut spans = spans.iter();
        let mut weight = 0;
        let mut same_case = true;
        let mut captures = Vec::new();
        let mut placeholders = Vec::new();
        for (n, part) in self.parts.iter().enumerate() {
            match part {
                TemplatePart::Literal(literal) => {
                    // After a wildcard the literal stands wherever the regular expression found it.
                    if n > 0 && matches!(self.parts[n - 1], TemplatePart::Wildcard) {
                        let wildcard = index;
                        index += find::first(&skeleton.bytes[index..end], &literal.bytes)?;
                        if alignment.leaves_block(wildcard, index) {
                            return None;
                        }
                    }
                    if !alignment.verify(index, literal) {
                        return None;
                    }
                    same_case &= alignment.same_case(index, literal);
                    index += literal.bytes.len();
                    weight += literal.bytes.len();
                }
                TemplatePart::Wildcard => {}
                TemplatePart::Placeholder(name) => {
                    let &(from, to) = spans.next()?;
                    let (last, shape) = (n + 1 == self.parts.len(), placeholder::named(name));
                    let is_free = shape == placeholder::TEXT;
                    if is_free && to - from > placeholder::TEXT.longest {
                        return None;
                    }
                    if !last && alignment.leaves_block(from, to) {
                        return None;
                    }
                    let cut = if last { alignment.placeholder_end(from, to, shape) } else { to };
                    if let Some(value) = alignment.value(from, cut) {
                        // A number or a name holds no other message.
                        if is_free {
                            placeholders.push((alignment.at(from), alignment.end(cut)));
                        }
                        captures.push((name.clone(), value));
                    }
                    index = to;
                    end = if last { cut } else { end };
                }
            }
        }
        // `ERR_SSL_<detail>` goes on in the middle of a word.
        let goes_on = self.tail.is_some() && skeleton.bytes[end - 1] == b'_';
        if !goes_on && !alignment.ends_word(end) {
            return None;
        }
        let next = end.max(start + 1);
        let (start, end) = (alignment.at(start), alignment.end(next));
        Some(TemplateMatch { start, end, next, weight, same_case, placeholders, captures })
    }

    /// Adds the placeholders at the front and at the end to a verified match.
    fn with_ends(
        &self,
        alignment: &Alignment<'_>,
        clean: &Clean,
        mut found: TemplateMatch,
    ) -> TemplateMatch {
        if let Some(name) = self.front
            && let Some((at, value)) = alignment.words_before(found.start)
        {
            found.placeholders.push((at, found.start));
            found.captures.push((name.clone(), value));
            found.start = at;
        }
        if let Some(name) = self.tail {
            let rest = &clean.text[found.end..clean.text.len().min(found.end + TAIL)];
            let line_end = found.end + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            if let Some(value) = alignment::value(&clean.text[found.end..line_end]) {
                found.placeholders.push((found.end, line_end));
                found.captures.push((name.clone(), value));
                found.end = line_end;
            }
        }
        found
    }
}

/// Appends a literal, escaped so that every byte stands for itself.
fn escape(source: &mut String, bytes: &[u8]) {
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            source.push(byte as char);
        } else {
            let _ = write!(source, r"\x{byte:02x}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(template: &str, text: &str) -> Option<TemplateMatch> {
        let clean = Clean::new(text.as_bytes(), crate::Catalog::builtin().prefixes());
        let skeleton = Skeleton::new(&clean.text);
        TemplateMatcher::new(&Template::parse(template), &OnceLock::new())
            .find(&clean, &skeleton, 0)
    }

    fn captured(template: &str, text: &str, name: &str) -> String {
        let found = find(template, text).unwrap_or_else(|| panic!("{template:?} finds {text:?}"));
        found
            .captures
            .into_iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value)
            .unwrap_or_default()
    }

    #[test]
    fn words_must_be_words() {
        assert!(find("Prompt is too long", "Prompt is too long").is_some());
        assert!(
            find("Prompt is too long", "Prompt\n     is too lo\n     ng").is_some(),
            "wrapped inside a word"
        );
        assert!(find("Prompt is too long", "promptIsTooLong").is_none(), "an identifier");
        assert!(find("Prompt is too long", "prompt_is_too_long").is_none(), "another");
        assert!(find("Prompt is too long", "Prompt is too longer").is_none());
        assert!(find("fetch failed", "prefetch failed").is_none());
        assert!(
            find("fetch failed", "fet ch failed").is_none(),
            "one blank inside a word is no wrap"
        );
        assert!(find("Rate limited", "Rate limitedAPI Error").is_some(), "glued");
        assert!(
            find("too long", r#"{"x":"a\ntoo long"}"#).is_some(),
            "after an escaped line break"
        );
    }

    #[test]
    fn placeholders_hold_what_is_printed() {
        assert_eq!(
            captured(
                "hit your <name> limit · resets <resets>",
                "You’ve hit your weekly limit ∙ resets Nov 26, 2am (UTC)",
                "resets"
            ),
            "Nov 26, 2am (UTC)"
        );
        assert_eq!(
            captured(
                "hit your <name> limit · resets <resets>",
                "You’ve hit your weekly limit ∙ resets Nov 26, 2am (UTC)",
                "name"
            ),
            "weekly"
        );
        assert_eq!(
            captured(
                "usage limit reached|<epoch>",
                "Claude AI usage limit reached|1760014800\n[{",
                "epoch"
            ),
            "1760014800"
        );
        assert_eq!(
            captured(
                "<model> can't help with this",
                "API Error: Opus 4.6 can't help with this. Start",
                "model"
            ),
            "Opus 4.6"
        );
        assert_eq!(
            captured(
                "compaction failed: <reason>",
                "· compaction failed: out of disk\nnext",
                "reason"
            ),
            "out of disk"
        );
        assert_eq!(
            captured("model (<model>). It may", "the model (claude-\n  haiku). It may", "model"),
            "claude- haiku"
        );
        assert_eq!(
            captured(
                "requested model: <model>",
                "requested model: claude-3-5-haiku) · Retrying",
                "model"
            ),
            "claude-3-5-haiku"
        );
        assert_eq!(
            captured("high demand for <model>", "high demand for Opus 4.8 now", "model"),
            "Opus 4.8"
        );
        assert_eq!(captured("Failed: <code>", "Failed: ERR_X\n\n Please check", "code"), "ERR_X");
        assert_eq!(captured("limit of <n> tokens", "limit of 30,000 tokens", "n"), "30,000");
    }

    #[test]
    fn wildcards_skip() {
        assert!(find("Expected ... but found", "Expected `thinking`, but found `text`").is_some());
        assert!(
            find("Post ... refused", "2026-01-01T00:00:00Z Post x\n2026-01-01T00:00:01Z refused")
                .is_none(),
            "another line of a log"
        );
        assert!(
            find("Expected ... but found", &format!("Expected {} but found", "x ".repeat(400)))
                .is_none()
        );
    }
}
