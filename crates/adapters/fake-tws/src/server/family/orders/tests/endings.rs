//! Orders whose time runs out, and options that are exercised or lapse.

use super::stage::{Stage, limit, market, place, words};
use crate::server::ServerSettings;
use crate::wire::{Answer, proto};
use tradeport_fake_broker::house::FakeHours;
use tradeport_kernel::Timestamp;

/// 2026-11-20 20:59:50 UTC, ten seconds before New York closes.
const BEFORE_THE_CLOSE: Timestamp = Timestamp::from_seconds(1_795_208_390);

/// 2026-01-16 20:59:50 UTC, a third Friday.
const ON_ITS_LAST_DAY: Timestamp = Timestamp::from_seconds(1_768_597_190);

fn before_the_close() -> Stage {
    let settings = ServerSettings { hours: FakeHours::UsStocks, ..ServerSettings::default() };
    let mut stage = Stage::at(settings, BEFORE_THE_CLOSE);
    stage.connect(1, 7);
    stage
}

/// How the orders that have ended are told to have done so.
fn endings(stage: &mut Stage) -> Vec<(String, String)> {
    let told = stage.ask(1, proto::CompletedOrdersRequest { api_only: Some(false) });
    let state = |answer: &Answer| match answer {
        Answer::CompletedOrder(it) => {
            let state = it.order_state.clone().unwrap();
            Some((state.status.unwrap(), state.completed_status.unwrap()))
        }
        _ => None,
    };
    told.iter().filter_map(state).collect()
}

#[test]
fn an_order_for_the_day_ends_with_its_session_and_one_till_a_moment_then() {
    let mut stage = before_the_close();
    let until = |time: &str, order: proto::Order| proto::Order {
        tif: Some("GTD".to_owned()),
        good_till_date: Some(time.to_owned()),
        ..order
    };
    let resting = |order: proto::Order| proto::Order { order_type: Some("QUOTE".to_owned()), ..order };
    let low = || limit("BUY", "10", 300.0);
    stage.ask(1, place(1, low()));
    stage.ask(1, place(2, resting(low())));
    stage.ask(1, place(3, proto::Order { tif: Some("GTC".to_owned()), ..low() }));
    stage.ask(1, place(4, until("20261120-20:59:55", low())));
    stage.ask(1, place(5, until("20261120-20:59:56", resting(low()))));
    stage.pass(5);
    assert_eq!(words(&stage.told(1)), ["status 4 Cancelled 0/10", "error 4 202"]);
    stage.pass(2);
    assert_eq!(words(&stage.told(1)), ["status 5 Cancelled 0/10", "error 5 202"]);
    stage.pass(10);
    let mut told = words(&stage.told(1));
    told.sort();
    let wanted = [
        "error 1 202",
        "error 2 202",
        "open 3 PreSubmitted",
        "status 1 Cancelled 0/10",
        "status 2 Cancelled 0/10",
        "status 3 PreSubmitted 0/10",
    ];
    assert_eq!(told, wanted);
    let expired = ("Cancelled".to_owned(), "Cancelled by System:\n".to_owned());
    assert_eq!(endings(&mut stage), vec![expired; 4]);
}

/// The option of the nearest strike below or above the price of the share, and how it is called.
fn option(stage: &mut Stage, right: &str, strike: f64) -> proto::Contract {
    let asked = proto::Contract {
        symbol: Some("AAPL".to_owned()),
        sec_type: Some("OPT".to_owned()),
        exchange: Some("SMART".to_owned()),
        currency: Some("USD".to_owned()),
        right: Some(right.to_owned()),
        strike: Some(strike),
        last_trade_date_or_contract_month: Some("20260116".to_owned()),
        ..proto::Contract::default()
    };
    let request = proto::ContractDataRequest { req_id: Some(1), contract: Some(asked.clone()) };
    let told = stage.ask(1, request);
    assert!(matches!(told.first(), Some(Answer::ContractData(_))), "{told:?}");
    asked
}

fn buy(stage: &mut Stage, id: i32, contract: &proto::Contract) {
    let request =
        proto::PlaceOrderRequest { contract: Some(contract.clone()), ..place(id, market("BUY", "2")) };
    let told = words(&stage.ask(1, request));
    assert!(told.contains(&format!("status {id} Filled 2/0")), "{told:?}");
}

fn exercise(
    id: i32,
    contract: &proto::Contract,
    action: i32,
    overrides: bool,
) -> proto::ExerciseOptionsRequest {
    proto::ExerciseOptionsRequest {
        order_id: Some(id),
        contract: Some(contract.clone()),
        exercise_action: Some(action),
        exercise_quantity: Some(2),
        r#override: Some(overrides),
        ..proto::ExerciseOptionsRequest::default()
    }
}

fn held(stage: &mut Stage) -> Vec<(String, String)> {
    let told = stage.ask(1, proto::PositionsRequest {});
    stage.ask(1, proto::CancelPositions {});
    let row = |answer: &Answer| match answer {
        Answer::Position(it) => {
            let kind = it.contract.as_ref()?.sec_type.clone()?;
            Some((kind, it.position.clone()?))
        }
        _ => None,
    };
    told.iter().filter_map(row).filter(|(_, units)| units != "0").collect()
}

#[test]
fn an_option_that_is_exercised_goes_and_its_shares_come_at_the_strike() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let call = option(&mut stage, "C", 400.0);
    buy(&mut stage, 1, &call);
    let told = words(&stage.ask(1, exercise(2, &call, 1, false)));
    let wanted = [
        "error 2 10349",
        "open 2 PreSubmitted",
        "status 2 PreSubmitted 0/2",
        "exec 2 SLD 2 @0",
        "exec 2 BOT 200 @400",
        "open 2 Filled",
        "status 2 Filled 2/0",
    ];
    assert_eq!(told[..7], wanted, "{told:?}");
    assert_eq!(held(&mut stage), [("STK".to_owned(), "200".to_owned())]);
    assert_eq!(words(&stage.ask(1, exercise(3, &call, 1, false))), ["error 3 322"], "none is left");
}

#[test]
fn where_markets_close_an_exercise_waits_for_that() {
    let mut stage = before_the_close();
    let call = proto::Contract {
        last_trade_date_or_contract_month: Some("20261218".to_owned()),
        strike: Some(400.0),
        right: Some("C".to_owned()),
        symbol: Some("AAPL".to_owned()),
        sec_type: Some("OPT".to_owned()),
        exchange: Some("SMART".to_owned()),
        currency: Some("USD".to_owned()),
        ..proto::Contract::default()
    };
    buy(&mut stage, 1, &call);
    let told = words(&stage.ask(1, exercise(2, &call, 1, true)));
    assert_eq!(told, ["error 2 10349", "open 2 PreSubmitted", "status 2 PreSubmitted 0/2"]);
    stage.pass(15);
    let told = words(&stage.told(1));
    assert!(told.contains(&"exec 2 BOT 200 @400".to_owned()), "{told:?}");
}

#[test]
fn an_option_out_of_the_money_is_exercised_only_against_its_nature() {
    let mut stage = Stage::new();
    stage.connect(1, 7);
    let put = option(&mut stage, "P", 400.0);
    buy(&mut stage, 1, &put);
    assert_eq!(words(&stage.ask(1, exercise(2, &put, 1, false))), ["error 2 322"]);
    stage.ask(1, exercise(2, &put, 1, true));
    assert_eq!(held(&mut stage), [("STK".to_owned(), "-200".to_owned())]);
}

#[test]
fn an_option_that_shall_lapse_goes_at_its_last_moment_and_nothing_comes() {
    let settings = ServerSettings { hours: FakeHours::UsStocks, ..ServerSettings::default() };
    let mut stage = Stage::at(settings, ON_ITS_LAST_DAY);
    stage.connect(1, 7);
    let put = option(&mut stage, "P", 400.0);
    buy(&mut stage, 1, &put);
    let told = words(&stage.ask(1, exercise(2, &put, 2, false)));
    assert_eq!(told, ["error 2 10349", "open 2 PreSubmitted", "status 2 PreSubmitted 0/2"]);
    assert_eq!(held(&mut stage), [("OPT".to_owned(), "2".to_owned())]);
    stage.pass(15);
    let told = words(&stage.told(1));
    assert!(told.contains(&"status 2 Filled 2/0".to_owned()), "{told:?}");
    assert!(held(&mut stage).is_empty());
}
