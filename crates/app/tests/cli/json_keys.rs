//! The keys of `--json` are those that the manual tells: neither more nor fewer.

use crate::support::Place;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const MANUAL: &str = include_str!("../../../../docs/json.md");

/// The keys of each row of the manual's table, by the words of its first column.
fn manual() -> BTreeMap<String, BTreeSet<String>> {
    let row = |line: &'static str| {
        let mut cells = line.trim_matches('|').split('|').map(str::trim);
        let (name, keys) = (cells.next()?, cells.next()?);
        let keys = keys
            .split(", ")
            .map(|key| key.strip_prefix('`')?.strip_suffix('`'))
            .collect::<Option<Vec<_>>>()?;
        Some((name.to_owned(), keys.into_iter().map(str::to_owned).collect()))
    };
    MANUAL.lines().filter(|line| line.starts_with("| ")).filter_map(row).collect()
}

fn keys(document: &Value) -> BTreeSet<String> {
    document.as_object().unwrap_or_else(|| panic!("no object: {document}")).keys().cloned().collect()
}

/// A document has the keys that the manual tells in this row.
pub(crate) fn told(row: &str, document: &Value) {
    let manual = manual();
    let expected = manual.get(row).unwrap_or_else(|| panic!("{row} is not in the manual"));
    assert_eq!(&keys(document), expected, "{row}");
}

#[test]
fn the_keys_are_those_of_the_manual() {
    let place = Place::new();
    let status = place.json("status");
    told("`status`", &status);
    told("`seen`", &status["seen"]);
    let bought = place.json("order buy AAPL 1 --key k");
    told("`order buy`, `sell`, `target-percent`, `cancel`", &bought);
    told("every `order`", &bought["order"]);
    let shown = place.json("order show k");
    told("`order show`", &shown);
    told("each of its `timeline`", &shown["timeline"][0]);
    told("`audit verify`", &place.json("audit verify"));
    told("each of `audit show`", &place.json("audit show")[0]);
    told("every execution", &bought["order"]["executions"][0]);

    let copied = place.json(&format!("backup {}", place.data().with_file_name("copy").display()));
    told("`backup`", &copied);
    told("each of its `files`", &copied["files"][0]);

    let preview = place.json("order preview buy AAPL 1");
    told("`order preview`, and `--preview`", &preview);
    told("`validation`", &preview["validation"]);
    told("`broker`", &preview["broker"]);
    told("`what_if`", &preview["broker"]["what_if"]);
    told("`cost`", &preview["cost"]);

    let low = place.price("IBM", 0.8);
    let bracket = format!("order bracket buy IBM 1 --limit {low} --trail 5% --key b");
    told("`order bracket --preview`", &place.json(&format!("{bracket} --preview")));
    told("`order bracket`", &place.json(&bracket));
    told("`order change`", &place.json("order change b --quantity 2"));
    told("`order cancel-all`", &place.json("order cancel-all"));

    let gains = place.json("pnl");
    told("`pnl`", &gains);
    told("each of its `positions`", &gains["positions"][0]);
    let chain = place.json("contract chain AAPL --strikes 1 --greeks");
    told("`contract chain`", &chain);
    told("each of its `options`", &chain["options"][0]);
    told("`call` and `put`", &chain["options"][0]["call"]);
    told("`greeks`", &chain["options"][0]["call"]["greeks"]);
    told("`demo --now`, and `demo` on TWS", &place.json("demo --now"));

    let spread = place.json("order spread straddle AAPL 30d atm --key s");
    told("`order spread`", &spread);
    told("every leg", &spread["legs"][0]);
    told("`order spread --preview`", &place.json("order spread straddle AAPL 30d atm --preview"));
    told("`order algos NAME`, and each of `order algos`", &place.json("order algos Vwap"));

    let risk = place.json("risk show");
    told("`risk show`", &risk);
    told("each of its `limits`", &risk["limits"][0]);
    told("each of its `verdicts`", &risk["verdicts"][0]);
    told("`risk kill`", &place.json("risk kill"));
    told("`risk resume`", &place.json("risk resume --reason looked-at"));

    let recording = crate::wire::recording(&place);
    let shown = place.run(&format!("--json wire show {}", recording.display()));
    for line in shown.out.lines() {
        told("each line of `wire show`", &serde_json::from_str(line).unwrap());
    }
}
