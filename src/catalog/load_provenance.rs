//! From the text of a catalog file to provenance rules: `[forms]`, `[words]` and one block a rule.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::entry::Str;
use super::limits;
use super::load::{Head, Layer, words};
use super::load_advice::surfaces;
use super::provenance::{Evidence, Mark, Provenance, Rule, Speaker, Topic, Words};
use super::table::{Fields, Notes, article, block_name};
use crate::text::form::{self, Forms};

const KEYS: &str = "id, replace, forms, goes_on, ends, never, unless, after, names, without, \
    commands, files, behind, listed, weak, whole, overrules, speaks, mark, on, examples, rejects";

/// Takes what a file says of provenance out of its table. `below` is what the layers below know.
pub(super) fn take(
    notes: &mut Notes<'_>,
    table: &mut DeTable<'_>,
    file: usize,
    below: &Provenance,
    layer: &mut Layer,
) {
    lists(notes, table, below, layer);
    if let Some(table) = table_of(notes, table, "words") {
        let mut fields = Fields::new(notes, table, "words".into(), 0);
        for list in Words::ALL {
            let words = fields.samples(list.word()).into_iter().map(|word| word.value);
            layer.words.push((*list, words.collect()));
        }
        fields.finish(&words(Words::ALL, Words::word));
    }
    for &topic in Topic::ALL {
        let Some(blocks) = table.remove(topic.word()) else { continue };
        let DeValue::Array(blocks) = blocks.into_inner() else {
            notes.fault(0, format!("`{topic}` must be written [[{topic}]]"));
            continue;
        };
        for block in blocks {
            let at = block.span().start;
            match block.into_inner() {
                _ if notes.is_full() => {}
                DeValue::Table(table) => rule(notes, table, topic, (file, at), below, layer),
                other => {
                    notes.fault(at, format!("`{topic}` must be a table, not {}", article(&other)));
                }
            }
        }
    }
}

/// A table of the file.
pub(super) fn table_of<'i>(
    notes: &mut Notes<'_>,
    table: &mut DeTable<'i>,
    key: &str,
) -> Option<DeTable<'i>> {
    let value = table.remove(key)?;
    let at = value.span().start;
    match value.into_inner() {
        DeValue::Table(table) => Some(table),
        other => {
            notes.fault(at, format!("`{key}` must be a table, not {}", article(&other)));
            None
        }
    }
}

/// `[forms]`: lists of forms with a name, which later forms use. A list may name those before it.
fn lists(notes: &mut Notes<'_>, table: &mut DeTable<'_>, below: &Provenance, layer: &mut Layer) {
    let Some(table) = table_of(notes, table, "forms") else { return };
    let mut named: Vec<(usize, String)> =
        table.iter().map(|(key, _)| (key.span().start, key.get_ref().to_string())).collect();
    named.sort();
    let mut fields = Fields::new(notes, table, "forms".into(), 0);
    for (at, name) in named {
        let plain = name.bytes().all(|b| b.is_ascii_lowercase()) && !name.is_empty();
        if !plain || below.lists.iter().any(|list| *list == *name) {
            fields.fault(at, &format!("`{name}` is taken, or has more than lower-case letters"));
        }
        let forms = forms(&mut fields, &name, below, &layer.lists);
        layer.lists.push((name.into(), forms));
    }
    fields.finish("lists of forms");
}

/// The forms of a key, as one tree.
fn forms(
    fields: &mut Fields<'_, '_, '_>,
    key: &str,
    below: &Provenance,
    own: &[(Str, Forms)],
) -> Forms {
    let samples = fields.samples(key);
    if samples.is_empty() {
        return Forms::default();
    }
    let names = || below.lists.iter().chain(own.iter().map(|(name, _)| name));
    let list = |name: &str| names().position(|list| *list == *name).map(|at| at as u16);
    let mut forms = Vec::new();
    for text in samples {
        if text.value.len() > limits::FORM {
            fields.fault(text.at, &format!("a form may have {} bytes", limits::FORM));
            continue;
        }
        match form::parse(&text.value, list) {
            Ok(form) if key == "forms" && form::is_open(&form) => fields.fault(
                text.at,
                &format!("form `{}` is open: it must have a head or a tail", text.value),
            ),
            Ok(form) => forms.push((form, 0)),
            Err(name) => fields.fault(text.at, &format!("there is no list of forms `{name}`")),
        }
    }
    let lists = below.prefixes.lists.iter().chain(own.iter().map(|(_, forms)| forms));
    Forms::new(&forms, &lists.cloned().collect::<Vec<_>>())
}

/// One rule.
fn rule(
    notes: &mut Notes<'_>,
    table: DeTable<'_>,
    topic: Topic,
    (file, at): (usize, usize),
    below: &Provenance,
    layer: &mut Layer,
) {
    let before = notes.problems.len();
    let id = block_name(topic.word(), table.get("id").map(Spanned::get_ref));
    let mut fields = Fields::new(notes, table, id, at);
    let (id, id_at) = fields.id();
    let replace = fields.flag("replace");
    if !id.is_empty() {
        layer.heads.push(Head { id: id.clone(), at: id_at, replace });
    }
    let own = std::mem::take(&mut layer.lists);
    let list = |fields: &mut Fields<'_, '_, '_>, key| forms(fields, key, below, &own);
    let of = |fields: &mut Fields<'_, '_, '_>, key| {
        fields.texts(key).into_iter().map(|text| text.value).collect::<Vec<Str>>().into()
    };
    // They are only looked for, never shown: anything may stand in them.
    let samples = |fields: &mut Fields<'_, '_, '_>, key| {
        fields.samples(key).into_iter().map(|text| text.value).collect::<Vec<Str>>().into()
    };
    let rule = Rule {
        topic,
        id,
        forms: list(&mut fields, "forms"),
        goes_on: list(&mut fields, "goes_on"),
        ends: list(&mut fields, "ends"),
        never: list(&mut fields, "never"),
        unless: list(&mut fields, "unless"),
        after: list(&mut fields, "after"),
        names: samples(&mut fields, "names"),
        without: samples(&mut fields, "without"),
        commands: of(&mut fields, "commands"),
        files: of(&mut fields, "files"),
        behind: fields.flag("behind"),
        listed: fields.flag("listed"),
        weak: fields.flag("weak"),
        whole: fields.flag("whole"),
        overrules: fields.word(
            "overrules",
            Evidence::from_word,
            &words(Evidence::ALL, Evidence::word),
        ),
        speaks: fields.word("speaks", Speaker::from_word, &words(Speaker::ALL, Speaker::word)),
        mark: fields.word("mark", Mark::from_word, &words(Mark::ALL, Mark::word)),
        on: surfaces(&mut fields, "on").into(),
        examples: fields.samples("examples").into(),
        rejects: fields.samples("rejects").into(),
        file,
        at,
    };
    layer.lists = own;
    for fault in faults(&rule) {
        fields.fault(at, fault);
    }
    fields.finish(KEYS);
    if notes.problems.len() == before {
        layer.rules.push(rule);
    }
}

/// What a rule of its topic lacks.
fn faults(rule: &Rule) -> Vec<&'static str> {
    let found = !rule.forms.is_empty() || !rule.names.is_empty();
    let wanted = match rule.topic {
        Topic::Quotation => [
            (!rule.forms.is_empty(), "`forms` is missing: a quotation is a complete form"),
            (
                rule.overrules.is_some(),
                "`overrules` is missing: the strongest evidence that gives way",
            ),
        ],
        Topic::Region => [
            (
                !rule.forms.is_empty() || !rule.commands.is_empty() || rule.mark.is_some(),
                "`forms`, `commands` or `mark` is missing: what begins the region",
            ),
            (
                rule.overrules.is_some(),
                "`overrules` is missing: the strongest evidence that gives way",
            ),
        ],
        Topic::Prefix => [(!rule.forms.is_empty(), "`forms` is missing"), (true, "")],
        Topic::Vendor => [
            (found, "`names` or `forms` is missing"),
            (rule.speaks.is_some(), "`speaks` is missing: claude, caller, other or background"),
        ],
        Topic::Endpoint => [(!rule.names.is_empty(), "`names` is missing"), (true, "")],
        Topic::Surface => [
            (found, "`names` or `forms` is missing"),
            (!rule.on.is_empty(), "`on` is missing: what the sign shows"),
        ],
    };
    let samples = [
        (!rule.examples.is_empty(), "`examples` is missing: nothing shows that it is found"),
        (!rule.rejects.is_empty(), "`rejects` is missing: nothing shows what it leaves alone"),
    ];
    let wanted = wanted.into_iter().chain(samples);
    wanted.filter(|(is, _)| !is).map(|(_, fault)| fault).collect()
}
