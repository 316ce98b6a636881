//! What secrets look like: one table. A shape is known by a literal (most output holds none, and
//! then nothing is compiled) and matched over text in which hard wraps have been undone.

use std::sync::{LazyLock, OnceLock};

use memchr::memmem::Finder;
use regex::bytes::{Regex, RegexBuilder};

/// A shape of secrets.
pub(super) struct Shape {
    /// Text without which the shape cannot occur, in lower case.
    pub(super) hints: &'static [&'static str],
    /// The shape; its first group, if it has one, is kept before the mask.
    regex: &'static str,
    /// How long such a secret is, where that is certain: what comes after a line break then is no
    /// part of it.
    pub(super) length: Option<usize>,
    /// It must look made by a machine: after `bearer` stands a token, or any word of a sentence.
    pub(super) made: bool,
    /// Its hints are ends of names, which count only where a value may follow: logs are full of
    /// keys and tokens.
    assigned: bool,
}

impl Shape {
    const fn new(hints: &'static [&'static str], regex: &'static str) -> Self {
        Self { hints, regex, length: None, made: false, assigned: false }
    }

    const fn length(self, length: usize) -> Self {
        Self { length: Some(length), ..self }
    }

    const fn made(self) -> Self {
        Self { made: true, ..self }
    }

    const fn assigned(self) -> Self {
        Self { assigned: true, ..self }
    }
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
pub(super) const SHAPES: &[Shape] = &[
    // What `blot` left, whatever has been cut off since.
    Shape::new(&["\x7f"], r"(?:sk-ant-)?\x7f(?:\s*(?:sk-ant-)?\x7f)*"),
    // Anthropic's keys and tokens of every kind, also cut short or starred out; then every other
    // key of that form.
    Shape::new(&["sk-ant-"], r"sk-ant-[a-z0-9_.*-]*").length(108),
    Shape::new(&["sk-", "rk-"], r"((?:^|[^a-z0-9]|\\[nrt]))[rs]k-[a-z0-9_.*-]{16,}"),
    Shape::new(&["sk_live_", "rk_live_", "sk_test_", "gsk_", "hf_", "npm_"], r"(?:[rs]k_(?:live|test)_|gsk_|hf_|npm_)[a-z0-9]{8,}"),
    // The value of a header or a variable whose name says that it is a credential.
    Shape::new(
        &["x-api-key", "authorization"],
        concat!(r"((?:x-api-key|authorization)", is!(), r"(?:(?:bearer|basic|token|digest|negotiate|apikey|aws4-hmac-sha256)\s+)?)", value!(), "+"),
    ),
    Shape::new(&["authorization"], concat!("(authorization", is!(), r"[a-z0-9-]+\s+)", value!(), "{8,}")).made(),
    Shape::new(&["cookie"], concat!("(cookie", is!(), r")[^'\x22\\\n]+")),
    Shape::new(&["bearer ", "basic ", "bearer:", "bearer\n", "basic\n"], r"(\b(?:bearer:?|basic)\s+)[a-z0-9._~+/=*-]{8,}").made(),
    // In quotes it may have blanks.
    Shape::new(NAMES, concat!("(", credential!(), quoted!(), r"\x22)(?:[^\x22\\\n]|\\[^\x22\\\n])+")).assigned(),
    Shape::new(NAMES, concat!("(", credential!(), quoted!(), r"')(?:[^'\\\n]|\\[^'\\\n])+")).assigned(),
    Shape::new(
        NAMES,
        concat!("(", credential!(), r"(?:\s*=>?\s*(?:b?[\\'\x22]+)?|[\\'\x22]+\s*[,:]\s*b?[\[(]*[\\'\x22]+))", value!(), "+"),
    )
    .assigned(),
    Shape::new(&["token"], concat!(r"((?:^|[^a-z0-9])token[\\'\x22]*\s*[:=]\s*b?[\\'\x22]*)", value!(), "{8,}")).made().assigned(),
    Shape::new(&["-key ", "-token ", "-password ", "-secret "], concat!(r"(\s--?(?:[a-z]+-)*(?:key|token|password|secret)\s+['\x22]?)", value!(), "{6,}")).made(),
    Shape::new(
        &["key", "token", "secret", "passw"],
        concat!(
            r"((?:api[_-]?key|(?:auth|oauth|access|refresh|session|security|id|bearer)[_-]?token|secret|passw(?:or)?d|private[_-]?key|access[_-]?key(?:[_-]?id)?)\s*:\s*)",
            value!(), "{6,}",
        ),
    ).made().assigned(),
    Shape::new(
        &["value\"", "value'", "value\\"],
        concat!(
            "((?:x-api-key|authorization|cookie|", credential!(), r")[a-z0-9_-]*[\\'\x22]+\s*,\s*[\\'\x22]+value[\\'\x22]+\s*:\s*[\\'\x22]+)",
            r"[^'\x22\\\n]+",
        ),
    ),
    // What a server says of the key that it got.
    Shape::new(&["api key", "access token"], concat!(r"((?:api key|access token)(?: provided)?(?::\s*|\s+['\x22`]))", value!(), "{12,}")).made(),
    Shape::new(
        &["_key=", "_token=", "_secret=", "_pass=", "_password="],
        concat!(r"((?-i:[A-Z][A-Z0-9_]*_(?:KEY|TOKEN|SECRET|PASS|PASSWORD))=['\x22]?)", value!(), "{6,}"),
    ),
    // AWS, Google, GitHub, GitLab, Slack, JSON web tokens, private keys.
    Shape::new(&["akia", "asia"], r"(?-i:A[KS]IA[A-Z0-9]{8,})").length(20),
    Shape::new(&["absk"], r"(?-i:ABSK)[a-z0-9+/=]{16,}"),
    Shape::new(&["aiza"], r"(?-i:AIza)[a-z0-9_-]{8,}").length(39),
    Shape::new(&["ya29."], r"ya29\.[a-z0-9_.-]+"),
    Shape::new(&["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], r"gh[pousr]_[a-z0-9]{4,}").length(40),
    Shape::new(&["github_pat_"], r"github_pat_[a-z0-9_]+").length(93),
    Shape::new(&["glpat-"], r"glpat-[a-z0-9_.-]+"),
    Shape::new(
        &["hvs.", "pypi-agei", "gocspx-", "xai-", "pplx-", "xapp-", "sg."],
        r"(?:\bhvs\.|\bpypi-AgEI|\bGOCSPX-|\bxai-|\bpplx-|\bxapp-|\b(?-i:SG)\.)[a-z0-9_.-]{12,}",
    ),
    Shape::new(&["hooks.slack.com/services/"], r"(hooks\.slack\.com/services/)[^\s'\x22]+"),
    Shape::new(&["/api/webhooks/"], r"(/api/webhooks/)[^\s'\x22]+"),
    Shape::new(&["xox"], r"xox[a-z]-[a-z0-9-]{4,}"),
    Shape::new(&["eyj"], r"(?-i:eyJ)[a-z0-9_-]{10,}(?:\.[a-z0-9_-]*){0,4}"),
    Shape::new(&["private key"], r"(-----begin [a-z ]*private key(?: block)?-----)[a-z0-9+/=\s\\,:-]*"),
    // Credentials in URLs, plain, percent-encoded or base64; in proxies without a scheme; in query
    // strings; on curl's command line. A port is no password, even where an `@` follows in the
    // path.
    Shape::new(&["://"], concat!("(://)", userinfo!(), "@")),
    Shape::new(&[r":\/\/", r":\\/"], concat!(r"(:\\+/\\+/)", userinfo!(), "@")),
    Shape::new(&["%3a%2f%2f"], r"(%3a%2f%2f)[^\s&'\x22]+?%40"),
    Shape::new(&["proxy"], concat!("(proxy", is!(), r")[^\s/@'\x22]+:[^\s/'\x22]+@")),
    Shape::new(&["key=", "token=", "sig=", "code="], r"((?:[?&;]|\\u0026)(?:key|token|sig|code)=)[^\s&'\x22]{6,}"),
    Shape::new(&["-u ", "-user ", "-user="], r"(\s(?:-u|--user|--proxy-user)[\s=]+['\x22]?)[^\s:'\x22]+:[^\s'\x22]+"),
];

static COMPILED: [OnceLock<Regex>; SHAPES.len()] = [const { OnceLock::new() }; SHAPES.len()];

/// The hints of every shape, ready to be looked for: to get ready takes longer than to look through
/// a few lines.
static HINTS: LazyLock<Vec<Vec<Finder<'static>>>> = LazyLock::new(|| {
    SHAPES.iter().map(|shape| shape.hints.iter().map(Finder::new).collect()).collect()
});

/// The shapes that may occur in a text, compiled.
pub(super) fn possible(text: &[u8]) -> impl Iterator<Item = (&'static Shape, &'static Regex)> {
    let lower = text.to_ascii_lowercase();
    SHAPES.iter().zip(&COMPILED).zip(HINTS.iter()).filter_map(move |((shape, compiled), hints)| {
        let counts = |hint: &Finder<'_>, at: usize| {
            !shape.assigned || assigns(&lower[at + hint.needle().len()..])
        };
        let hinted = hints.iter().any(|hint| hint.find_iter(&lower).any(|at| counts(hint, at)));
        hinted.then(|| {
            (
                shape,
                compiled
                    .get_or_init(|| compile(shape.regex).expect("the tests compile every shape")),
            )
        })
    })
}

/// Whether, after the end of a name such as `_id`, a quote or a sign follows that may stand before
/// a value.
fn assigns(text: &[u8]) -> bool {
    let text = &text[text
        .iter()
        .take(12)
        .take_while(|byte| byte.is_ascii_lowercase() || b"_-".contains(byte))
        .count()..];
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
    fn every_shape_compiles_and_its_hints_are_lower_case() {
        for shape in SHAPES {
            compile(shape.regex).expect(shape.regex);
            assert!(shape.hints.iter().all(|hint| *hint == hint.to_lowercase()));
        }
    }
}
