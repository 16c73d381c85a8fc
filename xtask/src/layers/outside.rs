//! What our crates may take from outside: a short list for the domain, and one home for each vendor's library. Tests
//! are free in the domain, except for vendors' libraries.

use super::Finding;
use super::place::Place;
use crate::workspace::{Dependency, Package, Usage};

/// Outside crates that the product code of a domain crate may use.
const DOMAIN: &[&str] =
    &["async-trait", "foldhash", "futures", "rust_decimal", "serde", "sha2", "thiserror", "time", "tracing"];

/// Features that would give the domain a clock, a runtime or the operating system.
const DOMAIN_FEATURES: &[(&str, &[&str])] =
    &[("time", &["local-offset", "wasm-bindgen"]), ("futures", &["thread-pool"])];

/// Libraries that one adapter alone may name; a name ending in `*` stands for all with that beginning.
const HOMES: &[(&str, &str)] = &[("diesel*", "sqlite"), ("ibapi", "ib")];

/// Every outside dependency that the plan does not allow.
pub(super) fn check(packages: &[Package]) -> Vec<Finding> {
    packages.iter().flat_map(check_package).collect()
}

fn check_package(package: &Package) -> Vec<Finding> {
    let place = Place::of(package);
    package
        .dependencies
        .iter()
        .filter(|dependency| !dependency.inside)
        .flat_map(|dependency| {
            let home = wrong_home(place.as_ref(), &dependency.name);
            let domain = matches!(place, Some(Place::Domain(_))).then(|| impure(dependency)).flatten();
            home.into_iter().chain(domain)
        })
        .map(|message| Finding::new(&package.name, message))
        .collect()
}

fn wrong_home(place: Option<&Place>, name: &str) -> Option<String> {
    let (_, home) = HOMES.iter().find(|(library, _)| matches(library, name))?;
    let at_home = matches!(place, Some(Place::Adapter(adapter)) if adapter == home);
    (!at_home).then(|| format!("only crates/adapters/{home} may name {name}"))
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |beginning| name.starts_with(beginning))
}

fn impure(dependency: &Dependency) -> Option<String> {
    if dependency.usage == Usage::Dev {
        return None;
    }
    if !DOMAIN.contains(&dependency.name.as_str()) {
        return Some(format!("{} is not on the list of what the domain may use", dependency.name));
    }
    let (_, features) = DOMAIN_FEATURES.iter().find(|(name, _)| *name == dependency.name)?;
    let feature = dependency.features.iter().find(|feature| features.contains(&feature.as_str()))?;
    Some(format!("the feature {feature} of {} is not for the domain", dependency.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(folder: &str, name: &str, usage: Usage, features: &[&str]) -> Package {
        let dependency = Dependency {
            name: name.to_owned(),
            usage,
            inside: false,
            features: features.iter().map(|&feature| feature.to_owned()).collect(),
        };
        Package {
            name: "a".to_owned(),
            folder: folder.to_owned(),
            dependencies: vec![dependency],
            targets: Vec::new(),
        }
    }

    fn findings(folder: &str, name: &str, usage: Usage) -> usize {
        check(&[package(folder, name, usage, &[])]).len()
    }

    #[test]
    fn the_domain_takes_only_what_is_on_the_list() {
        assert_eq!(findings("crates/domain/orders", "rust_decimal", Usage::Normal), 0);
        assert_eq!(findings("crates/domain/orders", "tokio", Usage::Normal), 1);
        assert_eq!(findings("crates/domain/orders", "serde_json", Usage::Build), 1);
        assert_eq!(findings("crates/domain/orders", "serde_json", Usage::Dev), 0);
        assert_eq!(findings("crates/adapters/memory", "tokio", Usage::Normal), 0);
    }

    #[test]
    fn the_domain_takes_time_without_its_clock() {
        let with =
            |features| check(&[package("crates/domain/kernel", "time", Usage::Normal, features)]).len();
        assert_eq!(with(&["formatting"]), 0);
        assert_eq!(with(&["formatting", "local-offset"]), 1);
    }

    #[test]
    fn diesel_lives_in_sqlite_alone() {
        assert_eq!(findings("crates/adapters/sqlite", "diesel_migrations", Usage::Normal), 0);
        assert_eq!(findings("crates/app", "diesel", Usage::Normal), 1);
        assert_eq!(findings("crates/adapters/memory", "diesel", Usage::Dev), 1);
    }

    #[test]
    fn ibapi_lives_in_ib_alone() {
        assert_eq!(findings("crates/adapters/ib", "ibapi", Usage::Normal), 0);
        assert_eq!(findings("crates/adapters/fake-tws", "ibapi", Usage::Dev), 1);
        assert_eq!(findings("crates/domain/connection", "ibapi", Usage::Dev), 1);
    }
}
