//! reviewdog's `DiagnosticResult`: one document for all inputs, from which reviewdog writes review
//! comments.

use serde_json::{Value, json};

use super::{Render, document, level, plain};
use crate::report::{Diagnosis, Report};

/// The format `rdjson`.
#[derive(Debug, Default)]
pub struct Rdjson {
    diagnostics: Vec<Value>,
}

impl Render for Rdjson {
    fn report(&mut self, report: &Report<'_>) -> String {
        let path = report.name();
        self.diagnostics
            .extend(report.diagnoses.iter().map(|diagnosis| diagnostic(diagnosis, &path)));
        String::new()
    }

    fn end(&mut self) -> String {
        document(
            &json!({"source": {"name": "diagnose"}, "diagnostics": std::mem::take(&mut self.diagnostics)}),
        )
    }
}

fn diagnostic(diagnosis: &Diagnosis<'_>, path: &str) -> Value {
    let place = diagnosis.location;
    let mut code = json!({"value": diagnosis.entry.id});
    if let Some(link) = diagnosis.entry.links.first() {
        code["url"] = json!(link.value);
    }
    json!({
        "message": format!("{}\n{}", plain::head(diagnosis), plain::advice(diagnosis)),
        // Whole lines: reviewdog counts columns in bytes, we count what people see.
        "location": {"path": path, "range": {"start": {"line": place.line}, "end": {"line": place.end_line}}},
        "severity": level(diagnosis.state).to_uppercase(),
        "code": code,
        "original_output": diagnosis.excerpt,
    })
}
