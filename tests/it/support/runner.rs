//! What a CI system does with a job, as far as our action and our recipes need it: a folder of its
//! own, programs on the path, scripts in files, and the variables and files of a runner of GitHub
//! Actions.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use yaml_rust2::{Yaml, YamlLoader};

use super::{Folder, read, root};

/// The shells of GitHub: the one that is named, and the one that a step has without.
const BASH: [&str; 5] = ["bash", "--noprofile", "--norc", "-eo", "pipefail"];
const UNNAMED: [&str; 2] = ["bash", "-e"];

/// A folder in which a job runs.
pub(crate) struct Job {
    pub(crate) folder: Folder,
    /// Folders that come before those of the path, first one first.
    path: Vec<PathBuf>,
    env: BTreeMap<String, String>,
    /// The folder that the job caches, and its key.
    cached: Option<(String, String)>,
}

/// What a script left behind.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) status: i32,
    /// Standard output and error, as they came.
    pub(crate) text: String,
}

impl Job {
    pub(crate) fn new() -> Self {
        let folder = Folder::new();
        let bin = folder.0.join("bin");
        fs::create_dir_all(&bin).expect("temporary folder");
        Self { folder, path: vec![bin], env: BTreeMap::new(), cached: None }
    }

    /// Puts our binary on the path.
    pub(crate) fn with_diagnose(self) -> Self {
        symlink(env!("CARGO_BIN_EXE_diagnose"), self.folder.0.join("bin/diagnose"))
            .expect("a link");
        self
    }

    /// Puts a program on the path: a script of sh.
    pub(crate) fn with_program(self, name: &str, script: &str) -> Self {
        let file = self.folder.0.join("bin").join(name);
        fs::write(&file, format!("#!/bin/sh\n{script}\n")).expect("written");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("it can be run");
        self
    }

    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.env.insert(name.into(), value.into());
    }

    pub(crate) fn read(&self, file: &str) -> String {
        self.folder.read(file)
    }

    /// Runs a script from a file, as CI systems do.
    pub(crate) fn run(&self, shell: &[&str], script: &str, stdin: &str) -> Left {
        let (file, said) = (self.folder.0.join("script"), self.folder.0.join("said"));
        fs::write(&file, script).expect("written");
        let out = fs::File::create(&said).expect("written");
        let mut child = Command::new(shell[0])
            .args(&shell[1..])
            .arg(&file)
            .current_dir(&self.folder.0)
            .env_remove("GITHUB_ACTIONS")
            .env("HOME", &self.folder.0)
            .env("COLUMNS", "80")
            .env("PATH", self.path())
            .envs(&self.env)
            .stdin(Stdio::piped())
            .stdout(out.try_clone().expect("a handle"))
            .stderr(out)
            .spawn()
            .expect("the shell starts");
        // A script that does not read its input closes it early.
        let _ = child.stdin.take().expect("piped").write_all(stdin.as_bytes());
        let status = child.wait().expect("it ends").code().expect("no signal");
        Left { status, text: self.read("said") }
    }

    /// Runs one line in a shell.
    pub(crate) fn line(&self, line: &str) -> Left {
        self.run(&["sh"], line, "")
    }

    /// Our folders, and those of the machine that have no `diagnose` of their own.
    fn path(&self) -> String {
        let theirs = env::var_os("PATH").unwrap_or_default();
        let theirs = env::split_paths(&theirs).filter(|folder| !folder.join("diagnose").exists());
        let all = self.path.iter().cloned().chain(theirs);
        env::join_paths(all).expect("folders of a path").into_string().expect("UTF-8")
    }

    /// Runs a step of a job or of a composite action; `expression` says what stands for what is
    /// between `${{` and `}}`.
    pub(crate) fn step(&mut self, step: &Yaml, expression: impl Fn(&str) -> String) -> Left {
        let [output, summary, path] =
            ["output", "summary", "path"].map(|file| self.folder.0.join(file));
        self.set("GITHUB_OUTPUT", output.to_string_lossy());
        self.set("GITHUB_STEP_SUMMARY", summary.to_string_lossy());
        self.set("GITHUB_PATH", path.to_string_lossy());
        self.set("RUNNER_TEMP", self.folder.0.join("temp").to_string_lossy());
        for (name, value) in step["env"].as_hash().into_iter().flatten() {
            let value = value.as_str().expect("a text");
            let inner = value.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}"));
            self.set(
                name.as_str().expect("a name"),
                inner.map_or(value.to_owned(), |inner| expression(inner.trim())),
            );
        }
        let script = step["run"].as_str().expect("a script");
        assert!(
            !script.contains("${{"),
            "what comes from outside must not become part of a script: {script}"
        );
        let left = self.run(
            if step["shell"].as_str() == Some("bash") { &BASH } else { &UNNAMED },
            script,
            "",
        );
        let added = self.read("path");
        self.path.splice(..0, added.lines().map(PathBuf::from));
        let _ = fs::remove_file(path);
        left
    }

    /// The outputs that steps have set; of an action, those of its last step.
    pub(crate) fn outputs(&self) -> BTreeMap<String, String> {
        let text = self.read("output");
        let mut lines = text.lines();
        let mut outputs = BTreeMap::new();
        while let Some(line) = lines.next() {
            let (name, value) = if let Some((name, end)) = line.split_once("<<") {
                let value: Vec<&str> = lines.by_ref().take_while(|line| *line != end).collect();
                (name, value.join("\n"))
            } else {
                let (name, value) = line.split_once('=').expect("a name and a value");
                (name, value.to_owned())
            };
            outputs.insert(name.to_owned(), value);
        }
        outputs
    }

    /// Does what `actions/cache` does: takes what an earlier job has left under the key. What is
    /// kept at the end of a job is kept by `keep`.
    fn restore(&self, folder: &str, key: &str) {
        let kept = self.folder.0.join("cache").join(key);
        if kept.exists() {
            fs::create_dir_all(Path::new(folder).parent().expect("a parent")).expect("created");
            fs::rename(kept, folder).expect("moved");
        }
    }

    /// Ends the job: what was to be cached is kept for the next one, whose path is as it was.
    pub(crate) fn keep(&mut self) {
        let (folder, key) = self.cached.clone().expect("something is cached");
        let cache = self.folder.0.join("cache");
        fs::create_dir_all(&cache).expect("created");
        fs::rename(&folder, cache.join(key)).expect("moved");
        self.path.retain(|path| !path.starts_with(&folder));
    }

    /// Runs the action with inputs; where a step fails, that is the end.
    pub(crate) fn action(&mut self, inputs: &[(&str, &str)]) -> Left {
        let action = yaml(&read("action.yml"));
        let known = action["inputs"].as_hash().expect("inputs");
        for (name, _) in inputs {
            assert!(known.contains_key(&Yaml::from_str(name)), "no input is called {name}");
        }
        let mut outputs = BTreeMap::new();
        let value = |outputs: &BTreeMap<String, String>, expression: &str| {
            let Some(name) = expression.strip_prefix("inputs.") else {
                assert!(expression.starts_with("steps."), "{expression}");
                return outputs.get(expression).cloned().unwrap_or_default();
            };
            let given = inputs.iter().find(|(given, _)| *given == name).map(|(_, value)| *value);
            given
                .or(action["inputs"][name]["default"].as_str())
                .unwrap_or_else(|| panic!("{name} has no default"))
                .to_owned()
        };
        self.set("GITHUB_ACTION_PATH", root().to_string_lossy());
        self.set("RUNNER_OS", "Linux");
        self.set("RUNNER_ARCH", "X64");
        let mut all = String::new();
        for step in action["runs"]["steps"].as_vec().expect("steps") {
            let wanted = step["if"].as_str().is_none_or(|condition| {
                let name =
                    condition.strip_suffix(" != ''").unwrap_or_else(|| panic!("{condition}"));
                !value(&outputs, name).is_empty()
            });
            if !wanted {
                continue;
            }
            if let Some(other) = step["uses"].as_str() {
                assert!(other.starts_with("actions/cache@v"), "{other}");
                let [folder, key] = ["path", "key"].map(|name| {
                    let given = step["with"][name].as_str().expect("a text");
                    let inner = given.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}"));
                    value(&outputs, inner.expect("an expression").trim())
                });
                self.restore(&folder, &key);
                self.cached = Some((folder, key));
                continue;
            }
            assert_eq!(step["shell"].as_str(), Some("bash"), "a composite action names its shell");
            let _ = fs::remove_file(self.folder.0.join("output"));
            let left = self.step(step, |expression| value(&outputs, expression));
            all += &left.text;
            if left.status != 0 {
                return Left { text: all, ..left };
            }
            for (name, value) in self.outputs() {
                let id = step["id"].as_str().expect("a step that sets outputs has an id");
                outputs.insert(format!("steps.{id}.outputs.{name}"), value);
            }
        }
        Left { status: 0, text: all }
    }
}

/// The one document of a text.
pub(crate) fn yaml(text: &str) -> Yaml {
    let mut documents =
        YamlLoader::load_from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(documents.len(), 1, "{text}");
    documents.remove(0)
}
