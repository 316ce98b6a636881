//! Whether and when to try again: the policy of the entry, and the time that the output prints.

use std::time::Duration;

use crate::advice::Captures;
use crate::catalog::{Action, Policy};
use crate::reset::{self, Clock, Hint, Reset};

/// Whether and when the same request may work again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retry {
    /// The policy.
    pub policy: Policy,
    /// Seconds to wait from now, where the output says so.
    pub after_seconds: Option<u64>,
    /// The time of the reset (RFC 3339), where it can be known for certain.
    pub not_before: Option<String>,
    /// The time of the reset as printed, such as `3pm (Europe/Berlin)`.
    pub text: Option<String>,
    /// The time of the reset in words, for a reader at this machine: `at 15:45 CEST (in 2 h)`.
    pub when: Option<String>,
}

/// What to do with a request that failed, as far as its output tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// Send it again after this long, and after longer each time it fails again.
    RetryAfter(Duration),
    /// It can work again only after a reset, this long from now; `None` where the output does not
    /// say when, or not for certain.
    Wait(Option<Duration>),
    /// Not as it is: this has to be done first.
    Never(Action),
}

/// How long to wait where a retry may help at once and the output names no time. Not 0: a loop would
/// hammer a service that has no room. The client has paused and tried for minutes before it gave
/// up, so less than a minute is no news.
const UNNAMED: Duration = Duration::from_secs(60);

impl Retry {
    /// What the message itself names, before any clock has been asked.
    pub(super) fn new(policy: Policy, captures: &Captures) -> Self {
        Self {
            policy,
            after_seconds: captures.get("retry_after").and_then(|text| text.parse().ok()),
            not_before: None,
            text: captures.get("resets").or_else(|| captures.get("epoch")).cloned(),
            when: None,
        }
    }

    /// Whether the same request can work again, at once or after a reset.
    pub fn is_retryable(&self) -> bool {
        self.policy != Policy::Never
    }

    pub(super) fn decision(&self, action: Action) -> Decision {
        let after = self.after_seconds.map(Duration::from_secs);
        match self.policy {
            Policy::Backoff => Decision::RetryAfter(after.unwrap_or(UNNAMED)),
            Policy::Wait => Decision::Wait(after),
            Policy::Never => Decision::Never(action),
        }
    }

    /// Takes the first hint that tells the moment, otherwise the first that tells anything.
    pub(super) fn resolve(&mut self, hints: &[Hint], clock: &Clock) {
        // The text with its zone, which the placeholder of a reset leaves out.
        if let (Some(text), Some(Hint::Text(whole))) = (&mut self.text, hints.first()) {
            whole.clone_into(text);
        }
        // What an earlier clock knew is forgotten.
        self.after_seconds = hints.iter().find_map(|hint| match hint {
            Hint::Seconds(seconds) => Some(*seconds),
            Hint::Text(_) => None,
        });
        (self.not_before, self.when) = (None, None);
        let read: Vec<(&Hint, Reset)> =
            hints.iter().filter_map(|hint| Some((hint, hint.read(clock)?))).collect();
        let Some((hint, reset)) =
            read.iter().find(|(_, reset)| reset.not_before.is_some()).or(read.first())
        else {
            return;
        };
        self.after_seconds = Some(reset.after_seconds);
        self.not_before = reset.not_before.map(|moment| moment.to_string());
        self.when = Some(reset::when(*reset, clock));
        if let (None, Hint::Text(text)) = (&self.text, hint) {
            self.text = Some(text.clone());
        }
    }
}
