//! What the integration tests share: running the binary, and comparing with golden files.

#![allow(dead_code, unreachable_pub, reason = "each test binary uses its part")]

pub mod clients;
#[cfg(unix)]
pub mod runner;
pub mod schema;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run of the binary gave.
pub struct Run {
    pub stdout: String,
    pub stderr: String,
    pub status: i32,
}

/// Runs the binary with arguments and standard input, in a clean environment.
pub fn diagnose(args: &[&str], stdin: &[u8]) -> Run {
    diagnose_in(&[], args, stdin)
}

/// The same with variables in the environment.
pub fn diagnose_in(env: &[(&str, &str)], args: &[&str], stdin: &[u8]) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_diagnose"))
        .args(args)
        .env_clear()
        .env("COLUMNS", "80")
        .envs(env.iter().copied())
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    // A run that does not read its input closes it early; that is no failure of the test.
    let _ = child.stdin.take().expect("piped").write_all(stdin);
    let output = child.wait_with_output().expect("the binary ends");
    Run {
        stdout: String::from_utf8(output.stdout).expect("output is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("messages are UTF-8"),
        status: output.status.code().expect("no signal"),
    }
}

/// A folder of its own for each test, gone when the test is over.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("diagnose-test-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("temporary folder");
        Self(path)
    }

    /// Writes a file and returns its path.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("folder");
        fs::write(&path, text).expect("written");
        path.display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The folder of the package.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files compared so far, and how they differ.
#[derive(Default)]
pub struct Golden {
    differences: Vec<String>,
}

impl Golden {
    /// Compares a text with a file below `tests/`, or writes the file if `UPDATE_GOLDEN` is set.
    pub fn compare(&mut self, file: &str, actual: &str) {
        let path: PathBuf = root().join("tests").join(file);
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
    pub fn finish(self) {
        assert!(
            self.differences.is_empty(),
            "{}\nto accept: UPDATE_GOLDEN=1 cargo test",
            self.differences.join("\n")
        );
    }
}
