//! The same commands on TWS: a simulated one in this process, to which the built program connects by its socket.

use super::support::{ANY_DAY, Place, Ran};
use serde_json::Value;
use std::process::Command;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tradeport_app::clock::SystemClock;
use tradeport_fake_tws::FakeTws;
use tradeport_fake_tws::chaos::{Act, Event, Refusal, Scenario};
use tradeport_fake_tws::wire::{AnswerKind, RequestKind};
use tradeport_kernel::Clock;

/// A simulated TWS, and a folder for the program.
pub(crate) struct Tws {
    place: Place,
    tws: FakeTws,
    /// It serves the other as long as it lives.
    runtime: Runtime,
}

impl Tws {
    pub(crate) fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let tws = runtime.block_on(FakeTws::builder().start(Arc::new(SystemClock))).unwrap();
        let place = Place::new();
        place.file("tradeport.toml", ANY_DAY);
        Self { place, tws, runtime }
    }

    pub(crate) const fn place(&self) -> &Place {
        &self.place
    }

    pub(crate) fn run(&self, typed: &str) -> Ran {
        Ran::of(&mut self.command(typed))
    }

    fn command(&self, typed: &str) -> Command {
        let mut command = self.place.command(&format!("--broker tws {typed}"));
        command.env("IB_PORT", self.tws.port().to_string()).env("LOG_LEVEL", "error");
        command
    }

    /// Nobody serves any more; the folder is there still.
    pub(crate) fn stop(self) -> Place {
        self.place
    }

    pub(crate) fn json(&self, typed: &str) -> Value {
        let ran = self.run(&format!("--json {typed}"));
        assert_eq!(ran.code, Some(0), "{typed}: {}", ran.err);
        ran.json()
    }
}

/// By the settings that everybody begins with: a program that reads both streams sees nothing but its answer.
#[test]
fn what_works_says_nothing_beside_its_answer() {
    let tws = Tws::start();
    let rests =
        format!("order buy AAPL 1 --limit {:.2} --key b", number(&tws.json("quote AAPL")["mid"]) * 0.8);
    for typed in [
        "account",
        "quote AAPL",
        "order buy AAPL 1 --key a",
        &rests,
        "order cancel b",
        "positions",
        "order list --all",
        "reconcile",
    ] {
        let ran = Ran::of(tws.command(typed).env_remove("LOG_LEVEL"));
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{typed}");
    }
}

/// Somebody else has every line: the chain is told without prices, at once, and why is told once.
#[test]
fn a_chain_for_which_no_line_is_left_says_so_once() {
    let tws = Tws::start();
    let taken = Scenario::new().on(Event::received(RequestKind::MarketData)).always();
    let scenario = taken.act(Act::Refuse(Refusal::of(101))).done().unwrap();
    tws.runtime.block_on(tws.tws.play(scenario)).unwrap();
    let begun = SystemClock.now();
    let ran = tws.run("contract chain AAPL --strikes 4 --greeks");
    let took = SystemClock.now().since(begun);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    for said in ["prices are missing: there is no line for", "greeks are missing: there is no line for"] {
        assert_eq!(ran.err.matches(said).count(), 1, "{}", ran.err);
    }
    assert!(ran.err.contains("101") && ran.err.contains("end other quotes of this login"), "{}", ran.err);
    assert!(ran.out.contains("call") && ran.out.contains("put"), "the options are told: {}", ran.out);
    // Two dozen questions: each that waited would have taken fifteen seconds.
    assert!(took < std::time::Duration::from_secs(60), "{took:?}");
    let told = tws.json("contract chain AAPL --strikes 1");
    assert_eq!(told["notes"].as_array().map(Vec::len), Some(2), "{told}");
}

pub(crate) fn number(value: &Value) -> f64 {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn what_is_listed_and_quoted_is_the_same_on_both_brokers() {
    let (tws, place) = (Tws::start(), Place::new());
    for spec in ["AAPL", "EUR.USD", "index:SPX@CBOE"] {
        let (theirs, ours) =
            (tws.json(&format!("contract show {spec}")), place.json(&format!("contract show {spec}")));
        for key in ["symbol", "kind", "name", "id", "currency", "multiplier", "price_step", "expiry"] {
            assert_eq!(theirs[key], ours[key], "{spec} {key}");
        }
    }
    // As people read it, too.
    let step = |shown: &str| shown.lines().find(|it| it.contains("price step")).map(str::to_owned);
    let read = [tws.run("contract show AAPL").out, place.run("contract show AAPL").out];
    assert_eq!(step(&read[0]), step(&read[1]), "{read:?}");
    let chain = tws.run("contract chain AAPL --strikes 4").out;
    let prices =
        chain.lines().skip(3).filter_map(|line| line.split_whitespace().nth(2)).filter(|it| it.contains('.'));
    let digits: Vec<usize> = prices.map(|it| it.split_once('.').unwrap().1.len()).collect();
    assert!(!digits.is_empty() && digits.iter().all(|it| *it == 2), "{chain}");
    let (theirs, ours) = (tws.json("contract search AAPL"), place.json("contract search AAPL"));
    assert_eq!(theirs[0]["symbol"], ours[0]["symbol"]);
    let (theirs, ours) = (tws.json("contract hours AAPL"), place.json("contract hours AAPL"));
    assert_eq!(theirs["calendar"], ours["calendar"]);
    let (theirs, ours) = (tws.json("quote AAPL"), place.json("quote AAPL"));
    let (their_mid, our_mid) = (number(&theirs["mid"]), number(&ours["mid"]));
    assert!(
        (their_mid / our_mid - 1.0).abs() < 0.02,
        "{their_mid} and {our_mid}: the same market a moment later"
    );
}

#[test]
fn an_order_rests_is_changed_listed_and_cancelled_and_another_trades() {
    let tws = Tws::start();
    let mid = number(&tws.json("quote AAPL")["mid"]);
    let (low, lower) = (format!("{:.2}", mid * 0.8), format!("{:.2}", mid * 0.75));
    let placed = tws.json(&format!("order buy AAPL 1 --limit {low} --tif gtc --key rests"));
    assert_eq!(placed["order"]["state"], "working");
    assert_eq!(placed["order"]["account"], "DU1234567", "the one that is managed there");
    let changed = tws.json(&format!("order change rests --limit {lower}"));
    assert_eq!(changed["change"], "made");
    let listed = tws.json("order list");
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["key"]), (1, &Value::from("rests")));
    let cancelled = tws.json("order cancel rests");
    assert_eq!(cancelled["order"]["state"], "cancelled");

    let preview = tws.run("--json order buy AAPL 1 --preview");
    assert_eq!(preview.code, Some(0), "{}", preview.err);
    let bought = tws.json("order buy AAPL 2 --key buys");
    assert_eq!(bought["order"]["state"], "filled", "{bought}");
    let held = tws.json("positions");
    assert_eq!((held[0]["symbol"].as_str(), number(&held[0]["quantity"])), (Some("AAPL"), 2.0), "{held}");
    let account = tws.json("account");
    assert!((number(&account["net_liquidation"]["amount"]) - 1_000_000.0).abs() < 100.0, "{account}");
}

/// A service holds orders near the daily restart; so does a command that trades by itself. Cancels are always tried.
#[test]
fn nothing_new_is_sent_in_an_expected_outage_and_cancels_are() {
    let tws = Tws::start();
    let low = format!("{:.2}", number(&tws.json("quote AAPL")["mid"]) * 0.8);
    for key in ["a", "b"] {
        tws.json(&format!("order buy AAPL 1 --limit {low} --tif gtc --key {key}"));
    }
    // It has begun a minute ago, and goes on for half an hour.
    let begun = SystemClock.now().before(std::time::Duration::from_secs(60)).to_utc();
    let at = format!("{:02}:{:02}", begun.hour(), begun.minute());
    let window = format!("restart_at = \"{at}\"\nrestart_minutes = 30\nzone = \"Etc/UTC\"\n");
    tws.place.file("tradeport.toml", &format!("[link]\nannounced_resets = false\n{window}"));
    for typed in [
        "order buy AAPL 1 --limit 1 --key c",
        "order change a --limit 1",
        "order bracket buy AAPL 1 --limit 1 --stop 0.5 --key d",
        "order target-percent AAPL 0.01 --key e",
    ] {
        tws.run(typed).fails(1, &["daily restart until", "nothing was sent", "once that is over"]);
    }
    assert_eq!(
        tws.json("order list --all").as_array().map(Vec::len),
        Some(2),
        "nothing else was written down"
    );
    assert_eq!(tws.run("order preview buy AAPL 1 --limit 1").code, Some(0), "it changes nothing");
    assert_eq!(tws.json("order cancel a")["order"]["state"], "cancelled");
    let killed = tws.run("risk kill --reason test");
    assert_eq!(killed.code, Some(0), "{}", killed.err);
    assert_eq!(tws.json("order show b")["state"], "cancelled");
}

/// Each command is a process of its own: the next one must find out what the order of the one before says.
#[test]
fn the_exits_of_an_entry_that_has_traded_can_be_moved() {
    let tws = Tws::start();
    let mid = number(&tws.json("quote AAPL")["mid"]);
    let at = |share: f64| format!("{:.2}", mid * share);
    let (stop, target) = (at(0.7), at(1.5));
    tws.json(&format!("order bracket buy AAPL 2 --stop {stop} --target {target} --key b"));
    let moved = tws.json(&format!("order change b.stop1 --stop {}", at(0.75)));
    assert_eq!(moved["change"], "made");
    assert!((number(&moved["order"]["kind"]["stop"]) / mid - 0.75).abs() < 0.001, "{moved}");
    let moved = tws.json(&format!("order change b.target1 --limit {}", at(1.4)));
    assert_eq!(moved["change"], "made");
    let shown = tws.json("order list");
    assert_eq!(shown.as_array().map(Vec::len), Some(2), "they still belong together: {shown}");

    tws.json(&format!("order buy AAPL 1 --limit {} --key rests", at(0.8)));
    let longer = tws.json("order change rests --tif gtc");
    assert_eq!((&longer["change"], &longer["order"]["time_in_force"]), (&"made".into(), &"GTC".into()));
    assert_eq!(tws.json("order show rests")["time_in_force"], "GTC");
}

#[test]
fn hours_that_nobody_keeps_are_not_guessed() {
    let tws = Tws::start();
    // TWS searches no futures; both have the same.
    let found = tws.place.json("contract search HSI");
    let future = found.as_array().unwrap().iter().find(|it| it["kind"] == "future").unwrap();
    let mut command = tws.command("contract hours");
    let words = ["the hours of", "are not known", "a contract of the same exchange"];
    Ran::of(command.arg(future["symbol"].as_str().unwrap())).fails(1, &words);
}

#[test]
fn quotes_are_recorded_from_tws_as_from_the_simulated_broker() {
    let tws = Tws::start();
    let ran = tws.json("record AAPL --for 20s --max-rows 3");
    assert_eq!((ran["stored"].as_u64(), ran["ended"].as_str()), (Some(3), Some("complete")), "{ran}");
    let told = tws.run("--json quote AAPL --recorded");
    assert_eq!((told.code, told.out.lines().count()), (Some(0), 3), "{}", told.err);
}

/// What was recorded is kept; that it is not all is a failure, for scripts too.
#[test]
fn a_recording_that_ends_with_its_link_has_failed() {
    let tws = Tws::start();
    let cut = Scenario::new().on(Event::sending(AnswerKind::TickByTickData)).nth(3).act(Act::Cut);
    tws.runtime.block_on(tws.tws.play(cut.done().unwrap())).unwrap();
    let ran = tws.run("--json record AAPL --for 60s");
    ran.fails_with(1, &["the link to the broker was lost", "tradeport serve"]);
    assert_eq!(ran.json()["ended"], "link_lost", "{}", ran.out);
}

#[test]
fn what_is_wrong_with_the_connection_is_told_with_what_to_check() {
    let tws = Tws::start();
    let port = tws.tws.port();
    drop(tws);
    let place = Place::new();
    for typed in ["quote AAPL", "record AAPL", "order buy AAPL 1", "account", "positions"] {
        let mut command = place.command(&format!("--broker tws {typed}"));
        let ran = Ran::of(command.env("IB_PORT", port.to_string()));
        ran.fails(1, &["nobody listens at", "check that TWS"]);
        assert_eq!(ran.err.contains("nothing was sent"), typed.starts_with("order"), "{}", ran.err);
    }
    assert!(!place.data().exists(), "no database is made for a broker that there is not");
    let mut command = place.command("--broker tws account");
    let ran = Ran::of(command.env("IB_PORT", "7496"));
    assert_eq!(ran.code, Some(2), "{}", ran.err);
}

/// Nobody can ask a broker that is away; what is written down can be read all the same, and is said to be of before.
#[cfg(unix)]
#[test]
fn what_the_journal_knows_is_shown_while_tws_is_away() {
    use crate::serve::command;
    use crate::wire::{served, stopped};
    let (house, place) = (Place::new(), Place::new());
    let (tws, port) = served(&house, "fake-tws --port 0");
    let run = |typed: &str| Ran::of(&mut command(&place, typed, Some(port)));
    let none = Ran::of(&mut command(&house, "--data-dir elsewhere --json order list", Some(port)));
    assert_eq!((none.code, none.out.trim()), (Some(0), "[]"), "{}", none.err);
    let limit = house.price("AAPL", 0.8);
    let bought = run(&format!("--json order buy AAPL 1 --limit {limit} --tif gtc --key rests"));
    assert_eq!(bought.code, Some(0), "{}", bought.err);
    let written = bought.json()["order"]["updated_at"].as_str().unwrap().to_owned();
    assert_eq!(stopped(tws).code, Some(130));

    let why = ["as of 20", "the broker could not be asked", "nobody listens at", "check that TWS"];
    for typed in ["--json order list", "--json order show rests"] {
        let ran = run(typed);
        let shown = ran.json();
        let order = if shown.is_array() { &shown[0] } else { &shown };
        assert_eq!((&order["key"], &order["state"]), (&"rests".into(), &"working".into()), "{shown:#}");
        ran.fails_with(1, &why);
        let error: Value = serde_json::from_str(ran.err.lines().last().unwrap()).unwrap();
        let message = error["error"]["message"].as_str().unwrap();
        assert_eq!(message, format!("as of {written}: the broker could not be asked"));
    }
    let list = run("order list");
    assert!(list.out.contains("rests"), "{}", list.out);
    list.fails_with(1, &why);
    run("order show nobody").fails(1, &["no order has the key nobody"]);
    // Whoever asks in a wrong way is told that alone.
    let other = Place::new();
    other.json("order buy AAPL 1");
    let wrong = Ran::of(&mut command(&other, "order list", Some(port)));
    wrong.fails(2, &["those of the simulated broker"]);

    let status = run("--json status");
    let shown = status.json();
    assert_eq!((&shown["healthy"], &shown["seen"]), (&false.into(), &Value::Null), "{shown:#}");
    assert_eq!(shown["switch"]["killed"], false);
    status.fails_with(1, &["nobody listens at"]);
    // Its one account is known from the journal.
    let metrics = run("--json metrics");
    assert_eq!(metrics.code, Some(0), "{}", metrics.err);
    assert_eq!(metrics.json()["account"], "DU1234567");
}

/// A share of Frankfurt, in euros.
const ELSEWHERE: &str = "SAP@SMART:IBIS/EUR";

/// What the program says last that the account is worth.
fn worth(tws: &Tws) -> i64 {
    let last = "SELECT CAST(total_value AS INTEGER) FROM portfolio_snapshots ORDER BY timestamp DESC LIMIT 1";
    tws.place.number("orders.db", last)
}

#[test]
fn what_trades_in_another_currency_is_held_against_limits_in_the_accounts_own() {
    let tws = Tws::start();
    let rate = number(&tws.json("quote EUR.USD")["mid"]);
    let mid = number(&tws.json(&format!("quote {ELSEWHERE}"))["mid"]);
    let file = tws.place.file("limits.toml", "[risk]\nmax_order_value = 5000\n");
    // As many as cost less than the limit in euros, and more in dollars.
    let many = (4_900.0 / mid).floor();
    let buy = format!("--json --config {} order buy {ELSEWHERE} {many} --key dear", file.display());
    let ran = tws.run(&buy);
    assert_eq!(ran.code, Some(3), "{} {}", ran.err, ran.out);
    let refusal = ran.json()["refusal"].clone();
    assert_eq!(refusal["rule"], "max_order_value", "{refusal}");
    let seen = number(&refusal["number"].as_str().unwrap().into());
    assert!((seen / (many * mid * rate) - 1.0).abs() < 0.02, "{seen}: {many} at {mid}, times {rate}");

    let bought = tws.json(&format!("order buy {ELSEWHERE} 10 --key in"));
    assert_eq!(bought["order"]["state"], "filled", "{bought}");
    assert_eq!(tws.json("order buy AAPL 1 --key beside")["order"]["state"], "filled");
    assert!((999_900..1_000_001).contains(&worth(&tws)), "{}", worth(&tws));
    let ran = tws.run("reconcile");
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
    assert_eq!(tws.json(&format!("order sell {ELSEWHERE} 10 --key out"))["order"]["state"], "filled");
}

/// A limit that counts one instrument under two names is no limit, and a position under another name a false break.
#[test]
fn whatever_it_is_called_it_is_one_instrument() {
    let tws = Tws::start();
    tws.json("order buy isin:US0378331005 3 --key by-isin");
    tws.json("order buy AAPL 2 --key by-ticker");
    let file = tws.place.file("limits.toml", "[risk]\nmax_position_quantity = 6\n");
    for name in ["AAPL", "isin:US0378331005", "id:265598"] {
        let ran = tws.run(&format!("--config {} order buy {name} 2", file.display()));
        ran.fails_with(3, &["max_position_quantity: 7 against a limit of 6"]);
    }
    let held = tws.json("positions");
    assert_eq!((held.as_array().map(Vec::len), number(&held[0]["quantity"])), (Some(1), 5.0), "{held}");
    let ran = tws.run("reconcile");
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
}

/// An exchange is where an order goes, not what is held of it.
#[test]
fn wherever_it_is_sent_it_is_one_instrument() {
    let tws = Tws::start();
    let direct = tws.json("order buy AAPL@NASDAQ 3 --key direct")["order"].clone();
    assert_eq!((&direct["symbol"], &direct["route"]), (&"AAPL".into(), &"NASDAQ".into()), "{direct}");
    assert_eq!(direct["state"], "filled");
    assert_eq!(tws.json("order buy AAPL 2 --key best")["order"]["route"], Value::Null);
    let file = tws.place.file(
        "limits.toml",
        "[risk]\nmax_position_quantity = 6\n[risk.permissions]\nnot_symbols = [\"IBM\"]\n",
    );
    let limited = |typed: &str| tws.run(&format!("--config {} {typed}", file.display()));
    for name in ["AAPL", "AAPL@NASDAQ", "AAPL@NYSE"] {
        limited(&format!("order buy {name} 2"))
            .fails_with(3, &["max_position_quantity: 7 against a limit of 6"]);
    }
    limited("order buy IBM@NYSE 1").fails_with(3, &["not_symbols"]);
    let held = tws.json("positions");
    assert_eq!((held.as_array().map(Vec::len), number(&held[0]["quantity"])), (Some(1), 5.0), "{held}");
    let ran = tws.run("reconcile");
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);

    let again = tws.json("order buy AAPL@NASDAQ 3 --key direct");
    assert_eq!(again["repeat"], true, "{again}");
    let other = tws.run("order buy AAPL 3 --key direct");
    assert_eq!(other.code, Some(2), "it would go elsewhere: {} {}", other.out, other.err);
    let shown = tws.run("order show direct");
    assert!(shown.out.contains("buy 3 AAPL at NASDAQ MKT"), "{}", shown.out);
    tws.run("order target-percent AAPL@NASDAQ 0.1").fails_with(2, &["a target says no exchange"]);
}

/// The month of a future is its everyday name, and TWS tells its day; it takes margin, and nobody pays for it.
#[test]
fn a_future_is_one_position_and_worth_what_it_gains() {
    let tws = Tws::start();
    let front = tws.place.json("contract search ES");
    let spec = front.as_array().unwrap().iter().find(|it| it["kind"] == "future").unwrap()["symbol"].clone();
    let file = tws.place.file("limits.toml", "[risk]\nmax_position_share = 0.9\nmax_position_quantity = 2\n");
    let order = |side: &str, many: u32, key: &str| {
        let typed = format!("--json --config {} order {side}", file.display());
        Ran::of(tws.command(&typed).arg(spec.as_str().unwrap()).args([&many.to_string(), "--key", key]))
    };
    let bought = order("buy", 2, "in");
    assert_eq!(bought.code, Some(0), "{}", bought.err);
    let ran = tws.run("reconcile");
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
    order("buy", 1, "more").fails_with(3, &["max_position_quantity: 3 against a limit of 2"]);
    tws.json("order buy AAPL 1 --key beside");
    assert!((999_000..1_001_000).contains(&worth(&tws)), "two of them are worth 140,000: {}", worth(&tws));
    let sold = order("sell", 2, "out");
    assert_eq!(sold.code, Some(0), "it leaves the position: {}", sold.err);
    assert_eq!(tws.json("positions").as_array().map(Vec::len), Some(1));
}

/// Each command is a process of its own: what TWS lists of a combo has to be known for the one that was ordered.
#[test]
fn a_combo_of_an_earlier_process_is_the_one_that_was_ordered() {
    let tws = Tws::start();
    let spread = tws.json("order spread vertical AAPL 30d call atm atm+2 2 --limit 0.05 --key rests");
    assert_eq!(spread["order"]["state"], "working", "{spread}");
    let ran = tws.run("reconcile");
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
    let through = format!("{:.2}", number(&spread["ask"]) + 0.10);
    let changed = tws.json(&format!("order change rests --limit {through}"));
    assert_eq!(changed["change"], "made", "{changed}");
    let order = tws.json("order show rests");
    assert_eq!((&order["state"], &order["filled"]), (&"filled".into(), &"2".into()), "{order}");
    assert_eq!(tws.json("positions").as_array().map(Vec::len), Some(2));
    let ran = tws.run("reconcile");
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
}

/// A cancel names an order by its client's own number: under another client id nobody can cancel it, and is told what can.
#[test]
fn whoever_cancels_under_another_client_id_is_told_under_which_it_was_placed() {
    let tws = Tws::start();
    let limit = number(&tws.json("quote AAPL")["mid"]) / 2.0;
    tws.json(&format!("order buy AAPL 1 --limit {limit:.2} --tif gtc --key rests"));
    let other = |typed: &str| Ran::of(tws.command(typed).env("IB_CLIENT_ID", "7"));
    let words = ["the order belongs to client 1 of TWS, and this is client 7", "IB_CLIENT_ID"];
    other("order cancel rests").fails(1, &words);
    other("order cancel-all").fails(1, &words);
    assert_eq!(tws.json("order show rests")["state"], "working");
    // The switch has one message that cancels whatever the login has.
    let killed = other("risk kill --reason test");
    assert_eq!(killed.code, Some(0), "{} {}", killed.out, killed.err);
    assert_eq!(tws.json("order show rests")["state"], "cancelled");
}
