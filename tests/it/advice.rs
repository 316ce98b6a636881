//! Whether the advice fits its reader: whoever calls the API from a program of their own is told
//! nothing that only Claude Code has, every step is printed to those whom it is for, and what must
//! not be repeated is not called retryable.

use diagnose::Diagnosis;
use diagnose::catalog::{Group, Surface};
use diagnose::render::Render as _;
use diagnose::render::json::Json;

use crate::support::clients::{CLIENTS, ERRORS, json};
use crate::support::{CATALOG, DIAGNOSER, diagnose};

/// What only Claude Code has: its commands, its files, its variables, its keys.
const OF_CLAUDE_CODE: [&str; 40] = [
    "/clear",
    "/compact",
    "/config",
    "/context",
    "/doctor",
    "/effort",
    "/export",
    "/extra-usage",
    "/feedback",
    "/login",
    "/logout",
    "/mcp",
    "/memory",
    "/model",
    "/resume",
    "/rewind",
    "/status",
    "/upgrade",
    "/usage",
    "claude -p",
    "claude auth",
    "claude doctor",
    "claude mcp",
    "claude setup",
    "claude update",
    "claude --",
    "CLAUDE.md",
    "CLAUDE_CODE_",
    "~/",
    "settings.json",
    "apiKeyHelper",
    "ANTHROPIC_MODEL",
    "ANTHROPIC_CUSTOM_HEADERS",
    "API_TIMEOUT_MS",
    "BASH_DEFAULT",
    "MAX_THINKING_TOKENS",
    "DISABLE_PROMPT_CACHING",
    "Esc",
    "subagent",
    "Claude Code",
];

fn json_report(text: &str) -> serde_json::Value {
    let report = DIAGNOSER.stream("stdin", text.as_bytes()).expect("a slice reads");
    serde_json::from_str(&Json.report(&report)).expect("JSON")
}

#[test]
fn who_does_not_use_claude_code_is_told_nothing_of_it() {
    let mut wrong = Vec::new();
    for (client, print) in CLIENTS {
        for error in &ERRORS {
            let input = print(error);
            let report = json_report(&format!("{input}\n"));
            let Some(primary) = report["diagnoses"].get(0) else {
                wrong.push(format!("{client}: nothing recognised in {input}"));
                continue;
            };
            let advice = format!("{} {}", primary["steps"], primary["checks"]);
            // Not `https://status.claude.com`, which is everybody's.
            let words =
                advice.replace(['"', '`', '(', ')', ',', '.', ';'], " ").replace("https://", "");
            let named: Vec<&&str> =
                OF_CLAUDE_CODE.iter().filter(|name| words.contains(&format!(" {name}"))).collect();
            if !named.is_empty() {
                wrong.push(format!("{client}, {}: {named:?} in {advice}", primary["id"]));
            }
            if primary["steps"].as_array().is_none_or(Vec::is_empty) {
                wrong.push(format!("{client}, {}: no step", primary["id"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{} pages:\n{}", wrong.len(), wrong.join("\n"));
}

/// What stands in sessions of Claude Code, shells and notes, and says nothing of who reads or answers.
const BESIDE: [&str; 16] = [
    "me@box:~/minecraft-bedrock-server$ ls",
    "foundry:~$ ls",
    "cwd: /home/me/haystack",
    "me@box:~/dify$ ls",
    "cline/",
    "we use litellm in production, behind our kong gateway",
    "I moved from aider and opencode to Claude Code; GitHub Copilot was fine",
    "Amazon Bedrock, Vertex AI and Microsoft Foundry are fine, says my colleague",
    "ask your instructor. See openai. It is like a needle in a haystack.",
    "npm warn cloudflare workers types, and the squid game",
    "⏺ Update(src/litellm/router.py)",
    "⏺ Bash(pip install boto3)\n  ⎿  Successfully installed boto3-1.40",
    "⏺ Bash(python3 x.py)\n  ⎿  Traceback (most recent call last):\n       File \"x.py\", line 2, in <module>\n     KeyError: 'x'",
    "⏺ Bash(curl -sI https://shop.example)\n  ⎿  HTTP/1.1 200 OK\n     server: nginx/1.24.0\n     cf-ray: 9f2a7b5c1d2e3f40-FRA",
    "⏺ Bash(curl https://x.example)\n  ⎿  curl: (6) Could not resolve host: x.example",
    "⏺ Bash(node ask.mjs)\n  ⎿  RateLimitError: 429 {}\n         at APIError.generate (/app/node_modules/@anthropic-ai/sdk/error.mjs:1:1)",
];

#[test]
fn what_is_beside_a_session_changes_nothing() {
    let advice = |text: &str| {
        let report = json_report(text);
        let primary = &report["diagnoses"][0];
        assert!(primary["steps"].is_array(), "nothing recognised in {text}");
        assert!(!primary.to_string().contains("In your own code"), "{text}");
        (primary["steps"].clone(), primary["answered_by"].clone())
    };
    for error in ["⏺ API Error: 529 Overloaded", "  ⎿  API Error: 500 Internal server error"] {
        let alone = advice(error);
        for line in BESIDE {
            assert_eq!(advice(&format!("{line}\n\n{error}\n")), alone, "{line}");
        }
    }
}

#[test]
fn who_answered_is_right_or_unknown() {
    let body = json(&ERRORS[0]);
    for (by, text) in [
        ("anthropic", format!("HTTP/2 529\nserver: cloudflare\ncf-ray: 9f2a-FRA\n\n{body}")),
        ("anthropic", CLIENTS[9].1(&ERRORS[0])),
        ("anthropic", "overloaded: {type=error, error={type=overloaded_error, message=Overloaded}, request_id=req_011CWq7yBnV3}".into()),
        ("bedrock", body.replace("req_011", "req_bdrk_01")),
        ("vertex", body.replace("req_011", "req_vrtx_01")),
        ("proxy", "API Error: 502 <html>\n<center>nginx/1.24.0</center>\n</html>".into()),
        ("", "API Error: 529 Overloaded".into()),
        ("", "APIStatusError: 529 for https://api.anthropic.com/v1/messages: overloaded_error".into()),
    ] {
        let run = diagnose(&["--print", "answered_by"], text.as_bytes());
        assert_eq!((run.status, run.stdout.trim()), (0, by), "{text}");
    }
}

/// A line that shows a surface and is no error.
fn sign(surface: Surface) -> &'static str {
    match surface {
        Surface::Cli => "me@box:~/app$ claude -p x",
        Surface::Desktop => "opened in /Applications/Claude.app",
        Surface::Web => "session https://claude.ai/code/session_01",
        Surface::Ide => "in /home/me/.vscode/extensions/anthropic.claude-code-2.1.0/",
        Surface::Sdk => {
            "  File \"/app/.venv/lib/python3.12/site-packages/anthropic/_models.py\", line 9"
        }
        Surface::Relay => "server: new_api_error",
        Surface::Gateway => "x-litellm-version: 1.80.0",
        Surface::Bedrock => "profile arn:aws:bedrock:us-east-1:111122223333:inference-profile/x",
        Surface::Vertex => "host us-east5-aiplatform.googleapis.com",
        Surface::Foundry => "host my-resource.services.ai.azure.com",
        Surface::Anthropic => "request-id: req_011CWq7yBnV3xT8rKfLmP2sZ",
        Surface::Proxy => "cf-ray: 9f2a7b5c1d2e3f40-FRA",
        Surface::Windows => "PS C:\\Users\\me\\app> dir",
        Surface::Macos => "me@MacBook-Pro ~ % ls",
        Surface::Linux => "cwd /home/me/app",
        Surface::Ci => "Run anthropics/claude-code-action@v1",
        Surface::Client => "",
        other => panic!("no sign of {other} is known here"),
    }
}

/// The diagnosis of an entry in one of its examples with these signs around it, in which somebody
/// sees what is looked for, if there is one.
fn shown(
    id: &str,
    examples: &[&str],
    on: &[Surface],
    sees: impl Fn(&Diagnosis<'_>) -> bool,
) -> Option<Diagnosis<'static>> {
    // This machine needs no sign.
    let others = on.iter().filter(|surface| Some(**surface) != Surface::here());
    let signs: Vec<&str> = others.map(|surface| sign(*surface)).collect();
    let signs = signs.join("\n");
    // The line of the error itself says which program printed it: another prints it otherwise.
    let printed = examples.iter().flat_map(|example| {
        let program = example
            .replace("Please run /login · ", "")
            .replace("API Error: ", "BadRequestError: ")
            .replace(['⎿', '⏺', '●'], "");
        [(*example).to_owned(), program, format!("  ⎿  {example}")]
    });
    let mut texts = printed.flat_map(|example| {
        [
            format!("{signs}\n\n{example}\n"),
            format!("{example}\n\n{signs}\n"),
            format!("{signs}\n{example}\n"),
        ]
    });
    let mut last = None;
    for text in &mut texts {
        let report = DIAGNOSER.stream("x", text.as_bytes()).expect("a slice reads");
        let found = report.diagnoses.into_iter().find(|diagnosis| diagnosis.entry.id == id);
        if found.as_ref().is_some_and(&sees) {
            return found;
        }
        last = last.or(found);
    }
    last
}

#[test]
fn every_step_is_printed_to_those_whom_it_is_for() {
    let mut dead = Vec::new();
    for entry in CATALOG.entries() {
        let examples: Vec<&str> =
            entry.examples.iter().map(|example| example.value.as_ref()).collect();
        for step in entry.steps.iter().chain(entry.checks.iter().map(|check| &check.ask)) {
            // One surface of each group that the step names, and of the others what the entry has.
            let on: Vec<Surface> = Group::ALL
                .iter()
                .filter_map(|group| step.on.iter().copied().find(|of| of.group() == *group))
                .collect();
            let begins = step.text.split('{').next().unwrap_or_default().to_lowercase();
            let sees = |diagnosis: &Diagnosis<'_>| {
                let mut texts =
                    diagnosis.steps.iter().chain(diagnosis.checks.iter().map(|of| &of.ask));
                texts.any(|of| of.text.to_lowercase().contains(&begins))
            };
            let Some(diagnosis) = shown(&entry.id, &examples, &on, sees) else {
                // A complaint counts only by itself: there is no room for a sign.
                if entry.complaints.is_empty() {
                    dead.push(format!("{}: no example is found beside {on:?}", entry.id));
                }
                continue;
            };
            if !sees(&diagnosis) {
                dead.push(format!("{}: nobody on {on:?} sees `{}`", entry.id, step.text));
            }
        }
    }
    assert!(dead.is_empty(), "{} steps:\n{}", dead.len(), dead.join("\n"));
}

#[test]
fn what_does_harm_is_not_retryable() {
    for (message, retryable) in [
        ("API Error: Connection closed mid-response. The response above may be incomplete.", false),
        ("API Error: Response stalled mid-stream. The response above may be incomplete.", false),
        ("Server error mid-response. The response above may be incomplete.", false),
        ("API Error: 529 Overloaded", true),
        ("OAuth error: Invalid code. Please make sure the full code was copied", false),
        ("Approaching weekly limit · resets Nov 26, 2am", false),
        ("Invalid API key · Please run /login", false),
        ("You've hit your session limit · resets 3:45pm", true),
    ] {
        let run = diagnose(&["--is", "retryable", "--", message], b"");
        assert_eq!(run.status == 0, retryable, "{message}");
    }
}
