use super::*;
use proptest::prelude::*;
use std::io::Cursor;
use tradeport_contracts::futures::FuturesSpec;

const BUNDLED: &str = include_str!("../../../../domain/contracts/data/futures-specs.csv");
const GOOD: &str =
    "XX,XX,XX,CME,GLOBEX,50,USD,0.25,1,0.25,12.5,HMUZ,3rd Friday of contract month,cash,high,mine";

fn read(text: impl Into<Vec<u8>>) -> Result<FuturesSpecs, FileError> {
    let source = Source::new("mine.csv".to_owned(), Box::new(Cursor::new(text.into())))?;
    read_futures(source, FuturesSpecs::bundled().clone())
}

fn rows(lines: &str) -> Result<FuturesSpecs, FileError> {
    read(format!("{}\n{lines}", SHAPE.header))
}

/// The good row with another text in one column.
fn changed(column: usize, text: &str) -> String {
    let mut fields: Vec<&str> = GOOD.split(',').collect();
    fields[column] = text;
    fields.join(",")
}

#[test]
fn the_file_that_the_bundled_products_were_made_from_can_be_read() {
    let source = Source::from_bytes("futures-specs.csv", BUNDLED.as_bytes()).unwrap();
    let specs = read_futures(source, FuturesSpecs::empty()).unwrap();
    let facts = |spec: &FuturesSpec| (spec.exchange_code().to_owned(), spec.step_value(), spec.months());
    assert!(specs.iter().map(facts).eq(FuturesSpecs::bundled().iter().map(facts)));
    let unknown = specs.iter().filter(|spec| spec.last_trade_rule().is_none()).count();
    assert_eq!(unknown, 0);
}

#[test]
fn products_are_added_and_overridden() {
    let lines = [
        GOOD,
        "ES,ES,ES,CME,,50,USD,0.5,1,,,HMUZ,as XX,cash,low,",
        "YY,YY,YY,CBOT,ECBOT,5000,USD,0.25,100,0.0025,12.5,FHKNUX,\"2 business days before the ES last trade day\",cash,medium,\"a, b\"",
    ];
    let specs = rows(&lines.join("\n")).unwrap();
    let before = FuturesSpecs::bundled();
    assert_eq!(specs.iter().count(), before.iter().count() + 2);
    let es = specs.find("ES").unwrap();
    assert_eq!(es.step_value().to_string(), "25.00 USD");
    assert_eq!(es.exchange_before_2022(), "CME", "an empty field means the same exchange");
    assert_eq!(es.last_trade_rule(), specs.find("XX").unwrap().last_trade_rule());
    let other = specs.find("YY").unwrap();
    assert_eq!(other.note(), "a, b");
    assert_eq!(
        other.last_trade_rule().unwrap().to_string(),
        "2 business days before the 3rd Friday of contract month (or the business day before it)"
    );
    assert_eq!(specs.find("NQ"), before.find("NQ"));
}

#[test]
fn an_override_of_a_delivered_product_keeps_its_first_notice_day() {
    let gold =
        "GC,GC,GC,COMEX,NYMEX,100,USD,0.2,1,,,GJMQVZ,3rd last business day of contract month,delivery,high,";
    let specs = rows(gold).unwrap();
    assert_eq!(
        specs.find("GC").unwrap().first_notice(),
        FuturesSpecs::bundled().find("GC").unwrap().first_notice()
    );
}

#[test]
fn errors_name_line_and_column() {
    let table = [
        (
            changed(0, "xx"),
            "mine.csv:2: exchange code \"xx\" is not a name: expected 1 to 16 capital letters",
        ),
        (
            changed(5, "fifty"),
            "mine.csv:2: column \"multiplier\" holds \"fifty\": expected a decimal number such as 0.25",
        ),
        (changed(5, "0"), "mine.csv:2: XX has a multiplier of 0: expected a number above 0"),
        (changed(6, "usd"), "mine.csv:2: column \"currency\" holds \"usd\": \"usd\" is not a currency"),
        (changed(8, "0.1"), "mine.csv:2: column \"price_magnifier\" holds \"0.1\""),
        (changed(8, "3"), "mine.csv:2: XX has a price magnifier of 3"),
        (
            changed(9, "0.3"),
            "mine.csv:2: column \"contract_details_min_tick\" holds \"0.3\": min_tick / price_magnifier is 0.25: correct \
             one of them or leave this one empty",
        ),
        (
            changed(10, "12"),
            "mine.csv:2: column \"tick_value\" holds \"12\": multiplier x min_tick / price_magnifier is 12.5",
        ),
        (changed(11, "MH"), "mine.csv:2: column \"month_cycle\" holds \"MH\": \"MH\" is not a month cycle"),
        (
            changed(12, "some Friday"),
            "mine.csv:2: column \"last_trade_rule\" holds \"some Friday\": \"some Friday\" is not understood as a rule",
        ),
        (
            changed(12, "as QQQ"),
            "mine.csv:2: XX last trades like QQQ, which is not in the table with a rule of its own: put QQQ before it",
        ),
        (
            changed(12, "1 business day before the VX last trade day"),
            "mine.csv:2: XX has no rule for its last trade: \"1 before 30 days before the 3rd Friday",
        ),
        (
            changed(12, "3rd Friday of contract month; delivery"),
            "mine.csv:2: the rule says delivery and the settlement is cash: correct one of the two",
        ),
        (changed(13, "barter"), "mine.csv:2: column \"settlement\" holds \"barter\""),
        (changed(14, "sure"), "mine.csv:2: column \"confidence\" holds \"sure\""),
        (
            format!("{GOOD}\n\n{GOOD}"),
            "mine.csv:4: column \"exchange_code\" holds \"XX\": it is in this file already",
        ),
        ("XX,XX".to_owned(), "mine.csv:2: 2 columns instead of 16"),
    ];
    for (lines, expected) in table {
        let error = rows(&lines).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{lines:?} gave {error:?}");
    }
    let error = read("symbol,step\n").unwrap_err().to_string();
    assert!(
        error.starts_with("mine.csv:1: the header is \"symbol,step\": expected \"exchange_code,ib_symbol"),
        "{error}"
    );
}

proptest! {
    #[test]
    fn no_text_in_a_column_makes_it_panic(column in 0..16_usize, text in "[ -~]{0,40}") {
        drop(rows(&changed(column, &text)));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        drop(read([SHAPE.header.as_bytes(), b"\n", &bytes].concat()));
    }
}
