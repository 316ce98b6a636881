//! From the text of a catalog file to advice: the steps and checks of an entry, and the surfaces
//! that they are for.

use toml::de::DeValue;

use super::entry::{Check, List, Step, Str};
use super::load::words;
use super::prose::Captures;
use super::surface::Surface;
use super::table::{Fields, article, one_blank};

/// More checks than this nobody makes at two in the morning.
const CHECKS: usize = 2;

/// `steps`: strings, or tables.
pub(super) fn steps(fields: &mut Fields<'_, '_, '_>, captures: Option<&Captures>) -> Vec<Step> {
    let missing = !fields.has("steps");
    let mut steps = Vec::new();
    for value in fields.array("steps") {
        let at = value.span().start;
        match value.into_inner() {
            DeValue::String(text) => {
                let text = one_blank(&text);
                fields.fit("steps", &text, at);
                placeholders(fields, captures, &text, at);
                let on = List::default();
                let text = text.into();
                steps.push(Step { text, run: None, powershell: None, on, then: false });
            }
            DeValue::Table(table) => {
                let name = format!("{}, step", fields.name);
                let mut inner = Fields::new(fields.notes, table, name, at);
                steps.push(step(&mut inner, captures));
                inner.finish("text, run, powershell, on, then");
            }
            other => fields.fault(
                at,
                &format!(
                    "a step must be a string or {{ text, run, powershell, on, then }}, not {}",
                    article(&other)
                ),
            ),
        }
    }
    if steps.is_empty() {
        let at = fields.at;
        fields.fault(at, if missing { "`steps` is missing" } else { "`steps` is empty" });
    }
    steps
}

/// `check`: tables like those of steps, with what the answers mean.
pub(super) fn checks(fields: &mut Fields<'_, '_, '_>, captures: Option<&Captures>) -> Vec<Check> {
    let mut checks = Vec::new();
    for value in fields.array("check") {
        let at = value.span().start;
        let DeValue::Table(table) = value.into_inner() else {
            fields.fault(at, "a check must be a table { text, run, means }");
            continue;
        };
        let mut inner = Fields::new(fields.notes, table, format!("{}, check", fields.name), at);
        let ask = step(&mut inner, captures);
        let means: Vec<Str> = inner.texts("means").into_iter().map(|text| text.value).collect();
        if means.is_empty() {
            inner.fault(at, "`means` is missing: what the answers mean");
        }
        inner.finish("text, run, powershell, on, means");
        checks.push(Check { ask, means: means.into() });
    }
    if checks.len() > CHECKS {
        let at = fields.at;
        fields.fault(at, &format!("has {} checks; it may have {CHECKS}", checks.len()));
    }
    checks
}

/// What to do, what to type, and for whom.
fn step(fields: &mut Fields<'_, '_, '_>, captures: Option<&Captures>) -> Step {
    let (text, text_at) = fields.required("text");
    placeholders(fields, captures, &text, text_at);
    let mut command = |key| {
        let (text, at) = fields.text(key)?;
        placeholders(fields, captures, &text, at);
        Some(text)
    };
    let (run, powershell) = (command("run"), command("powershell"));
    let on = surfaces(fields, "on").into();
    Step { text, run, powershell, on, then: fields.flag("then") }
}

/// A list of surfaces.
pub(super) fn surfaces(fields: &mut Fields<'_, '_, '_>, key: &str) -> Vec<Surface> {
    let mut on = Vec::new();
    for surface in fields.texts(key) {
        match Surface::from_word(&surface.value) {
            Some(known) => on.push(known),
            None => fields.fault(
                surface.at,
                &format!(
                    "`{key}` has `{}`, which is none of {}",
                    surface.value,
                    words(Surface::ALL, Surface::word)
                ),
            ),
        }
    }
    on
}

/// Notes the placeholders that nothing fills in.
pub(super) fn placeholders(
    fields: &mut Fields<'_, '_, '_>,
    captures: Option<&Captures>,
    text: &str,
    at: usize,
) {
    for fault in captures.map_or(Vec::new(), |captures| captures.faults(text)) {
        fields.fault(at, &fault);
    }
}
