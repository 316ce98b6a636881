//! The command line under attack: standard streams that are closed or full, commands that do not
//! end when they should, and names that are made to be taken for something else.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Output, Stdio};

use crate::support::Folder;

const ERROR: &str = "API Error: 529 Overloaded";

fn diagnose() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_diagnose"));
    command.env("XDG_CONFIG_HOME", "/nowhere").env("COLUMNS", "80").stdin(Stdio::null());
    command
}

/// Runs a line of shell in which `diagnose` is ours.
fn shell(line: &str) -> Output {
    let line = line.replace("diagnose", env!("CARGO_BIN_EXE_diagnose")).replace("ERROR", ERROR);
    Command::new("sh").args(["-c", &line]).stdin(Stdio::null()).output().expect("sh is there")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("what we write is UTF-8")
}

#[test]
fn closed_streams_cost_neither_the_status_nor_the_rest() {
    for (line, status, stdout, stderr) in [
        ("diagnose 'ERROR' >&-", 0, "", ""),
        ("diagnose 'ERROR' 2>&-", 0, "server  ", ""),
        ("diagnose fine >&- 2>&- <&-", 1, "", ""),
        ("diagnose --frmat x 2>&-", 2, "", ""),
        ("diagnose -f no-such-file >&- 2>&- <&-", 2, "", ""),
        ("echo 'ERROR' | diagnose --tee >&-", 0, "", "server  "),
        ("echo 'ERROR' | diagnose --tee 2>&-", 0, ERROR, ""),
        ("echo 'ERROR' | diagnose --follow >&- 2>&-", 0, "", ""),
        ("diagnose --run -- sh -c 'echo ERROR; exit 3' >&-", 3, "", "server  "),
        ("diagnose --run -- sh -c 'echo ERROR; exit 3' 2>&-", 3, ERROR, ""),
        ("diagnose --run -- sh -c 'echo ERROR >&2; exit 3' >&- 2>&- <&-", 3, "", ""),
    ] {
        let output = shell(line);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(status), "{line}: {out}{err}");
        assert!(out.starts_with(stdout) && err.starts_with(stderr), "{line}: {out}{err}");
        assert_eq!((out.is_empty(), err.is_empty()), (stdout.is_empty(), stderr.is_empty()));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_run_is_told_and_is_no_success() {
    let told = "diagnose: cannot pass on the output of the command: No space left on device (os error 28)\n";
    for (script, status) in [("echo fine", 2), ("echo fine; exit 3", 3), ("exec yes", 141)] {
        let output = shell(&format!("diagnose --run --retries 3 -- sh -c '{script}' >/dev/full"));
        assert_eq!(
            (output.status.code(), text(&output.stderr).as_str()),
            (Some(status), told),
            "{script}"
        );
    }
    let output = shell("diagnose --run -- sh -c 'echo ERROR; exit 3' >/dev/full");
    let stderr = text(&output.stderr);
    assert!(
        stderr.starts_with(told) && stderr.contains("\nserver  "),
        "what could not be passed on is diagnosed: {stderr}"
    );
    // There is nobody to tell, but the status.
    let output = shell("diagnose --run -- sh -c 'echo lost >&2' 2>/dev/full");
    assert_eq!(output.status.code(), Some(2));
    let output = shell("diagnose --run --wait-time -- sh -c 'echo ERROR >&2; exit 3' >/dev/full");
    let stderr = text(&output.stderr);
    assert!(stderr.contains("\ndiagnose: cannot write to standard output: No space"), "{stderr}");
}

#[cfg(target_os = "linux")]
#[test]
fn every_file_of_a_step_that_cannot_be_written_is_told() {
    for command in [
        "diagnose --format github 'ERROR'",
        "diagnose --run --format github -- sh -c 'echo ERROR; exit 2'",
    ] {
        let output = shell(&format!(
            "GITHUB_OUTPUT=/dev/full GITHUB_STEP_SUMMARY=/dev/full/x {command} >/dev/null"
        ));
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        for file in ["$GITHUB_STEP_SUMMARY, /dev/full/x: ", "$GITHUB_OUTPUT, /dev/full: "] {
            assert!(stderr.contains(&format!("diagnose: cannot write to {file}")), "{stderr}");
        }
    }
}

/// Whether whoever runs the tests has us, and so the program, ignore a signal.
fn is_ignored(number: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (number - 1) & 1 == 1)
}

/// Runs a script under `--run`, sends signals to us once it has printed a line, and waits.
fn signalled(script: &str, signals: &[&str]) -> (Option<i32>, String) {
    let mut child = diagnose()
        .args(["--run", "--", "sh", "-c", script])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .expect("it starts");
    let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
    stdout.read_line(&mut String::new()).expect("it is ready");
    for signal in signals {
        let kill = format!("kill -{signal} {}", child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().expect("sh is there").success());
    }
    let rest: Vec<String> = stdout.lines().map_while(Result::ok).collect();
    (child.wait().expect("it ends").code(), rest.join("\n"))
}

#[test]
fn signals_that_would_end_us_alone_reach_the_command() {
    for (signal, number) in
        [("HUP", 1), ("INT", 2), ("QUIT", 3), ("USR1", 10), ("USR2", 12), ("TERM", 15)]
    {
        if is_ignored(number) {
            println!("skipped: {signal} is ignored here");
            continue;
        }
        let script =
            format!("trap 'echo caught; exit 9' {signal}; echo; while :; do sleep 0.05; done");
        assert_eq!(signalled(&script, &[signal]), (Some(9), "caught".into()), "{signal}");
    }
}

#[test]
fn a_command_that_ignores_signals_ends_when_it_wants_to() {
    let script = "trap '' TERM INT HUP; echo; sleep 0.5; echo still here; exit 4";
    assert_eq!(signalled(script, &["TERM", "INT", "HUP"]), (Some(4), "still here".into()));
}

#[test]
fn a_process_that_is_left_behind_and_prints_on_does_not_hold_us() {
    // It prints on until this file is there; whoever waits for it waits without end.
    let folder = Folder::new();
    let stop = folder.0.join("stop");
    for left_behind in [
        "(until [ -e STOP ]; do sleep 0.1; done; echo late) &",
        "(until [ -e STOP ]; do echo again; sleep 0.9; done) &",
        "(until [ -e STOP ]; do echo; sleep 0.01; done) &",
        "yes &",
        "trap \"\" HUP TERM INT PIPE; (until [ -e STOP ]; do sleep 0.1; done) >&2 &",
    ] {
        let script = format!("{left_behind} echo ERROR; exit 3");
        let script = script.replace("STOP", &stop.display().to_string());
        let output = shell(&format!("diagnose --run -- sh -c '{script}'"));
        fs::write(&stop, "").expect("written");
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{script}: {stderr}");
        assert!(stderr.contains("server  "), "{script}: {stderr}");
        fs::remove_file(&stop).expect("removed");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_line_that_never_ends_is_passed_on_in_bounded_memory() {
    let size = 192 << 20;
    let script = format!(
        "head -c {size} /dev/zero | tr \"\\0\" a; printf \"\\nERROR\\n\"; grep VmHWM /proc/$PPID/status >&2; exit 3"
    );
    let output = shell(&format!("diagnose --run -- sh -c '{script}' | wc -c"));
    assert_eq!(text(&output.stdout).trim(), (size + 2 + ERROR.len()).to_string());
    let stderr = text(&output.stderr);
    let peak = stderr.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak: u64 =
        peak.and_then(|line| line.trim().split(' ').next()?.parse().ok()).expect("Linux tells");
    // The debug build's own code is a good part of it.
    assert!(peak < 96 << 10, "{peak} KiB");
    assert!(stderr.contains("server  "), "{stderr}");
}

/// Names that would be something else where they are printed as they are.
fn hostile_names() -> Vec<OsString> {
    let deep = [&b"d\n::error::"[..], &[b'x'; 200]].concat();
    let long = [deep.as_slice(); 18].join(&b'/');
    let key = [&b"sk-ant-api03-"[..], &[b'A'; 60]].concat();
    [
        &b"a\n::error::forged.log"[..],
        b"::error::forged",
        b"##vso[task.complete]forged",
        b"a\r::error::forged",
        b"\x1b[31mred\x1b]0;title\x07",
        b"\xff\xfe\xf0\x28",
        b"\xc2\x9b31m",
        b"x\xe2\x80\xaegol.exe",
        b"x\xe2\x80\xa8y",
        b"<b a=\"'&]]>",
        b"\n",
        b" ",
        b"--run",
        &key,
        &long,
    ]
    .into_iter()
    .map(|name| OsString::from_vec(name.to_vec()))
    .collect()
}

/// Checks that nothing of a name got out unmasked; `commands` are those that we write ourselves.
fn assert_harmless(output: &Output, commands: &str, what: &dyn std::fmt::Debug) {
    let all = text(&output.stdout) + "\n" + &text(&output.stderr);
    let control = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{2028}\u{fffe}".contains(c);
    assert!(!all.contains(control), "{what:?}: {all:?}");
    assert!(!all.contains(&"A".repeat(30)), "{what:?}: {all}");
    assert!(!all.contains("panicked"), "{what:?}: {all}");
    for line in all.lines().filter(|line| line.starts_with("::") || line.starts_with("##")) {
        assert!(!commands.is_empty() && line.starts_with(commands), "{what:?}: {line}");
    }
}

#[test]
fn hostile_file_names_are_only_names() {
    let folder = Folder::new();
    for name in hostile_names() {
        let path = folder.0.join(&name);
        fs::create_dir_all(path.parent().expect("the folder")).expect("there is room");
        fs::write(&path, ERROR).expect("there is room");
        let relative = [OsString::from("./"), name.clone()].into_iter().collect::<OsString>();
        for (format, commands) in [
            ("human", ""),
            ("json", ""),
            ("jsonl", ""),
            ("github", "::error "),
            ("markdown", "### server: "),
            ("sarif", ""),
            ("junit", ""),
            ("rdjson", ""),
        ] {
            for known in [true, false] {
                let mut file = relative.clone();
                file.push(if known { "" } else { "-not-there" });
                let output = diagnose()
                    .current_dir(&folder.0)
                    .args(["--format", format, "-f"])
                    .arg(&file)
                    .args(["-f", "/dev/null"])
                    .output()
                    .expect("it starts");
                assert_harmless(&output, commands, &(&name, format));
                let status = if known { 0 } else { 2 };
                assert_eq!(output.status.code(), Some(status), "{name:?} {format}");
                let told = text(&output.stderr);
                assert_eq!(told.lines().count(), usize::from(status == 2), "{name:?}: {told}");
            }
        }
    }
}

#[test]
fn hostile_words_are_only_words_wherever_they_are_named() {
    for name in hostile_names() {
        let path = [OsString::from("./"), name.clone()].into_iter().collect::<OsString>();
        let path = path.as_os_str();
        for (before, after) in [
            (&["--catalog"][..], &["x"][..]),
            (&["--check-catalog"], &[]),
            (&["--print"], &["x"]),
            (&["--is"], &["x"]),
            (&["--explain"], &[]),
            (&["--now"], &["x"]),
            (&["--format"], &["x"]),
            (&["--completions"], &[]),
            (&["--min-confidence"], &["x"]),
            (&["--run", "--"], &[]),
            (&["--run", "--retries"], &["--", "true"]),
            (&["--run"], &["--", "true"]),
            (&["--list"], &[]),
        ] {
            let output = diagnose().args(before).arg(path).args(after).output().expect("it starts");
            assert_harmless(&output, "", &(before, &name));
            let told = text(&output.stderr);
            assert!(matches!(output.status.code(), Some(2 | 126 | 127)), "{before:?}: {told}");
            assert_eq!((told.lines().count(), output.stdout.len()), (1, 0), "{before:?}: {told}");
        }
    }
    for variable in ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"] {
        for name in hostile_names() {
            let file = [OsStr::from_bytes(b"/nowhere/"), &name].into_iter().collect::<OsString>();
            let output = diagnose()
                .args(["--format", "github", ERROR])
                .env(variable, file)
                .output()
                .expect("it starts");
            assert_harmless(&output, "::error ", &(variable, &name));
            assert_eq!((output.status.code(), text(&output.stderr).lines().count()), (Some(2), 1));
        }
    }
}

#[test]
fn a_misspelt_section_is_no_no() {
    for (what, meant) in [
        ("servr", "server"),
        ("sever", "server"),
        ("usge", "usage"),
        ("netwrk", "network"),
        ("reqeust", "request"),
        ("auht", "auth"),
        ("retriable", "retryable"),
        ("overlaoded", "overloaded"),
    ] {
        let output = diagnose().args(["--is", what, ERROR]).output().expect("it starts");
        let told = text(&output.stderr);
        assert_eq!((output.status.code(), told.lines().count()), (Some(2), 1), "{told}");
        assert!(told.contains(&format!("(did you mean `{meant}`?)")), "{told}");
    }
    let output = diagnose().args(["--is", "zzz", ERROR]).output().expect("it starts");
    assert!(!text(&output.stderr).contains("did you mean"));
}
