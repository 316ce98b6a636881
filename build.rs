//! Bakes the built-in catalog: the TOML files go through the very loader and compiler that the
//! program has for other people's catalogs, and come out as static data that needs no work at run
//! time.

#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "the modules are the library's, and are checked there"
)]

use std::borrow::Cow;
use std::fmt::{Debug, Write as _};
use std::path::PathBuf;
use std::{env, fs};

#[path = "src/error.rs"]
mod error;
#[path = "src/search/mod.rs"]
mod search;

/// All but the decoder, which has its own dependencies.
#[path = "src/text"]
mod text {
    pub mod clean;
    pub mod colour;
    pub mod find;
    pub mod form;
    pub mod layout;
    pub mod prefix;
    pub mod row;
    pub mod skeleton;
    pub mod terminal;
    pub mod token;
    pub mod walker;
    pub use clean::{Clean, Line};
    pub use skeleton::Skeleton;
}

mod catalog {
    #[path = "../src/catalog/complaint.rs"]
    mod complaint;
    #[path = "../src/catalog/entry.rs"]
    mod entry;
    #[path = "../src/catalog/hole.rs"]
    pub(crate) mod hole;
    #[path = "../src/catalog/limits.rs"]
    mod limits;
    #[path = "../src/catalog/load.rs"]
    pub(crate) mod load;
    #[path = "../src/catalog/load_advice.rs"]
    mod load_advice;
    #[path = "../src/catalog/load_provenance.rs"]
    mod load_provenance;
    #[path = "../src/catalog/prose.rs"]
    mod prose;
    #[path = "../src/catalog/provenance.rs"]
    pub mod provenance;
    #[path = "../src/catalog/reason.rs"]
    pub(crate) mod reason;
    #[path = "../src/catalog/rule.rs"]
    pub mod rule;
    #[path = "../src/catalog/surface.rs"]
    mod surface;
    #[path = "../src/catalog/syntax.rs"]
    mod syntax;
    #[path = "../src/catalog/table.rs"]
    mod table;
    #[path = "../src/catalog/template.rs"]
    pub mod template;
    pub use complaint::{Complaint, Word};
    pub use entry::*;
    pub use surface::*;
}

use catalog::provenance::Provenance;
use catalog::rule::{Form, Rule};
use catalog::template::{Literal, Part};
use catalog::{
    Api, Check, Complaint, Entry, List, Located, Message, Reject, Status, Step, Str, Surface, Word,
};
use search::anchor::{Anchor, AnchorUse};
use text::form::{self, Branch, Forms, Tree};

/// One file per section, in the order of the sections, sentences that no entry knows, and what tells
/// whose words a line is made of.
const FILES: [&str; 8] =
    ["server", "usage", "auth", "network", "request", "quality", "unknown", "provenance"];

fn main() {
    println!("cargo::rerun-if-changed=catalog");
    println!("cargo::rerun-if-changed=src");
    // At a fixed address nothing in the baked catalog has to be relocated when the program starts:
    // `--version` takes 0.6 ms instead of 0.9, a message 1.1 instead of 1.3, an empty program 0.5.
    let target = |name: &str| env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    if target("OS") == "linux" && target("ENV") == "gnu" {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
    let mut entries = Vec::new();
    let mut provenance = Provenance::default();
    let mut problems = Vec::new();
    for (index, section) in FILES.iter().enumerate() {
        let file = format!("catalog/{section}.toml");
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
        let layer = catalog::load::file(&file, &text, index, &provenance, str::to_owned);
        provenance.lay(layer.rules, layer.lists, layer.words);
        entries.extend(layer.entries);
        problems.extend(layer.problems);
    }
    for problem in &problems {
        println!("cargo::error={problem}");
    }
    let rules: Vec<Rule> =
        entries.iter().enumerate().flat_map(|(index, entry)| Rule::of(index, entry)).collect();
    let codes: Vec<(Status, usize)> = entries
        .iter()
        .enumerate()
        .flat_map(|(index, entry)| {
            entry.api.iter().filter_map(move |api| {
                if let Api::Status(status) = api { Some((*status, index)) } else { None }
            })
        })
        .collect();
    let mut out = String::new();
    statics(&mut out, "ENTRIES", "Entry", &entries, entry);
    statics(&mut out, "RULES", "Rule", &rules, rule);
    statics(&mut out, "CODES", "(Status, usize)", &codes, |(status, index)| {
        format!("(Status::{status:?}, {index})")
    });
    write_provenance(&mut out, &provenance);
    let index = search::select(&rules, &codes, &provenance);
    let baked = format!(
        "pub(super) static BUILTIN: Index = Index {{ table: QGramTable {{ factor: {}, filter: Borrowed(include_bytes!(concat!(env!(\"OUT_DIR\"), \"/filter\"))), buckets: Borrowed(&{:?}), q_grams: {} }}, anchors: {} }};",
        index.table.factor,
        index.table.buckets,
        list(&index.table.q_grams, |q_gram| format!("{q_gram:?}")),
        list(&index.anchors, anchor)
    );
    let to = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let files = [
        ("catalog.rs", out.as_bytes()),
        ("index.rs", baked.as_bytes()),
        ("filter", index.table.filter.as_ref()),
    ];
    for (name, bytes) in files {
        fs::write(to.join(name), bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

/// The provenance rules with everything that they name.
fn write_provenance(out: &mut String, of: &Provenance) {
    statics(out, "PROVENANCE_RULES", "provenance::Rule", &of.rules, provenance_rule);
    let texts = |of: &Cow<'static, [Str]>| list(of, |text| borrowed(text));
    let never = |(rule, never): &(u16, Forms)| format!("({rule}, {})", forms(never));
    let prefixes = format!(
        "Prefixes {{ lists: {}, first: {}, behind: {}, never: {}, bullets: {}, speech: {}, borders: {} }}",
        list(&of.prefixes.lists, forms),
        forms(&of.prefixes.first),
        forms(&of.prefixes.behind),
        list(&of.prefixes.never, never),
        texts(&of.prefixes.bullets),
        texts(&of.prefixes.speech),
        texts(&of.prefixes.borders)
    );
    let _ = writeln!(
        out,
        "pub(crate) const PROVENANCE: Provenance = Provenance {{ rules: Borrowed(&PROVENANCE_RULES), words: {}, prefixes: {prefixes}, quotations: {}, regions: {}, speakers: {}, signs: {}, gutters: {}, lists: {} }};",
        list(&of.words, texts),
        list(&of.quotations, |(plain, literal)| format!("({}, {})", forms(plain), forms(literal))),
        forms(&of.regions),
        forms(&of.speakers),
        forms(&of.signs),
        forms(&of.gutters),
        texts(&of.lists)
    );
}

fn provenance_rule(of: &catalog::provenance::Rule) -> String {
    let texts = |of: &Cow<'static, [Str]>| list(of, |text| borrowed(text));
    let fields = [
        ("topic", format!("Topic::{:?}", of.topic)),
        ("id", borrowed(&of.id)),
        ("forms", forms(&of.forms)),
        ("goes_on", forms(&of.goes_on)),
        ("ends", forms(&of.ends)),
        ("never", forms(&of.never)),
        ("unless", forms(&of.unless)),
        ("after", forms(&of.after)),
        ("names", texts(&of.names)),
        ("without", texts(&of.without)),
        ("commands", texts(&of.commands)),
        ("files", texts(&of.files)),
        ("behind", of.behind.to_string()),
        ("listed", of.listed.to_string()),
        ("weak", of.weak.to_string()),
        ("whole", of.whole.to_string()),
        ("overrules", option(&of.overrules, |of| format!("Evidence::{of:?}"))),
        ("speaks", option(&of.speaks, |of| format!("Speaker::{of:?}"))),
        ("mark", option(&of.mark, |of| format!("Marked::{of:?}"))),
        ("on", surfaces(&of.on)),
        ("examples", list(&of.examples, located)),
        ("rejects", list(&of.rejects, located)),
        ("file", of.file.to_string()),
        ("at", of.at.to_string()),
    ];
    format!(
        "provenance::Rule {{ {} }}",
        fields.map(|(name, value)| format!("{name}: {value}")).join(", ")
    )
}

fn forms(of: &Forms) -> String {
    let Forms { empty, first, tree: of } = of;
    format!("Forms {{ empty: {empty}, first: {first:?}, tree: {} }}", tree(of))
}

fn tree(of: &Tree) -> String {
    format!(
        "Tree {{ first_bytes: {}, branches: {} }}",
        bytes(&of.first_bytes),
        list(&of.branches, branch)
    )
}

fn branch(of: &Branch) -> String {
    let part = match &of.part {
        form::FormPart::Literal(text) => format!("form::FormPart::Literal({})", bytes(text)),
        form::FormPart::Token(kind) => format!("form::FormPart::Token(TokenKind::{kind:?})"),
        other => format!("form::FormPart::{other:?}"),
    };
    let (next, needles) = (tree(&of.next), list(&of.needles, |needle| bytes(needle)));
    format!("Branch {{ part: {part}, ends: {:?}, next: {next}, needles: {needles} }}", of.ends)
}

fn statics<T>(out: &mut String, name: &str, kind: &str, items: &[T], one: impl Fn(&T) -> String) {
    let _ = writeln!(out, "pub(crate) static {name}: [{kind}; {}] = [", items.len());
    for item in items {
        let _ = writeln!(out, "    {},", one(item));
    }
    out.push_str("];\n");
}

/// Something borrowed: a string, a byte string.
fn borrowed(value: impl Debug) -> String {
    format!("Borrowed({value:?})")
}

fn list<T>(items: &[T], one: impl Fn(&T) -> String) -> String {
    format!("Borrowed(&[{}])", items.iter().map(one).collect::<Vec<_>>().join(", "))
}

fn option<T>(value: &Option<T>, one: impl Fn(&T) -> String) -> String {
    value.as_ref().map_or("None".into(), |value| format!("Some({})", one(value)))
}

fn located(of: &Located) -> String {
    format!("Located {{ value: {}, at: {} }}", borrowed(&of.value), of.at)
}

fn entry(of: &Entry) -> String {
    let message = |of: &Message| {
        format!("Message {{ text: {}, scope: Scope::{:?} }}", located(&of.text), of.scope)
    };
    let api = |of: &Api| match of {
        Api::Type(name) => format!("Api::Type({})", located(name)),
        Api::Class(name) => format!("Api::Class({})", located(name)),
        Api::Status(status) => format!("Api::Status(Status::{status:?})"),
    };
    let step = |of: &Step| {
        format!(
            "Step {{ text: {}, run: {}, powershell: {}, on: {}, then: {} }}",
            borrowed(&of.text),
            option(&of.run, |run| borrowed(run)),
            option(&of.powershell, |run| borrowed(run)),
            surfaces(&of.on),
            of.then
        )
    };
    let check = |of: &Check| {
        let means = list(&of.means, |text| borrowed(text));
        format!("Check {{ ask: {}, means: {means} }}", step(&of.ask))
    };
    let complaint = |of: &Complaint| {
        format!("Complaint {{ text: {}, groups: {} }}", borrowed(&of.text), groups(&of.groups))
    };
    let reject =
        |of: &Reject| format!("Reject {{ text: {}, is: {} }}", located(&of.text), borrowed(&of.is));
    let fields = [
        ("id", borrowed(&of.id)),
        ("section", format!("Section::{:?}", of.section)),
        ("title", borrowed(&of.title)),
        ("messages", list(&of.messages, message)),
        ("api", list(&of.api, api)),
        ("regexes", list(&of.regexes, located)),
        ("complaints", list(&of.complaints, complaint)),
        ("on", surfaces(&of.on)),
        ("answered_by", option(&of.answered_by, |of| format!("Surface::{of:?}"))),
        ("role", option(&of.role, |role| format!("Role::{role:?}"))),
        ("action", format!("Action::{:?}", of.action)),
        ("cause", borrowed(&of.cause)),
        ("steps", list(&of.steps, step)),
        ("checks", list(&of.checks, check)),
        ("links", list(&of.links, located)),
        ("sources", list(&of.sources, |source| format!("Source::{source:?}"))),
        ("examples", list(&of.examples, located)),
        ("rejects", list(&of.rejects, reject)),
        ("file", of.file.to_string()),
        ("at", of.at.to_string()),
    ];
    format!("Entry {{ {} }}", fields.map(|(name, value)| format!("{name}: {value}")).join(", "))
}

fn surfaces(of: &[Surface]) -> String {
    list(of, |on| format!("Surface::{on:?}"))
}

fn groups(of: &[List<Word>]) -> String {
    let word = |of: &Word| format!("Word {{ text: {}, whole: {} }}", borrowed(&of.text), of.whole);
    list(of, |group| list(group, word))
}

fn bytes(bytes: &[u8]) -> String {
    format!("Borrowed(b\"{}\")", bytes.escape_ascii())
}

fn anchor(of: &Anchor) -> String {
    let one = |of: &AnchorUse| {
        let AnchorUse { kind, needs_context, literal, start, end, first, last, extent } = of;
        format!(
            "AnchorUse {{ kind: CandidateKind::{kind:?}, needs_context: {needs_context}, literal: {}, start: {start}, end: {end}, first: {first}, last: {last}, extent: {extent:?} }}",
            bytes(literal)
        )
    };
    format!("Anchor {{ bytes: {}, uses: {} }}", bytes(&of.bytes), list(&of.uses, one))
}

fn rule(of: &Rule) -> String {
    let literal = |of: &Literal| {
        format!(
            "Part::Literal(Literal {{ bytes: {}, marks: {} }})",
            bytes(&of.bytes),
            bytes(&of.marks)
        )
    };
    let part = |of: &Part| match of {
        Part::Literal(of) => literal(of),
        Part::Hole(name) => format!("Part::Hole({})", borrowed(name)),
        Part::Gap => "Part::Gap".into(),
    };
    let form = match &of.form {
        Form::Template(template) => {
            format!("Form::Template(Template {{ parts: {} }})", list(&template.parts, part))
        }
        Form::Name(name) => format!("Form::Name({})", bytes(name)),
        Form::Complaint(of) => format!("Form::Complaint({})", groups(of)),
        Form::Regex(groups) => {
            format!("Form::Regex({})", list(groups, |group| list(group, |literal| bytes(literal))))
        }
    };
    format!(
        "Rule {{ entry: {}, kind: RuleKind::{:?}, scope: Scope::{:?}, text: {}, form: {form} }}",
        of.entry,
        of.kind,
        of.scope,
        borrowed(&of.text)
    )
}
