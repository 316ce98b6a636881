//! The renderer that was asked for, and how wide and colourful it may be here.

use std::env;
use std::ffi::OsStr;
use std::io::{self, IsTerminal as _};

use anyhow::{Result, bail};
use diagnose::redact;
use diagnose::render::Render;
use diagnose::render::field::{self, Field};
use diagnose::render::github::GitHub;
use diagnose::render::human::Human;
use diagnose::render::json::{Json, JsonLines};
use diagnose::render::junit::Junit;
use diagnose::render::line::Line;
use diagnose::render::markdown::Markdown;
use diagnose::render::pages::Pages;
use diagnose::render::rdjson::Rdjson;
use diagnose::render::sarif::Sarif;
use diagnose::render::summary::{Summary, SummaryJson};

use super::args::{Args, Color, Format};
use super::{input, suggest};

/// The renderer for `--format`, or for `--print`.
pub(super) fn renderer(args: &Args) -> Result<Box<dyn Render>> {
    if let Some(path) = &args.print {
        let Some(field) = Field::new(path) else {
            bail!(
                "--print {}: diagnoses have no such field{}; those they have are {}",
                redact::line(path),
                suggest::field(path),
                field::PATHS.join(", ")
            )
        };
        return Ok(Box::new(field));
    }
    Ok(match args.format {
        Format::Human if human(args).name_source => Box::new(Pages::new(human(args))),
        Format::Human => Box::new(human(args)),
        Format::Json => Box::new(Json),
        Format::Jsonl => Box::new(JsonLines),
        Format::Github => Box::new(GitHub::default()),
        Format::Markdown => Box::new(Markdown { all: args.all }),
        Format::Sarif => Box::new(Sarif::default()),
        Format::Junit => Box::new(Junit::default()),
        Format::Rdjson => Box::new(Rdjson::default()),
        Format::Line => Box::new(Line { all: args.all || args.follow }),
        Format::Summary => Box::new(Summary::new(human(args))),
        Format::SummaryJson => Box::new(SummaryJson::default()),
    })
}

/// The human format for this terminal.
pub(super) fn human(args: &Args) -> Human {
    let is_terminal = || {
        if args.passes_through() { io::stderr().is_terminal() } else { io::stdout().is_terminal() }
    };
    Human {
        width: width().unwrap_or(80),
        color: color(args.color, |name| env::var_os(name), is_terminal),
        all: args.all || args.follow,
        name_source: input::are_several(args),
    }
}

/// The columns of the terminal; `COLUMNS` where a script sets it.
fn width() -> Option<usize> {
    let set = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    set.or_else(|| terminal_size::terminal_size().map(|(width, _)| width.0.into()))
}

/// Whether to write colours: `--color` > non-empty `NO_COLOR` > `CLICOLOR_FORCE` neither empty nor
/// 0 > a terminal that is not dumb.
fn color<V: AsRef<OsStr>>(
    when: Color,
    variable: impl Fn(&str) -> Option<V>,
    is_terminal: impl Fn() -> bool,
) -> bool {
    let is = |name: &str, test: fn(&OsStr) -> bool| {
        variable(name).is_some_and(|value| test(value.as_ref()))
    };
    match when {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if is("NO_COLOR", |value| !value.is_empty()) => false,
        Color::Auto if is("CLICOLOR_FORCE", |value| !value.is_empty() && value != "0") => true,
        Color::Auto => is_terminal() && !is("TERM", |value| value == "dumb"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_beats_the_variables_and_they_beat_the_terminal() {
        let decide = |when, variables: &[(&str, &str)], terminal| {
            let value = |name: &str| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
            };
            color(when, value, || terminal)
        };
        let both = [("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")];
        assert!(decide(Color::Always, &both, false) && !decide(Color::Never, &both[1..], true));
        assert!(!decide(Color::Auto, &both, true) && decide(Color::Auto, &both[1..], false));
        let none = [("NO_COLOR", ""), ("CLICOLOR_FORCE", "")];
        assert!(decide(Color::Auto, &none, true) && !decide(Color::Auto, &none, false));
        assert!(!decide(Color::Auto, &[("CLICOLOR_FORCE", "0")], false));
        let dumb = [("TERM", "dumb"), ("CI", "true"), ("CLICOLOR", "1")];
        assert!(!decide(Color::Auto, &dumb, true) && decide(Color::Auto, &dumb[1..], true));
        assert!(decide(Color::Auto, &[("TERM", "dumb"), both[1]], true));
    }
}
