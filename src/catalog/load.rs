//! From the text of a catalog file to typed entries. Nothing is believed: whatever is wrong is noted with its line, and the
//! loader goes on to the next field, so that one look at a broken file shows every fault.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::entry::{Action, Api, Entry, List, Located, Message, Needs, Section, Status, Step, Surface};
use super::table::{Fields, Notes, article};
use crate::error::Problem;

const KEYS: &str = "id, section, title, messages, api, regex, needs, general, action, cause, steps, area, links, sources, examples, rejects";

/// The entries of a file and its faults. The section is the file's name, or the key `section` of an entry.
pub(crate) fn file(name: &str, text: &str, index: usize) -> (Vec<Entry>, Vec<Problem>) {
    let mut notes = Notes { file: name, text, problems: Vec::new() };
    let mut table = match DeTable::parse(text) {
        Ok(table) => table.into_inner(),
        Err(error) => {
            notes.fault(error.span().map_or(0, |span| span.start), format!("not TOML: {}", error.message().replace('\n', " ")));
            return (Vec::new(), notes.problems);
        }
    };
    let section = Path::new(name).file_stem().and_then(|stem| stem.to_str()).and_then(Section::from_word);
    let mut entries = Vec::new();
    let blocks = table.remove("error");
    for key in table.keys() {
        notes.fault(key.span().start, format!("unknown key `{}` (an error begins with [[error]])", key.get_ref()));
    }
    match blocks.map(Spanned::into_inner) {
        None => {}
        Some(DeValue::Array(blocks)) => {
            for block in blocks {
                let at = block.span().start;
                match block.into_inner() {
                    DeValue::Table(table) => entries.extend(entry(&mut notes, table, at, section, index)),
                    other => notes.fault(at, format!("`error` must be a table, not {}", article(&other))),
                }
            }
        }
        Some(other) => notes.fault(0, format!("`error` must be written [[error]], not as {}", article(&other))),
    }
    (entries, notes.problems)
}

fn words<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> String {
    all.iter().map(|&value| word(value)).collect::<Vec<_>>().join(", ")
}

/// One `[[error]]`.
fn entry(notes: &mut Notes<'_>, table: DeTable<'_>, at: usize, section: Option<Section>, file: usize) -> Option<Entry> {
    let id = match table.get("id").map(Spanned::get_ref) {
        Some(DeValue::String(id)) => format!("error `{id}`"),
        _ => "error without id".to_owned(),
    };
    let before = notes.problems.len();
    let mut fields = Fields::new(notes, table, id, at);
    let id = fields.required("id");
    if !id.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())) {
        fields.fault(at, "`id` must be kebab-case: lower-case letters and digits, joined by single dashes");
    }
    let section = fields.word("section", Section::from_word, &words(Section::ALL, Section::word)).or(section);
    if section.is_none() {
        fields.fault(at, &format!("`section` is missing; it is one of {}", words(Section::ALL, Section::word)));
    }
    let title = fields.required("title");
    if title.chars().count() > 60 || title.ends_with('.') {
        fields.fault(at, "`title` must have at most 60 characters and no full stop");
    }
    let messages = messages(&mut fields);
    let api = api(&mut fields);
    let regexes = fields.texts("regex");
    let needs = fields.word("needs", Needs::from_word, &words(Needs::ALL, Needs::word));
    let general = fields.flag("general");
    let action = fields.word("action", Action::from_word, &words(Action::ALL, Action::word));
    if action.is_none() {
        fields.fault(at, &format!("`action` must be one of {}", words(Action::ALL, Action::word)));
    }
    let cause = fields.required("cause");
    let steps = steps(&mut fields);
    let area = fields.text("area").map(|(text, _)| text);
    let links = fields.texts("links");
    let sources = fields.texts("sources").into_iter().map(|source| source.value).collect();
    let examples = fields.texts("examples");
    let rejects = fields.texts("rejects");
    fields.finish(KEYS);
    if notes.problems.len() > before {
        return None;
    }
    Some(Entry {
        id,
        section: section?,
        title,
        messages: messages.into(),
        api: api.into(),
        regexes: regexes.into(),
        needs,
        general,
        action: action?,
        cause,
        steps: steps.into(),
        area,
        links: links.into(),
        sources,
        examples: examples.into(),
        rejects: rejects.into(),
        file,
        at,
    })
}

/// `messages`: strings, or tables of `text` and `needs`.
fn messages(fields: &mut Fields<'_, '_, '_>) -> Vec<Message> {
    let mut messages = Vec::new();
    for value in fields.array("messages") {
        let at = value.span().start;
        match value.into_inner() {
            DeValue::String(text) => messages.push(Message { text: Located { value: text.into_owned().into(), at }, needs: None }),
            DeValue::Table(table) => {
                let mut inner = Fields::new(fields.notes, table, format!("{}, message", fields.name), at);
                let text = inner.required("text");
                let needs = inner.word("needs", Needs::from_word, &words(Needs::ALL, Needs::word));
                inner.finish("text, needs");
                messages.push(Message { text: Located { value: text, at }, needs });
            }
            other => fields.fault(at, &format!("a message must be a string or {{ text, needs }}, not {}", article(&other))),
        }
    }
    messages
}

/// `api`: tables with one of `type`, `status`, `class`.
fn api(fields: &mut Fields<'_, '_, '_>) -> Vec<Api> {
    let mut api = Vec::new();
    for value in fields.array("api") {
        let at = value.span().start;
        let DeValue::Table(table) = value.into_inner() else {
            fields.fault(at, "`api` must hold tables such as { type = \"overloaded_error\" }");
            continue;
        };
        let mut inner = Fields::new(fields.notes, table, format!("{}, api", fields.name), at);
        let before = api.len();
        if let Some((value, at)) = inner.text("type") {
            api.push(Api::Type(Located { value, at }));
        }
        if let Some((value, at)) = inner.text("class") {
            api.push(Api::Class(Located { value, at }));
        }
        if let Some((text, at)) = inner.number_or_text("status") {
            match status(&text) {
                Some(status) => api.push(Api::Status(status)),
                None => inner.fault(at, &format!("`status` is `{text}`, which is neither a code such as 529 nor a class such as \"5xx\"")),
            }
        }
        if api.len() != before + 1 {
            inner.fault(at, "one of `type`, `status`, `class` is wanted");
        }
        inner.finish("type, status, class");
    }
    api
}

fn status(text: &str) -> Option<Status> {
    if let Some(digit) = text.strip_suffix("xx") {
        return digit.parse().ok().filter(|digit| (1..=5).contains(digit)).map(Status::Class);
    }
    text.parse().ok().filter(|code| (100..600).contains(code)).map(Status::Code)
}

/// `steps`: strings, or tables of `text`, `run` and `on`.
fn steps(fields: &mut Fields<'_, '_, '_>) -> Vec<Step> {
    let mut steps = Vec::new();
    for value in fields.array("steps") {
        let at = value.span().start;
        match value.into_inner() {
            DeValue::String(text) => steps.push(Step { text: text.into_owned().into(), run: None, on: List::default() }),
            DeValue::Table(table) => {
                let mut inner = Fields::new(fields.notes, table, format!("{}, step", fields.name), at);
                let text = inner.required("text");
                let run = inner.text("run").map(|(text, _)| text);
                let mut on = Vec::new();
                for surface in inner.texts("on") {
                    match Surface::from_word(&surface.value) {
                        Some(surface) => on.push(surface),
                        None => {
                            inner
                                .fault(surface.at, &format!("`on` has `{}`, which is none of {}", surface.value, words(Surface::ALL, Surface::word)));
                        }
                    }
                }
                inner.finish("text, run, on");
                steps.push(Step { text, run, on: on.into() });
            }
            other => fields.fault(at, &format!("a step must be a string or {{ text, run, on }}, not {}", article(&other))),
        }
    }
    if steps.is_empty() {
        let at = fields.at;
        fields.fault(at, "`steps` is empty");
    }
    steps
}
