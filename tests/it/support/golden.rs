//! Comparing with golden files.

use std::fs;

use super::root;

/// The differences between what comes out and what golden files say, collected over several files.
#[derive(Default)]
pub(crate) struct Golden {
    differences: Vec<String>,
}

impl Golden {
    /// Compares a text with a file below `tests/`, or writes the file if `UPDATE_GOLDEN` is set.
    pub(crate) fn compare(&mut self, file: &str, actual: &str) {
        let path = root().join("tests").join(file);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(path.parent().expect("below tests"))
                .expect("the folder can be made");
            fs::write(&path, actual).expect("the file can be written");
            return;
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if expected != actual {
            let first = expected
                .lines()
                .zip(actual.lines())
                .position(|(e, a)| e != a)
                .unwrap_or(expected.lines().count().min(actual.lines().count()));
            let line = |text: &str| text.lines().nth(first).unwrap_or("(end)").to_owned();
            self.differences.push(format!(
                "tests/{file}:{}\n  - {}\n  + {}",
                first + 1,
                line(&expected),
                line(actual)
            ));
        }
    }

    /// Fails with every difference at once.
    pub(crate) fn finish(self) {
        assert!(
            self.differences.is_empty(),
            "{}\nto accept: UPDATE_GOLDEN=1 cargo test",
            self.differences.join("\n")
        );
    }
}
