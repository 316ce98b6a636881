//! HTTP statuses as people name them: `diagnose 529`, `--explain 429`. In a log a number proves
//! nothing; as all that somebody types, it is a question about the status.

use diagnose::Catalog;
use diagnose::catalog::{Entry, Status};

use super::args::{Args, Format};
use super::output::complain;

/// The words that people put around a status.
const WORDS: [&str; 5] = ["api", "code", "error", "http", "status"];

/// The status that a message is, and nothing else: `529`, `HTTP 529`, `error 529`.
pub(super) fn named(message: &[String]) -> Option<u16> {
    let mut code = None;
    for word in message.iter().flat_map(|word| word.split_whitespace()) {
        let word = word.trim_matches([':', '(', ')', '.', '#']).to_ascii_lowercase();
        if WORDS.contains(&&*word) {
            continue;
        }
        let is_status = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
        let number = word.parse().ok().filter(|number| is_status && (300..600).contains(number))?;
        if code.replace(number).is_some() {
            return None;
        }
    }
    code
}

/// A message as it is diagnosed: a status that is all of it is spelled out, as a client would.
pub(super) fn spelled_out(message: Vec<String>) -> Vec<String> {
    named(&message).map_or(message, |code| vec![format!("status {code}")])
}

/// The entry that explains a status: its own, or that of its class, such as `5xx`.
pub(super) fn entry(catalog: &Catalog, code: u16) -> Option<&Entry> {
    let find = |status| catalog.codes().iter().find(|(known, _)| *known == status);
    let (_, index) = find(Status::Code(code)).or_else(|| find(Status::Class(code / 100)))?;
    Some(&catalog.entries()[*index])
}

/// The other errors that come with a status, those of the same section first: it is the first number
/// in a line of one of their examples, where clients print it.
pub(super) fn others<'c>(catalog: &'c Catalog, code: u16, of: &Entry) -> Vec<&'c Entry> {
    let code = code.to_string();
    let carries = |line: &str| {
        let digits = line.trim_start_matches(|c: char| !c.is_ascii_digit());
        digits.split(|c: char| !c.is_ascii_digit()).next() == Some(&code)
    };
    let mut others: Vec<&Entry> = catalog
        .by_section()
        .filter(|entry| entry.id != of.id)
        .filter(|entry| entry.examples.iter().any(|example| example.value.lines().any(carries)))
        .collect();
    others.sort_by_key(|entry| entry.section != of.section);
    others
}

/// Says to a person who asked about a status that it has other meanings, and how to see them.
pub(super) fn mention_others(args: &Args, catalog: &Catalog, message: &[String]) {
    let for_people = args.format == Format::Human
        && !args.wait_time
        && args.is.is_none()
        && args.print.is_none();
    let Some(code) = named(message).filter(|_| for_people) else { return };
    let count = entry(catalog, code).map_or(0, |of| others(catalog, code, of).len());
    if count > 0 {
        let (errors, verb) = if count == 1 { ("error", "comes") } else { ("errors", "come") };
        complain(&format!(
            "{count} other {errors} {verb} with status {code}; to name them: diagnose --explain {code}"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(message: &str) -> Option<u16> {
        named(&[message.to_owned()])
    }

    #[test]
    fn a_status_is_all_of_the_message() {
        for message in ["529", "HTTP 529", "error: 529", "API Error: 529", "(529)", " 529. "] {
            assert_eq!(code(message), Some(529), "{message}");
        }
        for message in ["", "error", "52", "5290", "200", "529 529", "529 tests", "+29", "line 529"]
        {
            assert_eq!(code(message), None, "{message}");
        }
    }

    #[test]
    fn a_status_without_an_entry_is_one_of_its_class() {
        let catalog = Catalog::builtin();
        let id = |code| entry(&catalog, code).map(|entry| entry.id.as_ref());
        assert_eq!(id(529), Some("overloaded"));
        assert_eq!(id(599), id(500));
        assert!(id(418).is_some() && id(418) == id(499));
        assert_eq!(id(399), None);
    }

    #[test]
    fn of_429_there_are_several_kinds() {
        let catalog = Catalog::builtin();
        let of = entry(&catalog, 429).expect("it is known");
        let ids: Vec<&str> = others(&catalog, 429, of).iter().map(|entry| &*entry.id).collect();
        for id in ["tier-spend-cap", "relay-quota", "long-context-credits", "bedrock-throttling"] {
            assert!(ids.contains(&id), "{id}: {ids:?}");
        }
        assert!(!ids.contains(&"rate-limited") && !ids.contains(&"overloaded"), "{ids:?}");
    }
}
