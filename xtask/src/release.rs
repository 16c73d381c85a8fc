//! The release build that the steps of continuous integration share.
//!
//! Cargo chooses the features of shared libraries anew for each selection of packages, and whatever stands on one that
//! differs is built again: the program by itself, a crate's tests and a crate's examples are three builds of nearly
//! everything. So all that is wanted of a release is selected from the whole workspace, with what tests need.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::workspace::Workspace;
use crate::{shell, suite};

const PROGRAM: &str = "tradeport";
/// Examples of the crate that knows the Rust client: sessions of it.
pub(crate) const CLIENT_SESSION: &str = "client_session";
pub(crate) const TEXT_ERA_SAMPLES: &str = "text_era_samples";
/// The test with the laws of the wire.
const LAWS: &str = "wire_law";

/// What was built, and where it lies.
pub(crate) struct Release(PathBuf);

impl Release {
    /// Builds the program, and the examples that are clients: because of them, with what tests need.
    pub(crate) fn build(workspace: &Workspace) -> Result<Self> {
        let selection = ["build", "--release", "--workspace", "--bin", PROGRAM];
        let examples = [CLIENT_SESSION, TEXT_ERA_SAMPLES].iter().flat_map(|name| ["--example", name]);
        shell::run(shell::cargo(&workspace.root, selection).args(examples))?;
        Ok(Self(workspace.target.join("release")))
    }

    pub(crate) fn program(&self) -> PathBuf {
        self.0.join(file_name(PROGRAM))
    }

    pub(crate) fn example(&self, name: &str) -> PathBuf {
        self.0.join("examples").join(file_name(name))
    }
}

/// The laws of the wire, those included that take too long without optimisation; built.
pub(crate) struct Laws(Command);

/// Builds them.
pub(crate) fn laws(workspace: &Workspace) -> Result<Laws> {
    let arguments = ["test", "--release", "--workspace", "--test", LAWS];
    shell::run(shell::cargo(&workspace.root, arguments).arg("--no-run"))?;
    let mut command = shell::cargo(&workspace.root, arguments);
    command.args(["--", "--include-ignored"]);
    Ok(Laws(command))
}

impl Laws {
    /// Runs them; fails when one does, and when there was none.
    pub(crate) fn run(mut self) -> Result<()> {
        let told = shell::aside(&mut self.0)?;
        if !told.success || suite::plain_cases(&told.text) == 0 {
            bail!("a law of the wire is broken, or none was tried");
        }
        Ok(())
    }
}

/// The name of a program's file on this system.
pub(crate) fn file_name(program: &str) -> String {
    format!("{program}{}", env::consts::EXE_SUFFIX)
}
