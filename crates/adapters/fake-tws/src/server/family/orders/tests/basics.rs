//! One order: placed, changed, filled, cancelled, refused.

use super::stage::{START, Stage, apple, cancel, error_text, limit, market, place, stop, words};
use crate::server::ServerSettings;
use crate::wire::{Answer, proto};
use tradeport_fake_broker::house::FakeHours;
use tradeport_kernel::Timestamp;

#[test]
fn a_limit_order_is_presubmitted_then_submitted() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let told = stage.ask(1, place(1, limit("BUY", "100", 400.0)));
    let wanted = [
        "open 1 PreSubmitted",
        "status 1 PreSubmitted 0/100",
        "open 1 Submitted",
        "status 1 Submitted 0/100",
    ];
    assert_eq!(words(&told), wanted);
}

#[test]
fn a_fill_is_told_as_execution_order_status_and_cost() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let told = stage.ask(1, place(1, market("BUY", "100")));
    let wanted = [
        "open 1 PreSubmitted",
        "status 1 PreSubmitted 0/100",
        "open 1 Submitted",
        "status 1 Submitted 0/100",
        "exec 1 BOT 100 @430.1",
        "open 1 Filled",
        "status 1 Filled 100/0",
        "cost 1",
    ];
    assert_eq!(words(&told), wanted);
    let Answer::ExecutionDetails(details) = &told[4] else { panic!("an execution") };
    let it = details.execution.as_ref().unwrap();
    assert_eq!((details.req_id, it.client_id, it.cum_qty.as_deref()), (Some(-1), Some(7), Some("100")));
    assert_eq!(it.exec_id.as_deref(), Some("00000001.00000002.01.01"));
    assert_eq!(it.time.as_deref(), Some("20260102 15:04:05 UTC"));
    assert_eq!(details.contract.as_ref().unwrap().symbol.as_deref(), Some("AAPL"));
}

#[test]
fn every_version_is_told_the_same() {
    let mut heard = Vec::new();
    for version in [157, 163, 178, 200, 213, 226] {
        let mut stage = Stage::new();
        stage.connect_as(1, 7, version);
        let bracket = |order: proto::Order| proto::Order { parent_id: Some(1), ..order };
        let mut told = Vec::new();
        told.extend(stage.ask(1, place(1, limit("BUY", "100", 425.0))));
        told.extend(stage.ask(1, place(2, bracket(limit("SELL", "100", 450.0)))));
        told.extend(stage.ask(1, place(3, bracket(stop("SELL", "100", 420.0)))));
        stage.quote("424.90", "425.00");
        told.extend(stage.ask(1, cancel(3)));
        told.extend(stage.ask(1, place(4, limit("BUY", "100", 425.001))));
        told.extend(stage.ask(1, place(5, proto::Order { what_if: Some(true), ..market("BUY", "10") })));
        told.extend(stage.ask(1, proto::OpenOrdersRequest {}));
        told.extend(stage.ask(1, proto::ExecutionRequest { req_id: Some(9), execution_filter: None }));
        told.extend(stage.ask(1, proto::CompletedOrdersRequest { api_only: Some(false) }));
        told.extend(stage.ask(1, proto::PositionsRequest {}));
        heard.push((version, words(&told)));
    }
    for pair in heard.windows(2) {
        assert_eq!(pair[0].1, pair[1].1, "{} and {}", pair[0].0, pair[1].0);
    }
}

#[test]
fn money_buys_as_many_shares_as_it_pays_for() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let order = proto::Order { total_quantity: None, cash_qty: Some(1_000.0), ..market("BUY", "0") };
    let told = words(&stage.ask(1, place(1, order)));
    assert_eq!(told[1], "status 1 PreSubmitted 0/2");
    assert!(told.contains(&"status 1 Filled 2/0".to_owned()), "{told:?}");
}

#[test]
fn an_order_comes_back_as_it_went() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let order = proto::Order {
        order_ref: Some("my words".to_owned()),
        hidden: Some(true),
        tif: Some("GTC".to_owned()),
        outside_rth: Some(true),
        model_code: Some("M".to_owned()),
        algo_strategy: Some("Adaptive".to_owned()),
        algo_params: vec![proto::TagValue {
            key: Some("adaptivePriority".to_owned()),
            value: Some("Patient".to_owned()),
        }],
        ..limit("BUY", "10", 400.0)
    };
    let told = stage.ask(1, place(3, order.clone()));
    let Answer::OpenOrder(open) = &told[0] else { panic!("an order") };
    let perm_id = open.order.as_ref().unwrap().perm_id;
    assert!(perm_id.unwrap() > 0);
    let wanted = proto::Order {
        account: Some("DU1234567".to_owned()),
        client_id: Some(7),
        order_id: Some(3),
        perm_id,
        // What was sent needs no word about sending.
        transmit: None,
        ..order
    };
    assert_eq!(open.order.as_ref(), Some(&wanted));
    let contract = open.contract.as_ref().unwrap();
    assert_eq!((contract.symbol.as_deref(), contract.exchange.as_deref()), (Some("AAPL"), Some("SMART")));
}

#[test]
fn a_cancel_is_pending_then_done_then_told_as_202() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.ask(1, place(1, limit("BUY", "100", 400.0)));
    let told = stage.ask(1, cancel(1));
    assert_eq!(words(&told), ["status 1 Cancelled 0/100", "error 1 202"]);
    assert_eq!(error_text(&told), "Order Canceled - reason:");
    assert_eq!(words(&stage.ask(1, cancel(1))), ["error 1 10148"]);
    assert_eq!(words(&stage.ask(1, cancel(9))), ["error 9 10147"]);
    assert_eq!(words(&stage.ask(1, cancel(-9))), ["error -9 10149"]);
}

#[test]
fn a_change_is_told_and_holds() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.ask(1, place(1, limit("BUY", "100", 400.0)));
    let told = stage.ask(1, place(1, limit("BUY", "150", 401.5)));
    assert_eq!(words(&told), ["open 1 Submitted", "status 1 Submitted 0/150"]);
    let Answer::OpenOrder(open) = &told[0] else { panic!("an order") };
    assert_eq!(open.order.as_ref().unwrap().lmt_price, Some(401.5));
    stage.quote("401.40", "401.50");
    let told = words(&stage.told(1));
    assert_eq!(told[0], "exec 1 BOT 150 @401.5", "{told:?}");
    assert_eq!(words(&stage.ask(1, place(1, limit("BUY", "200", 401.5)))), ["error 1 104"]);
}

#[test]
fn a_change_to_another_kind_or_time_is_a_change_too() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.ask(1, place(1, limit("BUY", "100", 400.0)));
    let gtc = proto::Order { tif: Some("GTC".to_owned()), ..limit("BUY", "100", 400.0) };
    let told = words(&stage.ask(1, place(1, gtc)));
    assert!(told.contains(&"status 1 Submitted 0/100".to_owned()), "{told:?}");
    let told = words(&stage.ask(1, place(1, market("BUY", "100"))));
    assert!(told.contains(&"status 1 Filled 100/0".to_owned()), "{told:?}");
    assert!(!told.iter().any(|word| word.contains("Cancel")), "{told:?}");
}

#[test]
fn what_must_not_change_does_not() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.ask(1, place(1, limit("BUY", "100", 400.0)));
    assert_eq!(words(&stage.ask(1, place(1, limit("SELL", "100", 500.0)))), ["error 1 105"]);
    let mut other = place(1, limit("BUY", "100", 200.0));
    other.contract.as_mut().unwrap().con_id = Some(1_004);
    assert_eq!(words(&stage.ask(1, other)), ["error 1 105"]);
    assert_eq!(words(&stage.ask(1, place(1, limit("BUY", "100", 400.001)))), ["error 1 110"]);
    let open = words(&stage.ask(1, proto::OpenOrdersRequest {}));
    assert_eq!(open, ["open 1 Submitted", "status 1 Submitted 0/100", "OPEN_ORDER_END"]);
}

#[test]
fn what_tws_would_refuse_is_refused_with_its_code() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let with = |change: fn(&mut proto::Order)| {
        let mut order = limit("BUY", "100", 400.0);
        change(&mut order);
        order
    };
    let cases: [(&str, proto::Order); 9] = [
        ("error 5 321", with(|it| it.order_type = Some("NONSENSE".to_owned()))),
        ("error 5 321", with(|it| it.action = Some("HOLD".to_owned()))),
        ("error 5 321", with(|it| it.account = Some("DU9".to_owned()))),
        ("error 5 321", with(|it| it.tif = Some("LATER".to_owned()))),
        ("error 5 321", with(|it| it.good_till_date = Some("soon".to_owned()))),
        ("error 5 434", with(|it| it.total_quantity = Some("0".to_owned()))),
        ("error 5 110", with(|it| it.lmt_price = Some(400.005))),
        ("error 5 321", with(|it| it.lmt_price = Some(f64::NAN))),
        ("error 5 10006", with(|it| it.parent_id = Some(99))),
    ];
    for (at, (wanted, order)) in cases.into_iter().enumerate() {
        let mut order = order;
        if order.good_till_date.is_some() {
            order.tif = Some("GTD".to_owned());
        }
        assert_eq!(words(&stage.ask(1, place(5, order))), [wanted], "case {at}");
    }
    let mut nowhere = place(5, limit("BUY", "1", 400.0));
    nowhere.contract.as_mut().unwrap().con_id = Some(77);
    assert_eq!(words(&stage.ask(1, nowhere)), ["error 5 200"]);
    // None of them used its number up.
    assert_eq!(words(&stage.ask(1, place(5, limit("BUY", "1", 400.0)))).len(), 4);
}

#[test]
fn what_the_broker_cannot_accept_is_inactive() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let told = stage.ask(1, place(1, limit("BUY", "1000000", 430.0)));
    assert_eq!(words(&told), ["status 1 Inactive 0/1000000", "error 1 201"]);
    assert!(error_text(&told).starts_with("Order rejected - reason:"), "{}", error_text(&told));
}

#[test]
fn an_id_is_used_once_and_the_next_one_grows() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    stage.ask(1, place(10, limit("BUY", "1", 400.0)));
    stage.ask(1, cancel(10));
    assert_eq!(words(&stage.ask(1, place(10, limit("BUY", "1", 400.0)))), ["error 10 103"]);
    // Below the highest one, and never used.
    assert_eq!(words(&stage.ask(1, place(4, limit("BUY", "1", 400.0)))).len(), 4);
    let told = stage.ask(1, proto::IdsRequest { num_ids: Some(1) });
    let [Answer::NextValidId(next)] = told.as_slice() else { panic!("an id: {told:?}") };
    assert_eq!(next.order_id, Some(11));
    assert_eq!(words(&stage.ask(1, place(0, limit("BUY", "1", 400.0)))), ["error 0 321"]);
}

#[test]
fn what_the_exchange_does_not_trade_rests_and_can_be_cancelled() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let order = proto::Order { order_type: Some("QUOTE".to_owned()), ..limit("BUY", "100", 431.0) };
    let told = words(&stage.ask(1, place(1, order)));
    assert_eq!(told[2..], ["open 1 Submitted", "status 1 Submitted 0/100"]);
    stage.quote("420.00", "420.10");
    assert!(stage.told(1).is_empty());
    let told = words(&stage.ask(1, cancel(1)));
    assert_eq!(told, ["status 1 Cancelled 0/100", "error 1 202"]);
}

#[test]
fn a_stop_sleeps_until_its_price_comes() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let told = words(&stage.ask(1, place(1, stop("BUY", "10", 435.0))));
    assert_eq!(told, ["open 1 PreSubmitted", "status 1 PreSubmitted 0/10"]);
    stage.quote("435.00", "435.10");
    let told = words(&stage.told(1));
    assert!(told.contains(&"exec 1 BOT 10 @435.1".to_owned()), "{told:?}");
}

#[test]
fn an_order_starts_when_it_is_to_and_when_its_conditions_hold() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let later = proto::Order { good_after_time: Some("20260102-15:04:10".to_owned()), ..market("BUY", "10") };
    assert_eq!(words(&stage.ask(1, place(1, later))), ["open 1 PreSubmitted", "status 1 PreSubmitted 0/10"]);
    let condition = proto::OrderCondition {
        r#type: Some(1),
        is_conjunction_connection: Some(true),
        is_more: Some(true),
        con_id: Some(super::stage::APPLE),
        exchange: Some("SMART".to_owned()),
        price: Some(440.0),
        trigger_method: Some(0),
        ..proto::OrderCondition::default()
    };
    let conditional = proto::Order { conditions: vec![condition], ..market("BUY", "20") };
    stage.ask(1, place(2, conditional));
    stage.pass(10);
    let told = words(&stage.told(1));
    assert!(told.contains(&"status 1 Filled 10/0".to_owned()), "{told:?}");
    assert!(!told.iter().any(|word| word.contains(" 2 ")), "{told:?}");
    stage.quote("440.00", "440.10");
    stage.pass(1);
    let told = words(&stage.told(1));
    assert!(told.contains(&"exec 2 BOT 20 @440.1".to_owned()), "{told:?}");
}

#[test]
fn an_order_for_a_closed_market_lives_with_a_warning() {
    let settings = ServerSettings { hours: FakeHours::UsStocks, ..ServerSettings::default() };
    let mut stage = Stage::with(settings);
    stage.connect(1, 7);
    // Saturday.
    stage.now = Timestamp::from_nanos(START.nanos() + 86_400_000_000_000);
    let told = stage.ask(1, place(1, limit("BUY", "10", 400.0)));
    assert_eq!(words(&told), ["open 1 PreSubmitted", "status 1 PreSubmitted 0/10", "error 1 399"]);
    assert!(error_text(&told).contains("BUY 10 AAPL"), "{}", error_text(&told));
}

#[test]
fn twenty_orders_on_a_side_are_enough() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    for id in 1..=20 {
        assert_eq!(words(&stage.ask(1, place(id, limit("BUY", "1", 400.0)))).len(), 4, "{id}");
    }
    assert_eq!(words(&stage.ask(1, place(21, limit("BUY", "1", 400.0)))), ["error 21 201"]);
    assert_eq!(words(&stage.ask(1, place(21, limit("SELL", "1", 500.0)))).len(), 4);
}

#[test]
fn everything_is_cancelled_at_once() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    for id in 1..=3 {
        stage.ask(1, place(id, limit("BUY", "1", 400.0)));
    }
    let told = words(&stage.ask(1, proto::GlobalCancelRequest::default()));
    assert_eq!(told.iter().filter(|word| word.ends_with("202")).count(), 3, "{told:?}");
    assert_eq!(words(&stage.ask(1, proto::OpenOrdersRequest {})), ["OPEN_ORDER_END"]);
    let done = stage.ask(1, proto::CompletedOrdersRequest { api_only: Some(true) });
    assert_eq!(done.len(), 4);
    let Answer::CompletedOrder(order) = &done[0] else { panic!("an order") };
    let state = order.order_state.as_ref().unwrap();
    assert_eq!(state.status.as_deref(), Some("Cancelled"));
    assert_eq!(state.completed_time.as_deref(), Some("20260102 15:04:05 UTC"));
}

#[test]
fn a_request_without_its_parts_is_refused() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let bare = proto::PlaceOrderRequest { order_id: Some(2), ..proto::PlaceOrderRequest::default() };
    assert_eq!(words(&stage.ask(1, bare)), ["error 2 321"]);
    let no_exchange = proto::PlaceOrderRequest {
        contract: Some(proto::Contract { exchange: None, ..apple() }),
        ..place(2, market("BUY", "1"))
    };
    assert_eq!(words(&stage.ask(1, no_exchange)), ["error 2 321"]);
}

#[test]
fn a_combo_comes_back_with_its_legs() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let leg = |con_id: i32, action: &str| proto::ComboLeg {
        con_id: Some(con_id),
        ratio: Some(1),
        action: Some(action.to_owned()),
        exchange: Some("SMART".to_owned()),
        ..proto::ComboLeg::default()
    };
    let legs = vec![leg(265_598, "BUY"), leg(8_314, "SELL")];
    let mut request = place(1, limit("BUY", "1", 1.0));
    request.contract = Some(proto::Contract {
        symbol: Some("AAPL".to_owned()),
        sec_type: Some("BAG".to_owned()),
        currency: Some("USD".to_owned()),
        exchange: Some("SMART".to_owned()),
        combo_legs: legs.clone(),
        ..proto::Contract::default()
    });
    let told = stage.ask(1, request);
    assert_eq!(words(&told).last().map(String::as_str), Some("status 1 Submitted 0/1"), "{told:?}");
    let Answer::OpenOrder(open) = &told[0] else { panic!("an order") };
    assert_eq!(open.contract.as_ref().map(|it| &it.combo_legs), Some(&legs));
    assert_eq!(words(&stage.ask(1, cancel(1)))[0], "status 1 Cancelled 0/1");
}
