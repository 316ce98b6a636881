//! The inputs: a message, files, standard input; each becomes a report.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use diagnose::{Diagnoser, Report, redact};

use super::args::Args;
use super::clock::Present;
use super::progress;
use super::tee::Tee;

/// What is read, and with what.
pub(super) struct Inputs<'a> {
    pub(super) args: &'a Args,
    pub(super) message: &'a [String],
    pub(super) diagnoser: &'a Diagnoser<'a>,
    /// What kept `--tee` from passing the input through. The report comes all the same.
    pub(super) lost: RefCell<Option<io::Error>>,
}

impl<'a> Inputs<'a> {
    /// One report per input, as they become ready, with the times that they name settled.
    pub(super) fn reports(&'a self) -> Box<dyn Iterator<Item = Result<Report<'a>>> + 'a> {
        let present = Present(self.args.now);
        if !self.message.is_empty() {
            if self.message.iter().all(|word| Path::new(word).is_file()) {
                let (is, the) = if self.message.len() == 1 {
                    ("is", "the file, use -f")
                } else {
                    ("are", "the files, use -f for each")
                };
                super::complain(&redact::line(&format!(
                    "`{}` {is} diagnosed as a message; to read {the}",
                    self.message.join("` `")
                )));
            }
            return Box::new(std::iter::once(Ok(
                present.live(self.diagnoser.argument(&self.message.join(" ")))
            )));
        }
        let stdin = move || self.stdin().map(|report| present.live(report));
        if self.args.file.is_empty() {
            return Box::new(std::iter::once_with(stdin));
        }
        let file = move |path| self.file(path).map(|report| present.file(report, path));
        Box::new(
            self.args
                .file
                .iter()
                .map(move |path| if path == Path::new("-") { stdin() } else { file(path) }),
        )
    }

    fn stdin(&self) -> Result<Report<'a>> {
        let stdin = io::stdin();
        if stdin.is_terminal() {
            super::complain("paste the output, then press Ctrl-D (Ctrl-Z and Enter on Windows)");
            return self.read("stdin", stdin.lock());
        }
        progress::shown(self.args, self.diagnoser, || self.read("stdin", stdin.lock()))
    }

    fn file(&self, path: &Path) -> Result<Report<'a>> {
        let name = super::shown(path);
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
            return self.read(&source, file);
        }
        progress::shown(self.args, self.diagnoser, || {
            self.diagnoser.file(&source, &file).map_err(|error| unreadable(&name, error))
        })
    }

    fn read(&self, name: &str, input: impl Read) -> Result<Report<'a>> {
        let report = if self.args.tee {
            let mut tee = Tee::new(input, io::stdout());
            let report = self.diagnoser.stream(name, &mut tee);
            self.lost.replace(tee.lost().or(self.lost.take()));
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
