//! The regular expressions of wordings and statuses: they are asked whether they match at one
//! place, never to search.
//!
//! So they need no literal searcher, no lazy automaton and no second automaton for the way back.
//! Without these, two expressions compiled in 0.41 million instructions instead of 0.90; a run with
//! one message had 3.7 million in all.

use regex_automata::meta::{BuildError, Config, Regex};
use regex_automata::nfa::thompson::WhichCaptures;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};

/// A compiled expression.
#[derive(Clone, Debug)]
pub(super) struct Engine {
    regex: Regex,
    longest: usize,
}

impl Engine {
    /// Compiles an expression over bytes with the flags that hold everywhere: ASCII semantics, any
    /// byte for a dot, bounded size. No match is longer than `longest` bytes: further no place is
    /// looked at, and what is short is matched by a faster automaton.
    pub(super) fn new(source: &str, longest: usize) -> Result<Self, Box<BuildError>> {
        let config = Config::new()
            .auto_prefilter(false)
            .hybrid(false)
            .utf8_empty(false)
            .which_captures(WhichCaptures::All)
            .nfa_size_limit(Some(1 << 20));
        let syntax = syntax::Config::new().unicode(false).utf8(false).dot_matches_new_line(true);
        Ok(Self {
            regex: Regex::builder()
                .configure(config)
                .syntax(syntax)
                .build(source)
                .map_err(Box::new)?,
            longest,
        })
    }

    /// Where the whole and its groups lie in a match that begins at `at`.
    pub(super) fn at(&self, text: &[u8], at: usize) -> Option<Vec<(usize, usize)>> {
        let upto = text.len().min(at + self.longest);
        let input = Input::new(text).range(at..upto).anchored(Anchored::Yes);
        let mut captures = self.regex.create_captures();
        self.regex.search_captures(&input, &mut captures);
        captures.is_match().then(|| {
            captures.iter().map(|span| span.map_or((0, 0), |span| (span.start, span.end))).collect()
        })
    }
}
