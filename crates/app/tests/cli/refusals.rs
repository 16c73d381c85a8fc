//! What commands about contracts and orders refuse, each with its whole message and what it advises.

use crate::support::{Place, Ran};

/// A run that fails and says all of this.
fn says(place: &Place, typed: &str, words: &[&str]) {
    heard(&Ran::of(&mut place.command(typed)), typed, words);
}

fn heard(ran: &Ran, typed: &str, words: &[&str]) {
    assert_ne!(ran.code, Some(0), "{typed}: {}", ran.out);
    for word in words {
        assert!(ran.err.contains(word), "{typed}: {word:?} is missing in {}", ran.err);
    }
}

const RISK: &str = "a smaller order, or another limit in [risk]: tradeport config show";

#[test]
fn contracts() {
    let place = Place::new();
    says(
        &place,
        "contract chain EUR.USD",
        &["there are no options on EUR.USD", "tradeport contract chain AAPL, SPY or index:SPX@CBOE"],
    );
    says(&place, "contract show NOPE", &["no contract is known for NOPE", "tradeport contract search NO"]);
    says(&place, "contract show issuer:e1453318", &["issuer:e1453318"]);
    let several = Ran::of(place.command("contract show").arg("futopt:ES *@CME"));
    heard(
        &several,
        "futopt:ES *@CME",
        &[
            "futopt:ES *@CME fits several contracts: futopt:ES ",
            "one of them, in quotes: tradeport contract show SPEC explains it",
        ],
    );
}

#[test]
fn orders_and_previews() {
    let place = Place::new();
    says(
        &place,
        "order preview buy AAPL 10 --limit 187.255",
        &[
            "buy 10 AAPL LMT 187.255 would not be taken: the limit of 187.255 is not on the price step of 0.01: \
             187.25 or 187.26 would be accepted",
            "correct what is named",
        ],
    );
    says(
        &place,
        "order preview buy AAPL 100000",
        &["buy 100000 AAPL MKT would be stopped by the risk gate: max_position_share: ", RISK],
    );
    says(
        &place,
        "order buy AAPL 100000",
        &["buy 100000 AAPL MKT was stopped by the risk gate: max_position_share: ", RISK],
    );
    says(
        &place,
        "order buy index:SPX@CBOE 1",
        &[
            "error: index:SPX@CBOE is an index, which is not traded: a contract on it would be accepted",
            "tradeport contract show \"index:SPX@CBOE\" tells what it takes",
        ],
    );
    says(
        &place,
        "order show nobody",
        &["no order has the key nobody", "tradeport order list --all prints the keys"],
    );
    says(&place, "order algos nobody", &["nobody", "tradeport order algos prints all of them"]);
}

/// The table says of each order of a bracket what is wrong with it.
#[test]
fn exits_of_a_bracket() {
    let place = Place::new();
    let ran = place.run("order bracket buy AAPL 1 --limit 100 --target 110.001 --stop 90 --preview");
    let wrong = "the limit of 110.001 is not on the price step of 0.01: 110 or 110.01 would be accepted";
    heard(&ran, "order bracket", &[wrong, "correct what is named"]);
    let row = ran.out.lines().find(|line| line.contains("validation of target1")).unwrap_or_default();
    assert!(row.contains(wrong), "{}", ran.out);
}

#[test]
fn changes_and_cancels() {
    let place = Place::new();
    place.json("order buy AAPL 10 --limit 100 --key k");
    says(
        &place,
        "order change k --limit 100.001",
        &[
            "the change of k would not be taken: the limit of 100.001 is not on the price step of 0.01: 100 or 100.01 \
             would be accepted",
            "correct what is named, then change it again",
        ],
    );
    says(
        &place,
        "order change k --quantity 1000000",
        &[
            "the change of k was stopped by the risk gate: ",
            "a smaller change, or another limit in [risk]: tradeport config show",
        ],
    );
    let losing = place.file("losing.toml", "[fake]\nlost_requests = 1\n");
    let lost = |typed: &str| place.run(&format!("--config {} {typed}", losing.display()));
    heard(
        &lost("order change k --limit 101"),
        "a lost change",
        &[
            "the broker may or may not have got the change of k",
            "tradeport order show k tells once the broker can be asked",
        ],
    );
    heard(&lost("order cancel k"), "a lost cancel", &["the broker may or may not have got the cancel of k"]);
    heard(
        &lost("order buy AAPL 1 --limit 100 --key lost"),
        "a lost order",
        &[
            "the broker may or may not hold buy 1 AAPL LMT 100",
            "tradeport order show lost; do not send it under another key",
        ],
    );
}

#[test]
fn strategies() {
    let place = Place::new();
    let chain = "tradeport contract chain AAPL, SPY or index:SPX@CBOE";
    says(
        &place,
        "order spread straddle EUR.USD 30d atm --preview",
        &["there are no options on EUR.USD", chain],
    );
    says(
        &place,
        "order spread straddle AAPL 30d atm --class NOPE --preview",
        &["options on AAPL have no class NOPE", "--class with one of AAPL"],
    );
    says(
        &place,
        "order spread straddle AAPL 1800d atm --preview",
        &["no option on AAPL expires 1800 days from now or later", "one of those near it: "],
    );
    says(
        &place,
        "order spread straddle AAPL 30d 1.23 --preview",
        &["options on AAPL that expire on ", " have no strike of 1.23", "the nearest: "],
    );
    says(
        &place,
        "order spread straddle AAPL 30d atm+400 --preview",
        &["AAPL has no strike 400 steps from the money for ", " prints the strikes"],
    );
}

/// What commands say where nothing is wrong, and nothing to be done or shown.
#[test]
fn what_is_said_where_nothing_happens() {
    let place = Place::new();
    let said = |typed: &str, words: &str| {
        let ran = Ran::of(&mut place.command(typed));
        assert_eq!(ran.code, Some(0), "{typed}: {}", ran.err);
        assert!(ran.out.contains(words) || ran.err.contains(words), "{typed}: {} {}", ran.out, ran.err);
    };
    said("contract search QQQQZ", "nothing begins with \"QQQQZ\"; the nearest: QQQ");
    said("contract search QZQZQZQZ", "nothing begins with \"QZQZQZQZ\"");
    said("contract search A --most 3", "18 more: a longer pattern, or --most 21");
    said(
        "contract hours AAPL --days 2",
        "the simulated broker trades at every moment: [fake] hours = \"us-stocks\" makes it keep these",
    );
    said("contract hours EUR.USD --days 2", "the simulated broker trades at every moment");
    said("order list", "no open orders");
    said("order cancel-all", "nothing to cancel: no order can still trade");
    said(
        "order target-percent AAPL 0.0",
        "nothing to do: beside what open orders may still trade, it would be worth less than 100",
    );
    said("order algos", "tradeport order algos NAME prints the parameters of one");
    let repeated = "this key was placed before: nothing was sent, this is what became of it";
    said("order buy AAPL 5 --limit 1 --key once", "once");
    said("order buy AAPL 5 --limit 1 --key once", repeated);
    said("order bracket buy AAPL 5 --limit 1 --stop 0.5 --key both", "both.stop1");
    said(
        "order bracket buy AAPL 5 --limit 1 --stop 0.5 --key both",
        "these keys were placed before: nothing was sent, this is what became of them",
    );
    // Where the money is moves between two runs, and another strike would be another order.
    let mid: f64 = place.price("AAPL", 1.0).parse().unwrap();
    let spread =
        format!("order spread straddle AAPL 30d {} --limit 0.01 --key pair", (mid / 10.0).round() * 10.0);
    said(&spread, "pair");
    said(&spread, repeated);
    let nothing =
        "nothing is to be changed: give prices, a quantity, a time in force, sessions or conditions";
    says(&place, "order change once", &[nothing, "tradeport order change --help"]);
    said("order cancel-all", "once");
    said("order list", "no open orders; --all prints those that have ended");
}

#[test]
fn what_is_no_contract_says_what_there_is() {
    let place = Place::new();
    let shows =
        |spec: &str, words: &[&str]| heard(&Ran::of(place.command("contract show").arg(spec)), spec, words);
    shows("aapl", &["no contract is known for aapl", "AAPL, in capital letters"]);
    shows(
        "ES 202611@CME",
        &["ES has no contract of 202611: its months are HMUZ", "what there is: tradeport contract search ES"],
    );
    shows(
        "AAPL 20261225C450",
        &[
            "an option cannot expire on 20261225, a holiday of its exchange: expected 20261224, the trading day before",
            "what there is: tradeport contract chain AAPL",
        ],
    );
    shows(
        "CL 20261218@NYMEX",
        &[
            "CL has no contract that ends on 20261218: expected 20261221, ",
            "one of these days, or the contract's month alone, such as 202612",
        ],
    );
    let chain = Ran::of(place.command("contract chain").arg("ES 202612@CME"));
    let advice = "options on a future go by their own name: tradeport contract show \"futopt:ES *@CME\"";
    heard(&chain, "contract chain ES", &["there are no options on ES 202612@CME", advice]);
}
