//! Orders whose price follows the market, and conditions that count what has traded.

use super::stage::{APPLE, Stage, cancel, limit, market, place, words};
use crate::wire::proto;
use tradeport_kernel::Decimal;

fn of_kind(kind: &str, action: &str, order: proto::Order) -> proto::Order {
    proto::Order {
        order_type: Some(kind.to_owned()),
        ..proto::Order { action: Some(action.to_owned()), ..order }
    }
}

/// The price at which the exchange has the one open order.
fn at_exchange(stage: &mut Stage) -> Option<String> {
    let open = stage.server.world_mut().exchange().open_orders();
    let (order, _) = open.first()?;
    Some(order.kind.limit_price()?.to_string())
}

/// On a quote of 430.00 to 430.10.
#[test]
fn a_pegged_order_is_where_its_peg_says() {
    let uncapped = || proto::Order { lmt_price: None, ..limit("BUY", "10", 0.0) };
    let offset = |by: f64| proto::Order { aux_price: Some(by), ..uncapped() };
    let cases = [
        (of_kind("REL", "BUY", offset(0.02)), "430.02"),
        (of_kind("REL", "SELL", offset(0.02)), "430.08"),
        (of_kind("REL", "BUY", proto::Order { lmt_price: Some(429.5), ..offset(0.02) }), "429.50"),
        (of_kind("PEG MKT", "BUY", offset(0.05)), "430.05"),
        (of_kind("PEG MID", "BUY", proto::Order { lmt_price: Some(431.0), ..uncapped() }), "430.05"),
        (of_kind("MIDPRICE", "SELL", uncapped()), "430.05"),
        (of_kind("SNAP PRIM", "BUY", uncapped()), "430.00"),
        (of_kind("SNAP MID", "BUY", uncapped()), "430.05"),
    ];
    for (order, wanted) in cases {
        let mut stage = Stage::new();
        stage.connect(1, 7);
        let name = order.order_type.clone();
        let told = words(&stage.ask(1, place(1, order)));
        assert_eq!(told.last().map(String::as_str), Some("status 1 Submitted 0/10"), "{name:?}: {told:?}");
        let price = at_exchange(&mut stage).unwrap();
        assert_eq!(price.parse::<Decimal>().unwrap(), wanted.parse::<Decimal>().unwrap(), "{name:?}");
    }
}

#[test]
fn it_follows_in_silence_and_trades_when_somebody_comes_to_it() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let order = proto::Order { lmt_price: Some(440.0), aux_price: Some(0.01), ..market("BUY", "10") };
    stage.ask(1, place(1, of_kind("REL", "BUY", order)));
    stage.quote("431.00", "431.20");
    stage.pass(1);
    assert_eq!(words(&stage.told(1)), [""; 0]);
    assert_eq!(at_exchange(&mut stage).as_deref(), Some("431.01"));
    stage.quote("430.80", "430.95");
    let told = words(&stage.told(1));
    assert!(told.contains(&"exec 1 BOT 10 @431.01".to_owned()), "{told:?}");
}

#[test]
fn a_snapped_order_stays_where_it_was_sent() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.ask(1, place(1, of_kind("SNAP PRIM", "BUY", market("BUY", "10"))));
    stage.quote("431.00", "431.20");
    stage.pass(1);
    assert_eq!(at_exchange(&mut stage).as_deref(), Some("430.00"));
    assert_eq!(words(&stage.ask(1, cancel(1))).len(), 2);
}

#[test]
fn a_volume_condition_counts_what_trades() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let above = |volume: i32| {
        let condition = proto::OrderCondition {
            r#type: Some(6),
            is_conjunction_connection: Some(true),
            is_more: Some(true),
            con_id: Some(APPLE),
            exchange: Some("SMART".to_owned()),
            volume: Some(volume),
            ..proto::OrderCondition::default()
        };
        proto::Order { conditions: vec![condition], ..market("BUY", "10") }
    };
    let told = words(&stage.ask(1, place(1, above(1))));
    assert!(told.contains(&"status 1 Filled 10/0".to_owned()), "{told:?}");
    let told = words(&stage.ask(1, place(2, above(2_000_000_000))));
    assert_eq!(told, ["open 2 PreSubmitted", "status 2 PreSubmitted 0/10"]);
}

#[test]
fn an_option_in_volatility_costs_what_the_model_says() {
    let price = |percent: f64| {
        let mut stage = Stage::new();
        stage.connect(1, 7);
        let contract = proto::Contract {
            symbol: Some("AAPL".to_owned()),
            sec_type: Some("OPT".to_owned()),
            exchange: Some("SMART".to_owned()),
            currency: Some("USD".to_owned()),
            right: Some("C".to_owned()),
            strike: Some(430.0),
            last_trade_date_or_contract_month: Some("20270115".to_owned()),
            ..proto::Contract::default()
        };
        let order = proto::Order {
            volatility: Some(percent),
            volatility_type: Some(2),
            ..of_kind("VOL", "BUY", market("BUY", "1"))
        };
        let request = proto::PlaceOrderRequest { contract: Some(contract), ..place(1, order) };
        let told = words(&stage.ask(1, request));
        assert_eq!(told.last().map(String::as_str), Some("status 1 Submitted 0/1"), "{told:?}");
        at_exchange(&mut stage).unwrap().parse::<f64>().unwrap()
    };
    let (low, high) = (price(15.0), price(24.0));
    assert!(0.0 < low && low < high, "{low} {high}");
}
