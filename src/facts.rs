//! Facts that the text around an event tells of it, by whatever rule it was found: the request's
//! id, and when to try again. `curl -i` prints the headers of a response before the body, with an
//! empty line between; what they say belongs to the event.

use std::ops::RangeInclusive;

use crate::matching::Captures;
use crate::provenance::Context;
use crate::text::{Clean, Skeleton, find};

/// The shortest id of a request, in bytes.
const REQUEST_ID: usize = 12;
/// The most headers of a response that are read, in lines.
const HEADERS: usize = 64;
/// The longest name of a header that is read, in bytes.
const HEADER_NAME: usize = 80;

/// Adds the facts in the unit at an offset and in the headers of its response: `request_id`, and
/// `retry_after` in seconds.
pub(crate) fn add(context: &Context<'_>, at: usize, captures: &mut Captures) {
    let text = unit_with_headers(context, at);
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
    add("request_id", id.filter(|id| id.len() >= REQUEST_ID));
    // A header, or a field of an error object.
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

/// The text of the unit at an offset, with the headers of the response whose body it is.
fn unit_with_headers<'c>(context: &'c Context<'_>, at: usize) -> &'c [u8] {
    let clean = context.clean;
    let (unit, block) = (context.unit_span(at), context.block_lines(clean.line_of(at)));
    let line = |index: usize| clean.lines[index];
    if unit != (line(block.0).start..line(block.1).end) {
        return &clean.text[unit];
    }
    let lines = with_headers(clean, block);
    &clean.text[line(*lines.start()).start..line(*lines.end()).end]
}

/// The lines of an event with the headers of its response, which stand before them or go on after
/// them.
fn with_headers(clean: &Clean, (first, last): (usize, usize)) -> RangeInclusive<usize> {
    let line = |index: usize| unmarked(clean.line(index));
    let (mut start, mut end) = (first, last);
    let body = first - usize::from(first > 0 && line(first - 1).is_empty());
    let headers = (0..body).rev().take(HEADERS).take_while(|&index| is_header(line(index))).count();
    if let Some(status) = (body - headers).checked_sub(1).filter(|&index| is_status(line(index))) {
        start = status;
    }
    if (first..=last).any(|index| is_status(line(index))) {
        end += (last + 1..clean.lines.len())
            .take(HEADERS)
            .take_while(|&index| is_header(line(index)))
            .count();
    }
    start..=end
}

/// A line without the `<` that `curl -v` puts before it.
fn unmarked(line: &[u8]) -> &[u8] {
    line.strip_prefix(b"<").unwrap_or(line).trim_ascii()
}

fn is_status(line: &[u8]) -> bool {
    line.starts_with(b"HTTP/")
}

fn is_header(line: &[u8]) -> bool {
    let name = line
        .iter()
        .take(HEADER_NAME)
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-')
        .count();
    name > 0 && line.get(name) == Some(&b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_belong_to_the_body_or_to_the_status_line() {
        let catalog = crate::Catalog::builtin();
        let clean = |raw: &str| Clean::new(raw.as_bytes(), catalog.prefixes());
        let head = "HTTP/2 429\nretry-after: 7\nserver: a";
        let response = clean(&format!("x: y\n{head}\n\n{{\"type\":\"error\"}}\nx: y"));
        assert_eq!(with_headers(&response, (5, 5)), 1..=5);
        assert_eq!(with_headers(&response, (1, 1)), 1..=3);
        let response = clean("< HTTP/2 429\n< retry-after: 7\n<\nbody\n\na: b\n\nother");
        assert_eq!(with_headers(&response, (3, 3)), 0..=3);
        assert_eq!(with_headers(&response, (7, 7)), 7..=7, "no status");
    }
}
