//! Kinds of carriers times kinds of secrets: of no secret do eight bytes in a row come out.

use crate::redact::{mask_in_place, sanitize};

/// What stands after every secret.
const ERROR: &str = "API Error: 401 invalid x-api-key";

/// Ways in which a value is given to a name: `N` and `V` stand for them.
const FIELDS: &[&str] = &[
    r#"["N"]=> string(40) "V""#,
    "[N] => V",
    r#"N: Some("V")"#,
    r#"N: Optional("V")"#,
    r#""N":[]string{"V"}"#,
    r#"[{<<"N">>,<<"V">>}]"#,
    r#"{:N "V"}"#,
    r#"{"N" "V"}"#,
    "<N>V</N>",
    r#"<add key="N" value="V"/>"#,
    "<key>N</key><string>V</string>",
    "&quot;N&quot;:&quot;V&quot;",
    "&#34;N&#34;:&#34;V&#34;",
    "N := V",
    "N == 'V'",
    "N → V",
    "N -> V",
    "N＝V",
    "N：V",
    "N=“V”",
    "N=$'V'",
    "set -gx N V",
    "setenv N V",
    "setx N \"V\"",
    "N              V",
    r#"["tool","--N","V"]"#,
    "tool --N V",
    "{name: N, value: V}",
    "{value: V, name: N}",
    r#"{"value":"V","name":"N"}"#,
    "- name: N\n  value: V",
    "| N | V |",
    "| `N` | `V` |",
    "│ N │ V │",
    "`N`: `V`",
    "**N**: V",
    r#"["N"] = "V""#,
    "N is set to V",
    "N%3DV",
    "N:\n  V",
    "https://x.example/?N=V&b=1",
];

/// Names of credentials.
const NAMES: &[&str] = &[
    "api_key",
    "API_KEY",
    "X-Api-Key",
    "api-key",
    "apiKey",
    "ANTHROPIC_AUTH_TOKEN",
    "clientSecret",
    "DB_PASSWORD",
    "MYSQL_PWD",
    "Ocp-Apim-Subscription-Key",
    "X-Auth-Key",
    "MASTER_KEY",
    "DD_APP_KEY",
    "ENCRYPTION_KEY",
    "AccountKey",
    "sessionKey",
    "auth_token",
];

/// Ways in which a secret stands without a name of this form.
const OTHERS: &[&str] = &[
    "machine x login me password V",
    "IDENTIFIED BY 'V'",
    "Server=db;Pwd=V;Encrypt=1",
    "mysql -u root -pV",
    "https://x.example/?auth=V",
    "https://x.example/?pwd=V&b=1",
    "https://x.example/?sentry_key=V",
    "invalid api-key V",
    "Using API key V",
    "API key provided: V.",
    "Authorization: Bearer V",
    "{\"authorization\":\"Basic V\"}",
];

/// How self-identifying secrets begin, how many bytes follow, and from which alphabet.
const SHAPES: &[(&str, usize, &str)] = &[
    ("sk-ant-api03-", 95, URL),
    ("sk-ant-oat01-", 95, URL),
    ("sk-or-v1-", 64, HEX),
    ("sk-proj-", 120, URL),
    ("sk_live_", 24, ALNUM),
    ("gsk_", 52, ALNUM),
    ("hf_", 34, ALNUM),
    ("npm_", 36, ALNUM),
    ("xai-", 80, ALNUM),
    ("hvs.", 90, URL),
    ("tvly-", 32, ALNUM),
    ("r8_", 37, ALNUM),
    ("fw_", 24, ALNUM),
    ("nvapi-", 64, URL),
    ("sess-", 40, ALNUM),
    ("lin_api_", 40, ALNUM),
    ("ntn_", 46, ALNUM),
    ("secret_", 43, ALNUM),
    ("glpat-", 20, URL),
    ("xoxb-123456789012-", 24, ALNUM),
    ("dckr_pat_", 27, URL),
    ("dop_v1_", 64, HEX),
    ("shpat_", 32, HEX),
    ("pscale_tkn_", 43, URL),
    ("AGE-SECRET-KEY-1", 58, UPPER),
    ("1//0", 60, URL),
    ("bot123456789:AA", 33, URL),
    ("AKIA", 16, UPPER),
    ("AIza", 35, URL),
    ("ghp_", 36, ALNUM),
    ("github_pat_", 82, ALNUM),
    ("ya29.", 120, URL),
];
const HEX: &str = "0123456789abcdef";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const ALNUM: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const URL: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
const BASE64: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/";

/// A value that looks random, the same in every run.
fn value(length: usize, alphabet: &str) -> String {
    let mut state = length as u64 * 0x9e37_79b9;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        alphabet.as_bytes()[(state >> 33) as usize % alphabet.len()] as char
    };
    (0..length).map(|_| next()).collect()
}

/// Letters and digits only.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn assert_hidden(text: &str, secret: &str) {
    let mut masked = text.as_bytes().to_vec();
    mask_in_place(&mut masked);
    let (secret, masked) = (plain(secret), String::from_utf8_lossy(&masked).into_owned());
    for shown in [sanitize(text), sanitize(&sanitize(text)), sanitize(&masked)] {
        let printed = plain(&shown);
        let left = (0..=secret.len() - 8).find(|at| printed.contains(&secret[*at..at + 8]));
        assert!(left.is_none(), "{text}\n{shown}");
        assert!(shown.contains("API Error: 401 invalid x-api-key"), "{text}\n{shown}");
    }
}

#[test]
fn a_named_value_is_masked_in_any_syntax() {
    let values = [value(20, ALNUM), value(40, BASE64), value(32, HEX), value(52, URL)];
    for secret in &values {
        for field in FIELDS {
            for name in NAMES {
                let text = field.replace('N', "\u{1}").replace('V', secret).replace('\u{1}', name);
                assert_hidden(&format!("{text} {ERROR}"), secret);
            }
        }
        for other in OTHERS {
            assert_hidden(&format!("{} {ERROR}", other.replace('V', secret)), secret);
        }
    }
}

#[test]
fn a_shape_is_masked_wherever_it_stands() {
    for (start, length, alphabet) in SHAPES {
        let body = value(*length, alphabet);
        let key = format!("{start}{body}");
        for before in ["using ", "[31m", "u%3D", "\\u001b[31m", "key", "\\n", "(", "/home/me/"] {
            assert_hidden(&format!("{before}{key} {ERROR}"), &body);
        }
    }
}

#[test]
fn neither_part_of_a_shape_cut_short_is_left() {
    for (start, length, alphabet) in
        SHAPES.iter().filter(|(start, ..)| !start.ends_with([':', '0', 'A']))
    {
        let (body, end) = (value(*length, alphabet), value(12, ALNUM));
        for cut in ["…", "...", "****", "[...]", "[…]", ".."] {
            for kept in [0, 4, 13] {
                let key = format!("{start}{}{cut}{end}", &body[..kept]);
                assert_hidden(&format!("Key {key} {ERROR}"), &end);
            }
        }
    }
}

#[test]
fn margins_do_not_hide_the_rest_of_a_key() {
    // What begins both rows, and what ends the first one.
    let leads = [
        "",
        "- ",
        "# ",
        "* ",
        "> ",
        "+",
        "| ",
        "12: ",
        "  12 │ ",
        "E   ",
        "src/main.rs    │",
        "2026-08-09T14:00:00Z ",
    ];
    let tails = ["", " |", " \\", "  │ other pane", " │"];
    let key = format!("sk-ant-api03-{}AA", value(93, URL));
    for cut in [30, 50, 80, 100] {
        let (one, other) = key.split_at(cut);
        for lead in leads {
            for tail in tails {
                assert_hidden(&format!("{lead}KEY={one}{tail}\n{lead}{other} {ERROR}"), &key[13..]);
            }
        }
        for (first, join, second) in [
            ("", "⏎  ", ""),
            ("\"", "\" +\n  \"", "\""),
            ("\"", "\" \\\n  \"", "\""),
            ("9: ", "\n10: ", ""),
            ("a.rs   │", "\nlib.rs │", ""),
        ] {
            assert_hidden(&format!("{first}KEY={one}{join}{other}{second} {ERROR}"), &key[13..]);
        }
    }
}

#[test]
fn escapes_do_not_cut_a_mask() {
    let token = "aB3dE5fG/7hI9jK1lM3+nO5pQ7rS9tU1vW3/xY5zA7=";
    for escaped in [
        token.replace('/', "\\/"),
        token.replace('/', "%2F").replace('+', "%2B").replace('=', "%3D"),
        token.replace('+', "\\u002B").replace('/', "\\/").replace('=', "\\u003D"),
        token.replace('+', "\\\\u002b").replace('/', "\\\\/").replace('=', "\\\\u003d"),
    ] {
        for (before, after) in [
            ("Bearer ", ""),
            ("Basic ", ""),
            ("ANTHROPIC_API_KEY=", ""),
            ("\"api_key\":\"", "\""),
            ("\\\"api_key\\\":\\\"", "\\\""),
        ] {
            assert_hidden(&format!("{before}{escaped}{after} {ERROR}"), token);
        }
    }
    let (key, github) = (value(95, URL), value(36, ALNUM));
    assert_hidden(&format!("bad sk-ant-\\\\api03-{key} {ERROR}"), &key);
    assert_hidden(&format!("bad sk-\\ant-api03-{key} {ERROR}"), &key);
    assert_hidden(&format!("bad gh\\p_{github} {ERROR}"), &github);
}

#[test]
fn what_is_no_secret_stays() {
    for text in [
        "hf_transfer is not installed",
        "npm_lifecycle_event",
        "rk-3588-board-support-package",
        "api_key=None password=None secret=false cookie: none",
        "api_key: null, \"token\": undefined, password: missing",
        "request_id: req_011CSHoEeqs5C35K2UUqR7Fy toolu_01A09q90qw90lq917835lq9 msg_01XFDUDYJgAACzvnptvVoYEL",
        "x-api-key req_011CSHoEeqs5C35K2UUqR7Fy",
        "session_id: 3f2b8c1e-7d4a-4b6f-9e2d-1a2b3c4d5e6f",
        "cache key 5863206aa5bb8e0f0d6eb1c44a2b1d9d0c3f1a2b",
        "sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
        "token count: 200001 tokens > 200000 maximum",
        "API key for claude-opus-4-5-20251101 and @anthropic-ai/sdk@0.32.1",
        "key: us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "idempotency-key: 9f8e7d6c5b4a39281706f5e4d3c2b1a0",
        "Unexpected token 'export' at /home/alice/src/key/index.js",
        "PWD=/home/alice/src secretary keyboard tokenizer: cl100k_base",
        "anthropic-ratelimit-input-tokens-reset: 2026-08-09T14:00:00Z",
        "KeyError: 'content' at 2026-08-09T14:00:00.1234567Z",
        "OAuth token has expired. Please obtain a new token",
    ] {
        assert_eq!(sanitize(text), text);
    }
}
