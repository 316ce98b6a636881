//! `--completions` and `--man`: what there is to type, for shells and for readers, written from the
//! arguments themselves, so that neither can lag behind. Nothing of this runs unless it is asked
//! for.

use clap::CommandFactory as _;
use clap::builder::PossibleValuesParser;
use clap_complete::Shell;
use clap_mangen::Man;

use super::args::{Args, USAGE};
use super::suggest;

/// The variables that decide about colour, width and files, beside the options.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("NO_COLOR", "If not empty: no colours, unless --color asks for them."),
    (
        "CLICOLOR_FORCE",
        "If neither empty nor 0, and NO_COLOR is not set: colours even if the output is no terminal.",
    ),
    ("TERM", "dumb: no colours."),
    ("COLUMNS", "The width to wrap at, instead of the terminal's."),
    ("XDG_CONFIG_HOME", "Where diagnose/catalog.d/*.toml lies; without it, ~/.config."),
    (
        "GITHUB_STEP_SUMMARY, GITHUB_OUTPUT",
        "With --format github: the files that take the job summary and the outputs of the step.",
    ),
];

/// The script that teaches a shell the options and their values.
pub(super) fn completions(shell: Shell) -> String {
    // Any id may follow `--is`, so the parser cannot have a list; a shell gets the words that are
    // worth remembering.
    let mut command = Args::command()
        .mut_arg("is", |arg| arg.value_parser(PossibleValuesParser::new(suggest::words())));
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "diagnose", &mut script);
    text(script)
}

/// The manual page, in the language of man(1).
pub(super) fn page() -> String {
    let command = Args::command().override_usage(USAGE);
    let after = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    let man = Man::new(command);
    let mut page = Vec::new();
    for part in [
        Man::render_name_section,
        Man::render_synopsis_section,
        Man::render_description_section,
        Man::render_options_section,
    ] {
        part(&man, &mut page).expect("a vector takes all");
    }
    // Two breaks with nothing between them are meant to be an empty line; mandoc(1) warns of them.
    let options = text(page).replace("\n.br\n\n.br\n", "\n.sp\n");
    // Written here, because an empty date gets lost on the way, and its neighbours take its place.
    let title = format!(
        ".TH DIAGNOSE 1 \"\" \"diagnose {}\" \"User Commands\"\n",
        env!("CARGO_PKG_VERSION")
    );
    let meanings = ENVIRONMENT
        .iter()
        .map(|(name, meaning)| format!(".TP\n.B {}\n{}\n", escape(name), escape(meaning)));
    let environment = format!(".SH ENVIRONMENT\n{}", meanings.collect::<String>());
    title + &options + &environment + &after.split("\n\n").map(section).collect::<String>()
}

/// One block of what the help says after the options, as a section of the page; its first words
/// name it. Examples keep their
/// lines, prose is filled.
fn section(block: &str) -> String {
    let (name, body) = block.split_once(':').unwrap_or((block, ""));
    let (start, end) = if body.starts_with('\n') { (".nf\n", ".fi\n") } else { ("", "") };
    let lines: String = body
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| escape(line) + "\n")
        .collect();
    format!(".SH {}\n{start}{lines}{end}", name.to_uppercase())
}

/// Escapes plain text for roff: backslashes, hyphens (they are to be pasted), quotes, and a dot at
/// the start, which would make the line a request.
fn escape(line: &str) -> String {
    let line = line.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq");
    if line.starts_with('.') { format!("\\&{line}") } else { line }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("it is made of our own text")
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn text_is_no_request() {
        assert_eq!(escape(".SH -f 'x' \\"), "\\&.SH \\-f \\(aqx\\(aq \\e");
        assert_eq!(escape("'x"), "\\(aqx");
    }
}
