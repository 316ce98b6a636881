//! The main road: what is asked for is read, diagnosed, settled and reported.

use std::cell::RefCell;

use anyhow::{Error, Result, anyhow, bail};
use diagnose::render::Render;
use diagnose::{Catalog, Diagnoser};

use super::answer::{answer, wait_seconds};
use super::args::{Args, Format};
use super::exit::Exit;
use super::github::StepFiles;
use super::input::{Inputs, Told};
use super::output::print;
use super::why::WhyRequest;
use super::{catalogs, follow, format, last, lookup, manual, output, status, suggest};

pub(super) fn run(args: &Args) -> Result<Exit> {
    if args.version {
        return lookup::version();
    }
    if let Some(shell) = args.completions {
        return print(&manual::completions(shell)).map(|()| Exit::Found);
    }
    if args.man {
        return print(&manual::page()).map(|()| Exit::Found);
    }
    if let Some(files) = &args.check_catalog {
        return lookup::check_catalog(files, &args.catalog);
    }
    let catalog = catalogs::load(&args.catalog)?;
    if args.list {
        return lookup::list(&catalog, args.format);
    }
    if let Some(id) = &args.explain {
        return lookup::explain(args, &catalog, id);
    }
    if let Some(what) = &args.is {
        suggest::check_is(&catalog, what)?;
    }
    let mut why = WhyRequest::new(args, &catalog)?;
    status::mention_others(args, &catalog, &why.message);
    why.message = status::spelled_out(why.message);
    let mut diagnoser = Diagnoser::new(&catalog);
    if let Some(now) = args.now {
        diagnoser = diagnoser.at(now);
    }
    if args.why.is_some() {
        diagnoser = diagnoser.tracing();
    }
    #[cfg(feature = "run")]
    if args.run.run {
        return super::command::run(args, &diagnoser, |report| {
            report_failure(args, &catalog, report, &why)
        });
    }
    let mut renderer = format::renderer(args)?;
    if args.follow {
        return follow_stdin(args, &diagnoser, &mut *renderer);
    }
    if args.last {
        return last::run(args, &catalog, &diagnoser, &why, &mut *renderer);
    }
    report_inputs(args, &catalog, &diagnoser, &why, &mut *renderer)
}

/// Reports the message, standard input, or each file.
fn report_inputs(
    args: &Args,
    catalog: &Catalog,
    diagnoser: &Diagnoser<'_>,
    why: &WhyRequest,
    renderer: &mut dyn Render,
) -> Result<Exit> {
    let mut step = StepFiles::new(args.format);
    let mut exit = Exit::Nothing;
    let mut failures = Vec::new();
    let mut read = 0;
    // Of several inputs the one that takes the longest.
    let mut longest = None;
    let inputs = Inputs { args, message: &why.message, diagnoser, unwritten: RefCell::default() };
    inputs.reports(|told| {
        let report = match told {
            Told::Read(report) => report.at_least(args.min_confidence),
            // One that cannot be read does not keep the others from being read.
            Told::Unread => {
                renderer.unreadable();
                return Ok(());
            }
            Told::Failed(error) => {
                renderer.unreadable();
                failures.push(error);
                return Ok(());
            }
        };
        read += 1;
        if args.wait_time {
            longest = longest.max(wait_seconds(&report));
            return Ok(());
        }
        if answer(args, renderer, &report)? {
            exit = Exit::Found;
        }
        step.add(&report);
        why.explain(args, catalog, &report)
    })?;
    if let Some(seconds) = longest {
        print(&format!("{seconds}\n"))?;
        exit = Exit::Found;
    }
    if args.is.is_none() && !args.wait_time {
        output::report(args, &renderer.end())?;
        failures.extend(step.finish());
    }
    failures.extend(
        inputs.unwritten.take().map(|error| anyhow!("cannot write to standard output: {error}")),
    );
    all_of(&failures)?;
    if read == 0 {
        exit = Exit::Unread;
    }
    Ok(exit)
}

/// Reports each diagnosis as it comes.
fn follow_stdin(args: &Args, diagnoser: &Diagnoser<'_>, renderer: &mut dyn Render) -> Result<Exit> {
    if !matches!(
        args.format,
        Format::Human | Format::Json | Format::Jsonl | Format::Line | Format::Markdown
    ) {
        bail!(
            "--follow writes as it goes, and this format is written at the end; use human, json, jsonl, line or markdown"
        );
    }
    let mut exit = Exit::Nothing;
    follow::follow(diagnoser, args.tee, |report| {
        let report = report.at_least(args.min_confidence);
        if report.diagnoses.is_empty() {
            return Ok(());
        }
        let text = renderer.report(&report);
        // Pages for people are kept apart.
        let again = std::mem::replace(&mut exit, Exit::Found) == Exit::Found
            && args.format == Format::Human
            && args.print.is_none();
        output::report(args, &if again { format!("\n{text}") } else { text })
    })?;
    Ok(exit)
}

/// Reports why a command under `--run` failed.
#[cfg(feature = "run")]
fn report_failure(
    args: &Args,
    catalog: &Catalog,
    report: &diagnose::Report<'_>,
    why: &WhyRequest,
) -> Result<()> {
    let mut renderer = format::renderer(args)?;
    let mut step = StepFiles::new(args.format);
    // Many commands fail for reasons of their own; that needs no page.
    if args.format == Format::Human && report.diagnoses.is_empty() {
        output::report(
            args,
            "diagnose: the output holds no known error of Claude Code or the Claude API\n",
        )?;
    } else {
        answer(args, &mut *renderer, report)?;
        output::report(args, &renderer.end())?;
    }
    step.add(report);
    why.explain(args, catalog, report)?;
    all_of(&step.finish())
}

/// One failure that tells of all of these, each on its line; none if there are none.
pub(super) fn all_of(failures: &[Error]) -> Result<()> {
    if failures.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = failures.iter().map(|failure| format!("{failure:#}")).collect();
    bail!("{}", lines.join("\ndiagnose: "))
}
