//! The bundled products against the file that they were made from, row by row and column by column.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

use tradeport_contracts::futures::{FuturesSpec, FuturesSpecs, LastTrade, Weekdays};
use tradeport_kernel::Decimal;

const FILE: &str = include_str!("../data/futures-specs.csv");

/// Products whose rule says more than the file does, with the rule; why stands in `data/futures-specs.md`.
const REFINED: [(&str, &str); 6] = [
    ("NKD", "business day before the 2nd Friday of contract month (or the business day before it)"),
    ("BZ", "last business day of the 2nd month before the contract month (in December the one before)"),
    ("CT", "17th last business day of contract month"),
    ("NK225", "business day before the 2nd Friday of contract month (or the business day before it)"),
    ("NK225M", "business day before the 2nd Friday of contract month (or the business day before it)"),
    ("BRN", "last business day of the 2nd month before the contract month (in December the one before)"),
];

fn rows() -> Vec<csv::StringRecord> {
    let mut reader = csv::Reader::from_reader(FILE.as_bytes());
    let header: Vec<&str> = reader.headers().unwrap().iter().collect::<Vec<_>>();
    assert_eq!(
        header.join(","),
        "exchange_code,ib_symbol,ib_trading_class,ib_exchange,ib_exchange_before_2022,multiplier,currency,min_tick,\
         price_magnifier,contract_details_min_tick,tick_value,month_cycle,last_trade_rule,settlement,confidence,note"
    );
    reader.records().map(Result::unwrap).collect()
}

fn number(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

fn product(row: &csv::StringRecord) -> &'static FuturesSpec {
    FuturesSpecs::bundled().find(&row[0]).unwrap_or_else(|| panic!("{} is not bundled", &row[0]))
}

#[test]
fn every_row_is_bundled_and_nothing_else() {
    let rows = rows();
    let mut codes: Vec<&str> = rows.iter().map(|row| &row[0]).collect();
    codes.sort_unstable();
    let bundled: Vec<&str> = FuturesSpecs::bundled().iter().map(FuturesSpec::exchange_code).collect();
    assert_eq!(bundled, codes);
    assert_eq!(codes.len(), 79);
}

#[test]
fn every_column_of_every_row_is_the_same() {
    for row in rows() {
        let spec = product(&row);
        let texts = [
            spec.exchange_code(),
            spec.broker_symbol(),
            spec.trading_class(),
            spec.exchange(),
            spec.exchange_before_2022(),
        ];
        assert_eq!(texts, [&row[0], &row[1], &row[2], &row[3], &row[4]]);
        assert_eq!(spec.multiplier(), number(&row[5]), "{}", &row[0]);
        assert_eq!(spec.currency().as_str(), &row[6]);
        assert_eq!(spec.price_step(), number(&row[7]), "{}", &row[0]);
        assert_eq!(Decimal::from(spec.price_magnifier()), number(&row[8]), "{}", &row[0]);
        assert_eq!(spec.broker_price_step(), number(&row[9]), "{}", &row[0]);
        assert_eq!(spec.step_value().amount(), number(&row[10]), "{}", &row[0]);
        assert_eq!(spec.months().to_string(), &row[11]);
        assert_eq!(spec.settlement().to_string(), &row[13], "{}", &row[0]);
        assert_eq!(spec.confidence().to_string(), &row[14], "{}", &row[0]);
        assert_eq!(spec.note(), &row[15]);
    }
}

#[test]
fn the_value_of_a_step_is_multiplier_times_step_over_magnifier_in_the_file_too() {
    for row in rows() {
        let column = |column: usize| number(&row[column]);
        assert_eq!(column(10) * column(8), column(5) * column(7), "{}", &row[0]);
        assert_eq!(column(9) * column(8), column(7), "{}", &row[0]);
    }
}

#[test]
fn the_rules_are_those_of_the_file_or_say_more() {
    let mut refined = Vec::new();
    for row in rows() {
        let spec = product(&row);
        let (stated, settlement) = LastTrade::with_settlement(&row[12]).unwrap();
        assert!(settlement.is_none_or(|said| said == spec.settlement()), "{}", &row[0]);
        if *spec.last_trade() != stated {
            refined.push((row[0].to_owned(), spec.last_trade().to_string()));
        }
    }
    let expected: Vec<_> = REFINED.map(|(code, rule)| (code.to_owned(), rule.to_owned())).into();
    assert_eq!(refined, expected);
}

#[test]
fn every_product_has_a_rule_that_gives_a_day_for_each_of_its_months() {
    let unknown: Vec<&str> = FuturesSpecs::bundled()
        .iter()
        .filter(|spec| spec.last_trade_rule().is_none())
        .map(FuturesSpec::exchange_code)
        .collect();
    assert_eq!(unknown, [""; 0], "products whose last trade is unknown");
    for spec in FuturesSpecs::bundled().iter() {
        let schedule = spec.schedule(&Weekdays);
        for month in spec.months().months_from("200001".parse().unwrap()).take(600) {
            let last_trade = schedule.last_trade(month).unwrap();
            let distance = (last_trade - month.first_day()).whole_days();
            assert!((-70..=115).contains(&distance), "{} {month}: {last_trade}", spec.exchange_code());
            if let Some(notice) = schedule.first_notice(month).unwrap() {
                assert!(notice < last_trade, "{} {month}: {notice}", spec.exchange_code());
            }
        }
    }
}

#[test]
fn products_that_share_a_symbol_are_all_found_under_both_names_of_the_exchange() {
    let found = |symbol, exchange| {
        let products = FuturesSpecs::bundled().by_broker_symbol(symbol, exchange);
        products.map(FuturesSpec::exchange_code).collect::<Vec<_>>()
    };
    assert_eq!(found("DAX", "EUREX"), ["FDAX", "FDXM", "FDXS"]);
    assert_eq!(found("DAX", "DTB"), ["FDAX", "FDXM", "FDXS"]);
    assert_eq!(found("SI", "COMEX"), ["SI", "SIL"]);
    assert_eq!(found("BRR", "CMECRYPTO"), ["BTC"], "the micro contract has a symbol of its own");
    assert_eq!(found("MBT", "CME"), ["MBT"]);
    assert_eq!(found("EUR", "GLOBEX"), ["6E"]);
    assert_eq!(found("EUR", "EUREX"), [""; 0]);
}

#[test]
fn every_product_comes_back_from_its_document() {
    for spec in FuturesSpecs::bundled().iter() {
        let text = serde_json::to_string(spec).unwrap();
        let back: FuturesSpec = serde_json::from_str(&text).unwrap();
        assert_eq!(back.last_trade_rule(), spec.last_trade_rule(), "{text}");
        assert_eq!(serde_json::to_string(&back).unwrap(), text);
    }
}

#[test]
fn every_contract_has_an_instrument_of_its_own() {
    let specs = FuturesSpecs::bundled();
    let month = "202612".parse().unwrap();
    let mut names = std::collections::BTreeSet::new();
    let december = |spec: &&FuturesSpec| spec.months().lists(time::Month::December);
    for spec in specs.iter().filter(december) {
        let future = specs.future(spec, month).unwrap();
        assert_eq!(future.product(), Some(spec.broker_symbol()));
        assert_eq!(future.currency(), Some(spec.currency()));
        assert!(names.insert(future.to_string()), "{future} names two products");
    }
    let cattle = specs.find("GF").unwrap();
    assert_eq!(
        specs.future(cattle, month).unwrap_err().to_string(),
        "GF has no contract of 202612: its months are FHJKQUVX"
    );
    let volatility = specs.future(specs.find("VX").unwrap(), month).unwrap();
    assert_eq!(volatility.description().trading_class.as_deref(), Some("VX"), "weeklies share its symbol");
}
