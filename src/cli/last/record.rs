//! Who speaks in a record of a transcript: the user, the model, or the client about a request that
//! failed. What a failure is, the library says; here lines are only told apart, so that it is shown
//! no words of the model and its tools. Three generations of the client write these records:
//! `"model":"<synthetic>"` alone, with `isApiErrorMessage`, and with `error` besides.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// A record, as far as it tells how a session went.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) voice: Voice,
    pub(super) at: Option<Timestamp>,
    pub(super) session: Option<String>,
    /// The folder in which the client worked.
    pub(super) folder: Option<String>,
    /// It belongs to a subagent.
    pub(super) sidechain: bool,
}

/// Who says what.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Voice {
    /// The user asks; the words, if they are the user's own and not those of a command.
    Prompt(Option<String>),
    /// The model answers.
    Answer,
    /// The client reports that a request failed, in these words.
    Failed(Option<String>),
    /// The client tries again.
    Retrying,
    /// A title of the session; the greater the rank, the better it is.
    Title(u8, String),
}

/// The fields by which records are told apart. A value of another type than usual must not hide the
/// rest, so most are read only where they are needed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    subtype: Option<Cow<'a, str>>,
    #[serde(borrow)]
    timestamp: Option<&'a RawValue>,
    #[serde(borrow, alias = "session_id")]
    session_id: Option<&'a RawValue>,
    #[serde(borrow)]
    cwd: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    #[serde(alias = "is_api_error_message")]
    is_api_error_message: Option<bool>,
    #[serde(alias = "is_error")]
    is_error: Option<bool>,
    is_sidechain: Option<bool>,
    is_meta: Option<bool>,
    #[serde(borrow)]
    custom_title: Option<&'a RawValue>,
    #[serde(borrow)]
    ai_title: Option<&'a RawValue>,
    #[serde(borrow)]
    summary: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    model: Option<Cow<'a, str>>,
    #[serde(borrow)]
    content: Option<&'a RawValue>,
}

impl Record {
    /// Parses a line; `None` if it says nothing of how the session went.
    pub(super) fn parse(line: &[u8]) -> Option<Self> {
        let wire: Wire<'_> = serde_json::from_slice(line).ok()?;
        let voice = voice(&wire)?;
        Some(Self {
            voice,
            at: text(wire.timestamp).and_then(|stamp| stamp.parse().ok()),
            session: text(wire.session_id),
            folder: text(wire.cwd),
            sidechain: wire.is_sidechain == Some(true),
        })
    }
}

fn voice(wire: &Wire<'_>) -> Option<Voice> {
    let message = || serde_json::from_str::<Message<'_>>(wire.message?.get()).ok();
    let title = |rank, raw| text(raw).map(|title| Voice::Title(rank, title));
    match wire.kind.as_ref() {
        "user" => {
            let words = message()?.content.map(|content| words(content.get()))?;
            // The result of a tool is no prompt; what a command prints stands in tags.
            let own = wire.is_meta != Some(true);
            words.map(|words| {
                let is_own = own && !words.starts_with(['<', '[']) && !words.trim().is_empty();
                Voice::Prompt(is_own.then_some(words))
            })
        }
        "assistant" => {
            let message = message()?;
            let said = message.content.and_then(|content| words(content.get()));
            // The client's own words are a report of a failure, but for those that fill a turn in
            // which nothing was asked.
            let is_client = message.model.as_deref() == Some("<synthetic>");
            if is_client && said.as_deref() == Some("No response requested.") {
                return None;
            }
            let failed = wire.is_api_error_message == Some(true)
                || wire.error.is_some_and(|error| error.get() != "null")
                || is_client;
            Some(if failed { Voice::Failed(said) } else { Voice::Answer })
        }
        "result" if wire.is_error == Some(true) => Some(Voice::Failed(text(wire.result))),
        "error" | "rate_limit_event" => Some(Voice::Failed(None)),
        "system" => match wire.subtype.as_deref()? {
            "api_retry" | "api_error" => Some(Voice::Retrying),
            other => ["error", "notice", "limit"]
                .iter()
                .any(|word| other.contains(word))
                .then_some(Voice::Failed(None)),
        },
        "custom-title" => title(2, wire.custom_title),
        "ai-title" => title(1, wire.ai_title),
        // Old clients: it may be the title of another session.
        "summary" => title(0, wire.summary),
        _ => None,
    }
}

/// A string.
fn text(raw: Option<&RawValue>) -> Option<String> {
    serde_json::from_str(raw?.get()).ok()
}

/// The text of a message's content: a string, or a list of blocks.
fn words(content: &str) -> Option<String> {
    match serde_json::from_str(content).ok()? {
        Value::String(text) => Some(text),
        Value::Array(blocks) => {
            blocks.iter().find_map(|block| Some(block["text"].as_str()?.to_owned()))
        }
        _ => None,
    }
}
