//! Command lines on a shell's screen: what follows `cat notes.md` is the text of a file.

use crate::catalog::Str;
use crate::catalog::provenance_rules::{Provenance, ProvenanceRule, WordList};

/// How far into a line, in bytes, the sign of a prompt is looked for.
const PROMPT: usize = 80;

/// The command on the line of a prompt: `$ cat x`, `user@host:~/x$ cat x`, `PS C:\x> type x`.
pub(super) fn command(line: &[u8]) -> Option<&[u8]> {
    let sign = line.iter().take(PROMPT).position(|b| b"$%>#".contains(b))?;
    let (prompt, rest) = (&line[..sign], line[sign + 1..].strip_prefix(b" ")?);
    let of_shell = prompt.contains(&b'@') && !prompt.contains(&b' ')
        || prompt.starts_with(b"PS ")
        || prompt.iter().all(|b| b"~/.".contains(b) || b.is_ascii_alphanumeric())
            && prompt.iter().any(|b| b"~/".contains(b));
    (prompt.is_empty() && line[sign] != b'#' || of_shell).then(|| rest.trim_ascii_start())
}

/// Whether a command only shows files: it begins with a command of the rule, the others of its
/// pipeline only pass on what they read, and one of its words names such a file.
pub(super) fn shows_files(rules: &Provenance, rule: &ProvenanceRule, command: &[u8]) -> bool {
    let is = |part: &[u8], name: &Str| {
        part.strip_prefix(name.as_bytes()).is_some_and(|rest| matches!(rest, [] | [b' ', ..]))
    };
    let parts = command.split(|b| b"|;&".contains(b)).map(<[u8]>::trim_ascii);
    let mut parts = parts.filter(|part| !part.is_empty());
    let shows = |part: &[u8]| rule.commands.iter().any(|name| is(part, name));
    let passes = |part: &[u8]| rules.words(WordList::Filter).iter().any(|name| is(part, name));
    let only = parts.next().is_some_and(shows) && parts.all(|part| shows(part) || passes(part));
    let is_file = |word: &[u8]| {
        let word = word.trim_ascii_end();
        let word = word.strip_suffix(b"'").or(word.strip_suffix(b"\"")).unwrap_or(word);
        rule.files.iter().any(|file| match file.strip_suffix('/') {
            Some(_) if file.starts_with('/') => {
                memchr::memmem::find(word, file.as_bytes()).is_some()
            }
            Some(_) => word.starts_with(file.as_bytes()),
            None => word.ends_with(file.as_bytes()),
        })
    };
    only && (rule.files.is_empty() || command.split(|b| *b == b' ').any(is_file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_stand_behind_prompts() {
        for line in ["$ ls", "bob@pc:~/x$ ls", "PS C:\\x> ls", "~/src% ls", "root@pc:/# ls"] {
            assert_eq!(command(line.as_bytes()), Some(b"ls".as_slice()), "{line}");
        }
        for line in ["# a title", "it costs $ 5", "a > b", "ls", "$x = 1"] {
            assert_eq!(command(line.as_bytes()), None, "{line}");
        }
    }
}
