//! The table of `docs/reliability.md` against the tests themselves: what it names is there, and what is there it names.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Where the tests of each level are.
const LEVELS: [(&str, &str); 10] = [
    ("machine", "crates/domain/connection/tests"),
    ("desk", "crates/domain/trading/tests/desk"),
    ("shell", "crates/adapters/fake-broker/tests/link"),
    ("bytes", "crates/adapters/ib/tests/conformance"),
    ("words", "crates/adapters/ib/src"),
    ("service", "crates/app/src/service"),
    ("program", "crates/app/tests/cli"),
    ("life", "crates/domain/orders/tests"),
    ("wiring", "crates/app/src/wiring"),
    ("store", "crates/adapters/sqlite"),
];

/// How many rows each family of the link has.
const FAMILIES: [(&str, u32); 4] = [("CON", 22), ("RST", 14), ("NET", 14), ("FRM", 8)];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3).unwrap().to_owned()
}

/// Every source below a folder.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(fs::read_to_string(&path).unwrap());
        }
    }
}

/// The row that a test is of: `CON-01` for `scenario_con_01_…`.
fn row_of(test: &str) -> Option<String> {
    let (family, rest) = test.strip_prefix("scenario_")?.split_once('_')?;
    let (number, _) = rest.split_once('_')?;
    let is_number = number.len() == 2 && number.bytes().all(|it| it.is_ascii_digit());
    is_number.then(|| format!("{}-{number}", family.to_uppercase()))
}

/// The names of tests in a source, by what stands in front of them.
fn tests_in(source: &str) -> BTreeSet<String> {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let name = |pair: &[&str]| {
        let is_test = pair[0].starts_with("#[test]") || pair[0].starts_with("#[tokio::test");
        let rest = pair[1].trim_start_matches("async ").strip_prefix("fn ")?;
        is_test.then(|| rest.split('(').next().unwrap_or_default().to_owned())
    };
    lines.windows(2).filter_map(name).collect()
}

/// The tests of each level.
fn tests() -> BTreeMap<&'static str, BTreeSet<String>> {
    let of = |folder: &str| {
        let mut found = Vec::new();
        sources(&root().join(folder), &mut found);
        found.iter().flat_map(|source| tests_in(source)).collect()
    };
    LEVELS.map(|(level, folder)| (level, of(folder))).into()
}

struct Row {
    id: String,
    levels: BTreeSet<String>,
    tests: BTreeSet<String>,
    verdict: String,
}

fn named(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).filter(|it| it.starts_with("scenario_")).map(str::to_owned).collect()
}

fn table(manual: &str) -> Vec<Row> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect();
        let [id, _, levels, tests, verdict] = cells[..] else { return None };
        row_of(&format!("scenario_{}_", id.to_lowercase().replace('-', "_")))?;
        let levels = levels.split(", ").map(str::to_owned).collect();
        Some(Row { id: id.to_owned(), levels, tests: named(tests), verdict: verdict.to_owned() })
    };
    manual.lines().filter_map(row).collect()
}

#[test]
fn every_row_names_its_tests_and_every_test_has_its_row() {
    let manual = fs::read_to_string(root().join("docs/reliability.md")).unwrap();
    let (rows, tests) = (table(&manual), tests());
    assert!(rows.len() >= 70, "{} rows were read", rows.len());
    for row in &rows {
        let own = |test: &&String| row_of(test).as_ref() == Some(&row.id);
        let known: BTreeMap<_, BTreeSet<String>> = tests
            .iter()
            .map(|(level, all)| (level.to_string(), all.iter().filter(own).cloned().collect()))
            .collect();
        let there: BTreeSet<String> = known.values().flatten().cloned().collect();
        assert_eq!(row.tests, there, "{}: the tests that are named, and those that are there", row.id);
        let levels: BTreeSet<String> =
            known.iter().filter(|(_, tests)| !tests.is_empty()).map(|(level, _)| level.clone()).collect();
        assert_eq!(row.levels, levels, "{}: the levels that are named, and those that have tests", row.id);
        assert!(row.verdict.starts_with("holds"), "{}: {}", row.id, row.verdict);
    }
    let listed: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let unlisted =
        tests.values().flatten().filter(|test| row_of(test).is_some_and(|id| !listed.contains(id.as_str())));
    assert_eq!(unlisted.collect::<Vec<_>>(), [""; 0], "tests without a row");
}

#[test]
fn no_row_of_the_links_families_is_missing() {
    let manual = fs::read_to_string(root().join("docs/reliability.md")).unwrap();
    let listed: Vec<String> = table(&manual).into_iter().map(|row| row.id).collect();
    for (family, many) in FAMILIES {
        let expected: Vec<String> = (1..=many).map(|number| format!("{family}-{number:02}")).collect();
        let own: Vec<String> = listed.iter().filter(|id| id.starts_with(family)).cloned().collect();
        assert_eq!(own, expected);
    }
}

/// What is named elsewhere in the page is there, too.
#[test]
fn every_test_that_the_page_names_is_there() {
    let manual = fs::read_to_string(root().join("docs/reliability.md")).unwrap();
    let mut all = Vec::new();
    sources(&root().join("crates"), &mut all);
    let all: BTreeSet<String> = all.iter().flat_map(|source| tests_in(source)).collect();
    let is_test_name =
        |it: &&str| it.contains('_') && it.bytes().all(|it| matches!(it, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    let words = manual
        .lines()
        .filter(|line| !line.starts_with("    "))
        .flat_map(|line| line.split('`').skip(1).step_by(2));
    let named: Vec<&str> = words.filter(is_test_name).collect();
    assert!(named.len() > 100, "{} names were read", named.len());
    let missing: Vec<&&str> = named.iter().filter(|name| !all.contains(**name)).collect();
    assert_eq!(missing, [&""; 0]);
}
