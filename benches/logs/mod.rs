//! Logs for measurements: as varied as those of real jobs, and the same on every machine.
//!
//! `ordinary.txt`, `tempting.txt` and `hits.txt` hold the lines, [`fields`] what varies in them. A
//! log is a row of scenes (a tool at work), each behind its own kind of stamp; hits, tempting lines
//! and colours are strewn in as its [`Recipe`] says.

pub(crate) mod patterns;
pub(crate) mod torture;

mod fields;
mod random;
mod scenes;
mod stamps;

use std::io::{self, Write};

use random::Random;
use stamps::{Clock, Stamp};

pub(crate) const MIB: usize = 1 << 20;

/// What a log is made of; shares are in thousandths of its lines.
#[derive(Clone, Copy, Default)]
pub(crate) struct Recipe {
    /// Errors that must be found.
    pub hits: usize,
    /// An error after each so many bytes, instead.
    pub hit_every: Option<usize>,
    /// Lines that must not be taken for errors.
    pub tempting: usize,
    /// Lines with colours.
    pub coloured: usize,
    /// How the lines are printed.
    pub style: Style,
    /// Where line breaks stand: after every line, or only after so many bytes.
    pub break_every: Option<usize>,
}

/// How the lines of a log are printed.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Style {
    /// As a job of GitHub Actions: each line behind its time.
    #[default]
    GitHub,
    /// Behind the stamps of many loggers and collectors, half of them behind none.
    Mixed,
    /// As a field of a JSON object.
    Json,
}

/// The logs by name, with what is special about each. The ordinary case is what most jobs print
/// today: stamped and coloured.
pub(crate) const RECIPES: &[(&str, Recipe)] = {
    const NONE: Recipe = Recipe {
        hits: 0,
        hit_every: None,
        tempting: 0,
        coloured: 300,
        style: Style::GitHub,
        break_every: None,
    };
    const SPARSE: Recipe = Recipe { hit_every: Some(1024 * MIB / 84), ..NONE };
    const PLAIN: Recipe = Recipe { coloured: 0, style: Style::Mixed, ..SPARSE };
    &[
        ("none", NONE),
        ("sparse", SPARSE),
        ("dense", Recipe { tempting: 50, ..NONE }),
        ("hot", Recipe { hits: 10, ..NONE }),
        ("plain", PLAIN),
        ("json", Recipe { coloured: 0, style: Style::Json, ..SPARSE }),
        ("longline", Recipe { break_every: Some(64 * MIB), ..PLAIN }),
        // For the memory script.
        ("endless", Recipe { break_every: Some(usize::MAX), ..PLAIN }),
        ("errors", Recipe { hits: 1000, hit_every: None, ..PLAIN }),
    ]
};

/// The recipe of this name.
pub(crate) fn recipe(name: &str) -> Option<Recipe> {
    RECIPES.iter().find(|(known, _)| *known == name).map(|&(_, recipe)| recipe)
}

/// A log that goes on for ever.
pub(crate) struct Log {
    recipe: Recipe,
    random: Random,
    clock: Clock,
    ordinary: Vec<scenes::Scene>,
    tempting: Vec<scenes::Scene>,
    hits: Vec<scenes::Scene>,
    /// Index of the scene, its stamp, and how many lines are left of it.
    scene: (usize, Stamp, usize),
    /// Bytes so far.
    pub bytes: usize,
    /// Lines that hold an error so far.
    pub found: usize,
    unbroken: usize,
}

impl Log {
    pub(crate) fn new(recipe: Recipe) -> Self {
        Self {
            recipe,
            random: Random::new(529),
            clock: Clock::default(),
            ordinary: scenes::read(include_str!("ordinary.txt")),
            tempting: scenes::read(include_str!("tempting.txt")),
            hits: scenes::read(include_str!("hits.txt")),
            scene: (0, Stamp::None, 0),
            bytes: 0,
            found: 0,
            unbroken: 0,
        }
    }

    /// Appends the next line.
    pub(crate) fn line(&mut self, out: &mut Vec<u8>) {
        let random = &mut self.random;
        if self.scene.2 == 0 {
            let stamp = match self.recipe.style {
                Style::GitHub => Stamp::GitHub,
                Style::Mixed => *random.pick(Stamp::ALL),
                Style::Json => Stamp::None,
            };
            self.scene = (random.below(self.ordinary.len()), stamp, 8 + random.below(53));
        }
        self.scene.2 -= 1;
        let hit = match self.recipe.hit_every {
            // The first one stands in the middle of its stretch, so that a short log has one too.
            Some(every) => (self.bytes + every / 2) / every > self.found,
            None => random.chance(self.recipe.hits),
        };
        let scene = if hit {
            self.found += 1;
            &self.hits[0]
        } else if random.chance(self.recipe.tempting) {
            &self.tempting[0]
        } else {
            &self.ordinary[self.scene.0]
        };
        let from = out.len();
        let coloured = random.chance(self.recipe.coloured);
        self.clock.stamp(self.scene.1, random, out).expect("a vector takes everything");
        if coloured {
            let mut text = Vec::new();
            scene.print(random, &mut text);
            colour(&text, random, out);
        } else if self.recipe.style == Style::Json {
            let mut text = Vec::new();
            scene.print(random, &mut text);
            self.clock.object(&String::from_utf8_lossy(&text), random, out);
        } else {
            scene.print(random, out);
        }
        self.unbroken += out.len() - from;
        let broken = self.recipe.break_every.is_none_or(|every| self.unbroken >= every);
        out.push(if broken { b'\n' } else { b' ' });
        self.unbroken = if broken { 0 } else { self.unbroken + 1 };
        self.bytes += out.len() - from;
    }

    /// The next `size` bytes or a little more: it ends with a line.
    pub(crate) fn take(&mut self, size: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(size + 1024);
        while out.len() < size {
            self.line(&mut out);
        }
        out
    }

    /// Writes `size` bytes or a little more.
    pub(crate) fn write(&mut self, size: usize, to: &mut impl Write) -> io::Result<()> {
        while self.bytes < size {
            to.write_all(&self.take(MIB.min(size - self.bytes)))?;
        }
        Ok(())
    }
}

/// Paints a line as tools do: all of it, or a few of its words.
fn colour(text: &[u8], random: &mut Random, out: &mut Vec<u8>) {
    const COLOURS: &[&str] = &[
        "\x1b[31m",
        "\x1b[1;32m",
        "\x1b[33m",
        "\x1b[36;1m",
        "\x1b[2m",
        "\x1b[90m",
        "\x1b[38;5;208m",
    ];
    let whole = random.chance(500);
    if whole {
        out.extend_from_slice(random.pick(COLOURS).as_bytes());
    }
    for (n, word) in text.split(|&byte| byte == b' ').enumerate() {
        if n > 0 {
            out.push(b' ');
        }
        let painted = !whole && random.chance(300);
        if painted {
            out.extend_from_slice(random.pick(COLOURS).as_bytes());
        }
        out.extend_from_slice(word);
        if painted {
            out.extend_from_slice(b"\x1b[0m");
        }
    }
    if whole {
        out.extend_from_slice(b"\x1b[0m");
    }
}
