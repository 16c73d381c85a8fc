//! `risk show`, `kill` and `resume`, without a service and beside one.

use crate::serve::{Served, command};
use crate::support::{ANY_DAY, Place, Ran};
use crate::wire::{served, stopped};
use futures::executor::block_on;
use serde_json::Value;
use std::fs;
use tradeport_kernel::{Decimal, Timestamp};
use tradeport_orders::{BrokerPhase, BrokerStatus, JournalEntry, OrderInput, OrderJournal};

fn resting(place: &Place, key: &str) -> String {
    let low = place.price("AAPL", 0.8);
    format!("order buy AAPL 1 --limit {low} --tif gtc --key {key}")
}

fn rules(shown: &Value) -> Vec<&str> {
    shown["limits"].as_array().unwrap().iter().map(|row| row["rule"].as_str().unwrap()).collect()
}

/// What is wrong with the settings keeps nobody from stopping everything.
#[test]
fn a_kill_needs_no_settings_that_are_good_enough_to_trade_with() {
    let place = Place::new();
    place.json(&resting(&place, "a"));
    let broken = place.file("broken.toml", "[risk]\nmax_order_quantity = -1\n");
    let killed = place.json(&format!("--config {} risk kill", broken.display()));
    assert_eq!(killed["cancelled"], serde_json::json!(["a"]));

    let other = Place::new();
    let mut live = other.command("--broker tws risk kill");
    Ran::of(live.env("IB_PORT", "7496")).fails(1, &["the switch is killed", "nobody could cancel", "live"]);
    assert!(other.data().join("kill-switch.json").exists());
}

#[test]
fn scenario_rsk_07_a_kill_cancels_everything_and_lasts_until_somebody_says_why_it_may_go_on() {
    let place = Place::new();
    let fresh = place.json("risk show");
    assert_eq!((&fresh["switch"]["state"], &fresh["last_resume"]), (&"open".into(), &Value::Null));
    place.json(&resting(&place, "a"));
    place.json(&resting(&place, "b"));

    let killed = Ran::of(place.command("--json risk kill").args(["--reason", "it buys and buys"]));
    assert_eq!(killed.code, Some(0), "{}", killed.err);
    let killed = killed.json();
    assert_eq!(killed["killed"]["reason"], "it buys and buys");
    assert_eq!(killed["cancelled"], serde_json::json!(["a", "b"]));
    assert_eq!(killed["may_still_trade"], serde_json::json!([]));
    assert_eq!(place.json("order show a")["state"], "cancelled");

    // Nothing leaves: the rule says who, why and when.
    let refused = place.run("order buy AAPL 1 --key c");
    refused.fails(
        3,
        &["kill_switch", "killed by command line at ", "it buys and buys", "tradeport risk resume"],
    );
    let again = place.json("risk kill");
    assert_eq!(again["killed"]["reason"], "it buys and buys", "the first stands");
    let shown = place.json("risk show");
    assert_eq!(
        (&shown["switch"]["state"], &shown["switch"]["by"]),
        (&"killed".into(), &"command line".into())
    );
    let last = &shown["verdicts"][0];
    assert_eq!(
        (&last["key"], &last["approved"], &last["rule"]),
        (&"c".into(), &false.into(), &"kill_switch".into())
    );
    assert_eq!(shown["verdicts"][1]["approved"], true);
    assert!(!shown["verdicts"][1]["findings"].as_array().unwrap().is_empty());

    place.run("risk resume").fails(2, &["--reason"]);
    place.run("risk resume --reason=").fails(2, &["reason"]);
    place.run("order buy AAPL 1 --key d").fails(3, &["kill_switch"]);
    assert_eq!(place.json("risk resume --reason fixed")["resumed"]["reason"], "fixed");
    place.json("order buy AAPL 1 --key e");
    place.run("risk resume --reason fixed").fails(1, &["open", "nothing to resume"]);
    let shown = place.json("risk show");
    assert_eq!(
        (&shown["switch"]["state"], &shown["last_resume"]["reason"]),
        (&"open".into(), &"fixed".into())
    );
    let trades = &shown["limits"].as_array().unwrap()[0];
    assert_eq!((&trades["rule"], &trades["used"]), (&"max_daily_trades".into(), &"3".into()), "{shown:#}");
    assert!(rules(&shown).contains(&"max_position_share") && !rules(&shown).contains(&"max_daily_loss"));

    let text = place.run("risk show");
    for words in
        ["kill switch", "open: orders may leave", "resumed by command line", "max_daily_trades", "refused"]
    {
        assert!(text.out.contains(words), "{words:?} is missing in {}", text.out);
    }
}

/// One file serves several brokers: nothing is refused, and nobody takes such limits for ones that hold.
#[test]
fn limits_of_an_account_that_is_not_managed_are_told() {
    let place = Place::new();
    let sections =
        "[risk.accounts.U7654321]\nmax_daily_trades = 3\n[risk.accounts.DU100001]\nmax_daily_trades = 2\n";
    let file = place.file("two.toml", sections).display().to_string();
    let words = [
        "[risk.accounts.DU100001] limits nothing here: the broker manages no such account; did you mean DU1000001?",
        "[risk.accounts.U7654321] limits nothing here: the broker manages no such account",
    ];
    let ran = place.run(&format!("--config {file} order buy AAPL 1"));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(words.iter().all(|words| ran.err.matches(words).count() == 1), "{}", ran.err);
    let unmanaged = serde_json::json!([
        { "account": "DU100001", "meant": "DU1000001" },
        { "account": "U7654321", "meant": null },
    ]);
    for command in ["risk show", "status"] {
        let command = format!("--config {file} {command}");
        let shown = place.run(&command).out;
        assert!(words.iter().all(|words| shown.contains(words)), "{shown}");
        assert_eq!(place.json(&command)["unmanaged_limits"], unmanaged);
    }
    assert_eq!(place.json("risk show")["unmanaged_limits"], serde_json::json!([]));
}

#[test]
fn a_latch_that_nobody_can_read_kills() {
    let place = Place::new();
    place.json("order buy AAPL 1 --key a");
    for garbage in ["", "{\"at\": 1", "open"] {
        fs::write(place.data().join("kill-switch.json"), garbage).unwrap();
        place.run("order buy AAPL 1 --key b").fails(3, &["kill_switch", "cannot be read"]);
    }
    place.json("risk resume --reason looked-at");
    place.json("order buy AAPL 1 --key c");
}

#[test]
fn a_service_that_runs_cancels_what_another_process_kills() {
    let place = Place::new();
    place.json(&resting(&place, "a"));
    let service = Served::start(&place, "", None);
    service.until(&place, "a working order", |status| status["service"]["orders"]["working"] == 1);
    let killed = place.json("risk kill");
    assert_eq!((&killed["by_service"], &killed["left"]), (&true.into(), &0.into()), "{killed:#}");
    assert_eq!(place.json("risk show")["orders"]["working"], 0);
    place.json("risk resume --reason seen");
    let ran = stopped(service.running);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(place.json("order show a")["state"], "cancelled");
}

#[test]
fn a_kill_without_a_service_cancels_at_tws_and_says_so_when_nobody_is_there() {
    let (house, place) = (Place::new(), Place::new());
    let (tws, port) = served(&house, "fake-tws --port 0");
    let run = |typed: &str| Ran::of(&mut command(&place, typed, Some(port)));
    let ran = run(&resting(&house, "a"));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let killed = run("--json risk kill");
    assert_eq!(killed.code, Some(0), "{}", killed.err);
    assert_eq!(killed.json()["cancelled"], serde_json::json!(["a"]));
    run("order buy AAPL 1 --key b").fails(3, &["kill_switch"]);
    assert_eq!(run("risk resume --reason seen").code, Some(0));
    assert_eq!(stopped(tws).code, Some(130));
    run("risk kill").fails(1, &["the switch is killed", "risk kill again"]);
    let shown = run("--json risk show");
    assert_eq!(shown.json()["switch"]["state"], "killed", "{}", shown.err);
}

/// Another program of the same login has orders at TWS: limits count them, at their prices.
#[test]
fn what_another_program_may_still_trade_is_held_against_limits() {
    let (house, ours, theirs) = (Place::new(), Place::new(), Place::new());
    let (tws, port) = served(&house, "fake-tws --port 0");
    let limits = format!("{ANY_DAY}[risk]\nmax_position_quantity = 50\nmax_gross_share = 0.9\n");
    let limits = ours.file("tight.toml", &limits).display().to_string();
    let run = |place: &Place, client: &str, typed: &str| {
        Ran::of(command(place, typed, Some(port)).env("IB_CLIENT_ID", client))
    };
    for (symbol, units) in [("AAPL", 30), ("MSFT", 5)] {
        let low = house.price(symbol, 0.8);
        let rests = format!("order buy {symbol} {units} --limit {low} --tif gtc");
        assert_eq!(run(&theirs, "50", &rests).code, Some(0));
    }
    let buy = |units: u32| run(&ours, "1", &format!("--config {limits} --json order buy AAPL {units}"));
    let refused = buy(21);
    refused
        .fails_with(3, &["max_position_quantity: 51 against a limit of 50; this counts 30 that open orders"]);
    assert_eq!(refused.json()["refusal"]["others"], "30");
    let bought = buy(20);
    assert_eq!(bought.code, Some(0), "{}", bought.err);
    assert_eq!(stopped(tws).code, Some(130));
}

#[test]
fn a_kill_does_not_call_dead_what_others_have_at_the_broker() {
    let (house, ours, theirs) = (Place::new(), Place::new(), Place::new());
    let (tws, port) = served(&house, "fake-tws --port 0");
    let run = |place: &Place, client: &str, typed: &str| {
        Ran::of(command(place, typed, Some(port)).env("IB_CLIENT_ID", client))
    };
    assert_eq!(run(&theirs, "50", &resting(&house, "theirs")).code, Some(0));
    let killed = run(&ours, "1", "risk kill");
    assert_eq!(killed.code, Some(0), "{}", killed.err);
    assert!(killed.out.contains("no order of ours can trade any more"), "{}", killed.out);
    assert!(killed.err.contains("1 order of others may"), "{}", killed.err);
    assert_eq!(run(&ours, "1", "--json risk kill").json()["others"], 1);
    assert_eq!(run(&theirs, "50", "--json order show theirs").json()["state"], "working");
    // A journal that is lost knows nothing of what was ours.
    let nowhere = Place::new();
    let killed = run(&nowhere, "50", "risk kill");
    assert_eq!(killed.code, Some(4), "{}", killed.err);
    assert!(killed.err.contains("the journal does not know 1 order that may trade"), "{}", killed.err);
    // Who asks for one of others is told whose it is.
    run(&ours, "1", "risk resume --reason seen");
    let asked = run(&ours, "1", "order cancel theirs");
    assert_eq!(asked.code, Some(1), "{}", asked.err);
    for word in ["theirs is an order of others", "another client: buy 1 AAPL", "cancel it in TWS"] {
        assert!(asked.err.contains(word), "{}", asked.err);
    }
    assert_eq!(stopped(tws).code, Some(130));
}

/// A word of TWS on its end reaches the journal, and TWS lists it on.
fn is_called_cancelled(place: &Place, key: &str) {
    let stores = place.hold();
    let word =
        BrokerStatus { phase: BrokerPhase::Cancelled, filled: Decimal::ZERO, perm_id: None, reason: None };
    let input = OrderInput::Status { status: word };
    let line = JournalEntry::happened(key.parse().unwrap(), input, Timestamp::EPOCH);
    block_on(stores.journal().audited("test").append(&[line])).unwrap();
    place.let_go(stores);
}

#[test]
fn an_order_that_ended_here_and_lives_at_tws_is_cancelled() {
    let (house, place) = (Place::new(), Place::new());
    let (tws, port) = served(&house, "fake-tws --port 0");
    let run = |typed: &str| Ran::of(&mut command(&place, typed, Some(port)));
    for key in ["a", "b", "c"] {
        let ran = run(&resting(&house, key));
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        is_called_cancelled(&place, key);
    }
    let left = || {
        let told = run("--json reconcile").json();
        (told["breaks"].as_array().unwrap().len(), told["ours"].as_u64().unwrap())
    };
    assert_eq!(left(), (3, 3));
    let cancelled = run("order cancel a");
    assert_eq!(cancelled.code, Some(0), "{}", cancelled.err);
    run("order cancel a").fails(1, &["nothing left to cancel"]);
    assert_eq!(left(), (2, 2));
    let killed = run("--json risk kill");
    assert_eq!(killed.code, Some(0), "{}", killed.err);
    assert_eq!(killed.json()["cancelled"], serde_json::json!(["b", "c"]));
    assert_eq!(left(), (0, 0));
    assert_eq!(stopped(tws).code, Some(130));
}
