//! The front of a text: whether it is an object of JSON, whole or cut, in one pass over it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Deserializer;

use super::record::{Record, Wire, is_speech};

/// What stands at the front of a text that begins with a brace.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Front {
    /// An object of this length in bytes, and what it reports if it is a record of a client.
    Object(usize, Option<Record>),
    /// An object that the end of the text cuts.
    Cut,
    /// No JSON, as the byte at this offset shows.
    Broken(usize),
}

impl Front {
    /// Reads the front of a text. Objects may be nested as deeply as they like: what is no field of a
    /// record is skipped without recursion.
    pub(super) fn of(text: &[u8]) -> Self {
        let mut objects = Deserializer::from_slice(text).into_iter::<Wire<'_>>();
        let error = match objects.next() {
            Some(Ok(wire)) => {
                let length = objects.byte_offset();
                return Self::Object(length, Record::of(text, length, &wire));
            }
            // A field has another type, or stands there twice: an object of another program.
            Some(Err(error)) if error.is_data() => {
                let mut objects = Deserializer::from_slice(text).into_iter::<IgnoredAny>();
                match objects.next() {
                    Some(Err(error)) => error,
                    _ => return Self::Object(objects.byte_offset(), None),
                }
            }
            Some(Err(error)) => error,
            None => return Self::Cut,
        };
        if error.is_eof() {
            return Self::Cut;
        }
        let lines = memchr::memchr_iter(b'\n', text).take(error.line().saturating_sub(1));
        let line = lines.last().map_or(0, |at| at + 1);
        Self::Broken((line + error.column()).saturating_sub(1).min(text.len()))
    }
}

/// Whether a cut object holds the words of the model, of the user or of tools. It may hold a report of
/// the client only if it is a short one.
pub(super) fn is_cut_speech(text: &[u8]) -> bool {
    let mut kind = None;
    // That the text ends too soon is known.
    let _cut = Deserializer::from_slice(text).deserialize_map(Kind(&mut kind));
    kind.is_some_and(|kind| kind == "system" || is_speech(&kind))
}

/// Notes the `type` of an object that need not be whole.
struct Kind<'k>(&'k mut Option<String>);

impl<'de> Visitor<'de> for Kind<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            if key == "type" {
                *self.0 = Some(map.next_value()?);
                break;
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_whole_or_cut_or_none() {
        let of = |text: &str| Front::of(text.as_bytes());
        assert_eq!(of("{\n \"a\": [{}]\n} rest"), Front::Object(14, None));
        assert_eq!(of(r#"{"type":1}{"#), Front::Object(10, None), "a type of another kind");
        assert_eq!(of(r#"{"type":"x","type":"y"}"#), Front::Object(23, None), "twice");
        assert_eq!(of("{\n \"a\": [{}"), Front::Cut);
        assert_eq!(of(r#"{"a": "b"#), Front::Cut);
        assert_eq!(of("{\n \"a\": b"), Front::Broken(8));
        assert_eq!(of("{x"), Front::Broken(1));
        assert_eq!(of(&"{\"a\":".repeat(9_000)), Front::Cut, "however deep");
        let user = r#"{"type":"user","message":{}}"#;
        assert!(matches!(of(user), Front::Object(28, Some(_))));
    }

    #[test]
    fn the_type_of_a_cut_object_is_its_own() {
        let is = |text: &str| is_cut_speech(text.as_bytes());
        assert!(is(r#"{"type":"user","message":{"content":"API"#));
        assert!(is(
            "{\n  \"uuid\": \"x\",\n  \"a\": {\"type\": \"result\"},\n  \"type\": \"assistant\","
        ));
        assert!(!is(r#"{"message":{"type":"assistant","content":["#), "a type further in");
        assert!(!is(r#"{"type":"result","subtype":"#));
    }
}
