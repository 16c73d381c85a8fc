//! A process that is killed at any moment: journal and broker agree afterwards, and the same key is still one order.

use crate::support::{Place, Running};
use std::process::Stdio;

#[test]
fn a_killed_order_is_placed_once_or_not_at_all() {
    let place = Place::new();
    place.json("order buy AAPL 1 --key before");
    for delay in 0..12 {
        let killed = Running::start(place.command(&format!("order buy AAPL 1 --key k{delay}")));
        // Other runs of the program are the delay: a little longer each time.
        for _ in 0..delay {
            place.command("--version").stdout(Stdio::null()).status().unwrap();
        }
        killed.signal("KILL");
        killed.end();
        let again = place.run(&format!("--json order buy AAPL 1 --key k{delay}"));
        let answer = again.json();
        let state = answer["order"]["state"].as_str().unwrap();
        // Killed between journal and broker, it is proven absent; else it has traded, now or before.
        assert!(
            matches!((state, again.code), ("filled", Some(0)) | ("not_sent", Some(1))),
            "{state}: {}",
            again.err
        );
        assert_eq!(filled(&place), held(&place), "after {delay}");
    }
}

/// The database becomes full somewhere within an order; each round begins with other room to spare.
#[test]
fn a_full_journal_never_hides_what_was_sent() {
    const PAGES: i64 = 64;
    let place = Place::new();
    place.json("order buy AAPL 1 --key before");
    let small = place.file("small.toml", &format!("[storage]\nsize_limit = {}\n", PAGES * 4_096));
    for round in 0..5 {
        change(
            &place,
            &format!("CREATE TABLE junk (x); INSERT INTO junk VALUES (zeroblob({}));", 4_092 * PAGES),
        );
        let mut failed = 0;
        for number in 0..20 {
            let key = format!("k{round}-{number}");
            let ran = place.run(&format!("--config {} --json order buy AAPL 1 --key {key}", small.display()));
            // Looking needs no room.
            let known = place.json("order list --all");
            let state = known.as_array().unwrap().iter().find(|order| order["key"] == key.as_str());
            let state = state.map(|order| order["state"].as_str().unwrap());
            match ran.code {
                Some(0) => assert_eq!(state, Some("filled"), "{key}: {}", ran.err),
                Some(1) => {
                    assert!(matches!(state, None | Some("not_sent")), "{key}: {state:?} {}", ran.err);
                    assert!(ran.err.contains("nothing was sent: "), "{key}: {}", ran.err);
                    assert!(
                        ran.err.contains("full") && ran.err.contains("free some space"),
                        "{key}: {}",
                        ran.err
                    );
                }
                Some(4) => assert!(ran.err.contains("order show"), "{key}: {}", ran.err),
                other => panic!("{key}: {other:?} {}", ran.err),
            }
            failed += i32::from(ran.code != Some(0));
            if failed == 3 {
                break;
            }
        }
        assert!(failed > 0, "the database was not full in round {round}");
        change(&place, "DROP TABLE junk; VACUUM;");
        assert_eq!(filled(&place), held(&place), "after round {round}");
    }
}

fn change(place: &Place, statements: &str) {
    rusqlite::Connection::open(place.data().join("orders.db")).unwrap().execute_batch(statements).unwrap();
}

#[test]
fn a_killed_recording_keeps_what_could_be_read() {
    let place = Place::new();
    let record = Running::start(place.command("record AAPL"));
    let mut clock = Running::start(place.command("--json quote IBM --watch"));
    let mut seen = 0;
    while seen < 3 {
        clock.line();
        seen = place.rows_so_far();
    }
    record.signal("KILL");
    record.end();
    clock.signal("KILL");
    clock.end();
    let kept = place.rows_so_far();
    assert!(kept >= seen, "{kept} of {seen}");
    let report = place.json("record AAPL --max-rows 1");
    assert_eq!(report["stored"], 1);
    assert_eq!(place.rows_so_far(), kept + 1);
}

fn filled(place: &Place) -> usize {
    let orders = place.json("order list --all");
    orders.as_array().unwrap().iter().filter(|order| order["state"] == "filled").count()
}

fn held(place: &Place) -> usize {
    place.json("positions")[0]["quantity"].as_str().unwrap().parse().unwrap()
}
