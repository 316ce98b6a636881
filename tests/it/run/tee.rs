//! `--tee`: the input passes through, and the report goes to standard error.

use std::io::{Read as _, Write as _};

use super::{OVERLOADED, binary, binary_data, run, run_in, script, text};

#[test]
fn tee_passes_the_input_through_and_reports_on_standard_error() {
    let data = [binary_data(), format!("\n{OVERLOADED}").into_bytes()].concat();
    let output = run(&["--tee"], &data);
    assert!(output.stdout == data, "{} bytes of {}", output.stdout.len(), data.len());
    assert!(
        output.status.success() && text(&output.stderr).starts_with("server  "),
        "{}",
        text(&output.stderr)
    );
    let output = run(&["--tee", "--is", "usage"], OVERLOADED.as_bytes());
    assert_eq!(
        (output.status.code(), text(&output.stdout), text(&output.stderr)),
        (Some(1), OVERLOADED.into(), String::new())
    );
    let folder = script(OVERLOADED);
    let output = run_in(&folder.0, &["--tee", "--format", "json", "-f", "script.sh"], b"");
    assert!(
        text(&output.stdout) == OVERLOADED
            && text(&output.stderr).starts_with("{\"schema_version\":1,"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn tee_passes_on_at_once() {
    let mut child = binary(&["--tee"], &std::env::temp_dir());
    let (mut input, mut output) =
        (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
    for part in [b"one", b"two"] {
        let mut read = [0; 3];
        input.write_all(part).expect("it waits for more");
        output.read_exact(&mut read).expect("it comes before the end");
        assert_eq!(&read, part);
    }
    drop(input);
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
}

#[test]
fn a_closed_output_does_not_keep_tee_from_reporting() {
    let mut child = binary(&["--tee"], &std::env::temp_dir());
    drop(child.stdout.take());
    child
        .stdin
        .take()
        .expect("piped")
        .write_all(format!("x\n{OVERLOADED}\n").repeat(10_000).as_bytes())
        .expect("it reads to the end");
    let output = child.wait_with_output().expect("it ends");
    assert!(
        output.status.success() && text(&output.stderr).starts_with("server  "),
        "{}",
        text(&output.stderr)
    );
}
