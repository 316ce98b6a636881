//! The contract of the command line: what goes in, what comes out, and the exit status.

use crate::support::{Folder, diagnose};

const OVERLOADED: &str = "API Error: 529 {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"},\"request_id\":\"req_011CExample\"}";

fn json(args: &[&str], stdin: &[u8]) -> serde_json::Value {
    let run = diagnose(&[&["--format", "json"], args].concat(), stdin);
    serde_json::from_str(&run.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", run.stdout, run.stderr))
}

#[test]
fn a_message_is_diagnosed() {
    let run = diagnose(&["Prompt", "is", "too", "long"], b"");
    assert_eq!(run.status, 0);
    assert!(run.stdout.starts_with("request "), "{}", run.stdout);
    assert_eq!(run.stderr, "");
}

#[test]
fn standard_input_is_diagnosed_with_its_place() {
    let report = json(&[], format!("line one\n  ⎿  {OVERLOADED}\n").as_bytes());
    assert_eq!(report["schema_version"], 1);
    assert_eq!(
        report["input"],
        serde_json::json!({"source": "stdin", "lines": 2, "bytes": 16 + OVERLOADED.len() + 1})
    );
    let primary = &report["diagnoses"][0];
    assert_eq!(primary["id"], "overloaded");
    assert_eq!(primary["section"], "server");
    assert_eq!(primary["state"], "terminal");
    assert_eq!(primary["action"], "retry");
    assert_eq!(
        primary["retry"],
        serde_json::json!({"policy": "backoff", "after_seconds": null, "not_before": null, "text": null})
    );
    assert_eq!(primary["location"]["line"], 2);
    assert_eq!(primary["captures"]["status"], "529");
    assert_eq!(primary["occurrences"], 1);
    for field in ["title", "confidence", "evidence", "excerpt", "cause"] {
        assert!(primary[field].is_string(), "{field}");
    }
    assert!(primary["steps"][0]["text"].is_string());
}

#[test]
fn files_get_a_report_each_and_a_missing_one_does_not_stop_the_rest() {
    let folder = Folder::new();
    let one = folder.write("one.log", OVERLOADED);
    let two = folder.write("two.log", "all is well\n");
    let run = diagnose(&["--format", "json", "-f", &one, "-f", &two], b"");
    assert_eq!((run.status, run.stdout.lines().count()), (0, 2));
    let run = diagnose(&["--format", "json", "-f", "no-such-file", "-f", &one], b"");
    assert_eq!((run.status, run.stdout.lines().count()), (2, 1), "{}", run.stderr);
    assert_eq!(
        run.stderr,
        "diagnose: cannot read no-such-file: No such file or directory (os error 2)\n"
    );
    let run = diagnose(&[&one], b"");
    assert!(run.stdout.starts_with("server"), "{}", run.stdout);
}

#[test]
fn nothing_is_an_answer() {
    let run = diagnose(&[], b"compiling\nerror: cannot find crate `x`\n");
    assert_eq!(run.status, 1);
    assert!(
        run.stdout.contains("line 2 looks most like an error") && run.stdout.contains("/feedback"),
        "{}",
        run.stdout
    );
    assert_eq!(diagnose(&[], b"").status, 1);
    assert_eq!(json(&[], b"fine\n")["diagnoses"], serde_json::json!([]));
}

#[test]
fn bad_usage_is_one_line() {
    for args in [
        &["--frmat", "json"][..],
        &["--format", "yaml"],
        &["--is", "sever", "x"],
        &["--explain", "overlaoded"],
        &["--list", "x"],
    ] {
        let run = diagnose(args, b"");
        assert_eq!((run.status, run.stderr.lines().count()), (2, 1), "{args:?}: {}", run.stderr);
        assert!(run.stdout.is_empty() && run.stderr.starts_with("diagnose: "), "{}", run.stderr);
    }
    assert!(
        diagnose(&["--explain", "overlaoded"], b"").stderr.contains("did you mean `overloaded`")
    );
}

#[test]
fn is_answers_by_status_alone() {
    for (what, status) in
        [("retryable", 0), ("server", 0), ("overloaded", 0), ("usage", 1), ("rate-limited", 1)]
    {
        let run = diagnose(&["--is", what], OVERLOADED.as_bytes());
        assert_eq!((run.status, run.stdout.as_str()), (status, ""), "{what}");
    }
    assert_eq!(diagnose(&["--is", "retryable"], b"fine").status, 1);
    assert_eq!(diagnose(&["--is", "retryable", "Prompt is too long"], b"").status, 1);
}

#[test]
fn what_is_less_certain_can_be_left_out() {
    let text = "API Error (Request timed out.) · Retrying in 2 seconds… (attempt 2/10)\n\n\n\nAPI Error: Rate limit reached\n";
    let ids = |level: &str| {
        let report = json(&["--min-confidence", level], text.as_bytes());
        let field = |diagnosis: &serde_json::Value| {
            (diagnosis["id"].to_string(), diagnosis["confidence"].to_string())
        };
        report["diagnoses"].as_array().expect("a list").iter().map(field).collect::<Vec<_>>()
    };
    let [limit, timeout] =
        [("\"rate-limited\"", "\"medium\""), ("\"request-timed-out\"", "\"high\"")]
            .map(|(id, c)| (id.to_owned(), c.to_owned()));
    assert_eq!(ids("low"), [limit.clone(), timeout.clone()]);
    assert_eq!(ids("medium"), [limit, timeout.clone()]);
    assert_eq!(ids("high"), [timeout], "the next one is the first");
    let limit = "API Error: Rate limit reached";
    let formats = ["human", "json", "jsonl", "github", "markdown", "sarif", "junit", "rdjson"]
        .map(|format| ["--format", format]);
    for args in formats.iter().map(|args| &args[..]).chain([
        &["--is", "usage"][..],
        &["--print", "id"],
        &["--wait-time"],
        &["--all"],
    ]) {
        let run = |level| diagnose(&[args, &["--min-confidence", level, limit]].concat(), b"");
        assert_eq!(
            (run("low").status, run("medium").status, run("high").status),
            (0, 0, 1),
            "{args:?}"
        );
        assert!(!run("high").stdout.contains("rate-limited"), "{args:?}: {}", run("high").stdout);
    }
    for args in
        [&["--min-confidence", "certain", "x"][..], &["--min-confidence", "high", "--why", "x"]]
    {
        assert_eq!(diagnose(args, b"").status, 2, "{args:?}");
    }
}

#[test]
fn why_explains_winners_and_losers() {
    let text = format!(
        "  ⎿  API Error (Request timed out.) · Retrying in 2 seconds… (attempt 2/10)\n  ⎿  {OVERLOADED}\n"
    );
    let run = diagnose(&["--why"], text.as_bytes());
    for line in [
        "why `overloaded`:",
        "evidence: record",
        "beaten on the same block by `overloaded`",
        "why not `request-timed-out`: it is retrying, `overloaded` is terminal",
    ] {
        assert!(run.stdout.contains(line), "{line}\n{}", run.stdout);
    }
    let quoted =
        diagnose(&["--why", "prompt-too-long"], b"assert text == \"Prompt is too long\"\n");
    assert!(quoted.stdout.contains("does not count: quoted"), "{}", quoted.stdout);
    assert!(diagnose(&["--why", "Prompt is too long"], b"").stdout.contains("evidence: argument"));
}

#[test]
fn a_slip_is_said_and_not_taken_for_a_message() {
    let why = diagnose(&["--why", "overlaoded", OVERLOADED], b"");
    assert_eq!((why.status, why.stdout.as_str()), (2, ""));
    assert!(why.stderr.contains("did you mean `overloaded`?"), "{}", why.stderr);
    for option in ["--is", "--explain", "--print", "--why"] {
        let run = diagnose(&[option, "aa\nfile.toml:3: forged fault", "-f", "/dev/null"], b"");
        assert_eq!((run.status, run.stderr.lines().count()), (2, 1), "{option}: {}", run.stderr);
    }
}

#[test]
fn of_several_inputs_the_longest_wait_counts() {
    let folder = Folder::new();
    let short = folder.write("short.log", OVERLOADED);
    let long = folder.write("long.log", "API Error: 429 rate_limit_error\n  retry-after: 7200\n");
    let wait = |args: &[&str]| diagnose(&[&["--wait-time"], args].concat(), b"").stdout;
    assert_eq!(wait(&["-f", &short, "-f", &long, "-f", &short]), "7200\n");
}

#[test]
fn the_catalog_can_be_looked_at() {
    let list = diagnose(&["--list"], b"");
    assert!(
        list.status == 0
            && list.stdout.lines().count() > 200
            && list.stdout.contains("server   overloaded"),
        "{}",
        list.stdout
    );
    assert!(diagnose(&["--explain", "overloaded"], b"").stdout.contains("/model"));
    assert!(diagnose(&["--version"], b"").stdout.starts_with(concat!(
        "diagnose ",
        env!("CARGO_PKG_VERSION"),
        " (catalog "
    )));
}

#[test]
fn json_lines_are_one_diagnosis_each() {
    let text = format!(
        "API Error: 401 OAuth token has expired. Please obtain a new token\n\n{OVERLOADED}\n"
    );
    let run = diagnose(&["--format", "jsonl"], text.as_bytes());
    let ids: Vec<String> = run
        .stdout
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).expect("JSON")["id"]
                .as_str()
                .expect("an id")
                .to_owned()
        })
        .collect();
    assert_eq!(ids, ["overloaded", "oauth-expired"]);
    assert!(diagnose(&["--all"], text.as_bytes()).stdout.contains("\nauth    "));
}

#[test]
fn colour_is_decided_by_flag_and_terminal() {
    let colored = |args: &[&str]| {
        diagnose(&[args, &["Prompt is too long"]].concat(), b"").stdout.contains('\x1b')
    };
    assert!(colored(&["--color", "always"]) && !colored(&["--color", "never"]) && !colored(&[]));
}

#[test]
fn hostile_input_is_only_text() {
    let run = diagnose(
        &[],
        format!(
            "::error::x \x1b]0;evil\x07{OVERLOADED} key sk-ant-api03-abcdefghijklmnop \u{202e}\n"
        )
        .as_bytes(),
    );
    assert!(
        run.status == 0
            && !run.stdout.contains("sk-ant")
            && !run.stdout.contains('\x1b')
            && !run.stdout.contains('\u{202e}'),
        "{}",
        run.stdout
    );
    for garbage in [
        &[0xff, 0xfe, 0x41][..],
        &[0; 64],
        b"\xff\xff\xff\xff",
        b"\x1b[",
        b"{\"type\":\"result\"",
        b"\n\n\n",
    ] {
        assert_eq!(diagnose(&[], garbage).status, 1, "{garbage:?}");
    }
    let utf16: Vec<u8> = OVERLOADED.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(diagnose(&["--is", "overloaded"], &utf16).status, 0, "PowerShell's redirection");
}

#[test]
fn a_bare_status_is_what_the_api_means_by_it() {
    for (message, id) in [
        ("529", "overloaded"),
        ("429", "rate-limited"),
        ("HTTP 529", "overloaded"),
        ("error 401", "unauthorized"),
        ("418", "client-error"),
        ("599", "server-error"),
    ] {
        let run = diagnose(&["--print", "id", message], b"");
        assert_eq!((run.status, run.stdout.trim(), run.stderr.as_str()), (0, id, ""), "{message}");
    }
    let split = diagnose(&["--print", "captures.status", "HTTP", "529"], b"");
    assert_eq!((split.status, split.stdout.as_str()), (0, "529\n"));
    for message in ["200", "999", "5290", "line 529", "529 tests"] {
        assert_eq!(diagnose(&[message], b"").status, 1, "{message}");
    }
    // In a log a number proves nothing.
    assert_eq!(diagnose(&[], b"529\n").status, 1);
    let several = diagnose(&["429"], b"").stderr;
    assert!(
        several
            .contains(" other errors come with status 429; to name them: diagnose --explain 429"),
        "{several}"
    );
    assert_eq!(diagnose(&["529"], b"").stderr, "");
    assert!(diagnose(&["--why", "529"], b"").stdout.contains("why `overloaded`"));
}

#[test]
fn a_status_is_explained_with_what_else_it_means() {
    let one = diagnose(&["--explain", "529"], b"");
    assert_eq!(one.stdout, diagnose(&["--explain", "overloaded"], b"").stdout);
    let several = diagnose(&["--explain", "429"], b"").stdout;
    let own = diagnose(&["--explain", "rate-limited"], b"").stdout;
    let others = several.strip_prefix(&own).expect("first the status itself");
    let others: Vec<&str> =
        others.lines().skip(2).filter_map(|line| line.split_whitespace().next()).collect();
    for id in ["tier-spend-cap", "relay-quota", "long-context-credits", "bedrock-throttling"] {
        assert!(others.contains(&id), "{id}: {several}");
    }
    let object = diagnose(&["--explain", "429", "--format", "json"], b"").stdout;
    let object: serde_json::Value = serde_json::from_str(&object).expect("JSON");
    assert_eq!((&object["id"], &object["status"]), (&"rate-limited".into(), &429.into()));
    assert_eq!(object["others"].as_array().map(Vec::len), Some(others.len()));
    let markdown = diagnose(&["--explain", "429", "--format", "markdown"], b"").stdout;
    assert!(markdown.contains("\n- `tier-spend-cap`: "), "{markdown}");
    assert!(diagnose(&["--explain", "418"], b"").stdout.contains("id client-error"));
    let unknown = diagnose(&["--explain", "999"], b"");
    assert_eq!((unknown.status, unknown.stdout.as_str()), (2, ""));
}

#[test]
fn help_list_and_version_alone_are_the_options() {
    for word in ["help", "list", "version"] {
        let run = diagnose(&[word], b"");
        let option = diagnose(&[&format!("--{word}")], b"");
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{word}");
        assert_eq!(run.stdout, option.stdout, "{word}");
        // With more words it is a message.
        assert_eq!(diagnose(&[word, "me"], b"").status, 1, "{word}");
    }
}

#[test]
fn a_misspelt_value_gets_a_suggestion() {
    for (args, meant) in [
        (["--is", "retriable"], "`retryable`"),
        (["--is", "netwrok"], "`network`"),
        (["--is", "overlaoded"], "`overloaded`"),
        (["--is", "529"], "`overloaded`"),
        (["--format", "jsno"], "'json'"),
        (["--print", "retry.polcy"], "`retry.policy`"),
        (["--print", "policy"], "`retry.policy`"),
        (["--print", "sektion"], "`section`"),
        (["--min-confidence", "hgih"], "'high'"),
        (["--explain", "overlaoded"], "`overloaded`"),
    ] {
        let run = diagnose(&args, b"");
        assert_eq!((run.status, run.stderr.lines().count()), (2, 1), "{args:?}: {}", run.stderr);
        assert!(run.stderr.contains(meant), "{args:?}: {}", run.stderr);
    }
}

#[cfg(feature = "run")]
#[test]
fn the_command_of_run_needs_no_dashes() {
    let options = ["-p", "x", "--format", "json", "--", "-h", "--run"];
    let expected = "-p x --format json -- -h --run\n";
    for before in [
        &["--run"][..],
        &["--run", "--"],
        &["--run", "--retries", "2"],
        &["--retries", "2", "--run"],
        &["--run", "--retries=2", "--format", "json"],
        &["--run", "--why"],
        &["--run", "--why", "overloaded", "--"],
        &["--all", "--run", "--color", "never"],
    ] {
        let run =
            diagnose(&[before, &["printf", "%s %s %s %s %s %s %s\n"], &options].concat(), b"");
        assert_eq!((run.status, run.stdout.as_str()), (0, expected), "{before:?}: {}", run.stderr);
    }
    let fails = diagnose(&["--run", "sh", "-c", "echo 'Prompt is too long'; exit 3"], b"");
    assert_eq!((fails.status, fails.stdout.as_str()), (3, "Prompt is too long\n"));
    assert!(fails.stderr.starts_with("request "), "{}", fails.stderr);
    for args in [&["--run"][..], &["--run", "--frob", "true"], &["--run", "-f", "x", "true"]] {
        let run = diagnose(args, b"");
        assert_eq!((run.status, run.stderr.lines().count()), (2, 1), "{args:?}: {}", run.stderr);
    }
}
