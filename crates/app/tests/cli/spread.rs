//! Strategies of several legs: chosen, priced, told and ordered.

use crate::support::{Place, Ran};
use serde_json::{Value, json};

fn number(value: &Value) -> f64 {
    value.as_str().unwrap_or_else(|| panic!("no number: {value}")).parse().unwrap()
}

/// Listed strikes of an expiry some weeks away, around the price.
fn listed(place: &Place, underlying: &str) -> (String, Vec<String>) {
    let chain = place.json(&format!("contract chain {underlying}"));
    let expiry = chain["expiries"].as_array().unwrap()[4].as_str().unwrap().to_owned();
    let chain = place.json(&format!("contract chain {underlying} --expiry {expiry} --strikes 8"));
    let rows = chain["options"].as_array().unwrap();
    (expiry, rows.iter().map(|row| row["strike"].as_str().unwrap().to_owned()).collect())
}

#[test]
fn a_vertical_tells_legs_price_profit_and_loss() {
    let place = Place::new();
    let (expiry, strikes) = listed(&place, "SPY");
    let (long, short) = (&strikes[3], &strikes[5]);
    let spread = place
        .json(&format!("order spread vertical SPY {expiry} call {long} {short} 5 --limit 1.10 --preview"));
    assert_eq!((&spread["kind"], &spread["price_from"]), (&json!("vertical"), &json!("limit")));
    let sides: Vec<_> = spread["legs"].as_array().unwrap().iter().map(|leg| &leg["side"]).collect();
    assert_eq!(sides, [&json!("buy"), &json!("sell")]);
    let width = number(&json!(short)) - number(&json!(long));
    let money = |value: &Value| number(&value["amount"]);
    assert!((money(&spread["cost"]) - 550.0).abs() < 0.001);
    assert!((money(&spread["max_loss"]["money"]) + 550.0).abs() < 0.001);
    assert!((money(&spread["max_profit"]["money"]) - (width * 500.0 - 550.0)).abs() < 0.001);
    assert!((number(&spread["break_evens"][0]) - number(&json!(long)) - 1.10).abs() < 1e-9);
    assert_eq!(spread["preview"]["order"]["size"], "5");
    assert_eq!(place.json("order list --all"), json!([]));
}

#[test]
fn without_a_limit_the_middle_of_the_quotes_is_taken_and_said() {
    let place = Place::new();
    let typed = "order spread straddle AAPL 30d atm --preview";
    let spread = place.json(typed);
    assert_eq!(spread["price_from"], "mid");
    let mids: f64 = spread["legs"].as_array().unwrap().iter().map(|leg| number(&leg["mid"])).sum();
    assert!((number(&spread["price"]) - mids).abs() < 0.1, "{spread}");
    assert_eq!(spread["max_profit"]["type"], "unbounded");
    let ran = place.run(typed);
    for word in [
        "straddle AAPL",
        "the middle of the legs' quotes: no --limit was given",
        "without end",
        "breaks even at",
    ] {
        assert!(ran.out.contains(word), "{word:?} is missing in {}{}", ran.out, ran.err);
    }
    // What was printed is what is read again.
    let again =
        Ran::of(place.command("--json order spread of --preview").arg(spread["strategy"].as_str().unwrap()));
    assert_eq!(again.json()["legs"][0]["symbol"], spread["legs"][0]["symbol"], "{}", again.err);
}

#[test]
fn every_strategy_is_chosen_around_the_money() {
    let place = Place::new();
    for (typed, legs) in [
        ("vertical AAPL 30d put atm atm-2", 2),
        ("calendar AAPL call atm 20d 40d", 2),
        ("diagonal AAPL call 20d atm+2 60d atm", 2),
        ("straddle AAPL 30d atm", 2),
        ("strangle AAPL 30d atm-2 atm+2", 2),
        ("butterfly AAPL 30d call atm-2 atm atm+2", 3),
        ("iron-condor AAPL 30d atm-4 atm-2 atm+2 atm+4", 4),
        ("iron-butterfly AAPL 30d atm-2 atm atm+2", 4),
        ("collar AAPL 30d atm-2 atm+2", 3),
        ("covered-call AAPL 30d atm+2", 2),
    ] {
        let name = typed.split_whitespace().next().unwrap();
        for way in ["", " --sell"] {
            let ran = place.run(&format!("--json order spread {typed} --preview{way}"));
            let spread = ran.json();
            assert_eq!(
                (&spread["kind"], spread["legs"].as_array().unwrap().len()),
                (&json!(name), legs),
                "{typed}"
            );
            let notation = spread["strategy"].as_str().unwrap();
            assert_eq!(notation.starts_with("short "), !way.is_empty(), "{notation}");
        }
    }
    let condor =
        place.run("--json order spread iron-condor AAPL 30d atm-4 atm-2 atm+2 atm+4 --preview").json();
    assert!(number(&condor["price"]) < 0.0 && number(&condor["cost"]["amount"]) < 0.0, "a credit: {condor}");
    assert_eq!(condor["break_evens"].as_array().unwrap().len(), 2);
    let mut custom = place.command("--json order spread custom AAPL --preview");
    custom.args(["--leg", "buy 1 30d call atm", "--leg", "sell 2 30d call atm+2"]);
    assert_eq!(Ran::of(&mut custom).json()["max_loss"]["type"], "unbounded");
}

#[test]
fn a_strategy_trades_as_one_order_and_is_held_leg_by_leg() {
    let place = Place::new();
    // What it is worth is another matter every day.
    place.file("loose.toml", "[risk]\nprice_collar = 0.99\n");
    let condor = "order spread iron-condor AAPL 30d atm-4 atm-2 atm+2 atm+4 2 --credit 0.05 --key condor";
    let ran = place.run(&format!("--config loose.toml --json {condor}"));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let spread = ran.json();
    assert_eq!((&spread["order"]["state"], &spread["repeat"]), (&json!("filled"), &json!(false)), "{spread}");
    let legs: Vec<&Value> = spread["legs"].as_array().unwrap().iter().map(|leg| &leg["symbol"]).collect();
    let positions = place.json("positions");
    for (leg, held) in legs.iter().zip(["2", "-2", "-2", "2"]) {
        let position = positions.as_array().unwrap().iter().find(|it| it["symbol"] == **leg).unwrap();
        assert_eq!(position["quantity"], held, "{leg}");
    }
    let shown = place.json("order show condor");
    assert_eq!(shown["executions"].as_array().unwrap().len(), 5, "its own and one of each leg");
    assert_eq!(shown["executions"][1]["symbol"], *legs[0]);
    let text = place.run("order show condor");
    assert!(text.out.contains(legs[3].as_str().unwrap()), "{}", text.out);

    // Two for two is one for one, twice: its limit is on the step of one.
    let typed = "--json order spread custom SPY --key twice";
    let mut twice = place.command(typed);
    twice.args(["--leg", "buy 2 30d call atm", "--leg", "sell 2 30d call atm+2"]);
    let twice = Ran::of(&mut twice);
    assert_eq!(twice.code, Some(0), "{}", twice.err);
    assert_eq!(twice.json()["order"]["quantity"], "2");
    let half = number(&twice.json()["order"]["kind"]["limit"]);
    assert!((number(&twice.json()["price"]) - 2.0 * half).abs() < 1e-9);

    // A third of a tenth is no price.
    let mut thirds = place.command("order spread custom SPY --limit 0.10 --preview");
    thirds.args(["--leg", "buy 3 30d call atm", "--leg", "sell 3 30d call atm+2"]);
    let words = ["0.10 is a price of 3 combos that cannot be divided by 3: give a multiple of 3 steps"];
    Ran::of(&mut thirds).fails(2, &words);

    let market = place.run("order spread straddle AAPL 30d atm --type mkt --preview");
    assert!(
        market.code == Some(0) && market.out.contains("ordered without a limit"),
        "{}{}",
        market.out,
        market.err
    );
    for word in ["commission", "initial margin", "would take it", "to pay"] {
        assert!(market.out.contains(word), "{word:?} is missing in {}", market.out);
    }
    place
        .run("order spread straddle AAPL 30d atm --limit 30.001")
        .fails(2, &["30.001", "30 or 30.01 would be accepted"]);
    let risky = place.run("order spread straddle AAPL 30d atm 1000 --key big");
    assert_eq!(risky.code, Some(3), "{}", risky.err);
    assert!(risky.err.contains("buy 1000 straddle AAPL"), "{}", risky.err);
}

#[test]
fn what_is_not_listed_says_what_is() {
    let place = Place::new();
    let (expiry, strikes) = listed(&place, "AAPL");
    let refused = |typed: &str, code: i32, words: &[&str]| {
        place.run(&format!("order spread {typed} --preview")).fails(code, words);
    };
    refused(&format!("straddle AAPL {expiry} 123.45"), 1, &["no strike of 123.45", "the nearest"]);
    refused(
        "straddle AAPL 2020-01-17 atm",
        1,
        &["no option on AAPL expires on 2020-01-17", "one of those near it"],
    );
    refused("straddle AAPL 2000d atm", 1, &["2000 days from now"]);
    let chain = place.json("contract chain AAPL");
    let days: Vec<&str> =
        chain["expiries"].as_array().unwrap().iter().map(|day| day.as_str().unwrap()).collect();
    let twice = days.windows(2).find(|pair| pair[0][..6] == pair[1][..6]).unwrap()[0];
    let month = format!("{}-{}", &twice[..4], &twice[4..6]);
    let several = format!("error: options on AAPL expire on several days of {month}\ntry: one of {month}-");
    refused(&format!("straddle AAPL {month} atm"), 1, &[&several]);
    refused("straddle EUR.USD 30d atm", 1, &["no options on EUR.USD"]);
    refused("straddle ZZQA 30d atm", 1, &["no contract is known for ZZQA"]);
    refused("straddle AAPL 30d atm --class WEEKLY", 1, &["no class WEEKLY", "AAPL"]);
    refused(&format!("vertical AAPL {expiry} call {0} {0}", strikes[2]), 2, &["two different strikes"]);
    refused(&format!("strangle AAPL {expiry} {} {}", strikes[5], strikes[2]), 2, &["must rise"]);
    refused("calendar AAPL call atm 60d 20d", 2, &["must expire after"]);
    refused("straddle AAPL 30d ATM2", 2, &["atm+2"]);
    refused("vertical AAPL 30d up atm atm+1", 2, &["up"]);
    refused("straddle AAPL 30d atm --type stp", 2, &["needs --stop"]);
}

/// The price moves, and the strikes that lie around it: whoever repeats a command that was cut off is told of the one order.
#[test]
fn the_same_words_under_the_same_key_are_one_order_whatever_the_market_does() {
    let place = Place::new();
    let words = "order spread vertical AAPL 30d call atm atm+2 2 --key cut-off";
    let first = place.json(words);
    for again in 1..4 {
        let told = place.json(words);
        assert_eq!(told["repeat"], true, "{again}: {told}");
        assert_eq!(told["order"]["symbol"], first["order"]["symbol"]);
        assert_eq!(told["order"]["kind"], first["order"]["kind"]);
    }
    assert_eq!(place.json("order list --all").as_array().map(Vec::len), Some(1));
    for other in [
        "order spread vertical AAPL 30d call atm atm+2 3 --key cut-off",
        "order spread vertical IBM 30d call atm atm+2 2 --key cut-off",
        "order spread vertical AAPL 30d call atm atm+2 2 --limit 0.01 --key cut-off",
        "order spread vertical AAPL 30d call atm atm+2 2 --tif gtc --key cut-off",
        // What is said of the legs beside what is counted says which order it is.
        "order spread vertical AAPL 30d put atm atm+2 2 --key cut-off",
        "order spread covered-call AAPL 30d atm 2 --key cut-off",
    ] {
        place.run(other).fails_with(2, &["the key cut-off was used before for another intent"]);
    }
}
