//! Every command on both brokers: the simulated one, and TWS by the adapter over a socket to a simulated TWS with the same
//! market. What they print is the same, but for what differs by nature, which is listed here.

use super::support::{ANY_DAY, Place, Ran};
use serde_json::Value;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tradeport_app::clock::SystemClock;
use tradeport_fake_tws::FakeTws;

/// The account that is managed there; what looks at databases alone has to be told it.
const MANAGED: &str = "DU1234567";
/// The market moves between two commands.
const MOVES: f64 = 0.02;

/// Differs wherever it stands: who trades, and numbers that each broker gives.
const EVERYWHERE: [&str; 7] = ["account", "perm_id", "id", "key", "keys", "database", "broker"];

/// A command, and what else differs in what it prints, with the reason.
struct Walk {
    typed: &'static str,
    differs: &'static [&'static str],
}

const fn same(typed: &'static str) -> Walk {
    Walk { typed, differs: &[] }
}

const fn but(typed: &'static str, differs: &'static [&'static str]) -> Walk {
    Walk { typed, differs }
}

/// What a TWS tells of contracts beyond their terms is its own.
const DETAILS: &[&str] = &[
    "name",
    "exchange",
    "exchanges",
    "price_bands",
    "trading_class",
    "order_kinds",
    "trading_hours",
    "liquid_hours",
];
/// Margin is each broker's own rule.
const MARGIN: &[&str] = &[
    "initial_margin",
    "maintenance_margin",
    "equity_with_loan",
    "commission",
    "warning",
    "total",
    "suggested_size",
];
/// What the account has lost by now is a number of a finding.
const RISK_AND_MARGIN: &[&str] = &[
    "number",
    "initial_margin",
    "maintenance_margin",
    "equity_with_loan",
    "commission",
    "warning",
    "total",
    "suggested_size",
];
/// Where commissions belong to the cost, they are in gains.
const COSTS: &[&str] =
    &["average_price", "cost", "unrealized_pnl", "realized_pnl", "daily_pnl", "commissions"];

/// In this order: later ones look at what earlier ones have done.
const WALK: &[Walk] = &[
    but("contract show AAPL", DETAILS),
    but("contract search AAPL", DETAILS),
    but("contract hours AAPL --days 3", DETAILS),
    but("contract chain AAPL --strikes 2 --greeks", &["greeks", "bid", "ask"]),
    but("quote AAPL", &["bid_size", "ask_size", "spread"]),
    but("record AAPL --for 20s --max-rows 3", &["marked"]),
    same("order algos Vwap"),
    but("order preview buy AAPL 1", MARGIN),
    but("order buy AAPL 2 --key bought", COSTS),
    but("order sell AAPL 1 --key sold", COSTS),
    but(
        "order target-percent AAPL 0.05 --key target",
        &["size", "quantity", "filled", "executions", "average_price", "commissions"],
    ),
    same("order buy IBM 1 --limit LOW --tif gtc --key rests"),
    same("order change rests --limit LOWER"),
    but("order list", &["created_at", "updated_at"]),
    // What each broker says on the way, and how often, is its own.
    but("order show rests", &["timeline"]),
    same("order cancel rests"),
    same("order bracket buy IBM 1 --limit LOW --trail 5% --key family"),
    // Who ends the children of a family says why, or does not.
    but("order cancel-all", &["reason"]),
    but("order spread straddle AAPL 30d atm --preview", RISK_AND_MARGIN),
    but(
        "positions",
        &["quantity", "value", "average_price", "cost", "unrealized_pnl", "realized_pnl", "price"],
    ),
    but("pnl", &["quantity", "value", "unrealized_pnl", "realized_pnl", "daily_pnl"]),
    but("account", &["realized_pnl", "unrealized_pnl", "buying_power", "maintenance_margin"]),
    but("metrics", COSTS),
    same("config check"),
];

/// Commands that ask no broker, or have a test of their own here.
const ELSEWHERE: [&str; 17] = [
    "serve",
    "status",
    "reconcile",
    "demo",
    "fake-tws",
    "wire record",
    "wire show",
    "config show",
    "audit verify",
    "audit show",
    "audit rebuild",
    "risk show",
    "risk kill",
    "risk resume",
    "guard",
    "backup",
    "help",
];

struct Both {
    fake: Place,
    tws: Place,
    served: FakeTws,
    /// It serves the other as long as it lives.
    _runtime: Runtime,
}

impl Both {
    fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let served = runtime.block_on(FakeTws::builder().start(Arc::new(SystemClock))).unwrap();
        let (fake, tws) = (Place::new(), Place::new());
        for place in [&fake, &tws] {
            place.file("tradeport.toml", ANY_DAY);
        }
        Self { fake, tws, served, _runtime: runtime }
    }

    fn run(&self, typed: &str) -> [(&'static str, Ran); 2] {
        let fake = self.fake.run(&format!("--broker fake --json {typed}"));
        let mut command = self.tws.command(&format!("--broker tws --json {typed}"));
        let tws = Ran::of(command.env("IB_PORT", self.served.port().to_string()).env("IB_ACCOUNT", MANAGED));
        [("fake", fake), ("tws", tws)]
    }

    fn json(&self, typed: &str) -> [Value; 2] {
        self.run(typed).map(|(broker, ran)| {
            assert_eq!(ran.code, Some(0), "{typed} on {broker}: {} {}", ran.out, ran.err);
            ran.json()
        })
    }
}

fn is_moment(text: &str) -> bool {
    text.len() >= 20 && text.ends_with('Z') && text.as_bytes().get(10) == Some(&b'T')
}

/// Where two documents differ, besides moments and what is left out.
fn differences(fake: &Value, tws: &Value, left_out: &[&str], at: &str, found: &mut Vec<String>) {
    let mut note = |what: String| found.push(format!("{at}: {what}"));
    match (fake, tws) {
        (Value::Object(ours), Value::Object(theirs)) => {
            let keys = |it: &serde_json::Map<String, Value>| it.keys().cloned().collect::<Vec<_>>();
            if keys(ours) != keys(theirs) {
                return note(format!("keys {:?} and {:?}", keys(ours), keys(theirs)));
            }
            for (key, value) in ours {
                if !left_out.contains(&key.as_str()) && !EVERYWHERE.contains(&key.as_str()) {
                    differences(value, &theirs[key], left_out, &format!("{at}.{key}"), found);
                }
            }
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            for (index, (fake, tws)) in ours.iter().zip(theirs).enumerate() {
                differences(fake, tws, left_out, &format!("{at}[{index}]"), found);
            }
        }
        (Value::String(ours), Value::String(theirs)) => {
            let numbers = ours.parse::<f64>().ok().zip(theirs.parse::<f64>().ok());
            let near = numbers.is_some_and(|(a, b)| (a - b).abs() <= MOVES * a.abs().max(b.abs()));
            if ours != theirs && !near && !(is_moment(ours) && is_moment(theirs)) {
                note(format!("{ours:?} and {theirs:?}"));
            }
        }
        (ours, theirs) if ours == theirs => {}
        (ours, theirs) => note(format!("{ours} and {theirs}")),
    }
}

#[test]
fn every_command_prints_the_same_on_both_brokers() {
    let both = Both::start();
    let mid = both.fake.json("quote IBM")["mid"].as_str().unwrap().parse::<f64>().unwrap();
    let (low, lower) = (format!("{:.2}", mid * 0.8), format!("{:.2}", mid * 0.75));
    let mut found = Vec::new();
    for walk in WALK {
        let typed = walk.typed.replace("LOWER", &lower).replace("LOW", &low);
        let [fake, tws] = both.json(&typed);
        differences(&fake, &tws, walk.differs, &typed, &mut found);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    let recorded = both.run("quote AAPL --recorded").map(|(_, ran)| (ran.code, ran.out.lines().count()));
    assert_eq!(recorded, [(Some(0), 3); 2]);
}

/// The commands of a group, as its help tells them; those of the program for no group.
fn commands(place: &Place, group: &str) -> Vec<String> {
    let help = place.run(&format!("{group} -h")).out;
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let named = lines.take_while(|line| !line.is_empty()).filter_map(|line| line.strip_prefix("  "));
    let names = named.filter(|line| !line.starts_with(' ')).filter_map(|line| line.split_whitespace().next());
    names.filter(|name| group.is_empty() || *name != "help").map(|name| format!("{group} {name}")).collect()
}

#[test]
fn the_walk_leaves_no_command_out() {
    let place = Place::new();
    let mut all = Vec::new();
    for command in commands(&place, "") {
        let command = command.trim();
        let within = if ["order", "contract", "config", "wire", "audit", "risk"].contains(&command) {
            commands(&place, command)
        } else {
            vec![command.to_owned()]
        };
        all.extend(within);
    }
    assert!(all.len() > 20, "{all:?}");
    let walked = |command: &str| {
        WALK.iter().any(|walk| {
            walk.typed.strip_prefix(command).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })
    };
    let left_out: Vec<_> = all.iter().filter(|it| !walked(it) && !ELSEWHERE.contains(&it.as_str())).collect();
    assert!(left_out.is_empty(), "{left_out:?}");
}

#[test]
fn the_round_of_now_is_the_same_on_both_brokers() {
    let both = Both::start();
    let [fake, tws] = both.json("demo --now");
    for (broker, round) in [("fake", &fake), ("tws", &tws)] {
        assert_eq!(round["broker"], broker);
        assert_eq!(
            (&round["sold_again"], &round["notes"]),
            (&Value::from(true), &Value::from(Vec::<Value>::new()))
        );
        let orders = round["orders"].as_array().unwrap();
        assert_eq!(orders.len(), 6, "{round}");
        assert!(orders.iter().all(|it| it["state"] == "filled" && it["filled"] == "1"), "{round}");
        let recorded: u64 =
            round["recorded"].as_array().unwrap().iter().filter_map(|it| it["quotes"].as_u64()).sum();
        assert_eq!(recorded, 12, "{round}");
        assert!(round["while_held"]["daily"].is_object(), "{round}");
    }
    let mut found = Vec::new();
    let by_nature = ["broker", "quotes", "while_held"];
    differences(&fake, &tws, &by_nature, "demo", &mut found);
    assert!(found.is_empty(), "{}", found.join("\n"));
    let [ours, theirs] = both.json("positions");
    assert_eq!((ours, theirs), (Value::from(Vec::<Value>::new()), Value::from(Vec::<Value>::new())));
}

#[test]
fn the_demo_says_what_needs_the_past_and_never_takes_real_money() {
    let place = Place::new();
    for flag in ["--from 2005-01-01", "--seed 7", "--bars mine.csv", "--report here.html"] {
        let ran = place.run(&format!("--broker tws demo {flag}"));
        ran.fails(2, &["of prices of the past", "--broker fake"]);
    }
    place.run("demo --now --to 2005-01-01").fails(2, &["--to", "leave one of them out"]);
    let mut command = place.command("--broker tws --allow-live demo");
    let ran = Ran::of(command.env("IB_PORT", "7496"));
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("live"), "{}", ran.err);
    assert!(!place.data().exists(), "nothing was made");
}
