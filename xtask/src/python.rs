//! Environments of Python, each apart from the others and from the machine's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell;

/// The Python of the environment in `home`, which is made if it is not there, with the pinned libraries in it.
pub(crate) fn environment(home: &Path, pins: &Path, python: &str) -> Result<PathBuf> {
    let program = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
    let inside = home.join(program);
    if !inside.exists() {
        fs::create_dir_all(home).with_context(|| format!("could not create {}", home.display()))?;
        shell::run(Command::new(python).args(["-m", "venv"]).arg(home))?;
    }
    let mut install = Command::new(&inside);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"]);
    shell::run(install.arg(pins))?;
    Ok(inside)
}
