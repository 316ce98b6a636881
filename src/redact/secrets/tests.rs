//! What is masked, and what stays.

use crate::redact::sanitize;

#[test]
fn secrets_leave_nothing() {
    for (text, left) in [
        ("key sk-ant-api03-AbC_d-9 end", "key [secret] end"),
        ("sk-or-v1-0123456789abcdef0123", "[secret]"),
        ("Authorization: Bearer abcdefghijkl", "Authorization: Bearer [secret]"),
        ("'authorization': 'Basic dXNlcjpwYXNz'", "'authorization': 'Basic [secret]'"),
        ("x-api-key: abc", "x-api-key: [secret]"),
        ("X-Goog-Api-Key: AIzaSyA-1234567890", "X-Goog-Api-Key: [secret]"),
        ("[\"x-api-key\", \"abc\"]", "[\"x-api-key\", \"[secret]\"]"),
        ("ANTHROPIC_AUTH_TOKEN=abcdefgh x", "ANTHROPIC_AUTH_TOKEN=[secret] x"),
        ("ANTHROPIC_FOUNDRY_API_KEY=abc x", "ANTHROPIC_FOUNDRY_API_KEY=[secret] x"),
        ("AWS_SECRET_ACCESS_KEY=a/b+c x", "AWS_SECRET_ACCESS_KEY=[secret] x"),
        ("aws_session_token = IQoJb3JpZ2lu", "aws_session_token = [secret]"),
        ("at https://me:p@ss@proxy:8080/x", "at https://[secret]@proxy:8080/x"),
        ("at https://dXNlcjpwYXNz@proxy/x", "at https://[secret]@proxy/x"),
        ("?to=https%3A%2F%2Fme%3Apass%40proxy", "?to=https%3A%2F%2F[secret]proxy"),
        ("HTTPS_PROXY=me:pass@proxy:8080", "HTTPS_PROXY=[secret]@proxy:8080"),
        ("curl -u me:pass https://x", "curl -u [secret] https://x"),
        ("AKIAABCDEFGHIJKLMNOP", "[secret]"),
        ("\\nghp_0123456789abcdefghij", "\\n[secret]"),
        (
            "gho_0123456789 github_pat_11AB_cd xoxb-123-abc ya29.a0-b",
            "[secret] [secret] [secret] [secret]",
        ),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.sig", "[secret]"),
        ("\"api_key\": \"abcdef123456\"", "\"api_key\": \"[secret]\""),
        ("{\\\"apiKey\\\":\\\"abc def\\\"}", "{\\\"apiKey\\\":\\\"[secret]\\\"}"),
        (
            "passphrase: \"correct horse\" 'password': 'ab cd' x",
            "passphrase: \"[secret]\" 'password': '[secret]' x",
        ),
        (
            "Authorization: Token token=\"abcQQ12345678\"",
            "Authorization: Token [secret]\"[secret]\"",
        ),
        (
            "Bearer: abcdefgh12345QQ and \"token\": \"abcdefgh12345QQ\"",
            "Bearer: [secret] and \"token\": \"[secret]\"",
        ),
        (
            "GITHUB_TOKEN=abcdefgh12345QQ tool --api-key abcdef123 --token=x1y2z3w4",
            "GITHUB_TOKEN=[secret] tool --api-key [secret] --token=[secret]",
        ),
        ("at https://me:pa/ssw0rd@proxy:8080/x", "at https://[secret]@proxy:8080/x"),
        ("at https://proxy:8080/@anthropic-ai/sdk", "at https://proxy:8080/@anthropic-ai/sdk"),
        ("sk-ant-\x1b[31mapi03-\u{200b}AAAA", "[secret]"),
        (
            "`-----BEGIN PRIVATE KEY-----` MIIE -----BEGIN RSA PRIVATE KEY-----",
            "`-----BEGIN PRIVATE KEY-----` MIIE -----BEGIN RSA PRIVATE KEY-----",
        ),
        (
            "-----BEGIN PGP PRIVATE KEY BLOCK----- xcLY",
            "-----BEGIN PGP PRIVATE KEY BLOCK-----[secret]",
        ),
        (
            "{ apiKey: 'abc def', clientSecret: \"x\\u0026y\" }",
            "{ apiKey: '[secret]', clientSecret: \"[secret]\" }",
        ),
        (
            "'x-api-key': [ 'abc' ], cookie: [ 'sid=abc; a' ]",
            "'x-api-key': [ '[secret]' ], cookie: [ '[secret]' ]",
        ),
        (
            "{\"name\":\"x-api-key\",\"value\":\"abc\"}",
            "{\"name\":\"x-api-key\",\"[secret]\":\"[secret]\"}",
        ),
        ("Authorization: Splunk abcdef12345 x", "Authorization: [secret] [secret] x"),
        (
            "Incorrect API key provided: a1B2c3D4e5F6. Your API key 'a1B2c3D4e5F6' is",
            "Incorrect API key provided: [secret] Your API key '[secret]' is",
        ),
        (
            "https:\\/\\/me:abc@host a=1\\u0026token=abcdef&amp;sig=abcdef",
            "https:\\/\\/[secret]@host a=1\\u0026token=[secret]&amp;sig=[secret]",
        ),
        (
            "LITELLM_MASTER_KEY=abcdef DB_PASS=abcdef curl --user=me:abc x",
            "LITELLM_MASTER_KEY=[secret] DB_PASS=[secret] curl --user=[secret] x",
        ),
        (
            "hvs.aB3dE5fG7hI9 https://hooks.slack.com/services/T0/B0/abc",
            "[secret] https://hooks.slack.com/services/[secret]",
        ),
    ] {
        assert_eq!(sanitize(text), left, "{text}");
        assert_eq!(sanitize(&sanitize(text)), left, "{text}");
    }
}

#[test]
fn wraps_do_not_hide_a_secret() {
    let key = format!("sk-ant-api03-{}zAA", "Ab0-".repeat(23));
    for width in 34..100 {
        let text = format!("the environment has ANTHROPIC_API_KEY {key} as its key");
        let wrapped: Vec<String> = text
            .as_bytes()
            .chunks(width)
            .map(|row| String::from_utf8_lossy(row).into_owned())
            .collect();
        for end in ["\n  ", "\\n", "\\r\\n  ", "\\\\n"] {
            let shown = sanitize(&wrapped.join(end));
            assert!(!shown.contains("Ab") && !shown.contains("sk-"), "{width}: {shown}");
        }
    }
}

#[test]
fn what_follows_on_the_next_line_stays() {
    let key = format!("sk-ant-api03-{}zAA", "Ab0-".repeat(23));
    assert_eq!(
        sanitize(&format!("ANTHROPIC_API_KEY is {key}\nPlease run /login")),
        "ANTHROPIC_API_KEY is [secret] Please run /login"
    );
    assert_eq!(
        sanitize("x-api-key: 0123456789012345678901234567890\ncontent-type: a"),
        "x-api-key: [secret] content-type: a"
    );
    assert_eq!(sanitize("x-api-key: abc\nInvalid key"), "x-api-key: [secret] Invalid key");
}

#[test]
fn a_long_line_before_it_does_not_hide_a_secret() {
    let key = "sk-or-v1-0ae7d376ee2bfa6f2a7342d58444edfffa3c42cf";
    assert_eq!(
        sanitize(&format!(
            "the account of somebody is octocat\n{key}\n3fb0c9ac3fb0c9ac3fb0c9ac\n  b30c end"
        )),
        "the account of somebody is octocat [secret] end"
    );
    assert_eq!(
        sanitize(&format!("the account of somebody is octocat\n{key}\nthe end")),
        "the account of somebody is octocat [secret] the end"
    );
}
