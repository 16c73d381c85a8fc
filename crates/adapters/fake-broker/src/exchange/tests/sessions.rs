//! Opens, closes, auctions and splits.

use super::stage::{Stage, account, limit, number, symbol};
use crate::exchange::Input;
use tradeport_contracts::CorporateAction;
use tradeport_kernel::Timestamp;
use tradeport_orders::{BrokerPhase, OrderKind, Side, TimeInForce};

#[test]
fn orders_wait_for_the_open_and_day_orders_end_at_the_close() {
    let mut stage = Stage::closed();
    stage.at(50);
    stage.quote("99.99", "100.01");
    stage.order("limit", Side::Buy, limit("100.01"));
    assert_eq!(stage.phase("limit"), BrokerPhase::Held);
    stage.at(100);
    assert_eq!(stage.phase("limit"), BrokerPhase::Working, "open, but nothing is displayed yet");
    stage.quote("100.50", "100.52");
    stage.at(199);
    assert_eq!(stage.phase("limit"), BrokerPhase::Working);
    stage.at(200);
    assert_eq!(stage.phase("limit"), BrokerPhase::Expired);
}

#[test]
fn a_lasting_order_is_held_overnight_and_takes_the_next_open() {
    let mut stage = Stage::open();
    stage.lasting("lasting", Side::Buy, limit("99.00"), TimeInForce::GoodTillCancelled);
    stage.at(250);
    assert_eq!(stage.phase("lasting"), BrokerPhase::Held);
    stage.quote("90.00", "90.02");
    assert_eq!(stage.phase("lasting"), BrokerPhase::Held, "no session, no trade");
    stage.at(310);
    stage.quote("90.00", "90.02");
    assert_eq!(stage.fills("lasting"), ["100@90.02"], "it arrives at a market that is lower already");
}

#[test]
fn yesterdays_quote_is_not_traded_against() {
    let mut stage = Stage::open();
    stage.at(310);
    stage.order("early", Side::Buy, OrderKind::Market);
    assert!(stage.fills("early").is_empty());
    stage.quote("105.00", "105.02");
    assert_eq!(stage.fills("early"), ["100@105.02"]);
}

#[test]
fn who_may_trade_outside_of_sessions_does() {
    let mut stage = Stage::closed();
    stage.at(50);
    stage.quote("99.99", "100.01");
    stage.order_with("early", Side::Buy, OrderKind::Market, |draft| draft.outside_sessions = true);
    assert_eq!(stage.fills("early"), ["100@100.01"]);
}

#[test]
fn opening_orders_trade_at_the_first_price_only() {
    let mut stage = Stage::closed();
    stage.at(50);
    stage.order_with("unpriced", Side::Buy, OrderKind::MarketOnOpen, |draft| draft.account = account("CASH"));
    assert_eq!(stage.refusal(), "no quote of AAPL has been seen, so what it costs is unknown");
    stage.quote("98.99", "99.01");
    stage.order("market", Side::Buy, OrderKind::MarketOnOpen);
    stage.order("within", Side::Sell, OrderKind::LimitOnOpen { limit: super::stage::price("100.00") });
    stage.order("beyond", Side::Buy, OrderKind::LimitOnOpen { limit: super::stage::price("99.98") });
    stage.at(120);
    assert_eq!(stage.phase("market"), BrokerPhase::Held);
    stage.quote("99.98", "100.02");
    assert_eq!(stage.fills("market"), ["100@100.00"], "half way between bid and ask");
    assert_eq!(stage.fills("within"), ["100@100.00"]);
    assert_eq!(stage.phase("beyond"), BrokerPhase::Expired);
}

#[test]
fn closing_orders_trade_at_the_last_price() {
    let mut stage = Stage::open();
    stage.order("market", Side::Sell, OrderKind::MarketOnClose);
    stage.order("beyond", Side::Buy, OrderKind::LimitOnClose { limit: super::stage::price("101.00") });
    stage.quote("101.98", "102.02");
    assert!(stage.fills("market").is_empty());
    stage.at(200);
    assert_eq!(stage.fills("market"), ["100@102.00"]);
    assert_eq!(stage.phase("beyond"), BrokerPhase::Expired);
}

#[test]
fn a_session_without_a_quote_has_no_auction() {
    let mut stage = Stage::open();
    stage.at(250);
    stage.order("open", Side::Buy, OrderKind::MarketOnOpen);
    stage.order("close", Side::Buy, OrderKind::MarketOnClose);
    stage.at(400);
    assert_eq!(stage.phase("open"), BrokerPhase::Expired);
    assert_eq!(stage.phase("close"), BrokerPhase::Expired);
    assert!(stage.exchange.executions().is_empty());
}

#[test]
fn after_the_last_known_session_orders_are_refused() {
    let mut stage = Stage::open();
    stage.at(2_050);
    stage.order("late", Side::Buy, limit("99"));
    assert_eq!(stage.refusal(), "no session of AAPL is known to come");
}

#[test]
fn a_split_changes_positions_ends_orders_and_pays_fractions() {
    let mut stage = Stage::open();
    stage.order_with("buy", Side::Buy, OrderKind::Market, |draft| {
        draft.size = super::stage::units("5").into()
    });
    stage.order("rests", Side::Buy, limit("99.00"));
    let cash = stage.cash("RICH");
    let at = Timestamp::from_seconds(150);
    let action = CorporateAction::split(symbol(), at, 3, 2).unwrap();
    stage.input(Input::Split { action });
    assert_eq!(stage.held("RICH"), number("5"), "not in force yet");
    stage.at(150);
    assert_eq!(stage.held("RICH"), number("7"));
    // 100.00 an old share is 66.666667 a new one; half of one is paid out.
    assert_eq!(stage.cash("RICH") - cash, number("33.3333335"));
    assert_eq!(stage.phase("rests"), BrokerPhase::Cancelled);
    stage.order("buy", Side::Buy, OrderKind::Market);
    assert_eq!(stage.exchange.last_quote(symbol()), None, "old prices mean nothing now");
}
