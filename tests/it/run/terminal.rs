//! `--run` on a terminal, which `script` of util-linux makes.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use super::{FLAKY, LIMITED, OVERLOADED, kill, script, text};
use crate::support::{Folder, has, skip};

/// A line of shell on a pseudo-terminal; `None` where there is no `script` of util-linux.
fn on_a_terminal(folder: &Folder, line: &str) -> Option<Command> {
    if !has("script") {
        return None;
    }
    let version = Command::new("script").arg("--version").output().expect("script is there");
    if !text(&version.stdout).contains("util-linux") {
        skip("`script` is not the one of util-linux");
        return None;
    }
    let line = line.replace("diagnose", env!("CARGO_BIN_EXE_diagnose"));
    let mut command = Command::new("script");
    command
        .args(["-qec", &line, "/dev/null"])
        .current_dir(&folder.0)
        .env("TERM", "xterm")
        .env("COLUMNS", "80")
        .env("XDG_CONFIG_HOME", &folder.0)
        .env_remove("NO_COLOR")
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    Some(command)
}

/// What it prints.
fn printed(mut command: Command) -> String {
    text(&command.output().expect("script is there").stdout)
}

#[test]
fn on_a_terminal_the_command_sees_a_terminal() {
    let folder = script(
        "for n in 0 1 2; do test -t $n && echo $n is a terminal; done; stty size <&1; printf '\\033[32mgreen\\033[0m\\n'; exit 5",
    );
    let Some(command) = on_a_terminal(
        &folder,
        "stty rows 33 cols 77; diagnose --run -- sh script.sh; echo status $?",
    ) else {
        return;
    };
    let output = printed(command);
    let expected = "0 is a terminal\r\n1 is a terminal\r\n2 is a terminal\r\n33 77\r\n\x1b[32mgreen\x1b[0m\r\n";
    assert!(output.starts_with(expected) && output.ends_with("status 5\r\n"), "{output:?}");
    let Some(command) =
        on_a_terminal(&folder, "diagnose --run -- sh script.sh 2>file | cat; cat file")
    else {
        return;
    };
    let output = printed(command);
    assert!(
        output.starts_with("0 is a terminal\r\nstty")
            || output.starts_with("0 is a terminal\r\n\x1b"),
        "each keeps its nature: {output:?}"
    );
    let Some(command) = on_a_terminal(&folder, "diagnose --run -- sh script.sh 2>file") else {
        return;
    };
    let output = printed(command);
    assert!(
        output.starts_with("0 is a terminal\r\n1 is a terminal\r\n"),
        "each keeps its nature: {output:?}"
    );
}

#[test]
fn a_pause_on_a_terminal_leaves_no_trace() {
    let folder = script(FLAKY);
    let line = "diagnose --run --retries 3 --backoff 20ms -- sh script.sh; echo status $?";
    let Some(command) = on_a_terminal(&folder, line) else { return };
    let output = printed(command);
    // What stands on the line of a pause is erased, before the next attempt prints anything.
    let seen: Vec<&str> =
        output.lines().map(|line| line.rsplit("\r\x1b[K").next().unwrap_or_default()).collect();
    assert_eq!(seen, [OVERLOADED, OVERLOADED, "done", "status 0"], "{output:?}");
    assert!(output.contains("\r\x1b[Kdiagnose: overloaded; attempt 2 of 4 in "), "{output:?}");
}

#[test]
fn a_pause_on_a_terminal_counts_down() {
    let folder = script(&format!("echo '{LIMITED}00'; exit 1"));
    let line = "echo $$; exec diagnose --run --retries 3 --max-wait 1h -- sh script.sh";
    let Some(mut command) = on_a_terminal(&folder, line) else { return };
    let mut child = command.spawn().expect("script is there");
    let mut output = BufReader::new(child.stdout.take().expect("piped"));
    let mut process = String::new();
    output.read_line(&mut process).expect("its number");
    // Until two lines differ, however long that takes.
    let mut told = Vec::new();
    let mut lines = Vec::new();
    while lines.len() < 2 {
        let mut byte = [0];
        output.read_exact(&mut byte).unwrap_or_else(|error| panic!("{error}: {}", text(&told)));
        told.push(byte[0]);
        let all = text(&told);
        lines = all.split("\r\x1b[K").skip(1).map(str::to_owned).collect();
        // The last one may be in the middle.
        lines.pop();
        lines.dedup();
    }
    kill("TERM", process.trim().parse().expect("a number"));
    output.read_to_end(&mut told).expect("it can be read");
    child.wait().expect("it ends");
    let told = text(&told);
    for line in &lines {
        assert!(line.starts_with("diagnose: rate-limited; attempt 2 of 4 in "), "{told:?}");
    }
    let after = told.rsplit("\r\x1b[K").next().expect("at least one piece");
    assert!(!after.contains("attempt"), "the last line is erased: {told:?}");
}

#[test]
fn a_failed_command_leaves_the_terminal_as_it_was() {
    let folder = script("stty raw -echo; kill -KILL $$");
    let Some(command) =
        on_a_terminal(&folder, "stty -g; diagnose --run -- sh script.sh >/dev/null 2>&1; stty -g")
    else {
        return;
    };
    let output = printed(command);
    let modes: Vec<&str> = output.lines().collect();
    assert!(modes.len() == 2 && modes[0] == modes[1] && modes[0].contains(':'), "{output:?}");
}
