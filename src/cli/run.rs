//! What the arguments ask for, done: the only place that touches the environment and the standard
//! streams.

use std::cell::RefCell;
use std::env;
use std::io::{self, IsTerminal, Write as _};
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use diagnose::catalog::{Entry, Section};
use diagnose::render::field::{self, Field};
use diagnose::render::github::GitHub;
use diagnose::render::human::Human;
use diagnose::render::json::{Json, JsonLines};
use diagnose::render::junit::Junit;
use diagnose::render::markdown::Markdown;
use diagnose::render::rdjson::Rdjson;
use diagnose::render::sarif::Sarif;
use diagnose::render::{Render, reference, why};
use diagnose::{Catalog, Diagnoser, Report, redact};

use super::args::{Args, Color, Format};
use super::clock::Present;
use super::github::Step;
use super::input::Inputs;
use super::tee::pass;
use super::{Outcome, catalogs, command, manual, wait};

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    if args.version {
        return version();
    }
    if let Some(shell) = args.completions {
        return print(&manual::completions(shell)).map(|()| Outcome::Found);
    }
    if args.man {
        return print(&manual::page()).map(|()| Outcome::Found);
    }
    if let Some(files) = &args.check_catalog {
        return check_catalog(files, &args.catalog);
    }
    let catalog = catalogs::load(&args.catalog)?;
    if args.list {
        return list(&catalog, args.format);
    }
    if let Some(id) = &args.explain {
        let Some(entry) = catalog.get(id) else {
            bail!(
                "no error has the id `{}`{}; --list names them all",
                redact::line(id),
                suggestion(&catalog, id)
            )
        };
        return explain(args, &catalog, entry);
    }
    if let Some(what) = &args.is {
        known(&catalog, what)?;
    }
    let why = Why::new(args, &catalog)?;
    let diagnoser = if args.why.is_some() {
        Diagnoser::new(&catalog).tracing()
    } else {
        Diagnoser::new(&catalog)
    };
    if args.run {
        return command::run(args, &diagnoser, |report| one(args, &catalog, report, &why));
    }
    let mut render = render(args)?;
    if args.follow {
        return follow(args, &diagnoser, &mut *render);
    }
    let mut step = Step::new(args.format);
    let mut outcome = Outcome::Nothing;
    let mut failures = Vec::new();
    // Of several inputs the one that takes the longest.
    let mut longest = None;
    let inputs =
        Inputs { args, message: &why.message, diagnoser: &diagnoser, lost: RefCell::default() };
    for report in inputs.reports() {
        match report.map(|report| report.at_least(args.min_confidence)) {
            Ok(report) if args.wait_time => longest = longest.max(wait::seconds(&report)),
            Ok(report) => {
                if deliver(args, &mut *render, &report)? {
                    outcome = Outcome::Found;
                }
                step.add(&report);
                why.explain(args, &catalog, &report)?;
            }
            // One unreadable file does not keep the others from being read.
            Err(error) => failures.push(format!("{error:#}")),
        }
    }
    if let Some(seconds) = longest {
        print(&format!("{seconds}\n"))?;
        outcome = Outcome::Found;
    }
    if args.is.is_none() && !args.wait_time {
        tell(args, &render.end())?;
        failures.extend(step.finish().into_iter().map(|error| format!("{error:#}")));
    }
    failures.extend(
        inputs.lost.take().map(|error| format!("cannot write to standard output: {error}")),
    );
    if !failures.is_empty() {
        bail!("{}", failures.join("\ndiagnose: "));
    }
    Ok(outcome)
}

/// What `--why` asks for. Its value is the id of an error; any other word after it is the message.
struct Why {
    id: Option<String>,
    message: Vec<String>,
}

impl Why {
    fn new(args: &Args, catalog: &Catalog) -> Result<Self> {
        let value = args.why.as_ref().and_then(|values| values.first().cloned());
        let id = value.clone().filter(|word| catalog.get(word).is_some());
        let first = value.filter(|_| id.is_none());
        // A message has blanks, or is no word that looks like a misspelt id.
        let misspelt = |word: &str| {
            word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
                && catalog.nearest(word).is_some()
        };
        if let Some(word) = first
            .as_ref()
            .filter(|word| !args.file.is_empty() || args.passes_through() || misspelt(word))
        {
            bail!(
                "--why {}: no error has this id{}",
                redact::line(word),
                suggestion(catalog, word)
            );
        }
        if args.why.is_some() && args.format != Format::Human {
            bail!("--why explains in words; leave out --format");
        }
        Ok(Self { id, message: first.into_iter().chain(args.words()).collect() })
    }

    fn explain(&self, args: &Args, catalog: &Catalog, report: &Report<'_>) -> Result<()> {
        if args.why.is_none() {
            return Ok(());
        }
        let text = self
            .id
            .as_ref()
            .map_or_else(|| why::verdict(report, catalog), |id| why::entry(report, catalog, id));
        tell(args, &format!("\n{text}"))
    }
}

/// Reports each diagnosis as it comes.
fn follow(args: &Args, diagnoser: &Diagnoser<'_>, render: &mut dyn Render) -> Result<Outcome> {
    if !matches!(args.format, Format::Human | Format::Json | Format::Jsonl | Format::Markdown) {
        bail!(
            "--follow writes as it goes, and this format is written at the end; use human, json, jsonl or markdown"
        );
    }
    let mut outcome = Outcome::Nothing;
    super::follow::follow(diagnoser, args.tee, |report| {
        let report = Present(args.now).live(report).at_least(args.min_confidence);
        if report.diagnoses.is_empty() {
            return Ok(());
        }
        let text = render.report(&report);
        // Pages for people are kept apart.
        let again = std::mem::replace(&mut outcome, Outcome::Found) == Outcome::Found
            && args.format == Format::Human
            && args.print.is_none();
        tell(args, &if again { format!("\n{text}") } else { text })
    })?;
    Ok(outcome)
}

/// The report of a command that failed: with `--run` there is but one.
fn one(args: &Args, catalog: &Catalog, report: &Report<'_>, why: &Why) -> Result<()> {
    let mut render = render(args)?;
    let mut step = Step::new(args.format);
    // Many commands fail for reasons of their own; that needs no page.
    if args.format == Format::Human && report.diagnoses.is_empty() {
        tell(args, "diagnose: the output holds no known error of Claude Code or the Claude API\n")?;
    } else {
        deliver(args, &mut *render, report)?;
        tell(args, &render.end())?;
    }
    step.add(report);
    why.explain(args, catalog, report)?;
    match step.finish().pop() {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// Prints a report, or answers `--is` or `--wait-time`; returns whether that counts as found.
fn deliver(args: &Args, render: &mut dyn Render, report: &Report<'_>) -> Result<bool> {
    if let Some(what) = &args.is {
        return Ok(report.diagnoses.first().is_some_and(|primary| {
            let retryable = what == "retryable" && primary.retry.is_retryable();
            retryable || primary.section().word() == what || primary.entry.id == *what
        }));
    }
    if args.wait_time {
        let Some(seconds) = wait::seconds(report) else { return Ok(false) };
        print(&format!("{seconds}\n"))?;
        return Ok(true);
    }
    tell(args, &render.report(report))?;
    Ok(!report.diagnoses.is_empty())
}

/// The format that was asked for.
fn render(args: &Args) -> Result<Box<dyn Render>> {
    if let Some(path) = &args.print {
        let Some(field) = Field::new(path) else {
            bail!(
                "--print {}: diagnoses have no such field; those they have are {}",
                redact::line(path),
                field::PATHS.join(", ")
            )
        };
        return Ok(Box::new(field));
    }
    Ok(match args.format {
        Format::Human => Box::new(human(args)),
        Format::Json => Box::new(Json),
        Format::Jsonl => Box::new(JsonLines),
        Format::Github => Box::new(GitHub::default()),
        Format::Markdown => Box::new(Markdown { all: args.all }),
        Format::Sarif => Box::new(Sarif::default()),
        Format::Junit => Box::new(Junit::default()),
        Format::Rdjson => Box::new(Rdjson::default()),
    })
}

/// Whether `--is` asks for something that exists: a typo must not read as "no".
fn known(catalog: &Catalog, what: &str) -> Result<()> {
    if what == "retryable" || Section::from_word(what).is_some() || catalog.get(what).is_some() {
        return Ok(());
    }
    bail!(
        "--is {}: not a section, not `retryable`, and no error has this id{}",
        redact::line(what),
        suggestion(catalog, what)
    )
}

/// What became of an id that no error has: who disabled it, or which one was meant.
fn suggestion(catalog: &Catalog, id: &str) -> String {
    let disabled = catalog.disabled(id).map(|by| format!(" (it is disabled by {by})"));
    disabled
        .or_else(|| catalog.nearest(id).map(|other| format!(" (did you mean `{other}`?)")))
        .unwrap_or_default()
}

fn list(catalog: &Catalog, format: Format) -> Result<Outcome> {
    let text = match format {
        Format::Human => reference::lines(catalog),
        Format::Json | Format::Jsonl => catalog
            .by_section()
            .map(|entry| reference::line(catalog, entry).to_string() + "\n")
            .collect(),
        Format::Markdown => reference::list(catalog),
        _ => bail!("--list has no such format; use human, json, jsonl or markdown"),
    };
    print(&text)?;
    Ok(Outcome::Found)
}

fn explain(args: &Args, catalog: &Catalog, entry: &Entry) -> Result<Outcome> {
    let text = match args.format {
        Format::Human => human(args).entry(catalog, entry),
        Format::Json | Format::Jsonl => format!("{}\n", reference::object(catalog, entry)),
        Format::Markdown => reference::page(catalog, entry),
        _ => bail!("--explain has no such format; use human, json, jsonl or markdown"),
    };
    print(&text)?;
    Ok(Outcome::Found)
}

fn check_catalog(files: &[PathBuf], below: &[PathBuf]) -> Result<Outcome> {
    let (errors, rules) = catalogs::check(files, below)?;
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let rules = if rules > 0 { format!(", {}", count(rules, "rule")) } else { String::new() };
    print(&format!("{}{rules}, no fault\n", count(errors, "error")))?;
    Ok(Outcome::Found)
}

fn version() -> Result<Outcome> {
    print(&format!(
        "diagnose {} (catalog {}, {} errors)\n",
        env!("CARGO_PKG_VERSION"),
        Catalog::VERSION,
        Catalog::builtin().entries().len()
    ))?;
    Ok(Outcome::Found)
}

fn human(args: &Args) -> Human {
    let width = terminal_width().unwrap_or(80);
    Human {
        width,
        color: color(args),
        all: args.all || args.follow,
        name_source: args.file.len() > 1,
    }
}

/// The terminal's width; `COLUMNS` where a script sets it.
fn terminal_width() -> Option<usize> {
    let set = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    set.or_else(|| terminal_size::terminal_size().map(|(width, _)| width.0.into()))
}

/// `--color` > non-empty `NO_COLOR` > `CLICOLOR_FORCE` > a terminal that is not dumb.
fn color(args: &Args) -> bool {
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let terminal = || {
        if args.passes_through() { io::stderr().is_terminal() } else { io::stdout().is_terminal() }
    };
    match args.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if set("NO_COLOR") => false,
        Color::Auto
            if env::var_os("CLICOLOR_FORCE")
                .is_some_and(|value| !value.is_empty() && value != "0") =>
        {
            true
        }
        Color::Auto => terminal() && env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}

/// Prints what is reported about an input.
fn tell(args: &Args, text: &str) -> Result<()> {
    if args.passes_through() {
        pass(text.as_bytes(), &mut io::stderr()).context("cannot write to standard error")
    } else {
        print(text)
    }
}

fn print(text: &str) -> Result<()> {
    io::stdout().lock().write_all(text.as_bytes()).context("cannot write to standard output")
}
