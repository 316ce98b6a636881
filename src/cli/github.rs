//! What a step of GitHub Actions leaves behind, beside its annotations: a job summary, and outputs
//! for the steps after it.

use std::collections::hash_map::RandomState;
use std::env;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::hash::{BuildHasher, Hasher};
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Error, Result};
use diagnose::Report;
use diagnose::render::Render as _;
use diagnose::render::github::{output_file, outputs};
use diagnose::render::markdown::Markdown;

use super::args::Format;
use super::output::shown;

/// How much is added to a summary at most, in bytes: GitHub rejects one of more than a mebibyte,
/// and others may have written to it.
const MAX_SUMMARY: usize = 512 * 1024;

/// The files that a step leaves behind, and what is to be written to them. Without GitHub, and in
/// other formats, there are none.
pub(super) struct StepFiles {
    summary: Option<OsString>,
    output: Option<OsString>,
    text: String,
    left_out: usize,
    outputs: Vec<(&'static str, String)>,
}

impl StepFiles {
    pub(super) fn new(format: Format) -> Self {
        let file =
            |name| env::var_os(name).filter(|path| format == Format::Github && !path.is_empty());
        Self {
            summary: file("GITHUB_STEP_SUMMARY"),
            output: file("GITHUB_OUTPUT"),
            text: String::new(),
            left_out: 0,
            outputs: Vec::new(),
        }
    }

    /// Takes a report. Of several inputs the first one with a diagnosis sets the outputs.
    pub(super) fn add(&mut self, report: &Report<'_>) {
        if self.outputs.is_empty() {
            self.outputs = outputs(report);
        }
        if self.summary.is_some() && !report.diagnoses.is_empty() {
            let text = Markdown { all: true }.report(report);
            if self.text.len() + text.len() <= MAX_SUMMARY {
                self.text.push_str(&text);
            } else {
                self.left_out += 1;
            }
        }
    }

    /// Writes; a file that cannot be written does not keep the other from it.
    pub(super) fn finish(mut self) -> Vec<Error> {
        if self.left_out > 0 {
            let _ = writeln!(
                self.text,
                "Not shown, because a summary has a limit: {} more inputs.",
                self.left_out
            );
        }
        let outputs = output_file(&self.outputs, &delimiter());
        let files = [
            ("GITHUB_STEP_SUMMARY", self.summary, self.text),
            ("GITHUB_OUTPUT", self.output, outputs),
        ];
        files
            .into_iter()
            .filter_map(|(name, path, text)| {
                append(name, path.as_ref().map(Path::new)?, &text).err()
            })
            .collect()
    }
}

fn append(name: &str, path: &Path, text: &str) -> Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    let file = OpenOptions::new().create(true).append(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("cannot write to ${name}, {}", shown(path)))
}

/// A line that no value holds, but for a chance of one in 2^128: the standard library seeds every
/// state at random.
fn delimiter() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("diagnose-{:016x}{:016x}", random(), random())
}
