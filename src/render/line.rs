//! One line for each failure, `path:line:column: section: title [id]`, as compilers write theirs: for
//! the problem matchers of editors and of GitHub Actions, and for whoever jumps to a place.

use super::{Render, plain};
use crate::report::{Diagnosis, Report};

/// The format `line`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Line {
    /// A line for every diagnosis, not just for the first one of an input.
    pub all: bool,
}

impl Render for Line {
    fn report(&mut self, report: &Report<'_>) -> String {
        let path = path(&report.name());
        let shown = if self.all { usize::MAX } else { 1 };
        report.diagnoses.iter().take(shown).map(|diagnosis| line(&path, diagnosis)).collect()
    }
}

fn line(path: &str, diagnosis: &Diagnosis<'_>) -> String {
    let place = diagnosis.location;
    let (head, id) = (plain::head(diagnosis), &diagnosis.entry.id);
    format!("{path}:{}:{}: {head} [{id}]\n", place.line, place.column)
}

/// A name in which a colon is no end of it: percent-encoded, except behind the letter of a drive.
fn path(name: &str) -> String {
    let drive = match name.as_bytes() {
        [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic() => 2,
        _ => 0,
    };
    format!("{}{}", &name[..drive], name[drive..].replace(':', "%3A"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colons_of_a_name_are_no_ends_of_it() {
        assert_eq!(path("a:1:2: server: x.log"), "a%3A1%3A2%3A server%3A x.log");
        assert_eq!(path(r"C:\logs\a:b.log"), r"C:\logs\a%3Ab.log");
        assert_eq!(path("c:d"), "c%3Ad");
    }
}
