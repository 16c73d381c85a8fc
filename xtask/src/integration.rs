//! The integration scenarios: builds `tradeport` and lets it play them. Where there is no cargo, since only the built
//! programs were copied to a machine with TWS, the `tradeport` beside this program plays them.
//!
//! Left out: the scenarios themselves, and what they take; `tradeport integration --help` tells.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::ci::Prepared;
use crate::release::{Release, file_name};
use crate::shell;
use crate::workspace::Workspace;

/// The program that plays them.
const PROGRAM: &str = "tradeport";

#[derive(Args)]
pub(crate) struct Options {
    /// What `tradeport integration` takes: --fake, or --tws HOST:PORT; --only NAME, --report DIR and others.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    arguments: Vec<OsString>,
}

/// Plays what was asked for. No workspace is needed where there is no cargo.
pub(crate) fn run(options: &Options) -> Result<()> {
    play(&program()?, &options.arguments)
}

/// On the simulated brokers, for continuous integration: counts are printed for each, and one on which nothing passed is
/// a failure. Nearly all of it is waiting.
pub(crate) fn on_fakes(workspace: &Workspace) -> Result<Prepared<'_>> {
    let report = workspace.target.join("integration-report");
    let arguments = ["--fake".into(), "--report".into(), report.into_os_string()];
    let mut command = scenarios(&Release::build(workspace)?.program(), &arguments);
    Ok(Box::new(move || if shell::aside(&mut command)?.success { Ok(()) } else { bail!("scenarios failed") }))
}

fn play(program: &Path, arguments: &[OsString]) -> Result<()> {
    shell::run(&mut scenarios(program, arguments))
}

fn scenarios(program: &Path, arguments: &[OsString]) -> Command {
    let mut command = Command::new(program);
    command.arg("integration").args(arguments);
    command
}

fn program() -> Result<PathBuf> {
    if shell::succeeds(Command::new("cargo").arg("--version")) {
        return built(&Workspace::load()?);
    }
    let own = env::current_exe().context("this program does not know where it lies")?;
    let beside = beside(&own);
    if beside.is_file() {
        return Ok(beside);
    }
    bail!("there is no cargo to build {PROGRAM} with, and no {}", beside.display())
}

/// The program in the folder of another.
fn beside(other: &Path) -> PathBuf {
    other.with_file_name(file_name(PROGRAM))
}

/// As anybody builds it who follows the manual.
fn built(workspace: &Workspace) -> Result<PathBuf> {
    let arguments = ["build", "--release", "--package", PROGRAM, "--bin", PROGRAM];
    shell::run(&mut shell::cargo(&workspace.root, arguments))?;
    Ok(beside(&workspace.target.join("release").join("any")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_lies_beside_this_one_under_the_name_that_the_system_gives_it() {
        let own = Path::new("somewhere").join("xtask");
        assert_eq!(
            beside(&own),
            Path::new("somewhere").join(format!("tradeport{}", env::consts::EXE_SUFFIX))
        );
    }
}
