//! The gate: whatever the input, nothing comes out of any format that is secret, invisible, or
//! obeyed by whoever reads it.
//!
//! `PROPTEST_CASES=100000 cargo test --test it gate::` is the long run.

use diagnose::render::github::GitHub;
use diagnose::render::human::Human;
use diagnose::render::json::{Json, JsonLines};
use diagnose::render::junit::Junit;
use diagnose::render::markdown::Markdown;
use diagnose::render::rdjson::Rdjson;
use diagnose::render::sarif::Sarif;
use diagnose::render::{Render, github, why};
use diagnose::{Diagnoser, Report};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::support::{CATALOG, cases};

/// A secret: what introduces it, and what must not come out, not even six characters of it.
#[derive(Clone, Debug)]
struct Secret {
    before: String,
    hidden: String,
    after: &'static str,
}

/// Every shape that the design names, as `before | pattern | after`.
const SHAPES: &[(&str, &str, &str)] = &[
    ("", "sk-ant-api03-[A-Za-z0-9_-]{93}AA", ""),
    ("", "sk-ant-oat01-[A-Za-z0-9_-]{95}", ""),
    ("", "sk-ant-[a-z]{3}01-[A-Za-z0-9_.-]{20,40}", ""),
    ("", "sk-or-v1-[0-9a-f]{64}", ""),
    ("", "sk-proj-[A-Za-z0-9_-]{48}", ""),
    ("Authorization: Bearer ", "[A-Za-z0-9._~+/-]{24,60}=?", ""),
    ("Authorization: Basic ", "[A-Za-z0-9+/]{20,40}={0,2}", ""),
    ("authorization: ", "[A-Za-z0-9]{20,40}", ""),
    ("\"authorization\":\"Bearer ", "[A-Za-z0-9._-]{24,60}", "\""),
    ("\\\"x-api-key\\\": \\\"", "[A-Za-z0-9]{20,40}", "\\\""),
    ("'x-goog-api-key': '", "[A-Za-z0-9_-]{39}", "'"),
    ("x-api-key: ", "[A-Za-z0-9]{20,40}", ""),
    ("ANTHROPIC_API_KEY=", "[A-Za-z0-9_-]{16,40}", ""),
    ("ANTHROPIC_AUTH_TOKEN=\"", "[A-Za-z0-9_-]{16,40}", "\""),
    ("export ANTHROPIC_FOUNDRY_API_KEY=", "[A-Za-z0-9]{32}", ""),
    ("AWS_SECRET_ACCESS_KEY=", "[A-Za-z0-9/+]{40}", ""),
    ("aws_session_token = ", "[A-Za-z0-9/+]{100,200}", ""),
    ("AWS_BEARER_TOKEN_BEDROCK=", "ABSK[A-Za-z0-9+/]{60}", ""),
    ("", "A[KS]IA[A-Z2-7]{16}", ""),
    ("", "AIza[A-Za-z0-9_-]{35}", ""),
    ("", "ya29\\.[A-Za-z0-9_-]{40,80}", ""),
    ("", "gh[pousr]_[A-Za-z0-9]{36}", ""),
    ("", "github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}", ""),
    ("", "xox[bpars]-[0-9]{10}-[A-Za-z0-9]{24}", ""),
    ("", "eyJ[A-Za-z0-9_-]{20,60}\\.eyJ[A-Za-z0-9_-]{20,80}\\.[A-Za-z0-9_-]{43}", ""),
    ("https://", "[A-Z]{6,10}:[A-Za-z0-9]{12,30}", "@proxy.example:8080/"),
    ("https://", "[A-Za-z0-9]{20,40}={0,2}", "@proxy.example/"),
    ("https://", "[A-Z]{6,9}%3A[A-Za-z0-9]{12,30}", "@proxy.example/"),
    ("HTTPS_PROXY=http://", "[A-Z]{6,9}:[A-Za-z0-9]{12,30}", "@10.0.0.1:3128"),
];

fn secret() -> impl Strategy<Value = Secret> {
    select(SHAPES).prop_flat_map(|(before, pattern, after)| {
        let hidden = proptest::string::string_regex(pattern).expect("a pattern");
        hidden.prop_map(move |hidden| Secret { before: before.to_owned(), hidden, after })
    })
}

/// What the secrets stand among. Nothing here overwrites or erases a part of a line that may hold a
/// secret: what is then left on the screen has no shape.
fn hostile() -> impl Strategy<Value = String> {
    let known: &[&str] = &[
        "API Error: 529 Overloaded",
        "\nAPI Error: 400 {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"",
        "\"},\"request_id\":\"req_011CVJ7kQ4mZtR2wXyB8nPqs\"}\n",
        "\nInvalid API key · Fix external API key · Invalid X-Api-Key header value from ",
        "\nanthropic.NotFoundError: Error code: 404 - {'type': 'error', 'error': {'type': 'not_found_error', 'message': 'model: ",
        "'}}\n",
        "\nYou've hit your limit · resets 3pm (UTC)\n",
        "\nThere's an issue with the selected model (",
        "). It may not exist or you may not have access to it. Run /model to pick a different model.\n",
        "\nAPI Error: Unable to connect to API (ECONNREFUSED) ",
        "\n::error file=a::taken over\n",
        " ##[error] ",
        "::stop-commands::x",
        "<img src=x onerror=y>",
        "]]>",
        "</failure>",
        "[a](https://evil.example)",
        "@octocat",
        "org/repo#12",
        "``` ````",
        "\x1b]0;title\x07",
        "\n\x1b[2J\n",
        "\n 10%\r 20%\r\n",
        "\u{9b}31m",
        "\u{0}",
        "\u{fffe}",
        "\u{202e}",
        "\u{2066}",
        "\u{200b}",
        "\u{e0041}",
        "%0A::error::",
        "\n",
        " ",
    ];
    prop_oneof![4 => select(known).prop_map(str::to_owned), 1 => "[ -~\\n]{0,30}", 1 => "\\PC{0,12}", 1 => "[a-z:#]{40,120}"]
}

/// What a terminal may put into a secret without anyone seeing it.
const INVISIBLE: &[&str] = &[
    "\x1b[31m",
    "\x1b[0m",
    "\x1b[1;32m",
    "\u{200b}",
    "\u{200d}",
    "\u{2060}",
    "\u{ad}",
    "\u{202c}",
];
/// What may stand on either side of a secret.
const EDGES: &[&str] = &[" ", "\n", "\"", "'", "`", "(", " = ", ": ", "\t"];

#[derive(Clone, Debug)]
struct Planted {
    secret: Secret,
    edges: (&'static str, &'static str),
    invisible: Vec<(Index, &'static str)>,
}

fn planted() -> impl Strategy<Value = Planted> {
    let invisible = proptest::collection::vec((any::<Index>(), select(INVISIBLE)), 0..3);
    (secret(), select(EDGES), select(EDGES), invisible).prop_map(
        |(secret, before, after, invisible)| Planted { secret, edges: (before, after), invisible },
    )
}

impl Planted {
    fn text(&self) -> String {
        let mut hidden = self.secret.hidden.clone();
        // From the last to the first: a mark inside another would be neither.
        let mut marks: Vec<(usize, &str)> =
            self.invisible.iter().map(|(index, mark)| (index.index(hidden.len()), *mark)).collect();
        marks.sort_unstable();
        for (at, mark) in marks.into_iter().rev() {
            hidden.insert_str(at, mark);
        }
        format!(
            "{}{}{hidden}{}{}",
            self.edges.0, self.secret.before, self.secret.after, self.edges.1
        )
    }
}

/// An input, its name, the secrets in it, and whether a terminal broke its lines.
#[derive(Clone, Debug)]
struct Input {
    text: String,
    name: String,
    secrets: Vec<String>,
    wrapped: bool,
}

fn input() -> impl Strategy<Value = Input> {
    let parts =
        proptest::collection::vec((hostile(), proptest::option::weighted(0.4, planted())), 1..10);
    let name = (
        "[ -~]{0,12}",
        proptest::option::of(hostile()),
        proptest::option::weighted(0.2, planted()),
    );
    (parts, name, proptest::option::of(40usize..130)).prop_map(
        |(parts, (name, other, secret), width)| {
            let secrets = parts
                .iter()
                .filter_map(|(_, planted)| planted.as_ref())
                .chain(&secret)
                .map(|planted| planted.secret.hidden.clone())
                .collect();
            let text: String = parts
                .iter()
                .map(|(text, planted)| {
                    text.clone() + &planted.as_ref().map(Planted::text).unwrap_or_default()
                })
                .collect();
            let text = width.map_or(text.clone(), |width| wrapped(&text, width));
            let name = name
                + &other.unwrap_or_default()
                + &secret.as_ref().map(Planted::text).unwrap_or_default();
            Input { text, name, secrets, wrapped: width.is_some() }
        },
    )
}

/// Broken as a terminal breaks it: after so many characters that are seen, with an indent.
fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::new();
    let (mut column, mut escape) = (0, false);
    for c in text.chars() {
        if c == '\x1b' {
            escape = true;
        }
        let seen = !escape
            && !c.is_control()
            && !matches!(c, '\u{200b}' | '\u{200d}' | '\u{2060}' | '\u{ad}' | '\u{202c}');
        if escape && (c.is_ascii_alphabetic() || c == '\x07') {
            escape = false;
        }
        if seen && column == width {
            out.push_str("\n     ");
            column = 0;
        }
        column = if c == '\n' { 0 } else { column + usize::from(seen) };
        out.push(c);
    }
    out
}

/// Everything that can come out of an input.
fn outputs(input: &Input) -> Vec<(&'static str, String)> {
    let diagnoser = Diagnoser::new(&CATALOG).tracing();
    let stream = diagnoser.stream(&input.name, input.text.as_bytes()).expect("a slice reads");
    let argument = diagnoser.argument(&input.text);
    let reports = [&stream, &argument];
    let explained = |report: &Report<'_>| {
        let ids = report
            .diagnoses
            .iter()
            .map(|diagnosis| why::entry(report, &CATALOG, &diagnosis.entry.id));
        why::verdict(report, &CATALOG) + &ids.collect::<String>()
    };
    let formats: Vec<(&'static str, Box<dyn Render>)> = vec![
        ("human", Box::new(Human { width: 80, color: false, all: true, name_source: true })),
        ("narrow", Box::new(Human { width: 40, color: false, all: true, name_source: true })),
        ("json", Box::new(Json)),
        ("jsonl", Box::new(JsonLines)),
        ("github", Box::new(GitHub::default())),
        ("markdown", Box::new(Markdown { all: true })),
        ("sarif", Box::new(Sarif::default())),
        ("junit", Box::new(Junit::default())),
        ("rdjson", Box::new(Rdjson::default())),
    ];
    let mut texts: Vec<(&'static str, String)> = formats
        .into_iter()
        .map(|(name, mut render)| {
            (
                name,
                reports.iter().map(|report| render.report(report)).collect::<String>()
                    + &render.end(),
            )
        })
        .collect();
    texts.push(("why", reports.iter().map(|report| explained(report)).collect()));
    texts.push(("outputs", github::output_file(&github::outputs(&stream), "delimiter")));
    texts
}

/// Six characters of a secret in a row that stand in the output and not, in clear, elsewhere in the
/// input.
fn leak<'a>(secret: &'a str, wrapped: bool, output: &str) -> Option<&'a str> {
    // What introduces a kind of key is no secret: `sk-ant-api03-`, `github_pat_`.
    let start = ["sk-ant-api03-", "sk-ant-oat01-", "sk-or-v1-", "sk-proj-", "github_pat_"]
        .iter()
        .find(|kind| secret.starts_with(*kind))
        .map_or(0, |kind| kind.len());
    // Letters that end a secret and begin a line cannot be told from a word: see `redact::secrets`.
    let word = |c: char| wrapped && (c.is_ascii_alphabetic() || "=_-".contains(c));
    let secret = secret[start..].trim_end_matches(word);
    // Six digits of a key may be letters of ours: `eedbac` stands in `/feedback`, and advice says
    // how a key begins.
    let printed = output.replace("/feedback", "").replace("sk-ant-", "");
    let leaks = |piece: &&str| printed.contains(piece) && !piece.starts_with("sk-ant");
    (0..secret.len().saturating_sub(5)).map(|at| &secret[at..at + 6]).find(leaks)
}

/// A line that the runner of GitHub Actions would obey, and that is not one of ours.
fn is_command(format: &str, line: &str) -> bool {
    let ours =
        format == "github" && (line.starts_with("::error ") || line.starts_with("::warning "));
    (line.trim_start().starts_with("::") && !ours) || line.contains("##[")
}

/// Markdown without its code: what a site would look for links and names in.
fn outside_code(markdown: &str) -> String {
    let mut out = String::new();
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            let fence = line.trim_end_matches("text");
            lines.by_ref().take_while(|line| *line != fence).for_each(drop);
            continue;
        }
        let mut rest = line;
        while let Some(at) = rest.find('`') {
            let fence = rest[at..].len() - rest[at..].trim_start_matches('`').len();
            let inner = &rest[at + fence..];
            let end = runs(inner).find(|(_, length)| *length == fence).map(|(end, _)| end);
            let end = end.unwrap_or_else(|| panic!("code that does not end: {line}"));
            out.push_str(&rest[..at]);
            rest = &inner[end + fence..];
        }
        out.push_str(rest);
        out.push('\n');
    }
    out
}

/// Runs of back-ticks: where, and how long.
fn runs(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find('`')?;
        let length = text[start..].len() - text[start..].trim_start_matches('`').len();
        at = start + length;
        Some((start, length))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 2000, ..cases(500) })]

    #[test]
    fn nothing_gets_past_the_gate(input in input()) {
        for (format, output) in outputs(&input) {
            for secret in &input.secrets {
                if let Some(piece) = leak(secret, input.wrapped, &output) {
                    prop_assert!(false, "{}: `{}` of {} came out: {}", format, piece, secret, output);
                }
            }
            let unseen = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}');
            prop_assert!(!output.contains(unseen), "{}: {:?}", format, output);
            for line in output.lines() {
                prop_assert!(!is_command(format, line), "{}: {}", format, line);
            }
            match format {
                "github" => prop_assert!(output.lines().all(|line| line.starts_with("::") || line.contains(" more; ")), "{}", output),
                "json" | "jsonl" => for line in output.lines() {
                    prop_assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{}", line);
                },
                "sarif" | "rdjson" => prop_assert!(serde_json::from_str::<serde_json::Value>(&output).is_ok(), "{}", output),
                "junit" => prop_assert!(roxmltree::Document::parse(&output).is_ok(), "{}", output),
                "markdown" => {
                    let alive = outside_code(&output).replace("More: <https://", "");
                    prop_assert!(!alive.contains(['<', '@', '[', ']', '&', '|', '\\', '$', '~', '_']), "{}", alive);
                    prop_assert!(!alive.contains("://") && !alive.contains("www.") && !alive.contains(":error"), "{}", alive);
                },
                _ => {}
            }
        }
    }
}
