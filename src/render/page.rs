//! A page of text for people: labels in a margin, text wrapped beside them, commands on lines of
//! their own. What stands on it is the business of `human`.

use std::fmt::Write as _;

use owo_colors::{OwoColorize, Style};
use textwrap::{Options, WordSeparator, WordSplitter};

use super::plain;
use crate::advice::{Advice, Command, Test};
use crate::redact::defuse;

/// Columns of the margin in which labels stand.
pub(super) const LABEL_WIDTH: usize = 8;
/// Columns before a command and before what the answers of a check mean.
const INDENT: usize = 10;

/// A page that is being written.
pub(super) struct Page {
    /// Columns, from 40 to 100: longer lines are hard to read.
    pub(super) width: usize,
    color: bool,
    text: String,
}

impl Page {
    /// An empty page, as wide as the terminal allows.
    pub(super) fn new(columns: usize, color: bool) -> Self {
        Self { width: columns.clamp(40, 100), color, text: String::new() }
    }

    /// The page, with an end to every line.
    pub(super) fn finish(self) -> String {
        self.text
    }

    /// Text with a style, if there is colour.
    fn paint(&self, text: &str, style: Style) -> String {
        if self.color && !text.is_empty() { text.style(style).to_string() } else { text.to_owned() }
    }

    /// Writes an empty line.
    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Writes a line that is never wrapped: a dim head, and text to be copied.
    pub(super) fn line(&mut self, head: &str, text: &str, style: Style) {
        let (head, text) = (self.paint(head, dim()), self.paint(text, style));
        let _ = writeln!(self.text, "{head}{text}");
    }

    /// Writes text wrapped beside a label in the margin.
    pub(super) fn labelled(&mut self, label: &str, text: &str, style: Style) {
        self.block(label, dim(), text, style);
    }

    /// Writes text wrapped beside a label with a style of its own.
    pub(super) fn block(&mut self, label: &str, label_style: Style, text: &str, style: Style) {
        for (n, line) in wrap(text, self.width - LABEL_WIDTH).iter().enumerate() {
            let label = if n == 0 { label } else { "" };
            let label = self.paint(&format!("{label:<LABEL_WIDTH$}"), label_style);
            let text = self.paint(line, style);
            let _ = writeln!(self.text, "{label}{text}");
        }
    }

    /// Writes a step or a check, and its command with the place where it is typed.
    fn advice(&mut self, label: &str, advice: &Advice, style: Style) {
        self.labelled(label, &advice.text, style);
        if let Some(Command { text, at }) = &advice.command {
            let _ = write!(self.text, "{:INDENT$}", "");
            self.line(plain::prompt(*at), text, command());
        }
    }

    /// Writes the steps: the first one, what follows it, and what may be done instead.
    pub(super) fn steps(&mut self, steps: &[Advice]) {
        for (n, step) in steps.iter().enumerate() {
            let (label, style) = match n {
                0 => ("first", Style::new().bold()),
                _ if step.then => ("then", Style::new()),
                _ => ("or", Style::new()),
            };
            self.advice(label, step, style);
        }
    }

    /// Writes the checks, after an empty line if there are any.
    pub(super) fn checks(&mut self, checks: &[Test]) {
        if !checks.is_empty() {
            self.blank();
        }
        for Test { ask, means } in checks {
            self.advice("check", ask, Style::new());
            for line in means.iter().flat_map(|means| wrap(means, self.width - INDENT - 2)) {
                let line = self.paint(&line, dim());
                let _ = writeln!(self.text, "{:INDENT$}{line}", "");
            }
        }
    }
}

/// The style of what only accompanies the text.
pub(super) fn dim() -> Style {
    Style::new().dimmed()
}

/// The style of what is typed. Of the colours, yellow, white and cyan vanish on a light background,
/// and blue on a dark one.
pub(super) fn command() -> Style {
    Style::new().bold().magenta()
}

/// Breaks text at blanks, and a word that is wider than the width inside; blanks become one.
/// Columns are counted as terminals do: two for a Chinese character or an emoji.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let options = Options::new(width)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    let lines = textwrap::wrap(&text, options);
    // A piece of a word must not begin a workflow command either.
    lines.iter().filter(|line| !line.is_empty()).map(|line| defuse(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_wraps_at_blanks() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("a-b c-d", 4), ["a-b", "c-d"]);
        assert!(wrap("", 10).is_empty());
        assert_eq!(wrap("abc::error::x", 3), ["abc", ": :e", "rro", "r::", "x"]);
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(wrap("请求失败 请稍后重试", 10), ["请求失败", "请稍后重试"]);
        assert_eq!(wrap("请求失败请稍后重试", 7), ["请求失", "败请稍", "后重试"]);
        assert_eq!(wrap("🚫🚫 limit", 9), ["🚫🚫", "limit"]);
    }
}
