//! Keeps the ports' documentation and the kit together: every promise has exactly one case, with the same words.
//!
//! A promise is what stands after `Promises:` in the doc comment of a port's method; several are separated by `;`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tradeport_conformance::{CASES, Case};

/// The text of every `ports.rs` of a domain crate.
fn ports() -> Vec<String> {
    let domain = Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain");
    let crates = fs::read_dir(&domain).expect("the domain crates stand beside the kit");
    let files = crates.map(|entry| entry.expect("a folder that can be read").path().join("src/ports.rs"));
    let files: Vec<_> = files.filter(|file| file.exists()).collect();
    assert!(files.len() >= 7, "found only {files:?}");
    files.iter().map(|file| fs::read_to_string(file).expect("a source file that can be read")).collect()
}

/// The traits of a source file, each with the promises of its methods, in order.
fn documented(source: &str) -> Vec<(String, Vec<String>)> {
    let mut ports: Vec<(String, Vec<String>)> = Vec::new();
    let mut comment = String::new();
    for line in source.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("///") {
            comment.push_str(text);
            continue;
        }
        if let Some(name) = line.strip_prefix("pub trait ") {
            let name = name.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            ports.push((name.to_owned(), promises(&comment)));
        } else if line.starts_with("async fn ") || line.starts_with("fn ") {
            let (_, found) = ports.last_mut().expect("methods stand within a trait");
            found.extend(promises(&comment));
        }
        if !line.starts_with("#[") {
            comment.clear();
        }
    }
    ports
}

fn promises(comment: &str) -> Vec<String> {
    let Some((_, promises)) = comment.split_once("Promises:") else { return Vec::new() };
    let words = promises.split_whitespace().collect::<Vec<_>>().join(" ");
    words
        .split("; ")
        .flat_map(|part| part.split(". "))
        .map(|one| one.trim_end_matches('.').to_owned())
        .collect()
}

#[test]
fn every_promise_has_exactly_one_case_with_the_same_words() {
    let documented: BTreeMap<_, _> = ports().iter().flat_map(|source| documented(source)).collect();
    let promises = |cases: &[Case]| cases.iter().map(|case| case.promise.to_owned()).collect::<Vec<_>>();
    let tested: BTreeMap<_, _> =
        CASES.iter().map(|port| (port.port.to_owned(), promises(port.cases))).collect();
    assert_eq!(tested.len(), CASES.len(), "every port has one module of the kit");
    let names = |ports: &BTreeMap<String, Vec<String>>| ports.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&documented), names(&tested), "ports in the domain (left) and in the kit (right)");
    for (port, promises) in &documented {
        assert_eq!(promises, &tested[port], "{port}: its documentation (left) and its cases (right)");
    }
}

/// The words of a text that a name can carry.
fn words(text: &str) -> Vec<String> {
    let plain: String = text.to_lowercase().replace('\'', "").replace("'s", "s");
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[test]
fn a_case_is_named_with_the_words_of_its_promise() {
    for port in CASES {
        for case in port.cases {
            // A name may say `no_such_order` for `NoSuchOrder`, and leave out words.
            let promise = words(case.promise).concat();
            let mut rest = promise.as_str();
            for word in words(case.name) {
                let at = rest.find(&word);
                assert!(at.is_some(), "{}: {word:?} of the name is not in {:?}", case.name, case.promise);
                rest = &rest[at.unwrap_or(0) + word.len()..];
            }
        }
    }
}

#[test]
fn the_reader_of_the_documentation_finds_what_is_there() {
    let source = "
        /// Keeps things.
        #[async_trait]
        pub trait ThingStore: Send + Sync {
            /// Saves. Promises: a thing stays;
            /// an empty call is no error.
            async fn save(&self);
            /// No word about it.
            fn other(&self);
            /// Promises: it is `None`.
            #[must_use]
            fn find(&self);
        }";
    let wanted = ["a thing stays", "an empty call is no error", "it is `None`"].map(str::to_owned).to_vec();
    assert_eq!(documented(source), [("ThingStore".to_owned(), wanted)]);
}
