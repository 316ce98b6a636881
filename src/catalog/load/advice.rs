//! Reads the steps and checks of an entry.

use toml::de::DeValue;

use super::table::{Fields, collapse_blanks, with_article};
use crate::catalog::entry::{Check, List, Step, Str};
use crate::catalog::prose::Captures;

/// More checks than this nobody makes at two in the morning.
const CHECKS: usize = 2;

/// `steps`: strings, or tables.
pub(super) fn steps(fields: &mut Fields<'_, '_, '_>, captures: Option<&Captures>) -> Vec<Step> {
    let missing = !fields.has("steps");
    let mut steps = Vec::new();
    for (value, at) in fields.array("steps") {
        match value {
            DeValue::String(text) => {
                let text = collapse_blanks(&text);
                fields.check_text("steps", &text, at);
                check_substitutions(fields, captures, &text, at);
                let (text, on) = (text.into(), List::default());
                steps.push(Step { text, run: None, powershell: None, on, then: false });
            }
            DeValue::Table(table) => {
                steps.push(fields.element("steps", (table, at), |fields| step(fields, captures)));
            }
            other => {
                let other = with_article(&other);
                let wanted = "a string or { text, run, powershell, on, then }";
                fields.fault(at, format!("a step must be {wanted}, not {other}"));
            }
        }
    }
    if steps.is_empty() {
        fields.fault(fields.at, if missing { "`steps` is missing" } else { "`steps` is empty" });
    }
    steps
}

/// `check`: tables like those of steps, with what the answers mean.
pub(super) fn checks(fields: &mut Fields<'_, '_, '_>, captures: Option<&Captures>) -> Vec<Check> {
    let checks =
        fields.elements("check", "{ text = '…', run = '…', means = ['…'] }", |fields| {
            let ask = step(fields, captures);
            let means: Vec<Str> =
                fields.texts("means").into_iter().map(|text| text.value).collect();
            if means.is_empty() {
                fields.fault(fields.at, "`means` is missing: what the answers mean");
            }
            Some(Check { ask, means: means.into() })
        });
    if checks.len() > CHECKS {
        fields.fault(fields.at, format!("has {} checks; it may have {CHECKS}", checks.len()));
    }
    checks
}

/// What to do, what to type, and for whom.
fn step(fields: &mut Fields<'_, '_, '_>, captures: Option<&Captures>) -> Step {
    let (text, at) = fields.required("text");
    check_substitutions(fields, captures, &text, at);
    let mut command = |key| {
        let (text, at) = fields.text(key)?;
        check_substitutions(fields, captures, &text, at);
        Some(text)
    };
    let (run, powershell) = (command("run"), command("powershell"));
    Step { text, run, powershell, on: fields.words("on").into(), then: fields.flag("then") }
}

/// Reports each `{name}` that no message captures.
pub(super) fn check_substitutions(
    fields: &mut Fields<'_, '_, '_>,
    captures: Option<&Captures>,
    text: &str,
    at: usize,
) {
    for fault in captures.map_or(Vec::new(), |captures| captures.faults(text)) {
        fields.fault(at, fault);
    }
}
