//! The page that somebody looks at at two in the morning: the verdict first, then the first thing to
//! do, on one screen.

use std::fmt::Write as _;

use owo_colors::{OwoColorize, Style};

use super::message::message;
use super::{Render, plain, reference};
use crate::advice::{self, Advice, Captures, Command, Prompt, Test, fill};
use crate::catalog::{Action, Catalog, Entry};
use crate::provenance::{Confidence, Evidence, Reader, State};
use crate::report::{Diagnosis, Report};

/// Columns of the margin in which labels stand.
const MARGIN: usize = 8;
/// Columns before a command.
const INDENT: usize = 10;

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
        for (n, line) in wrap(text, self.width() - MARGIN).iter().enumerate() {
            let label = if n == 0 { label } else { "" };
            let label = self.dim(&format!("{label:<MARGIN$}"));
            let _ = writeln!(out, "{label}{}", self.paint(line, style));
        }
    }

    /// A command with the place where it is typed. It is never wrapped: it is there to be copied.
    fn command(self, out: &mut String, command: &Command) {
        let prompt = self.dim(plain::prompt(command.at));
        let text = self.paint(&command.text, Style::new().bold().cyan());
        let _ = writeln!(out, "{:INDENT$}{prompt}{text}", "");
    }

    /// A step or a check under its label.
    fn advice(self, out: &mut String, label: &str, advice: &Advice, style: Style) {
        self.labelled(out, label, &advice.text, style);
        if let Some(command) = &advice.command {
            self.command(out, command);
        }
    }

    fn steps(self, out: &mut String, steps: &[Advice]) {
        for (n, step) in steps.iter().enumerate() {
            let (label, style) = match n {
                0 => ("first", Style::new().bold()),
                _ if step.then => ("then", Style::new()),
                _ => ("or", Style::new()),
            };
            self.advice(out, label, step, style);
        }
    }

    fn checks(self, out: &mut String, checks: &[Test]) {
        for Test { ask, means } in checks {
            self.advice(out, "check", ask, Style::new());
            for line in means.iter().flat_map(|means| wrap(means, self.width() - INDENT - 2)) {
                let _ = writeln!(out, "{:INDENT$}{}", "", self.dim(&line));
            }
        }
    }

    /// What it is and whether a retry helps: the answer, in two lines.
    fn verdict(self, out: &mut String, diagnosis: &Diagnosis<'_>) {
        let section = diagnosis.section().word();
        let color = match diagnosis.state {
            State::Terminal => Style::new().bold().red(),
            State::Retrying | State::Warning => Style::new().bold().yellow(),
        };
        for (n, line) in wrap(&diagnosis.entry.title, self.width() - MARGIN).iter().enumerate() {
            let label = if n == 0 { section } else { "" };
            let label = self.paint(&format!("{label:<MARGIN$}"), color);
            let _ = writeln!(out, "{label}{}", self.paint(line, Style::new().bold()));
        }
        self.labelled(out, "retry", &plain::retry(diagnosis), Style::new());
    }

    /// The line it came from, and how often.
    fn excerpt(self, out: &mut String, diagnosis: &Diagnosis<'_>) {
        const LINES: usize = 5;
        if diagnosis.evidence == Evidence::Argument {
            return;
        }
        let mut lines = wrap(&message(&diagnosis.excerpt), self.width() - MARGIN);
        if lines.len() > LINES {
            lines.truncate(LINES);
            lines.push("…".into());
        }
        out.push('\n');
        for (n, line) in lines.iter().enumerate() {
            let number = if n == 0 { diagnosis.location.line.to_string() } else { String::new() };
            let _ = writeln!(out, "{} {line}", self.dim(&format!("{number:>5} │")));
        }
        if diagnosis.occurrences > 1 {
            let times = format!("{:>5} │ the last of {} times", "", diagnosis.occurrences);
            let _ = writeln!(out, "{}", self.dim(&times));
        }
    }

    fn diagnosis(self, out: &mut String, diagnosis: &Diagnosis<'_>) {
        let entry = diagnosis.entry;
        self.verdict(out, diagnosis);
        self.excerpt(out, diagnosis);
        out.push('\n');
        self.labelled(out, "why", &diagnosis.cause, Style::new());
        if diagnosis.confidence == Confidence::Low && entry.action == Action::Inspect {
            let guess = "The output says little, so this is a guess; each step tests one cause.";
            self.labelled(out, "", guess, Style::new().dimmed());
        }
        if let Some(who) = plain::who(diagnosis) {
            self.labelled(out, "who", &who, Style::new());
        }
        out.push('\n');
        self.steps(out, &diagnosis.steps);
        if !diagnosis.checks.is_empty() {
            out.push('\n');
            self.checks(out, &diagnosis.checks);
        }
        if let Some(link) = entry.links.first() {
            let _ = writeln!(out, "\n{}{}", self.dim("more    "), link.value);
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
        let step = |text: &str, command: &str, at| Advice {
            text: text.into(),
            command: Some(Command { text: command.into(), at }),
            on: Vec::new(),
            then: false,
        };
        let issues = "https://github.com/anthropics/claude-code/issues";
        let steps = [
            step("Check whether there is an incident", "https://status.claude.com", Prompt::Link),
            step("Search the reports of others for the exact words", issues, Prompt::Link),
            step("In Claude Code, check the installation", "/doctor", Prompt::Claude),
            step("In Claude Code, report it from the session", "/feedback", Prompt::Claude),
        ];
        self.steps(out, &steps);
    }

    /// The page of an entry, for `--explain`.
    pub fn entry(self, catalog: &Catalog, entry: &Entry) -> String {
        let mut out = String::new();
        let head = format!("{:<MARGIN$}{}", entry.section.word(), entry.title);
        let _ = writeln!(out, "{}", self.paint(&head, Style::new().bold()));
        let line = format!("id {} · action {} · retry {}", entry.id, entry.action, entry.policy());
        self.labelled(&mut out, "", &line, Style::new().dimmed());
        out.push('\n');
        let (unknown, anybody) = (Captures::new(), Reader::anybody());
        self.labelled(&mut out, "why", &fill(&entry.cause, &unknown), Style::new());
        out.push('\n');
        self.steps(&mut out, &advice::steps(&entry.steps, &unknown, &anybody));
        let checks = advice::checks(&entry.checks, &unknown, &anybody);
        if !checks.is_empty() {
            out.push('\n');
            self.checks(&mut out, &checks);
        }
        out.push('\n');
        for (n, message) in entry.messages.iter().take(8).enumerate() {
            let label = if n == 0 { "prints" } else { "" };
            self.labelled(&mut out, label, &message.text.value, Style::new().dimmed());
        }
        for (n, link) in entry.links.iter().enumerate() {
            let label = self.dim(if n == 0 { "more    " } else { "        " });
            let _ = writeln!(out, "{label}{}", link.value);
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
