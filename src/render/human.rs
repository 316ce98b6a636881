//! The page that somebody looks at at two in the morning: the verdict first, then the first thing to
//! do, on one screen.

use owo_colors::Style;

use super::message::message;
use super::page::{LABEL_WIDTH, Page, dim, wrap};
use super::{Render, plain, reference};
use crate::advice::{self, Advice, Captures, Command, Prompt, fill};
use crate::catalog::{Action, Catalog, Entry};
use crate::provenance::{Confidence, Evidence, Reader, State};
use crate::report::{Diagnosis, Report};

/// The format `human`.
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
    fn page(self) -> Page {
        Page::new(self.width, self.color)
    }

    /// The page of an entry, for `--explain`.
    pub fn entry(self, catalog: &Catalog, entry: &Entry) -> String {
        let mut page = self.page();
        let head = format!("{:<LABEL_WIDTH$}{}", entry.section.word(), entry.title);
        page.line("", &head, Style::new().bold());
        let line = format!("id {} · action {} · retry {}", entry.id, entry.action, entry.policy());
        page.labelled("", &line, dim());
        page.blank();
        let (unknown, anybody) = (Captures::new(), Reader::anybody());
        page.labelled("why", &fill(&entry.cause, &unknown), Style::new());
        page.blank();
        page.steps(&advice::steps(&entry.steps, &unknown, &anybody));
        page.checks(&advice::checks(&entry.checks, &unknown, &anybody));
        page.blank();
        for (n, message) in entry.messages.iter().take(8).enumerate() {
            page.labelled(if n == 0 { "prints" } else { "" }, &message.text.value, dim());
        }
        for (n, link) in entry.links.iter().enumerate() {
            page.line(if n == 0 { "more    " } else { "        " }, &link.value, Style::new());
        }
        page.line("from    ", &reference::origin(catalog, entry), Style::new());
        page.finish()
    }
}

impl Render for Human {
    fn report(&mut self, report: &Report<'_>) -> String {
        let mut page = self.page();
        if self.name_source {
            page.line("", &format!("== {}", report.name()), Style::new().bold());
        }
        if let Some(session) = &report.session {
            for (label, text) in super::session::lines(session) {
                page.labelled(label, &text, Style::new());
            }
            page.blank();
        }
        let Some((primary, others)) = report.diagnoses.split_first() else {
            nothing(&mut page, report);
            return page.finish();
        };
        let name = report.name();
        diagnosis(&mut page, primary, &name);
        if self.all {
            for other in others {
                page.blank();
                diagnosis(&mut page, other, &name);
            }
        } else if !others.is_empty() {
            page.blank();
            page.labelled("also", &also(others), dim());
        }
        page.finish()
    }
}

fn diagnosis(page: &mut Page, diagnosis: &Diagnosis<'_>, name: &str) {
    let entry = diagnosis.entry;
    verdict(page, diagnosis);
    excerpt(page, diagnosis, name);
    page.blank();
    page.labelled("why", &diagnosis.cause, Style::new());
    if diagnosis.confidence == Confidence::Low && entry.action == Action::Inspect {
        let guess = "The output says little, so this is a guess; each step tests one cause.";
        page.labelled("", guess, dim());
    }
    let request_id = diagnosis.captures.get("request_id");
    if let Some(who) = plain::who(diagnosis, request_id) {
        page.labelled("who", &who, Style::new());
    }
    page.blank();
    page.steps(&diagnosis.steps);
    page.checks(&diagnosis.checks);
    if let Some(link) = entry.links.first() {
        page.blank();
        page.line("more    ", &link.value, Style::new());
    }
    if entry.links.is_empty() {
        page.blank();
    }
    page.labelled("id", &entry.id, Style::new());
    if let Some(id) = request_id {
        page.labelled("request", &format!("{id} (name it when you ask support)"), Style::new());
    }
}

/// Writes what it is and whether a retry helps: the answer, in two lines.
fn verdict(page: &mut Page, diagnosis: &Diagnosis<'_>) {
    let color = match diagnosis.state {
        State::Terminal => Style::new().bold().red(),
        State::Retrying | State::Warning => Style::new().bold().magenta(),
    };
    let (section, title) = (diagnosis.section().word(), &diagnosis.entry.title);
    page.block(section, color, title, Style::new().bold());
    page.labelled("retry", &plain::retry(diagnosis), Style::new());
}

/// Writes the lines it came from, cut to what is read at a glance, the place, how often it happened
/// and which words were recognised, if that is not plain.
fn excerpt(page: &mut Page, diagnosis: &Diagnosis<'_>, name: &str) {
    const MAX_LINES: usize = 5;
    if diagnosis.evidence == Evidence::Argument {
        return;
    }
    let width = page.width - LABEL_WIDTH;
    let message = message(&diagnosis.excerpt);
    let mut lines = wrap(&message, width);
    if lines.len() > MAX_LINES {
        lines.truncate(MAX_LINES);
        lines.push("…".into());
    }
    page.blank();
    let place = diagnosis.location;
    for (n, line) in lines.iter().enumerate() {
        let number = if n == 0 { place.line.to_string() } else { String::new() };
        page.line(&format!("{number:>5} │"), &format!(" {line}"), Style::new());
    }
    let mut facts = vec![format!("{name}:{}:{}", place.line, place.column)];
    if diagnosis.occurrences > 1 {
        facts.push(format!("the last of {} times", diagnosis.occurrences));
    }
    // What is most of the message needs no saying.
    let words = words(&diagnosis.matched);
    if !message.contains(&words) || words.len() * 2 < message.len() {
        facts.push(format!("recognised by “{}”", shortened(&words)));
    }
    // A place is copied and clicked: it stays in one piece, however long it is.
    let is_long = textwrap::core::display_width(&facts[0]) > width;
    let (place, rest) = facts.split_at(usize::from(is_long));
    let rest = wrap(&rest.join(", "), width);
    for (n, line) in place.iter().chain(&rest).enumerate() {
        let corner = if n == 0 { "      └" } else { "       " };
        page.line(&format!("{corner} {line}"), "", Style::new());
    }
}

/// What was recognised; of an object in JSON, its values.
fn words(matched: &str) -> String {
    if !matched.contains('"') {
        return matched.to_owned();
    }
    let pieces: Vec<&str> = matched.split('"').map(|piece| piece.trim_end_matches('\\')).collect();
    let values = pieces.iter().enumerate().filter(|(n, piece)| {
        let named = pieces.get(n + 1).is_some_and(|next| next.trim_start().starts_with(':'));
        let begins = n.checked_sub(1).is_none_or(|before| {
            let before = pieces[before].trim_end();
            before.is_empty() || before.ends_with(['{', ','])
        });
        let is_name = named && begins;
        !is_name && piece.contains(char::is_alphanumeric)
    });
    let plain = |piece: &str| {
        let value = piece.trim_matches([' ', '{', '}', '[', ']', ',']);
        value.trim_start_matches([':', ' ']).to_owned()
    };
    values.map(|(_, piece)| plain(piece)).collect::<Vec<_>>().join(" ")
}

/// Words cut to what is read at a glance: their head and their tail.
fn shortened(text: &str) -> String {
    const MAX_WIDTH: usize = 40;
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= MAX_WIDTH {
        return text.to_owned();
    }
    let half = MAX_WIDTH / 2;
    let (head, tail) = (&chars[..half], &chars[chars.len() - half..]);
    format!("{} … {}", String::from_iter(head).trim_end(), String::from_iter(tail).trim_start())
}

/// Names what else was diagnosed, on one line.
fn also(others: &[Diagnosis<'_>]) -> String {
    const MAX_NAMED: usize = 4;
    let names: Vec<String> = others
        .iter()
        .take(MAX_NAMED)
        .map(|other| format!("{} (line {})", other.entry.id, other.location.line))
        .collect();
    let more = match others.len().saturating_sub(MAX_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}; --all shows everything", names.join(", "))
}

/// Writes what to do when nothing was recognised.
fn nothing(page: &mut Page, report: &Report<'_>) {
    if report.bytes == 0 {
        page.line("", "The input is empty.", Style::new().bold());
        return;
    }
    let lines = if report.lines == 1 { "line" } else { "lines" };
    let verdict =
        format!("No known error of Claude Code or the Claude API in {} {lines}.", report.lines);
    page.line("", &verdict, Style::new().bold());
    if let Some((line, text)) = &report.suspect {
        let intro = format!("line {line} looks most like an error, but not like one of these:");
        page.line(&intro, "", Style::new());
        for line in wrap(text, page.width - 4).iter().take(3) {
            page.line("  │", &format!(" {line}"), Style::new());
        }
    }
    page.blank();
    let step = |text: &str, command: &str, at| Advice {
        text: text.into(),
        command: Some(Command { text: command.into(), at }),
        on: Vec::new(),
        then: false,
    };
    let issues = "https://github.com/anthropics/claude-code/issues";
    page.steps(&[
        step("Check whether there is an incident", "https://status.claude.com", Prompt::Link),
        step("Search the reports of others for the exact words", issues, Prompt::Link),
        step("In Claude Code, check the installation", "/doctor", Prompt::Claude),
        step("In Claude Code, report it from the session", "/feedback", Prompt::Claude),
    ]);
}
