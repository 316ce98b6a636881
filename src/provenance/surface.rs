//! What the reader uses, and who answered, by the signs that the output shows of them. A sign is a
//! piece of structure (the path of a module, the name of a class, a prompt, a header), never a bare
//! word: a folder called `minecraft-bedrock-server` says nothing of Amazon.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Judge;
use super::heads::Heads;
use crate::catalog::provenance::{Provenance, Rule, Topic};
use crate::catalog::{Entry, Group, Section, Str, Surface};
use crate::redact;
use crate::text::Clean;
use crate::text::layout::Layout;

/// No more of a sign is worth showing, in characters.
const SHOWN: usize = 80;

/// What a text shows of who reads it.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    /// What it shows; nothing of a group that it says nothing of.
    shown: Vec<Surface>,
    /// The operating system of this machine, which counts where the text shows none.
    here: Option<Surface>,
    /// Of the services that it shows the sign of each, fit to be shown.
    signs: Vec<(Surface, String)>,
}

impl Reader {
    /// Looks for signs in a part of a text, of which these lines hold the error itself.
    pub(crate) fn of(
        judge: &Judge<'_>,
        clean: &Clean,
        around: Range<usize>,
        own: Range<usize>,
    ) -> Self {
        let rules = judge.rules();
        let rule = |index: &u16| &rules.rules[usize::from(*index)];
        let mut nearby = judge.signs().find(rules, clean, around.clone());
        // What answered another request, of which a tool of the session told, is not in between here.
        let between = |index: &u16| rule(index).on.contains(&Surface::Proxy);
        if nearby.keys().any(between) {
            let item = judge.signs().find(rules, clean, item(clean, around, &own));
            nearby.retain(|index, _| !between(index) || item.contains_key(index));
        }
        let own = judge.signs().find(rules, clean, own);
        let on = |found: &BTreeMap<u16, String>, weak: bool| -> Vec<&[Surface]> {
            let of_strength = found.keys().map(rule).filter(|rule| rule.weak == weak);
            of_strength.map(|rule| rule.on.as_ref()).collect()
        };
        // The program is the one that the error's own lines show; a weak sign counts where there is
        // no other.
        let program = [on(&own, false), on(&nearby, false), on(&nearby, true)];
        let program = program.iter().map(|found| narrowed(found, Group::Program));
        let mut shown: Vec<Surface> =
            program.into_iter().find(|of| !of.is_empty()).unwrap_or_default();
        let found = [on(&nearby, false), on(&nearby, true)].concat();
        let others = Group::ALL.iter().filter(|group| **group != Group::Program);
        shown.extend(others.flat_map(|group| narrowed(&found, *group)));
        let mut signs = Vec::new();
        for (index, sign) in &nearby {
            let services = rule(index).on.iter().filter(|of| of.group() == Group::Service);
            signs.extend(services.map(|of| (*of, sign.clone())));
        }
        // Of several services the reader deals with the nearest.
        if let Some((by, _)) = signs.iter().min_by_key(|(by, _)| *by) {
            shown.retain(|of| of.group() != Group::Service || of == by);
        }
        Self { shown, here: Surface::here(), signs }
    }

    /// A reader of whom nothing is known, not even the machine.
    pub fn anybody() -> Self {
        Self::default()
    }

    /// Takes what an entry says by being there: one that exists only on Bedrock.
    #[must_use]
    pub fn with(mut self, entry: &Entry) -> Self {
        for group in Group::ALL {
            let of = |on: &&Surface| on.group() == group;
            let on: Vec<Surface> = entry.on.iter().filter(of).copied().collect();
            if on.is_empty() {
                continue;
            }
            let both = |shown: &&Surface| of(shown) && on.contains(shown);
            let known: Vec<Surface> = self.shown.iter().filter(both).copied().collect();
            self.shown.retain(|shown| !of(&shown));
            self.shown.extend(if known.is_empty() { on } else { known });
        }
        self
    }

    /// Takes it for granted that the reader uses this.
    #[must_use]
    pub fn using(mut self, surface: Surface) -> Self {
        self.shown.retain(|shown| shown.group() != surface.group());
        self.shown.push(surface);
        self
    }

    /// What is known of a group: what the text shows, else, of the operating system, the one of this
    /// machine. Nothing: it may be any.
    fn known(&self, group: Group) -> Vec<Surface> {
        let shown = self.shown.iter().copied().filter(|of| of.group() == group);
        let mut known: Vec<Surface> = shown.collect();
        if known.is_empty() && group == Group::System {
            known.extend(self.here);
        }
        known
    }

    /// Whether something that is for these surfaces may be for this reader.
    pub fn may_use(&self, on: &[Surface]) -> bool {
        Group::ALL.iter().all(|group| {
            let known = self.known(*group);
            let mut wanted = on.iter().filter(|of| of.group() == *group).peekable();
            let met = |of: &Surface| known.iter().any(|is| is.is(*of));
            known.is_empty() || wanted.peek().is_none() || wanted.any(met)
        })
    }

    /// Of some surfaces those that the reader may or may not use.
    pub fn unsure(&self, on: &[Surface]) -> Vec<Surface> {
        let unsure = |group: Group| {
            let known = self.known(group);
            known.is_empty() || !known.iter().all(|is| on.iter().any(|of| is.is(*of)))
        };
        on.iter().copied().filter(|of| unsure(of.group())).collect()
    }

    /// Who answered, and what says so; `excerpt` is what the entry was found in.
    pub fn answered_by(&self, entry: &Entry, excerpt: &str) -> Option<(Surface, String)> {
        if let Some(by) = entry.answered_by {
            return Some((by, excerpt.to_owned()));
        }
        // On the way to the API nobody answers.
        if entry.section == Section::Network || entry.section == Section::Quality {
            return None;
        }
        // Of several the nearest to the reader.
        self.signs.iter().min_by_key(|(by, _)| *by).cloned()
    }
}

/// The lines that belong to those of an error: from its bullet to the next one.
fn item(clean: &Clean, around: Range<usize>, own: &Range<usize>) -> Range<usize> {
    if own.is_empty() || around.is_empty() {
        return own.clone();
    }
    let begins = |line: &usize| clean.lines[*line].prefix.bullet;
    let (from, upto) = (clean.line_of(around.start), clean.line_of(around.end - 1));
    let (first, last) = (clean.line_of(own.start), clean.line_of(own.end - 1));
    let first = (from..=first).rev().find(begins).unwrap_or(from);
    let last = (last + 1..=upto).find(begins).map_or(upto, |next| next - 1);
    clean.lines[first].start..clean.lines[last].end
}

/// Of a group what several signs leave: what all of them show, or, where they contradict each other,
/// everything.
fn narrowed(found: &[&[Surface]], group: Group) -> Vec<Surface> {
    let tells = |on: &&[Surface]| on.iter().any(|of| of.group() == group);
    let found: Vec<&[Surface]> = found.iter().copied().filter(tells).collect();
    let of_group = || Surface::ALL.iter().copied().filter(|of| of.group() == group);
    let all = |surface: &Surface| found.iter().all(|on| on.contains(surface));
    let any = |surface: &Surface| found.iter().any(|on| on.contains(surface));
    if found.is_empty() {
        return Vec::new();
    }
    let common: Vec<Surface> = of_group().filter(all).collect();
    if common.is_empty() { of_group().filter(any).collect() } else { common }
}

/// The names that show surfaces, ready to be found.
#[derive(Debug)]
pub(crate) struct Signs {
    /// Each with its rule.
    names: Vec<(Str, u16)>,
    heads: Heads,
}

impl Signs {
    /// Takes the names of a catalog.
    pub(super) fn new(rules: &Provenance) -> Self {
        let of_rule = |(index, rule): (u16, &Rule)| {
            rule.names.clone().into_owned().into_iter().map(move |name| (name, index))
        };
        let names: Vec<_> = rules.of(Topic::Surface).flat_map(of_rule).collect();
        let heads = Heads::new(names.iter().map(|(name, _)| name.as_bytes()));
        Self { names, heads }
    }

    /// The rules of which a sign stands in these lines, with what of it may be shown.
    pub(crate) fn find(
        &self,
        rules: &Provenance,
        clean: &Clean,
        lines: Range<usize>,
    ) -> BTreeMap<u16, String> {
        let mut found = BTreeMap::new();
        self.named(&clean.text[lines.clone()], &mut found);
        if lines.is_empty() {
            return found;
        }
        let lists = &rules.prefixes.lists;
        for line in clean.line_of(lines.start)..=clean.line_of(lines.end - 1) {
            // With what stands before its text, and without: a tool's mark is a sign, a stamp is
            // none.
            self.named(clean.prefix(line), &mut found);
            let printed = [clean.prefix(line), clean.line(line)].concat();
            for line in [printed.as_slice(), clean.line(line)] {
                let layout = Layout::new(lists, line);
                layout.whose(&rules.signs, |index| {
                    let never = &rules.rules[usize::from(index)].never;
                    if !Layout::new(lists, line).is(never) {
                        found.entry(index).or_insert_with(|| shown(line));
                    }
                });
            }
        }
        found
    }

    /// Adds the rules of which a name stands in a text.
    fn named(&self, text: &[u8], found: &mut BTreeMap<u16, String>) {
        self.heads.find(text, |at, index| {
            let (name, rule) = (self.names[index].0.as_bytes(), self.names[index].1);
            let (name, begun) = name.strip_suffix(b"*").map_or((name, false), |name| (name, true));
            let span = at..at + name.len();
            if is_word(text, span.clone(), name, begun) {
                let shown = || redact::safe(&String::from_utf8_lossy(whole(text, span)));
                found.entry(rule).or_insert_with(shown);
            }
        });
    }
}

/// A line as far as it is worth showing. It is masked before it is cut: half a secret looks like
/// none.
fn shown(line: &[u8]) -> String {
    let line = String::from_utf8_lossy(&line[..line.len().min(8 * SHOWN)]);
    redact::safe(&line).chars().take(SHOWN).collect()
}

/// Whether a name stands here, not within a longer word, unless it is only the beginning of one.
fn is_word(text: &[u8], span: Range<usize>, name: &[u8], begun: bool) -> bool {
    let word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let before = span.start.checked_sub(1).and_then(|at| text.get(at));
    text.get(span.clone()) == Some(name)
        && !(word(before) && word(name.first()))
        && (begun || !(word(name.last()) && word(text.get(span.end))))
}

/// A name with the rest of its last word, without the key before a value: of `"request_id":"req_`
/// the id.
fn whole(text: &[u8], name: Range<usize>) -> &[u8] {
    let key = text[name.clone()].iter().rposition(|byte| b"\"':>".contains(byte));
    let start =
        key.filter(|key| key + 1 < name.len()).map_or(name.start, |key| name.start + key + 1);
    let part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
    let rest = text[name.end..].iter().take(SHOWN).take_while(part).count();
    let shown = text[start..name.end + rest].trim_ascii();
    shown.strip_suffix(b".").unwrap_or(shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    fn reader(text: &str) -> Reader {
        let catalog = Catalog::builtin();
        let clean = Clean::new(text.as_bytes(), catalog.prefixes());
        let lines = 0..clean.text.len();
        Reader::of(&Judge::new(catalog.provenance()), &clean, lines.clone(), lines)
    }

    /// The reader of an error on one line of a text.
    fn reader_of(text: &str, line: usize) -> Reader {
        let catalog = Catalog::builtin();
        let clean = Clean::new(text.as_bytes(), catalog.prefixes());
        let own = clean.lines[line].start..clean.lines[line].end;
        Reader::of(&Judge::new(catalog.provenance()), &clean, 0..clean.text.len(), own)
    }

    #[test]
    fn the_line_of_the_error_tells_the_program() {
        let session = "⏺ Bash(python ask.py)\n  ⎿  anthropic.RateLimitError: Error code: 429 - {}\n\n⏺ API Error: 529 Overloaded";
        assert!(!reader_of(session, 3).may_use(&[Surface::Sdk]));
        let program = "anthropic.RateLimitError: Error code: 429 - {}\n● API Error: 529 Overloaded";
        assert!(!reader_of(program, 0).may_use(&[Surface::Cli]));
    }

    #[test]
    fn a_weak_sign_counts_alone() {
        let body = "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}";
        assert!(!reader_of(body, 0).may_use(&[Surface::Cli]));
        let wrapped = format!("  ⎿  API Error: 529\n     {body}");
        assert!(!reader_of(&wrapped, 1).may_use(&[Surface::Sdk]));
    }

    #[test]
    fn what_a_tool_met_is_not_in_between() {
        let session = "⏺ Bash(curl -sI shop.example)\n  ⎿  cf-ray: 9f2a7b5c1d2e3f40-FRA\n\n⏺ API Error: 529 Overloaded";
        assert!(reader_of(session, 3).may_use(&[Surface::Bedrock]));
        let page = "API Error: 502\n<html>\n<center>nginx/1.24.0</center>";
        assert!(!reader_of(page, 0).may_use(&[Surface::Bedrock]));
    }

    #[test]
    fn what_is_shown_hides_what_is_for_others() {
        let python =
            reader("  File \"/app/.venv/lib/python3.12/site-packages/anthropic/_client.py\"");
        assert!(python.may_use(&[Surface::Sdk]) && !python.may_use(&[Surface::Cli]));
        assert!(python.may_use(&[Surface::Bedrock]), "nothing is shown of the service");
        let nothing = reader("502 Bad Gateway");
        assert!(nothing.may_use(&[Surface::Sdk]) && nothing.may_use(&[Surface::Cli]));
        assert_eq!(nothing.unsure(&[Surface::Cli, Surface::Ide]).len(), 2);
        assert!(python.unsure(&[Surface::Sdk]).is_empty());
    }

    #[test]
    fn contradicting_signs_leave_both() {
        let both = "API Error: 529 Overloaded\nanthropic.RateLimitError: Error code: 429";
        assert!(reader(both).may_use(&[Surface::Sdk]) && reader(both).may_use(&[Surface::Cli]));
    }

    #[test]
    fn a_prompt_tells_the_system() {
        let windows = reader("PS C:\\Users\\me> claude");
        assert!(windows.may_use(&[Surface::Windows]) && !windows.may_use(&[Surface::Linux]));
    }

    #[test]
    fn names_are_whole_words() {
        let is = |text: &[u8]| is_word(text, 3..11, b"APIError", false);
        assert!(is(b"a: APIError: y"));
        assert!(!is(b"an APIErrors") && !is(b"an1APIError"));
        assert!(is_word(b"an APIErrors", 3..11, b"APIError", true));
    }

    #[test]
    fn a_sign_is_shown_as_a_whole_word() {
        assert_eq!(whole(br#"{"request_id":"req_011C"}"#, 2..19), b"req_011C");
        assert_eq!(whole(b"check Amazon Bedrock.", 6..20), b"Amazon Bedrock");
        assert_eq!(whole(b"cf-ray: 12", 0..6), b"cf-ray");
        assert_eq!(whole(b"<center>nginx/1.2</center>", 0..13), b"nginx");
    }
}
