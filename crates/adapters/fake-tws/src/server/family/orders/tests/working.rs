//! How orders are worked: in parts or whole, in auctions, by legs, and neutral.

use super::stage::{Stage, limit, market, place, words};
use crate::wire::{Answer, proto};

fn typed(name: &str, order: proto::Order) -> proto::Order {
    proto::Order { order_type: Some(name.to_owned()), lmt_price: None, ..order }
}

#[test]
fn what_a_market_to_limit_order_leaves_has_a_limit() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.quote_of("AAPL", "429.90", "430.10", "30");
    stage.ask(1, place(1, typed("MTL", market("BUY", "100"))));
    let told = stage.told(1);
    stage.quote("431.00", "431.20");
    let told: Vec<Answer> = told.into_iter().chain(stage.told(1)).collect();
    assert!(!words(&told).iter().any(|word| word.ends_with("Filled 100/0")), "{:?}", words(&told));
    stage.quote("430.00", "430.10");
    let told = words(&stage.told(1));
    assert!(told.contains(&"exec 1 BOT 70 @430.1".to_owned()), "{told:?}");
}

#[test]
fn all_or_nothing_waits_for_all_and_a_least_first_trade_for_that() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.quote_of("AAPL", "429.90", "430.10", "30");
    stage.ask(1, place(1, proto::Order { all_or_none: Some(true), ..limit("BUY", "100", 430.1) }));
    let told =
        words(&stage.ask(1, place(2, proto::Order { min_qty: Some(50), ..limit("BUY", "80", 430.1) })));
    assert!(!told.iter().any(|word| word.starts_with("exec")), "{told:?}");
    stage.quote_of("AAPL", "429.80", "430.00", "60");
    let told = words(&stage.told(1));
    assert_eq!(told.first().map(String::as_str), Some("exec 2 BOT 60 @430.1"), "{told:?}");
    stage.quote_of("AAPL", "429.80", "430.00", "10");
    let told = words(&stage.told(1));
    assert_eq!(told.first().map(String::as_str), Some("exec 2 BOT 10 @430.1"), "only the first: {told:?}");
    stage.quote_of("AAPL", "429.80", "430.00", "200");
    let told = words(&stage.told(1));
    assert!(told.contains(&"exec 1 BOT 100 @430.1".to_owned()), "{told:?}");
}

fn leg(con_id: i32, action: &str, price: f64) -> proto::ComboLeg {
    proto::ComboLeg {
        con_id: Some(con_id),
        ratio: Some(1),
        action: Some(action.to_owned()),
        exchange: Some("SMART".to_owned()),
        per_leg_price: Some(price),
        ..proto::ComboLeg::default()
    }
}

fn combo(legs: Vec<proto::ComboLeg>) -> proto::Contract {
    proto::Contract {
        symbol: Some("AAPL".to_owned()),
        sec_type: Some("BAG".to_owned()),
        currency: Some("USD".to_owned()),
        exchange: Some("SMART".to_owned()),
        combo_legs: legs,
        ..proto::Contract::default()
    }
}

/// Buys one share and sells a dearer one: bought at -19.90, sold at -20.10.
fn below_zero(id: i32, order: proto::Order) -> proto::PlaceOrderRequest {
    let plain = |con_id, action| proto::ComboLeg { per_leg_price: None, ..leg(con_id, action, 0.0) };
    let contract = combo(vec![plain(265_598, "BUY"), plain(8_314, "SELL")]);
    proto::PlaceOrderRequest { contract: Some(contract), ..place(id, order) }
}

fn inverted() -> Stage {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.quote("430.00", "430.10");
    stage.quote_of("IBM", "450.00", "450.10", "1000");
    stage
}

#[test]
fn what_waits_for_a_trigger_on_a_combo_watches_the_net_below_zero() {
    let mut stage = inverted();
    let stop = proto::Order { aux_price: Some(-19.0), ..typed("STP", market("BUY", "1")) };
    let trail = proto::Order { aux_price: Some(0.5), ..typed("TRAIL REL + MKT", market("BUY", "1")) };
    let within = proto::Order {
        aux_price: Some(0.5),
        lmt_price_offset: Some(0.25),
        ..typed("TRAIL LMT + MKT", market("BUY", "1"))
    };
    for (id, order) in [(1, stop), (2, trail), (3, within)] {
        let told = words(&stage.ask(1, below_zero(id, order)));
        assert!(told.contains(&format!("status {id} PreSubmitted 0/1")), "{told:?}");
    }
    stage.quote_of("IBM", "449.40", "449.50", "1000");
    stage.pass(2);
    let told = words(&stage.told(1));
    for id in [2, 3] {
        assert!(told.contains(&format!("status {id} Filled 1/0")), "-19.30 is 0.50 above -19.80: {told:?}");
    }
    assert!(!told.iter().any(|word| word.starts_with("exec 1")), "{told:?}");
    stage.quote_of("IBM", "449.00", "449.10", "1000");
    stage.pass(2);
    let told = words(&stage.told(1));
    assert!(told.contains(&"status 1 Filled 1/0".to_owned()), "{told:?}");
}

#[test]
fn a_combo_in_an_auction_is_refused() {
    let mut stage = inverted();
    let told = words(&stage.ask(1, below_zero(1, typed("MOC", market("BUY", "1")))));
    assert!(told.iter().any(|word| word.starts_with("error") && word.ends_with(" 201")), "{told:?}");
}

#[test]
fn what_is_fixed_to_nothing_rests_without_a_limit() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let pegged = proto::Order { aux_price: Some(0.1), ..typed("FIX PEGGED", market("BUY", "10")) };
    for (id, order) in [(1, pegged), (2, typed("QUOTE", market("BUY", "10")))] {
        let told = words(&stage.ask(1, place(id, order)));
        assert!(told.iter().any(|word| word.starts_with(&format!("status {id} "))), "{told:?}");
    }
    assert!(stage.server.world_mut().exchange().open_orders().is_empty(), "neither is at the exchange");
}

#[test]
fn a_combo_with_prices_for_its_legs_waits_for_each_of_them() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.quote("430.00", "430.10");
    stage.quote_of("IBM", "190.00", "190.10", "1000");
    let mut request = place(1, typed("LMT", limit("BUY", "1", 1.0)));
    request.contract = Some(combo(vec![leg(265_598, "BUY", 400.0), leg(8_314, "SELL", 100.0)]));
    let told = words(&stage.ask(1, request));
    assert_eq!(told.last().map(String::as_str), Some("status 1 PreSubmitted 0/1"), "{told:?}");
    stage.pass(2);
    assert!(stage.told(1).is_empty(), "one leg has its price, the other not");
    stage.quote("399.80", "399.90");
    stage.pass(2);
    let told = words(&stage.told(1));
    assert!(told.contains(&"status 1 Filled 1/0".to_owned()), "{told:?}");
}

#[test]
fn an_order_for_the_auction_trades_at_the_open() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let order = proto::Order { tif: Some("AUC".to_owned()), ..typed("MTL", market("BUY", "10")) };
    let told = words(&stage.ask(1, place(1, order)));
    assert_eq!(told.get(1).map(String::as_str), Some("status 1 PreSubmitted 0/10"), "{told:?}");
}

#[test]
fn an_option_that_is_made_neutral_brings_an_order_in_its_share() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let mut request = place(
        1,
        proto::Order {
            delta_neutral_order_type: Some("MKT".to_owned()),
            volatility: Some(20.0),
            volatility_type: Some(2),
            ..typed("VOL", market("BUY", "10"))
        },
    );
    request.contract = Some(proto::Contract {
        symbol: Some("AAPL".to_owned()),
        sec_type: Some("OPT".to_owned()),
        exchange: Some("SMART".to_owned()),
        currency: Some("USD".to_owned()),
        right: Some("C".to_owned()),
        strike: Some(430.0),
        last_trade_date_or_contract_month: Some("20270115".to_owned()),
        ..proto::Contract::default()
    });
    // At any volatility that it would pay it trades at once.
    if let Some(order) = &mut request.order {
        order.volatility = Some(200.0);
    }
    let told = stage.ask(1, request);
    let beside = told.iter().find_map(|answer| match answer {
        Answer::OpenOrder(it) if it.order_id == Some(0) => it.order.clone(),
        _ => None,
    });
    let beside = beside.unwrap_or_else(|| panic!("{:?}", words(&told)));
    assert_eq!((beside.action.as_deref(), beside.parent_id), (Some("SELL"), Some(1)));
    let units: u32 = beside.total_quantity.as_deref().and_then(|it| it.parse().ok()).unwrap();
    assert!((300..800).contains(&units), "{units}");
}
