//! What to do, made concrete for one reader: the steps and checks of an entry that may be for them,
//! with what the message names filled in, each command with the place where it is typed.

use std::collections::BTreeMap;

use crate::catalog::{Check, Group, Step, Surface, substitution, words};
use crate::provenance::Reader;

words! {
    /// Where a command is typed.
    Prompt {
        /// The prompt of Claude Code.
        Claude = "claude",
        /// A POSIX shell.
        Shell = "shell",
        /// PowerShell.
        PowerShell = "powershell",
        /// A browser's address line.
        Link = "link",
    }
}

/// A command and where it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Command {
    /// What is typed or opened.
    pub text: String,
    /// Where.
    pub at: Prompt,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advice {
    /// In words; where it may not be for this reader, it begins by saying for whom it is.
    pub text: String,
    /// What to type or open.
    pub command: Option<Command>,
    /// The surfaces that it is for; all if empty.
    pub on: Vec<Surface>,
    /// It goes on from the one before it; without, it is an alternative.
    pub then: bool,
}

/// A way to tell causes apart.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Test {
    /// The question, and what answers it.
    pub ask: Advice,
    /// What the answers mean, each as `answer: meaning`.
    pub means: Vec<String>,
}

/// What messages captured, by name.
pub type Captures = BTreeMap<String, String>;

/// The steps that may be for a reader; all, where the catalog has none for them.
pub(crate) fn steps(steps: &[Step], captures: &Captures, reader: &Reader) -> Vec<Advice> {
    let for_reader = steps.iter().filter(|step| reader.may_use(&step.on));
    let chosen: Vec<Advice> = for_reader.map(|step| advice(step, captures, reader)).collect();
    let all = || steps.iter().map(|step| advice(step, captures, reader)).collect();
    if chosen.is_empty() { all() } else { chosen }
}

/// The checks that may be for a reader.
pub(crate) fn checks(checks: &[Check], captures: &Captures, reader: &Reader) -> Vec<Test> {
    let for_reader = checks.iter().filter(|check| reader.may_use(&check.ask.on));
    let test = |check: &Check| Test {
        ask: advice(&check.ask, captures, reader),
        means: check.means.iter().map(|means| fill(means, captures)).collect(),
    };
    for_reader.map(test).collect()
}

fn advice(step: &Step, captures: &Captures, reader: &Reader) -> Advice {
    let command = command(step, captures, reader);
    let text = fill(&step.text, captures);
    let mut unsure = reader.unsure(&step.on);
    // `/model` says itself where it is typed.
    if command.as_ref().is_some_and(|command| command.at == Prompt::Claude) {
        unsure.retain(|of| !of.is_claude_code());
    }
    let text = match label(&unsure) {
        Some(label) => format!("{label}: {}", in_sentence(&text)),
        None => text,
    };
    Advice { text, command, on: step.on.to_vec(), then: step.then }
}

/// A sentence behind a colon: without its capital, unless that is of a name such as `API`.
fn in_sentence(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            format!("{}{}", first.to_lowercase(), chars.as_str())
        }
        _ => text.to_owned(),
    }
}

/// What to type, in the shell of the reader.
fn command(step: &Step, captures: &Captures, reader: &Reader) -> Option<Command> {
    let windows = !reader.may_use(&[Surface::Linux, Surface::Macos]);
    let for_windows = step.on.contains(&Surface::Windows);
    let command = |text: &str, at| Some(Command { text: fill(text, captures), at });
    match (&step.powershell, &step.run) {
        (Some(powershell), _) if windows => command(powershell, Prompt::PowerShell),
        (_, Some(run)) if run.starts_with("https://") => command(run, Prompt::Link),
        (_, Some(run)) if is_slash_command(run) => command(run, Prompt::Claude),
        (_, Some(run)) if windows || for_windows => command(run, Prompt::PowerShell),
        (_, Some(run)) => command(run, Prompt::Shell),
        (_, None) => None,
    }
}

/// `/model sonnet`, not `/usr/bin/env`.
pub(crate) fn is_slash_command(run: &str) -> bool {
    let name = run.strip_prefix('/').and_then(|rest| rest.split(' ').next());
    name.is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b"-:".contains(&b))
    })
}

/// `In your own code, on Bedrock or Vertex AI`: for whom a step is that may not be for this reader.
fn label(on: &[Surface]) -> Option<String> {
    let groups = Group::ALL.iter().filter_map(|group| {
        let of_group: Vec<Surface> = on.iter().copied().filter(|of| of.group() == *group).collect();
        label_of_group(&of_group)
    });
    groups.reduce(|label, group| format!("{label}, {}", in_sentence(&group)))
}

/// The same of one group: `On Bedrock, Vertex AI or Foundry`.
fn label_of_group(on: &[Surface]) -> Option<String> {
    let claude_code = on.iter().filter(|of| of.is_claude_code()).count() > 1;
    let mut names: Vec<(&str, &str)> = Vec::new();
    for surface in on {
        let is_form = claude_code && surface.is_claude_code();
        let name = if is_form { Surface::Cli.name() } else { surface.name() };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let (last, before) = names.split_last()?;
    let Some(((preposition, first), rest)) = before.split_first() else {
        return Some(format!("{} {}", last.0, last.1));
    };
    let mut label = format!("{preposition} {first}");
    for (_, name) in rest {
        label.push_str(", ");
        label.push_str(name);
    }
    Some(format!("{label} or {}", last.1))
}

/// Puts captures into a text: `{name}`, or `{name|otherwise}` for what may be unknown.
pub(crate) fn fill(text: &str, captures: &Captures) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        // `%{http_code}` is curl's.
        if before.ends_with('%') {
            filled.push('{');
            rest = after;
        } else if let Some((name, otherwise, tail)) = substitution(after) {
            filled.push_str(captures.get(name).map_or(otherwise.unwrap_or(name), String::as_str));
            rest = tail;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captures_are_filled_in() {
        let captures = BTreeMap::from([("model".to_owned(), "opus".to_owned())]);
        assert_eq!(
            fill("{model} and {other|the other}; {\"json\": 1}", &captures),
            "opus and the other; {\"json\": 1}"
        );
        assert_eq!(fill("{model", &captures), "{model");
    }

    #[test]
    fn steps_follow_the_surface() {
        let step = |text: &'static str, on: &[Surface]| Step {
            text: text.into(),
            run: None,
            powershell: None,
            on: on.to_vec().into(),
            then: false,
        };
        let all =
            [step("all", &[]), step("aws", &[Surface::Bedrock]), step("shell", &[Surface::Cli])];
        let texts = |reader: &Reader| {
            let advice = steps(&all, &BTreeMap::new(), reader).into_iter();
            advice.map(|advice| advice.text).collect::<Vec<_>>()
        };
        let reader = Reader::default();
        assert_eq!(texts(&reader), ["all", "On Bedrock: aws", "In Claude Code: shell"]);
        let bedrock = reader.using(Surface::Bedrock).using(Surface::Sdk);
        assert_eq!(texts(&bedrock), ["all", "aws"]);
    }

    #[test]
    fn a_command_is_typed_in_the_shell_of_the_reader() {
        let step = |run: &'static str, powershell: Option<&'static str>| Step {
            text: "x".into(),
            run: Some(run.into()),
            powershell: powershell.map(Into::into),
            on: [].as_slice().into(),
            then: false,
        };
        let typed = |step: &Step, on: Surface| {
            let command = advice(step, &BTreeMap::new(), &Reader::default().using(on)).command;
            command.map(|command| (command.text, command.at)).expect("it has one")
        };
        let unset = step("unset A", Some("Remove-Item Env:A"));
        assert_eq!(typed(&unset, Surface::Linux), ("unset A".into(), Prompt::Shell));
        let windows = ("Remove-Item Env:A".into(), Prompt::PowerShell);
        assert_eq!(typed(&unset, Surface::Windows), windows);
        assert_eq!(typed(&step("/model", None), Surface::Windows).1, Prompt::Claude);
        assert_eq!(typed(&step("https://a.b", None), Surface::Linux).1, Prompt::Link);
        assert_eq!(typed(&step("/usr/bin/env", None), Surface::Linux).1, Prompt::Shell);
    }

    #[test]
    fn labels_read_as_words() {
        let on = [Surface::Bedrock, Surface::Vertex, Surface::Foundry];
        assert_eq!(label(&on).as_deref(), Some("On Bedrock, Vertex AI or Foundry"));
        assert_eq!(label(&[Surface::Cli, Surface::Ide]).as_deref(), Some("In Claude Code"));
        let on = [Surface::Sdk, Surface::Bedrock, Surface::Vertex];
        assert_eq!(label(&on).as_deref(), Some("In your own code, on Bedrock or Vertex AI"));
        assert_eq!(label(&[]), None);
    }
}
