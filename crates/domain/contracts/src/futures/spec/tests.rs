use super::*;
use std::error::Error;

fn draft(code: &str) -> FuturesDraft {
    FuturesSpecs::bundled().find(code).unwrap().draft().clone()
}

fn refusal(change: impl FnOnce(&mut FuturesDraft)) -> String {
    let mut draft = draft("ES");
    change(&mut draft);
    draft.check(FuturesSpecs::bundled()).unwrap_err().to_string()
}

#[test]
fn names_are_capitals_digits_and_dots() {
    assert_eq!(
        refusal(|draft| draft.trading_class = "es".to_owned()),
        "trading class \"es\" is not a name: expected 1 to 16 capital letters, digits or dots such as ES"
    );
    for bad in ["", "E S", "ÄÖ", "SEVENTEENLETTERSX"] {
        assert!(
            refusal(|draft| draft.exchange_code = bad.to_owned()).starts_with("exchange code"),
            "{bad:?}"
        );
    }
}

#[test]
fn numbers_are_above_zero_and_exact() {
    assert_eq!(
        refusal(|draft| draft.multiplier = Decimal::ZERO),
        "ES has a multiplier of 0: expected a number above 0, up to 1000000000, of up to 4 decimals"
    );
    assert_eq!(
        refusal(|draft| draft.price_step = Decimal::new(1, 10)),
        "ES has a price step of 0.0000000001: expected a number above 0, up to 1000000, of up to 9 decimals"
    );
    assert_eq!(
        refusal(|draft| draft.price_magnifier = 60),
        "ES has a price magnifier of 60: expected 1, 10, 100, 1000 or 10000"
    );
}

#[test]
fn the_finest_and_largest_products_are_still_exact() {
    let mut fine = draft("ES");
    fine.multiplier = "999999999.9999".parse().unwrap();
    fine.price_step = "999999.999999999".parse().unwrap();
    fine.price_magnifier = 10_000;
    let spec = fine.check(&FuturesSpecs::empty()).unwrap();
    let exact = spec.step_value().amount() / spec.price_step();
    assert_eq!(exact, spec.unit_value().amount());
    assert_eq!(spec.unit_value().amount().to_string(), "99999.99999999");
}

#[test]
fn too_many_steps_are_refused() {
    let mut fine = draft("ES");
    fine.price_step = Decimal::new(1, 9);
    let spec = fine.check(&FuturesSpecs::empty()).unwrap();
    let (from, to) = ("-1000000000000".parse().unwrap(), "1000000000000".parse().unwrap());
    assert_eq!(
        spec.steps_between(from, to).unwrap_err().to_string(),
        "-1000000000000 and 1000000000000 lie too many of ES's price steps apart"
    );
}

#[test]
fn cash_has_no_notice_and_notes_are_one_line() {
    assert_eq!(
        refusal(|draft| draft.first_notice = "15th of contract month".parse().ok()),
        "ES has a first notice day but is settled in cash: remove one of the two"
    );
    assert_eq!(
        refusal(|draft| draft.note = "two\nlines".to_owned()),
        "ES has a note that is not a line of up to 300 characters"
    );
    assert!(refusal(|draft| draft.note = "x".repeat(301)).contains("note"));
}

#[test]
fn a_rule_like_that_of_nobody_is_refused() {
    assert_eq!(
        refusal(|draft| draft.last_trade = "as QQ".parse().unwrap()),
        "ES last trades like QQ, which is not in the table with a rule of its own: put QQ before it"
    );
    let mut far = draft("MCL");
    far.last_trade = "1 business day before the VX last trade day".parse().unwrap();
    let error = far.check(FuturesSpecs::bundled()).unwrap_err();
    assert_eq!(error.to_string(), "MCL has no rule for its last trade");
    assert!(error.source().unwrap().to_string().contains("30 days before the 3rd Friday"));
}

#[test]
fn a_reference_takes_the_time_of_day_only_for_the_same_day() {
    let time = |rule: &str| {
        let mut like = draft("VXM");
        like.last_trade = rule.parse().unwrap();
        let spec = like.check(FuturesSpecs::bundled()).unwrap();
        spec.last_trade_rule().unwrap().closing().map(ToString::to_string)
    };
    assert_eq!(time("as VX").as_deref(), Some("08:00 America/Chicago"));
    assert_eq!(time("1 business day before the ES last trade day"), None);
}

#[test]
fn words_of_settlement_and_confidence_are_few() {
    assert_eq!(
        "barter".parse::<Settlement>().unwrap_err().to_string(),
        "\"barter\" is not a settlement: expected cash or delivery"
    );
    assert_eq!(
        "sure".parse::<Confidence>().unwrap_err().to_string(),
        "\"sure\" is not a confidence: expected low, medium or high"
    );
}

#[test]
fn a_user_adds_and_overrides_products() {
    let mut mine = draft("GC");
    mine.price_step = "0.2".parse().unwrap();
    mine.first_notice = None;
    let mut other = draft("MCL");
    other.exchange_code = "XCL".to_owned();
    let table = FuturesSpecs::bundled().clone().extended_with([mine.clone(), other]).unwrap();
    assert_eq!(table.iter().count(), FuturesSpecs::bundled().iter().count() + 1);
    let gold = table.find("GC").unwrap();
    assert_eq!(gold.step_value().amount(), Decimal::from(20));
    assert!(gold.first_notice().is_some(), "an override that is delivered keeps it");
    assert!(table.find("XCL").unwrap().last_trade_rule().is_some());

    let twice = FuturesSpecs::empty().extended_with([mine.clone(), mine]).unwrap_err();
    assert_eq!(twice.to_string(), "GC is given twice: remove one of the two");
}

#[test]
fn documents_are_checked_on_the_way_in() {
    let mut document = serde_json::to_value(FuturesSpecs::bundled().find("ES").unwrap()).unwrap();
    document["price_magnifier"] = 7.into();
    let error = serde_json::from_value::<FuturesSpec>(document.clone()).unwrap_err();
    assert!(error.to_string().contains("price magnifier of 7"), "{error}");
    document["price_magnifier"] = 1.into();
    document["tick"] = 1.into();
    assert!(
        serde_json::from_value::<FuturesSpec>(document).unwrap_err().to_string().contains("unknown field")
    );
}
