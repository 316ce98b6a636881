//! What the integration tests share: the built-in catalog, running the binary, folders, and the
//! tools of the machine.

pub(crate) mod clients;
pub(crate) mod golden;
#[cfg(unix)]
pub(crate) mod runner;
pub(crate) mod schema;

use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use diagnose::{Catalog, Diagnoser};
use proptest::test_runner::Config;

/// The built-in catalog.
pub(crate) static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::builtin);
/// A diagnoser of the built-in catalog. It compiles a message when it first meets it, so that tests
/// that share one compile each message once. It is always the same moment.
pub(crate) static DIAGNOSER: LazyLock<Diagnoser<'static>> = LazyLock::new(|| {
    Diagnoser::new(&CATALOG).at("2026-11-20T12:00:00Z".parse().expect("a timestamp"))
});

/// The examples of the built-in catalog.
pub(crate) fn examples() -> Vec<&'static str> {
    let examples = CATALOG.entries().iter().flat_map(|entry| entry.examples.iter());
    examples.map(|example| example.value.as_ref()).collect()
}

/// Whether this is the long run, in which nothing is left out: `PROPTEST_CASES` is set.
pub(crate) fn is_long_run() -> bool {
    env::var_os("PROPTEST_CASES").is_some()
}

/// The configuration of a property test: how many inputs it is tried on, unless `PROPTEST_CASES`
/// says how many. What fails is put into a test of its own rather than into a file of seeds, which
/// mean something else as soon as the generator changes.
pub(crate) fn cases(default: u32) -> Config {
    let asked = env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    Config { cases: asked.unwrap_or(default), failure_persistence: None, ..Config::default() }
}

/// The folder of the package.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the package.
pub(crate) fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// What a run of the binary gave.
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) status: i32,
}

/// Runs the binary with arguments and standard input, in a clean environment.
pub(crate) fn diagnose(args: &[&str], stdin: &[u8]) -> Run {
    diagnose_in(&[], args, stdin)
}

/// Runs the binary with variables in its environment.
pub(crate) fn diagnose_in(env: &[(&str, &str)], args: &[&str], stdin: &[u8]) -> Run {
    let output = fed(command(args).envs(env.iter().copied()), stdin);
    Run {
        stdout: String::from_utf8(output.stdout).expect("output is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("messages are UTF-8"),
        status: output.status.code().expect("no signal"),
    }
}

/// The binary with arguments, in the folder of the package, its streams piped. Of the environment it
/// has the path alone: no catalog, colour, or zone of whoever runs the tests.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_diagnose"));
    command
        .args(args)
        .env_clear()
        .envs(env::var_os("PATH").map(|path| ("PATH", path)))
        .env("COLUMNS", "80")
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs a command to its end with this standard input.
pub(crate) fn fed(command: &mut Command, stdin: &[u8]) -> Output {
    feed(command.spawn().expect("it starts"), stdin)
}

/// Writes the standard input of a process and waits for its end. Writing has a thread of its own:
/// whoever reads and writes at the same time must be fed and read at the same time. A process that
/// does not read closes its input early, which is no failure.
pub(crate) fn feed(mut child: Child, stdin: &[u8]) -> Output {
    let mut input = child.stdin.take().expect("piped");
    thread::scope(|scope| {
        scope.spawn(move || drop(input.write_all(stdin)));
        child.wait_with_output().expect("it ends")
    })
}

/// A folder of its own for a test, removed when the value is dropped.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("diagnose-test-{}-{count}", std::process::id()));
        fs::create_dir_all(&path).expect("temporary folder");
        Self(path)
    }

    /// Writes a file and returns its path.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("folder");
        fs::write(&path, text).expect("written");
        path.display().to_string()
    }

    /// Reads a file, which may be missing.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_default()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Whether whoever runs the tests has us, and so the programs that we start, ignore a signal:
/// `nohup` does, and a shell for what runs in the background. The test says that it is skipped.
#[cfg(unix)]
pub(crate) fn is_ignored(signal: &str) -> bool {
    let number = match signal {
        "HUP" => 1,
        "INT" => 2,
        "QUIT" => 3,
        "TERM" => 15,
        _ => panic!("{signal}"),
    };
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    let is_ignored = mask.is_some_and(|mask| mask >> (number - 1) & 1 == 1);
    if is_ignored {
        skip(&format!("SIG{signal} is ignored here"));
    }
    is_ignored
}

/// Whether the machine has a program that a test needs; where it has not, the test says so.
pub(crate) fn has(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).any(|folder| folder.join(program).is_file());
    if !found {
        skip(&format!("no {program}"));
    }
    found
}

/// Says on standard error what is not tested here, past the harness, which would swallow it. With
/// `DIAGNOSE_REQUIRE_TOOLS=1` it is a failure.
pub(crate) fn skip(reason: &str) {
    let required = env::var_os("DIAGNOSE_REQUIRE_TOOLS").is_some_and(|value| value == "1");
    assert!(!required, "not tested: {reason}, and DIAGNOSE_REQUIRE_TOOLS is set");
    let _ = writeln!(io::stderr(), "skipped: {reason}");
}
