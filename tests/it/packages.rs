//! What packages say of themselves: they agree with Cargo.toml, with the workflow that builds them, and with what the program writes for them.
//! Building and installing them needs a network; `integrations/packages.sh` does that.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;
use toml::de::{DeTable, DeValue};
use yaml_rust2::Yaml;

use crate::support::runner::yaml;
use crate::support::{Folder, read, root};

/// A file of TOML, as the texts, lists and tables that it is made of; anything else is null.
fn toml(file: &str) -> Value {
    fn value(of: &DeValue<'_>) -> Value {
        match of {
            DeValue::String(text) => Value::from(text.as_ref()),
            DeValue::Array(list) => list.iter().map(|item| value(item.get_ref())).collect(),
            DeValue::Table(table) => object(table),
            _ => Value::Null,
        }
    }
    fn object(table: &DeTable<'_>) -> Value {
        let fields =
            table.iter().map(|(name, of)| (name.get_ref().to_string(), value(of.get_ref())));
        Value::Object(fields.collect())
    }
    let text = read(file);
    object(DeTable::parse(&text).unwrap_or_else(|error| panic!("{file}: {error}")).get_ref())
}

fn manifest() -> Value {
    toml("Cargo.toml")
}

fn metadata(of: &str) -> Value {
    manifest()["package"]["metadata"][of].clone()
}

fn release() -> Yaml {
    yaml(&read(".github/workflows/release.yml"))
}

/// The steps of all jobs of a workflow.
fn steps(workflow: &Yaml) -> Vec<Yaml> {
    let jobs = workflow["jobs"].as_hash().expect("jobs");
    jobs.values().flat_map(|job| job["steps"].as_vec().expect("steps").clone()).collect()
}

fn script(name: &str) -> String {
    let step = steps(&release()).into_iter().find(|step| step["name"].as_str() == Some(name));
    step.and_then(|step| step["run"].as_str().map(str::to_owned)).expect("a step of that name")
}

/// Fills in what `cargo binstall` does.
fn filled(template: &str, target: &str, suffix: &str) -> String {
    let manifest = manifest();
    let package = |name: &str| manifest["package"][name].as_str().expect("a text").to_owned();
    let extension = if target.contains("windows") { ".exe" } else { "" };
    let filled = template
        .replace("{ repo }", &package("repository"))
        .replace("{ name }", &package("name"))
        .replace("{ bin }", &package("name"))
        .replace("{ version }", &package("version"))
        .replace("{ target }", target)
        .replace("{ archive-suffix }", suffix)
        .replace("{ binary-ext }", extension);
    assert!(!filled.contains('{'), "{filled}");
    filled
}

#[test]
fn binstall_fetches_what_the_release_workflow_packs() {
    let binstall = metadata("binstall");
    let text = |name: &str| binstall[name].as_str().expect("a text");
    let pack = script("Pack the archive");
    let tag = format!("v{}", manifest()["package"]["version"].as_str().expect("a version"));
    let workflow = release();
    let targets = workflow["jobs"]["archives"]["strategy"]["matrix"]["include"].as_vec();
    for target in targets.expect("targets") {
        let target = target["target"].as_str().expect("a target");
        let format = binstall["overrides"]
            .get(target)
            .map_or(text("pkg-fmt"), |other| other["pkg-fmt"].as_str().expect("a text"));
        let url = filled(text("pkg-url"), target, &format!(".{format}"));
        let (place, archive) = url.rsplit_once('/').expect("a path");
        assert!(place.ends_with(&format!("/releases/download/{tag}")), "{place}");
        // The name as the workflow's script makes it.
        let named = pack
            .lines()
            .find_map(|line| line.trim().strip_prefix("name=\"")?.strip_suffix('"'))
            .expect("the script names the archive")
            .replace("$GITHUB_REF_NAME", &tag)
            .replace("$TARGET", target);
        assert_eq!(archive, format!("{named}.{format}"));
        assert!(pack.contains(&format!("\"dist/$name.{format}\"")), "{format} is packed");
        let binary = if target.contains("windows") { "diagnose.exe" } else { "diagnose" };
        assert_eq!(filled(text("bin-dir"), target, ""), format!("{named}/{binary}"));
    }
    let targets: BTreeSet<_> =
        targets.expect("targets").iter().filter_map(|target| target["target"].as_str()).collect();
    for system in ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl"] {
        assert!(targets.contains(system), "a static binary for {system}");
    }
    for (name, _) in binstall["overrides"].as_object().expect("overrides") {
        assert!(targets.contains(name.as_str()), "{name} is built");
    }
}

#[test]
fn workflows_write_nothing_but_the_release_and_keep_expressions_out_of_scripts() {
    for (file, writers) in [("ci.yml", &[][..]), ("release.yml", &["publish"][..])] {
        let workflow = yaml(&read(&format!(".github/workflows/{file}")));
        let allowed = workflow["permissions"].as_hash().expect("permissions");
        assert_eq!(allowed.len(), 1);
        assert_eq!(workflow["permissions"]["contents"].as_str(), Some("read"));
        for (name, job) in workflow["jobs"].as_hash().expect("jobs") {
            let name = name.as_str().expect("a name");
            let own = job["permissions"].as_hash().map_or(0, yaml_rust2::yaml::Hash::len);
            assert_eq!(own, usize::from(writers.contains(&name)), "{file}: {name}");
            assert!(job["timeout-minutes"].as_i64().is_some(), "{file}: {name} ends");
        }
        for step in steps(&workflow) {
            let script = step["run"].as_str().unwrap_or_default();
            assert!(!script.contains("${{"), "what comes from outside is no script: {script}");
        }
    }
}

#[test]
fn a_release_is_of_a_version_and_the_version_that_the_manifest_names() {
    let workflow = release();
    let tags = workflow["on"]["push"]["tags"].as_vec().expect("tags");
    assert_eq!(tags.len(), 1);
    assert!(tags[0].as_str().is_some_and(|tag| tag.starts_with("v[0-9]+.[0-9]+.[0-9]+")));
    let line = format!("version = {}", manifest()["package"]["version"]);
    assert!(read("Cargo.toml").lines().any(|other| other == line), "the line that it looks for");
    assert!(script("The tag is the version of Cargo.toml").contains("grep -qxF"));
    assert!(script("Write the checksums").contains("sha256sum -- *"));
}

#[test]
fn the_debian_package_has_what_the_script_writes() {
    let deb = metadata("deb");
    let script = read("integrations/assets.sh");
    let assets = deb["assets"].as_array().expect("assets");
    let sources: Vec<_> = assets.iter().map(|asset| asset[0].as_str().expect("a source")).collect();
    for source in &sources {
        if let Some(name) = source.strip_prefix("target/assets/") {
            assert!(script.contains(&format!("> \"$folder/{name}\"")), "{name} is written");
        } else if *source != "target/release/diagnose" {
            assert!(root().join(source).is_file(), "{source} is a file");
        }
    }
    assert!(sources.contains(&"target/assets/diagnose.1") && sources.contains(&"LICENSE"));
}

#[test]
fn the_wheel_takes_all_that_it_says_from_the_manifest() {
    let python = toml("integrations/wheel/pyproject.toml");
    let project = python["project"].as_object().expect("a project");
    let dynamic = project["dynamic"].as_array().expect("a list");
    for field in ["version", "description", "license", "readme", "urls"] {
        assert!(dynamic.iter().any(|name| name.as_str() == Some(field)), "{field}");
        assert!(!project.contains_key(field), "{field} stands in one place");
    }
    assert_eq!(python["tool"]["maturin"]["bindings"].as_str(), Some("bin"));
}

#[test]
fn the_script_writes_the_manual_page_and_the_completions() {
    let folder = Folder::new();
    let status = Command::new(root().join("integrations/assets.sh"))
        .arg(env!("CARGO_BIN_EXE_diagnose"))
        .arg(&folder.0)
        .status()
        .expect("it starts");
    assert!(status.success());
    assert!(folder.read("diagnose.1").contains(".TH DIAGNOSE 1"));
    for file in ["diagnose.bash", "_diagnose", "diagnose.fish", "_diagnose.ps1", "diagnose.elv"] {
        assert!(folder.read(file).contains("min-confidence"), "{file}");
    }
}
