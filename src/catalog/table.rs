//! Takes typed fields out of a TOML table and notes every fault with its line, so that one look
//! shows all of them.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::entry::{Located, Str};
use super::limits;
use crate::error::Problem;

/// What makes text fit to be shown. A parameter, because the build script has no gate and needs
/// none.
pub(crate) type Gate = fn(&str) -> String;

/// Where faults are noted: one file.
pub(super) struct Notes<'t> {
    pub(super) file: &'t str,
    pub(super) text: &'t str,
    pub(super) gate: Gate,
    pub(super) problems: Vec<Problem>,
}

impl Notes<'_> {
    /// Notes a fault at an offset.
    pub(super) fn fault(&mut self, offset: usize, text: impl AsRef<str>) {
        if self.is_full() {
            return;
        }
        let text = (self.gate)(&head(text.as_ref(), 400));
        self.problems.push(Problem { file: self.file.into(), line: line(self.text, offset), text });
    }

    /// Whether there are as many faults as anybody can read.
    pub(super) fn is_full(&self) -> bool {
        self.problems.len() >= limits::FAULTS
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
    pub(super) fn new(
        notes: &'n mut Notes<'t>,
        table: DeTable<'i>,
        name: String,
        at: usize,
    ) -> Self {
        Self { notes, table, name, at }
    }

    pub(super) fn fault(&mut self, at: usize, text: &str) {
        let text = format!("{}: {text}", self.name);
        self.notes.fault(at, text);
    }

    /// Whether there is such a key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    fn take(&mut self, key: &str) -> Option<Spanned<DeValue<'i>>> {
        self.table.remove(key)
    }

    /// A string; the offset is where it stands.
    pub(super) fn text(&mut self, key: &str) -> Option<(Str, usize)> {
        let value = self.take(key)?;
        let at = value.span().start;
        match value.into_inner() {
            DeValue::String(text) => {
                self.fit(key, &text, at).then(|| (text.into_owned().into(), at))
            }
            other => {
                self.fault(at, &format!("`{key}` must be a string, not {}", article(&other)));
                None
            }
        }
    }

    /// Text can be shown as it is, on one line, in every format and every terminal.
    pub(super) fn fit(&mut self, key: &str, text: &str, at: usize) -> bool {
        let gate = self.notes.gate;
        let shown = |c: &char| {
            c.is_ascii_graphic() || *c == ' ' || gate(c.encode_utf8(&mut [0; 4])).starts_with(*c)
        };
        if text.len() > limits::TEXT {
            self.fault(
                at,
                &format!("`{key}` has {} bytes; it may have {}", text.len(), limits::TEXT),
            );
        } else if let Some(c) = text.chars().find(|c| !shown(c)) {
            self.fault(
                at,
                &format!("`{key}` has the character U+{:04X}, which cannot be shown", c as u32),
            );
        } else if text.trim_start().starts_with("::") || text.contains("##[") {
            self.fault(
                at,
                &format!("`{key}` would be a command to GitHub Actions, as `::error::` is"),
            );
        } else {
            return true;
        }
        false
    }

    /// A string that must be there, and where it stands. It may be written over several lines: a
    /// run of blanks is one blank.
    pub(super) fn required(&mut self, key: &str) -> (Str, usize) {
        let value = self.take(key);
        let at = value.as_ref().map_or(self.at, |value| value.span().start);
        match value.map(Spanned::into_inner) {
            None => self.fault(at, &format!("`{key}` is missing")),
            Some(DeValue::String(text)) if text.trim().is_empty() => {
                self.fault(at, &format!("`{key}` is empty"));
            }
            Some(DeValue::String(text)) => {
                let text = one_blank(&text);
                // What is unfit has been said, and nothing else is to be said of it.
                return (if self.fit(key, &text, at) { text.into() } else { Str::default() }, at);
            }
            Some(other) => {
                self.fault(at, &format!("`{key}` must be a string, not {}", article(&other)));
            }
        }
        (Str::default(), at)
    }

    /// `id`, which must be there, and where it stands. One that is far too long is as good as none.
    pub(super) fn id(&mut self) -> (Str, usize) {
        let (id, at) = self.required("id");
        let part = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        if !id.is_empty() && !id.split('-').all(part) {
            let fault =
                "`id` must be kebab-case: lower-case letters and digits, joined by single dashes";
            self.fault(at, fault);
        }
        if id.len() > limits::ID {
            let fault = format!("`id` has {} characters; it may have {}", id.len(), limits::ID);
            self.fault(at, &fault);
            return (Str::default(), at);
        }
        (id, at)
    }

    /// A value of a closed list.
    pub(super) fn word<T>(
        &mut self,
        key: &str,
        from_word: impl Fn(&str) -> Option<T>,
        list: &str,
    ) -> Option<T> {
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

    /// A string that must be there and is only looked at, never shown: anything may stand in it.
    pub(super) fn sample(&mut self, key: &str) -> Option<Located> {
        let Some(value) = self.take(key) else {
            let at = self.at;
            self.fault(at, &format!("`{key}` is missing"));
            return None;
        };
        let at = value.span().start;
        match value.into_inner() {
            DeValue::String(text) => Some(Located { value: text.into_owned().into(), at }),
            other => {
                self.fault(at, &format!("`{key}` must be a string, not {}", article(&other)));
                None
            }
        }
    }

    /// An array of strings that may be shown.
    pub(super) fn texts(&mut self, key: &str) -> Vec<Located> {
        let texts = self.samples(key);
        for text in &texts {
            self.fit(key, &text.value, text.at);
        }
        texts
    }

    /// An array of strings that are only input: anything may stand in them.
    pub(super) fn samples(&mut self, key: &str) -> Vec<Located> {
        let mut texts = Vec::new();
        for value in self.array(key) {
            let at = value.span().start;
            match value.into_inner() {
                DeValue::String(text) => {
                    texts.push(Located { value: text.into_owned().into(), at });
                }
                other => {
                    self.fault(at, &format!("`{key}` must hold strings, not {}", article(&other)));
                }
            }
        }
        texts
    }

    /// Every key that nobody took is a fault. Returns how many faults there were without those.
    pub(super) fn finish(mut self, known: &str) -> usize {
        let before = self.notes.problems.len();
        for (key, _) in std::mem::take(&mut self.table) {
            let text = format!("unknown key `{}` (known: {known})", key.get_ref());
            self.fault(key.span().start, &text);
        }
        before
    }
}

/// How a block is called in faults: ``error `id` ``.
pub(super) fn block_name(kind: &str, id: Option<&DeValue<'_>>) -> String {
    match id {
        Some(DeValue::String(id)) => format!("{kind} `{}`", head(id, limits::ID)),
        _ => format!("{kind} without id"),
    }
}

/// Text with a single blank for every run of blanks and line breaks, and none at its ends.
pub(super) fn one_blank(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first characters of a text that may be long.
pub(crate) fn head(text: &str, count: usize) -> String {
    match text.char_indices().nth(count) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
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
