//! From the text of a catalog file to typed entries. Nothing is believed: whatever is wrong is
//! noted with its line, and the loader goes on to the next field, so that one look at a broken file
//! shows every fault.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::complaint::{Complaint, Word};
use super::entry::{
    Action, Api, Entry, List, Located, Message, Reject, Role, Scope, Section, Source, Status, Str,
};
use super::load_advice::{checks, placeholders, steps, surfaces};
use super::prose::Captures;
use super::provenance::{Provenance, Rule, Words};
use super::rule::{check_name, check_regex, check_template};
use super::surface::{Group, Surface};
use super::table::{Fields, Gate, Notes, article, block_name, head, line, one_blank};
use super::{limits, load_provenance, syntax};
use crate::error::Problem;
use crate::text::form::Forms;

const KEYS: &str = "id, replace, section, title, role, messages, shared, bare, complaints, api, \
    regex, on, answered_by, action, cause, steps, check, links, sources, examples, rejects";

/// What a file says.
#[derive(Debug, Default)]
pub(crate) struct Layer {
    /// The sound entries.
    pub(crate) entries: Vec<Entry>,
    /// The sound provenance rules.
    pub(crate) rules: Vec<Rule>,
    /// Its lists of forms, by name.
    pub(crate) lists: Vec<(Str, Forms)>,
    /// Its words, by list.
    pub(crate) words: Vec<(Words, Vec<Str>)>,
    /// The heads of all entries and rules, sound or not.
    pub(crate) heads: Vec<Head>,
    /// The ids that it silences.
    pub(crate) disable: Vec<Located>,
    /// Its faults.
    pub(crate) problems: Vec<Problem>,
}

/// What an entry or a rule says of its place among the others.
#[derive(Debug)]
pub(crate) struct Head {
    /// Its id.
    pub(crate) id: Str,
    /// The byte offset of the id.
    pub(crate) at: usize,
    /// It takes the place of what has had the id so far.
    pub(crate) replace: bool,
}

/// Reads a file; `index` is what its entries know it by, and `below` what the layers below know of
/// provenance. The section is the file's name, or the key `section` of an entry.
pub(crate) fn file(name: &str, text: &str, index: usize, below: &Provenance, gate: Gate) -> Layer {
    let mut notes = Notes { file: name, text, gate, problems: Vec::new() };
    let mut layer = Layer::default();
    if text.len() > limits::FILE {
        notes.fault(0, format!("is larger than {} KiB", limits::FILE >> 10));
        return Layer { problems: notes.problems, ..layer };
    }
    let (mut table, spoilt) = syntax::read(&mut notes);
    let said = notes.problems.len();
    let section =
        Path::new(name).file_stem().and_then(|stem| stem.to_str()).and_then(Section::from_word);
    let blocks = table.remove("error");
    let lists = complaint_lists(&mut notes, &mut table);
    load_provenance::take(&mut notes, &mut table, index, below, &mut layer);
    let mut top = Fields::new(&mut notes, table, "catalog".into(), 0);
    layer.disable = top.texts("disable");
    let mut seen = BTreeSet::new();
    layer.disable.retain(|id| seen.insert(id.value.clone()));
    let known = top.finish("disable; an error begins with [[error]]");
    // A head that is not closed makes keys of its block into keys of the file.
    let first = spoilt.first().copied().unwrap_or(usize::MAX);
    let mut n = 0;
    notes.problems.retain(|problem| {
        n += 1;
        n <= known || problem.line < first
    });
    match blocks.map(Spanned::into_inner) {
        None => {}
        Some(DeValue::Array(blocks)) => {
            for block in blocks {
                if notes.is_full() {
                    break;
                }
                let at = block.span().start;
                match block.into_inner() {
                    DeValue::Table(table) => {
                        entry(&mut notes, table, at, section, (index, &lists), &mut layer);
                    }
                    other => {
                        notes
                            .fault(at, format!("`error` must be a table, not {}", article(&other)));
                    }
                }
            }
        }
        Some(other) => {
            notes
                .fault(0, format!("`error` must be written [[error]], not as {}", article(&other)));
        }
    }
    if notes.is_full() {
        let last = line(text, text.trim_end().len());
        notes.problems.push(Problem {
            file: name.into(),
            line: last,
            text: format!("more than {} faults: the rest is not listed", limits::FAULTS),
        });
    }
    let mut count = 0;
    notes.problems.retain(|problem| {
        count += 1;
        count <= said || !spoilt.contains(&problem.line)
    });
    layer.problems = notes.problems;
    layer
}

/// The words of a closed list.
pub(super) fn words<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> String {
    all.iter().map(|&value| word(value)).collect::<Vec<_>>().join(", ")
}

/// One `[[error]]`.
fn entry(
    notes: &mut Notes<'_>,
    table: DeTable<'_>,
    at: usize,
    section: Option<Section>,
    (file, lists): (usize, &Lists),
    layer: &mut Layer,
) {
    let name = block_name("error", table.get("id").map(Spanned::get_ref));
    let before = notes.problems.len();
    let mut fields = Fields::new(notes, table, name, at);
    let (id, id_at) = fields.id();
    let replace = fields.flag("replace");
    if !id.is_empty() {
        layer.heads.push(Head { id: id.clone(), at: id_at, replace });
    }
    let given = fields.has("section");
    let section = fields
        .word("section", Section::from_word, &words(Section::ALL, Section::word))
        .or(section.filter(|_| !given));
    if section.is_none() && !given {
        fields.fault(
            at,
            &format!("`section` is missing; it is one of {}", words(Section::ALL, Section::word)),
        );
    }
    let (title, title_at) = fields.required("title");
    if title.chars().count() > 60 || title.ends_with('.') {
        fields.fault(title_at, "`title` must have at most 60 characters and no full stop");
    }
    let role = fields.word("role", Role::from_word, &words(Role::ALL, Role::word));
    let before_rules = fields.notes.problems.len();
    let messages = messages(&mut fields);
    let complaints = complaints(&mut fields, lists);
    let api = api(&mut fields);
    let regexes = regexes(&mut fields);
    let sound = fields.notes.problems.len() == before_rules;
    let found = !messages.is_empty() || !complaints.is_empty();
    if !found && api.is_empty() && regexes.is_empty() && sound {
        fields.fault(at, "has no `messages`, `api` or `regex`: nothing can find it");
    }
    // What rules capture is not known where one of them is unsound.
    let others = !api.is_empty() || !complaints.is_empty();
    let captures = sound.then(|| Captures::new(&messages, &regexes, others));
    let on = surfaces(&mut fields, "on");
    let answered_by = answered_by(&mut fields);
    let action = action(&mut fields);
    let (cause, cause_at) = fields.required("cause");
    placeholders(&mut fields, captures.as_ref(), &cause, cause_at);
    let steps = steps(&mut fields, captures.as_ref());
    let checks = checks(&mut fields, captures.as_ref());
    let links = fields.texts("links");
    let sources = sources(&mut fields);
    let examples = fields.samples("examples");
    let rejects = rejects(&mut fields);
    fields.finish(KEYS);
    let (Some(section), Some(action)) = (section, action) else { return };
    if notes.problems.len() > before {
        return;
    }
    layer.entries.push(Entry {
        id,
        section,
        title,
        messages: messages.into(),
        api: api.into(),
        complaints: complaints.into(),
        regexes: regexes.into(),
        role,
        on: on.into(),
        answered_by,
        action,
        cause,
        steps: steps.into(),
        checks: checks.into(),
        links: links.into(),
        sources: sources.into(),
        examples: examples.into(),
        rejects: rejects.into(),
        file,
        at,
    });
}

/// `action`, which must be there; if it is something else, that is one fault and not two.
fn action(fields: &mut Fields<'_, '_, '_>) -> Option<Action> {
    let known = words(Action::ALL, Action::word);
    if fields.has("action") {
        return fields.word("action", Action::from_word, &known);
    }
    let at = fields.at;
    fields.fault(at, &format!("`action` is missing; it is one of {known}"));
    None
}

/// `regex`: expressions that can be compiled.
fn regexes(fields: &mut Fields<'_, '_, '_>) -> Vec<Located> {
    let regexes = fields.samples("regex");
    for regex in &regexes {
        if fields.fit("regex", &regex.value, regex.at)
            && let Err(error) = check_regex(&regex.value)
        {
            fields.fault(regex.at, &format!("regex `{}` {error}", head(&regex.value, 100)));
        }
    }
    regexes
}

/// The templates of an entry, by how widely they are printed.
fn messages(fields: &mut Fields<'_, '_, '_>) -> Vec<Message> {
    let mut messages = Vec::new();
    for scope in [Scope::Own, Scope::Shared, Scope::Bare] {
        let key = scope.word();
        for text in fields.samples(key) {
            let value = one_blank(&text.value);
            if fields.fit(key, &value, text.at)
                && let Err(error) = check_template(&value)
            {
                fields.fault(text.at, &format!("message `{}` {error}", head(&value, 100)));
            }
            messages.push(Message { text: Located { value: value.into(), at: text.at }, scope });
        }
    }
    messages
}

/// The lists of words of which complaints are made, by their names.
type Lists = BTreeMap<String, List<Word>>;

/// `[lists]`: what somebody who complains says.
fn complaint_lists(notes: &mut Notes<'_>, table: &mut DeTable<'_>) -> Lists {
    let mut lists = Lists::new();
    let Some(table) = load_provenance::table_of(notes, table, "lists") else { return lists };
    let names: Vec<String> = table.iter().map(|(key, _)| key.get_ref().to_string()).collect();
    let mut fields = Fields::new(notes, table, "lists".into(), 0);
    for name in names {
        let words = fields.samples(&name).into_iter().map(|word| Word::new(&word.value));
        lists.insert(name, words.collect());
    }
    fields.finish("lists of words");
    lists
}

/// `complaints`: lists of names of lists, of each of which a word must be said.
fn complaints(fields: &mut Fields<'_, '_, '_>, lists: &Lists) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for value in fields.array(Scope::Complaint.word()) {
        let at = value.span().start;
        let DeValue::Array(names) = value.into_inner() else {
            fields.fault(at, "`complaints` must hold lists such as [\"model\", \"worse\"]");
            continue;
        };
        let mut complaint = Complaint { text: String::new().into(), groups: Vec::new().into() };
        for name in names {
            let name = name.get_ref().as_str().unwrap_or_default();
            let Some(words) = lists.get(name) else {
                fields.fault(at, &format!("there is no list `{}` under [lists]", head(name, 100)));
                continue;
            };
            let text = complaint.text.to_mut();
            text.push_str(if text.is_empty() { "" } else { " + " });
            text.push_str(name);
            complaint.groups.to_mut().push(words.clone());
        }
        complaints.push(complaint);
    }
    complaints
}

/// `answered_by`: a service, where the message itself says who answered.
fn answered_by(fields: &mut Fields<'_, '_, '_>) -> Option<Surface> {
    let all: Vec<Surface> =
        Surface::ALL.iter().copied().filter(|of| of.group() == Group::Service).collect();
    let from_word = |word: &str| Surface::from_word(word).filter(|of| all.contains(of));
    fields.word("answered_by", from_word, &words(&all, Surface::word))
}

/// `sources`: words of a closed list.
fn sources(fields: &mut Fields<'_, '_, '_>) -> Vec<Source> {
    let mut sources = Vec::new();
    for source in fields.texts("sources") {
        match Source::from_word(&source.value) {
            Some(known) => sources.push(known),
            None => fields.fault(
                source.at,
                &format!(
                    "`sources` has `{}`, which is none of {}",
                    head(&source.value, 100),
                    words(Source::ALL, Source::word)
                ),
            ),
        }
    }
    sources
}

/// `rejects`: tables of `text` and `is`.
fn rejects(fields: &mut Fields<'_, '_, '_>) -> Vec<Reject> {
    let mut rejects = Vec::new();
    for value in fields.array("rejects") {
        let at = value.span().start;
        let DeValue::Table(table) = value.into_inner() else {
            fields.fault(at, "`rejects` must hold tables such as { text = '…', is = \"none\" }");
            continue;
        };
        let mut inner = Fields::new(fields.notes, table, format!("{}, reject", fields.name), at);
        let text = inner.sample("text");
        let (is, _) = inner.required("is");
        inner.finish("text, is");
        rejects.extend(text.map(|text| Reject { text, is }));
    }
    rejects
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
        for (key, form) in [("type", Api::Type as fn(Located) -> Api), ("class", Api::Class)] {
            if let Some((value, at)) = inner.text(key) {
                if let Err(error) = check_name(&value) {
                    inner.fault(at, &format!("`{key}` is `{}`, which {error}", head(&value, 100)));
                }
                api.push(form(Located { value, at }));
            }
        }
        if let Some((text, at)) = inner.number_or_text("status") {
            if status(&text).is_none() {
                inner.fault(at, &format!("`status` is `{text}`, which is neither a code such as 529 nor a class such as \"5xx\""));
            }
            // A stand-in for a status that is none: the entry is refused, and the count below is
            // right.
            api.push(Api::Status(status(&text).unwrap_or(Status::Code(0))));
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
