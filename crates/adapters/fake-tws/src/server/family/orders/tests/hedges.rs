//! Orders that hedge their parent.

use super::stage::{Stage, apple, limit, market, place, words};
use crate::wire::{Answer, proto};

fn hedge(kind: &str, param: &str, order: proto::Order) -> proto::Order {
    proto::Order {
        parent_id: Some(1),
        total_quantity: None,
        hedge_type: Some(kind.to_owned()),
        hedge_param: Some(param.to_owned()).filter(|param| !param.is_empty()),
        ..order
    }
}

fn share(symbol: &str) -> proto::Contract {
    contract(symbol, "STK", "SMART")
}

fn contract(symbol: &str, kind: &str, exchange: &str) -> proto::Contract {
    proto::Contract {
        symbol: Some(symbol.to_owned()),
        sec_type: Some(kind.to_owned()),
        exchange: Some(exchange.to_owned()),
        currency: Some("USD".to_owned()),
        ..proto::Contract::default()
    }
}

fn of(contract: proto::Contract, id: i32, order: proto::Order) -> proto::PlaceOrderRequest {
    proto::PlaceOrderRequest { contract: Some(contract), ..place(id, order) }
}

/// A parent that rests, and its hedge; what the hedge is told when the parent has filled.
fn filled(contract: proto::Contract, order: proto::Order) -> Vec<String> {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.ask(1, place(1, limit("BUY", "100", 425.0)));
    let told = stage.ask(1, of(contract, 2, order));
    assert_eq!(words(&told), ["open 2 PreSubmitted", "status 2 PreSubmitted 0/0"], "{told:?}");
    stage.quote("424.90", "425.00");
    words(&stage.told(1))
}

#[test]
fn a_pair_is_so_many_units_for_each_of_the_parent() {
    let told = filled(share("IBM"), hedge("P", "0.5", market("SELL", "0")));
    assert!(told.contains(&"status 2 Filled 50/0".to_owned()), "{told:?}");
    let told = filled(share("IBM"), hedge("P", "ratio=3", market("SELL", "0")));
    assert!(told.contains(&"status 2 Filled 300/0".to_owned()), "{told:?}");
    let most = proto::Order { hedge_max_size: Some(120), ..hedge("P", "3", market("SELL", "0")) };
    let told = filled(share("IBM"), most);
    assert!(told.contains(&"status 2 Filled 120/0".to_owned()), "{told:?}");
}

#[test]
fn a_beta_hedge_is_the_parents_value_in_units_of_the_hedge() {
    // A hedge in the same share is as many units as the parent: the prices are a few cents apart.
    let told = filled(apple(), hedge("B", "1", market("SELL", "0")));
    assert!(told.contains(&"status 2 Filled 100/0".to_owned()), "{told:?}");
    let told = filled(apple(), hedge("B", "beta=0.3", market("SELL", "0")));
    assert!(told.contains(&"status 2 Filled 30/0".to_owned()), "{told:?}");
}

#[test]
fn a_currency_hedge_is_the_parents_value_in_the_pair() {
    let euro = contract("EUR", "CASH", "IDEALPRO");
    let told = filled(euro, hedge("F", "", market("SELL", "0")));
    // 100 shares at 425 dollars, in euros of about 1.30 dollars.
    let whole =
        told.iter().find_map(|word| word.strip_prefix("status 2 PreSubmitted 0/")?.parse::<f64>().ok());
    let whole = whole.unwrap_or_else(|| panic!("{told:?}"));
    assert!((26_000.0..40_000.0).contains(&whole), "{whole}: {told:?}");
}

#[test]
fn a_delta_hedge_takes_the_delta_of_an_option() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let option = proto::Contract {
        right: Some("C".to_owned()),
        strike: Some(430.0),
        last_trade_date_or_contract_month: Some("20270115".to_owned()),
        ..contract("AAPL", "OPT", "SMART")
    };
    let held = proto::Order { transmit: Some(false), ..market("BUY", "10") };
    stage.ask(1, of(option, 1, held));
    let told = stage.ask(1, place(2, hedge("D", "", market("SELL", "0"))));
    let sold = told.iter().rev().find_map(|answer| match answer {
        Answer::OrderStatus(it) if it.order_id == Some(2) => Some((it.status.clone()?, it.filled.clone()?)),
        _ => None,
    });
    let (status, units) = sold.unwrap();
    let units: u32 = units.parse().unwrap();
    assert_eq!(status, "Filled", "{:?}", words(&told));
    assert!((300..800).contains(&units), "a call at the money moves half as its share: {units} of 1000");
}

#[test]
fn a_parent_that_ends_in_part_is_hedged_in_part_and_one_without_a_fill_is_not() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.ask(1, place(1, limit("BUY", "100", 425.0)));
    stage.ask(1, of(share("IBM"), 2, hedge("P", "2", market("SELL", "0"))));
    stage.quote_of("AAPL", "424.80", "424.90", "30");
    let told = words(&stage.told(1));
    assert!(told.contains(&"status 2 Submitted 60/0".to_owned()), "it goes with each fill: {told:?}");
    stage.quote_of("AAPL", "424.80", "424.90", "10");
    let told = words(&stage.told(1));
    assert!(told.contains(&"status 2 Submitted 80/0".to_owned()), "{told:?}");
    let told = words(&stage.ask(1, super::stage::cancel(1)));
    assert!(told.contains(&"status 1 Cancelled 40/60".to_owned()), "{told:?}");
    assert!(told.contains(&"status 2 Filled 80/0".to_owned()), "{told:?}");
    stage.quote("430.00", "430.10");
    stage.ask(1, place(3, limit("BUY", "100", 425.0)));
    let child = proto::Order { parent_id: Some(3), ..hedge("P", "2", market("SELL", "0")) };
    stage.ask(1, of(share("IBM"), 4, child));
    let told = words(&stage.ask(1, super::stage::cancel(3)));
    assert!(told.contains(&"status 4 Cancelled 0/0".to_owned()), "{told:?}");
}

#[test]
fn a_hedge_can_be_changed_once_it_has_its_size() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.ask(1, place(1, limit("BUY", "100", 425.0)));
    let child = |price: f64| hedge("P", "0.5", limit("SELL", "0", price));
    // Whatever size a client gives a hedge, it is the parent's that counts.
    let sized = proto::Order { total_quantity: Some("7".to_owned()), ..child(900.0) };
    assert_eq!(
        words(&stage.ask(1, of(share("IBM"), 2, sized))),
        ["open 2 PreSubmitted", "status 2 PreSubmitted 0/0"]
    );
    stage.quote("424.90", "425.00");
    let told = words(&stage.told(1));
    assert!(told.contains(&"status 2 Submitted 0/50".to_owned()), "{told:?}");
    let moved = proto::Order { total_quantity: Some("40".to_owned()), ..child(901.0) };
    let told = stage.ask(1, of(share("IBM"), 2, moved));
    assert_eq!(words(&told), ["open 2 Submitted", "status 2 Submitted 0/40"], "{told:?}");
}

#[test]
fn a_hedge_that_rests_grows_where_it_is() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.ask(1, place(1, limit("BUY", "100", 425.0)));
    stage.ask(1, of(share("IBM"), 2, hedge("P", "1", limit("SELL", "0", 900.0))));
    stage.quote_of("AAPL", "424.80", "424.90", "30");
    let told = words(&stage.told(1));
    assert!(told.contains(&"status 2 Submitted 0/30".to_owned()), "{told:?}");
    stage.quote("424.90", "425.00");
    let told = words(&stage.told(1));
    assert!(told.contains(&"status 2 Submitted 0/100".to_owned()), "{told:?}");
    assert!(told.contains(&"status 1 Filled 100/0".to_owned()), "{told:?}");
    assert_eq!(words(&stage.ask(1, super::stage::cancel(2)))[0], "status 2 Cancelled 0/100");
}
