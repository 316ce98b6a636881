//! Reads one `[[error]]`, and the `[lists]` of words that complaints are made of.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::Declaration;
use super::advice::{check_substitutions, checks, steps};
use super::problems::truncate;
use super::table::{Fields, collapse_blanks};
use crate::catalog::check::{check_name, check_regex, check_template};
use crate::catalog::complaint::{Complaint, Word};
use crate::catalog::entry::{Api, Entry, List, Located, Message, Reject, Status};
use crate::catalog::prose::Captures;
use crate::catalog::surface::{Group, Surface};
use crate::catalog::vocabulary::{ClosedList, Scope, Section};

/// Reads an entry of the file with the number `file`; `section` is that of the file. `None` after a
/// fault.
pub(super) fn read(
    fields: &mut Fields<'_, '_, '_>,
    section: Option<Section>,
    file: usize,
    lists: &Lists,
    declarations: &mut Vec<Declaration>,
) -> Option<Entry> {
    let before = fields.problems.count();
    let at = fields.at;
    let id = fields.declare(declarations);
    let section = match section {
        Some(section) if !fields.has("section") => Some(section),
        _ => fields.required_word("section"),
    };
    let (title, title_at) = fields.required("title");
    if title.chars().count() > 60 || title.ends_with('.') {
        fields.fault(title_at, "`title` must have at most 60 characters and no full stop");
    }
    let role = fields.word("role");
    let before_rules = fields.problems.count();
    let messages = messages(fields);
    let complaints = complaints(fields, lists);
    let api = api(fields);
    let regexes = regexes(fields);
    let sound = fields.problems.count() == before_rules;
    let other_rules = !api.is_empty() || !complaints.is_empty();
    if sound && messages.is_empty() && regexes.is_empty() && !other_rules {
        fields.fault(at, "has no `messages`, `api` or `regex`: nothing can find it");
    }
    // What rules capture is not known where one of them is unsound.
    let captures = sound.then(|| Captures::new(&messages, &regexes, other_rules));
    let captures = captures.as_ref();
    let on = fields.words("on");
    let answered_by = answered_by(fields);
    let action = fields.required_word("action");
    let (cause, cause_at) = fields.required("cause");
    check_substitutions(fields, captures, &cause, cause_at);
    let steps = steps(fields, captures);
    let checks = checks(fields, captures);
    let links = fields.texts("links");
    let sources = fields.words("sources");
    let examples = fields.samples("examples");
    let rejects = fields.elements("rejects", "{ text = '…', is = \"none\" }", |fields| {
        let text = fields.sample("text");
        let (is, _) = fields.required("is");
        text.map(|text| Reject { text, is })
    });
    if fields.problems.count() > before {
        return None;
    }
    Some(Entry {
        id,
        section: section?,
        title,
        messages: messages.into(),
        api: api.into(),
        complaints: complaints.into(),
        regexes: regexes.into(),
        role,
        on: on.into(),
        answered_by,
        action: action?,
        cause,
        steps: steps.into(),
        checks: checks.into(),
        links: links.into(),
        sources: sources.into(),
        examples: examples.into(),
        rejects: rejects.into(),
        file,
        at,
    })
}

/// The templates of an entry, by how widely they are printed.
fn messages(fields: &mut Fields<'_, '_, '_>) -> Vec<Message> {
    let mut messages = Vec::new();
    for scope in [Scope::Own, Scope::Shared, Scope::Bare] {
        for text in fields.samples(scope.word()) {
            let value = collapse_blanks(&text.value);
            if fields.check_text(scope.word(), &value, text.at)
                && let Err(error) = check_template(&value)
            {
                fields.fault(text.at, format!("message `{}` {error}", truncate(&value, 100)));
            }
            messages.push(Message { text: Located { value: value.into(), at: text.at }, scope });
        }
    }
    messages
}

/// `regex`: expressions that can be compiled.
fn regexes(fields: &mut Fields<'_, '_, '_>) -> Vec<Located> {
    let regexes = fields.samples("regex");
    for regex in &regexes {
        if fields.check_text("regex", &regex.value, regex.at)
            && let Err(error) = check_regex(&regex.value)
        {
            fields.fault(regex.at, format!("regex `{}` {error}", truncate(&regex.value, 100)));
        }
    }
    regexes
}

/// `api`: tables with one of `type`, `status`, `class`.
fn api(fields: &mut Fields<'_, '_, '_>) -> Vec<Api> {
    let names = [("type", Api::Type as fn(Located) -> Api), ("class", Api::Class)];
    let api = fields.elements("api", "{ type = \"overloaded_error\" }", |fields| {
        let mut api = Vec::new();
        for (key, name) in names {
            let Some((value, at)) = fields.text(key) else { continue };
            if let Err(error) = check_name(&value) {
                let fault = format!("`{key}` is `{}`, which {error}", truncate(&value, 100));
                fields.fault(at, fault);
            }
            api.push(name(Located { value, at }));
        }
        if let Some((text, at)) = fields.number_or_text("status") {
            let status = Status::parse(&text);
            if status.is_none() {
                let wanted = "neither a code such as 529 nor a class such as \"5xx\"";
                fields.fault(at, format!("`status` is `{text}`, which is {wanted}"));
            }
            // The entry is refused; the stand-in only makes the count below right.
            api.push(Api::Status(status.unwrap_or(Status::Code(0))));
        }
        if api.len() != 1 {
            fields.fault(fields.at, "one of `type`, `status`, `class` is wanted");
        }
        Some(api)
    });
    api.concat()
}

/// Lists of words, by their names.
type Lists = BTreeMap<String, List<Word>>;

/// `[lists]`: what people say who complain.
pub(super) fn lists(top: &mut Fields<'_, '_, '_>) -> Lists {
    let mut lists = Lists::new();
    top.section("lists", |fields| {
        for (_, name) in fields.keys() {
            let words = fields.samples(&name).into_iter().map(|word| Word::new(&word.value));
            lists.insert(name, words.collect());
        }
    });
    lists
}

/// `complaints`: arrays of names of lists, of each of which a word must be in the sentence.
fn complaints(fields: &mut Fields<'_, '_, '_>, lists: &Lists) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (value, at) in fields.array(Scope::Complaint.word()) {
        let DeValue::Array(names) = value else {
            fields.fault(at, "`complaints` must hold lists such as [\"model\", \"worse\"]");
            continue;
        };
        let names: Vec<&str> =
            names.iter().map(|name| name.get_ref().as_str().unwrap_or_default()).collect();
        let mut groups = Vec::new();
        for name in &names {
            let words = lists.get(*name);
            if words.is_none() {
                let name = truncate(name, 100);
                fields.fault(at, format!("there is no list `{name}` under [lists]"));
            }
            groups.extend(words.cloned());
        }
        complaints.push(Complaint { text: names.join(" + ").into(), groups: groups.into() });
    }
    complaints
}

/// `answered_by`: a service, where the message itself says who answered.
fn answered_by(fields: &mut Fields<'_, '_, '_>) -> Option<Surface> {
    let mut services = Surface::VALUES.to_vec();
    services.retain(|surface| surface.group() == Group::Service);
    fields.word_of("answered_by", &services)
}
