//! Everything a change must pass, step by step. Continuous integration and a person at the keyboard run the same steps
//! in the same order; the first failure stops and says how to run that step alone. What mostly waits for sockets and
//! for the clock runs beside its neighbours, once everything is built.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;

use crate::conformance::clients;
use crate::release::{self, Release};
use crate::shell::{self, Stopwatch};
use crate::workspace::Workspace;
use crate::{deny, fuzz, integration, layers, new_adapter, suite, tables};

#[derive(Args)]
pub(crate) struct Options {
    /// Runs only this step, or these: laws,wire.
    #[arg(long, value_name = "STEP", value_delimiter = ',')]
    only: Vec<String>,
}

struct Step {
    name: &'static str,
    what: &'static str,
    work: Work,
}

enum Work {
    /// It has the machine for itself.
    Alone(fn(&Workspace) -> Result<()>),
    /// It builds all that it needs first, and then needs every core: no two of these run at the same time.
    Busy(fn(&Workspace) -> Result<Prepared<'_>>),
    /// It builds all that it needs first, and then mostly waits: it runs beside its neighbours that are built first too.
    Waits(fn(&Workspace) -> Result<Prepared<'_>>),
}

/// What is left of a step once all is built. It says what it has to say in one piece.
pub(crate) type Prepared<'a> = Box<dyn FnOnce() -> Result<()> + Send + 'a>;

/// Cheap steps first.
const STEPS: &[Step] = &[
    Step { name: "fmt", what: "sources are formatted", work: Work::Alone(fmt) },
    Step {
        name: "layers",
        what: "the walls hold",
        work: Work::Alone(|workspace| layers::run(workspace, &layers::Options::CHECK)),
    },
    Step { name: "deny", what: "licences, bans, sources", work: Work::Alone(deny::run) },
    Step { name: "clippy", what: "no warning", work: Work::Alone(clippy) },
    Step {
        name: "test",
        what: "every test of every kind",
        work: Work::Alone(|workspace| suite::run(workspace, &suite::Options::ALL)),
    },
    Step { name: "docs", what: "documentation builds", work: Work::Alone(docs) },
    Step {
        name: "new-adapter",
        what: "a generated adapter compiles, and fails",
        work: Work::Alone(new_adapter::check_generated),
    },
    Step { name: "demo", what: "the demo runs, twice the same", work: Work::Alone(demo) },
    Step {
        name: "laws",
        what: "the law of the wire, and that nothing leaks, ten thousand times",
        work: Work::Busy(laws),
    },
    Step {
        name: "integration",
        what: "every scenario on every simulated broker",
        work: Work::Waits(integration::on_fakes),
    },
    Step {
        name: "wire",
        what: "no bytes break it, and other people's clients are served",
        work: Work::Busy(wire),
    },
];

/// Runs all steps, or the one that was asked for.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let steps = chosen(&options.only)?;
    let watch = Stopwatch::start();
    let mut ended = Vec::new();
    let result = steps
        .chunk_by(|step, next| step.is_built_first() && next.is_built_first())
        .try_for_each(|round| play(workspace, round, &mut ended));
    let rows: Vec<Vec<String>> = ended.iter().map(Ended::row).collect();
    println!("\n{}", tables::markdown(&["step", "verdict", "seconds", "what"], &rows));
    println!("all of it: {:.1} s", watch.seconds());
    result
}

/// A step that is over.
struct Ended {
    step: &'static Step,
    seconds: f64,
    passed: bool,
}

impl Ended {
    fn verdict(&self) -> &'static str {
        if self.passed { "passed" } else { "FAILED" }
    }

    fn row(&self) -> Vec<String> {
        let Step { name, what, .. } = self.step;
        vec![
            (*name).to_owned(),
            self.verdict().to_owned(),
            format!("{:.1}", self.seconds),
            (*what).to_owned(),
        ]
    }
}

/// Runs one step, or neighbours that are built first and then run beside each other: the seconds of each are those of
/// building and of running it.
fn play(workspace: &Workspace, round: &[&'static Step], ended: &mut Vec<Ended>) -> Result<()> {
    let mut prepared = Vec::new();
    for step in round {
        println!("\n=== {}: {}", step.name, step.what);
        let watch = Stopwatch::start();
        let result = match step.work {
            Work::Alone(run) => run(workspace).map(|()| None),
            Work::Busy(prepare) | Work::Waits(prepare) => prepare(workspace).map(Some),
        };
        match result {
            Ok(Some(rest)) => prepared.push((*step, watch.seconds(), rest)),
            Ok(None) => end(step, watch.seconds(), Ok(()), ended)?,
            Err(error) => end(step, watch.seconds(), Err(error), ended)?,
        }
    }
    // All are told of, whichever failed.
    let results = at_once(prepared);
    results
        .into_iter()
        .map(|(step, seconds, result)| end(step, seconds, result, ended))
        .fold(Ok(()), Result::and)
}

/// A step that is built, and the seconds that it took.
type Built<'a> = (&'static Step, f64, Prepared<'a>);

/// Runs what is left of steps, those that need the cores one after another, and says for each how long it took with its
/// building. A fuzzer beside the laws would do little in its minute.
fn at_once(built: Vec<Built<'_>>) -> Vec<(&'static Step, f64, Result<()>)> {
    let (waiting, busy): (Vec<_>, Vec<_>) = built.into_iter().partition(|(step, ..)| step.waits());
    thread::scope(|scope| {
        let waiting: Vec<_> = waiting.into_iter().map(|it| (it.0, scope.spawn(|| rest(it)))).collect();
        let mut ended: Vec<_> = busy.into_iter().map(rest).collect();
        ended.extend(waiting.into_iter().map(|(step, running)| {
            running.join().unwrap_or_else(|_| (step, 0.0, Err(anyhow!("the step panicked"))))
        }));
        ended
    })
}

fn rest((step, built, rest): Built<'_>) -> (&'static Step, f64, Result<()>) {
    let watch = Stopwatch::start();
    let result = rest();
    (step, built + watch.seconds(), result)
}

/// Tells how a step ended, and how a failed one is run alone.
fn end(step: &'static Step, seconds: f64, result: Result<()>, ended: &mut Vec<Ended>) -> Result<()> {
    let now = Ended { step, seconds, passed: result.is_ok() };
    println!("=== {}: {} after {seconds:.1} s", step.name, now.verdict());
    ended.push(now);
    result
        .with_context(|| format!("step {0} failed; run it alone with `cargo xtask ci --only {0}`", step.name))
}

impl Step {
    const fn is_built_first(&self) -> bool {
        matches!(self.work, Work::Busy(_) | Work::Waits(_))
    }

    const fn waits(&self) -> bool {
        matches!(self.work, Work::Waits(_))
    }
}

fn chosen(only: &[String]) -> Result<Vec<&'static Step>> {
    if let Some(unknown) = only.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        bail!("no step {unknown:?}; there are {}", names.join(", "));
    }
    Ok(STEPS.iter().filter(|step| only.is_empty() || only.iter().any(|name| name == step.name)).collect())
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
fn laws(workspace: &Workspace) -> Result<Prepared<'_>> {
    let laws = release::laws(workspace)?;
    let leaves_nothing = "link::nothing_is_left_of_ten_thousand_connections";
    let conformance = ["test", "--workspace", "--test", "conformance"];
    shell::run(shell::cargo(&workspace.root, conformance).arg("--no-run"))?;
    let mut lives = shell::cargo(&workspace.root, conformance);
    lives.args(["--", "--ignored", "--exact", leaves_nothing]);
    // The one is on one core, and the other on all that is left.
    Ok(Box::new(move || {
        thread::scope(|scope| {
            let laws = scope.spawn(|| laws.run());
            let told = shell::aside(&mut lives)?;
            if !told.success || suite::plain_cases(&told.text) != 1 {
                bail!("something is left of ten thousand connections, or nobody looked");
            }
            laws.join().map_err(|_| anyhow!("the laws panicked"))?
        })
    }))
}

/// Fuzzers and sessions, once all is built: beside a compiler a fuzzer takes its own hunger for a hang.
fn wire(workspace: &Workspace) -> Result<Prepared<'_>> {
    let sessions = clients::prepare(workspace, &clients::Options::all())?;
    let fuzzers = fuzz::prepare(workspace)?;
    Ok(Box::new(|| fuzzers.beside(|| sessions.play())))
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
    fn all_steps_or_those_that_are_named() {
        let chosen = |names: &[&str]| chosen(&names.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
        assert_eq!(chosen(&[]).unwrap().len(), STEPS.len());
        assert_eq!(chosen(&["clippy"]).unwrap().len(), 1);
        assert_eq!(chosen(&["wire", "laws"]).unwrap().len(), 2);
        assert!(chosen(&["wire", "clipy"]).is_err());
    }

    #[test]
    fn steps_at_the_same_time_are_all_told_of_and_one_that_fails_fails_them() {
        const FAILS: Step = step("fails", Work::Busy(|_| Ok(Box::new(|| bail!("no")))));
        const PASSES: Step = step("passes", Work::Busy(|_| Ok(Box::new(|| Ok(())))));
        const WAITS: Step = step("waits", Work::Waits(|_| Ok(Box::new(|| bail!("no")))));
        const PANICS: Step = step("panics", Work::Waits(|_| Ok(Box::new(|| panic!("no")))));
        const UNBUILT: Step = step("unbuilt", Work::Waits(|_| bail!("no")));
        let workspace = Workspace::load().unwrap();
        let played = |round: &[&'static Step]| {
            let mut ended = Vec::new();
            let failed = play(&workspace, round, &mut ended).err().map(|error| error.to_string());
            (ended.iter().map(|it| (it.step.name, it.passed)).collect::<Vec<_>>(), failed)
        };
        let alone = |name: &str| {
            Some(format!("step {name} failed; run it alone with `cargo xtask ci --only {name}`"))
        };
        assert_eq!(played(&[&PASSES]), (vec![("passes", true)], None));
        assert_eq!(played(&[&FAILS, &PASSES]), (vec![("fails", false), ("passes", true)], alone("fails")));
        assert_eq!(played(&[&WAITS, &PASSES]), (vec![("passes", true), ("waits", false)], alone("waits")));
        assert_eq!(played(&[&PASSES, &PANICS]), (vec![("passes", true), ("panics", false)], alone("panics")));
        // Nothing runs unless all is built.
        assert_eq!(played(&[&PASSES, &UNBUILT]), (vec![("unbuilt", false)], alone("unbuilt")));
    }

    const fn step(name: &'static str, work: Work) -> Step {
        Step { name, what: "", work }
    }

    #[test]
    fn two_runs_must_print_the_same() {
        assert!(same("sharpe 1.2\n", "sharpe 1.2\n").is_ok());
        assert!(same("sharpe 1.2\n", "sharpe 1.3\n").is_err());
        assert!(same("sharpe 1.2\n", "sharpe 1.2\nmore\n").is_err());
        assert!(same("", "").is_err(), "a demo that says nothing shows nothing");
    }
}
