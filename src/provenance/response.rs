//! The head of an HTTP response beside an event. `curl -i` prints it before the body, with an empty
//! line between, and what it says of the event, when to try again and the request's id, is the
//! event's.

use std::ops::RangeInclusive;

use crate::text::Clean;

/// No response has more headers.
const MOST: usize = 64;

/// The lines of an event with the head of its response, where that stands before them or goes on
/// after them.
pub(super) fn with_head(clean: &Clean, (first, last): (usize, usize)) -> RangeInclusive<usize> {
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
        let clean = Clean::new(
            b"x: y\nHTTP/2 429\nretry-after: 7\nserver: a\n\n{\"type\":\"error\"}\nx: y",
        );
        assert_eq!(with_head(&clean, (5, 5)), 1..=5);
        assert_eq!(with_head(&clean, (1, 1)), 1..=3);
        let clean = Clean::new(b"< HTTP/2 429\n< retry-after: 7\n<\nbody\n\na: b\n\nother");
        assert_eq!(with_head(&clean, (3, 3)), 0..=3);
        assert_eq!(with_head(&clean, (7, 7)), 7..=7, "no status");
    }
}
