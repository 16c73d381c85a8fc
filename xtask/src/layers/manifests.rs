//! What every manifest inherits from the root: version, edition, licence, lints, and the version of each dependency.
//! Manifests are read as TOML, because `cargo metadata` shows them after inheritance.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use toml::{Table, Value};

use super::Finding;
use crate::workspace::Package;

const INHERITED: &[&str] = &["version", "edition", "rust-version", "license"];
const DEPENDENCIES: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

/// Every manifest of the workspace that does not inherit what it should.
pub(super) fn check(root: &Path, packages: &[Package]) -> Result<Vec<Finding>> {
    let mut findings = check_root(&read(&root.join("Cargo.toml"))?);
    for package in packages {
        let manifest = read(&root.join(&package.folder).join("Cargo.toml"))?;
        findings.extend(check_member(&package.name, &manifest));
    }
    Ok(findings)
}

fn read(file: &Path) -> Result<Table> {
    let text = fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))?;
    text.parse().with_context(|| format!("{} is not TOML", file.display()))
}

fn check_member(name: &str, manifest: &Table) -> Vec<Finding> {
    let package = manifest.get("package").and_then(Value::as_table);
    let mut findings: Vec<Finding> = INHERITED
        .iter()
        .filter(|key| !package.and_then(|table| table.get(**key)).is_some_and(is_inherited))
        .map(|key| Finding::new(name, format!("`{key}.workspace = true` is missing")))
        .collect();
    if !manifest.get("lints").is_some_and(is_inherited) {
        findings.push(Finding::new(name, "`[lints] workspace = true` is missing"));
    }
    let platforms = manifest.get("target").and_then(Value::as_table);
    let tables = platforms.into_iter().flat_map(Table::values).filter_map(Value::as_table);
    findings
        .extend(std::iter::once(manifest).chain(tables).flat_map(|table| check_dependencies(name, table)));
    findings
}

fn check_dependencies(name: &str, table: &Table) -> Vec<Finding> {
    DEPENDENCIES
        .iter()
        .filter_map(|kind| table.get(*kind)?.as_table())
        .flatten()
        .filter(|(_, value)| !is_inherited(value) || names_a_place(value))
        .map(|(dependency, _)| {
            Finding::new(
                name,
                format!("`{dependency}` must be `{dependency}.workspace = true`, its version in the root"),
            )
        })
        .collect()
}

fn is_inherited(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}

fn names_a_place(value: &Value) -> bool {
    ["version", "path", "git"].iter().any(|key| value.get(key).is_some())
}

/// The root is no package of its own, and takes from every outside crate only the features it names.
fn check_root(manifest: &Table) -> Vec<Finding> {
    let place = "Cargo.toml";
    let mut findings: Vec<Finding> = DEPENDENCIES
        .iter()
        .filter(|kind| manifest.contains_key(**kind))
        .map(|kind| {
            Finding::new(place, format!("[{kind}] belongs in a member, [workspace.dependencies] in the root"))
        })
        .collect();
    let shared =
        manifest.get("workspace").and_then(|table| table.get("dependencies")).and_then(Value::as_table);
    findings.extend(
        shared
            .into_iter()
            .flatten()
            .filter(|(_, value)| value.get("path").is_none())
            .filter(|(_, value)| value.get("default-features").and_then(Value::as_bool) != Some(false))
            .map(|(name, _)| Finding::new(place, format!("`{name}` lacks `default-features = false`"))),
    );
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "
        [package]
        name = \"a\"
        version.workspace = true
        edition.workspace = true
        rust-version.workspace = true
        license.workspace = true
        [lints]
        workspace = true
        [dependencies]
        serde.workspace = true
        [dev-dependencies]
        proptest = { workspace = true, features = [\"std\"] }
        [target.'cfg(unix)'.dependencies]
        libc.workspace = true
    ";

    fn member(text: &str) -> usize {
        check_member("a", &text.parse().unwrap()).len()
    }

    #[test]
    fn a_manifest_that_inherits_everything_passes() {
        assert_eq!(member(GOOD), 0);
    }

    #[test]
    fn each_inherited_key_is_demanded() {
        for key in INHERITED {
            let inherited = format!(" {key}.workspace = true");
            assert_eq!(member(&GOOD.replace(&inherited, "")), 1, "{key} missing");
            let own = GOOD.replace(&inherited, &format!(" {key} = \"1\""));
            assert_eq!(member(&own), 1, "{key} of its own");
        }
        assert_eq!(member(&GOOD.replace("[lints]", "[other]")), 1);
        assert_eq!(
            member(&GOOD.replace("workspace = true\n        [dep", "workspace = false\n        [dep")),
            1
        );
    }

    #[test]
    fn versions_stand_in_the_root_alone() {
        for own in
            ["\"1.0\"", "{ version = \"1.0\" }", "{ path = \"../b\" }", "{ git = \"https://example.com\" }"]
        {
            let text = GOOD.replace("serde.workspace = true", &format!("serde = {own}"));
            assert_eq!(member(&text), 1, "{own}");
        }
        assert_eq!(member(&GOOD.replace("libc.workspace = true", "libc = \"0.2\"")), 1);
        assert_eq!(
            member(&GOOD.replace("proptest = { workspace = true,", "proptest = { version = \"1\",")),
            1
        );
    }

    #[test]
    fn the_root_shares_versions_without_default_features() {
        let root = |text: &str| check_root(&text.parse().unwrap()).len();
        assert_eq!(
            root("[workspace.dependencies]\nserde = { version = \"1\", default-features = false }"),
            0
        );
        assert_eq!(root("[workspace.dependencies]\nours = { path = \"crates/ours\" }"), 0);
        assert_eq!(root("[workspace.dependencies]\nserde = { version = \"1\" }"), 1);
        assert_eq!(root("[workspace.dependencies]\nserde = \"1\""), 1);
        assert_eq!(root("[dependencies]\nserde = \"1\""), 1);
    }
}
