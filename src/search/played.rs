//! A piece of a log as a terminal shows it, and where in the log its lines are.
//!
//! Where nothing has to be played, a candidate keeps its place to the byte. In lines that are
//! played nobody knows how many bytes a word takes, so that what is found there is looked for in
//! whole lines.

use super::{Candidate, REACH};
use crate::text::terminal;

/// A text as a terminal shows it.
pub(super) struct Played {
    /// The text.
    pub(super) text: Vec<u8>,
    lines: Vec<Line>,
    /// The length of the raw text.
    raw: usize,
}

/// A line of it.
struct Line {
    /// Where it begins in the text.
    start: usize,
    /// Where it begins in the raw text.
    raw: usize,
    /// It is shown as it is.
    plain: bool,
}

impl Played {
    /// Plays a text.
    pub(super) fn new(raw: &[u8]) -> Self {
        let mut played =
            Self { text: Vec::with_capacity(raw.len()), lines: Vec::new(), raw: raw.len() };
        let mut at = 0;
        for line in raw.split_inclusive(|&byte| byte == b'\n') {
            let start = played.text.len();
            let plain = terminal::show(line, &mut played.text);
            played.lines.push(Line { start, raw: at, plain });
            at += line.len();
        }
        played
    }

    /// A candidate's place in the raw text.
    pub(super) fn raw(&self, candidate: Candidate) -> Candidate {
        let Candidate { at, upto, reach, .. } = candidate;
        let around =
            self.line(at.saturating_sub(reach.0.into()))..=self.line(upto + usize::from(reach.1));
        if self.lines[around.clone()].iter().all(|line| line.plain) {
            let Line { start, raw, .. } = self.lines[self.line(at)];
            return Candidate { at: raw + at - start, upto: raw + upto - start, ..candidate };
        }
        // Whole lines, however many bytes they take; what reaches beyond the text has no lines here.
        let after = self.lines.get(around.end() + 1);
        let beyond =
            |reach: u16, within: usize| reach.saturating_sub(within.min(REACH.into()) as u16);
        Candidate {
            at: self.lines[*around.start()].raw,
            upto: after.map_or(self.raw, |line| line.raw),
            reach: (beyond(reach.0, at), beyond(reach.1, self.text.len() - upto)),
            ..candidate
        }
    }

    /// The line of an offset of the text.
    fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|line| line.start <= at).saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Mark;

    #[test]
    fn places_lead_back_into_the_raw_text() {
        let raw = b"one\n\x1b[31mred\x1b[0m\ntwo\nthree\n";
        let played = Played::new(raw);
        assert_eq!(played.text, b"one\nred\ntwo\nthree\n");
        let place = |at, upto, reach| {
            let raw = played.raw(Candidate {
                at,
                upto,
                mark: Mark::Status,
                gated: false,
                reach: (reach, reach),
            });
            (raw.at, raw.upto, raw.reach)
        };
        assert_eq!(place(9, 10, 0), (18, 19, (0, 0)), "in a plain line");
        assert_eq!(place(9, 10, 3), (4, 27, (0, 0)), "beside one that is played");
        assert_eq!(place(5, 6, 0), (4, 17, (0, 0)), "in one that is played");
        assert_eq!(place(6, 9, 0), (4, 21, (0, 0)), "across both");
        assert_eq!(place(5, 6, 100).2, (95, 88), "beyond the text");
    }
}
