//! Records: objects of JSON that the client writes about itself (`claude -p --output-format json` and
//! `stream-json`, session files, the log of a CI action).
//!
//! Only some fields of a record report an error. `usage`, counters, names of options, the results
//! of tools and the words of the model are full of the words of errors and are never evidence.

use std::borrow::Cow;
use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::verdict::State;

/// What a record reports of a failure.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// The spans of the fields that report an error, in bytes from the object's start.
    pub(super) error_fields: Vec<Range<usize>>,
    /// What became of the request.
    pub(super) state: Option<State>,
    /// It is a message of a stream, which stands in no other record.
    pub(super) is_message: bool,
    /// It holds the words of the model, of the user or of tools.
    pub(super) is_speech: bool,
}

/// The fields by which records are told apart, as clients write them. Others are skipped.
#[derive(Deserialize)]
pub(super) struct Wire<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    subtype: Option<&'a RawValue>,
    is_error: Option<bool>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    #[serde(borrow)]
    errors: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow)]
    content: Option<&'a RawValue>,
    #[serde(borrow, alias = "apiErrorStatus")]
    api_error_status: Option<&'a RawValue>,
    #[serde(borrow, alias = "apiErrorType")]
    api_error_type: Option<&'a RawValue>,
    #[serde(alias = "isApiErrorMessage")]
    is_api_error_message: Option<bool>,
    #[serde(borrow)]
    rate_limit_info: Option<&'a RawValue>,
    #[serde(borrow)]
    hook_event_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    last_assistant_message: Option<&'a RawValue>,
}

/// The field of a message that names its author.
#[derive(Deserialize)]
struct Author<'a> {
    #[serde(borrow)]
    model: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct RateLimit<'a> {
    #[serde(borrow)]
    status: Option<Cow<'a, str>>,
}

/// The messages of a stream.
const MESSAGES: &[&str] =
    &["assistant", "user", "system", "result", "stream_event", "rate_limit_event"];
/// Other objects that hold the words of the model, of the user and of tools, and nothing else.
const SILENT: &[&str] = &[
    "tool_use",
    "tool_result",
    "summary",
    "file-history-snapshot",
    "queue-operation",
    "attachment",
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
    "ping",
];

/// Whether an object of this type holds the words of the model, of the user or of tools.
pub(super) fn is_speech(kind: &str) -> bool {
    matches!(kind, "assistant" | "user" | "stream_event") || SILENT.contains(&kind)
}

impl Record {
    /// What the object at the front of a text, of this length, reports; `None` if it is no record of a
    /// client.
    pub(super) fn of(text: &[u8], length: usize, wire: &Wire<'_>) -> Option<Self> {
        let span = |raw: Option<&RawValue>| {
            let raw = raw.filter(|raw| raw.get() != "null")?.get();
            // A raw value is a slice of the text.
            let start = raw.as_ptr() as usize - text.as_ptr() as usize;
            Some(start..start + raw.len())
        };
        let field = |raw: Option<&RawValue>| span(raw).map(|span| with_key(text, span));
        let whole = 0..length;
        // `error_max_turns`, `error_during_execution`: some versions say so beside `"is_error":false`.
        let subtype = wire.subtype.map(|raw| raw.get().trim_matches('"'));
        let failed_as =
            field(wire.subtype.filter(|_| subtype.is_some_and(|name| name.starts_with("error"))));
        let kind = wire.kind.as_deref().or(wire.hook_event_name.as_deref())?;
        let mut record = Self {
            is_message: MESSAGES.contains(&kind),
            is_speech: is_speech(kind),
            ..Self::default()
        };
        match kind {
            // What a hook is handed after a turn that failed. For other hooks the same field holds
            // the words of the model.
            "StopFailure" => {
                let fields = [field(wire.last_assistant_message), field(wire.error)];
                record.report(fields, State::Terminal);
            }
            "error" if wire.error.is_some() => record.report([Some(whole)], State::Terminal),
            "result" if wire.is_error == Some(true) || failed_as.is_some() => {
                let fields = [
                    field(wire.result),
                    field(wire.errors),
                    field(wire.error),
                    field(wire.api_error_status),
                    field(wire.api_error_type),
                    failed_as,
                ];
                record.report(fields, State::Terminal);
                // A run that failed without a message still has its subtype.
                if wire.result.is_none() && wire.errors.is_none() {
                    record.report([Some(whole)], State::Terminal);
                }
            }
            "assistant" => {
                let synthetic = wire
                    .message
                    .and_then(|message| serde_json::from_str::<Author<'_>>(message.get()).ok())
                    .is_some_and(|a| a.model.as_deref() == Some("<synthetic>"));
                let failed = wire.is_api_error_message == Some(true)
                    || wire.error.is_some_and(|error| error.get() != "null");
                if failed || synthetic {
                    let fields = [
                        field(wire.message),
                        field(wire.error),
                        field(wire.api_error_status),
                        field(wire.api_error_type),
                    ];
                    record.report(fields, State::Terminal);
                }
            }
            "system" => match subtype {
                Some("api_retry" | "api_error") => record.report([Some(whole)], State::Retrying),
                Some(subtype)
                    if subtype.contains("error")
                        || subtype.contains("notice")
                        || subtype.contains("limit") =>
                {
                    let fields = [span(wire.content), span(wire.message), span(wire.error)];
                    record.report(fields, State::Terminal);
                }
                _ => {}
            },
            "rate_limit_event" => {
                let status = wire
                    .rate_limit_info
                    .and_then(|info| serde_json::from_str::<RateLimit<'_>>(info.get()).ok())
                    .and_then(|info| info.status);
                if status.as_deref() == Some("rejected") {
                    record.report([Some(whole)], State::Terminal);
                }
            }
            "user" | "result" | "stream_event" => {}
            kind if SILENT.contains(&kind) => {}
            _ => return None,
        }
        Some(record)
    }

    /// Adds the fields that report an error.
    fn report<const N: usize>(&mut self, fields: [Option<Range<usize>>; N], state: State) {
        self.error_fields.extend(fields.into_iter().flatten());
        self.state = Some(state);
    }
}

/// The span of a value and its key: rules may need the key, `"api_error_status":529`.
fn with_key(text: &[u8], value: Range<usize>) -> Range<usize> {
    let before = &text[..value.start];
    let last = memchr::memrchr(b',', before).or_else(|| memchr::memchr(b'{', before));
    last.map_or(0, |end| end + 1)..value.end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Option<Record> {
        Record::of(line.as_bytes(), line.len(), &serde_json::from_str(line).ok()?)
    }

    fn error_fields(line: &str) -> Option<Vec<&str>> {
        let record = parse(line)?;
        Some(record.error_fields.into_iter().map(|span| &line[span]).collect())
    }

    #[test]
    fn a_failed_result_reports_its_result_and_status() {
        let line = r#"{"type":"result","subtype":"success","is_error":true,"usage":{"rate_limit":0},"api_error_status":529,"result":"Overloaded"}"#;
        assert_eq!(
            error_fields(line),
            Some(vec![r#""result":"Overloaded""#, r#""api_error_status":529"#])
        );
        assert_eq!(error_fields(&line.replace("true", "false")), Some(vec![]));
        let line = r#"{"type":"result","subtype":"error_max_turns","is_error":false,"errors":[]}"#;
        assert_eq!(
            error_fields(line),
            Some(vec![r#""errors":[]"#, r#""subtype":"error_max_turns""#])
        );
    }

    #[test]
    fn the_model_and_its_tools_report_nothing() {
        for line in [
            r#"{"type":"assistant","message":{"model":"claude-opus-5","content":[{"type":"text","text":"Prompt is too long"}]}}"#,
            r#"{"type":"user","message":{"content":[{"type":"tool_result","content":"API Error: 529"}]}}"#,
            r#"{"type":"system","subtype":"init","slash_commands":["login"]}"#,
            r#"{"type":"rate_limit_event","rate_limit_info":{"status":"allowed_warning"}}"#,
            r#"{"type":"result","subtype":"success","is_error":false,"result":"API Error: 529"}"#,
        ] {
            assert_eq!(error_fields(line), Some(vec![]), "{line}");
        }
    }

    #[test]
    fn synthetic_messages_and_retries_report() {
        let retry = parse(
            r#"{"type":"system","subtype":"api_retry","error_status":529,"error":"overloaded"}"#,
        )
        .expect("a record");
        assert_eq!(retry.state, Some(State::Retrying));
        assert!(
            error_fields(
                r#"{"type":"assistant","message":{"model":"<synthetic>","content":"Overloaded"}}"#
            )
            .is_some_and(|v| v.len() == 1)
        );
        assert!(
            error_fields(r#"{"type":"rate_limit_event","rate_limit_info":{"status":"rejected"}}"#)
                .is_some_and(|v| v.len() == 1)
        );
    }

    #[test]
    fn other_lines_are_text() {
        for line in [r#"{"level":"error","msg":"x"}"#, "{", "{}", "text", r#"{"type":"log"}"#] {
            assert_eq!(parse(line), None, "{line}");
        }
    }

    #[test]
    fn a_hook_is_handed_the_error_of_a_failed_turn_and_the_words_of_any_other() {
        let line = r#"{"hook_event_name":"StopFailure","cwd":"/x","error":"unknown","last_assistant_message":"Prompt is too long"}"#;
        let record = parse(line).expect("a record");
        assert_eq!(record.state, Some(State::Terminal));
        let fields = error_fields(line).expect("a record");
        assert_eq!(
            fields,
            [r#""last_assistant_message":"Prompt is too long""#, r#""error":"unknown""#]
        );
        assert_eq!(
            parse(&line.replace("StopFailure", "Stop")),
            None,
            "no record: the words may be an answer"
        );
    }
}
