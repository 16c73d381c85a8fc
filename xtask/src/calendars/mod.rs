//! The bundled trading calendars and time zones, made anew from the libraries that keep them. The libraries are Python's
//! and pinned in `xtask/calendars/requirements.txt`; they live in an environment of their own under the target folder,
//! and neither the build nor the tests need them. To take a newer release, change the pins and run this.

mod files;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::workspace::Workspace;
use crate::{python, shell};
use files::Files;

/// Scripts and pins.
const SCRIPTS: &str = "xtask/calendars";
/// Where the tables are committed.
const TABLES: &str = "crates/domain/contracts/data/calendars";
/// Where the time zones are committed: the whole domain tells times with them.
const ZONES: &str = "crates/domain/kernel/data/zones.txt";
/// Where the digest is committed that the tests hold the tables against.
const DIGEST: &str = "crates/domain/contracts/tests/data/calendars/digest.csv";
/// The source that lists the tables.
const LIST: &str = "crates/domain/contracts/src/calendar/bundled.rs";

#[derive(Args)]
pub(crate) struct Options {
    /// Changes nothing, and fails when what is committed differs from what the libraries say.
    #[arg(long)]
    check: bool,
    /// The Python that the environment is made with; 3.11 or newer.
    #[arg(long, default_value = "python3", value_name = "PROGRAM")]
    python: String,
}

/// Makes the tables; writes them, or with `--check` compares them.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let scripts = workspace.root.join(SCRIPTS);
    let folder = workspace.target.join("calendars");
    let python =
        python::environment(&folder.join("python"), &scripts.join("requirements.txt"), &options.python)?;
    let made = folder.join("made");
    if made.exists() {
        fs::remove_dir_all(&made).with_context(|| format!("could not empty {}", made.display()))?;
    }
    let mut make = Command::new(python);
    make.args(["-B", "-W", "ignore"]).arg(scripts.join("make.py")).arg(&made);
    shell::run(make.current_dir(&folder))?;
    let fresh = fresh(workspace, &made)?;
    let kept = Files::committed(&workspace.root, TABLES, &[DIGEST, LIST, ZONES])?;
    let differing = fresh.differing(&kept);
    if options.check {
        return verdict(&differing);
    }
    fresh.write(&workspace.root, &kept)?;
    println!("{} of {} files changed", differing.len(), fresh.len());
    Ok(())
}

/// What should be committed, by path from the root.
fn fresh(workspace: &Workspace, made: &Path) -> Result<Files> {
    let mut files = Files::default();
    let mut names = Vec::new();
    let entries = fs::read_dir(made).with_context(|| format!("could not list {}", made.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).context("a table has a strange name")?;
        let text = files::read(&path)?;
        if name == "digest.csv" {
            files.insert(DIGEST.to_owned(), text);
            continue;
        }
        if name == "zones.txt" {
            files.insert(ZONES.to_owned(), text);
            continue;
        }
        names.extend(name.strip_suffix(".txt").map(str::to_owned));
        files.insert(format!("{TABLES}/{name}"), text);
    }
    names.sort();
    let source = files::read(&workspace.root.join(LIST))?;
    files.insert(LIST.to_owned(), listed(&source, &names)?);
    Ok(files)
}

/// The source with the list of tables replaced.
fn listed(source: &str, names: &[String]) -> Result<String> {
    const BEGIN: &str = "= tables! {\n";
    const END: &str = "};\n";
    let (before, rest) = source.split_once(BEGIN).context("the list of tables has no beginning")?;
    let (_, after) = rest.split_once(END).context("the list of tables has no end")?;
    let lines: String = names.iter().map(|name| format!("    {name:?}\n")).collect();
    Ok(format!("{before}{BEGIN}{lines}{END}{after}"))
}

fn verdict(differing: &[String]) -> Result<()> {
    if differing.is_empty() {
        println!("the calendars are as their sources say");
        return Ok(());
    }
    bail!("these differ from their sources; run `cargo xtask calendars`:\n  {}", differing.join("\n  "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_tables_is_replaced_and_nothing_else() {
        let source = "//! x\nconst TABLES: T = tables! {\n    \"OLD\"\n};\nfn f() {}\n";
        let made = listed(source, &["XLON".to_owned(), "XNYS".to_owned()]).unwrap();
        assert_eq!(made, "//! x\nconst TABLES: T = tables! {\n    \"XLON\"\n    \"XNYS\"\n};\nfn f() {}\n");
        assert_eq!(listed(&made, &["XLON".to_owned(), "XNYS".to_owned()]).unwrap(), made);
        assert!(listed("fn f() {}", &[]).is_err());
    }

    #[test]
    fn a_difference_is_named() {
        assert!(verdict(&[]).is_ok());
        let error = verdict(&["data/XNYS.txt".to_owned()]).unwrap_err().to_string();
        assert!(error.ends_with("data/XNYS.txt"), "{error}");
    }
}
