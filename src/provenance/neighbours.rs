//! Who is named around a finding. A message that other programs print too counts only beside the
//! name of Claude, or of something through which Claude is called, and not beside another vendor's.

use std::ops::Range;

use super::context::Context;
use super::document::{LINE_BYTES, NEAR_BYTES};
use super::vendor::{Mention, SpeakerSet};
use crate::catalog::provenance_rules::{ScreenMark, Speaker, Topic, WordList};
use crate::matching::{Finding, RuleKind};
use crate::text::layout::Layout;

/// How far from a line, in lines to either side, a vendor's name counts.
const NEAR_LINES: usize = 150;
/// How far above an answer, in lines, the address may stand that was asked.
const REQUEST_LINES: usize = 12;
/// The same distance in bytes of the input: the search does not look further from an address
/// either.
const REQUEST_BYTES: usize = 3 * 1024;

impl Context<'_> {
    /// The speaker that a form before a finding tells, and the index of the rule that has the form.
    pub(super) fn speaker_before(&self, finding: &Finding) -> Option<(u16, Speaker)> {
        let rules = self.rules();
        let before = self.before(finding);
        // Behind a class stands whose it is: `litellm.RateLimitError: XaiException - `.
        let class = finding.kind == RuleKind::Class;
        let line = self.clean.lines[self.clean.line_of(finding.start)];
        let end = if class { line.end.min(finding.end + LINE_BYTES) } else { finding.end };
        let text = &self.clean.text[finding.start - before.len()..end.max(finding.start)];
        let lists = &rules.prefixes.lists;
        let unit = || &self.clean.text[self.unit_span(finding.start)];
        let in_unit = |name: &[u8]| memchr::memmem::find(unit(), name).is_some();
        let mut first: Option<u16> = None;
        let mut note = |layout: &Layout<'_>, is_head: bool| {
            layout.whose(&rules.speakers, |index| {
                let rule = &rules.rules[usize::from(index)];
                let sooner = first.is_none_or(|known| index < known);
                let speaks = !is_head || rule.mark == Some(ScreenMark::Tool);
                let speaks = speaks && !layout.is(&rule.never);
                if sooner && speaks && !rule.without.iter().any(|name| in_unit(name.as_bytes())) {
                    first = Some(index);
                }
            });
        };
        note(&Layout::new(lists, text), false);
        // Who begins a block with a tool's mark speaks to its end.
        let head = self.block_head(finding.start).unwrap_or_default();
        note(&Layout::new(lists, &head[..head.len().min(LINE_BYTES)]), true);
        first.and_then(|index| Some((index, rules.rules[usize::from(index)].speaks?)))
    }

    /// Whether a number is what the API answered: its address stands in the block, or shortly
    /// before without an answer of its own, or the line says so in words:
    /// `Claude API returned 529`.
    pub(super) fn answered_by_api(&self, line: usize, finding: &Finding) -> bool {
        let lists = &self.rules().prefixes.lists;
        let before = Layout::new(lists, self.before(finding));
        let end = self.clean.lines[line].end;
        let after = &self.clean.text[finding.end.min(end)..end.min(finding.end + LINE_BYTES)];
        let goes_on = matches!(after, [b' ', b'a'..=b'z', ..]);
        let after = Layout::new(lists, after);
        if self.speakers_in_block(line).endpoint {
            return true;
        }
        self.rules().of(Topic::Endpoint).any(|(_, rule)| {
            let follows_request = || self.follows_request(line);
            !goes_on && before.is(&rule.forms)
                || after.is(&rule.ends)
                || !goes_on && before.is(&rule.goes_on) && follows_request()
        })
    }

    /// Whether the last address of the API on a line or shortly above it has had no answer yet: no
    /// number from 200 to 299 stands on its own line.
    pub(super) fn follows_request(&self, line: usize) -> bool {
        let first = line.saturating_sub(REQUEST_LINES);
        let span = self.clean.lines[first].start..self.clean.lines[line].end;
        let here = self.clean.raw(self.clean.lines[line].start);
        let close = |at: usize| self.clean.raw(at).abs_diff(here) <= REQUEST_BYTES;
        let requests = self
            .mentions_within(self.clean.lines[line].start, &span)
            .filter(|mention| mention.endpoint && close(mention.at));
        requests.last().is_some_and(|request| {
            let text = self.clean.line(self.clean.line_of(request.at));
            let success = |word: &[u8]| {
                matches!(word, [b'2', a, b] if a.is_ascii_digit() && b.is_ascii_digit())
            };
            !text.split(|byte| !byte.is_ascii_alphanumeric()).any(success)
        })
    }

    /// Whether another vendor is named before a finding on its line, in the line prefix included.
    pub(super) fn other_vendor_before(&self, finding: &Finding) -> bool {
        let mut other = false;
        let mut note = |mention: Mention| other |= mention.speaker == Speaker::Other;
        self.vendors().find(self.before(finding), &mut note);
        self.vendors().find(self.clean.prefix(self.clean.line_of(finding.start)), &mut note);
        other
    }

    /// Whether Claude is named near a line.
    pub(super) fn claude_near(&self, line: usize) -> bool {
        self.around.claude || self.speakers_near(line).has(Speaker::Claude)
    }

    /// Whether Claude is named in the block of a line.
    pub(super) fn claude_in_block(&self, line: usize) -> bool {
        self.speakers_in_block(line).has(Speaker::Claude)
    }

    /// Whether the block of a line names something through which Claude is called, and nothing near
    /// it another vendor.
    pub(super) fn caller_in_block(&self, line: usize) -> bool {
        let named = self.around.caller || self.speakers_in_block(line).has(Speaker::Caller);
        named && !self.speakers_near(line).has(Speaker::Other)
    }

    /// Whether a line names, around an offset, a host that is not on the way to Claude:
    /// `Could not resolve host: registry.example.org`.
    pub(super) fn names_other_host(&self, line: usize, at: usize) -> bool {
        let rules = self.rules();
        let line = self.clean.lines[line];
        let span = line.start.max(at.saturating_sub(LINE_BYTES))..line.end.min(at + LINE_BYTES);
        let text = String::from_utf8_lossy(&self.clean.text[span]);
        let mut endpoint = false;
        self.vendors().find(text.as_bytes(), |mention| endpoint |= mention.endpoint);
        let mut hosts = rules.words(WordList::Host).iter().flat_map(|before| {
            text.match_indices(before.as_ref()).map(|(at, word)| &text[at + word.len()..])
        });
        !endpoint
            && hosts.any(|rest| {
                let part = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
                let host = rest.split(|c| !part(c)).next().unwrap_or_default().to_ascii_lowercase();
                let is_name = host.rsplit_once('.').is_some_and(|(_, end)| {
                    end.len() >= 2 && end.bytes().all(|b| b.is_ascii_alphabetic())
                });
                is_name
                    && !rules.words(WordList::Relay).iter().any(|own| host.contains(own.as_ref()))
            })
    }

    /// Who is named in the unit with which a line begins.
    pub(super) fn speakers_in_block(&self, line: usize) -> SpeakerSet {
        let at = self.clean.lines[line].start;
        let mut speakers = SpeakerSet::default();
        if self.around.claude {
            speakers.add(Speaker::Claude);
        }
        speakers.extend(self.mentions_within(at, &self.unit_span(at)));
        speakers
    }

    /// Who is named near a line.
    fn speakers_near(&self, line: usize) -> SpeakerSet {
        let lines = &self.clean.lines;
        let (first, last) =
            (line.saturating_sub(NEAR_LINES), (line + NEAR_LINES).min(lines.len() - 1));
        let mut speakers = SpeakerSet::default();
        let span = lines[first].start..lines[last].end;
        speakers.extend(self.mentions_within(lines[line].start, &span));
        speakers
    }

    /// The mentions in a span of the text that are near an offset.
    fn mentions_within<'s>(
        &'s self,
        at: usize,
        span: &Range<usize>,
    ) -> impl Iterator<Item = Mention> + use<'s> {
        let (mentions, end, here) = (self.mentions(), span.end, self.clean.raw(at));
        let first = mentions.partition_point(|mention| mention.at < span.start);
        let within = mentions[first..].iter().take_while(move |mention| mention.at < end);
        let near =
            move |mention: &&Mention| self.clean.raw(mention.at).abs_diff(here) <= NEAR_BYTES;
        within.filter(near).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;
    use crate::provenance::judge::Judge;
    use crate::text::Clean;

    #[test]
    fn hosts_that_are_not_on_the_way_to_claude() {
        let catalog = Catalog::builtin();
        let judge = Judge::new(catalog.provenance());
        for (line, other) in [
            ("curl: (6) Could not resolve host: registry.example.org", true),
            ("curl: (7) Failed to connect to intranet.example.com port 443", true),
            ("curl: (6) Could not resolve host: claude-gateway.corp.internal", false),
            ("connect ECONNREFUSED 127.0.0.1:443", false),
            ("request to https://api.anthropic.com/v1/messages failed", false),
            ("request to https://relay.example.org/v1/messages failed", false),
        ] {
            let clean = Clean::new(line.as_bytes(), catalog.prefixes());
            let context = Context::new(&judge, &clean, false, false);
            assert_eq!(context.names_other_host(0, 0), other, "{line}");
        }
    }
}
