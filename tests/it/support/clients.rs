//! Errors of the API as clients other than Claude Code print them.

/// An error of the API: status, type, message, and the class of the SDKs.
pub(crate) type Error = (u16, &'static str, &'static str, &'static str);

pub(crate) const ERRORS: [Error; 12] = [
    (529, "overloaded_error", "Overloaded", "OverloadedError"),
    (500, "api_error", "Internal server error", "InternalServerError"),
    (504, "timeout_error", "Request timed out.", "InternalServerError"),
    (
        429,
        "rate_limit_error",
        "This request would exceed your organization's rate limit of 50,000 input tokens per minute",
        "RateLimitError",
    ),
    (401, "authentication_error", "invalid x-api-key", "AuthenticationError"),
    (403, "permission_error", "Your API key does not have permission", "PermissionDeniedError"),
    (
        400,
        "invalid_request_error",
        "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
        "BadRequestError",
    ),
    (404, "not_found_error", "model: claude-sonnet-9-9", "NotFoundError"),
    (
        400,
        "invalid_request_error",
        "prompt is too long: 211734 tokens > 200000 maximum",
        "BadRequestError",
    ),
    (413, "request_too_large", "Request exceeds the maximum size", "RequestTooLargeError"),
    (
        400,
        "invalid_request_error",
        "`max_tokens` must be greater than `thinking.budget_tokens`.",
        "BadRequestError",
    ),
    (400, "invalid_request_error", "max_tokenz: Extra inputs are not permitted", "BadRequestError"),
];

/// How a client prints an error.
pub(crate) type Client = (&'static str, fn(&Error) -> String);

pub(crate) const CLIENTS: [Client; 20] = [
    ("python", |error| {
        let (status, _, _, class) = error;
        format!("anthropic.{class}: Error code: {status} - {}", python(error))
    }),
    ("python traceback", |error| {
        let (status, _, _, class) = error;
        format!(
            "Traceback (most recent call last):\n  File \"/app/main.py\", line 12, in <module>\n    client.messages.create(\n  File \"/app/.venv/lib/python3.12/site-packages/anthropic/_base_client.py\", line 1047, in request\n    raise self._make_status_error_from_response(err.response) from None\nanthropic.{class}: Error code: {status} - {}",
            python(error)
        )
    }),
    ("node", |error| {
        let (status, _, _, class) = error;
        format!(
            "{class}: {status} {}\n    at APIError.generate (/app/node_modules/@anthropic-ai/sdk/core/error.mjs:36:20)",
            json(error)
        )
    }),
    ("java", |error| {
        let (status, _, _, class) = error;
        let class = class.trim_end_matches("Error");
        format!(
            "Exception in thread \"main\" com.anthropic.errors.{class}Exception: {status}: {}\n\tat com.anthropic.core.handlers.ErrorHandler.handle(ErrorHandler.kt:40)",
            json(error)
        )
    }),
    ("litellm", |error| format!("litellm.{}: AnthropicException - {}", error.3, json(error))),
    ("langchain", |error| {
        let (status, _, _, class) = error;
        format!(
            "Traceback (most recent call last):\n  File \"/app/.venv/lib/python3.12/site-packages/langchain_anthropic/chat_models.py\", line 1371, in _generate\nanthropic.{class}: Error code: {status} - {}",
            python(error)
        )
    }),
    ("aider", |error| {
        format!(
            "Aider v0.86.1\nMain model: anthropic/claude-sonnet-5 with diff edit format\n\n> fix the tests\n\nlitellm.{}: AnthropicException - {}",
            error.3,
            json(error)
        )
    }),
    ("plain http", |error| {
        format!("HTTP/2 {}\ncontent-type: application/json\n\n{}", error.0, json(error))
    }),
    ("node, bundled", |error| {
        format!("⨯ {}: {} {}\n    at c.generate (/srv/x.js:1:2)", error.3, error.0, json(error))
    }),
    ("node, inspected", |(status, kind, message, class)| {
        format!(
            "Chat error: {class} {{\n  status: {status},\n  headers: {{\n    'cf-ray': '8e695a03eed4f9fd-SJC',\n    'request-id': 'req_011CWq7yBnV3xT8rKfLmP2sZ',\n    server: 'cloudflare'\n  }},\n  error: {{\n    type: 'error',\n    error: {{ type: '{kind}', message: \"{message}\" }}\n  }}\n}}"
        )
    }),
    ("go", |error| {
        format!(
            "panic: POST \"https://api.anthropic.com/v1/messages\": {} Status {}\n\ngoroutine 1 [running]:",
            error.0,
            json(error)
        )
    }),
    ("ruby", |(status, kind, message, class)| {
        format!(
            "/usr/gems/anthropic-1.16.3/lib/anthropic/internal/transport/base_client.rb:384:in 'send_request': {{url: \"https://api.anthropic.com/v1/messages\", status: {status}, body: {{type: \"error\", error: {{type: \"{kind}\", message: \"{message}\"}}}}}} (Anthropic::Errors::{class})"
        )
    }),
    ("php", |error| {
        format!(
            "PHP Fatal error:  Uncaught GuzzleHttp\\Exception\\ClientException: Client error: `POST https://api.anthropic.com/v1/messages` resulted in a `{} x` response:\n{}",
            error.0,
            json(error)
        )
    }),
    ("spring", |error| {
        format!(
            "o.s.ai.retry.NonTransientAiException: {} - {}\n\tat com.acme.Ask.ask(Ask.java:12)",
            error.0,
            json(error)
        )
    }),
    ("c#", |error| {
        format!(
            "Unhandled exception. System.Net.Http.HttpRequestException: Error at https://api.anthropic.com/v1/messages with HTTP status code: {}. Content: {}",
            error.0,
            json(error)
        )
    }),
    ("rust", |error| {
        format!(
            "thread 'main' panicked at src/main.rs:3:5:\ncalled `Result::unwrap()` on an `Err` value: Api {{ status: {}, body: {:?} }}",
            error.0,
            json(error)
        )
    }),
    ("elixir", |error| {
        format!("** (RuntimeError) Anthropic API error: {} {}", error.0, json(error))
    }),
    ("continue", |error| {
        format!("HTTP {} x from https://api.anthropic.com/v1/messages {}", error.0, json(error))
    }),
    ("cline", |error| format!("API Request Failed\n{} {}", error.0, json(error))),
    ("n8n", |error| {
        let (status, _, message, _) = error;
        format!(
            "NodeApiError: {message}\n    at ExecuteContext.request (/usr/lib/node_modules/n8n/node_modules/n8n-core/x.ts:1:1)\n{{\"rawErrorMessage\":[{:?}]}}",
            format!("{status} - {}", json(error))
        )
    }),
];

pub(crate) fn json((_, kind, message, _): &Error) -> String {
    format!(
        r#"{{"type":"error","error":{{"type":"{kind}","message":"{message}"}},"request_id":"req_011CWq7yBnV3xT8rKfLmP2sZ"}}"#
    )
}

pub(crate) fn python((_, kind, message, _): &Error) -> String {
    let mark = if message.contains('\'') { '"' } else { '\'' };
    format!(
        "{{'type': 'error', 'error': {{'type': '{kind}', 'message': {mark}{message}{mark}}}, 'request_id': 'req_011CWq7yBnV3xT8rKfLmP2sZ'}}"
    )
}
