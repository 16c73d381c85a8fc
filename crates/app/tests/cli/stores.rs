//! The files of the databases: gone, emptied, damaged, read-only.

use crate::support::Place;
#[cfg(unix)]
use crate::{
    serve::command,
    support::Ran,
    wire::{served, stopped},
};
use std::fs;
use std::path::PathBuf;

fn orders(place: &Place, ending: &str) -> PathBuf {
    place.data().join(format!("orders.db{ending}"))
}

/// Everything that would look at the orders of a folder as if they were all there.
const OF_ORDERS: [&str; 8] = [
    "order buy AAPL 1 --key first",
    "order cancel first",
    "order list --all",
    "order show first",
    "risk show",
    "audit verify",
    "reconcile",
    "record AAPL --max-rows 1",
];

#[test]
fn scenario_db_09_orders_that_are_gone_are_not_begun_anew_and_no_key_is_used_twice() {
    let place = Place::new();
    place.json("order buy AAPL 1 --key first");
    let whole = fs::read(orders(&place, "")).unwrap();
    for (left, state) in [(None, "is gone"), (Some(""), "is empty")] {
        match left {
            None => fs::remove_file(orders(&place, "")).unwrap(),
            Some(text) => fs::write(orders(&place, ""), text).unwrap(),
        }
        for typed in OF_ORDERS {
            let words = ["orders.db", state, "high-water", "could be placed again", "backup"];
            place.run(typed).fails(1, &words);
        }
    }
    // Whoever takes the mark away still has the broker's word that there were orders.
    fs::remove_file(orders(&place, ".high-water")).unwrap();
    for typed in OF_ORDERS {
        let words = ["orders.db is empty", "fake-broker.json", "could be placed again", "backup"];
        place.run(typed).fails(1, &words);
    }
    fs::write(orders(&place, ""), whole).unwrap();
    assert_eq!(place.json("order show first")["state"], "filled");
    place.json("order buy AAPL 1 --key first");
    assert_eq!(place.json("positions")[0]["quantity"], "1", "the key is known");
}

#[test]
fn scenario_db_12_orders_that_are_older_than_they_were_are_not_gone_on_with() {
    let place = Place::new();
    place.json("order buy AAPL 1 --key first");
    let older = fs::read(orders(&place, "")).unwrap();
    place.json("order buy AAPL 1 --key second");
    fs::write(orders(&place, ""), older).unwrap();
    for typed in OF_ORDERS {
        place.run(typed).fails(1, &["orders.db ends at record", "high-water", "could be placed again"]);
    }
    // Whoever looked at the broker, and goes on all the same.
    fs::remove_file(orders(&place, ".high-water")).unwrap();
    assert_eq!(place.json("order list --all").as_array().unwrap().len(), 1);
}

#[test]
fn scenario_db_09_orders_are_looked_after_without_a_market_file_that_is_of_use() {
    let rubbish = "timestamp,symbol\n".repeat(400);
    for damaged in [Some(rubbish.as_str()), Some(""), None] {
        let place = Place::new();
        let low = place.price("AAPL", 0.8);
        place.json(&format!("order buy AAPL 1 --limit {low} --tif gtc --key rests"));
        place.json("order buy IBM 1 --key bought");
        let market = place.data().join("market.db");
        match damaged {
            Some(text) => fs::write(&market, text).unwrap(),
            None => fs::remove_file(&market).unwrap(),
        }
        let works = |typed: &str| {
            let ran = place.run(typed);
            assert_eq!(ran.code, Some(0), "{typed}: {}", ran.err);
            let warnings = ran.err.lines().filter(|line| line.contains("market.db")).count();
            // What is not there, or empty, is made anew by whoever writes.
            let wanted = usize::from(damaged == Some(rubbish.as_str()));
            assert!(warnings == wanted || damaged == Some(""), "{typed}: {}", ran.err);
        };
        works("audit verify");
        works("order list");
        works("order show rests");
        works("risk show");
        works("metrics");
        works("reconcile");
        works("order cancel rests");
        works("order buy IBM 1 --key more");
        works("risk kill --reason quiet");
        works("risk resume --reason on");
        if damaged == Some(rubbish.as_str()) {
            place.run("record AAPL --max-rows 1").fails(1, &["market.db", "not a readable database"]);
            place.run("quote AAPL --recorded").fails(1, &["market.db", "not a readable database"]);
            place.run("backup monday").fails(1, &["market.db", "nothing was copied", "away"]);
            assert_eq!(fs::read_to_string(&market).unwrap(), rubbish, "it is left as it is");
            fs::remove_file(&market).unwrap();
            place.json("backup monday");
        }
    }
}

/// The folder may be read-only, or its disk may have failed, in the very moment in which everything has to be stopped.
#[cfg(unix)]
#[test]
fn a_switch_that_cannot_be_kept_keeps_nothing_from_being_cancelled() {
    let (house, place) = (Place::new(), Place::new());
    let (tws, port) = served(&house, "fake-tws --port 0");
    let run = |typed: &str| Ran::of(command(&place, typed, Some(port)).env("LOG_LEVEL", "error"));
    let low = house.price("AAPL", 0.8);
    let ran = run(&format!("order buy AAPL 1 --limit {low} --tif gtc --key rests"));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    place.file("file", "no folder can be made within it");
    let killed = run("--data-dir file/data risk kill --reason now");
    killed.fails(
        1,
        &["everything is cancelled, but the switch could not be killed", "orders may leave", "writable"],
    );
    assert_eq!(run("--json order show rests").json()["state"], "cancelled");
    assert_eq!(stopped(tws).code, Some(130));
    let nobody = run("--data-dir file/data risk kill --reason now");
    nobody.fails(1, &["nobody could cancel what is open, and the switch could not be killed"]);
}

/// A snapshot's numbers have no other place; what they say must at least agree with itself.
#[test]
fn a_snapshot_whose_parts_are_not_its_sum_is_found() {
    let place = Place::new();
    place.json("order buy AAPL 1 --key first");
    let file = rusqlite::Connection::open(orders(&place, "")).unwrap();
    let sql = "UPDATE snapshots SET payload = json_set(payload, '$.total_value.amount', '123.45')";
    file.execute_batch(sql).unwrap();
    drop(file);
    place
        .run("audit verify")
        .fails(1, &["does not agree with itself", "the snapshot of", "total value", "123.45"]);
}
