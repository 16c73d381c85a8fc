//! Sessions.

use crate::support::*;
use tradeport_contracts::calendar::Calendar;
use tradeport_contracts::{ContractDetails, ContractDraft, Session, TradingSessions};
use tradeport_orders::validation::{MarketHours, Rule, Validation, Validator, validate};
use tradeport_orders::{Condition, Conditions, OrderDraft, OrderKind, Threshold, TimeInForce};

const EVENING: &str = "2026-06-30T21:00:00Z";

fn daily(draft: ContractDraft) -> ContractDraft {
    ContractDraft { sessions: sessions(), ..draft }
}

fn at_moment(draft: &OrderDraft, moment: &str) -> Validation {
    validate(&draft.clone().check().unwrap(), &daily(stock()).check().unwrap(), at(moment))
}

fn refusals(found: &Validation) -> Vec<String> {
    found.refusals().iter().map(ToString::to_string).collect()
}

fn warnings(found: &Validation) -> Vec<String> {
    found.warnings().iter().map(ToString::to_string).collect()
}

/// With extended hours from 08:00 to 24:00 UTC of 30 June.
fn around(draft: &OrderDraft, moment: &str) -> Validation {
    let contract = daily(stock()).check().unwrap();
    let long = Session { open: at("2026-06-30T08:00:00Z"), close: at("2026-07-01T00:00:00Z") };
    let extended = TradingSessions::new(vec![long]).unwrap();
    let hours = MarketHours::regular(contract.sessions()).with_extended(&extended);
    Validator::new(&contract).with_hours(hours).check(&draft.clone().check().unwrap(), at(moment))
}

#[test]
fn an_open_market() {
    assert_eq!(at_moment(&buy(limit("10")), NOW), Validation::default());
    assert_eq!(at_moment(&buy(limit("10")).immediate_or_cancel(), NOW), Validation::default());
}

#[test]
fn a_closed_market_waits() {
    let found = at_moment(&buy(limit("10")), EVENING);
    assert!(found.is_accepted());
    assert_eq!(warnings(&found), ["the market is closed: the order waits until 2026-07-01T13:30:00Z"]);
}

#[test]
fn at_once_while_closed() {
    let found = at_moment(&buy(limit("10")).immediate_or_cancel(), EVENING);
    let said = "IOC orders trade at once, and the market is closed at 2026-06-30T21:00:00Z: it opens at 2026-07-01T13:30:00Z";
    assert_eq!(refusals(&found), [said]);
    assert_eq!(found.refusals()[0].rule(), Rule::Session);
    assert_eq!(found.verdict().unwrap_err().to_string(), said);
    let kill = buy(limit("10")).with_time_in_force(TimeInForce::FillOrKill);
    assert_eq!(refusals(&at_moment(&kill, EVENING)), [said.replace("IOC", "FOK")]);
}

#[test]
fn an_end_before_the_open() {
    let order = buy(limit("10")).good_till(at("2026-07-01T13:30:00Z"));
    let said = "the order ends at 2026-07-01T13:30:00Z, and the market opens at 2026-07-01T13:30:00Z: a later end would be accepted";
    assert_eq!(refusals(&at_moment(&order, EVENING)), [said]);
    let later = buy(limit("10")).good_till(at("2026-07-01T13:30:01Z"));
    assert!(at_moment(&later, EVENING).is_accepted());
    let mut short = buy(limit("10"));
    short.attributes.timing.duration_seconds = Some(60);
    let said = "the order ends at 2026-06-30T21:01:00Z, and the market opens at 2026-07-01T13:30:00Z: a later end would be accepted";
    assert_eq!(refusals(&at_moment(&short, EVENING)), [said]);
}

#[test]
fn outside_of_regular_sessions() {
    let order = buy(limit("10")).immediate_or_cancel();
    assert!(!around(&order, EVENING).is_accepted());
    assert!(!order.clone().check().unwrap().outside_sessions());
    let outside = order.with_outside_sessions();
    assert!(outside.clone().check().unwrap().outside_sessions());
    assert_eq!(around(&outside, EVENING), Validation::default());
    // Where the hours around the session are not known, nothing is refused.
    let found = at_moment(&outside, EVENING);
    assert!(found.is_accepted());
    assert_eq!(warnings(&found), ["it is not known whether the market is open at 2026-06-30T21:00:00Z"]);
}

#[test]
fn kinds_of_the_session_alone() {
    let order = buy(OrderKind::Market).with_outside_sessions();
    let said = "MKT orders trade in regular sessions alone: to trade outside of them has no effect";
    let waits = "the market is closed: the order waits until 2026-07-01T13:30:00Z";
    assert_eq!(warnings(&around(&order, EVENING)), [said, waits]);
    assert_eq!(warnings(&around(&order, NOW)), [said]);
    let close = buy(OrderKind::MarketOnClose).with_outside_sessions();
    assert_eq!(warnings(&around(&close, NOW)), [said.replace("MKT", "MOC")]);
    assert_eq!(warned(&order, &future()), NONE, "futures trade at the market around the clock");
}

#[test]
fn after_the_opening_auction() {
    let said = "the market is open already: a MOO order waits for the next opening auction";
    assert_eq!(warnings(&at_moment(&buy(OrderKind::MarketOnOpen), NOW)), [said]);
}

#[test]
fn beyond_what_is_known() {
    for moment in ["2026-07-02T15:00:00Z", "2026-06-28T15:00:00Z"] {
        let found = at_moment(&buy(limit("10")).immediate_or_cancel(), moment);
        assert!(found.is_accepted());
        assert_eq!(warnings(&found), [format!("it is not known whether the market is open at {moment}")]);
    }
    let nothing = ContractDraft { sessions: TradingSessions::new(Vec::new()).unwrap(), ..stock() };
    let said = "it is not known whether the market is open at 2026-06-30T15:00:00Z";
    assert_eq!(warned(&buy(limit("10")), &nothing), [said]);
}

#[test]
fn closed_without_a_known_open() {
    // The broker's hours reach to the end of a closed day, and nothing is known after it.
    let hours = "20260630:0930-20260630:1600;20260701:CLOSED";
    let details = ContractDetails {
        time_zone: Some("US/Eastern".to_owned()),
        trading_hours: hours.to_owned(),
        liquid_hours: hours.to_owned(),
        ..Default::default()
    };
    let nothing = TradingSessions::new(Vec::new()).unwrap();
    let contract = ContractDraft { sessions: nothing, details, ..stock() }.check().unwrap();
    let check = |draft: OrderDraft, moment| validate(&draft.check().unwrap(), &contract, at(moment));
    assert_eq!(check(buy(limit("10")), NOW), Validation::default());
    let holiday = "2026-07-01T15:00:00Z";
    let said = "the market is closed: the order waits, and it is not known until when";
    assert_eq!(warnings(&check(buy(limit("10")), holiday)), [said]);
    let said = "IOC orders trade at once, and the market is closed at 2026-07-01T15:00:00Z: it is not known when it opens";
    assert_eq!(refusals(&check(buy(limit("10")).immediate_or_cancel(), holiday)), [said]);
}

#[test]
fn the_contracts_sessions_stand_in_beyond_the_brokers_hours() {
    let details = ContractDetails {
        time_zone: Some("US/Eastern".to_owned()),
        liquid_hours: "20260629:0930-20260629:1600;20260630:0930-20260630:1600".to_owned(),
        ..Default::default()
    };
    let contract = ContractDraft { details, ..daily(stock()) }.check().unwrap();
    let check = |moment| validate(&buy(limit("10")).check().unwrap(), &contract, at(moment));
    assert_eq!(check("2026-07-01T15:00:00Z"), Validation::default());
    let said = "the market is closed: the order waits until 2026-07-01T13:30:00Z";
    assert_eq!(warnings(&check(EVENING)), [said]);
}

#[test]
fn overnight() {
    let contract = stock().check().unwrap();
    let hours = MarketHours::of_calendar(Calendar::named("XNYS").unwrap());
    let validator = Validator::new(&contract).with_hours(hours);
    let night = at("2026-06-30T02:00:00Z");
    let order = buy(limit("10")).immediate_or_cancel();
    assert!(!validator.check(&order.clone().check().unwrap(), night).is_accepted());
    assert!(validator.check(&order.with_overnight().check().unwrap(), night).is_accepted());
}

#[test]
fn the_start_counts() {
    let opening = at("2026-07-01T14:00:00Z");
    let order = buy(limit("10")).immediate_or_cancel().good_after(opening);
    assert_eq!(at_moment(&order, EVENING), Validation::default());
}

#[test]
fn children_and_conditions_start_later() {
    let child = buy(limit("10")).immediate_or_cancel().child_of("parent".parse().unwrap());
    assert_eq!(at_moment(&child, EVENING), Validation::default());
    let later = Condition::Time { side: Threshold::Above, at: at("2026-07-01T14:00:00Z") };
    let order = buy(limit("10")).immediate_or_cancel().under(Conditions::when(later));
    assert_eq!(at_moment(&order, EVENING), Validation::default());
}

/// The broker calls the day session of a future its liquid hours, and fills in the others too.
#[test]
fn futures_trade_around_the_clock() {
    let details = ContractDetails {
        time_zone: Some("US/Central".to_owned()),
        trading_hours: "20260629:1700-20260630:1600;20260630:1700-20260701:1600".to_owned(),
        liquid_hours: "20260630:0830-20260630:1600;20260701:0830-20260701:1600".to_owned(),
        ..Default::default()
    };
    let nothing = TradingSessions::new(Vec::new()).unwrap();
    let order = buy(limit("10")).immediate_or_cancel().check().unwrap();
    let found = |draft: ContractDraft, moment| {
        let contract = ContractDraft { sessions: nothing.clone(), details: details.clone(), ..draft };
        validate(&order, &contract.check().unwrap(), at(moment))
    };
    let night = "2026-06-30T08:00:00Z";
    assert_eq!(found(future(), night), Validation::default());
    let pause = "IOC orders trade at once, and the market is closed at 2026-06-30T21:30:00Z: it opens at 2026-06-30T22:00:00Z";
    assert_eq!(refusals(&found(future(), "2026-06-30T21:30:00Z")), [pause]);
    assert!(!found(stock(), night).is_accepted());
    // With nothing but its sessions, those are all of its hours.
    let plain = validate(&order, &daily(future()).check().unwrap(), at(EVENING));
    assert!(!plain.is_accepted());
}
