//! The API's error object, in whatever language it is printed: JSON, a Python dict, a Ruby hash, an
//! inspected JavaScript object, a Go map, a PHP dump. What differs is punctuation and the words of
//! types; keys and values come in the same order.

use super::Clean;

/// How far before and after an offset the object is looked for, in bytes.
const MAX_DISTANCE: usize = 400;

/// Whether the API's error object, or the inner one of it, is begun at the end of a text:
/// `{"type":"error","error":{…`, `%{"type" => "overloaded_error", "message" => `.
pub(crate) fn begins(before: &[u8]) -> bool {
    let words = keys(&before[before.len().saturating_sub(MAX_DISTANCE)..]);
    let envelope = words.windows(3).any(|words| words == [b"type", &b"error"[..], b"error"]);
    let inner = words
        .last_chunk()
        .is_some_and(|[name, key]: &[&[u8]; 2]| *key == b"message" && name.ends_with(b"_error"));
    envelope || inner
}

/// Whether the texts before and after a place are the API's error object with its envelope: the type
/// of the outer object, or the request's id.
pub(crate) fn in_envelope(before: &[u8], after: &[u8]) -> bool {
    let before = keys(&before[before.len().saturating_sub(MAX_DISTANCE)..]);
    let after = keys(&after[..after.len().min(MAX_DISTANCE)]);
    let is = |pair: &[&[u8]], words: &[&[u8]]| words.windows(2).any(|words| words == pair);
    let id = |words: &[&[u8]]| {
        words.windows(2).any(|pair| pair[0] == b"request_id" && pair[1].starts_with(b"req_"))
    };
    let outer: &[&[u8]] = &[b"type", b"error"];
    (is(outer, &before) && before.contains(&&b"error"[..])) || is(outer, &after) || id(&after)
}

/// Whether a text ends with one of these keys, a sign and perhaps the name of a type, so that the
/// key's value follows.
pub(crate) fn key_before<'t>(before: &'t [u8], is_key: impl Fn(&'t [u8]) -> bool) -> bool {
    /// What languages print as the type of a value.
    const TYPES: &[&[u8]] = &[b"string", b"str", b"text", b"some", b"atom", b"optional"];
    let mut rest = before;
    let mut signed = false;
    loop {
        let sign = rest.iter().rev().take_while(|b| !is_word(**b)).count();
        signed |= rest[rest.len() - sign..].iter().any(|b| b":=>".contains(b));
        rest = &rest[..rest.len() - sign];
        let word = rest.iter().rev().take(64).take_while(|b| is_word(**b)).count();
        let key = &rest[rest.len() - word..];
        let is_type = key.iter().all(u8::is_ascii_digit)
            || TYPES.iter().any(|name| key.eq_ignore_ascii_case(name));
        if sign > 4 || word == 0 || !is_type {
            return sign <= 8 && word > 0 && signed && is_key(key);
        }
        rest = &rest[..rest.len() - word];
    }
}

/// The offsets at which the objects of lists begin, as in a dump of errors:
/// `[{"error":…},{"error":…}]`.
pub(crate) fn starts(clean: &Clean) -> Vec<usize> {
    /// The longest list that is read, in bytes.
    const MAX_LIST: usize = 64 * 1024;
    let mut found = Vec::new();
    let mut end = 0;
    for line in clean.lines.iter().filter(|line| clean.text[line.start..].starts_with(b"[{")) {
        if line.start < end {
            continue;
        }
        let (mut depth, mut string, mut escaped) = (0_i32, false, false);
        for (at, byte) in clean.text[line.start..].iter().take(MAX_LIST).enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = string,
                b'"' => string = !string,
                b'{' if !string && depth == 1 => {
                    found.push(line.start + at);
                    depth += 1;
                }
                b'[' | b'{' if !string => depth += 1,
                b']' | b'}' if !string => depth -= 1,
                _ => {}
            }
            end = line.start + at;
            if depth == 0 {
                break;
            }
        }
    }
    found
}

/// The words of a text that are keys or values of the object.
fn keys(text: &[u8]) -> Vec<&[u8]> {
    let words = text.split(|b| !is_word(*b)).filter(|word| {
        matches!(*word, b"type" | b"error" | b"message" | b"request_id")
            || word.ends_with(b"_error")
            || word.starts_with(b"req_")
    });
    words.collect()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_prints_one_object() {
        for before in [
            r#"{"type":"error","error":{"type":""#,
            r#"{"type" => "error", "error" => {"type" => ""#,
            r#"%{"error" => %{"type" => "overloaded_error", "message" => ""#,
            "{:type=>\"error\", :error=>{:type=>\"",
            "array(2) { [\"type\"]=> string(5) \"error\" [\"error\"]=> array(2) { [\"type\"]=> ",
            "Error { type: \"error\", error: Inner { type: \"",
        ] {
            assert!(begins(before.as_bytes()), "{before}");
        }
        assert!(!begins(br#"{"error":{"message":"x","type":""#), "another vendor's");
        let go = "map[error:map[message:x type:";
        assert!(in_envelope(go.as_bytes(), b"overloaded_error] request_id:req_1 type:error]"));
        assert!(!in_envelope(br#"{"error":{"type":""#, br#"server_error","code":null}}"#));
    }

    #[test]
    fn values_stand_behind_a_key() {
        for before in ["\"type\":", "{:type=>", "[type]=>string(16)", "type=", "type:Some("] {
            assert!(key_before(before.as_bytes(), |key| key == b"type"), "{before}");
        }
        for before in ["the type ", "type", "", "types: 16) "] {
            assert!(!key_before(before.as_bytes(), |key| key == b"type"), "{before}");
        }
    }
}
