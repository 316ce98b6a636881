//! `--why`: explains the verdict, or why one error is not it.

use anyhow::{Result, bail};
use diagnose::render::why;
use diagnose::{Catalog, Report, redact};

use super::args::{Args, Format};
use super::{output, suggest};

/// What `--why` asks for, told apart from the message: the word after it may belong to either.
pub(super) struct WhyRequest {
    /// The error that is asked about; without one, the verdict is.
    id: Option<String>,
    /// The words of the message.
    pub(super) message: Vec<String>,
}

impl WhyRequest {
    pub(super) fn new(args: &Args, catalog: &Catalog) -> Result<Self> {
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
                suggest::id(catalog, word)
            );
        }
        if args.why.is_some() && args.format != Format::Human {
            bail!("--why explains in words; leave out --format");
        }
        Ok(Self { id, message: first.into_iter().chain(args.words()).collect() })
    }

    /// Prints the explanation of a report, if there is to be one.
    pub(super) fn explain(
        &self,
        args: &Args,
        catalog: &Catalog,
        report: &Report<'_>,
    ) -> Result<()> {
        if args.why.is_none() {
            return Ok(());
        }
        let text = self
            .id
            .as_ref()
            .map_or_else(|| why::verdict(report, catalog), |id| why::entry(report, catalog, id));
        output::report(args, &format!("\n{text}"))
    }
}
