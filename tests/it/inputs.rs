//! Several paths, folders and archives: what is read, how it is called, in which order; and what hostile ones
//! can do, which is a line on standard error.

use std::fs;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use rawzip::path::EntryPath;
use rawzip::{CompressionMethod, Crc32Option, ZipArchiveWriter};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use crate::support::{Folder, Run, diagnose};

const OVERLOADED: &str = "API Error: 529 {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n";
const TOO_LONG: &str = "API Error: 400 {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"prompt is too long: 211734 tokens > 200000 maximum\"}}\n";

fn gzip(text: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_ref()).expect("to memory");
    encoder.finish().expect("to memory")
}

fn zstd(text: impl AsRef<[u8]>) -> Vec<u8> {
    compress_to_vec(text.as_ref(), CompressionLevel::Fastest)
}

/// A zip archive of deflated members.
fn zip<N: AsRef<str>, T: AsRef<[u8]>>(members: impl IntoIterator<Item = (N, T)>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    for (name, text) in members {
        let builder = archive
            .new_file(EntryPath::verbatim(name.as_ref().as_bytes()))
            .compression_method(CompressionMethod::DEFLATE);
        let (mut entry, config) = builder.start().expect("an entry");
        let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::default()));
        writer.write_all(text.as_ref()).expect("to memory");
        let (encoder, descriptor) = writer.finish().expect("to memory");
        encoder.finish().expect("to memory");
        entry.finish(descriptor).expect("to memory");
    }
    archive.finish().expect("to memory");
    bytes
}

/// What is read, in order: the name below the folder and the id of what was found, `-` if nothing was.
fn read(folder: &Folder, args: &[&str]) -> (Vec<String>, Run) {
    let run = diagnose(&[&["--format", "json"], args].concat(), b"");
    let prefix = format!("{}/", folder.0.display());
    let reports = run.stdout.lines().map(|line| {
        let report: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let source = report["input"]["source"].as_str().expect("a source").replace(&prefix, "");
        format!("{source} {}", report["diagnoses"][0]["id"].as_str().unwrap_or("-"))
    });
    let reports = reports.collect();
    (reports, Run { stderr: run.stderr.replace(&prefix, ""), ..run })
}

fn path(folder: &Folder) -> String {
    folder.0.display().to_string()
}

#[test]
fn f_takes_several_paths_and_words_that_name_files_need_no_f() {
    let folder = Folder::new();
    let (one, two) = (folder.write("b.log", OVERLOADED), folder.write("a.log", "fine\n"));
    let expected = ["b.log overloaded", "a.log -", "b.log overloaded"];
    for args in [&["-f", &one, &two, "-f", &one][..], &[&one, &two, &one]] {
        let (reports, run) = read(&folder, args);
        assert_eq!(
            (reports.as_slice(), run.status, run.stderr.as_str()),
            (&expected.map(String::from)[..], 0, "")
        );
    }
    let stdin = diagnose(&["--format", "json", "-f", &two, "-"], OVERLOADED.as_bytes());
    assert_eq!((stdin.status, stdin.stdout.lines().count()), (0, 2));
    assert!(diagnose(&["--why", &one], b"").stdout.contains("overloaded"));
    // A message that names a file besides, and what stands after --, stay messages.
    assert!(
        diagnose(&[&one, "no such file"], b"").stdout.contains("recognised")
            || diagnose(&[&one, "no such file"], b"").status == 1
    );
    assert_eq!(read(&folder, &["--", &one]).0, ["argument -"]);
}

#[test]
fn a_file_that_is_called_like_an_error_is_read_and_that_is_said() {
    let folder = Folder::new();
    folder.write("overloaded", "fine\n");
    folder.write("Prompt is too long", "fine\n");
    folder.write("log", "fine\n");
    for (word, said) in [("overloaded", 1), ("Prompt is too long", 1), ("log", 0)] {
        let output =
            crate::support::fed(crate::support::command(&[word]).current_dir(&folder.0), b"");
        let stderr = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!((output.status.code(), stderr.lines().count()), (Some(1), said), "{stderr}");
        assert!(said == 0 || stderr.contains(&format!("diagnose -- '{word}'")), "{stderr}");
    }
}

#[test]
fn a_folder_is_walked_by_name_without_what_hides_or_is_ignored() {
    let folder = Folder::new();
    for name in
        ["b/2.log", "b/1.log", "a.log", "c.tmp", "c/d.log", ".hidden", ".github/x", ".git/config"]
    {
        folder.write(name, if name == "b/2.log" { OVERLOADED } else { "fine\n" });
    }
    folder.write(".gitignore", "*.tmp\n");
    folder.write(".ignore", "c/\n");
    let (reports, run) = read(&folder, &["-f", &path(&folder)]);
    assert_eq!(reports, ["a.log -", "b/1.log -", "b/2.log overloaded"], "{}", run.stderr);
    let left_out = "6 hidden or ignored files are left out; --hidden reads them\n";
    assert!(run.stderr.ends_with(left_out) && run.stderr.lines().count() == 1, "{}", run.stderr);
    assert_eq!(run.status, 0);
    let (reports, run) = read(&folder, &["--hidden", "-f", &path(&folder)]);
    assert_eq!(run.stderr, "");
    let all = [
        ".github/x -",
        ".gitignore -",
        ".hidden -",
        ".ignore -",
        "a.log -",
        "b/1.log -",
        "b/2.log overloaded",
        "c/d.log -",
        "c.tmp -",
    ];
    assert_eq!(reports, all);
    let empty = Folder::new();
    for (reason, hidden) in [("it holds no file", false), ("--hidden reads it", true)] {
        if hidden {
            empty.write(".log", OVERLOADED);
        }
        let (reports, run) = read(&empty, &["-f", &path(&empty)]);
        assert_eq!((reports.len(), run.status, run.stderr.lines().count()), (0, 2, 1));
        assert!(run.stderr.contains(reason), "{}", run.stderr);
    }
}

#[cfg(unix)]
#[test]
fn links_and_pipes_in_a_folder_neither_loop_nor_wait() {
    use std::os::unix::fs::symlink;
    let (folder, other) = (Folder::new(), Folder::new());
    folder.write("logs/a.log", OVERLOADED);
    other.write("far.log", "fine\n");
    let link = |target: &str, name: &str| symlink(target, folder.0.join(name)).expect("a link");
    link(".", "logs/here");
    link("itself", "itself");
    link("nowhere", "dangling");
    link("a.log", "logs/latest.log");
    link(&path(&other), "far");
    link(&path(&other), "further");
    // Folders whose links cross would be read 2^40 times.
    for n in 0..40 {
        fs::create_dir_all(folder.0.join(format!("x/{n}"))).expect("a folder");
        for name in ["p", "q"] {
            link(&format!("../{}", (n + 1) % 40), &format!("x/{n}/{name}"));
        }
    }
    let pipe = std::process::Command::new("mkfifo").arg(folder.0.join("pipe")).status();
    assert!(pipe.is_ok_and(|status| status.success()));
    let (reports, run) = read(&folder, &["-f", &path(&folder)]);
    assert_eq!(reports, ["far/far.log -", "logs/a.log overloaded"], "{}", run.stderr);
    assert_eq!((run.status, run.stderr.lines().count()), (0, 3), "{}", run.stderr);
    for name in ["dangling", "itself", "logs/here"] {
        assert!(run.stderr.contains(name), "{name}: {}", run.stderr);
    }
}

#[test]
fn packed_files_are_told_by_their_bytes_and_read() {
    let folder = Folder::new();
    let files = [
        folder.write("gz", [gzip("fine\n"), gzip(OVERLOADED)].concat()),
        folder.write(
            "zst",
            [&zstd("fine\n")[..], b"\x50\x2a\x4d\x18\x03\0\0\0abc", &zstd(OVERLOADED)].concat(),
        ),
        folder.write("twice.log", gzip(zstd(OVERLOADED))),
        folder.write(
            "a.zip",
            zip([
                ("b.log", OVERLOADED.as_bytes()),
                ("a/c.log", b"fine\n"),
                ("a/d.gz", &gzip(TOO_LONG)),
                ("a/e.zst", &zstd(TOO_LONG)),
            ]),
        ),
        folder.write("text.gz", OVERLOADED),
    ];
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let (reports, run) = read(&folder, &[&["-f"], &files[..]].concat());
    assert_eq!(
        reports,
        [
            "gz overloaded",
            "zst overloaded",
            "twice.log overloaded",
            "a.zip!b.log overloaded",
            "a.zip!a/c.log -",
            "a.zip!a/d.gz prompt-too-long",
            "a.zip!a/e.zst prompt-too-long",
            "text.gz overloaded",
        ],
        "{}",
        run.stderr
    );
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    for packed in [gzip(OVERLOADED), zstd(OVERLOADED)] {
        assert!(diagnose(&[], &packed).stdout.starts_with("server"));
        let output = crate::support::fed(&mut crate::support::command(&["--tee"]), &packed);
        assert_eq!(output.stdout, packed, "--tee passes it through as it is");
    }
}

#[test]
fn hostile_members_are_a_line_each_and_the_rest_is_examined() {
    let folder = Folder::new();
    let long = "n".repeat(4000);
    let mut bytes = zip([
        ("good.log", OVERLOADED.as_bytes().to_vec()),
        ("../../etc/passwd", OVERLOADED.into()),
        ("/etc/passwd", OVERLOADED.into()),
        ("red\x1b[31m\n::error::x", OVERLOADED.into()),
        (long.as_str(), OVERLOADED.into()),
        ("inner.zip", zip([("x", OVERLOADED)])),
        ("deep", gzip(gzip(OVERLOADED))),
        ("x.xz", b"\xfd7zXZ\0 and more".to_vec()),
        ("cut.gz", gzip(OVERLOADED.repeat(100))[..60].to_vec()),
        ("last.log", TOO_LONG.into()),
    ]);
    let (reports, run) = read(&folder, &["-f", &folder.write("a.zip", &bytes)]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(reports.first().is_some_and(|first| first == "a.zip!good.log overloaded"));
    assert!(reports.last().is_some_and(|last| last == "a.zip!last.log prompt-too-long"));
    let reasons = [
        "leads out",
        "leads out",
        "control characters",
        "4000 bytes",
        "archive in an archive",
        "packed more than twice",
        "packed with xz",
        "cut off",
    ];
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(lines.len(), reasons.len(), "{}", run.stderr);
    for (line, reason) in lines.iter().zip(reasons) {
        assert!(
            (line.starts_with("diagnose: cannot read a.zip!")
                || line.starts_with("diagnose: a.zip!cut.gz: "))
                && line.contains(reason)
                && line.len() < 1300,
            "{line}"
        );
        assert!(!line.contains('\x1b'));
    }
    // The flag for encryption in both headers of the first member.
    let local = bytes.windows(4).position(|at| at == b"PK\x03\x04").expect("a header");
    let central = bytes.windows(4).position(|at| at == b"PK\x01\x02").expect("a header");
    bytes[local + 6] |= 1;
    bytes[central + 8] |= 1;
    let (_, run) = read(&folder, &["-f", &folder.write("a.zip", &bytes)]);
    assert!(run.stderr.contains("a.zip!good.log: it is encrypted"), "{}", run.stderr);
    // A checksum that is wrong: the content is examined, and the damage said.
    let crc = zip([("a.log", OVERLOADED)]);
    let (central, mut crc) =
        (crc.windows(4).position(|at| at == b"PK\x01\x02").expect("a header"), crc);
    crc[central + 16] ^= 1;
    let (reports, run) = read(&folder, &["-f", &folder.write("crc.zip", &crc)]);
    assert_eq!(reports, ["crc.zip!a.log overloaded"]);
    assert!(run.stderr.contains("damaged"), "{}", run.stderr);
}

#[test]
fn what_the_command_line_names_and_cannot_be_read_is_a_failure() {
    let folder = Folder::new();
    let whole = zip([("a.log", OVERLOADED)]);
    let good = folder.write("good", OVERLOADED);
    for (bytes, reason) in [
        (whole[..whole.len() - 30].to_vec(), "directory is cut off"),
        (zip::<&str, &str>([]), "without files"),
        (gzip("x")[..8].to_vec(), "cut off at its beginning"),
        (
            b"\x1f\x8b\x08\0 not deflated at all, but long enough".to_vec(),
            "damaged at its beginning",
        ),
        (b"BZh91AY&SY".to_vec(), "bzip2"),
        // A window of 1 GiB.
        (b"\x28\xb5\x2f\xfd\0\xa0\x01\0\0".to_vec(), "window"),
    ] {
        let bad = folder.write("bad", &bytes);
        let (reports, run) = read(&folder, &["-f", &bad, &good]);
        assert_eq!((reports, run.status), (vec!["good overloaded".to_owned()], 2), "{reason}");
        assert!(
            run.stderr.contains("cannot read bad: ") && run.stderr.contains(reason),
            "{reason}: {}",
            run.stderr
        );
        // Found below a folder, it is a line, and the status is that of the rest.
        let (reports, run) = read(&folder, &["-f", &path(&folder)]);
        assert_eq!((reports.len(), run.status), (1, 0), "{reason}");
        assert!(run.stderr.contains("cannot read bad"), "{reason}: {}", run.stderr);
    }
    let cut = gzip(format!("{}{OVERLOADED}", "a line\n".repeat(3000)));
    let (reports, run) = read(&folder, &["-f", &folder.write("cut", &cut[..cut.len() - 8])]);
    assert_eq!((reports.as_slice(), run.status), (&["cut overloaded".to_owned()][..], 0));
    assert!(run.stderr.contains("cut off; only its first"), "{}", run.stderr);
}

#[test]
fn bombs_are_refused() {
    let folder = Folder::new();
    let zeros = vec![0; 80 << 20];
    let packed = gzip(&zeros);
    let zip = zip([("bomb", &zeros[..]), ("good.log", OVERLOADED.as_bytes())]);
    for (name, bytes) in [
        ("bomb.gz", packed.clone()),
        ("bomb.zst", zstd(&zeros)),
        ("twice.gz", gzip(&packed)),
        ("bomb.zip", zip),
    ] {
        let (reports, run) = read(&folder, &["-f", &folder.write(name, &bytes)]);
        assert!(run.stderr.contains("more than 1,000 times its size"), "{name}: {}", run.stderr);
        // What was unpacked until then is examined.
        let rest = usize::from(name == "bomb.zip");
        assert_eq!((reports.len(), run.stderr.lines().count()), (1 + rest, 1), "{name}");
        assert_eq!(run.status, i32::from(rest == 0), "{name}");
    }
}

#[test]
fn sixty_five_thousand_members_are_read_in_order_and_as_many_bad_ones_are_summed_up() {
    let folder = Folder::new();
    let mut bytes = Vec::new();
    for (prefix, reports, lines, status) in [("", 65_000, 0, 1), ("../", 0, 21, 2)] {
        bytes.clear();
        let mut archive = ZipArchiveWriter::new(&mut bytes);
        for n in 0..65_000 {
            let name = format!("{prefix}{n:05}");
            let builder = archive.new_file(EntryPath::verbatim(name.as_bytes()));
            let (entry, config) = builder.crc32(Crc32Option::Calculate).start().expect("an entry");
            let (_, descriptor) = config.wrap(std::io::sink()).finish().expect("nothing");
            entry.finish(descriptor).expect("to memory");
        }
        archive.finish().expect("to memory");
        let (read, run) = read(&folder, &["-f", &folder.write("many.zip", &bytes)]);
        assert_eq!((read.len(), run.stderr.lines().count(), run.status), (reports, lines, status));
        assert!(read.is_sorted());
        assert!(lines == 0 || run.stderr.contains("64980 more could not be read in many.zip"));
    }
}

#[test]
fn many_files_keep_their_order_on_any_number_of_threads() {
    let folder = Folder::new();
    for n in 0..500 {
        let text = if n % 7 == 0 { OVERLOADED.repeat(n) } else { "fine\n".repeat(n * n) };
        folder.write(&format!("{n:03}.log"), text);
    }
    let (reports, run) = read(&folder, &["-f", &path(&folder)]);
    assert!(reports.len() == 500 && reports.is_sorted() && run.status == 0);
    // --tee passes the files through in the same order.
    let tee = diagnose(&["--tee", "--is", "overloaded", "-f", &path(&folder)], b"").stdout;
    let all: String = (0..500).map(|n| folder.read(&format!("{n:03}.log"))).collect();
    assert!(tee == all);
}

#[test]
fn an_empty_pipe_says_where_errors_go() {
    let run = diagnose(&[], b"");
    assert_eq!((run.status, run.stderr.lines().count()), (1, 1));
    assert!(run.stderr.contains("2>&1 | diagnose"), "{}", run.stderr);
    for args in [&["--format", "json"][..], &["--is", "retryable"], &["--print", "id"]] {
        assert_eq!(diagnose(args, b"").stderr, "", "{args:?}");
    }
    assert_eq!(diagnose(&["-f", "/dev/null"], b"").stderr, "");
}
