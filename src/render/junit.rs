//! The XML of `JUnit`, which every CI system draws as a list of tests: one suite per input, with
//! one test that fails where something was diagnosed.

use std::fmt::Write as _;

use super::{Render, plain};
use crate::report::Report;

/// The format `junit`.
#[derive(Debug, Default)]
pub struct Junit {
    suites: String,
    tests: usize,
    failures: usize,
}

impl Render for Junit {
    fn report(&mut self, report: &Report<'_>) -> String {
        let name = escape(&report.name());
        let failures = usize::from(!report.diagnoses.is_empty());
        self.tests += 1;
        self.failures += failures;
        let out = &mut self.suites;
        let _ = writeln!(
            out,
            "  <testsuite name=\"{name}\" tests=\"1\" failures=\"{failures}\" errors=\"0\" skipped=\"0\">"
        );
        let _ = write!(out, "    <testcase classname=\"diagnose\" name=\"{name}\"");
        match report.diagnoses.first() {
            None => out.push_str("/>\n"),
            Some(primary) => {
                let _ = writeln!(
                    out,
                    ">\n      <failure message=\"{}\" type=\"{}\">",
                    escape(&plain::head(primary)),
                    escape(&primary.entry.id)
                );
                for diagnosis in &report.diagnoses {
                    let _ = writeln!(
                        out,
                        "{} (line {})",
                        escape(&plain::head(diagnosis)),
                        diagnosis.location.line
                    );
                    let _ = writeln!(
                        out,
                        "{}\n{}\n",
                        escape(&diagnosis.excerpt),
                        escape(&plain::advice(diagnosis))
                    );
                }
                out.push_str("</failure>\n    </testcase>\n");
            }
        }
        out.push_str("  </testsuite>\n");
        String::new()
    }

    fn end(&mut self) -> String {
        let Self { suites, tests, failures } = std::mem::take(self);
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"diagnose\" tests=\"{tests}\" failures=\"{failures}\">\n{suites}</testsuites>\n"
        )
    }
}

/// Text for an element or an attribute. What XML 1.0 has no way to write, not even escaped, is
/// replaced.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' | '\t' => out.push(c),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_an_element() {
        assert_eq!(
            escape("]]> <a b='\"'>&amp;\0\x1b\u{fffe}\n"),
            "]]&gt; &lt;a b=&apos;&quot;&apos;&gt;&amp;amp;\u{fffd}\u{fffd}\u{fffd}\n"
        );
    }
}
