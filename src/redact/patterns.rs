//! The patterns of secrets: one table. Each has literals without which it cannot occur (most output
//! holds none of them, and then nothing is compiled), and is matched over text in which hard wraps
//! have been undone.

use std::sync::{LazyLock, OnceLock};

use memchr::memmem::Finder;
use regex::bytes::{Regex, RegexBuilder};

/// How a match must look to count.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Look {
    /// The shape says it all.
    Any,
    /// Not like a word: after `bearer` stands a token, or any word of a sentence.
    Generated,
    /// Like a jumble of letters and digits: packages and variables begin with `npm_`, too.
    Jumble,
}

/// A kind of secret.
pub(super) struct SecretPattern {
    /// Literals, in lower case, of which every match holds one.
    hints: &'static [&'static str],
    /// The expression, ASCII only and in any case; what a group matches, if it has any, is kept
    /// before the mask.
    regex: &'static str,
    /// Bytes of such a secret, where that is certain: what follows a line break then is no part of
    /// it.
    pub(super) length: Option<usize>,
    pub(super) look: Look,
    /// Its hints are ends of names, which count only where a value may follow: logs are full of
    /// keys and tokens.
    assigned: bool,
}

impl SecretPattern {
    const fn new(hints: &'static [&'static str], regex: &'static str) -> Self {
        Self { hints, regex, length: None, look: Look::Any, assigned: false }
    }

    const fn length(self, length: usize) -> Self {
        Self { length: Some(length), ..self }
    }

    const fn look(self, look: Look) -> Self {
        Self { look, ..self }
    }

    const fn assigned(self) -> Self {
        Self { assigned: true, ..self }
    }
}

/// What begins as a secret does and goes on with so many bytes of a kind, or was cut: an ellipsis
/// or stars, with what is left of its end.
macro_rules! shape {
    ($start:literal, $byte:literal, $least:literal) => {
        concat!($start, "(?:", $byte, "{", $least, ",}|", $byte, "*", cut!(), ")", cut!(), "*")
    };
}

/// Where a secret was cut short, and its end.
macro_rules! cut {
    () => {
        r"(?:(?:\xe2\x80\xa6|\.\.+|\*+|\[(?:\.\.+|\xe2\x80\xa6)\])[A-Za-z0-9_-]*)"
    };
}

/// A byte of a token, also percent-encoded.
macro_rules! token {
    () => {
        r"(?:[a-z0-9._~+/=*-]|%[0-9a-f]{2})"
    };
}

/// What stands between a name and its value: `=`, `: `, `": "`, `', b'`, `\":\"`, `: [`, `=>`.
macro_rules! is {
    () => {
        r"(?:[\\'\x22]+\s*[,:=]|\s*[:=]>?)\s*(?:b?[\[(\\'\x22]+(?:\s*[\\'\x22]+)?)?"
    };
}

/// The value of a field: up to a blank or a quote.
macro_rules! value {
    () => {
        r"(?:[^\s'\x22`\\]|\\[^'\x22\\nrtu])"
    };
}

/// What stands between a name and the quotes of its value.
macro_rules! quoted {
    () => {
        r"[\\'\x22]*\s*(?:[,:]|=>?)\s*b?[\[(]*\s*\\*"
    };
}

/// Who signs in at a URL, and with what.
macro_rules! userinfo {
    () => {
        concat!(
            r"(?:[^\s/@'\x22<>]*:[^\s/'\x22<>]*|[^\s/@:'\x22<>]{8,}",
            r"|[^\s/@:'\x22<>]*:[^\s/'\x22<>]*[^0-9\s/'\x22<>][^\s/'\x22<>]*/[^\s@'\x22<>]*)",
        )
    };
}

/// What is in every name of a credential.
const NAMES: &[&str] =
    &["key", "token", "secret", "passw", "passphrase", "pass_phrase", "credential", "signature"];

/// Names of credentials.
macro_rules! credential {
    () => {
        concat!(
            r"(?:api[_-]?key|anthropic[a-z0-9_]*(?:key|token)|(?:auth|oauth|access|refresh|session|security|id|bearer|personal)[_-]?token(?:_bedrock)?",
            r"|secret|passw(?:or)?d|pass_?phrase|private[_-]?key|access[_-]?key(?:[_-]?id)?|signature|credentials?)",
        )
    };
}

#[rustfmt::skip]
const PATTERNS: &[SecretPattern] = &[
    // What `mask_in_place` left (DEL bytes), whatever has been cut off since.
    SecretPattern::new(&["\x7f"], r"(?:sk-ant-)?\x7f(?:\s*(?:sk-ant-)?\x7f)*"),
    // Anthropic's keys and tokens of every kind, also cut short or starred out; then every other
    // key of that form.
    SecretPattern::new(&["sk-ant-"], concat!(r"sk-ant-[a-z0-9_.*-]*", cut!(), "*")).length(108),
    SecretPattern::new(
        &[
            "sk-", "rk-", "sk_", "rk_", "hf_", "npm_", "xai-", "pplx-", "xapp-", "hvs.", "sg.", "tvly-", "r8_", "fw_", "nvapi-", "sess-",
            "lin_api_", "ntn_", "secret_",
        ],
        shape!(r"(?:[rs]k-|[rs]k_(?:live|test)_|gsk_|hf_|npm_|xai-|pplx-|xapp-|hvs\.|SG\.|tvly-|r8_|fw_|nvapi-|sess-|lin_api_|ntn_|secret_)", "[a-z0-9_.-]", "12"),
    ).look(Look::Jumble),
    SecretPattern::new(
        &["sk-proj-", "sk-svcacct-", "sk-admin-", "glpat-", "xox", "ya29.", "dckr_pat_", "dop_v1_", "shpat_", "pscale_tkn_", "gocspx-", "pypi-agei", "age-secret-key-1", "absk"],
        shape!(r"(?:sk-(?:proj|svcacct|admin)-|glpat-|xox[a-z]-|ya29\.|dckr_pat_|dop_v1_|shpat_|pscale_tkn_|GOCSPX-|pypi-AgEI|AGE-SECRET-KEY-1|(?-i:ABSK))", "[a-z0-9_.+/=-]", "4"),
    ),
    SecretPattern::new(&["1//0", ":aa"], r"(?:1//0|[0-9]{8,10}:(?-i:AA))[a-z0-9_-]{20,}").look(Look::Jumble),
    // The value of a header or a variable whose name says that it is a credential.
    SecretPattern::new(
        &["x-api-key", "authorization"],
        concat!(r"((?:x-api-key|authorization)", is!(), r"(?:(?:bearer|basic|token|digest|negotiate|apikey|aws4-hmac-sha256)\s+)?)", value!(), "+"),
    ),
    SecretPattern::new(&["authorization"], concat!("(authorization", is!(), r"[a-z0-9-]+\s+)", value!(), "{8,}")).look(Look::Generated),
    SecretPattern::new(&["cookie"], concat!("(cookie", is!(), r")[^'\x22\\\n]+")),
    SecretPattern::new(&["bearer ", "basic ", "bearer:", "bearer\n", "basic\n"], concat!(r"(\b(?:bearer:?|basic)\s+)", token!(), "{8,}")).look(Look::Generated),
    // In quotes it may have blanks.
    SecretPattern::new(
        NAMES,
        concat!(
            "(", credential!(), quoted!(), r"\x22)(?:[^\x22\\\n]|\\[^\x22\\\n])+",
            "|(", credential!(), quoted!(), r"')(?:[^'\\\n]|\\[^'\\\n])+",
            "|(", credential!(), r"(?:\s*=>?\s*(?:b?[\\'\x22]+)?|[\\'\x22]+\s*[,:]\s*b?[\[(]*[\\'\x22]+))", value!(), "+",
        ),
    )
    .assigned(),
    SecretPattern::new(&["token"], concat!(r"((?:^|[^a-z0-9])token[\\'\x22]*\s*[:=]\s*b?[\\'\x22]*)", value!(), "{8,}")).look(Look::Generated).assigned(),
    SecretPattern::new(
        &["value\"", "value'", "value\\"],
        concat!(
            "((?:x-api-key|authorization|cookie|", credential!(), r")[a-z0-9_-]*[\\'\x22]+\s*,\s*[\\'\x22]+value[\\'\x22]+\s*:\s*[\\'\x22]+)",
            r"[^'\x22\\\n]+",
        ),
    ),
    SecretPattern::new(
        &["_key=", "_token=", "_secret=", "_pass=", "_password="],
        concat!(r"((?-i:[A-Z][A-Z0-9_]*_(?:KEY|TOKEN|SECRET|PASS|PASSWORD))=['\x22]?)", value!(), "{6,}"),
    ),
    SecretPattern::new(&["mysql"], concat!(r"(\bmysql[a-z]*\s(?:[^\n]*\s)?-p)", value!(), "{6,}")).look(Look::Jumble),
    // A name after its value.
    SecretPattern::new(
        &["name:", "name=", "name\"", "name'", "name\\"],
        concat!(r"(\bvalue[\\'\x22]*\s*[:=]\s*[\\'\x22]*)", token!(), r"{8,}[\\'\x22]*,\s*[\\'\x22]*name[\\'\x22]*\s*[:=]\s*[\\'\x22]*[a-z0-9_-]*(?:key|token|secret|passw|pwd)"),
    ),
    // AWS, Google, GitHub, GitLab, Slack, JSON web tokens, private keys.
    SecretPattern::new(&["akia", "asia"], concat!("(?-i:", shape!("A[KS]IA", "[A-Z0-9]", "8"), ")")).length(20),
    SecretPattern::new(&["aiza"], shape!("(?-i:AIza)", "[a-z0-9_-]", "8")).length(39),
    SecretPattern::new(&["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], shape!("gh[pousr]_", "[a-z0-9]", "4")).length(40),
    SecretPattern::new(&["github_pat_"], shape!("github_pat_", "[a-z0-9_]", "1")).length(93),
    SecretPattern::new(&["hooks.slack.com/services/"], r"(hooks\.slack\.com/services/)[^\s'\x22]+"),
    SecretPattern::new(&["/api/webhooks/"], r"(/api/webhooks/)[^\s'\x22]+"),
    SecretPattern::new(&["eyj"], concat!(r"(?-i:eyJ)[a-z0-9_-]{10,}(?:\.[a-z0-9_-]*){0,4}", cut!(), "*")),
    SecretPattern::new(&["private key"], r"(-----begin [a-z ]*private key(?: block)?-----)[a-z0-9+/=\s\\,:-]*"),
    // Credentials in URLs, plain, percent-encoded or base64; in proxies without a scheme; in query
    // strings; on curl's command line. A port is no password, even where an `@` follows in the
    // path.
    SecretPattern::new(&["://"], concat!("(://)", userinfo!(), "@")),
    SecretPattern::new(&["%3a%2f%2f"], r"(%3a%2f%2f)[^\s&'\x22]+?%40"),
    SecretPattern::new(&["proxy"], concat!("(proxy", is!(), r")[^\s/@'\x22]+:[^\s/'\x22]+@")),
    SecretPattern::new(&["key=", "token=", "sig=", "code=", "auth=", "pwd="], r"((?:[?&;]|\\u0026)(?:key|token|sig|code|auth|pwd|sentry_key)=)[^\s&'\x22]{6,}"),
    SecretPattern::new(&["-u ", "-user ", "-user="], r"(\s(?:-u|--user|--proxy-user)[\s=]+['\x22]?)[^\s:'\x22]+:[^\s'\x22]+"),
];

static COMPILED: [OnceLock<Regex>; PATTERNS.len()] = [const { OnceLock::new() }; PATTERNS.len()];

/// Searchers for the hints of every pattern, built once: to build them takes longer than to look
/// through a few lines.
static HINTS: LazyLock<Vec<Vec<Finder<'static>>>> = LazyLock::new(|| {
    PATTERNS.iter().map(|pattern| pattern.hints.iter().map(Finder::new).collect()).collect()
});

/// The patterns that may occur in a text, which is given in lower case, compiled.
pub(super) fn candidates(
    lower: &[u8],
) -> impl Iterator<Item = (&'static SecretPattern, &'static Regex)> {
    PATTERNS.iter().zip(&COMPILED).zip(HINTS.iter()).filter_map(
        move |((pattern, compiled), hints)| {
            let counts = |hint: &Finder<'_>, at: usize| {
                !pattern.assigned || value_follows(&lower[at + hint.needle().len()..])
            };
            let hinted = hints.iter().any(|hint| hint.find_iter(lower).any(|at| counts(hint, at)));
            let compile = || compile(pattern.regex).expect("the tests compile every pattern");
            hinted.then(|| (pattern, compiled.get_or_init(compile)))
        },
    )
}

/// Whether, after the end of a name such as `_id`, a quote or a sign follows that may stand before
/// a value.
fn value_follows(text: &[u8]) -> bool {
    let end = |byte: &&u8| byte.is_ascii_lowercase() || b"_-".contains(byte);
    let text = &text[text.iter().take(12).take_while(end).count()..];
    match text.trim_ascii_start().first() {
        Some(b'=' | b':' | b',') => true,
        Some(b'"' | b'\'' | b'\\') => !text[0].is_ascii_whitespace(),
        _ => false,
    }
}

fn compile(regex: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(regex).unicode(false).case_insensitive(true).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles_and_its_hints_are_lower_case() {
        for pattern in PATTERNS {
            compile(pattern.regex).expect(pattern.regex);
            assert!(pattern.hints.iter().all(|hint| *hint == hint.to_lowercase()));
        }
    }
}
