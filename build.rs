//! Bakes the built-in catalog: the TOML files go through the very loader and compiler that the
//! program has for other people's catalogs, and come out as static data that needs no work at run
//! time.

#![allow(
    dead_code,
    unreachable_patterns,
    unused_imports,
    unused_macros,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "the modules are the library's, and are checked there"
)]

use std::borrow::Cow;
use std::path::PathBuf;
use std::{env, fs};

#[path = "src/error.rs"]
mod error;
#[path = "src/search/mod.rs"]
mod search;

/// `src/text` without the decoder, which has its own dependencies.
#[path = "src/text"]
mod text {
    pub mod clean;
    pub mod colour;
    pub mod find;
    pub mod form;
    pub mod layout;
    pub mod piece;
    pub mod prefix;
    pub mod row;
    pub mod skeleton;
    pub mod terminal;
    pub mod token;
    pub mod walker;
    pub use clean::{Clean, Line};
    pub use skeleton::Skeleton;
}

/// `src/catalog` without what needs the rest of the library.
#[path = "src/catalog"]
mod catalog {
    pub mod check;
    mod complaint;
    mod entry;
    mod limits;
    pub mod load;
    pub mod placeholder;
    mod prose;
    pub mod provenance_rules;
    pub mod reason;
    pub mod rule;
    mod surface;
    pub mod template;
    mod vocabulary;
    pub use complaint::{Complaint, Word};
    pub use entry::*;
    pub use surface::*;
    pub(crate) use vocabulary::words;
    pub use vocabulary::*;
}

use catalog::provenance_rules::{Evidence, Provenance, ProvenanceRule, ScreenMark, Speaker, Topic};
use catalog::rule::{Rule, RuleBody, RuleKind};
use catalog::template::{Literal, Template, TemplatePart};
use catalog::{
    Action, Api, Check, Complaint, Entry, Located, Message, Reject, Role, Scope, Section, Source,
    Status, Step, Surface, Word,
};
use search::CandidateKind;
use search::Index;
use search::anchor::{Anchor, AnchorUse};
use search::qgram::{QGram, QGramTable};
use text::form::{self, Branch, Forms, TokenKind, Tree};
use text::prefix::Prefixes;

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
    let mut codes: Vec<(Status, usize)> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        codes.extend(entry.statuses().map(|status| (status, index)));
    }
    let index = search::select(&rules, &codes, &provenance);
    let file = |name: &&str| {
        format!(
            "(\"catalog/{name}.toml\", include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/catalog/{name}.toml\"))),\n"
        )
    };
    let texts: String = FILES.iter().map(file).collect();
    let catalog = [
        format!("pub(crate) static FILES: &[(&str, &str)] = &[\n{texts}];\n"),
        format!("pub(crate) static ENTRIES: &[Entry] = &{};\n", lines(&entries)),
        format!("pub(crate) static RULES: &[Rule] = &{};\n", lines(&rules)),
        format!("pub(crate) static CODES: &[(Status, usize)] = &{};\n", lines(&codes)),
        format!("pub(crate) const PROVENANCE: Provenance = {};\n", provenance.bake()),
    ]
    .concat();
    let baked = format!("pub(super) static BUILTIN: Index = {};\n", index.bake());
    let to = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let files = [
        ("catalog.rs", catalog.as_bytes()),
        ("index.rs", baked.as_bytes()),
        ("filter", index.table.filter.as_ref()),
    ];
    for (name, bytes) in files {
        fs::write(to.join(name), bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

/// An array with one item a line.
fn lines<T: Bake>(items: &[T]) -> String {
    format!("[\n{}]", items.iter().map(|item| item.bake() + ",\n").collect::<String>())
}

/// A value as the Rust expression that makes it.
///
/// `databake` derives the like, but on the types, which are the library's: everybody who builds that
/// would build `databake`, too. And it writes a byte string as an array of numbers.
trait Bake {
    fn bake(&self) -> String;

    fn bake_slice(items: &[Self]) -> String
    where
        Self: Sized,
    {
        format!("&[{}]", items.iter().map(Bake::bake).collect::<Vec<_>>().join(", "))
    }
}

impl Bake for u8 {
    fn bake(&self) -> String {
        self.to_string()
    }

    fn bake_slice(items: &[Self]) -> String {
        format!("b\"{}\"", items.escape_ascii())
    }
}

impl Bake for Cow<'static, str> {
    fn bake(&self) -> String {
        format!("Borrowed({self:?})")
    }
}

impl<T: Bake + Clone> Bake for Cow<'static, [T]> {
    fn bake(&self) -> String {
        format!("Borrowed({})", T::bake_slice(self))
    }
}

impl<T: Bake> Bake for Option<T> {
    fn bake(&self) -> String {
        self.as_ref().map_or("None".into(), |value| format!("Some({})", value.bake()))
    }
}

impl<A: Bake, B: Bake> Bake for (A, B) {
    fn bake(&self) -> String {
        format!("({}, {})", self.0.bake(), self.1.bake())
    }
}

/// What `Debug` prints as an expression.
macro_rules! plain {
    ($($type:ty),*) => { $(
        impl Bake for $type {
            fn bake(&self) -> String {
                format!("{self:?}")
            }
        }
    )* };
}

/// Structs with their fields.
macro_rules! structs {
    ($($type:ident { $($field:ident),* })*) => { $(
        impl Bake for $type {
            fn bake(&self) -> String {
                let fields = [$(format!("{}: {}", stringify!($field), self.$field.bake())),*];
                format!("{} {{ {} }}", stringify!($type), fields.join(", "))
            }
        }
    )* };
}

/// Enums with those variants that hold a value to be baked; `Debug` prints the others.
macro_rules! enums {
    ($($type:path { $($variant:ident),* })*) => { $(
        impl Bake for $type {
            fn bake(&self) -> String {
                let value = match self {
                    $(Self::$variant(value) => {
                        format!("{}({})", stringify!($variant), value.bake())
                    })*
                    other => format!("{other:?}"),
                };
                format!("{}::{value}", stringify!($type))
            }
        }
    )* };
}

plain! { bool, u16, u64, usize, QGram, [u64; 4] }

structs! {
    Anchor { bytes, uses }
    AnchorUse { kind, needs_context, literal, start, end, first, last, extent }
    Branch { part, ends, next, needles }
    Check { ask, means }
    Complaint { text, groups }
    Entry {
        id, section, title, messages, complaints, api, regexes, role, on, answered_by, action, cause,
        steps, checks, links, sources, examples, rejects, file, at
    }
    Forms { empty, first, tree }
    Index { table, anchors }
    Literal { bytes, flags }
    Located { value, at }
    Message { text, scope }
    Prefixes { lists, first, behind, never, bullets, speech, borders }
    Provenance { rules, words, prefixes, quotations, regions, speakers, signs, gutters, lists }
    ProvenanceRule {
        topic, id, forms, goes_on, ends, never, unless, after, names, without, commands, files,
        behind, listed, weak, whole, overrules, speaks, mark, on, examples, rejects, file, at
    }
    Reject { text, is }
    Rule { entry, kind, scope, text, body }
    Step { text, run, powershell, on, then }
    Template { parts }
    Tree { first_bytes, branches }
    Word { text, whole }
}

enums! {
    Action {}
    Api { Type, Status, Class }
    CandidateKind {}
    Evidence {}
    RuleKind {}
    Role {}
    RuleBody { Template, Name, Complaint, Regex }
    Scope {}
    ScreenMark {}
    Section {}
    Source {}
    Speaker {}
    Status {}
    Surface {}
    TemplatePart { Literal, Placeholder }
    TokenKind {}
    Topic {}
    form::FormPart { Literal, Token }
}

impl Bake for QGramTable {
    fn bake(&self) -> String {
        let filter = "Borrowed(include_bytes!(concat!(env!(\"OUT_DIR\"), \"/filter\")))";
        let (buckets, q_grams) = (self.buckets.bake(), self.q_grams.bake());
        format!(
            "QGramTable {{ factor: {}, filter: {filter}, buckets: {buckets}, q_grams: {q_grams} }}",
            self.factor
        )
    }
}
