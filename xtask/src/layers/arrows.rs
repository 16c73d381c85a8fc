//! Which of our crates may depend on which. Arrows point inwards: from the program to adapters, from adapters to the
//! domain, and inside the domain towards `kernel`.

use std::collections::BTreeMap;

use super::Finding;
use super::place::Place;
use crate::workspace::{Package, Usage};

/// Every domain crate with all domain crates that it may use. `analytics` works on plain numbers.
const DOMAIN: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("connection", &["kernel"]),
    ("analytics", &["kernel"]),
    ("contracts", &["kernel"]),
    ("market-data", &["kernel", "contracts"]),
    ("orders", &["kernel", "contracts"]),
    ("portfolio", &["kernel", "contracts", "market-data", "orders"]),
    ("risk", &["kernel", "contracts", "market-data", "orders", "portfolio"]),
    (
        "trading",
        &["kernel", "connection", "analytics", "contracts", "market-data", "orders", "portfolio", "risk"],
    ),
];

/// Adapters that stand on another adapter: a server of the wire protocol needs a broker to serve.
const ADAPTER_ON_ADAPTER: &[(&str, &str)] = &[("fake-tws", "fake-broker")];

/// Adapters whose tests need another one: a client of the wire protocol needs a server to talk to.
const ADAPTER_TESTED_WITH: &[(&str, &str)] = &[("ib", "fake-tws")];

/// The adapter that others may use in their tests, because it is the reference.
const REFERENCE: &str = "memory";

/// Every arrow between members that the plan does not allow.
pub(super) fn check(packages: &[Package]) -> Vec<Finding> {
    let places: BTreeMap<&str, Option<Place>> =
        packages.iter().map(|package| (package.name.as_str(), Place::of(package))).collect();
    packages.iter().flat_map(|package| check_package(package, &places)).collect()
}

fn check_package(package: &Package, places: &BTreeMap<&str, Option<Place>>) -> Vec<Finding> {
    let Some(from) = Place::of(package) else {
        return vec![Finding::new(
            &package.name,
            format!("the folder {} is not in the plan", package.folder),
        )];
    };
    if let Place::Domain(name) = &from
        && reach(name).is_none()
    {
        return vec![Finding::new(
            &package.name,
            "a domain crate without arrows; add it to xtask/src/layers/arrows.rs",
        )];
    }
    package
        .dependencies
        .iter()
        .filter(|dependency| dependency.inside)
        .filter_map(|dependency| {
            let allowed = match places.get(dependency.name.as_str()) {
                Some(Some(to)) => allowed(&from, to, dependency.usage),
                _ => false,
            };
            (!allowed).then(|| {
                let how = if dependency.usage == Usage::Dev { "test" } else { "depend on" };
                Finding::new(
                    &package.name,
                    format!("may not {how} {}", spelled(&dependency.name, dependency.usage)),
                )
            })
        })
        .collect()
}

fn spelled(name: &str, usage: Usage) -> String {
    if usage == Usage::Dev { format!("with {name}") } else { name.to_owned() }
}

fn reach(domain: &str) -> Option<&'static [&'static str]> {
    DOMAIN.iter().find(|(name, _)| *name == domain).map(|(_, inner)| *inner)
}

/// Whether an arrow may be drawn. Tests reach further than the product: they may use the kit and the reference.
fn allowed(from: &Place, to: &Place, usage: Usage) -> bool {
    if matches!(to, Place::App | Place::Xtask) {
        return false;
    }
    let for_tests = usage == Usage::Dev && test_support(to);
    match from {
        Place::Domain(name) => for_tests || is_inner(to, name),
        Place::Adapter(name) => for_tests || matches!(to, Place::Domain(_)) || is_exception(name, to, usage),
        Place::Conformance => for_tests || matches!(to, Place::Domain(_)),
        Place::Simulation => *to != Place::Simulation,
        Place::App => true,
        Place::Xtask => false,
    }
}

fn test_support(to: &Place) -> bool {
    match to {
        Place::Conformance => true,
        Place::Adapter(name) => name == REFERENCE,
        _ => false,
    }
}

fn is_inner(to: &Place, from: &str) -> bool {
    match to {
        Place::Domain(name) => reach(from).is_some_and(|inner| inner.contains(&name.as_str())),
        _ => false,
    }
}

fn is_exception(from: &str, to: &Place, usage: Usage) -> bool {
    let Place::Adapter(to) = to else { return false };
    let arrow = (from, to.as_str());
    ADAPTER_ON_ADAPTER.contains(&arrow) || (usage == Usage::Dev && ADAPTER_TESTED_WITH.contains(&arrow))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Dependency;

    fn domain(name: &str) -> Place {
        Place::Domain(name.to_owned())
    }

    fn adapter(name: &str) -> Place {
        Place::Adapter(name.to_owned())
    }

    fn package(folder: &str, dependencies: &[(&str, Usage)]) -> Package {
        let dependency = |(name, usage): &(&str, Usage)| Dependency {
            name: (*name).to_owned(),
            usage: *usage,
            inside: true,
            features: Vec::new(),
        };
        Package {
            name: folder.rsplit('/').next().unwrap().to_owned(),
            folder: folder.to_owned(),
            dependencies: dependencies.iter().map(dependency).collect(),
            targets: Vec::new(),
        }
    }

    #[test]
    fn domain_arrows_point_to_the_kernel() {
        for (from, to) in [
            ("contracts", "kernel"),
            ("market-data", "contracts"),
            ("orders", "contracts"),
            ("portfolio", "orders"),
            ("risk", "portfolio"),
            ("trading", "analytics"),
            ("trading", "connection"),
        ] {
            assert!(allowed(&domain(from), &domain(to), Usage::Normal), "{from} -> {to}");
            assert!(!allowed(&domain(to), &domain(from), Usage::Normal), "{to} -> {from}");
        }
    }

    #[test]
    fn neighbours_in_the_domain_do_not_know_each_other() {
        assert!(!allowed(&domain("market-data"), &domain("orders"), Usage::Normal));
        assert!(!allowed(&domain("risk"), &domain("analytics"), Usage::Normal));
        assert!(!allowed(&domain("connection"), &domain("contracts"), Usage::Normal));
        assert!(!allowed(&domain("analytics"), &domain("portfolio"), Usage::Normal));
    }

    #[test]
    fn the_table_of_the_domain_has_no_circle() {
        for (name, inner) in DOMAIN {
            for below in *inner {
                let reached = reach(below).unwrap();
                assert!(!reached.contains(name), "{name} <-> {below}");
                assert!(
                    reached.iter().all(|deeper| inner.contains(deeper)),
                    "{name} lacks what {below} uses"
                );
            }
        }
    }

    #[test]
    fn the_domain_knows_no_adapter() {
        assert!(!allowed(&domain("trading"), &adapter("sqlite"), Usage::Normal));
        assert!(!allowed(&domain("trading"), &adapter("sqlite"), Usage::Dev));
        assert!(allowed(&domain("trading"), &adapter("memory"), Usage::Dev));
        assert!(!allowed(&domain("trading"), &adapter("memory"), Usage::Normal));
    }

    #[test]
    fn adapters_point_at_the_domain_alone() {
        assert!(allowed(&adapter("sqlite"), &domain("orders"), Usage::Normal));
        assert!(!allowed(&adapter("sqlite"), &adapter("fake-broker"), Usage::Normal));
        assert!(!allowed(&adapter("sqlite"), &Place::Conformance, Usage::Normal));
        assert!(allowed(&adapter("sqlite"), &Place::Conformance, Usage::Dev));
        assert!(allowed(&adapter("sqlite"), &adapter("memory"), Usage::Dev));
        assert!(!allowed(&adapter("sqlite"), &adapter("memory"), Usage::Normal));
    }

    #[test]
    fn the_wire_protocol_is_the_one_exception() {
        assert!(allowed(&adapter("fake-tws"), &adapter("fake-broker"), Usage::Normal));
        assert!(!allowed(&adapter("fake-broker"), &adapter("fake-tws"), Usage::Normal));
        assert!(allowed(&adapter("ib"), &adapter("fake-tws"), Usage::Dev));
        assert!(!allowed(&adapter("ib"), &adapter("fake-tws"), Usage::Normal));
    }

    #[test]
    fn the_kit_stands_on_the_domain() {
        assert!(allowed(&Place::Conformance, &domain("orders"), Usage::Normal));
        assert!(!allowed(&Place::Conformance, &adapter("sqlite"), Usage::Dev));
        assert!(!allowed(&Place::Conformance, &adapter("memory"), Usage::Normal));
    }

    #[test]
    fn only_the_program_and_the_simulation_know_adapters() {
        assert!(allowed(&Place::App, &adapter("sqlite"), Usage::Normal));
        assert!(allowed(&Place::Simulation, &adapter("fake-broker"), Usage::Normal));
        assert!(!allowed(&Place::Xtask, &adapter("sqlite"), Usage::Normal));
        assert!(!allowed(&Place::Xtask, &domain("kernel"), Usage::Normal));
    }

    #[test]
    fn nothing_depends_on_the_program_or_the_chores() {
        for to in [Place::App, Place::Xtask] {
            assert!(!allowed(&Place::Simulation, &to, Usage::Normal));
            assert!(!allowed(&adapter("sqlite"), &to, Usage::Dev));
        }
    }

    #[test]
    fn a_workspace_is_checked_as_a_whole() {
        let kernel = package("crates/domain/kernel", &[]);
        let orders = package("crates/domain/orders", &[("kernel", Usage::Normal)]);
        assert_eq!(check(&[kernel.clone(), orders.clone()]), []);

        let upwards = package("crates/domain/kernel", &[("orders", Usage::Normal)]);
        assert_eq!(check(&[upwards, orders.clone()]), [Finding::new("kernel", "may not depend on orders")]);
        let stray = package("crates/helpers", &[]);
        assert_eq!(check(&[stray]).len(), 1);
        let unplanned = package("crates/domain/weather", &[]);
        assert_eq!(check(&[unplanned]).len(), 1);
    }
}
