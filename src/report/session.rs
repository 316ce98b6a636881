//! The session of Claude Code that an error comes from: which one, when, and what followed. Whoever
//! has read the transcript fills it in; the renderers tell it.

use jiff::Timestamp;

use crate::reset::Clock;

/// A session, and what it tells of its failure. Texts may be as they stand in the transcript: they
/// are sanitized where they are shown.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Session {
    /// The id, which `claude --resume` takes.
    pub id: String,
    /// Its title, or its first prompt.
    pub title: Option<String>,
    /// The folder in which it was started.
    pub project: Option<String>,
    /// The name of the subagent that failed, if it was one.
    pub subagent: Option<String>,
    /// When it failed.
    pub failed_at: Option<Timestamp>,
    /// Tries that failed the same way, one after the other; this is the last of them. From 1.
    pub tries: u64,
    /// When the first of them failed.
    pub first_failed_at: Option<Timestamp>,
    /// Answers in the same transcript since it failed.
    pub answers: u64,
    /// When the last answer since came.
    pub answered_at: Option<Timestamp>,
    /// The id of the session in which it came.
    pub answered_in: Option<String>,
    /// The present, and the zone in which times are told.
    pub clock: Clock,
}

impl Session {
    /// A session of which only the id is known.
    ///
    /// ```
    /// use diagnose::report::Session;
    /// let diagnoser = diagnose::Diagnoser::builtin();
    /// let mut report = diagnoser.argument("API Error: 529 Overloaded");
    /// let mut session = Session::new("5d9f", diagnoser.clock());
    /// session.title = Some("Fix the tests".into());
    /// report.session = Some(session);
    /// let json = serde_json::to_value(&report).expect("plain data");
    /// assert_eq!(json["session"]["title"], "Fix the tests");
    /// ```
    pub fn new(id: impl Into<String>, clock: Clock) -> Self {
        Self {
            id: id.into(),
            title: None,
            project: None,
            subagent: None,
            failed_at: None,
            tries: 1,
            first_failed_at: None,
            answers: 0,
            answered_at: None,
            answered_in: None,
            clock,
        }
    }
}
