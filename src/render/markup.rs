//! Text as markdown that shows it as it is. Whatever is not plainly a word becomes code: inside code
//! there are no links, mentions, references, emoji or markup, and the sites that render markdown
//! look for some of those after all escapes are undone.

/// A link of the catalog; code if it cannot stand in angle brackets.
pub(super) fn link(url: &str) -> String {
    let plain = url.starts_with("https://")
        && url.bytes().all(|b| b.is_ascii_graphic() && !b"<>`\\".contains(&b));
    if plain { format!("<{url}>") } else { code(url) }
}

/// Text as code, within a fence longer than any in it.
pub(super) fn code(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return "` `".into();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    // A blank at both ends is not part of the code; without it a back-tick at the end would
    // lengthen the fence.
    let blank = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

/// Text as a block of code, within a fence longer than any in it.
pub(super) fn fenced(text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!("{fence}text\n{text}\n{fence}\n\n")
}

/// Back-ticks in the longest run of a text.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Sentences as markdown. What stands between back-ticks is code already.
pub(super) fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let paired =
        parts.len() % 2 == 1 && parts.iter().skip(1).step_by(2).all(|code| !code.is_empty());
    if parts.len() == 1 || !paired {
        return words(text);
    }
    let part = |(n, part): (usize, &&str)| if n % 2 == 1 { code(part) } else { between(part) };
    parts.iter().enumerate().map(part).collect()
}

/// The text between two pieces of code, with the blanks and marks at its ends.
fn between(text: &str) -> String {
    let edge = |c: char| c.is_whitespace() || ".,;:?!()".contains(c);
    // A colon right before a word may begin an emoji.
    let marks = text.len() - text.trim_start_matches(edge).len();
    let marks = text[..marks].trim_end_matches(':').len();
    let marks = if marks == 0 && text.starts_with(": ") { 1 } else { marks };
    let (head, core) = text.split_at(marks);
    let core = core.trim_end_matches(edge);
    let tail = &text[head.len() + core.len()..];
    format!("{head}{}{tail}", if core.is_empty() { String::new() } else { words(core) })
}

/// Text word by word; neighbours that are no plain words make one piece of code.
fn words(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut pending: Vec<&str> = Vec::new();
    let mut before = "";
    for word in text.split_whitespace() {
        let core = word.trim_start_matches(['(', '"', '\'']);
        let head = &word[..word.len() - core.len()];
        let core = core.trim_end_matches(['.', ',', ';', ':', '?', ')', '"', '\'']);
        let tail = &word[head.len() + core.len()..];
        if is_word(core) && !(core.is_empty() && out.is_empty() && pending.is_empty()) {
            flush(&mut out, &mut pending, before, "");
            out.push(word.to_owned());
            continue;
        }
        if !head.is_empty() {
            flush(&mut out, &mut pending, before, "");
        }
        if pending.is_empty() {
            before = head;
        }
        pending.push(core);
        if !tail.is_empty() {
            flush(&mut out, &mut pending, before, tail);
        }
    }
    flush(&mut out, &mut pending, before, "");
    out.join(" ")
}

/// Moves the pending words to the output as one piece of code, with the marks around them.
fn flush(out: &mut Vec<String>, pending: &mut Vec<&str>, before: &str, after: &str) {
    if !pending.is_empty() {
        out.push(format!("{before}{}{after}", code(&pending.join(" "))));
        pending.clear();
    }
}

/// Whether neither markdown nor a site that renders it could take a word for anything but text: it
/// is no address, no reference, no hash.
fn is_word(core: &str) -> bool {
    let lower = core.to_ascii_lowercase();
    let address = lower.starts_with("www.") || lower.contains(':');
    let reference = lower.starts_with("gh-")
        || (core.len() >= 7
            && core.bytes().all(|b| b.is_ascii_hexdigit())
            && core.bytes().any(|b| b.is_ascii_digit()));
    let marker = core.chars().all(|c| !c.is_alphanumeric()) && core.chars().any(|c| c.is_ascii());
    let plain = core.chars().all(|c| {
        c.is_alphanumeric()
            || matches!(
                c,
                '.' | ',' | ';' | '\'' | '’' | '-' | '–' | '—' | '…' | '·' | '/' | '%' | '(' | ')'
            )
    });
    plain && !address && !reference && (!marker || core.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words_and_the_rest_is_code() {
        for (text, left) in [
            ("Nothing is broken; it can't work.", "Nothing is broken; it can't work."),
            (
                "If max_tokens is named (see /config), set A=1 B=2.",
                "If `max_tokens` is named (see /config), set `A=1 B=2`.",
            ),
            ("ask @octocat in org/repo#12 or a@b.c", "ask `@octocat` in `org/repo#12` or `a@b.c`"),
            (
                "<img src=x> & [a](b) **x** https://x.y www.x.y",
                "`<img src=x> & [a](b`) `**x** https://x.y www.x.y`",
            ),
            ("- item", "`-` item"),
            ("see GH-12 and deadbeef1 :tada: $x$", "see `GH-12` and `deadbeef1 :tada`: `$x$`"),
            ("a ``b`` c", "a ``` ``b`` ``` c"),
            ("a `b", "a `` `b ``"),
            (
                "Run `claude -p` (with `--model x`), or wait.",
                "Run `claude -p` (with `--model x`), or wait.",
            ),
            ("`none`: see @me in `<a>`", "`none`: see `@me` in `<a>`"),
            ("`a`:tada:`b`", "`a``:tada`:`b`"),
        ] {
            assert_eq!(prose(text), left, "{text}");
        }
    }

    #[test]
    fn fences_are_longer_than_what_they_hold() {
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code(" "), "` `");
        assert_eq!(fenced("x"), "```text\nx\n```\n\n");
        assert_eq!(fenced("````x"), "`````text\n````x\n`````\n\n");
    }

    #[test]
    fn only_plain_links_are_links() {
        assert_eq!(link("https://x.y/z#a"), "<https://x.y/z#a>");
        assert_eq!(link("https://x> <b>"), "`https://x> <b>`");
    }
}
