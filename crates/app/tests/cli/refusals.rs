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
