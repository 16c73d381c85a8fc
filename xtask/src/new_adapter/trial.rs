//! Tries `new-adapter` out: an adapter for every port that one can be generated for, in a workspace of its own beside
//! the build, linted like our own code, and failing cases of each port. The real workspace is only read.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use toml::{Table, Value};

use super::port::{self, Port};
use super::render;
use crate::shell;
use crate::workspace::Workspace;

const NAME: &str = "trial";

/// Ports that are the platform's own business and that no vendor is adapted to.
const NO_ADAPTER: &[&str] = &["Clock"];

/// Generates an adapter for all ports and compiles it with its conformance test, warnings being errors.
pub(crate) fn check_generated(workspace: &Workspace) -> Result<()> {
    let ports: Vec<Port> = port::all(&workspace.root)?
        .into_iter()
        .filter(|port| !NO_ADAPTER.contains(&port.name.as_str()))
        .collect();
    if ports.is_empty() {
        bail!("no port was found under crates/domain");
    }
    let folder = workspace.target.join("xtask").join("new-adapter");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let text = fs::read_to_string(workspace.root.join("Cargo.toml"))?;
    fs::write(folder.join("Cargo.toml"), detached(&text, &workspace.root)?)?;
    for file in ["Cargo.lock", "clippy.toml", "rustfmt.toml"] {
        fs::copy(workspace.root.join(file), folder.join(file))
            .with_context(|| format!("could not copy {file}"))?;
    }
    let files = render::adapter(&workspace.root, NAME, &ports)?;
    super::write(&folder.join("crates").join("adapters").join(NAME), &files)?;
    println!("an adapter for {} ports in {}", ports.len(), folder.display());
    shell::run(&mut shell::cargo(&folder, ["fmt", "--check"]))?;
    let mut clippy = shell::cargo(&folder, ["clippy", "--all-targets", "--target-dir"]);
    shell::run(clippy.arg(&workspace.target).args(["--", "-D", "warnings"]))?;
    let mut tests =
        shell::cargo(&folder, ["test", "--no-fail-fast", "--test", "conformance", "--target-dir"]);
    let transcript = shell::overhear(tests.arg(&workspace.target).env("RUST_BACKTRACE", "0"))?;
    judge(&transcript.text, &ports).inspect_err(|_| println!("{}", transcript.text))
}

/// An adapter that does nothing keeps no promise: a case that passes it tests nothing, and so does a port without a
/// failing case.
fn judge(transcript: &str, ports: &[Port]) -> Result<()> {
    let modules: Vec<String> = ports.iter().map(Port::module).collect();
    let vacuous = cases(transcript, "ok", &modules);
    if !vacuous.is_empty() {
        bail!("an adapter that does nothing passes {}", vacuous.join(", "));
    }
    let failing = cases(transcript, "FAILED", &modules);
    let failing_in = |module: &String| failing.iter().any(|case| case.starts_with(&format!("{module}::")));
    let idle: Vec<&str> = modules.iter().filter(|module| !failing_in(module)).map(String::as_str).collect();
    if !idle.is_empty() {
        bail!("an adapter that does nothing fails no case of {}", idle.join(", "));
    }
    println!("the empty adapter compiles; its {} failing cases are what is left to do", failing.len());
    Ok(())
}

/// Cases of these modules with this result, as libtest reports them: `test tick_store::some_promise ... ok`.
fn cases<'a>(transcript: &'a str, result: &str, modules: &[String]) -> Vec<&'a str> {
    transcript
        .lines()
        .filter_map(|line| line.strip_prefix("test ")?.split_once(" ... "))
        .filter(|(case, ended)| {
            *ended == result && modules.iter().any(|module| case.starts_with(&format!("{module}::")))
        })
        .map(|(case, _)| case)
        .collect()
}

/// The root manifest of a workspace with one adapter, whose other members are found where they are.
fn detached(manifest: &str, root: &Path) -> Result<String> {
    let mut manifest: Table = manifest.parse().context("the root manifest is not TOML")?;
    let workspace =
        manifest.get_mut("workspace").and_then(Value::as_table_mut).context("the root has no [workspace]")?;
    workspace.remove("default-members");
    workspace
        .insert("members".to_owned(), Value::Array(vec![Value::String(format!("crates/adapters/{NAME}"))]));
    let shared = workspace
        .get_mut("dependencies")
        .and_then(Value::as_table_mut)
        .context("the root has no [workspace.dependencies]")?;
    for (_, dependency) in shared.iter_mut() {
        let Some(table) = dependency.as_table_mut() else { continue };
        if let Some(path) = table.get("path").and_then(Value::as_str) {
            let absolute = root.join(path).to_string_lossy().into_owned();
            table.insert("path".to_owned(), Value::String(absolute));
        }
    }
    toml::to_string(&manifest).context("the detached manifest cannot be written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detached_workspace_finds_its_members_where_they_are() {
        let root = "[workspace]\nmembers = [\"a\"]\ndefault-members = [\"a\"]\n[workspace.dependencies]\nours = { path = \"crates/ours\" }\nserde = \"1\"\n";
        let detached: Table = detached(root, Path::new("house")).unwrap().parse().unwrap();
        let workspace = detached["workspace"].as_table().unwrap();
        assert_eq!(workspace["members"].as_array().unwrap().len(), 1);
        assert!(!workspace.contains_key("default-members"));
        let path = workspace["dependencies"]["ours"]["path"].as_str().unwrap();
        assert_eq!(Path::new(path), Path::new("house").join("crates/ours"));
        assert_eq!(workspace["dependencies"]["serde"].as_str(), Some("1"));
    }

    #[test]
    fn an_empty_adapter_must_fail_in_each_port() {
        let port = |name: &str| Port {
            name: name.to_owned(),
            methods: Vec::new(),
            uses: std::collections::BTreeSet::new(),
        };
        let ports = [port("TickStore"), port("BarStore")];
        let both = "test tick_store::a ... FAILED\ntest bar_store::b ... FAILED\n";
        assert!(judge(both, &ports).is_ok());
        let ignored = "test tick_store::a ... FAILED\ntest bar_store::b ... ignored, not claimed\n";
        assert!(judge(ignored, &ports).is_err());
        assert!(judge(&format!("{both}test bar_store::c ... ok\n"), &ports).is_err());
        assert!(judge(&format!("{both}{ignored}"), &ports).is_ok());
        assert!(judge("error: could not compile\n", &ports).is_err());
    }
}
