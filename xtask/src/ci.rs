//! Everything a change must pass, step by step. Continuous integration and a person at the keyboard run the same steps
//! in the same order; the first failure stops and says how to run that step alone.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::conformance::clients;
use crate::release::{self, Release};
use crate::shell::{self, Stopwatch};
use crate::workspace::Workspace;
use crate::{deny, fuzz, integration, layers, new_adapter, suite, tables};

#[derive(Args)]
pub(crate) struct Options {
    /// Runs only this step.
    #[arg(long, value_name = "STEP")]
    only: Option<String>,
}

struct Step {
    name: &'static str,
    what: &'static str,
    run: fn(&Workspace) -> Result<()>,
}

/// Cheap steps first.
const STEPS: &[Step] = &[
    Step { name: "fmt", what: "sources are formatted", run: fmt },
    Step {
        name: "layers",
        what: "the walls hold",
        run: |workspace| layers::run(workspace, &layers::Options::CHECK),
    },
    Step { name: "deny", what: "licences, bans, sources", run: deny::run },
    Step { name: "clippy", what: "no warning", run: clippy },
    Step {
        name: "test",
        what: "every test of every kind",
        run: |workspace| suite::run(workspace, &suite::Options::ALL),
    },
    Step { name: "laws", what: "the law of the wire, and that nothing leaks, ten thousand times", run: laws },
    Step { name: "docs", what: "documentation builds", run: docs },
    Step {
        name: "new-adapter",
        what: "a generated adapter compiles, and fails",
        run: new_adapter::check_generated,
    },
    Step { name: "demo", what: "the demo runs, twice the same", run: demo },
    Step {
        name: "integration",
        what: "every scenario on every simulated broker",
        run: integration::on_fakes,
    },
    Step { name: "wire", what: "no bytes break it, and other people's clients are served", run: wire },
];

/// Runs all steps, or the one that was asked for.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let steps = chosen(options.only.as_deref())?;
    let mut rows = Vec::new();
    for step in steps {
        println!("\n=== {}: {}", step.name, step.what);
        let watch = Stopwatch::start();
        let result = (step.run)(workspace);
        let seconds = format!("{:.1}", watch.seconds());
        println!("=== {}: {} after {seconds} s", step.name, if result.is_ok() { "passed" } else { "FAILED" });
        let verdict = if result.is_ok() { "passed" } else { "FAILED" };
        rows.push(vec![step.name.to_owned(), verdict.to_owned(), seconds, step.what.to_owned()]);
        if let Err(error) = result {
            println!("\n{}", tables::markdown(&["step", "verdict", "seconds", "what"], &rows));
            return Err(error.context(format!(
                "step {} failed; run it alone with `cargo xtask ci --only {}`",
                step.name, step.name
            )));
        }
    }
    println!("\n{}", tables::markdown(&["step", "verdict", "seconds", "what"], &rows));
    Ok(())
}

fn chosen(only: Option<&str>) -> Result<Vec<&'static Step>> {
    let steps: Vec<&Step> = STEPS.iter().filter(|step| only.is_none_or(|only| only == step.name)).collect();
    if steps.is_empty() {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        bail!("no such step; there are {}", names.join(", "));
    }
    Ok(steps)
}

fn fmt(workspace: &Workspace) -> Result<()> {
    shell::run(&mut shell::cargo(&workspace.root, ["fmt", "--all", "--check"]))?;
    // A workspace of its own.
    shell::run(&mut shell::cargo(&workspace.root.join(fuzz::FOLDER), ["fmt", "--check"]))
}

fn clippy(workspace: &Workspace) -> Result<()> {
    let arguments = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    shell::run(&mut shell::cargo(&workspace.root, arguments))
}

/// Ten thousand cases of each kind: only an optimised build is fast enough. And ten thousand connections of which nothing is
/// left: that one counts what its process has open, so it is alone there.
fn laws(workspace: &Workspace) -> Result<()> {
    release::laws(workspace)?;
    let leaves_nothing = "link::nothing_is_left_of_ten_thousand_connections";
    let arguments =
        ["test", "--workspace", "--test", "conformance", "--", "--ignored", "--exact", leaves_nothing];
    let told = shell::transcribe(&mut shell::cargo(&workspace.root, arguments))?;
    if !told.success || suite::plain_cases(&told.text) != 1 {
        bail!("something is left of ten thousand connections, or nobody looked");
    }
    Ok(())
}

/// Fuzzers and sessions side by side, once all is built: beside a compiler a fuzzer takes its own hunger for a hang.
fn wire(workspace: &Workspace) -> Result<()> {
    let sessions = clients::prepare(workspace, &clients::Options::all())?;
    fuzz::beside(workspace, || sessions.play())
}

fn docs(workspace: &Workspace) -> Result<()> {
    let mut command = shell::cargo(&workspace.root, ["doc", "--no-deps", "--workspace"]);
    shell::run(command.env("RUSTDOCFLAGS", "-D warnings"))
}

/// Runs the demo twice from nothing, in the same folder, so that even the paths it prints must agree.
fn demo(workspace: &Workspace) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("tradeport-demo-{}", std::process::id()));
    let result = demo_twice(workspace, &folder);
    remove(&folder)?;
    result
}

fn demo_twice(workspace: &Workspace, folder: &Path) -> Result<()> {
    let program = Release::build(workspace)?.program();
    let mut outputs = Vec::new();
    for _ in 0..2 {
        remove(folder)?;
        fs::create_dir_all(folder)?;
        let watch = Stopwatch::start();
        let mut command = Command::new(&program);
        outputs.push(shell::read(command.args(["demo", "--data-dir"]).arg(folder))?);
        println!("demo: {:.1} s", watch.seconds());
    }
    let [first, second] = outputs.as_slice() else { bail!("the demo did not run twice") };
    println!("{first}");
    same(first, second)
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("could not remove {}", folder.display()))?;
    }
    Ok(())
}

/// The same text twice, and not an empty one.
fn same(first: &str, second: &str) -> Result<()> {
    if first.trim().is_empty() {
        bail!("the demo printed nothing");
    }
    let mut lines = first.lines().zip(second.lines()).enumerate();
    if let Some((place, (left, right))) = lines.find(|(_, (left, right))| left != right) {
        bail!("two runs differ in line {}:\n  first:  {left}\n  second: {right}", place + 1);
    }
    if first.lines().count() != second.lines().count() {
        bail!("two runs print {} and {} lines", first.lines().count(), second.lines().count());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_steps_or_the_one_that_is_named() {
        assert_eq!(chosen(None).unwrap().len(), STEPS.len());
        assert_eq!(chosen(Some("clippy")).unwrap().len(), 1);
        assert!(chosen(Some("clipy")).is_err());
    }

    #[test]
    fn two_runs_must_print_the_same() {
        assert!(same("sharpe 1.2\n", "sharpe 1.2\n").is_ok());
        assert!(same("sharpe 1.2\n", "sharpe 1.3\n").is_err());
        assert!(same("sharpe 1.2\n", "sharpe 1.2\nmore\n").is_err());
        assert!(same("", "").is_err(), "a demo that says nothing shows nothing");
    }
}
