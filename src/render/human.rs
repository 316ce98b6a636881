//! The page that somebody looks at at two in the morning: calm, one screen, nothing that is not
//! needed.

use std::fmt::Write as _;

use owo_colors::{OwoColorize, Style};

use super::{Render, plain, reference};
use crate::catalog::{Action, Catalog, Entry};
use crate::provenance::{Confidence, Evidence};
use crate::report::{Diagnosis, Report};

/// The human format.
#[derive(Clone, Copy, Debug)]
pub struct Human {
    /// Columns to wrap at; more than 100 is never used.
    pub width: usize,
    /// Whether to write colours.
    pub color: bool,
    /// Show every diagnosis in full, not just the first.
    pub all: bool,
    /// Name the input, because there are several.
    pub name_source: bool,
}

impl Human {
    fn width(self) -> usize {
        self.width.clamp(40, 100)
    }

    fn paint(self, text: &str, style: Style) -> String {
        if self.color { text.style(style).to_string() } else { text.to_owned() }
    }

    fn dim(self, text: &str) -> String {
        self.paint(text, Style::new().dimmed())
    }

    /// Text wrapped under a label that stands in the margin.
    fn labelled(self, out: &mut String, label: &str, text: &str, style: Style) {
        const MARGIN: usize = 8;
        for (n, line) in wrap(text, self.width() - MARGIN).iter().enumerate() {
            let label = if n == 0 { label } else { "" };
            let _ = writeln!(
                out,
                "{}{}",
                self.dim(&format!("{label:<MARGIN$}")),
                self.paint(line, style)
            );
        }
    }

    fn diagnosis(self, out: &mut String, diagnosis: &Diagnosis<'_>) {
        let entry = diagnosis.entry;
        let head = format!("{}: {}", entry.section, entry.title);
        for line in wrap(&head, self.width()) {
            let _ = writeln!(out, "{}", self.paint(&line, Style::new().bold().red()));
        }
        if diagnosis.evidence != Evidence::Argument {
            let place = if diagnosis.occurrences > 1 {
                format!(
                    "line {}, the last of {} times",
                    diagnosis.location.line, diagnosis.occurrences
                )
            } else {
                format!("line {}", diagnosis.location.line)
            };
            let _ = writeln!(out, "{}", self.dim(&format!("{place}:")));
            let excerpt = wrap(&diagnosis.excerpt, self.width() - 4);
            for line in excerpt.iter().take(3) {
                let _ = writeln!(out, "{} {line}", self.dim("  │"));
            }
            if excerpt.len() > 3 {
                let _ = writeln!(out, "{}", self.dim("  │ …"));
            }
        }
        out.push('\n');
        self.labelled(out, "why", &diagnosis.cause, Style::new());
        if diagnosis.confidence == Confidence::Low && entry.action == Action::Inspect {
            self.labelled(
                out,
                "",
                "This is a guess: the output says little. Each step tests one explanation.",
                Style::new().dimmed(),
            );
        }
        out.push('\n');
        for (n, step) in diagnosis.steps.iter().enumerate() {
            let label = format!("{:<5}{:>2}", if n == 0 { "do" } else { "" }, n + 1);
            self.labelled(out, &label, &step.text, Style::new());
            if let Some(command) = &step.command {
                // A command is never wrapped: it is there to be copied.
                let _ =
                    writeln!(out, "          {}", self.paint(command, Style::new().bold().cyan()));
            }
        }
        out.push('\n');
        self.labelled(out, "retry", &plain::retry(diagnosis), Style::new());
        if let Some(link) = entry.links.first() {
            let _ = writeln!(out, "{}{}", self.dim("more    "), link.value);
        }
    }

    /// What to do when nothing was recognised.
    fn nothing(self, out: &mut String, report: &Report<'_>) {
        let what = if report.bytes == 0 {
            "The input is empty.".to_owned()
        } else {
            format!(
                "No known error of Claude Code or the Claude API in {}.",
                count(report.lines, "line")
            )
        };
        let _ = writeln!(out, "{}", self.paint(&what, Style::new().bold()));
        if report.bytes == 0 {
            return;
        }
        if let Some((line, text)) = &report.suspect {
            let _ = writeln!(
                out,
                "{}",
                self.dim(&format!(
                    "line {line} looks most like an error, but not like one of these:"
                ))
            );
            for line in wrap(text, self.width() - 4).iter().take(3) {
                let _ = writeln!(out, "{} {line}", self.dim("  │"));
            }
        }
        out.push('\n');
        for (n, (text, command)) in [
            ("In Claude Code, check the installation", "/doctor"),
            ("See whether there is an incident", "https://status.claude.com"),
            (
                "Search the reports of others for the exact words",
                "https://github.com/anthropics/claude-code/issues",
            ),
            ("Report it from inside the session", "/feedback"),
        ]
        .iter()
        .enumerate()
        {
            let label = format!("{:<5}{:>2}", if n == 0 { "next" } else { "" }, n + 1);
            self.labelled(out, &label, text, Style::new());
            let _ = writeln!(out, "          {}", self.paint(command, Style::new().bold().cyan()));
        }
    }

    /// The page of an entry, for `--explain`.
    pub fn entry(self, catalog: &Catalog, entry: &Entry) -> String {
        let mut out = String::new();
        let head = format!("{}: {}", entry.section, entry.title);
        let _ = writeln!(out, "{}", self.paint(&head, Style::new().bold()));
        let _ = writeln!(
            out,
            "{}\n",
            self.dim(&format!(
                "id {} · action {} · retry {}",
                entry.id,
                entry.action,
                entry.policy()
            ))
        );
        let unknown = std::collections::BTreeMap::new();
        self.labelled(&mut out, "why", &crate::report::fill(&entry.cause, &unknown), Style::new());
        out.push('\n');
        for (n, step) in entry.steps.iter().enumerate() {
            let label = format!("{:<5}{:>2}", if n == 0 { "do" } else { "" }, n + 1);
            let on = if step.on.is_empty() {
                String::new()
            } else {
                format!(" ({})", step.on.iter().map(|on| on.word()).collect::<Vec<_>>().join(", "))
            };
            self.labelled(
                &mut out,
                &label,
                &format!("{}{on}", crate::report::fill(&step.text, &unknown)),
                Style::new(),
            );
            if let Some(command) = &step.run {
                let _ = writeln!(
                    out,
                    "          {}",
                    self.paint(&crate::report::fill(command, &unknown), Style::new().bold().cyan())
                );
            }
        }
        out.push('\n');
        for (n, message) in entry.messages.iter().take(8).enumerate() {
            self.labelled(
                &mut out,
                if n == 0 { "prints" } else { "" },
                &message.text.value,
                Style::new().dimmed(),
            );
        }
        for (n, link) in entry.links.iter().enumerate() {
            let _ = writeln!(
                out,
                "{}{}",
                self.dim(if n == 0 { "more    " } else { "        " }),
                link.value
            );
        }
        // A path is there to be copied.
        let _ = writeln!(out, "{}{}", self.dim("from    "), reference::origin(catalog, entry));
        out
    }
}

impl Render for Human {
    fn report(&mut self, report: &Report<'_>) -> String {
        let mut out = String::new();
        if self.name_source {
            let _ = writeln!(
                out,
                "{}",
                self.paint(&format!("== {}", report.name()), Style::new().bold())
            );
        }
        let Some((primary, others)) = report.diagnoses.split_first() else {
            self.nothing(&mut out, report);
            return out;
        };
        self.diagnosis(&mut out, primary);
        if self.all {
            for other in others {
                out.push('\n');
                self.diagnosis(&mut out, other);
            }
        } else if !others.is_empty() {
            let names: Vec<String> = others
                .iter()
                .take(4)
                .map(|other| format!("{} (line {})", other.entry.id, other.location.line))
                .collect();
            let more = if others.len() > 4 {
                format!(" and {} more", others.len() - 4)
            } else {
                String::new()
            };
            out.push('\n');
            self.labelled(
                &mut out,
                "also",
                &format!("{}{more}; --all shows everything", names.join(", ")),
                Style::new().dimmed(),
            );
        }
        out
    }
}

fn count(n: u64, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// Breaks text at blanks; a word longer than the width stands alone.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        match lines.last_mut() {
            Some(line) if used + 1 + length <= width => {
                line.push(' ');
                line.push_str(word);
                used += 1 + length;
            }
            _ => {
                lines.push(String::new());
                let chars: Vec<char> = word.chars().collect();
                for (n, piece) in chars.chunks(width).enumerate() {
                    if n > 0 {
                        lines.push(String::new());
                    }
                    if let Some(line) = lines.last_mut() {
                        // A piece of a word must not begin a workflow command either.
                        line.push_str(&crate::redact::harmless(&piece.iter().collect::<String>()));
                    }
                    used = piece.len();
                }
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_wraps_at_blanks() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert!(wrap("", 10).is_empty());
    }
}
