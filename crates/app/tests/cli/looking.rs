//! Commands that only look: they need no database, and disturb nobody.

#[cfg(unix)]
use crate::support::Ran;
use crate::support::{Place, Running};
#[cfg(unix)]
use std::time::Duration;
#[cfg(unix)]
use tradeport_app::clock::SystemClock;
#[cfg(unix)]
use tradeport_kernel::Clock;
use tradeport_kernel::Timestamp;

#[test]
fn a_quote_has_two_sides() {
    let place = Place::new();
    let quote = place.json("quote AAPL");
    let number = |name: &str| quote[name].as_str().unwrap().parse::<f64>().unwrap();
    assert!(number("bid") < number("ask") && number("bid_size") >= 1.0);
    assert!((number("ask") - number("bid") - number("spread")).abs() < 1e-9);
    let text = place.run("quote AAPL");
    assert!(text.out.contains("AAPL") && !text.out.contains('\u{1b}'), "{}", text.out);
    assert!(!place.data().exists(), "looking made a folder");
}

#[cfg(unix)]
#[test]
fn watching_prints_quotes_until_it_is_interrupted() {
    let place = Place::new();
    let mut watch = Running::start(place.command("--json quote IBM --watch"));
    let quotes: Vec<serde_json::Value> =
        (0..3).map(|_| serde_json::from_str(&watch.line()).unwrap()).collect();
    assert!(quotes.iter().all(|quote| quote["symbol"] == "IBM"));
    let at = |quote: &serde_json::Value| quote["at"].as_str().unwrap().parse::<Timestamp>().unwrap();
    assert!(quotes.windows(2).all(|pair| at(&pair[0]) < at(&pair[1])));
    watch.signal("INT");
    assert_eq!(watch.end().code, Some(130));
}

#[cfg(unix)]
#[test]
fn watching_the_account_prints_every_change_until_it_is_interrupted() {
    let place = Place::new();
    assert_eq!(place.run("order buy IBM 100").code, Some(0));
    let mut watch = Running::start(place.command("--json account --watch"));
    let seen: Vec<serde_json::Value> = (0..2).map(|_| serde_json::from_str(&watch.line()).unwrap()).collect();
    assert_eq!(seen[0]["cash"], seen[1]["cash"]);
    assert_ne!(seen[0]["positions_value"], seen[1]["positions_value"]);
    watch.signal("INT");
    assert_eq!(watch.end().code, Some(130));
}

#[test]
fn gains_are_those_of_the_account_and_of_each_position() {
    let place = Place::new();
    let none = place.json("pnl");
    assert_eq!((&none["positions"], &none["daily_pnl"]["amount"]), (&serde_json::json!([]), &"0".into()));
    assert_eq!(place.run("order buy IBM 100").code, Some(0));
    let gains = place.json("pnl");
    let number = |value: &serde_json::Value| value["amount"].as_str().unwrap().parse::<f64>().unwrap();
    let position = &gains["positions"][0];
    assert_eq!((position["symbol"].as_str(), position["quantity"].as_str()), (Some("IBM"), Some("100")));
    assert!((number(&gains["unrealized_pnl"]) - number(&position["unrealized_pnl"])).abs() < 1.0, "{gains}");
    assert!(number(&position["value"]) > 1_000.0);
    let text = place.run("pnl").out;
    assert!(text.contains("today") && text.contains("IBM"), "{text}");
}

#[cfg(unix)]
#[test]
fn watching_gains_prints_every_change_until_it_is_interrupted() {
    let place = Place::new();
    assert_eq!(place.run("order buy IBM 100").code, Some(0));
    let mut watch = Running::start(place.command("--json pnl --watch"));
    let seen: Vec<serde_json::Value> = (0..3).map(|_| serde_json::from_str(&watch.line()).unwrap()).collect();
    let changes = |pair: &[serde_json::Value]| pair[0]["unrealized_pnl"] != pair[1]["unrealized_pnl"];
    assert!(seen.windows(2).all(changes), "{seen:?}");
    watch.signal("INT");
    assert_eq!(watch.end().code, Some(130));
}

#[test]
fn a_chain_shows_what_the_model_makes_of_each_option_when_it_is_asked() {
    let place = Place::new();
    let plain = place.json("contract chain AAPL --strikes 2");
    assert!(plain["options"][0]["call"]["greeks"].is_null());
    let chain = place.json("contract chain AAPL --strikes 2 --greeks");
    let delta = |side: &str, row: usize| {
        chain["options"][row][side]["greeks"]["delta"].as_str().unwrap().parse::<f64>().unwrap()
    };
    assert!(delta("call", 0) >= delta("call", 1) && delta("call", 1) > 0.0, "{chain}");
    assert!(delta("put", 0) <= 0.0 && delta("put", 0) >= -1.0, "{chain}");
    // What a call gains more than a put is what the share gains: no dividends and no interest here.
    assert!((delta("call", 0) - delta("put", 0) - 1.0).abs() < 1e-6, "{chain}");
    let text = place.run("contract chain AAPL --strikes 2 --greeks").out;
    assert!(text.contains("delta") && text.contains("put"), "{text}");
}

#[test]
fn recorded_quotes_come_back_in_their_order() {
    let place = Place::new();
    place.run("quote IBM --recorded").fails(1, &["no quote of IBM is recorded here", "tradeport record IBM"]);
    assert_eq!(place.run("record IBM AAPL --max-rows 6").code, Some(0));
    let ran = place.run("--json quote IBM --recorded");
    let quotes: Vec<serde_json::Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(quotes.len() >= 2 && quotes.iter().all(|quote| quote["symbol"] == "IBM"), "{}", ran.out);
    let at = |quote: &serde_json::Value| quote["at"].as_str().unwrap().parse::<Timestamp>().unwrap();
    assert!(quotes.windows(2).all(|pair| at(&pair[0]) <= at(&pair[1])));
    assert_eq!(place.run("quote IBM --recorded").out.lines().count(), quotes.len() + 1);
}

#[test]
fn a_reader_that_leaves_ends_the_command_quietly() {
    let place = Place::new();
    let mut watch = Running::start(place.command("quote IBM --watch"));
    assert!(watch.line().contains("bid"));
    let ran = watch.stop_reading();
    assert_eq!(ran.code, Some(0));
    assert!(!ran.err.contains("error"), "{}", ran.err);
}

/// Of an account in which nothing happens no second line comes: nobody would ever notice by printing one.
#[cfg(unix)]
#[test]
fn a_reader_that_leaves_is_noticed_where_nothing_more_is_printed() {
    let place = Place::new();
    for typed in ["account --watch", "--json account --watch", "--json pnl --watch"] {
        let mut watch = Running::start(place.command(typed));
        assert!(!watch.line().is_empty(), "{typed}");
        let mut child = watch.unread();
        let late = SystemClock.now().after(Duration::from_secs(30));
        let ended = loop {
            if let Some(ended) = child.try_wait().unwrap() {
                break ended;
            }
            if SystemClock.now() > late {
                child.kill().unwrap();
                panic!("{typed} goes on, and nobody reads it");
            }
            std::thread::yield_now();
        };
        assert_eq!(ended.code(), Some(0), "{typed}");
        let mut said = String::new();
        std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
        assert!(!said.contains("error"), "{typed}: {said}");
    }
}

/// It trades: that nobody reads its first line any more is no reason to stop.
#[cfg(unix)]
#[test]
fn a_service_whose_reader_leaves_goes_on_until_it_is_stopped() {
    let place = Place::new();
    let mut serve = Running::start(place.command("--json serve"));
    assert!(serve.line().contains("serving"));
    let mut child = serve.unread();
    let seen = |status: &serde_json::Value| status["service"]["at"].as_str().map(str::to_owned);
    let first = seen(&Ran::of(&mut place.command("--json status")).json());
    // It writes down how it does once a second.
    let goes_on = |_| {
        assert!(child.try_wait().unwrap().is_none(), "it has ended");
        seen(&Ran::of(&mut place.command("--json status")).json()) != first
    };
    assert!((0..1_500).any(goes_on), "it tells nothing more");
    crate::support::send("INT", child.id());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_fresh_account_is_all_cash() {
    let place = Place::new();
    let account = place.json("account");
    assert_eq!(account["cash"]["amount"], "1000000");
    assert_eq!(account["net_liquidation"], account["cash"]);
    assert_eq!(place.json("positions"), serde_json::json!([]));
    assert_eq!(place.json("order list --all"), serde_json::json!([]));
    assert!(place.run("account").out.contains("1000000.00 USD"));
    assert!(!place.data().exists(), "looking made a folder");
}

#[test]
fn looking_goes_on_beside_a_process_that_writes() {
    let place = Place::new();
    place.json("order buy AAPL 10 --key before");
    let held = place.hold();
    assert_eq!(place.json("order list --all")[0]["key"], "before");
    assert_eq!(place.json("order show before")["state"], "filled");
    assert_eq!(place.json("positions")[0]["quantity"], "10");
    assert_eq!(place.json("metrics")["snapshots"], 1);
    assert_eq!(place.json("config check")["valid"], true);
    place.run("order buy AAPL 1").fails(1, &["in use by another tradeport process", "--data-dir"]);
    place.run("record AAPL --max-rows 1").fails(1, &["in use"]);
    place.let_go(held);
    assert_eq!(place.json("order buy AAPL 1")["order"]["state"], "filled");
}
