//! Reads provenance rules: `[forms]`, `[words]` and one block a rule.

use super::Layer;
use super::table::Fields;
use crate::catalog::entry::{Located, Str};
use crate::catalog::limits;
use crate::catalog::provenance_rules::{Provenance, ProvenanceRule, Topic, WordList};
use crate::text::form::{self, Forms};

/// Takes what a file says of provenance. `file` is its number in the catalog, `below` what the layers
/// below know.
pub(super) fn read(
    top: &mut Fields<'_, '_, '_>,
    file: usize,
    below: &Provenance,
    layer: &mut Layer,
) {
    top.section("forms", |fields| {
        for (at, name) in fields.keys() {
            let plain = name.bytes().all(|b| b.is_ascii_lowercase()) && !name.is_empty();
            if !plain || below.lists.iter().any(|list| *list == *name) {
                let fault = format!("`{name}` is taken, or has more than lower-case letters");
                fields.fault(at, fault);
            }
            // A list may name those before it.
            let forms = forms(fields, &name, below, &layer.lists);
            layer.lists.push((name.into(), forms));
        }
    });
    top.section("words", |fields| {
        for list in WordList::ALL {
            layer.words.push((*list, texts(fields.samples(list.word()))));
        }
    });
    for &topic in Topic::ALL {
        top.blocks(topic.word(), |fields| {
            let before = fields.problems.count();
            let rule = rule(fields, topic, file, below, layer);
            if fields.problems.count() == before {
                layer.rules.push(rule);
            }
        });
    }
}

/// The forms under a key, as one tree.
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
    let names = below.lists.iter().chain(own.iter().map(|(name, _)| name));
    let index = |name: &str| names.clone().position(|list| *list == *name).map(|at| at as u16);
    let mut forms = Vec::new();
    for text in samples {
        if text.value.len() > limits::FORM {
            fields.fault(text.at, format!("a form may have {} bytes", limits::FORM));
            continue;
        }
        match form::parse(&text.value, index) {
            Ok(form) if key == "forms" && form::is_open(&form) => {
                let wanted = "it must have a head or a tail";
                fields.fault(text.at, format!("form `{}` is open: {wanted}", text.value));
            }
            Ok(form) => forms.push((form, 0)),
            Err(name) => fields.fault(text.at, format!("there is no list of forms `{name}`")),
        }
    }
    let lists = below.prefixes.lists.iter().chain(own.iter().map(|(_, forms)| forms));
    Forms::new(&forms, &lists.cloned().collect::<Vec<_>>())
}

/// The texts without their places.
fn texts(texts: Vec<Located>) -> Vec<Str> {
    texts.into_iter().map(|text| text.value).collect()
}

/// Reads one rule.
fn rule(
    fields: &mut Fields<'_, '_, '_>,
    topic: Topic,
    file: usize,
    below: &Provenance,
    layer: &mut Layer,
) -> ProvenanceRule {
    let id = fields.declare(&mut layer.declarations);
    let mut list = |key| forms(fields, key, below, &layer.lists);
    let [forms, goes_on, ends, never, unless, after] =
        ["forms", "goes_on", "ends", "never", "unless", "after"].map(&mut list);
    // Nothing shows these two: anything may stand in them.
    let [names, without] = ["names", "without"].map(|key| texts(fields.samples(key)).into());
    let [commands, files] = ["commands", "files"].map(|key| texts(fields.texts(key)).into());
    let rule = ProvenanceRule {
        topic,
        id,
        forms,
        goes_on,
        ends,
        never,
        unless,
        after,
        names,
        without,
        commands,
        files,
        behind: fields.flag("behind"),
        listed: fields.flag("listed"),
        weak: fields.flag("weak"),
        whole: fields.flag("whole"),
        overrules: fields.word("overrules"),
        speaks: fields.word("speaks"),
        mark: fields.word("mark"),
        on: fields.words("on").into(),
        examples: fields.samples("examples").into(),
        rejects: fields.samples("rejects").into(),
        file,
        at: fields.at,
    };
    for fault in faults(&rule) {
        fields.fault(fields.at, fault);
    }
    rule
}

/// What a rule of its topic lacks.
fn faults(rule: &ProvenanceRule) -> impl Iterator<Item = &'static str> {
    let forms = !rule.forms.is_empty();
    let found = forms || !rule.names.is_empty();
    let begins = forms || !rule.commands.is_empty() || rule.mark.is_some();
    let overrules = rule.overrules.is_some();
    let evidence = "`overrules` is missing: the strongest evidence that gives way";
    let wanted = match rule.topic {
        Topic::Quotation => {
            [(forms, "`forms` is missing: a quotation is a complete form"), (overrules, evidence)]
        }
        Topic::Region => [
            (begins, "`forms`, `commands` or `mark` is missing: what begins the region"),
            (overrules, evidence),
        ],
        Topic::Prefix => [(forms, "`forms` is missing"), (true, "")],
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
    let missing = wanted.into_iter().chain(samples).filter(|(given, _)| !given);
    missing.map(|(_, fault)| fault)
}
