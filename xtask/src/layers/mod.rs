//! The walls of the house: which crate may depend on which, what the domain may take from outside, what every manifest
//! inherits, what sources may say and how long they may be. Each rule is a function on small inputs; this file only
//! feeds them. The graph that they allow is drawn into `docs/architecture.md`.

mod arrows;
mod drawing;
mod manifests;
mod outside;
mod place;
mod sources;

use std::fmt;
use std::path::Path;

use anyhow::{Result, bail};
use clap::Args;

use crate::markers;
use crate::workspace::Workspace;

const PAGE: &str = "docs/architecture.md";
const MARKER: &str = "layers";

#[derive(Args)]
pub(crate) struct Options {
    /// Draws the graph of crates into docs/architecture.md.
    #[arg(long, conflicts_with = "check")]
    write: bool,
    /// Fails when the drawn graph is out of date; this is also what happens without any flag.
    #[arg(long)]
    check: bool,
}

impl Options {
    /// What continuous integration does.
    pub(crate) const CHECK: Self = Self { write: false, check: true };
}

/// A rule that does not hold somewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    /// A package, a file, or a file and a line.
    place: String,
    message: String,
}

impl Finding {
    fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.message)
    }
}

/// Checks every rule, and the drawing or (with `--write`) renews it.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut findings = arrows::check(&workspace.packages);
    findings.extend(outside::check(&workspace.packages));
    findings.extend(manifests::check(&workspace.root, &workspace.packages)?);
    let survey = sources::survey(&workspace.root)?;
    findings.extend(survey.findings);
    let drawing = drawing::draw(&workspace.packages);
    let page = workspace.root.join(PAGE);
    if options.write {
        markers::write(&page, "Architecture", MARKER, &drawing)?;
    } else {
        findings.extend(check_drawing(&page, &drawing)?);
    }
    println!(
        "layers: {} crates, {} source files ({} above {} lines)",
        workspace.packages.len(),
        survey.files,
        survey.long_files,
        sources::LONG_FILE
    );
    conclude(findings)
}

fn check_drawing(page: &Path, drawing: &str) -> Result<Option<Finding>> {
    if page.exists() && markers::is_current(page, MARKER, drawing)? {
        return Ok(None);
    }
    Ok(Some(Finding::new(PAGE, "the drawn graph is out of date; run `cargo xtask layers --write`")))
}

fn conclude(mut findings: Vec<Finding>) -> Result<()> {
    findings.sort();
    findings.dedup();
    for finding in &findings {
        println!("layers: {finding}");
    }
    if findings.is_empty() { Ok(()) } else { bail!("broken walls: {}", findings.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_or_missing_drawing_is_found() {
        let folder = std::env::temp_dir().join(format!("tradeport-layers-{}", std::process::id()));
        let page = folder.join("architecture.md");
        assert!(check_drawing(&page, "graph").unwrap().is_some());
        markers::write(&page, "Architecture", MARKER, "graph").unwrap();
        assert_eq!(check_drawing(&page, "graph").unwrap(), None);
        assert!(check_drawing(&page, "another graph").unwrap().is_some());
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn one_finding_is_a_failure() {
        assert!(conclude(Vec::new()).is_ok());
        assert!(conclude(vec![Finding::new("a", "b")]).is_err());
    }
}
