//! Licences, bans and sources of everything the build takes in, by `deny.toml`. cargo-deny does it where it is
//! installed; without it the same file is read here, so that the check always runs. Known vulnerabilities are left to
//! cargo-deny's advisories, which need a network.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result, bail};
use cargo_metadata::MetadataCommand;
use toml::{Table, Value};

use crate::licence;
use crate::shell;
use crate::workspace::Workspace;

/// The parts of `deny.toml` that are understood here.
struct Policy {
    licences: BTreeSet<String>,
    /// More licences for some crates.
    exceptions: BTreeMap<String, BTreeSet<String>>,
    banned: BTreeSet<String>,
    registries: BTreeSet<String>,
}

/// A crate from outside.
struct Foreign {
    name: String,
    version: String,
    licence: Option<String>,
    source: String,
}

/// Checks everything in `Cargo.lock`, with cargo-deny or without.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    if shell::succeeds(&mut shell::cargo(&workspace.root, ["deny", "--version"])) {
        return shell::run(&mut shell::cargo(
            &workspace.root,
            ["deny", "check", "licenses", "bans", "sources"],
        ));
    }
    let file = workspace.root.join("deny.toml");
    let text = fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
    let policy = Policy::read(&text)?;
    let crates = foreign()?;
    let problems: Vec<String> = crates.iter().flat_map(|each| policy.problems(each)).collect();
    for problem in &problems {
        println!("deny: {problem}");
    }
    for name in doubled(&crates) {
        println!("deny: warning: more than one version of {name}");
    }
    println!("deny: {} outside crates", crates.len());
    if problems.is_empty() { Ok(()) } else { bail!("{} outside crates are not allowed in", problems.len()) }
}

fn foreign() -> Result<Vec<Foreign>> {
    let metadata =
        MetadataCommand::new().exec().context("cargo metadata could not resolve the dependencies")?;
    let crates = metadata.packages.into_iter().filter_map(|package| {
        Some(Foreign {
            name: package.name.to_string(),
            version: package.version.to_string(),
            source: package.source?.repr,
            licence: package.license,
        })
    });
    Ok(crates.collect())
}

fn doubled(crates: &[Foreign]) -> BTreeSet<&str> {
    let mut seen = BTreeSet::new();
    crates.iter().map(|each| each.name.as_str()).filter(|name| !seen.insert(*name)).collect()
}

impl Policy {
    fn read(text: &str) -> Result<Self> {
        let table: Table = text.parse().context("deny.toml is not TOML")?;
        let licences = texts(&table, "licenses", "allow");
        let registries = texts(&table, "sources", "allow-registry");
        if licences.is_empty() || registries.is_empty() {
            bail!("deny.toml must name allowed licences and registries");
        }
        let exceptions = list(&table, "licenses", "exceptions")
            .filter_map(|entry| {
                let allow = entry.get("allow")?.as_array()?;
                Some((
                    crate_name(entry)?,
                    allow.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                ))
            })
            .collect();
        let banned = list(&table, "bans", "deny").filter_map(crate_name).collect();
        Ok(Self { licences, exceptions, banned, registries })
    }

    fn problems(&self, each: &Foreign) -> Vec<String> {
        let named = format!("{} {}", each.name, each.version);
        let mut problems = Vec::new();
        let more = self.exceptions.get(&each.name);
        let allowed = |licence: &str| {
            self.licences.contains(licence) || more.is_some_and(|more| more.contains(licence))
        };
        match each.licence.as_deref().map(|licence| (licence, licence::is_met(licence, &allowed))) {
            Some((_, Ok(true))) => {}
            Some((licence, Ok(false))) => problems.push(format!("{named}: licence {licence} is not allowed")),
            Some((_, Err(error))) => problems.push(format!("{named}: {error}")),
            None => problems.push(format!("{named}: names no licence")),
        }
        if self.banned.contains(&each.name) {
            problems.push(format!("{named}: is banned"));
        }
        let registry = each.source.strip_prefix("registry+");
        if !registry.is_some_and(|registry| self.registries.contains(registry)) {
            problems.push(format!("{named}: comes from {}", each.source));
        }
        problems
    }
}

fn list<'a>(table: &'a Table, section: &str, key: &str) -> impl Iterator<Item = &'a Value> {
    table.get(section).and_then(|section| section.get(key)).and_then(Value::as_array).into_iter().flatten()
}

fn texts(table: &Table, section: &str, key: &str) -> BTreeSet<String> {
    list(table, section, key).filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The name in `{ crate = "name" }`, `{ name = "name" }` or plain `"name"`, without a version.
fn crate_name(entry: &Value) -> Option<String> {
    let name = entry.as_str().or_else(|| entry.get("crate").or_else(|| entry.get("name"))?.as_str())?;
    name.split(['@', ':']).next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = "
        [licenses]
        allow = [\"MIT\"]
        exceptions = [{ crate = \"zones\", allow = [\"BSD-3-Clause\"] }]
        [bans]
        deny = [{ crate = \"openssl@0.10\" }, \"leftpad\"]
        [sources]
        allow-registry = [\"https://good\"]
    ";

    fn problems(name: &str, licence: Option<&str>, source: &str) -> usize {
        let each = Foreign {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            licence: licence.map(str::to_owned),
            source: source.to_owned(),
        };
        Policy::read(POLICY).unwrap().problems(&each).len()
    }

    #[test]
    fn licences_must_be_allowed() {
        assert_eq!(problems("serde", Some("MIT OR Apache-2.0"), "registry+https://good"), 0);
        assert_eq!(problems("serde", Some("GPL-3.0"), "registry+https://good"), 1);
        assert_eq!(problems("serde", None, "registry+https://good"), 1);
        assert_eq!(problems("serde", Some("MIT OR"), "registry+https://good"), 1);
    }

    #[test]
    fn an_exception_is_for_one_crate() {
        assert_eq!(problems("zones", Some("BSD-3-Clause"), "registry+https://good"), 0);
        assert_eq!(problems("serde", Some("BSD-3-Clause"), "registry+https://good"), 1);
    }

    #[test]
    fn banned_crates_stay_out() {
        assert_eq!(problems("openssl", Some("MIT"), "registry+https://good"), 1);
        assert_eq!(problems("leftpad", Some("MIT"), "registry+https://good"), 1);
        assert_eq!(problems("openssl-probe", Some("MIT"), "registry+https://good"), 0);
    }

    #[test]
    fn only_named_registries_are_sources() {
        assert_eq!(problems("serde", Some("MIT"), "registry+https://bad"), 1);
        assert_eq!(problems("serde", Some("MIT"), "git+https://good"), 1);
    }

    #[test]
    fn a_policy_that_allows_nothing_is_an_error() {
        assert!(Policy::read("[licenses]\nallow = []").is_err());
    }

    #[test]
    fn doubled_versions_are_named_once() {
        let each = |name: &str| Foreign {
            name: name.to_owned(),
            version: String::new(),
            licence: None,
            source: String::new(),
        };
        assert_eq!(doubled(&[each("a"), each("b"), each("a"), each("a")]), BTreeSet::from(["a"]));
    }
}
