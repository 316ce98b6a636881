//! The summary for people: counts, a bar for each section, the errors that stopped most inputs,
//! and what to repeat.

use owo_colors::Style;

use super::tally::{Counted, Names, Tally};
use crate::catalog::Policy;
use crate::render::human::Human;
use crate::render::page::{Page, dim, wrap};
use crate::render::{grouped, inputs};
use crate::reset::length;

/// Cells of the longest bar.
const BAR: u64 = 20;
/// Errors that are shown, unless all are asked for.
const MAX_ERRORS: usize = 10;
/// Columns before the title of an error: how many inputs it stopped, how often it happened.
const COUNTS: usize = 20;
/// The longest name of an input that is shown whole, in characters.
const MAX_NAME: usize = 300;

pub(super) fn of(tally: &Tally, human: Human) -> String {
    let mut page = Page::new(human.width, human.color);
    for line in wrap(&head(tally), page.width) {
        page.line("", &line, Style::new().bold());
    }
    sections(&mut page, tally);
    errors(&mut page, tally, human.all);
    repeat(&mut page, tally);
    page.finish()
}

fn head(tally: &Tally) -> String {
    let mut parts = vec![format!("{} failed", grouped(tally.failed))];
    for (count, what) in [
        (tally.warned, "only warned or still retrying"),
        (tally.clean, "without a known error"),
        (tally.unreadable, "unreadable"),
    ] {
        if count > 0 {
            parts.push(format!("{} {what}", grouped(count)));
        }
    }
    format!("{}: {}", inputs(tally.inputs()), parts.join(", "))
}

/// Writes how many inputs failed in each section, with bars.
fn sections(page: &mut Page, tally: &Tally) {
    let most = tally.sections.iter().map(|(_, failures, _)| *failures).max().unwrap_or(0);
    if most == 0 {
        return;
    }
    page.blank();
    for (section, failures, _) in tally.sections.iter().filter(|(_, failures, _)| *failures > 0) {
        let bar = "█".repeat((failures * BAR).div_ceil(most) as usize);
        let counts = format!("{:<8}{:>10}  ", section.word(), grouped(*failures));
        page.line("", &format!("{counts}{bar}"), Style::new());
    }
}

/// Writes the errors, with their example and the time in which they happened.
fn errors(page: &mut Page, tally: &Tally, all: bool) {
    let errors = tally.errors();
    if errors.is_empty() {
        return;
    }
    page.blank();
    page.line(&format!("{:>8}{:>10}  error", "failed", "events"), "", Style::new());
    let shown = if all { errors.len() } else { MAX_ERRORS };
    for (print, counted) in errors.iter().take(shown) {
        error(page, print, counted);
    }
    if let more @ 1.. = errors.len().saturating_sub(shown) {
        let more = format!("{:COUNTS$}… and {} more; --all shows them", "", grouped(more as u64));
        page.line(&more, "", Style::new());
    }
}

fn error(page: &mut Page, print: &str, counted: &Counted) {
    let width = page.width - COUNTS;
    let counts = format!("{:>8}{:>10}  ", grouped(counted.failures), grouped(counted.events));
    for (n, line) in wrap(&counted.title, width).iter().enumerate() {
        let margin = if n == 0 { counts.clone() } else { " ".repeat(COUNTS) };
        page.line("", &format!("{margin}{line}"), Style::new());
    }
    let policy = match counted.policy {
        Policy::Backoff => "retry shortly",
        Policy::Wait => "retry after the reset",
        Policy::Never => "no retry",
    };
    let times = match (counted.first(), counted.last()) {
        (Some(first), Some(last)) if first == last => format!(", {first}"),
        (Some(first), Some(last)) => format!(", {first} to {last}"),
        _ => String::new(),
    };
    for line in wrap(&format!("{print}, {policy}{times}"), width) {
        page.line(&format!("{:COUNTS$}{line}", ""), "", Style::new());
    }
    let (source, line) = &counted.example;
    page.line(&format!("{:COUNTS$}{}:{line}", "", shortened(source)), "", Style::new());
}

/// Writes which inputs may be repeated, and when.
fn repeat(page: &mut Page, tally: &Tally) {
    let (now, wait, never) = (&tally.now, &tally.wait, &tally.never);
    let longest = match (wait.count - tally.unknown_wait, tally.unknown_wait) {
        (0, _) => "; the output does not say how long".to_owned(),
        (_, 0) => format!("; the longest takes {}", length(tally.longest_wait)),
        (_, unknown) => format!(
            "; the longest takes {}, {} do not say how long",
            length(tally.longest_wait),
            grouped(unknown)
        ),
    };
    for (label, names, what) in [
        ("now", now, "can be repeated now".to_owned()),
        ("later", wait, format!("can be repeated after a wait{longest}")),
        ("never", never, "will fail again until somebody acts".to_owned()),
    ] {
        if names.count > 0 {
            page.blank();
            let text = format!("{} {what}", inputs(names.count));
            page.labelled(label, &text, Style::new().bold());
            list(page, names);
        }
    }
}

fn list(page: &mut Page, names: &Names) {
    for input in &names.first {
        page.line("", &format!("        {}", shortened(&input.name)), Style::new());
    }
    if let more @ 1.. = names.count - names.first.len() as u64 {
        page.labelled("", &format!("… and {} more", grouped(more)), dim());
    }
}

/// A name without its front, where it is longer than anybody reads.
fn shortened(name: &str) -> String {
    match name.chars().count().checked_sub(MAX_NAME) {
        None | Some(0) => name.to_owned(),
        Some(over) => format!("…{}", name.chars().skip(over).collect::<String>()),
    }
}
