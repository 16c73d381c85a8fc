//! Killed at any moment, the process loses nothing that it had acknowledged.
//!
//! The test runs itself as a second process that writes and tells what was acknowledged, then kills it without
//! warning.
#![expect(clippy::unwrap_used, reason = "tests may unwrap")]

mod support;

use futures::executor::block_on;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use support::{executed, happened, intended, key, open, quotes, second, symbol};
use tradeport_market_data::TickStore;
use tradeport_orders::{OrderInput, OrderJournal};

const TICKS_PER_ROUND: u64 = 250;
const RECORDS_PER_ROUND: u64 = 3;

/// Starts this test binary again as the writer of the databases in `folder`.
fn start_writer(folder: &Path) -> Child {
    let arguments = ["--exact", "writes_until_it_is_killed", "--ignored", "--nocapture"];
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    writeln!(child.stdin.as_mut().unwrap(), "{}", folder.display()).unwrap();
    child
}

#[test]
#[ignore = "the second process of the test below; alone it would never end"]
fn writes_until_it_is_killed() {
    let mut folder = String::new();
    std::io::stdin().read_line(&mut folder).unwrap();
    let stores = open(&PathBuf::from(folder.trim()));
    let (ticks, journal) = (stores.ticks(), stores.journal());
    let first = block_on(journal.last()).unwrap() / RECORDS_PER_ROUND;
    for round in first.. {
        block_on(ticks.append(&quotes(0..250))).unwrap();
        let text = format!("order-{round}");
        let entries = [
            intended(&text, second(0)),
            happened(&text, OrderInput::Sent, second(1)),
            executed(&text, &text, "4", "187.25", second(2)),
        ];
        block_on(journal.append(&entries)).unwrap();
        println!("acknowledged {}", round + 1);
    }
}

#[test]
fn scenario_db_12_what_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let mut known = 0;
    for life in 1..=5_usize {
        let mut child = start_writer(folder.path());
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let acknowledged = lines.filter_map(|line| line.strip_prefix("acknowledged ")?.parse::<u64>().ok());
        // Each life ends after another number of rounds, in the middle of whatever comes next.
        let last = acknowledged.take(life * 3).last().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(last > known, "the writer did not go on where it was killed");
        known = check(folder.path(), last);
    }
}

/// Everything up to round `acknowledged` is there, and nothing is half there; returns how many rounds are.
fn check(folder: &Path, acknowledged: u64) -> u64 {
    let stores = open(folder);
    let ticks = block_on(stores.ticks().count(symbol("AAPL"))).unwrap();
    assert!(ticks >= acknowledged * TICKS_PER_ROUND, "{ticks} ticks after {acknowledged} rounds");
    assert_eq!(ticks % TICKS_PER_ROUND, 0, "half a batch");
    let records = block_on(stores.journal().read(0, usize::MAX)).unwrap();
    let rounds = records.len() as u64 / RECORDS_PER_ROUND;
    assert!(rounds >= acknowledged, "{rounds} rounds in the journal, {acknowledged} acknowledged");
    assert_eq!(records.len() as u64 % RECORDS_PER_ROUND, 0, "half an append");
    for (place, record) in (1..).zip(&records) {
        assert_eq!(record.sequence, place);
    }
    for round in 0..rounds {
        let of_order = block_on(stores.journal().of(&key(&format!("order-{round}")))).unwrap();
        assert_eq!(of_order.len() as u64, RECORDS_PER_ROUND);
    }
    rounds
}
