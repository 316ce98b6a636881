//! The inputs: a message, standard input, files, the files below folders, members of archives; each
//! becomes a report, told in the order of the names however many threads read them.

mod archive;
mod examine;
mod paste;
mod queue;
mod unpack;
mod walk;

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Error, Result, anyhow};
use diagnose::{Diagnoser, Report, redact};

use super::args::Args;
use super::output::{self, shown};
use super::progress::{self, Progress};
use examine::{Examiner, Outcome};
use unpack::{Packing, SNIFFED};
use walk::{Files, MAX_LEFT_OUT};

/// Lines about what could not be read below one folder or in one archive; the rest is counted.
const MAX_COMPLAINTS: usize = 20;

/// What is read, and with what.
pub(super) struct Inputs<'a> {
    pub(super) args: &'a Args,
    pub(super) message: &'a [String],
    pub(super) diagnoser: &'a Diagnoser<'a>,
    /// What kept `--tee` from passing the input through. The report comes all the same.
    pub(super) unwritten: RefCell<Option<io::Error>>,
}

/// One thing that the command line names, or that was found below a folder it names.
enum Job<'a> {
    Stdin,
    Named(&'a Path),
    Found(PathBuf),
    /// A line about what the walk could not read.
    Unread(String),
    /// The files below this folder have all been read, but for so many that are hidden or ignored.
    Walked(&'a Path, usize),
}

/// What is told of one input.
#[allow(clippy::large_enum_variant, reason = "nearly all are reports, and none waits")]
pub(super) enum Told<'a> {
    /// It was read, or a part of it.
    Read(Report<'a>),
    /// It could not be read, which has been said.
    Unread,
    /// What the command line names could not be read.
    Failed(Error),
}

impl<'a> Inputs<'a> {
    /// Tells what has come of each input, as they become ready. What fails below a folder or in an
    /// archive is said on standard error.
    pub(super) fn reports(&self, mut tell: impl FnMut(Told<'a>) -> Result<()>) -> Result<()> {
        if !self.message.is_empty() {
            return tell(Told::Read(self.diagnoser.argument(&self.message.join(" "))));
        }
        self.say_what_else_was_meant();
        let reads_stdin =
            self.args.file.is_empty() || self.args.file.iter().any(|file| is_stdin(file));
        let quiet = self.args.tee || (reads_stdin && io::stdin().is_terminal());
        let examiner = Examiner::new(self.args, self.diagnoser);
        let result = progress::with_progress(quiet, self.diagnoser, |progress| {
            let quiet = self.args.is.is_some();
            let mut teller = Teller { progress, quiet, tell: &mut tell, tally: Tally::default() };
            queue::in_order(
                self.jobs(),
                self.args.tee,
                |job, buffer| examiner.open(job, buffer),
                |zip, n| examiner.member(zip, n),
                |outcome, is_last| teller.outcome(outcome, is_last),
            )
        });
        self.unwritten.replace(examiner.write_error());
        result
    }

    fn jobs(&self) -> impl Iterator<Item = Job<'a>> + Send + use<'a> {
        let args = self.args;
        let stdin = args.file.is_empty().then_some(Job::Stdin);
        stdin.into_iter().chain(args.file.iter().flat_map(move |path| {
            let one =
                |job| Box::new(std::iter::once(job)) as Box<dyn Iterator<Item = Job<'a>> + Send>;
            if is_stdin(path) {
                return one(Job::Stdin);
            }
            if !path.is_dir() {
                return one(Job::Named(path));
            }
            let mut files = Some(Files::below(path, args.hidden));
            let mut read = 0;
            Box::new(std::iter::from_fn(move || {
                let Some(file) = files.as_mut()?.next() else {
                    files = None;
                    let left_out = if args.hidden { 0 } else { Files::left_out(path, read) };
                    return Some(Job::Walked(path, left_out));
                };
                read += usize::from(file.is_ok());
                Some(file.map_or_else(Job::Unread, Job::Found))
            }))
        }))
    }

    /// Says that words were read as files, where they could as well be a message or an id.
    fn say_what_else_was_meant(&self) {
        let ambiguous = |path: &&PathBuf| {
            path.to_str().is_some_and(|word| {
                word.contains(' ') || self.diagnoser.catalog().get(word).is_some()
            })
        };
        let word = self.args.file.iter().find(ambiguous).filter(|_| self.args.bare_files);
        if let Some(word) = word {
            output::complain(&format!(
                "`{0}` is read as a file; for the message, use: diagnose -- '{0}'",
                shown(word)
            ));
        }
    }
}

/// What has come of one thing that the command line names: a file, an archive, a folder.
#[derive(Default)]
struct Tally {
    reports: usize,
    complaints: usize,
}

/// Hands on what comes out of the queue.
struct Teller<'p, F> {
    progress: &'p Progress,
    /// Only a status is asked for: nothing is said but what could not be read.
    quiet: bool,
    tell: F,
    tally: Tally,
}

impl<'a, F: FnMut(Told<'a>) -> Result<()>> Teller<'_, F> {
    fn outcome(&mut self, outcome: Outcome<'a>, is_last: bool) -> Result<()> {
        self.progress.clear();
        match outcome {
            Outcome::Read { report, complaint, named } => {
                if let Some(complaint) = complaint {
                    self.complain(&complaint);
                }
                match report {
                    Some(report) => {
                        self.tally.reports += 1;
                        (self.tell)(Told::Read(report))?;
                    }
                    None => (self.tell)(Told::Unread)?,
                }
                let named = named.filter(|_| is_last);
                named.map_or(Ok(()), |name| self.end(&name, "it holds no file"))
            }
            Outcome::Failed(error) => (self.tell)(Told::Failed(error)),
            Outcome::Walked(path, left_out) => {
                let (name, tally) = (shown(&path), &self.tally);
                let more = match left_out {
                    0 => String::new(),
                    1 => "1 hidden or ignored file is left out; --hidden reads it".into(),
                    MAX_LEFT_OUT => format!(
                        "{MAX_LEFT_OUT} or more hidden or ignored files are left out; --hidden reads them"
                    ),
                    n => format!("{n} hidden or ignored files are left out; --hidden reads them"),
                };
                if left_out > 0 && !self.quiet && tally.reports + tally.complaints > 0 {
                    output::complain(&format!("{name}: {more}"));
                }
                let nothing = if left_out > 0 { more } else { "it holds no file".into() };
                self.end(&name, &nothing)
            }
        }
    }

    /// Sums up what the command line names, when all of it has been read.
    fn end(&mut self, name: &str, nothing: &str) -> Result<()> {
        let tally = std::mem::take(&mut self.tally);
        if tally.complaints > MAX_COMPLAINTS {
            let more = tally.complaints - MAX_COMPLAINTS;
            output::complain(&format!("{more} more could not be read in {name}"));
        }
        if tally.reports + tally.complaints > 0 {
            return Ok(());
        }
        (self.tell)(Told::Failed(anyhow!("cannot read {name}: {nothing}")))
    }

    /// Says what could not be read, unless the same folder or archive has had many such lines.
    fn complain(&mut self, text: &str) {
        self.tally.complaints += 1;
        if self.tally.complaints <= MAX_COMPLAINTS {
            output::complain(text);
        }
    }
}

/// Reads words as files or folders where all of them name some, or where one does and all look like
/// paths or like names of logs: one that is misspelt is no message. What stands after `--` is a message.
pub(super) fn with_bare_files(mut args: Args) -> Args {
    let exists = |word: &String| Path::new(word).exists();
    // The word after `--why` is the id of an error, or already belongs to the message.
    let why = args
        .why
        .as_ref()
        .and_then(|why| why.first())
        .filter(|word| exists(word) && is_path_like(word));
    let words: Vec<PathBuf> = why.into_iter().chain(&args.message).map(PathBuf::from).collect();
    let all_exist = args.message.iter().all(exists);
    let misspelt = || {
        args.message.iter().all(|word| is_path_like(word))
            || args.message.iter().any(|word| exists(word) && is_path_like(word))
                && !args.message.iter().any(|word| word.contains(char::is_whitespace))
    };
    let is_message = args.words().count() > args.message.len()
        || words.is_empty()
        || !(all_exist || misspelt())
        || !args.file.is_empty()
        || args.passes_through();
    if !is_message {
        if why.is_some() {
            args.why = Some(Vec::new());
        }
        args.message.clear();
        args.file = words;
        args.bare_files = true;
    }
    args
}

/// Whether a word looks like the path of a file that people diagnose.
fn is_path_like(word: &str) -> bool {
    const EXTENSIONS: &[&str] =
        &["log", "txt", "out", "err", "json", "jsonl", "gz", "zst", "zip", "tgz", "xml"];
    let extension = Path::new(word).extension().and_then(|extension| extension.to_str());
    // `/login` is a command of Claude Code.
    let is_absolute = word.starts_with('/') && word[1..].contains('/');
    let starts = ["./", "../", "~/", ".\\", "..\\"];
    !word.contains(char::is_whitespace)
        && !word.contains("://")
        && (is_absolute
            || extension.is_some_and(|extension| EXTENSIONS.contains(&extension))
            || starts.iter().any(|start| word.len() > start.len() && word.starts_with(start)))
}

/// Whether there may be more than one report, so that pages say which is which.
pub(super) fn are_several(args: &Args) -> bool {
    match args.file.as_slice() {
        [] => false,
        [one] if is_stdin(one) => false,
        [one] => one.is_dir() || is_zip(one),
        _ => true,
    }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// Whether a file is an archive of several. Of a pipe nothing may be read before its time.
fn is_zip(path: &Path) -> bool {
    let mut start = Vec::new();
    path.is_file()
        && File::open(path)
            .and_then(|file| file.take(SNIFFED as u64).read_to_end(&mut start))
            .is_ok_and(|_| Packing::of(&start) == Packing::Zip)
}

/// How a report calls a file. One that is called like another source stays a file.
fn source(path: &Path) -> String {
    let called = path.display().to_string();
    if matches!(called.as_str(), "stdin" | "argument" | "command") {
        format!("./{called}")
    } else {
        called
    }
}

/// One line about an input that cannot be read.
fn unreadable(source: &str, error: impl std::fmt::Display) -> Error {
    anyhow!("cannot read {}: {error}", redact::line(source))
}
