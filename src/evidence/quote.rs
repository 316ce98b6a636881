//! Lines on which somebody talks about errors instead of having one: code, diffs, tests,
//! documentation, access logs.
//!
//! Each rule names a kind of line by its shape; none knows a wording of the catalog.

use crate::text::search::contains;

/// A dump of the client's errors is a record wherever it stands: issue forms put it in a fence.
pub(super) fn is_dump(line: &[u8]) -> bool {
    line.starts_with(br#"[{"error":"#) || line.starts_with(br#"{"error":"#)
}

/// Whether a line is of a kind that only quotes.
pub(super) fn is_quoted(line: &[u8]) -> bool {
    comment(line)
        || test(line)
        || grep_hit(line)
        || access_log(line)
        || table(line)
        || commit(line)
        || code(line)
}

fn starts_with_any(line: &[u8], heads: &[&str]) -> bool {
    heads.iter().any(|head| line.starts_with(head.as_bytes()))
}

/// `// …`, `/* …`, `# …`, `<!-- …`; `#!` and `#1` are none.
fn comment(line: &[u8]) -> bool {
    starts_with_any(
        line,
        &["//", "/*", "* @", "<!--", "# ", "## ", "### ", "#### ", "--- ", "rem ", "REM "],
    )
}

/// The name or the verdict of a test.
fn test(line: &[u8]) -> bool {
    const VERDICTS: &[&str] = &[
        " PASSED",
        " FAILED",
        " SKIPPED",
        " ... ok",
        " ... FAILED",
        " ... ignored",
        "::test_",
        " (PASS)",
        "AssertionError",
        " to equal ",
        " to be '",
        " but nothing was raised",
    ];
    let pytest = line.strip_prefix(b"E ").map(<[u8]>::trim_ascii_start);
    pytest.is_some_and(|line| starts_with_any(line, &["- ", "+ ", "assert", "? "]))
        || starts_with_any(
            line,
            &[
                "✓",
                "✔",
                "√",
                "☐",
                "ok ",
                "not ok ",
                "--- PASS",
                "--- FAIL",
                "=== RUN",
                "test ",
                "PASS ",
                "FAIL ",
                "it(",
                "describe(",
                "exports[`",
                "Expected:",
                "Received:",
                "expected:",
                "actual:",
            ],
        )
        || VERDICTS.iter().any(|verdict| contains(line, verdict))
}

/// `path/file.ext:12:` of grep and compilers.
fn grep_hit(line: &[u8]) -> bool {
    let Some(colon) = memchr::memchr(b':', &line[..line.len().min(200)]) else {
        return false;
    };
    let path = &line[..colon];
    let digits = line[colon + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
    let after = line.get(colon + 1 + digits);
    digits > 0
        && matches!(after, Some(b':' | b'-'))
        && !path.contains(&b' ')
        && memchr::memrchr(b'.', path).is_some_and(|dot| {
            (1..=5).contains(&(path.len() - dot - 1)) && path[dot + 1].is_ascii_alphabetic()
        })
}

/// A request in the log of a server: `"POST /v1/messages HTTP/1.1" 429`.
fn access_log(line: &[u8]) -> bool {
    const VERBS: &[&[u8]] =
        &[b"GET ", b"POST ", b"PUT ", b"HEAD ", b"DELETE ", b"PATCH ", b"OPTIONS "];
    let request = |at: usize| VERBS.iter().any(|verb| line[at..].starts_with(verb));
    !line.starts_with(b"{")
        && memchr::memchr2_iter(b'"', b'|', line)
            .any(|at| request(at + 1) || (line[at..].starts_with(b"| ") && request(at + 2)))
}

/// A row of a Markdown table.
fn table(line: &[u8]) -> bool {
    line.len() > 4 && line.first() == Some(&b'|') && line.last() == Some(&b'|')
}

/// The head of a commit in a log.
pub(super) fn commit_head(line: &[u8]) -> bool {
    line.strip_prefix(b"commit ")
        .is_some_and(|hash| hash.iter().take_while(|b| b.is_ascii_hexdigit()).count() >= 7)
}

/// A commit in a one-line log.
fn commit(line: &[u8]) -> bool {
    let hash = line
        .iter()
        .take(41)
        .take_while(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b))
        .count();
    (7..=40).contains(&hash)
        && line.get(hash) == Some(&b' ')
        && line[..hash].iter().any(u8::is_ascii_digit)
        && line[..hash].iter().any(u8::is_ascii_alphabetic)
}

/// A line of source code, also behind the line number or the sign of a listing.
fn code(line: &[u8]) -> bool {
    const HEADS: &[&str] = &[
        "assert",
        "expect(",
        "const ",
        "let ",
        "var ",
        "def ",
        "fn ",
        "pub ",
        "func ",
        "function ",
        "class ",
        "import ",
        "from ",
        "return ",
        "if (",
        "if err",
        "elif ",
        "else if",
        "} else",
        "} catch",
        "catch (",
        "except ",
        "raise ",
        "throw ",
        "case ",
        "match ",
        "while ",
        "for (",
        "print(",
        "println!",
        "console.",
        "logger.",
        "log.",
        "self.",
        "this.",
        "'''",
        "\"\"\"",
        "#include",
        "#define",
        "static ",
        "public ",
        "private ",
        "await ",
        "async ",
    ];
    let line = listed(line);
    let ends = matches!(line.last(), Some(b';' | b'{')) || line.ends_with(b"),");
    let call = ends && (contains(line, "(\"") || contains(line, "('"));
    let assigns = ["=> ", " = \"", " = '", " = [", " = {", " == \"", " == '", " => ", "assert_eq!"]
        .iter()
        .any(|sign| contains(line, sign));
    starts_with_any(line, HEADS) || assigns || call || element(line) || property(line)
}

/// The text behind a listing's line number and sign: `  12 + text`, `+ text`.
fn listed(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii_start();
    let number = line.iter().take_while(|b| b.is_ascii_digit()).count();
    let gutter = line[number..].iter().take_while(|b| b" \t|".contains(b)).count();
    let rest = if number > 0 && gutter > 0 { &line[number + gutter..] } else { line };
    match rest {
        [b'+' | b'-', b' ' | b'\t', ..] => rest[1..].trim_ascii_start(),
        _ => rest,
    }
}

/// A property in source code: `key: "text",`. Printed objects quote their keys, or their texts with
/// single quotes.
fn property(line: &[u8]) -> bool {
    let key = line.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    key > 0 && line[key..].starts_with(b": \"") && line.ends_with(b"\",") && !line.contains(&b'\'')
}

/// An element of a list in source code: a literal or a lone word with a comma after it. A text that
/// goes on in the next line ends in a comma too, and so does a field of a printed object: `type:
/// 'overloaded_error',`.
fn element(line: &[u8]) -> bool {
    let Some(item) = line.strip_suffix(b",") else { return false };
    let word = |text: &[u8]| {
        text.iter().take_while(|b| b.is_ascii_alphanumeric() || b"_-$.".contains(b)).count()
    };
    match item {
        [quote @ (b'"' | b'\''), rest @ ..] => {
            let key = word(rest);
            // `"key": …` is a field.
            !(key > 0 && rest.get(key) == Some(quote) && rest.get(key + 1) == Some(&b':'))
        }
        // An object is a line of source only if it is short; long ones are records, one per line.
        [b'{', ..] => item.len() < 40,
        [b'0'..=b'9', ..] => true,
        _ => word(item) == item.len() && !item.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_quotation() {
        for line in [
            "// API Error: 529 is retried",
            "tests/test_client.py::test_rate_limit_error_429 PASSED  [ 12%]",
            "✓ shows \"Request timed out\" after 3 attempts (31 ms)",
            "ok 12 - renders \"API Error\" banner for status 529",
            "docs/limits.md:14:| request_too_large | 413 |",
            "INFO:     127.0.0.1:36092 - \"POST /v1/messages HTTP/1.1\" 429 Too Many Requests",
            "| rate_limit_error | 429 |",
            "a1b2c3d net: map ECONNREFUSED to exit status 7",
            "429 => Kind::RateLimit,",
            "assert_eq!(text, \"Prompt is too long\");",
            "throw new Error(\"Prompt is too long\");",
            "+   assert text == \"Prompt is too long\"",
            "  12 + \"Not logged in · Please run /login\",",
            "messages = [\"Prompt is too long\"]",
            "title = 'Prompt is too long'",
            "'Error: Prompt is too long',",
            "rejects = ['Prompt is too long']",
            "'''Prompt is too long",
            "403: ('Forbidden',",
            "invalidKey: \"Invalid API key\",",
            "exports[`x 1`] = `\"API Error: 529 Overloaded\"`;",
            "expected Anthropic::OverloadedError but nothing was raised",
            "{\"status\": 400},",
        ] {
            assert!(is_quoted(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn reports_are_no_quotation() {
        for line in [
            "API Error: 529 {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}",
            "anthropic.RateLimitError: Error code: 429 - {'type': 'error'}",
            "Error: 400 <html>",
            "Prompt is too long",
            "error: connect ECONNREFUSED 127.0.0.1:443",
            "deadbeef",
            "type: 'overloaded_error',",
            "\"error_status\": 401,",
            "'message': 'Overloaded',",
            "API Error: The socket connection was closed unexpectedly. For more information,",
            "\"Unable to connect to API: Self-signed certificate detected\"",
        ] {
            assert!(!is_quoted(line.as_bytes()), "{line}");
        }
    }
}
