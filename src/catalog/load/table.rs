//! Takes typed fields out of a TOML table and reports every fault with its line.
//!
//! `toml` only parses here. With `serde` the first field of a wrong type ends the reading, and
//! `toml-span`, which collects faults as this does, ends at the first fault of syntax.

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Declaration;
use super::problems::{Problems, truncate};
use crate::catalog::entry::{Located, Str};
use crate::catalog::limits;
use crate::catalog::vocabulary::ClosedList;

/// A table whose fields are taken one by one; what is left over in the end is unknown.
pub(super) struct Fields<'p, 't, 'i> {
    pub(super) problems: &'p mut Problems<'t>,
    table: DeTable<'i>,
    /// How faults name the table: ``error `id` ``.
    pub(super) name: String,
    /// The byte offset of the table.
    pub(super) at: usize,
    /// The keys that were asked for, each once or more.
    known: Vec<String>,
}

impl<'p, 't, 'i> Fields<'p, 't, 'i> {
    pub(super) fn new(
        problems: &'p mut Problems<'t>,
        table: DeTable<'i>,
        name: impl Into<String>,
        at: usize,
    ) -> Self {
        Self { problems, table, name: name.into(), at, known: Vec::new() }
    }

    /// Reports a fault at a byte offset.
    pub(super) fn fault(&mut self, at: usize, text: impl AsRef<str>) {
        self.problems.add(at, format!("{}: {}", self.name, text.as_ref()));
    }

    /// Whether there is such a key.
    pub(super) fn has(&mut self, key: &str) -> bool {
        self.known.push(key.to_owned());
        self.table.contains_key(key)
    }

    /// The keys in the order of the file.
    pub(super) fn keys(&self) -> Vec<(usize, String)> {
        let keys = self.table.iter().map(|(key, _)| key);
        let mut keys: Vec<(usize, String)> =
            keys.map(|key| (key.span().start, key.get_ref().to_string())).collect();
        keys.sort();
        keys
    }

    /// A value of one type, and its byte offset. `read` gives back what is of another.
    fn typed<T>(
        &mut self,
        key: &str,
        wanted: &str,
        read: impl FnOnce(DeValue<'i>) -> Result<T, DeValue<'i>>,
    ) -> Option<(T, usize)> {
        if !self.has(key) {
            return None;
        }
        let value = self.table.remove(key)?;
        let at = value.span().start;
        let read = read(value.into_inner());
        read.map_err(|other| {
            self.fault(at, format!("`{key}` must be {wanted}, not {}", with_article(&other)));
        })
        .ok()
        .map(|value| (value, at))
    }

    /// A string in which anything may stand: it is compared, never shown.
    fn string(&mut self, key: &str) -> Option<(String, usize)> {
        self.typed(key, "a string", |value| match value {
            DeValue::String(text) => Ok(text.into_owned()),
            other => Err(other),
        })
    }

    /// A string that may be shown.
    pub(super) fn text(&mut self, key: &str) -> Option<(Str, usize)> {
        let (text, at) = self.string(key)?;
        self.check_text(key, &text, at).then(|| (text.into(), at))
    }

    /// Reports text that cannot be shown as it is, on one line, in every format and every terminal.
    pub(super) fn check_text(&mut self, key: &str, text: &str, at: usize) -> bool {
        let sanitize = self.problems.sanitize;
        let kept = |c: &char| {
            c.is_ascii_graphic()
                || *c == ' '
                || sanitize(c.encode_utf8(&mut [0; 4])).starts_with(*c)
        };
        let fault = if text.len() > limits::TEXT {
            format!("has {} bytes; it may have {}", text.len(), limits::TEXT)
        } else if let Some(c) = text.chars().find(|c| !kept(c)) {
            format!("has the character U+{:04X}, which cannot be shown", c as u32)
        } else if text.trim_start().starts_with("::") || text.contains("##[") {
            "would be a command to GitHub Actions, as `::error::` is".into()
        } else {
            return true;
        };
        self.fault(at, format!("`{key}` {fault}"));
        false
    }

    /// A text that must be there, and its byte offset; empty after a fault. It may be written over
    /// several lines: a run of blanks is one blank.
    pub(super) fn required(&mut self, key: &str) -> (Str, usize) {
        if !self.has(key) {
            self.fault(self.at, format!("`{key}` is missing"));
        }
        let Some((text, at)) = self.string(key) else { return (Str::default(), self.at) };
        let text = collapse_blanks(&text);
        if text.is_empty() {
            self.fault(at, format!("`{key}` is empty"));
        }
        let fit = self.check_text(key, &text, at);
        (if fit { text.into() } else { Str::default() }, at)
    }

    /// `id` and `replace`, which every block has. An id that is far too long is as good as none.
    pub(super) fn declare(&mut self, declarations: &mut Vec<Declaration>) -> Str {
        let (id, at) = self.required("id");
        let replace = self.flag("replace");
        let part = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        if !id.is_empty() && !id.split('-').all(part) {
            let wanted = "lower-case letters and digits, joined by single dashes";
            self.fault(at, format!("`id` must be kebab-case: {wanted}"));
        }
        if id.len() > limits::ID {
            let fault = format!("`id` has {} characters; it may have {}", id.len(), limits::ID);
            self.fault(at, fault);
        } else if !id.is_empty() {
            declarations.push(Declaration { id: id.clone(), at, replace });
        }
        id
    }

    /// A value of a closed list.
    pub(super) fn word<T: ClosedList>(&mut self, key: &str) -> Option<T> {
        self.word_of(key, T::VALUES)
    }

    /// A value of a part of a closed list.
    pub(super) fn word_of<T: ClosedList>(&mut self, key: &str, values: &[T]) -> Option<T> {
        let (text, at) = self.text(key)?;
        let value = values.iter().copied().find(|value| value.as_word() == text);
        if value.is_none() {
            let words = words(values);
            self.fault(at, format!("`{key}` is `{text}`, which is none of {words}"));
        }
        value
    }

    /// A value of a closed list that must be there.
    pub(super) fn required_word<T: ClosedList>(&mut self, key: &str) -> Option<T> {
        if !self.has(key) {
            let words = words(T::VALUES);
            self.fault(self.at, format!("`{key}` is missing; it is one of {words}"));
        }
        self.word(key)
    }

    /// An array of values of a closed list.
    pub(super) fn words<T: ClosedList>(&mut self, key: &str) -> Vec<T> {
        let mut values = Vec::new();
        for text in self.texts(key) {
            let value = T::VALUES.iter().copied().find(|value| value.as_word() == text.value);
            if value.is_none() {
                let (text_, words) = (truncate(&text.value, 100), words(T::VALUES));
                self.fault(text.at, format!("`{key}` has `{text_}`, which is none of {words}"));
            }
            values.extend(value);
        }
        values
    }

    /// A truth value, false if absent.
    pub(super) fn flag(&mut self, key: &str) -> bool {
        let flag = self.typed(key, "true or false", |value| match value {
            DeValue::Boolean(flag) => Ok(flag),
            other => Err(other),
        });
        flag.is_some_and(|(flag, _)| flag)
    }

    /// A number or a string, as text.
    pub(super) fn number_or_text(&mut self, key: &str) -> Option<(Str, usize)> {
        if let Some(DeValue::Integer(number)) = self.table.get(key).map(Spanned::get_ref) {
            let text = number.as_str().to_owned();
            return Some((text.into(), self.table.remove(key)?.span().start));
        }
        self.text(key)
    }

    /// The values of an array with their byte offsets; none if absent.
    pub(super) fn array(&mut self, key: &str) -> Vec<(DeValue<'i>, usize)> {
        self.array_or(key, "an array")
    }

    /// The values of an array; faults call it `wanted`.
    pub(super) fn array_or(&mut self, key: &str, wanted: &str) -> Vec<(DeValue<'i>, usize)> {
        let array = self.typed(key, wanted, |value| match value {
            DeValue::Array(array) => Ok(array),
            other => Err(other),
        });
        let values = array.into_iter().flat_map(|(array, _)| array);
        values
            .map(|value| (value.span().start, value.into_inner()))
            .map(|(at, v)| (v, at))
            .collect()
    }

    /// A table, and its byte offset.
    pub(super) fn table(&mut self, key: &str) -> Option<(DeTable<'i>, usize)> {
        self.typed(key, "a table", |value| match value {
            DeValue::Table(table) => Ok(table),
            other => Err(other),
        })
    }

    /// A string that must be there and is only compared, never shown.
    pub(super) fn sample(&mut self, key: &str) -> Option<Located> {
        if !self.has(key) {
            self.fault(self.at, format!("`{key}` is missing"));
        }
        self.string(key).map(|(text, at)| Located { value: text.into(), at })
    }

    /// An array of strings that may be shown.
    pub(super) fn texts(&mut self, key: &str) -> Vec<Located> {
        let texts = self.samples(key);
        for text in &texts {
            self.check_text(key, &text.value, text.at);
        }
        texts
    }

    /// An array of strings that are only compared, never shown.
    pub(super) fn samples(&mut self, key: &str) -> Vec<Located> {
        let mut texts = Vec::new();
        for (value, at) in self.array(key) {
            match value {
                DeValue::String(text) => {
                    texts.push(Located { value: text.into_owned().into(), at });
                }
                other => {
                    let other = with_article(&other);
                    self.fault(at, format!("`{key}` must hold strings, not {other}"));
                }
            }
        }
        texts
    }

    /// Reports every key that nobody asked for.
    pub(super) fn finish(&mut self) {
        if self.table.is_empty() {
            return;
        }
        let mut seen = BTreeSet::new();
        self.known.retain(|key| seen.insert(key.clone()));
        let known = self.known.join(", ");
        for (key, _) in std::mem::take(&mut self.table) {
            let text = format!("unknown key `{}` (known: {known})", key.get_ref());
            self.fault(key.span().start, text);
        }
    }

    /// Drops the keys from a line on.
    pub(super) fn drop_from(&mut self, line: usize) {
        let lines = self.problems.text.split_inclusive('\n');
        let start: usize = lines.take(line - 1).map(str::len).sum();
        let table = std::mem::take(&mut self.table).into_iter();
        self.table = table.filter(|(key, _)| key.span().start < start).collect();
    }
}

/// Text with a single blank for every run of blanks and line breaks, and none at its ends.
pub(super) fn collapse_blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The type of a value with its article: `an integer`.
pub(super) fn with_article(value: &DeValue<'_>) -> String {
    let kind = value.type_str();
    format!("{} {kind}", if kind.starts_with(['a', 'i']) { "an" } else { "a" })
}

/// The words of values of a closed list.
fn words<T: ClosedList>(values: &[T]) -> String {
    values.iter().map(|value| value.as_word()).collect::<Vec<_>>().join(", ")
}
