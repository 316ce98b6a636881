//! The end of the input, kept for the hint that is given where nothing was recognised: the last line
//! that looks like an error.

use crate::catalog::Str;
use crate::catalog::provenance_rules::{Provenance, WordList};
use crate::redact;
use crate::text::Clean;

/// The last bytes of a stream.
#[derive(Debug, Default)]
pub(super) struct Tail {
    bytes: Vec<u8>,
}

impl Tail {
    /// Bytes that are kept.
    pub(super) const KEPT: u64 = 16 * 1024;

    /// The tail of these bytes.
    pub(super) fn of(raw: &[u8]) -> Self {
        Self { bytes: raw[raw.len().saturating_sub(Self::KEPT as usize)..].to_vec() }
    }

    /// The last line that looks like an error, with its number.
    pub(super) fn suspect(&self, rules: &Provenance, lines: u64) -> Option<(u64, String)> {
        let signs = rules.words(WordList::Suspect);
        // Most logs of jobs that went well say nothing of the kind. A sign in which the colour changes
        // is lost with them.
        let seen = self.bytes.to_ascii_lowercase();
        let has = |sign: &Str| memchr::memmem::find(&seen, sign.as_bytes()).is_some();
        if !signs.iter().any(has) {
            return None;
        }
        let mut clean = Clean::new(&self.bytes, &rules.prefixes);
        redact::mask_in_place(&mut clean.text);
        redact::mask_cut_secret(&mut clean.text);
        // A line whose beginning is lost may be the end of a secret.
        let cut = usize::from(self.bytes.len() as u64 == Self::KEPT);
        let (index, text) = (cut..clean.lines.len()).rev().find_map(|index| {
            let text = String::from_utf8_lossy(clean.line(index)).to_lowercase();
            signs
                .iter()
                .any(|sign| text.contains(sign.as_ref()))
                .then(|| (index, redact::sanitize(&String::from_utf8_lossy(clean.line(index)))))
        })?;
        let after = memchr::memchr_iter(b'\n', &self.bytes[clean.raw(clean.lines[index].end)..])
            .count() as u64;
        let last = lines + u64::from(self.bytes.ends_with(b"\n"));
        Some((last.saturating_sub(after).max(1), text))
    }
}
