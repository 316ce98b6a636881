//! The human format for several inputs: a page for each that holds an error, a line for each that
//! does not, and at the end how many there were of either.

use super::human::Human;
use super::{Render, grouped, inputs};
use crate::report::Report;

/// The format `human` for several inputs.
#[derive(Clone, Copy, Debug)]
pub struct Pages {
    page: Human,
    diagnosed: u64,
    nothing: u64,
    unreadable: u64,
    /// The last thing written was a page, from which the next one and the rest are kept apart.
    after_page: bool,
}

impl Pages {
    /// Pages that look like this one, and name their inputs.
    pub fn new(page: Human) -> Self {
        let page = Human { name_source: true, ..page };
        Self { page, diagnosed: 0, nothing: 0, unreadable: 0, after_page: false }
    }
}

impl Render for Pages {
    fn report(&mut self, report: &Report<'_>) -> String {
        let page = !report.diagnoses.is_empty();
        let first = self.diagnosed + self.nothing == 0;
        let apart = if !first && (page || self.after_page) { "\n" } else { "" };
        self.after_page = page;
        if page {
            self.diagnosed += 1;
            format!("{apart}{}", self.page.report(report))
        } else {
            self.nothing += 1;
            let empty = if report.bytes == 0 { "the input is empty" } else { "nothing recognised" };
            format!("{apart}{}: {empty}\n", report.name())
        }
    }

    fn unreadable(&mut self) {
        self.unreadable += 1;
    }

    fn end(&mut self) -> String {
        let all = self.diagnosed + self.nothing + self.unreadable;
        if all < 2 {
            return String::new();
        }
        let mut parts = vec![format!("{} diagnosed", grouped(self.diagnosed))];
        for (count, what) in
            [(self.nothing, "without a known error"), (self.unreadable, "unreadable")]
        {
            if count > 0 {
                parts.push(format!("{} {what}", grouped(count)));
            }
        }
        format!("\n{}: {}\n", inputs(all), parts.join(", "))
    }
}
