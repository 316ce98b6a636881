//! Lines on which somebody talks about errors instead of having one: code, diffs, tests, documentation, access logs.
//!
//! Each rule names a kind of line by its shape; none knows a wording of the catalog.

/// Whether a line is of a kind that only quotes.
pub(super) fn is_quoted(line: &[u8]) -> bool {
    comment(line) || test(line) || grep_hit(line) || access_log(line) || table(line) || commit(line) || code(line)
}

fn starts_with_any(line: &[u8], heads: &[&str]) -> bool {
    heads.iter().any(|head| line.starts_with(head.as_bytes()))
}

fn contains(line: &[u8], word: &str) -> bool {
    memchr::memmem::find(line, word.as_bytes()).is_some()
}

/// `// …`, `/* …`, `# …`, `<!-- …`; `#!` and `#1` are none.
fn comment(line: &[u8]) -> bool {
    starts_with_any(line, &["//", "/*", "* @", "<!--", "# ", "## ", "### ", "#### ", "--- ", "rem ", "REM "])
}

/// The name or the verdict of a test.
fn test(line: &[u8]) -> bool {
    const VERDICTS: &[&str] = &[" PASSED", " FAILED", " SKIPPED", " ... ok", " ... FAILED", " ... ignored", "::test_", " (PASS)"];
    starts_with_any(line, &["✓", "✔", "√", "☐", "ok ", "not ok ", "--- PASS", "--- FAIL", "=== RUN", "test ", "PASS ", "FAIL ", "it(", "describe("])
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
        && memchr::memrchr(b'.', path).is_some_and(|dot| (1..=5).contains(&(path.len() - dot - 1)) && path[dot + 1].is_ascii_alphabetic())
}

/// A request in the log of a server: `"POST /v1/messages HTTP/1.1" 429`.
fn access_log(line: &[u8]) -> bool {
    const VERBS: &[&str] = &["GET", "POST", "PUT", "HEAD", "DELETE", "PATCH", "OPTIONS"];
    let request = VERBS.iter().any(|verb| contains(line, &format!("\"{verb} ")) || contains(line, &format!("| {verb} ")));
    request && !line.starts_with(b"{")
}

/// A row of a Markdown table.
fn table(line: &[u8]) -> bool {
    line.len() > 4 && line.first() == Some(&b'|') && line.last() == Some(&b'|')
}

/// A commit in a one-line log.
fn commit(line: &[u8]) -> bool {
    let hash = line.iter().take(41).take_while(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b)).count();
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
    let start = line.iter().take_while(|b| b.is_ascii_digit() || b" \t+-|".contains(b)).count();
    let line = &line[start..];
    let ends = matches!(line.last(), Some(b';' | b'{')) || line.ends_with(b"),");
    let call = ends && (contains(line, "(\"") || contains(line, "('"));
    let assigns = [" = \"", " = '", " = [", " = {", " == \"", " == '", " => ", "assert_eq!"].iter().any(|sign| contains(line, sign));
    starts_with_any(line, HEADS) || assigns || call || element(line)
}

/// An element of a list in source code: it ends in a comma and has no key, as the fields of printed objects have.
fn element(line: &[u8]) -> bool {
    let (quote, key) = match line {
        [quote @ (b'"' | b'\''), rest @ ..] => (Some(quote), rest),
        _ => (None, line),
    };
    let word = key.iter().take_while(|b| b.is_ascii_alphanumeric() || b"_-$.".contains(b)).count();
    let after = &key[word..];
    let colon = match quote {
        Some(quote) => after.first() == Some(quote) && after.get(1) == Some(&b':'),
        None => after.first() == Some(&b':'),
    };
    let keyed = colon && key.first().is_some_and(u8::is_ascii_alphabetic);
    // An object is a line of source only if it is short; long ones are records, one per line.
    let object = line.first() == Some(&b'{') && line.len() >= 40;
    line.last() == Some(&b',') && !keyed && !object
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
            "\"Unable to connect to API: Self-signed certificate detected\"",
        ] {
            assert!(!is_quoted(line.as_bytes()), "{line}");
        }
    }
}
