//! A new adapter to start from: a crate that compiles, answers `Unsupported` to everything, and fails exactly the
//! conformance cases that it does not keep yet. Everything is generated from the ports' and the kit's own sources.

mod harness;
mod port;
mod render;
mod trial;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::shell;
use crate::workspace::Workspace;
use port::Port;
pub(crate) use trial::check_generated;

#[derive(Args)]
pub(crate) struct Options {
    /// Name of the crate's folder under crates/adapters, such as `my-broker`.
    name: String,
    /// Ports it will hold, such as `quote-feed` or `QuoteFeed`.
    #[arg(long = "port", required = true, num_args = 1.., value_name = "PORT")]
    ports: Vec<String>,
}

/// Creates the crate and lists it among the workspace's dependencies.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let name = checked_name(&options.name)?;
    let folder = workspace.root.join("crates").join("adapters").join(name);
    if folder.exists() {
        bail!("{} exists already", folder.display());
    }
    let ports = chosen(&port::all(&workspace.root)?, &options.ports)?;
    let files = render::adapter(&workspace.root, name, &ports)?;
    write(&folder, &files)?;
    let manifest = workspace.root.join("Cargo.toml");
    let text = fs::read_to_string(&manifest)?;
    fs::write(&manifest, listed(&text, name)?)?;
    println!("created crates/adapters/{name}; next:");
    println!("  cargo test -p tradeport-{name}   # the cases that fail are what is left to do");
    println!("  cargo xtask layers --write       # draws it into docs/architecture.md");
    Ok(())
}

/// A file of the new crate: where, and what.
type Files = Vec<(String, String)>;

fn write(folder: &Path, files: &Files) -> Result<()> {
    let mut sources = Vec::new();
    for (name, text) in files {
        let file = folder.join(name);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&file, text).with_context(|| format!("could not write {}", file.display()))?;
        if name.ends_with(".rs") {
            sources.push(file);
        }
    }
    let mut rustfmt = Command::new("rustfmt");
    if shell::succeeds(rustfmt.args(["--edition", "2024"]).args(sources)) {
        return Ok(());
    }
    bail!("rustfmt could not lay out the files under {}", folder.display())
}

fn checked_name(name: &str) -> Result<&str> {
    let mut letters = name.chars();
    let begins = letters.next().is_some_and(|letter| letter.is_ascii_lowercase());
    let goes_on =
        letters.all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-');
    if begins && goes_on && !name.ends_with('-') && !name.contains("--") {
        return Ok(name);
    }
    bail!("`{name}` is no name for an adapter: small letters, digits and single `-` between them")
}

/// The ports with these names, written `QuoteFeed`, `quote-feed` or `quote_feed`; each once, in the order asked for.
fn chosen(all: &[Port], names: &[String]) -> Result<Vec<Port>> {
    let mut ports: Vec<Port> = Vec::new();
    for name in names {
        let wanted = port::snake(name).replace('-', "_");
        let Some(found) = all.iter().find(|port| port.module() == wanted) else {
            let known: Vec<&str> = all.iter().map(|port| port.name.as_str()).collect();
            bail!("there is no port {name}; there are {}", known.join(", "));
        };
        if !ports.iter().any(|port| port.name == found.name) {
            ports.push(found.clone());
        }
    }
    Ok(ports)
}

/// The root manifest with the adapter among `[workspace.dependencies]`, in order.
fn listed(manifest: &str, name: &str) -> Result<String> {
    let line = format!("tradeport-{name} = {{ path = \"crates/adapters/{name}\" }}");
    let key = format!("tradeport-{name}");
    let mut lines: Vec<&str> = manifest.lines().collect();
    let section = lines
        .iter()
        .position(|line| line.trim() == "[workspace.dependencies]")
        .context("the root manifest has no [workspace.dependencies]")?;
    let ours = |line: &str| {
        line.starts_with("tradeport-").then(|| line.split_whitespace().next()).flatten().map(str::to_owned)
    };
    if lines.iter().any(|line| ours(line).as_deref() == Some(&key)) {
        return Ok(manifest.to_owned());
    }
    let end = lines
        .iter()
        .skip(section + 1)
        .position(|line| line.starts_with('['))
        .map_or(lines.len(), |end| section + 1 + end);
    let later = (section + 1..end).find(|&place| ours(lines[place]).is_some_and(|other| other > key));
    let last = (section + 1..end).rfind(|&place| ours(lines[place]).is_some()).unwrap_or(section);
    lines.insert(later.unwrap_or(last + 1), &line);
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_like_those_of_the_neighbours() {
        for good in ["ib", "fake-broker", "csv2"] {
            assert!(checked_name(good).is_ok(), "{good}");
        }
        for bad in ["", "Ib", "a_b", "-a", "a-", "a--b", "../a", "2a", "a/b"] {
            assert!(checked_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_root_lists_the_adapter_in_order() {
        let root = "[workspace.dependencies]\ntradeport-a = { path = \"a\" }\ntradeport-z = { path = \"z\" }\n\nanyhow = \"1\"\n\n[x]\n";
        let listed_once = listed(root, "m").unwrap();
        assert_eq!(
            listed_once,
            root.replace("tradeport-z", "tradeport-m = { path = \"crates/adapters/m\" }\ntradeport-z")
        );
        assert_eq!(listed(&listed_once, "m").unwrap(), listed_once);
        let last = listed(root, "zz").unwrap();
        assert!(last.contains("\"z\" }\ntradeport-zz = "), "{last}");
        assert!(listed("[package]\n", "m").is_err());
    }

    #[test]
    fn ports_are_found_in_any_spelling() {
        let port = Port {
            name: "QuoteFeed".to_owned(),
            methods: Vec::new(),
            uses: std::collections::BTreeSet::new(),
        };
        let names: Vec<String> = ["QuoteFeed", "quote-feed", "quote_feed"].map(str::to_owned).to_vec();
        assert_eq!(chosen(std::slice::from_ref(&port), &names).unwrap().len(), 1);
        assert!(chosen(&[port], &["NoSuchPort".to_owned()]).is_err());
    }
}
