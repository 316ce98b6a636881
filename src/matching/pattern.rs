//! A pattern: one template made ready to be found in a skeleton, and the check that what was found
//! is really written so.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::OnceLock;

use super::Captures;
use super::engine::Engine;
use super::laid::{Laid, tidy};
use crate::catalog::hole;
use crate::catalog::template::{GAP, Part, Template};
use crate::text::{Clean, Skeleton, find};

/// How far a hole at the very end of a template is read, in bytes. Lines may be endless; what is
/// kept of it are 200 characters.
const TAIL: usize = 1024;

/// A template and, once it is needed, its regular expression.
#[derive(Clone, Copy)]
pub(super) struct Pattern<'a> {
    template: &'a Template,
    compiled: &'a OnceLock<Engine>,
    /// The name of a hole at the very front, which is read backwards from the match.
    front: Option<&'a Cow<'static, str>>,
    /// The name of a shapeless hole at the very end, which reaches to the end of the line.
    tail: Option<&'a Cow<'static, str>>,
    /// What lies between them.
    parts: &'a [Part],
}

/// Where a pattern matched.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Offsets in the clean text.
    pub start: usize,
    /// End, exclusive.
    pub end: usize,
    /// Offset in the skeleton just after the match, to look on from.
    pub next: usize,
    /// How much of the text was literally known, in bytes: the more, the more specific.
    pub weight: usize,
    /// Letters have the case that the template has.
    pub same_case: bool,
    /// Where the holes lie in the clean text.
    pub holes: Vec<(usize, usize)>,
    /// What the holes hold, as printed.
    pub captures: Captures,
}

impl<'a> Pattern<'a> {
    /// Takes a template and the place where its regular expression is kept.
    pub(super) fn new(template: &'a Template, compiled: &'a OnceLock<Engine>) -> Self {
        let mut parts = template.parts.as_ref();
        let mut front = None;
        let mut tail = None;
        if let [Part::Hole(name), rest @ ..] = parts {
            front = Some(name);
            parts = rest;
        }
        if let [rest @ .., Part::Hole(name)] = parts
            && hole::shape(name) == hole::TEXT
        {
            tail = Some(name);
            parts = rest;
        }
        Self { template, compiled, front, tail, parts }
    }

    /// The longest literal: where it does not stand, the pattern cannot match.
    fn literal(&self) -> &'a [u8] {
        self.template.longest().map_or(&[], |literal| &literal.bytes)
    }

    /// The regular expression over the skeleton; `None` where there is nothing but one literal.
    fn regex(&self) -> Option<&'a Engine> {
        if let [Part::Literal(_)] = self.parts {
            return None;
        }
        Some(self.compiled.get_or_init(|| {
            let mut source = String::new();
            for (n, part) in self.parts.iter().enumerate() {
                match part {
                    Part::Literal(literal) => escape(&mut source, &literal.bytes),
                    Part::Gap => {
                        let _ = write!(source, ".{{0,{GAP}}}?");
                    }
                    Part::Hole(name) => {
                        let regex = hole::shape(name).regex;
                        // With nothing behind it to stop at, a hole takes all it can; `check` cuts
                        // it at a blank.
                        let last = n + 1 == self.parts.len();
                        let regex = regex
                            .strip_suffix('?')
                            .filter(|greedy| last && greedy.ends_with(['}', '+']))
                            .unwrap_or(regex);
                        let _ = write!(source, "({regex})");
                    }
                }
            }
            Engine::new(&source, self.template.longest_match())
                .expect("escaped literals and the tested shapes compile")
        }))
    }

    /// The first match at or after `from` in the skeleton that is really written as the template
    /// is.
    pub(super) fn find(
        &self,
        clean: &Clean,
        skeleton: &Skeleton,
        mut from: usize,
    ) -> Option<Found> {
        // Nothing is compiled for a wording of which only the first words stand there.
        find::first(&skeleton.bytes[from..], self.literal())?;
        loop {
            let (start, end, spans) = match self.regex() {
                None => {
                    let literal = self.literal();
                    let start = from + find::first(&skeleton.bytes[from..], literal)?;
                    (start, start + literal.len(), Vec::new())
                }
                Some(engine) => {
                    // A pattern begins with a literal: it can match nowhere else.
                    let start = match self.parts {
                        [Part::Literal(first), ..] => {
                            from + find::first(&skeleton.bytes[from..], &first.bytes)?
                        }
                        _ => from,
                    };
                    match engine.at(&skeleton.bytes, start) {
                        Some(spans) => (start, spans[0].1, spans[1..].to_vec()),
                        None if start < skeleton.bytes.len() => {
                            from = start + 1;
                            continue;
                        }
                        None => return None,
                    }
                }
            };
            if let Some(found) = self.check(clean, skeleton, start, end, &spans) {
                return Some(found);
            }
            from = start + 1;
        }
    }

    /// Lays a match back on the text.
    fn check(
        &self,
        clean: &Clean,
        skeleton: &Skeleton,
        start: usize,
        end: usize,
        spans: &[(usize, usize)],
    ) -> Option<Found> {
        let laid = Laid { clean, text: &clean.text, skeleton };
        if !laid.starts_word(start) {
            return None;
        }
        let mut at = start;
        let mut spans = spans.iter();
        let mut weight = 0;
        let mut same_case = true;
        let mut captures = Vec::new();
        let mut holes = Vec::new();
        let mut end = end;
        let parts = self.parts;
        for (n, part) in parts.iter().enumerate() {
            match part {
                Part::Literal(literal) => {
                    // After a gap the literal stands wherever the regular expression found it.
                    if n > 0 && matches!(parts[n - 1], Part::Gap) {
                        let gap = at;
                        at += find::first(&skeleton.bytes[at..end], &literal.bytes)?;
                        if laid.leaves_block(gap, at) {
                            return None;
                        }
                    }
                    if !laid.written(at, literal) {
                        return None;
                    }
                    same_case &= laid.same_case(at, literal);
                    at += literal.bytes.len();
                    weight += literal.bytes.len();
                }
                Part::Gap => {}
                Part::Hole(name) => {
                    let &(from, upto) = spans.next()?;
                    let last = n + 1 == parts.len();
                    if hole::shape(name) == hole::TEXT && upto - from > hole::TEXT.longest {
                        return None;
                    }
                    if !last && laid.leaves_block(from, upto) {
                        return None;
                    }
                    let cut =
                        if last { laid.word_end(from, upto, hole::shape(name)) } else { upto };
                    if let Some(value) = laid.printed(from, cut) {
                        // A number or a name wraps nothing; what has no shape may be another
                        // message.
                        if hole::shape(name) == hole::TEXT {
                            holes.push((laid.at(from), laid.text_end(cut)));
                        }
                        captures.push((name.clone(), value));
                    }
                    at = upto;
                    end = if last { cut } else { end };
                }
            }
        }
        // `ERR_SSL_<detail>` goes on in the middle of a word.
        let goes_on = self.tail.is_some() && skeleton.bytes[end - 1] == b'_';
        if !goes_on && !laid.ends_word(end) {
            return None;
        }
        let text_start = skeleton.map[start] as usize;
        let mut text_end = laid.text_end(end.max(start + 1));
        let front = self
            .front
            .and_then(|name| laid.before(text_start).map(|(at, value)| (name, at, value)));
        let found_start = front.as_ref().map_or(text_start, |(_, at, _)| *at);
        if let Some((name, at, value)) = front {
            holes.push((at, text_start));
            captures.push((name.clone(), value));
        }
        if let Some(name) = self.tail {
            let rest = &clean.text[text_end..clean.text.len().min(text_end + TAIL)];
            let line_end = text_end + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            if let Some(value) = tidy(&clean.text[text_end..line_end]) {
                holes.push((text_end, line_end));
                captures.push((name.clone(), value));
                text_end = line_end;
            }
        }
        Some(Found {
            start: found_start,
            end: text_end,
            next: end.max(start + 1),
            weight,
            same_case,
            holes,
            captures,
        })
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

    fn find(template: &str, text: &str) -> Option<Found> {
        let clean = Clean::new(text.as_bytes(), crate::Catalog::builtin().prefixes());
        let skeleton = Skeleton::new(&clean.text);
        Pattern::new(&Template::parse(template), &OnceLock::new()).find(&clean, &skeleton, 0)
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
    fn holes_hold_what_is_printed() {
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
    fn gaps_skip() {
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
