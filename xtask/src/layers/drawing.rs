//! The graph of our crates as a Mermaid drawing and a table. The drawing leaves out every arrow that follows from
//! others; the table has them all. Sorted, so that the same crates always give the same text.

use std::collections::{BTreeMap, BTreeSet};

use super::place::Place;
use crate::tables;
use crate::workspace::{Package, Usage};

type Graph<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// Drawing and table, without markers.
pub(super) fn draw(packages: &[Package]) -> String {
    let product = graph(packages, |usage| usage != Usage::Dev);
    let tests = graph(packages, |usage| usage == Usage::Dev);
    format!(
        "```mermaid\n{}```\n\nArrows that follow from others are left out of the drawing; the table has all of them.\n\n{}",
        mermaid(packages, &product),
        table(packages, &product, &tests)
    )
}

fn graph(packages: &[Package], wanted: impl Fn(Usage) -> bool) -> Graph<'_> {
    packages
        .iter()
        .map(|package| {
            let inner = package
                .dependencies
                .iter()
                .filter(|dependency| dependency.inside && wanted(dependency.usage));
            (package.name.as_str(), inner.map(|dependency| dependency.name.as_str()).collect())
        })
        .collect()
}

fn mermaid(packages: &[Package], graph: &Graph<'_>) -> String {
    let mut text = String::from("flowchart TD\n");
    for (group, title) in [("program", ""), ("adapters", "adapters"), ("domain", "domain")] {
        let members: Vec<&Package> = packages.iter().filter(|package| group_of(package) == group).collect();
        if members.is_empty() {
            continue;
        }
        if !title.is_empty() {
            text.push_str(&format!("    subgraph {group}[{title}]\n"));
        }
        for package in members {
            let indent = if title.is_empty() { "    " } else { "        " };
            text.push_str(&format!("{indent}{}[{}]\n", package.name, short(&package.name)));
        }
        if !title.is_empty() {
            text.push_str("    end\n");
        }
    }
    for (from, inner) in graph {
        for to in inner.iter().filter(|to| !follows(graph, inner, to)) {
            text.push_str(&format!("    {from} --> {to}\n"));
        }
    }
    text
}

fn group_of(package: &Package) -> &'static str {
    match Place::of(package) {
        Some(Place::Domain(_)) => "domain",
        Some(Place::Adapter(_)) => "adapters",
        _ => "program",
    }
}

fn short(name: &str) -> &str {
    name.strip_prefix("tradeport-").unwrap_or(name)
}

/// Whether another direct dependency already leads to `to`.
fn follows(graph: &Graph<'_>, direct: &BTreeSet<&str>, to: &str) -> bool {
    direct.iter().filter(|other| **other != to).any(|other| reached(graph, other).contains(to))
}

/// Every crate that a way of arrows leads to.
fn reached<'a>(graph: &Graph<'a>, from: &str) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = graph.get(from).into_iter().flatten().copied().collect();
    while let Some(next) = open.pop() {
        if let Some((name, inner)) = graph.get_key_value(next)
            && seen.insert(*name)
        {
            open.extend(inner);
        }
    }
    seen
}

fn table(packages: &[Package], product: &Graph<'_>, tests: &Graph<'_>) -> String {
    let list = |graph: &Graph<'_>, name: &str| match graph.get(name) {
        Some(inner) if !inner.is_empty() => {
            inner.iter().map(|name| short(name)).collect::<Vec<_>>().join(", ")
        }
        _ => "-".to_owned(),
    };
    let mut rows: Vec<(String, Vec<String>)> = packages
        .iter()
        .map(|package| {
            let name = package.name.as_str();
            let cells = vec![
                short(name).to_owned(),
                format!("`{}`", package.folder),
                list(product, name),
                list(tests, name),
            ];
            (package.folder.clone(), cells)
        })
        .collect();
    rows.sort();
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(_, cells)| cells).collect();
    tables::markdown(&["crate", "folder", "depends on", "in tests also"], &rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Dependency;

    fn package(name: &str, folder: &str, inner: &[(&str, Usage)]) -> Package {
        let dependency = |(name, usage): &(&str, Usage)| Dependency {
            name: (*name).to_owned(),
            usage: *usage,
            inside: true,
            features: Vec::new(),
        };
        Package {
            name: name.to_owned(),
            folder: folder.to_owned(),
            dependencies: inner.iter().map(dependency).collect(),
            targets: Vec::new(),
        }
    }

    fn house() -> Vec<Package> {
        vec![
            package(
                "tradeport",
                "crates/app",
                &[("tradeport-orders", Usage::Normal), ("tradeport-kernel", Usage::Normal)],
            ),
            package("tradeport-kernel", "crates/domain/kernel", &[]),
            package("tradeport-orders", "crates/domain/orders", &[("tradeport-kernel", Usage::Normal)]),
            package("tradeport-memory", "crates/adapters/memory", &[("tradeport-orders", Usage::Dev)]),
        ]
    }

    #[test]
    fn arrows_that_follow_are_left_out_of_the_drawing() {
        let text = draw(&house());
        assert!(text.contains("tradeport --> tradeport-orders"));
        assert!(text.contains("tradeport-orders --> tradeport-kernel"));
        assert!(!text.contains("tradeport --> tradeport-kernel"));
        assert!(!text.contains("tradeport-memory -->"), "tests are no arrows of the product");
    }

    #[test]
    fn the_table_has_every_arrow() {
        let text = draw(&house());
        assert!(
            text.contains("| tradeport | `crates/app`             | kernel, orders | -             |"),
            "{text}"
        );
        assert!(
            text.contains("| memory    | `crates/adapters/memory` | -              | orders        |"),
            "{text}"
        );
    }

    #[test]
    fn the_order_of_the_packages_does_not_matter() {
        let mut reversed = house();
        reversed.reverse();
        let mut sorted = house();
        sorted.sort_by(|left, right| left.name.cmp(&right.name));
        reversed.sort_by(|left, right| left.name.cmp(&right.name));
        assert_eq!(draw(&reversed), draw(&sorted));
    }

    #[test]
    fn a_circle_does_not_hang_the_drawing() {
        let circle = [
            package("a", "crates/app", &[("b", Usage::Normal), ("c", Usage::Normal)]),
            package("b", "crates/domain/b", &[("a", Usage::Normal)]),
            package("c", "crates/domain/c", &[("b", Usage::Normal)]),
        ];
        assert!(draw(&circle).starts_with("```mermaid"));
    }
}
