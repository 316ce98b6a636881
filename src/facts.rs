//! What the text around an event says of it whatever its wording: the request's id, and when to try
//! again. `curl -i` prints the head of a response before the body, with an empty line between; what
//! it says is the event's.

use std::ops::RangeInclusive;

use crate::matching::Captures;
use crate::provenance::Context;
use crate::text::{Clean, Skeleton, find};

/// What a block and the head of its response say of its event whatever the wording: the request's
/// id, and how long to wait.
pub(crate) fn add(context: &Context<'_>, at: usize, captures: &mut Captures) {
    let text = response(context, at);
    let mut add = |name: &'static str, value: Option<String>| {
        if let Some(value) = value.filter(|_| !captures.iter().any(|(known, _)| known == name)) {
            captures.push((name.into(), value));
        }
    };
    let skeleton = Skeleton::new(text);
    let id = find::first(&skeleton.bytes, b"req_").map(|at| {
        let length = skeleton.bytes[at..]
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
            .count();
        // The skeleton's letters are lower case; an id's are not.
        skeleton.map[at..at + length]
            .iter()
            .map(|&at| text[at as usize] as char)
            .collect::<String>()
    });
    add("request_id", id.filter(|id| id.len() >= 12));
    // A header, a field of Cloudflare's error, milliseconds of the client's own retry.
    let number = |key: &[u8]| {
        let at = find::first(&skeleton.bytes, key)? + key.len();
        let digits: String = skeleton.bytes[at..]
            .iter()
            .take(9)
            .take_while(|b| b.is_ascii_digit())
            .map(|&b| b as char)
            .collect();
        (!digits.is_empty()).then_some(digits)
    };
    add("retry_after", number(b"retry-after:").or_else(|| number(b"retry_after:")));
}

/// The text of the unit of an offset, with the head of the response whose body it is.
fn response<'c>(context: &'c Context<'_>, at: usize) -> &'c [u8] {
    let clean = context.clean;
    let (unit, block) = (context.unit_span(at), context.block_lines(clean.line_of(at)));
    let line = |index: usize| clean.lines[index];
    if unit != (line(block.0).start..line(block.1).end) {
        return &clean.text[unit];
    }
    let lines = with_head(clean, block);
    &clean.text[line(*lines.start()).start..line(*lines.end()).end]
}

/// No response has more headers.
const MOST: usize = 64;

/// The lines of an event with the head of its response, where that stands before them or goes on
/// after them.
fn with_head(clean: &Clean, (first, last): (usize, usize)) -> RangeInclusive<usize> {
    let line = |index: usize| plain(clean.line(index));
    let (mut from, mut upto) = (first, last);
    let body = first - usize::from(first > 0 && line(first - 1).is_empty());
    let headers = (0..body).rev().take(MOST).take_while(|&index| is_header(line(index))).count();
    if let Some(status) = (body - headers).checked_sub(1).filter(|&index| is_status(line(index))) {
        from = status;
    }
    if (first..=last).any(|index| is_status(line(index))) {
        upto += (last + 1..clean.lines.len())
            .take(MOST)
            .take_while(|&index| is_header(line(index)))
            .count();
    }
    from..=upto
}

/// A line without the mark that `curl -v` puts before it.
fn plain(line: &[u8]) -> &[u8] {
    line.strip_prefix(b"<").unwrap_or(line).trim_ascii()
}

fn is_status(line: &[u8]) -> bool {
    line.starts_with(b"HTTP/")
}

fn is_header(line: &[u8]) -> bool {
    let name = line
        .iter()
        .take(80)
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-')
        .count();
    name > 0 && line.get(name) == Some(&b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_belongs_to_what_follows_or_begins_it() {
        let catalog = crate::Catalog::builtin();
        let clean = |raw: &str| Clean::new(raw.as_bytes(), catalog.prefixes());
        let head = "HTTP/2 429\nretry-after: 7\nserver: a";
        let response = clean(&format!("x: y\n{head}\n\n{{\"type\":\"error\"}}\nx: y"));
        assert_eq!(with_head(&response, (5, 5)), 1..=5);
        assert_eq!(with_head(&response, (1, 1)), 1..=3);
        let response = clean("< HTTP/2 429\n< retry-after: 7\n<\nbody\n\na: b\n\nother");
        assert_eq!(with_head(&response, (3, 3)), 0..=3);
        assert_eq!(with_head(&response, (7, 7)), 7..=7, "no status");
    }
}
