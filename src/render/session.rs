//! The session that failed, in words and in JSON.

use jiff::Timestamp;
use serde::Serialize;

use crate::redact;
use crate::report::Session;
use crate::reset;

/// Characters of a title that are shown.
const MAX_TITLE: usize = 60;
/// Characters of a title that are looked at.
const MAX_READ: usize = 4 * 1024;

/// What a report's JSON has besides, if its session is known.
#[derive(Serialize)]
pub(super) struct SessionWire {
    session: IdentityWire,
    failed_at: Option<String>,
    failed_before: Option<BeforeWire>,
    followed_by: Option<AfterWire>,
}

#[derive(Serialize)]
struct IdentityWire {
    id: String,
    title: Option<String>,
    project: Option<String>,
    subagent: Option<String>,
}

/// Tries before it that failed the same way.
#[derive(Serialize)]
struct BeforeWire {
    tries: u64,
    first_at: Option<String>,
}

/// The answers since.
#[derive(Serialize)]
struct AfterWire {
    answers: u64,
    last_answer_at: Option<String>,
    session: Option<String>,
}

impl SessionWire {
    pub(super) fn new(session: &Session) -> Self {
        let before = || BeforeWire {
            tries: session.tries - 1,
            first_at: session.first_failed_at.map(|at| at.to_string()),
        };
        let after = || AfterWire {
            answers: session.answers,
            last_answer_at: session.answered_at.map(|at| at.to_string()),
            session: session.answered_in.as_deref().map(redact::line),
        };
        Self {
            session: IdentityWire {
                id: redact::line(&session.id),
                title: title(session),
                project: session.project.as_deref().map(redact::line),
                subagent: session.subagent.as_deref().map(redact::line),
            },
            failed_at: session.failed_at.map(|at| at.to_string()),
            failed_before: (session.tries > 1).then(before),
            followed_by: went_on(session).then(after),
        }
    }
}

/// Whether an answer has come since.
fn went_on(session: &Session) -> bool {
    session.answers > 0 || session.answered_at.is_some()
}

/// The title on one line, cut to what tells sessions apart, but not before secrets are masked.
fn title(session: &Session) -> Option<String> {
    let read: String = session.title.as_deref()?.chars().take(MAX_READ).collect();
    let read = redact::sanitize(&read);
    let shown = match read.char_indices().nth(MAX_TITLE) {
        Some((end, _)) => format!("{}…", read[..end].trim_end()),
        None => read,
    };
    Some(redact::defuse(&shown)).filter(|shown| !shown.is_empty())
}

/// Which session it is, when it failed, and what followed: texts with their labels.
pub(super) fn lines(session: &Session) -> Vec<(&'static str, String)> {
    let name = title(session).map_or(String::new(), |title| format!("{title} · "));
    let id = redact::line(&session.id);
    let by = session.subagent.as_deref().map(|agent| format!(" · {}", redact::line(agent)));
    let mut lines = vec![("session", format!("{name}{id}{}", by.unwrap_or_default()))];
    if let Some(project) = &session.project {
        lines.push(("in", redact::line(project)));
    }
    let mut failed = time(session, session.failed_at, "at an unknown time");
    if session.tries > 1 {
        let first = time(session, session.first_failed_at, "at an unknown time");
        failed = format!(
            "{failed}; {} tries in a row failed like this, the first {first}",
            session.tries
        );
    }
    lines.push(("failed", failed));
    lines.push(("since", since(session)));
    lines
}

fn since(session: &Session) -> String {
    if !went_on(session) {
        return "no answer yet".into();
    }
    let at = time(session, session.answered_at, "at an unknown time");
    match session.answered_in.as_deref().filter(|other| *other != session.id) {
        Some(other) => {
            format!(
                "another session got an answer: the last one came {at}, in {}",
                redact::line(other)
            )
        }
        None => format!("the session went on; the last answer came {at}"),
    }
}

/// A moment by the clock of this machine, and how long ago it was.
fn time(session: &Session, at: Option<Timestamp>, unknown: &str) -> String {
    at.map_or_else(|| unknown.to_owned(), |at| reset::past(at, &session.clock))
}
