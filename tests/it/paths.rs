//! Words of the command line that name files, and files whose length says little.

use crate::support::{Folder, command, diagnose, fed};

const OVERLOADED: &str = "API Error: 529 Overloaded\n";

#[test]
fn a_word_that_looks_like_a_file_is_no_message() {
    let folder = Folder::new();
    folder.write("a.log", OVERLOADED);
    folder.write("529", "fine\n");
    let run = |words: &[&str]| {
        let output = fed(command(words).current_dir(&folder.0), b"");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    for words in [&["nope.log"][..], &["./nope/x"], &["a.log", "nope.log"], &["a.log", "nope"]] {
        let (status, stdout, stderr) = run(words);
        assert_eq!(status, Some(2), "{words:?}: {stderr}");
        assert!(stderr.contains("cannot read ") && stderr.contains("nope"), "{words:?}: {stderr}");
        assert_eq!(stdout.contains("The API is overloaded"), words.contains(&"a.log"), "{words:?}");
    }
    // Messages stay messages, even if one of their words names a file.
    for words in
        [&["status", "529"][..], &["API Error: 529", "in a.log"], &["--", "nope.log"], &["/login"]]
    {
        let (status, _, stderr) = run(words);
        assert!(!stderr.contains("cannot read") && status != Some(2), "{words:?}: {stderr}");
    }
}

#[test]
fn a_tar_archive_is_read_as_one_log_and_that_is_said() {
    let mut header = [0; 512];
    header[..5].copy_from_slice(b"a.log");
    header[257..262].copy_from_slice(b"ustar");
    let tar = [&header[..], OVERLOADED.as_bytes()].concat();
    let folder = Folder::new();
    let long = [&tar[..], &b"fine\n".repeat(30_000)].concat();
    for (name, bytes) in [("a.tar", &tar), ("long.tar", &long)] {
        let run = diagnose(&["--print", "id", "-f", &folder.write(name, bytes)], b"");
        assert_eq!((run.status, run.stdout.as_str()), (0, "overloaded\n"), "{name}");
        assert!(run.stderr.contains("tar archive") && run.stderr.lines().count() == 1, "{name}");
    }
}

/// Of a file no more is read than it held when it was opened; one that is made as it is read says that it
/// holds nothing.
#[cfg(target_os = "linux")]
#[test]
fn a_file_without_a_length_is_read() {
    let run = diagnose(&["--format", "json", "-f", "/proc/version"], b"");
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert!(report["input"]["bytes"].as_u64().is_some_and(|bytes| bytes > 0), "{report}");
}
