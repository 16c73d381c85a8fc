//! What can be traded, and when: looked up, quoted, ordered. Days move on, so what is in front is asked for first.

use crate::support::{Place, Ran};
use serde_json::Value;
use std::process::Command;

/// A run whose last argument may hold blanks.
fn with(place: &Place, typed: &str, spec: &str) -> Command {
    let mut command = place.command(typed);
    command.arg(spec);
    command
}

fn json(place: &Place, typed: &str, spec: &str) -> Value {
    let ran = Ran::of(&mut with(place, &format!("--json {typed}"), spec));
    assert_eq!(ran.code, Some(0), "{typed} {spec}: {}", ran.err);
    ran.json()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}"))
}

/// The front month of a product.
fn front(place: &Place, product: &str) -> String {
    let found = json(place, "contract search", product);
    text(&found[0], "symbol").to_owned()
}

/// The option nearest to the price on the next expiry that is some days away.
fn option(place: &Place, underlying: &str) -> Value {
    let chain = json(place, "contract chain --strikes 1", underlying);
    chain["options"].as_array().unwrap().last().unwrap()["call"].clone()
}

#[test]
fn every_kind_of_contract_is_shown() {
    let place = Place::new();
    let es = front(&place, "ES");
    assert!(es.starts_with("ES 20") && es.ends_with("@CME"), "{es}");
    let call = option(&place, "AAPL");
    let cases = [
        ("AAPL", "stock", 265_598),
        ("isin:US0378331005", "stock", 265_598),
        ("SPY", "stock", 0),
        ("index:SPX@CBOE", "index", 0),
        ("EUR.USD", "currency pair", 0),
        ("crypto:BTC", "crypto", 0),
        (es.as_str(), "future", 0),
        ("continuous:ES@CME", "continuous future", 0),
        (text(&call, "symbol"), "option", 0),
    ];
    for (spec, kind, id) in cases {
        let shown = json(&place, "contract show", spec);
        assert_eq!(shown["kind"], kind, "{spec}");
        assert!(shown["mid"].is_string(), "{spec} has no price");
        assert!(id == 0 || shown["id"] == id, "{spec}");
        let again = json(&place, "contract show", &format!("id:{}", shown["id"]));
        assert_eq!((&again["symbol"], &again["multiplier"]), (&shown["symbol"], &shown["multiplier"]));
        let human = Ran::of(&mut with(&place, "contract show", spec));
        assert!(
            human.out.contains(text(&shown, "name")) && human.out.contains("price step"),
            "{}",
            human.out
        );
    }
    assert_eq!(json(&place, "contract show", "isin:US0378331005")["symbol"], "AAPL");
    assert!(!place.data().exists(), "looking made a folder");
}

#[test]
fn what_means_no_contract_or_several_says_what_there_is() {
    let place = Place::new();
    let fails =
        |spec: &str, words: &[&str]| Ran::of(&mut with(&place, "contract show", spec)).fails(1, words);
    fails("ZZQA", &["no contract is known for ZZQA", "AAPL, FB, GOOG, IBM, MSFT", "contract search ZZ"]);
    fails("APPL", &["no contract is known for APPL", "try: AAPL"]);
    fails("SPX", &["no contract is known for SPX", "index:SPX@CBOE"]);
    fails("aapl", &["try: AAPL, in capital letters"]);
    fails("future:ES *@CME", &["fits several contracts", "ES 20", "in quotes"]);
    fails("option:AAPL *", &["fits several contracts", "and others"]);
    fails(
        "combo:A,B;leg=+1x1@SMART",
        &["no contract is known for id 1, a leg of combo:A,B", "contract search"],
    );
    let wrong =
        |spec: &str, words: &[&str]| Ran::of(&mut with(&place, "contract show", spec)).fails(2, words);
    wrong("isin:US0378331006", &["check digit should be 5", "contract show --help"]);
    wrong("AAPL 20261219C450", &["weekend"]);
    fails("ES 202613@CME", &["try: ES 20"]);
}

#[test]
fn a_search_finds_symbols_and_names_and_no_match_is_no_error() {
    let place = Place::new();
    let symbols = |pattern: &str| -> Vec<String> {
        let found = json(&place, "contract search", pattern);
        found.as_array().unwrap().iter().map(|it| text(it, "symbol").to_owned()).collect()
    };
    assert_eq!(symbols("apple"), ["AAPL"]);
    assert_eq!(symbols("SPY")[0], "SPY");
    assert!(symbols("E-mini").len() > 3);
    assert_eq!(symbols("zzqx"), [""; 0]);
    let none = place.run("contract search APPL");
    assert!(
        none.code == Some(0) && none.err.is_empty() && none.out.contains("AAPL"),
        "a name begins so: {}",
        none.err
    );
    let none = place.run("contract search AAPLX");
    assert!(none.code == Some(0) && none.err.contains("the nearest: AAPL"), "{}", none.err);
    let some = place.run("contract search i --most 2");
    assert!(
        some.out.lines().count() == 4 && some.err.contains("more: a longer pattern"),
        "{}{}",
        some.out,
        some.err
    );
}

#[test]
fn a_chain_has_strikes_around_the_price_with_both_sides() {
    let place = Place::new();
    let chain = json(&place, "contract chain", "AAPL");
    let number = |value: &Value| value.as_str().map(|it| it.parse::<f64>().unwrap());
    let price = number(&chain["price"]).unwrap();
    let options = chain["options"].as_array().unwrap();
    assert_eq!(options.len(), 30, "three expiries of ten strikes");
    let strikes: Vec<f64> = options[..10].iter().map(|row| number(&row["strike"]).unwrap()).collect();
    assert!(strikes.is_sorted() && strikes[0] < price && price < strikes[9], "{strikes:?} around {price}");
    for row in options {
        for side in ["call", "put"] {
            let (bid, ask) = (number(&row[side]["bid"]), number(&row[side]["ask"]).unwrap());
            assert!(bid.is_none_or(|bid| bid < ask) && ask > 0.0, "{row}");
        }
    }
    let expiry = chain["expiries"][4].as_str().unwrap().to_owned();
    let one = json(&place, &format!("contract chain --expiry {expiry} --strikes 4"), "AAPL");
    assert_eq!(one["options"].as_array().unwrap().len(), 4);
    assert!(one["options"].as_array().unwrap().iter().all(|row| row["expiry"] == expiry.as_str()));
    let human = place.run("contract chain index:SPX@CBOE --strikes 2");
    assert!(human.out.contains("call bid") && human.out.contains("SPXW"), "{}", human.out);
    place
        .run("contract chain AAPL --expiry 2020-01-17")
        .fails(1, &["ends on 2020-01-17", "--expiry with one of"]);
    place.run("contract chain EUR.USD").fails(1, &["no options on EUR.USD"]);
    place.run("contract chain AAPL --expiry tomorrow").fails(2, &["such as 2026-12-18"]);
    place.run("contract chain AAPL --strikes 0").fails(2, &["--strikes"]);
}

#[test]
fn an_expiry_that_cannot_be_is_refused_with_those_that_can() {
    let place = Place::new();
    let thursday = "ES 20261217@CME";
    let days = "ES has no contract that ends on 20261217: expected 20261218, 20270319 or 20270617";
    let refused = |typed: &str, spec: &str| Ran::of(&mut with(&place, typed, spec));
    refused("contract show", thursday).fails(1, &[days, "or the contract's month alone"]);
    let preview = Ran::of(with(&place, "order preview --limit 5 buy", thursday).arg("1"));
    preview.fails(1, &[days]);
    let months = "ES has no contract of 202611: its months are HMUZ";
    refused("contract hours", "ES 202611@CME").fails(1, &[months, "tradeport contract search ES"]);
    let holiday = "an option cannot expire on 20261225, a holiday of its exchange: expected 20261224, the trading day before";
    refused("contract show", "AAPL 20261225C450").fails(1, &[holiday, "tradeport contract chain AAPL"]);
    let chain = refused("contract chain", &front(&place, "ES"));
    chain.fails(1, &["options on a future go by their own name", "futopt:ES *@CME"]);
}

#[test]
fn hours_are_told_there_and_in_utc() {
    let place = Place::new();
    let hours = json(&place, "contract hours --days 400", "AAPL");
    assert_eq!((text(&hours, "calendar"), text(&hours, "zone")), ("XNAS", "America/New_York"));
    let days = hours["days"].as_array().unwrap();
    assert_eq!(days.len(), 400);
    let of = |status: &str| days.iter().filter(|day| day["status"] == status).count();
    assert!(of("weekend") >= 112 && (8..=14).contains(&of("holiday")) && of("early_close") >= 1);
    let open = days.iter().find(|day| day["status"] == "open").unwrap();
    assert_eq!(
        (text(&open["regular"][0], "open_local"), text(&open["regular"][0], "close_local")),
        ("09:30", "16:00")
    );
    assert_eq!(text(&open["extended"][0], "open_local"), "04:00");
    assert!(text(&hours, "next_open") > text(&hours, "at"), "{}", hours["next_open"]);
    assert!(hours["next_close"].is_string() && hours["tradable_now"] == true);
    let es = front(&place, "ES");
    let futures = json(&place, "contract hours --days 400", &es);
    assert_eq!(futures["zone"], "America/Chicago");
    assert_eq!(futures["days"][399]["status"], "ended", "after its last day");
    assert_eq!(json(&place, "contract hours", "crypto:BTC")["open_now"], true);
    let human = place.run("contract hours AAPL");
    assert!(human.out.contains("next open") && human.out.contains("09:30 - 16:00"), "{}", human.out);
    assert!(human.err.contains("trades at every moment"), "{}", human.err);
    place.run("contract hours AAPL --days 0").fails(2, &["--days"]);
}

#[test]
fn anything_that_is_listed_is_quoted_recorded_and_ordered() {
    let place = Place::new();
    let (es, call) = (front(&place, "ES"), text(&option(&place, "SPY"), "symbol").to_owned());
    for (number, spec) in [es.as_str(), call.as_str(), "EUR.USD", "SPY"].into_iter().enumerate() {
        let quote = json(&place, "quote", spec);
        assert_eq!(quote["symbol"], spec);
        let typed = format!("--json order buy --key k{number}");
        let ran = Ran::of(place.command(&typed).args([spec, "1"]));
        assert_eq!(ran.code, Some(0), "{spec}: {}", ran.err);
        assert_eq!(ran.json()["order"]["state"], "filled", "{spec}");
    }
    let ran = Ran::of(place.command("--json order buy --key coin").args(["crypto:BTC", "--cash", "5000"]));
    assert_eq!(ran.json()["order"]["state"], "filled", "{}", ran.err);
    let positions = place.json("positions");
    let held: Vec<&str> = positions.as_array().unwrap().iter().map(|it| text(it, "symbol")).collect();
    for spec in [es.as_str(), call.as_str(), "EUR.USD", "SPY", "crypto:BTC"] {
        assert!(held.contains(&spec), "{spec} in {held:?}");
    }
    // An option is worth a hundred times its price.
    let cost = |symbol: &str| {
        let fill = json(&place, "order show", if symbol == es { "k0" } else { "k1" });
        fill["executions"][0]["price"].as_str().unwrap().parse::<f64>().unwrap()
    };
    let position = positions.as_array().unwrap().iter().find(|it| it["symbol"] == call.as_str()).unwrap();
    assert_eq!(position["quantity"], "1", "{position}");
    assert!(cost(&call) > 0.0 && cost(&es) > 100.0);
    // The same again by another process: sold by another wording, known by the state that was kept.
    let sold = Ran::of(place.command("--json order sell --key out").args(["isin:US78462F1030", "1"]));
    assert_eq!(sold.json()["order"]["symbol"], "SPY", "{}", sold.err);
    let target = Ran::of(place.command("--json order target-percent --key flat").args([es.as_str(), "0"]));
    assert_eq!(target.json()["order"]["state"], "filled", "{}", target.err);
    let record = Ran::of(place.command("record --max-rows 4").args([es.as_str(), "EUR.USD"]));
    assert_eq!(record.code, Some(0), "{}", record.err);
    let recorded = Ran::of(&mut with(&place, "--json quote --recorded", &es));
    assert!(recorded.code == Some(0) && recorded.out.lines().count() >= 1, "{}", recorded.err);
}

#[test]
fn what_is_only_quoted_or_priced_elsewhere_is_refused() {
    let place = Place::new();
    place.run("order buy index:SPX@CBOE 1").fails(2, &["index", "contract show"]);
    let abroad = place.run("order buy VOD@LSE/GBP 1 --limit 1.50");
    abroad.fails_after_key(&["trades in USD", "priced in GBP"]);
    place.run("order buy BMW 1").fails_after_key(&["no contract is known for BMW", "BMW@SMART:IBIS/EUR"]);
}

impl Ran {
    /// A refusal after the key was said.
    fn fails_after_key(&self, words: &[&str]) {
        assert_eq!(self.code, Some(1), "{}", self.err);
        for word in words {
            assert!(self.err.contains(word), "{word:?} is missing in: {}", self.err);
        }
    }
}

const FUTURES: &str = "exchange_code,ib_symbol,ib_trading_class,ib_exchange,ib_exchange_before_2022,multiplier,currency,\
min_tick,price_magnifier,contract_details_min_tick,tick_value,month_cycle,last_trade_rule,settlement,confidence,note\n";

/// A place whose settings name a file of futures with these rows.
fn with_futures(rows: &str) -> Place {
    let place = Place::new();
    place.file("mine.csv", &format!("{FUTURES}{rows}"));
    place.file("tradeport.toml", "[contracts]\nfutures_file = \"mine.csv\"\n");
    place
}

#[test]
fn futures_of_ones_own_are_listed_beside_and_over_the_bundled_ones() {
    let place = with_futures(
        "ES,ES,ES,CME,,50,USD,0.5,1,,25,HMUZ,3rd Friday of contract month,cash,high,coarser\n\
         XX,XX,XX,CME,,5000,USD,0.25,100,,12.5,HMUZ,3rd Friday of contract month,cash,high,new\n",
    );
    let terms = |spec: &str| {
        let shown = json(&place, "contract show", spec);
        (text(&shown, "price_step").to_owned(), text(&shown, "multiplier").to_owned())
    };
    assert_eq!(terms(&front(&place, "ES")), ("0.5".to_owned(), "50".to_owned()));
    let added = front(&place, "XX");
    assert!(added.starts_with("XX 20") && added.ends_with("@CME"), "{added}");
    assert_eq!(terms(&added), ("0.25".to_owned(), "50".to_owned()), "quoted in cents");
    let shown = json(&place, "contract show", &added);
    let again = json(&place, "contract show", &format!("id:{}", shown["id"]));
    assert_eq!((text(&again, "symbol"), again["mid"].is_string()), (added.as_str(), true));
    assert_eq!(terms(&front(&place, "NQ")).0, "0.25", "others are as they were");
}

#[test]
fn a_file_of_futures_that_cannot_be_used_says_where_it_is_wrong() {
    let wrong = |rows: &str, words: &[&str]| with_futures(rows).run("contract search ES").fails(2, words);
    let bad = "XX,XX,XX,CME,,many,USD,0.25,1,,,HMUZ,3rd Friday of contract month,cash,high,\n";
    wrong(bad, &["mine.csv", ":2", "column", "multiplier", "many", "futures_file", "correct that line"]);
    let short = "ES,ES,ES,CME,,50,USD,0.5,1,,25,HMUZ,3rd Friday of contract month,cash,high,\nXX,XX\n";
    wrong(short, &["mine.csv:3", "2 columns instead of 16"]);
    let place = Place::new();
    place.file("tradeport.toml", "[contracts]\nfutures_file = \"nowhere.csv\"\n");
    place.run("contract search ES").fails(2, &["nowhere.csv", "cannot be opened", "name a file that exists"]);
    place.file("tradeport.toml", "[contracts]\nfuture_file = \"mine.csv\"\n");
    place.run("contract search ES").fails(2, &["`future_file`", "`futures_file`", "line 2"]);
}
