//! Lines of JSON, whole and broken: many pieces that records are made of, so that structure is deep
//! and common.
#![no_main]

use diagnose_fuzz::{DIAGNOSER, check, report, spell};
use libfuzzer_sys::fuzz_target;

#[rustfmt::skip]
const PIECES: &[&str] = &[
    "\\\"", "\\\\\"", "\\n", "null", "true", "529", "1e9", "\\u00b7", "\\ud800", "·", "⎿", "…", "{\"", "\"}", "[{", "}]",
    "\"type\":", "\"error\":{", "\"message\":", "\"type\":\"error\"", "\"type\":\"overloaded_error\"", "\"type\":\"rate_limit_error\"",
    "\"type\":\"result\"", "\"is_error\":true", "\"is_error\":false", "\"subtype\":\"success\"", "\"result\":\"", "\"request_id\":\"req_011Cabc\"",
    "\"type\":\"rate_limit_event\"", "\"rate_limit_info\":{", "\"status\":\"rejected\"", "\"status\":\"allowed\"", "\"resetsAt\":1753063200",
    "\"rateLimitType\":\"five_hour\"", "\"type\":\"assistant\"", "\"type\":\"user\"", "\"role\":\"user\"", "\"content\":[", "\"type\":\"tool_result\"",
    "\"type\":\"text\",\"text\":\"", "\"isApiErrorMessage\":true", "\"api_error_status\":529", "\"error_status\":429", "\"sessionId\":\"00000000\"",
    "API Error: 529 ", "API Error: 400 {\\\"type\\\":\\\"error\\\"", "prompt is too long: 3 tokens > 2 maximum", "Overloaded", "Retrying in 4 seconds",
    "{'type': 'error', 'error': {'type': 'api_error'", "event: error\ndata: ", "anthropic", "claude", "openai", "2026-08-09T14:02:11Z ",
];

fuzz_target!(|input: &[u8]| {
    let text = spell(input, PIECES);
    check(&report(text.as_slice()));
    check(&DIAGNOSER.argument(&String::from_utf8_lossy(&text)));
});
