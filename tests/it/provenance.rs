//! Whose words are these? Kinds of lines with the answer, and provenance rules of users: what they add
//! and silence, how their faults are named, and what they cannot do.

use crate::support::{DIAGNOSER, Folder, diagnose};

/// What a text is diagnosed as.
fn verdict(text: &str) -> String {
    let report = DIAGNOSER.stream("text", text.as_bytes()).expect("a slice reads");
    report.diagnoses.first().map_or("none".into(), |primary| primary.entry.id.to_string())
}

fn judge(cases: &[(&str, &str)]) {
    let wrong = cases.iter().filter_map(|(expected, text)| {
        let got = verdict(text);
        (got != *expected).then(|| format!("{text:?}: expected {expected}, got {got}"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_word_before_an_error_makes_a_quotation_of_it() {
    judge(&[
        ("overloaded", "test failed: API Error: 529 Overloaded"),
        ("overloaded", "from agent 3: API Error: 529 Overloaded"),
        ("overloaded", "let me try again: API Error: 529 Overloaded"),
        ("overloaded", "step 3 => API Error: 529 Overloaded"),
        ("overloaded", "state = \"failed\", reason: API Error: 529 Overloaded"),
        ("overloaded", "return code 1, last line: API Error: 529 Overloaded"),
        ("overloaded", "not ok 3 - review: API Error: 529 Overloaded"),
        ("overloaded", "$ cat prompt.md | claude -p\nAPI Error: 529 Overloaded"),
        ("overloaded", "$ git diff main | claude -p review\nAPI Error: 529 Overloaded"),
        ("overloaded", "I ran it:\n\n```\n$ claude -p hi\nAPI Error: 529 Overloaded\n```"),
        (
            "no-credential",
            "Agent stopped due to exception \"Could not resolve authentication method\" in claude",
        ),
    ]);
}

#[test]
fn a_complete_form_is_a_quotation() {
    judge(&[
        ("none", "test/errors.ts\n88:  return 'API Error: 529 Overloaded'"),
        ("none", "src/errors.rs-14-    \"API Error: 529 Overloaded\","),
        ("none", "cases:\n  - name: busy\n    input: \"API Error: 529 Overloaded\""),
        ("none", "| `API Error: 529 Overloaded` | the API is busy |\n|---|---|"),
        ("none", "When it answers \"API Error: 529 Overloaded\", the worker waits."),
        ("none", "case \"$out\" in\n  *\"API Error: 529 Overloaded\"*) sleep 60 ;;\nesac"),
        ("none", "$ cat > a.txt <<'EOF'\n> API Error: 529 Overloaded\n> EOF\n$ ls"),
        ("none", "<testcase name=\"hint for API Error: 529 Overloaded\" time=\"0.003\"/>"),
        ("none", "increase(errors_total{provider=\"anthropic\",type=\"overloaded_error\"}[5m])"),
    ]);
}

#[test]
fn an_answer_of_the_api_is_known_by_its_structure() {
    let id = "req_011CWq7yBnV3xT8rKfLmP2sZ";
    judge(&[
        (
            "unauthorized",
            "httpx.HTTPStatusError: Client error '401 Unauthorized' for url 'https://api.anthropic.com/v1/messages'",
        ),
        (
            "overloaded",
            "requests.exceptions.HTTPError: 529 Server Error:  for url: https://api.anthropic.com/v1/messages",
        ),
        (
            "overloaded",
            "--2026-04-21 13:49:16--  https://api.anthropic.com/v1/messages\nHTTP request sent, awaiting response... 529 \n",
        ),
        ("unauthorized", "Anthropic API: 401 Unauthorized"),
        ("server-error", "Error calling Claude API: 500 Internal Server Error"),
        ("overloaded", "Got 529 from the Claude API, giving up"),
        ("server-error", &format!("HTTP 500: api_error: Internal server error ({id})")),
        ("overloaded", "{\"type\" => \"error\", \"error\" => {\"type\" => \"overloaded_error\"}}"),
        (
            "overloaded",
            "%{\"error\" => %{\"type\" => \"overloaded_error\"}, \"type\" => \"error\", \"request_id\" => \"req_011CWq\"}",
        ),
        (
            "overloaded",
            "OpenAI completion error: 529 {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}",
        ),
        ("none", "GET https://shop.example.com/cart 401 Unauthorized (12 ms)"),
        ("none", "POST https://api.anthropic.com/v1/messages 200 OK in 512 ms"),
        (
            "none",
            "HTTP Request: POST https://api.anthropic.com/v1/messages \"HTTP/1.1 200 OK\"\ncart: responded 503",
        ),
    ]);
}

#[test]
fn every_shape_of_claude_has_an_answer() {
    judge(&[
        ("unreadable-answer", "API Error: Invalid URL"),
        ("unreadable-answer", "⏺ API Error: Unexpected end of JSON input"),
        ("request-timed-out", "API Error: 408 stream timeout"),
        ("server-error", "API Error: 424 The request failed due to an error while processing"),
        ("client-error", "anthropic.APIStatusError: Error code: 418 - {'detail': 'x'}"),
        (
            "unrecognised-api-error",
            "{\"type\":\"error\",\"error\":{\"type\":\"tea_error\",\"message\":\"x\"}}",
        ),
        ("none", "mailgun API Error: domain not found"),
        ("none", "[API Error: quota exceeded]"),
    ]);
    for status in 400..=599 {
        let text = format!("API Error: {status} x");
        let report = DIAGNOSER.argument(&text);
        assert!(!report.diagnoses.is_empty(), "{text}");
    }
}

#[test]
fn other_programs_speak() {
    judge(&[
        (
            "none",
            "litellm.BadRequestError: DeepseekException - {\"error\":{\"type\":\"invalid_request_error\"}}",
        ),
        ("none", "litellm.RateLimitError: XaiException - 429 Too Many Requests"),
        ("none", "MCP error -32603: API Error: 429 Too Many Requests"),
        ("none", "UserPromptSubmit hook error: API Error: 529 Overloaded"),
        ("none", "gemini: [API Error: 529 Overloaded]"),
        ("rate-limited", "litellm.RateLimitError: AnthropicException - 429 Too Many Requests"),
    ]);
}

#[test]
fn of_several_events_the_cause_is_told() {
    let overloaded = r#"{"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"#;
    let dump = format!(
        "[{{\"error\":\"AxiosError: Request failed with status code 401\"}},{{\"error\":\"Error: 529 {}\"}}]",
        overloaded.replacen("{\"type", "{\\\"type", 1)
    );
    judge(&[
        ("overloaded", &dump),
        (
            "session-limit",
            "You've hit your session limit · resets 8am (Europe/London)\n\nError: 429 {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"This request would exceed your account's rate limit.\"}}",
        ),
        (
            "server-error",
            "API Error: 500 Internal server error\n\nClaude is getting worse every day",
        ),
        (
            "conversation-too-long",
            "> go on\n  ⎿  Prompt is too long\n\n> /compact\n  ⎿  Error: Error during compaction: Conversation too long. Press esc twice to go up a few messages and try again.",
        ),
        (
            "process-exited",
            "Error: Claude Code process exited with an error. This is often caused by: • Invalid or missing API Key\n\nOriginal error: Claude Code process exited with code 1",
        ),
    ]);
}

/// A rule of a user: everything but its forms.
fn rule(topic: &str, id: &str, more: &str) -> String {
    format!("[[{topic}]]\nid = \"{id}\"\n{more}\n")
}

#[test]
fn users_add_and_silence_rules() {
    let folder = Folder::new();
    let text = "@bot said API Error: 529 Overloaded";
    let known = diagnose(&["--print", "id"], text.as_bytes());
    assert_eq!(known.stdout.trim(), "overloaded");
    let quotation = rule(
        "quotation",
        "bot",
        "forms = [\"@bot said ...\"]\noverrules = \"record\"\nexamples = [\"@bot said API Error: 529 Overloaded\"]\nrejects = [\"API Error: 529 Overloaded\"]",
    );
    let file = folder.write("ours.toml", &quotation);
    let quoted = diagnose(&["--catalog", &file, "--why"], text.as_bytes());
    assert_eq!(quoted.status, 1);
    assert!(
        quoted.stdout.contains(&format!("(rule `bot`, {file}:1)")),
        "--why names the rule with its place: {}",
        quoted.stdout
    );
    let checked = diagnose(&["--check-catalog", &file], b"");
    assert_eq!(checked.status, 0, "{}", checked.stderr);

    let source = b"return 'API Error: 529 Overloaded';";
    assert_eq!(diagnose(&[], source).status, 1);
    let off = folder.write("off.toml", "disable = [\"source-line\", \"element\"]\n");
    assert_eq!(diagnose(&["--catalog", &off, "--print", "id"], source).stdout.trim(), "overloaded");
}

#[test]
fn faults_of_rules_have_their_place() {
    let folder = Folder::new();
    for (text, fault) in [
        (
            rule(
                "quotation",
                "a",
                "forms = [\"...\"]\noverrules = \"record\"\nexamples = [\"a\"]\nrejects = [\"b\"]",
            ),
            "3: quotation `a`: form `...` is open",
        ),
        (
            rule("quotation", "a", "forms = [\"x ...\"]\nexamples = [\"a\"]\nrejects = [\"b\"]"),
            "1: quotation `a`: `overrules` is missing",
        ),
        (
            rule("quotation", "a", "forms = [\"x ...\"]\noverrules = \"certain\""),
            "4: quotation `a`: `overrules` is `certain`, which is none of",
        ),
        (
            rule("prefix", "a", "forms = [\"<nothing> \"]\nexamples = [\"a\"]\nrejects = [\"b\"]"),
            "3: prefix `a`: there is no list of forms `nothing`",
        ),
        (
            rule("vendor", "a", "names = [\"acme\"]\nexamples = [\"a\"]\nrejects = [\"b\"]"),
            "1: vendor `a`: `speaks` is missing",
        ),
        (
            rule(
                "vendor",
                "claude",
                "names = [\"acme\"]\nspeaks = \"other\"\nexamples = [\"a\"]\nrejects = [\"b\"]",
            ),
            "2: id `claude` is already taken by catalog/provenance.toml:",
        ),
        (
            rule(
                "surface",
                "a",
                "colour = 1\nnames = [\"acme\"]\nsurface = \"cli\"\nexamples = [\"a\"]\nrejects = [\"b\"]",
            ),
            "3: surface `a`: unknown key `colour`",
        ),
        ("[words]\ncolour = [\"red\"]\n".to_owned(), "2: words: unknown key `colour`"),
        ("[forms]\nlevel = [\"x\"]\n".to_owned(), "2: forms: `level` is taken"),
    ] {
        let file = folder.write("broken.toml", &text);
        let run = diagnose(&["--check-catalog", &file], b"");
        assert_eq!(run.status, 2, "{text}");
        assert!(run.stderr.contains(fault), "{text}\nexpected {fault}\n{}", run.stderr);
    }
    // Two faults that the linter finds by trying all examples.
    let idle = rule(
        "quotation",
        "idle",
        "forms = [\"@bot ...\"]\noverrules = \"record\"\nexamples = [\"API Error: 500 x\"]\nrejects = [\"@bot API Error: 529 Overloaded\"]",
    );
    let greedy = rule(
        "quotation",
        "greedy",
        "forms = [\"API Error: 529 ...\"]\noverrules = \"record\"\nexamples = [\"API Error: 529 Overloaded\"]\nrejects = [\"API Error: 500 x\"]",
    );
    let file = folder.write("broken.toml", idle + &greedy);
    let run = diagnose(&["--check-catalog", &file], b"");
    for fault in [
        "5: quotation `idle`: does not apply to its example",
        "7: quotation `greedy`: hides an example of `overloaded`",
    ] {
        assert!(run.status == 2 && run.stderr.contains(fault), "{fault}\n{}", run.stderr);
    }
}

#[test]
fn rules_make_no_secret_visible() {
    let folder = Folder::new();
    let key = "sk-ant-api03-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789";
    let file = folder.write(
        "ours.toml",
        rule(
            "prefix",
            "key",
            &format!("forms = [\"<name> key sk-ant-\"]\nexamples = [\"x key sk-ant-{}\"]\nrejects = [\"y\"]", "a"),
        ),
    );
    let text = format!("x key {key} API Error: 529 Overloaded\nAPI Error: 529 Overloaded {key}\n");
    for args in [&["--catalog", &file, "--why"][..], &["--catalog", &file, "--format", "json"]] {
        let run = diagnose(args, text.as_bytes());
        assert_eq!(run.status, 0);
        assert!(!run.stdout.contains(&key[15..]), "{}", run.stdout);
    }
}
