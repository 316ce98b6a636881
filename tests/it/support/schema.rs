//! A document held against a JSON schema. Only what the schemas in tests/schemas say; a keyword
//! that is not known here fails, so that nothing is passed over. The crate for this is 70 crates,
//! and minutes to build.

use serde_json::Value;

/// Every fault of a document.
pub(crate) fn faults(root: &Value, document: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    Checker { root }.check(root, document, "$", &mut faults);
    faults
}

struct Checker<'a> {
    root: &'a Value,
}

impl Checker<'_> {
    fn check(&self, schema: &Value, value: &Value, path: &str, faults: &mut Vec<String>) {
        for (keyword, rule) in schema.as_object().expect("a schema is an object") {
            if !self.holds(schema, keyword, rule, value, path, faults) {
                faults.push(format!("{path}: {keyword} {rule}: {value}"));
            }
        }
    }

    /// Whether a keyword allows a value; faults further down are added.
    fn holds(
        &self,
        schema: &Value,
        keyword: &str,
        rule: &Value,
        value: &Value,
        path: &str,
        faults: &mut Vec<String>,
    ) -> bool {
        let passes = |schema: &Value| {
            let mut inner = Vec::new();
            self.check(schema, value, path, &mut inner);
            inner.is_empty()
        };
        let number = |value: &Value| value.as_f64();
        let text = value.as_str();
        match keyword {
            "$schema" | "$id" | "title" | "description" | "default" | "definitions" => true,
            "$ref" => {
                let pointer = rule
                    .as_str()
                    .and_then(|target| target.strip_prefix('#'))
                    .expect("a reference into the schema");
                self.check(self.root.pointer(pointer).expect("a definition"), value, path, faults);
                true
            }
            "type" => match rule.as_str().expect("one type") {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "integer" => value.is_i64() || value.is_u64(),
                "number" => value.is_number(),
                "boolean" => value.is_boolean(),
                other => panic!("type {other}"),
            },
            "properties" => {
                for (name, schema) in rule.as_object().expect("properties") {
                    if let Some(value) = value.get(name) {
                        self.check(schema, value, &format!("{path}.{name}"), faults);
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = |name: &str| schema["properties"].get(name).is_some();
                for (name, value) in
                    value.as_object().into_iter().flatten().filter(|(name, _)| !known(name))
                {
                    match rule {
                        Value::Bool(true) => {}
                        Value::Bool(false) => faults.push(format!("{path}: unknown field {name}")),
                        schema => self.check(schema, value, &format!("{path}.{name}"), faults),
                    }
                }
                true
            }
            "required" => rule
                .as_array()
                .expect("names")
                .iter()
                .all(|name| value.get(name.as_str().expect("a name")).is_some()),
            "items" => {
                for (n, item) in value.as_array().into_iter().flatten().enumerate() {
                    self.check(rule, item, &format!("{path}[{n}]"), faults);
                }
                true
            }
            "minItems" => value
                .as_array()
                .is_none_or(|items| items.len() as u64 >= rule.as_u64().expect("a number")),
            "uniqueItems" => value
                .as_array()
                .is_none_or(|items| (1..items.len()).all(|n| !items[..n].contains(&items[n]))),
            "minimum" => number(value).is_none_or(|value| Some(value) >= number(rule)),
            "maximum" => number(value).is_none_or(|value| Some(value) <= number(rule)),
            "minLength" => text
                .is_none_or(|text| text.chars().count() as u64 >= rule.as_u64().expect("a number")),
            "enum" => rule.as_array().expect("values").contains(value),
            "anyOf" => rule.as_array().expect("schemas").iter().any(passes),
            "oneOf" => {
                rule.as_array().expect("schemas").iter().filter(|schema| passes(schema)).count()
                    == 1
            }
            "pattern" => text.is_none_or(|text| {
                regex::Regex::new(rule.as_str().expect("a pattern"))
                    .expect("a pattern")
                    .is_match(text)
            }),
            "format" => text.is_none_or(|text| match rule.as_str().expect("a format") {
                "uri" => text.contains(':') && is_reference(text),
                "uri-reference" => is_reference(text),
                other => panic!("format {other}"),
            }),
            other => panic!("keyword {other}"),
        }
    }
}

/// Made of what a URI may be made of, with whole escapes.
fn is_reference(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&b);
    let escape =
        |rest: &str| rest.len() >= 2 && rest.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit);
    text.bytes().all(allowed) && text.split('%').skip(1).all(escape)
}
