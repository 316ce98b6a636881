//! `--last`: the last failure in Claude Code's own transcripts. They are only read; the newest come
//! first, and a file that was last changed before the failure at hand cannot hold a later one.

mod folders;
mod lines;
mod record;
mod search;
mod transcript;

use std::env;
use std::io;
use std::path::Path;

use anyhow::{Result, bail};
use diagnose::render::Render;
use diagnose::{Catalog, Diagnoser};

use super::answer::answer;
use super::args::{Args, Format};
use super::exit::Exit;
use super::github::StepFiles;
use super::output::{self, complain, print, shown};
use super::run::all_of;
use super::why::WhyRequest;
use search::Search;

/// Reports the last failure.
pub(super) fn run(
    args: &Args,
    catalog: &Catalog,
    diagnoser: &Diagnoser<'_>,
    why: &WhyRequest,
    renderer: &mut dyn Render,
) -> Result<Exit> {
    let Some(projects) = folders::projects() else {
        bail!("no home folder; set CLAUDE_CONFIG_DIR to Claude Code's configuration");
    };
    let (place, projects) = places(args, &projects)?;
    let mut files = Vec::new();
    let mut unreadable = 0;
    let mut told = |path: &Path, error: &io::Error| {
        complain(&format!("cannot read {}: {error}; skipped", shown(path)));
        unreadable += 1;
    };
    for project in &projects {
        folders::transcripts(project, &mut files, &mut told);
    }
    let mut search = Search::new(diagnoser, args.min_confidence);
    search.run(files, &mut told);
    let read = search.read();
    if read == 0 && unreadable > 0 {
        bail!("no transcript in {place} can be read");
    }
    let report = if let Some(report) = search.report() {
        report
    } else {
        let files = if read == 1 { "transcript" } else { "transcripts" };
        let nothing = format!("no failure in {read} {files} in {place}");
        if args.format == Format::Human && args.print.is_none() && args.is.is_none() {
            if !args.wait_time {
                print(&format!("{nothing}\n"))?;
                return Ok(Exit::Nothing);
            }
        } else if args.is.is_none() {
            complain(&nothing);
        }
        diagnoser.stream(&place, io::empty())?
    };
    let mut exit = Exit::Nothing;
    if answer(args, renderer, &report)? {
        exit = Exit::Found;
    }
    if args.is.is_none() && !args.wait_time {
        output::report(args, &renderer.end())?;
        why.explain(args, catalog, &report)?;
        let mut step = StepFiles::new(args.format);
        step.add(&report);
        all_of(&step.finish())?;
    }
    Ok(exit)
}

/// Where to look, in words and as folders.
fn places(args: &Args, projects: &Path) -> Result<(String, Vec<std::path::PathBuf>)> {
    let place = shown(projects);
    let all = match folders::all_projects(projects) {
        Ok(all) => all,
        Err(error) => bail!(
            "cannot read Claude Code's transcripts in {place}: {error}; CLAUDE_CONFIG_DIR says where they are"
        ),
    };
    if args.all_projects {
        return Ok((place, all));
    }
    let folder = env::current_dir()?;
    // The shell's name of the folder, where links lead to it.
    let named = env::var_os("PWD").map(std::path::PathBuf::from);
    let project =
        folders::project_of(projects, &folder).or_else(|| folders::project_of(projects, &named?));
    let Some(project) = project else {
        bail!(
            "no transcripts of {} in {place}; use --all-projects to look at those of every project",
            shown(&folder)
        );
    };
    Ok((shown(&project), vec![project]))
}
