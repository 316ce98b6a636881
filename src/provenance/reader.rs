//! The reader of a report: which program, service, operating system and kind of machine they use,
//! as far as the signs in the text tell. Advice is chosen by it, and so is the name of who
//! answered.

use std::collections::BTreeMap;
use std::ops::Range;

use super::judge::Judge;
use crate::catalog::{Entry, Group, Section, Surface};
use crate::text::Clean;

/// What is known of the reader.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reader {
    /// The surfaces that the text shows; none of a group of which it shows nothing.
    shown: Vec<Surface>,
    /// The operating system of this machine, for a text that shows none.
    here: Option<Surface>,
    /// The services that the text shows, each with its sign as it may be shown.
    signs: Vec<(Surface, String)>,
}

impl Reader {
    /// Looks for signs in `around`, whole lines of a text; the lines `own` hold the error itself.
    pub(crate) fn of(
        judge: &Judge<'_>,
        clean: &Clean,
        around: Range<usize>,
        own: Range<usize>,
    ) -> Self {
        let rules = judge.rules();
        let rule = |index: &u16| &rules.rules[usize::from(*index)];
        let mut nearby = judge.signs().find(rules, clean, around.clone());
        // A proxy answered this request only if its sign is in the item of the error: another item
        // of the session may be a tool's report of another request.
        let is_proxy = |index: &u16| rule(index).on.contains(&Surface::Proxy);
        if nearby.keys().any(is_proxy) {
            let item = judge.signs().find(rules, clean, item(clean, around, &own));
            nearby.retain(|index, _| !is_proxy(index) || item.contains_key(index));
        }
        let own = judge.signs().find(rules, clean, own);
        let on = |found: &BTreeMap<u16, String>, weak: bool| -> Vec<&[Surface]> {
            let of_strength = found.keys().map(rule).filter(|rule| rule.weak == weak);
            of_strength.map(|rule| rule.on.as_ref()).collect()
        };
        // The error's own lines tell the program; a weak sign counts only where there is no other.
        let program = [on(&own, false), on(&nearby, false), on(&nearby, true)];
        let program = program.iter().map(|found| narrowed(found, Group::Program));
        let mut shown: Vec<Surface> =
            program.into_iter().find(|found| !found.is_empty()).unwrap_or_default();
        let found = [on(&nearby, false), on(&nearby, true)].concat();
        let others = Group::ALL.iter().filter(|group| **group != Group::Program);
        shown.extend(others.flat_map(|group| narrowed(&found, *group)));
        let mut signs = Vec::new();
        for (index, sign) in &nearby {
            let services = rule(index).on.iter().filter(|on| on.group() == Group::Service);
            signs.extend(services.map(|service| (*service, sign.clone())));
        }
        // Of several services the reader deals with the nearest.
        if let Some((nearest, _)) = signs.iter().min_by_key(|(service, _)| *service) {
            shown.retain(|on| on.group() != Group::Service || on == nearest);
        }
        Self { shown, here: Surface::here(), signs }
    }

    /// A reader of whom nothing is known, not even the operating system.
    pub(crate) fn anybody() -> Self {
        Self::default()
    }

    /// Adds what an entry tells by itself: some errors exist only on Bedrock.
    #[must_use]
    pub(crate) fn with(mut self, entry: &Entry) -> Self {
        for group in Group::ALL {
            let in_group = |on: &&Surface| on.group() == group;
            let on: Vec<Surface> = entry.on.iter().filter(in_group).copied().collect();
            if on.is_empty() {
                continue;
            }
            let both = |shown: &&Surface| in_group(shown) && on.contains(shown);
            let known: Vec<Surface> = self.shown.iter().filter(both).copied().collect();
            self.shown.retain(|shown| !in_group(&shown));
            self.shown.extend(if known.is_empty() { on } else { known });
        }
        self
    }

    /// Assumes that the reader uses this surface and no other of its group.
    #[must_use]
    pub(crate) fn using(mut self, surface: Surface) -> Self {
        self.shown.retain(|shown| shown.group() != surface.group());
        self.shown.push(surface);
        self
    }

    /// The surfaces of a group that the reader uses: those that the text shows or, of operating
    /// systems, the one of this machine. If there are none, it may be any.
    fn known(&self, group: Group) -> Vec<Surface> {
        let shown = self.shown.iter().copied().filter(|on| on.group() == group);
        let mut known: Vec<Surface> = shown.collect();
        if known.is_empty() && group == Group::System {
            known.extend(self.here);
        }
        known
    }

    /// Whether advice for these surfaces may be for this reader.
    pub(crate) fn may_use(&self, on: &[Surface]) -> bool {
        Group::ALL.iter().all(|group| {
            let known = self.known(*group);
            let mut wanted = on.iter().filter(|on| on.group() == *group).peekable();
            let met = |on: &Surface| known.iter().any(|known| known.is(*on));
            known.is_empty() || wanted.peek().is_none() || wanted.any(met)
        })
    }

    /// Those of some surfaces of which nobody knows whether the reader uses them.
    pub(crate) fn unsure(&self, on: &[Surface]) -> Vec<Surface> {
        let unsure = |group: Group| {
            let known = self.known(group);
            known.is_empty() || !known.iter().all(|known| on.iter().any(|on| known.is(*on)))
        };
        on.iter().copied().filter(|on| unsure(on.group())).collect()
    }

    /// The service that answered, and the sign of it. Where the entry itself tells, the sign is
    /// `excerpt`, the text in which it was found.
    pub(crate) fn answered_by(&self, entry: &Entry, excerpt: &str) -> Option<(Surface, String)> {
        if let Some(by) = entry.answered_by {
            return Some((by, excerpt.to_owned()));
        }
        // A request that failed on its way was answered by nobody.
        if entry.section == Section::Network || entry.section == Section::Quality {
            return None;
        }
        // Of several services the nearest to the reader.
        self.signs.iter().min_by_key(|(service, _)| *service).cloned()
    }
}

/// The item of the session that holds an error's own lines: from its bullet to before the next one.
fn item(clean: &Clean, around: Range<usize>, own: &Range<usize>) -> Range<usize> {
    if own.is_empty() || around.is_empty() {
        return own.clone();
    }
    let begins = |line: &usize| clean.lines[*line].prefix.bullet;
    let (from, end) = (clean.line_of(around.start), clean.line_of(around.end - 1));
    let (first, last) = (clean.line_of(own.start), clean.line_of(own.end - 1));
    let first = (from..=first).rev().find(begins).unwrap_or(from);
    let last = (last + 1..=end).find(begins).map_or(end, |next| next - 1);
    clean.lines[first].start..clean.lines[last].end
}

/// The surfaces of a group that several signs leave possible: those that all of them show or, if
/// the signs contradict each other, those that any of them shows.
fn narrowed(found: &[&[Surface]], group: Group) -> Vec<Surface> {
    let tells = |on: &&[Surface]| on.iter().any(|on| on.group() == group);
    let found: Vec<&[Surface]> = found.iter().copied().filter(tells).collect();
    let of_group = || Surface::ALL.iter().copied().filter(|on| on.group() == group);
    let all = |surface: &Surface| found.iter().all(|on| on.contains(surface));
    let any = |surface: &Surface| found.iter().any(|on| on.contains(surface));
    if found.is_empty() {
        return Vec::new();
    }
    let common: Vec<Surface> = of_group().filter(all).collect();
    if common.is_empty() { of_group().filter(any).collect() } else { common }
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
}
