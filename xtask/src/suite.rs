//! All tests, kind by kind: run, counted, and never silently none. Uses cargo-nextest when it is installed and plain
//! `cargo test` when it is not; every kind is built from the same packages and features, so nothing is built twice.

use anyhow::{Result, bail};
use clap::Args;
use std::num::NonZero;

use crate::shell::{self, Stopwatch};
use crate::tables;
use crate::workspace::{Kind, Workspace};

/// Test targets of this name or with this beginning run the conformance kit.
const CONFORMANCE: &str = "conformance";

#[derive(Args)]
pub(crate) struct Options {
    /// Runs only this kind: unit, conformance, integration or doc.
    #[arg(long, value_name = "KIND")]
    only: Option<String>,
    /// Uses plain `cargo test` even where cargo-nextest is installed.
    #[arg(long)]
    plain: bool,
    /// So many cases run at once; two for each core unless told.
    #[arg(long, value_name = "NUMBER")]
    threads: Option<NonZero<usize>>,
}

impl Options {
    /// Everything, with the best runner there is.
    pub(crate) const ALL: Self = Self { only: None, plain: false, threads: None };
}

/// One kind of test and the targets that hold it.
#[derive(Debug, PartialEq, Eq)]
struct TestKind {
    name: &'static str,
    what: &'static str,
    /// Arguments that select the targets; empty when the workspace has none.
    targets: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Runner {
    Nextest,
    Plain,
}

impl Runner {
    /// The variable of the environment that says how many cases may run at once.
    const fn threads_variable(self) -> &'static str {
        match self {
            Self::Nextest => "NEXTEST_TEST_THREADS",
            Self::Plain => "RUST_TEST_THREADS",
        }
    }
}

/// Two for each core: many cases wait for a socket, or for a process that they have started.
fn usual_threads() -> usize {
    2 * std::thread::available_parallelism().map_or(1, NonZero::get)
}

/// What came of one kind.
struct Outcome {
    name: &'static str,
    what: &'static str,
    cases: usize,
    passed: bool,
    seconds: f64,
}

/// Runs the tests and prints how many cases of each kind ran.
///
/// Fails when a test fails, and when a kind ran no case.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let nextest =
        !options.plain && shell::succeeds(&mut shell::cargo(&workspace.root, ["nextest", "--version"]));
    let runner = if nextest { Runner::Nextest } else { Runner::Plain };
    let kinds: Vec<TestKind> = kinds(workspace)
        .into_iter()
        .filter(|kind| options.only.as_deref().is_none_or(|only| only == kind.name))
        .collect();
    if kinds.is_empty() {
        bail!("no such kind of test; there are unit, conformance, integration and doc");
    }
    let threads = options.threads.map_or_else(usual_threads, NonZero::get);
    let mut outcomes = Vec::new();
    for kind in kinds {
        println!("\n== {} tests: {}", kind.name, kind.what);
        outcomes.push(run_kind(workspace, (runner, threads), &kind)?);
    }
    conclude(&outcomes)
}

fn kinds(workspace: &Workspace) -> Vec<TestKind> {
    let (conformance, integration): (Vec<&str>, Vec<&str>) =
        workspace.target_names(Kind::Test).into_iter().partition(|name| name.starts_with(CONFORMANCE));
    let select = |names: Vec<&str>| {
        names.into_iter().flat_map(|name| ["--test".to_owned(), name.to_owned()]).collect()
    };
    vec![
        TestKind {
            name: "unit",
            what: "cases and properties beside the code",
            targets: vec!["--lib".to_owned(), "--bins".to_owned()],
        },
        TestKind { name: "conformance", what: "every promise of every port", targets: select(conformance) },
        TestKind { name: "integration", what: "crates from the outside", targets: select(integration) },
        TestKind { name: "doc", what: "examples in the documentation", targets: vec!["--doc".to_owned()] },
    ]
}

fn run_kind(workspace: &Workspace, (runner, threads): (Runner, usize), kind: &TestKind) -> Result<Outcome> {
    let watch = Stopwatch::start();
    if kind.targets.is_empty() {
        return Ok(Outcome { name: kind.name, what: kind.what, cases: 0, passed: true, seconds: 0.0 });
    }
    // nextest does not run documentation examples.
    let runner = if kind.name == "doc" { Runner::Plain } else { runner };
    let mut command = match runner {
        Runner::Nextest => shell::cargo(&workspace.root, ["nextest", "run", "--no-tests", "pass"]),
        Runner::Plain => shell::cargo(&workspace.root, ["test"]),
    };
    command.args(["--workspace", "--no-fail-fast", "--color", shell::colour()]).args(&kind.targets);
    command.env(runner.threads_variable(), threads.to_string());
    let transcript = shell::transcribe(&mut command)?;
    let cases = match runner {
        Runner::Nextest => nextest_cases(&transcript.text),
        Runner::Plain => plain_cases(&transcript.text),
    };
    Ok(Outcome {
        name: kind.name,
        what: kind.what,
        cases,
        passed: transcript.success,
        seconds: watch.seconds(),
    })
}

/// Cases run according to nextest's summary line: `Summary [ 0.1s] 3 tests run: 3 passed, 0 skipped`.
///
/// A run cut short writes `2/3 tests run`; the first number counts.
fn nextest_cases(text: &str) -> usize {
    text.lines()
        .filter(|line| line.trim_start().starts_with("Summary ["))
        .filter_map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let place = words.iter().position(|word| *word == "run:")?;
            words.get(place.checked_sub(2)?)?.split('/').next()?.parse::<usize>().ok()
        })
        .sum()
}

/// Cases run according to libtest's lines: `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
pub(crate) fn plain_cases(text: &str) -> usize {
    text.lines()
        .filter(|line| line.starts_with("test result: "))
        .flat_map(|line| line.split(['.', ';']))
        .filter_map(|part| {
            let (count, word) = part.trim().split_once(' ')?;
            matches!(word, "passed" | "failed").then(|| count.parse::<usize>().ok())?
        })
        .sum()
}

fn conclude(outcomes: &[Outcome]) -> Result<()> {
    let rows: Vec<Vec<String>> = outcomes
        .iter()
        .map(|outcome| {
            vec![
                outcome.name.to_owned(),
                outcome.cases.to_string(),
                verdict(outcome).to_owned(),
                format!("{:.1}", outcome.seconds),
                outcome.what.to_owned(),
            ]
        })
        .collect();
    println!("\n{}", tables::markdown(&["kind", "cases", "verdict", "seconds", "what"], &rows));
    let bad: Vec<&str> =
        outcomes.iter().filter(|outcome| verdict(outcome) != "passed").map(|outcome| outcome.name).collect();
    if bad.is_empty() {
        return Ok(());
    }
    bail!(
        "tests failed or missing: {}; run one kind alone with `cargo xtask test --only {}`",
        bad.join(", "),
        bad[0]
    )
}

fn verdict(outcome: &Outcome) -> &'static str {
    match (outcome.passed, outcome.cases) {
        (false, _) => "FAILED",
        (true, 0) => "NO CASE",
        (true, _) => "passed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::{Package, Target};

    fn workspace(tests: &[&str]) -> Workspace {
        let targets =
            tests.iter().map(|name| Target { name: (*name).to_owned(), kind: Kind::Test }).collect();
        let package =
            Package { name: "a".to_owned(), folder: "a".to_owned(), dependencies: Vec::new(), targets };
        Workspace { root: ".".into(), target: "target".into(), packages: vec![package] }
    }

    fn outcome(cases: usize, passed: bool) -> Outcome {
        Outcome { name: "unit", what: "", cases, passed, seconds: 0.0 }
    }

    #[test]
    fn test_targets_are_sorted_into_conformance_and_integration() {
        let kinds = kinds(&workspace(&["scenario", "conformance", "conformance_reopened"]));
        assert_eq!(kinds[1].targets, ["--test", "conformance", "--test", "conformance_reopened"]);
        assert_eq!(kinds[2].targets, ["--test", "scenario"]);
    }

    #[test]
    fn nextest_summaries_are_counted() {
        assert_eq!(nextest_cases("     Summary [   0.009s] 12 tests run: 12 passed (1 slow), 3 skipped"), 12);
        assert_eq!(nextest_cases("     Summary [   0.009s] 1 test run: 1 passed, 0 skipped"), 1);
        assert_eq!(nextest_cases("     Summary [   0.009s] 2/3 tests run: 1 passed, 1 failed, 0 skipped"), 2);
        assert_eq!(nextest_cases("     Summary [   0.000s] 0 tests run: 0 passed, 0 skipped"), 0);
        assert_eq!(nextest_cases("12 tests run: this is not the summary"), 0);
    }

    #[test]
    fn libtest_results_are_summed() {
        let text = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
                    test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(plain_cases(text), 9);
        assert_eq!(plain_cases("5 passed; 1 failed"), 0);
    }

    #[test]
    fn a_kind_without_a_case_is_a_failure() {
        assert!(conclude(&[outcome(1, true)]).is_ok());
        assert!(conclude(&[outcome(1, true), outcome(0, true)]).is_err());
        assert!(conclude(&[outcome(1, false)]).is_err());
    }
}
