//! Takes typed fields out of a TOML table and notes every fault with its line, so that one look shows all of them.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::entry::{Located, Str};
use crate::error::Problem;

/// Where faults are noted: one file.
pub(super) struct Notes<'t> {
    pub(super) file: &'t str,
    pub(super) text: &'t str,
    pub(super) problems: Vec<Problem>,
}

impl Notes<'_> {
    /// Notes a fault at an offset.
    pub(super) fn fault(&mut self, offset: usize, text: impl Into<String>) {
        self.problems.push(Problem { file: self.file.into(), line: line(self.text, offset), text: text.into() });
    }
}

/// A table whose fields are taken one by one; what is left over in the end is unknown.
pub(super) struct Fields<'n, 't, 'i> {
    pub(super) notes: &'n mut Notes<'t>,
    table: DeTable<'i>,
    /// How the table is called in faults: ``error `id` ``.
    pub(super) name: String,
    /// Offset of the table.
    pub(super) at: usize,
}

impl<'n, 't, 'i> Fields<'n, 't, 'i> {
    pub(super) fn new(notes: &'n mut Notes<'t>, table: DeTable<'i>, name: String, at: usize) -> Self {
        Self { notes, table, name, at }
    }

    pub(super) fn fault(&mut self, at: usize, text: &str) {
        let text = format!("{}: {text}", self.name);
        self.notes.fault(at, text);
    }

    fn take(&mut self, key: &str) -> Option<Spanned<DeValue<'i>>> {
        self.table.remove(key)
    }

    /// A string; the offset is where it stands.
    pub(super) fn text(&mut self, key: &str) -> Option<(Str, usize)> {
        let value = self.take(key)?;
        let at = value.span().start;
        match value.into_inner() {
            DeValue::String(text) => Some((text.into_owned().into(), at)),
            other => {
                self.fault(at, &format!("`{key}` must be a string, not {}", article(&other)));
                None
            }
        }
    }

    /// A string that must be there.
    pub(super) fn required(&mut self, key: &str) -> Str {
        let Some((text, at)) = self.text(key) else {
            let at = self.at;
            self.fault(at, &format!("`{key}` is missing"));
            return Str::default();
        };
        if text.trim().is_empty() {
            self.fault(at, &format!("`{key}` is empty"));
        }
        text
    }

    /// A value of a closed list.
    pub(super) fn word<T>(&mut self, key: &str, from_word: impl Fn(&str) -> Option<T>, list: &str) -> Option<T> {
        let (text, at) = self.text(key)?;
        let value = from_word(&text);
        if value.is_none() {
            self.fault(at, &format!("`{key}` is `{text}`, which is none of {list}"));
        }
        value
    }

    /// A truth value, false if absent.
    pub(super) fn flag(&mut self, key: &str) -> bool {
        let Some(value) = self.take(key) else {
            return false;
        };
        match value.get_ref() {
            DeValue::Boolean(flag) => *flag,
            other => {
                let text = format!("`{key}` must be true or false, not {}", article(other));
                self.fault(value.span().start, &text);
                false
            }
        }
    }

    /// A number or a string, as text.
    pub(super) fn number_or_text(&mut self, key: &str) -> Option<(Str, usize)> {
        match self.table.get(key).map(Spanned::get_ref) {
            Some(DeValue::Integer(number)) => {
                let text = number.as_str().to_owned();
                let at = self.take(key)?.span().start;
                Some((text.into(), at))
            }
            _ => self.text(key),
        }
    }

    /// An array; empty if absent.
    pub(super) fn array(&mut self, key: &str) -> Vec<Spanned<DeValue<'i>>> {
        let Some(value) = self.take(key) else {
            return Vec::new();
        };
        let at = value.span().start;
        match value.into_inner() {
            DeValue::Array(array) => array.into_iter().collect(),
            other => {
                self.fault(at, &format!("`{key}` must be an array, not {}", article(&other)));
                Vec::new()
            }
        }
    }

    /// An array of strings.
    pub(super) fn texts(&mut self, key: &str) -> Vec<Located> {
        let mut texts = Vec::new();
        for value in self.array(key) {
            let at = value.span().start;
            match value.into_inner() {
                DeValue::String(text) => texts.push(Located { value: text.into_owned().into(), at }),
                other => self.fault(at, &format!("`{key}` must hold strings, not {}", article(&other))),
            }
        }
        texts
    }

    /// Every key that nobody took is a fault.
    pub(super) fn finish(mut self, known: &str) {
        for (key, _) in std::mem::take(&mut self.table) {
            let text = format!("unknown key `{}` (known: {known})", key.get_ref());
            self.fault(key.span().start, &text);
        }
    }
}

/// A kind of value with its article.
pub(super) fn article(value: &DeValue<'_>) -> String {
    let kind = value.type_str();
    format!("{} {kind}", if kind.starts_with(['a', 'i']) { "an" } else { "a" })
}

/// The line of an offset in a text, from 1.
pub(super) fn line(text: &str, offset: usize) -> usize {
    1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..offset.min(text.len())]).count()
}
