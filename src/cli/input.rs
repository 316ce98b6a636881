//! The inputs: a message, files, standard input; each becomes a report.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use diagnose::{Diagnoser, Report, redact};

use super::args::Args;
use super::tee::Tee;
use super::{output, progress};

/// What is read, and with what.
pub(super) struct Inputs<'a> {
    pub(super) args: &'a Args,
    pub(super) message: &'a [String],
    pub(super) diagnoser: &'a Diagnoser<'a>,
    /// What kept `--tee` from passing the input through. The report comes all the same.
    pub(super) unwritten: RefCell<Option<io::Error>>,
}

impl<'a> Inputs<'a> {
    /// One report per input, as they become ready.
    pub(super) fn reports(&'a self) -> Box<dyn Iterator<Item = Result<Report<'a>>> + 'a> {
        if !self.message.is_empty() {
            if self.message.iter().all(|word| Path::new(word).is_file()) {
                let (is, the) = if self.message.len() == 1 {
                    ("is", "the file, use -f")
                } else {
                    ("are", "the files, use -f for each")
                };
                output::complain(&redact::line(&format!(
                    "`{}` {is} diagnosed as a message; to read {the}",
                    self.message.join("` `")
                )));
            }
            return Box::new(std::iter::once(Ok(self.diagnoser.argument(&self.message.join(" ")))));
        }
        if self.args.file.is_empty() {
            return Box::new(std::iter::once_with(|| self.stdin()));
        }
        let read =
            |path: &'a PathBuf| if path == Path::new("-") { self.stdin() } else { self.file(path) };
        Box::new(self.args.file.iter().map(read))
    }

    fn stdin(&self) -> Result<Report<'a>> {
        let stdin = io::stdin();
        if stdin.is_terminal() {
            output::complain("paste the output, then press Ctrl-D (Ctrl-Z and Enter on Windows)");
            return self.read("stdin", stdin.lock());
        }
        progress::with_progress(self.args, self.diagnoser, || self.read("stdin", stdin.lock()))
    }

    fn file(&self, path: &Path) -> Result<Report<'a>> {
        let name = output::shown(path);
        if path.is_dir() {
            bail!("cannot read {name}: it is a directory; name the files in it");
        }
        let file = File::open(path).with_context(|| format!("cannot read {name}"))?;
        // A file that is called like another source stays one.
        let called = path.display().to_string();
        let source = if matches!(called.as_str(), "stdin" | "argument" | "command") {
            format!("./{called}")
        } else {
            called
        };
        if self.args.tee {
            let clock = self.diagnoser.clock_of_file(&file);
            let mut report = self.read(&source, file)?;
            report.resolve(&clock);
            return Ok(report);
        }
        progress::with_progress(self.args, self.diagnoser, || {
            self.diagnoser.file(&source, &file).map_err(|error| unreadable(&name, error))
        })
    }

    fn read(&self, name: &str, input: impl Read) -> Result<Report<'a>> {
        let report = if self.args.tee {
            let mut tee = Tee::new(input, io::stdout());
            let report = self.diagnoser.stream(name, &mut tee);
            self.unwritten.replace(tee.write_error().or(self.unwritten.take()));
            report
        } else {
            self.diagnoser.stream(name, input)
        };
        report.map_err(|error| unreadable(&redact::line(name), error))
    }
}

fn unreadable(name: &str, error: diagnose::Error) -> anyhow::Error {
    match error.kind() {
        diagnose::ErrorKind::Read(cause) => anyhow::anyhow!("cannot read {name}: {cause}"),
        _ => error.into(),
    }
}
