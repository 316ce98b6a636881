//! The text files beside this one, read: scenes of lines, each line cut where it varies.

use super::fields;
use super::random::Random;

/// Lines that stand together in a log.
pub(crate) struct Scene(Vec<Line>);

struct Line(Vec<Part>);

enum Part {
    Text(&'static str),
    Field(fn(&mut Random, &mut Vec<u8>)),
}

/// Reads a file of scenes.
pub(crate) fn read(file: &'static str) -> Vec<Scene> {
    let mut scenes = Vec::new();
    for line in
        file.lines().skip_while(|line| !line.starts_with("= ")).filter(|line| !line.is_empty())
    {
        if line.starts_with("= ") {
            scenes.push(Scene(Vec::new()));
        } else if let Some(Scene(lines)) = scenes.last_mut() {
            lines.push(Line::read(line));
        }
    }
    scenes
}

impl Scene {
    /// Prints one of the lines, without a line break.
    pub(crate) fn print(&self, random: &mut Random, out: &mut Vec<u8>) {
        random.pick(&self.0).print(random, out);
    }
}

impl Line {
    /// Braces that hold no known name are text.
    fn read(text: &'static str) -> Self {
        let mut parts = Vec::new();
        let (mut from, mut at) = (0, 0);
        while let Some(open) = text[at..].find('{').map(|n| at + n) {
            at = open + 1;
            let Some(close) = text[at..].find('}').map(|n| at + n) else { break };
            if let Some(fill) = fields::field(&text[at..close]) {
                parts.extend([Part::Text(&text[from..open]), Part::Field(fill)]);
                (from, at) = (close + 1, close + 1);
            }
        }
        parts.push(Part::Text(&text[from..]));
        Self(parts)
    }

    fn print(&self, random: &mut Random, out: &mut Vec<u8>) {
        for part in &self.0 {
            match part {
                Part::Text(text) => out.extend_from_slice(text.as_bytes()),
                Part::Field(fill) => fill(random, out),
            }
        }
    }
}
