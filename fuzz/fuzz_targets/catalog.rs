//! Any text may be called a catalog: it is taken, or refused with every fault named by file and
//! line. What was taken can be checked and used.
#![no_main]

use diagnose::{Catalog, Diagnoser, ErrorKind, lint};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut catalog = Catalog::default();
    match catalog.add("fuzz.toml", text) {
        Err(error) => {
            let ErrorKind::Catalog(problems) = error.kind() else { panic!("{error}") };
            assert!(!problems.is_empty(), "refused without a reason");
            let lines = text.lines().count().max(1);
            for problem in problems {
                assert!(problem.file == "fuzz.toml" && (1..=lines + 1).contains(&problem.line), "{problem}, in {lines} lines");
            }
            assert!(catalog.entries().is_empty(), "refused, yet something was added");
        }
        Ok(()) => {
            for problem in lint::check(&catalog) {
                assert!(problem.line >= 1, "{problem}");
            }
            let _ = Diagnoser::new(&catalog).argument(text);
        }
    }
});
