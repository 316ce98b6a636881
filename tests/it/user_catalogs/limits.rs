//! Limits: no catalog costs much time or memory, and what is within the limits compiles.

use super::{entry, faults, with};
use crate::support::Folder;

#[test]
fn hostile_catalogs_are_refused() {
    let folder = Folder::new();
    let many: String = (0..10_000)
        .map(|n| {
            entry(&format!("e-{n}"), &format!("this is message {n}"), "").replace("API Error: ", "")
        })
        .collect();
    let few: String = many.split_inclusive("\n\n").take(5001).collect();
    let regex = |source: &str| entry("x", "a message", &format!("regex = ['{source}']"));
    let holes = (0..7).map(|n| format!("word{n} <n> ")).collect::<Vec<_>>().concat();
    for (name, text, what) in [
        ("large", "x".repeat(2 << 20), ":1: is larger than 1024 KiB"),
        ("entries", few, "more than 5000 rules"),
        (
            "message",
            entry("x", &"word ".repeat(100_000), ""),
            ":5: error `x`: `messages` has 499999 bytes; it may have 2000",
        ),
        ("holes", entry("x", &holes, ""), "varies in more than 6 places"),
        ("bomb", regex("(a{1000}){1000}"), "is too large"),
        ("open", regex("(((((x{99}){99}){99}){99}){99})"), "is too large"),
        ("nested", format!("a = {}", "[".repeat(100_000)), ":1: not TOML"),
        ("dotted", format!("a{} = 1", ".a".repeat(100_000)), ":1: not TOML"),
        ("blocks", "[[error]]\n".repeat(100_000), "more than 100 faults"),
        ("nul", "a = \"\0\"".into(), ":1: not TOML"),
        ("commands", entry("x", "a message", "links = ['::error::x']"), "command to GitHub"),
        ("hidden", entry("x", "a message", "links = ['a\u{202e}b']"), "U+202E"),
        (
            "empty",
            entry("x", "a message", "")
                .replace("messages = [\"a message\"]", "api = [{ type = '---' }]"),
            "which must have three letters",
        ),
    ] {
        let file = folder.write(&format!("{name}.toml"), text);
        let run = with(&[&file], &["API Error: 529 Overloaded"]);
        let (lines, _) = faults(&run);
        let wanted: Vec<_> = lines.iter().filter(|fault| fault.contains(what)).collect();
        assert!(
            wanted.len() == 1 && lines.len() <= 130 && wanted[0].starts_with(&file),
            "{name}: {}",
            &run.stderr[..run.stderr.len().min(500)]
        );
        assert!(run.stderr.len() < 100_000 && !run.stderr.contains(['\u{1b}', '\u{202e}', '\0']));
    }
    let file = folder.write("bytes.toml", b"a = 1\nb = \"\xff\"\n");
    assert!(faults(&with(&[&file], &["x"])).0[0].ends_with("bytes.toml:2: is not UTF-8"));
}

#[test]
fn what_has_too_many_anchors_is_a_fault() {
    let folder = Folder::new();
    let messages: Vec<String> = (0_u16..400)
        .map(|n| (char::from(b'a' + (n / 26) as u8), char::from(b'a' + (n % 26) as u8)))
        .map(|(one, two)| format!("\"{one}{two}dog\""))
        .collect();
    let file = folder.write(
        "short.toml",
        entry("x", "placeholder", "")
            .replace("[\"placeholder\"]", &format!("[{}]", messages.join(", "))),
    );
    let run = with(&[&file], &["x"]);
    let (lines, _) = faults(&run);
    assert!(
        lines[0]
            .contains("more than 30000 alternatives and short messages in all catalogs together"),
        "{}",
        run.stderr
    );
}

#[test]
fn everything_within_the_limits_compiles() {
    let odd =
        (33..127).step_by(2).map(|byte| format!("\\x{byte:02x}")).collect::<Vec<_>>().concat();
    for source in [
        "abcdef(?:x?y?){1000}".to_owned(),
        "a.{2900}".into(),
        "abcdef(?:[^q].?){1000}".into(),
        format!("abcdef[{odd}]{{450}}"),
        "(?:(a)|(b)){599}".into(),
    ] {
        assert_eq!(diagnose::internals::check_regex(&source), Ok(()), "{source}");
    }
    // Messages are compiled when they are first met; one that could not be would end the program.
    let folder = Folder::new();
    for hole in ["<url>", "<host>", "<resets>", "<id>", "<duration>", "..."] {
        let message: String =
            (0..6).map(|n| format!("abcdef{n} {hole} ")).chain(["end".to_owned()]).collect();
        let file = folder.write("holes.toml", entry("x", &message, ""));
        let run = with(&[&file], &["API Error: abcdef0 1 abcdef1 2 abcdef2"]);
        assert!(run.status < 2, "{hole}: {}", run.stderr);
    }
}
