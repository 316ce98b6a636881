//! Tables within the table of a file: `[lists]`, `[[error]]`, and those within these.

use toml::de::{DeTable, DeValue};

use super::problems::truncate;
use super::table::{Fields, with_article};
use crate::catalog::limits;

impl<'t, 'i> Fields<'_, 't, 'i> {
    /// Hands the fields of an inner table to `read`; what it does not take is unknown.
    fn within<T>(
        &mut self,
        (table, at): (DeTable<'i>, usize),
        name: String,
        read: impl FnOnce(&mut Fields<'_, 't, 'i>) -> T,
    ) -> T {
        let mut fields = Fields::new(self.problems, table, name, at);
        let value = read(&mut fields);
        fields.finish();
        value
    }

    /// Hands the fields of an element of the array `key` to `read`.
    pub(super) fn element<T>(
        &mut self,
        key: &str,
        table: (DeTable<'i>, usize),
        read: impl FnOnce(&mut Fields<'_, 't, 'i>) -> T,
    ) -> T {
        let name = format!("{}, {}", self.name, key.trim_end_matches('s'));
        self.within(table, name, read)
    }

    /// An array of tables such as `example`: hands the fields of each to `read`.
    pub(super) fn elements<T>(
        &mut self,
        key: &str,
        example: &str,
        mut read: impl FnMut(&mut Fields<'_, 't, 'i>) -> Option<T>,
    ) -> Vec<T> {
        let mut values = Vec::new();
        for (value, at) in self.array(key) {
            match value {
                DeValue::Table(table) => {
                    values.extend(self.element(key, (table, at), &mut read));
                }
                _ => self.fault(at, format!("`{key}` must hold tables such as {example}")),
            }
        }
        values
    }

    /// A table of the file, such as `[lists]`: hands its fields to `read`.
    pub(super) fn section(&mut self, key: &str, read: impl FnOnce(&mut Fields<'_, 't, 'i>)) {
        if let Some(table) = self.table(key) {
            self.within(table, key.into(), read);
        }
    }

    /// The blocks of the file under one header, such as `[[error]]`: hands the fields of each to
    /// `read`.
    pub(super) fn blocks(&mut self, key: &str, mut read: impl FnMut(&mut Fields<'_, 't, 'i>)) {
        for (block, at) in self.array_or(key, &format!("written [[{key}]]")) {
            if self.problems.is_full() {
                break;
            }
            let DeValue::Table(table) = block else {
                let block = with_article(&block);
                self.fault(at, format!("`{key}` must be a table, not {block}"));
                continue;
            };
            let name = match table.get("id").and_then(|id| id.get_ref().as_str()) {
                Some(id) => format!("{key} `{}`", truncate(id, limits::ID)),
                None => format!("{key} without id"),
            };
            self.within((table, at), name, &mut read);
        }
    }
}
