//! Every kind of order, and how long it stands.

use super::stage::{Stage, limit, number, price, trail};
use tradeport_kernel::Timestamp;
use tradeport_orders::{BrokerPhase, OrderKind, Side, TimeInForce, TrailBy};

#[test]
fn a_market_order_takes_the_other_side() {
    let mut stage = Stage::open();
    stage.order("buy", Side::Buy, OrderKind::Market);
    stage.order("sell", Side::Sell, OrderKind::Market);
    assert_eq!(stage.fills("buy"), ["100@100.01"]);
    assert_eq!(stage.fills("sell"), ["100@99.99"]);
}

#[test]
fn a_limit_order_takes_a_better_price_and_rests_at_its_own() {
    let mut stage = Stage::open();
    stage.order("crossing", Side::Buy, limit("100.05"));
    stage.order("resting", Side::Buy, limit("99.90"));
    assert_eq!(stage.fills("crossing"), ["100@100.01"]);
    stage.quote("99.88", "99.89");
    assert_eq!(stage.fills("resting"), ["100@99.90"], "the market came to it");
}

#[test]
fn a_stop_wakes_when_the_market_reaches_it() {
    let mut stage = Stage::open();
    stage.order("buy", Side::Buy, OrderKind::Stop { stop: price("100.50") });
    stage.order("sell", Side::Sell, OrderKind::Stop { stop: price("99.50") });
    assert_eq!((stage.phase("buy"), stage.phase("sell")), (BrokerPhase::Held, BrokerPhase::Held));
    stage.quote("100.40", "100.49");
    assert_eq!(stage.phase("buy"), BrokerPhase::Held);
    stage.quote("100.48", "100.50");
    assert_eq!(stage.fills("buy"), ["100@100.50"]);
    stage.quote("99.40", "99.42");
    assert_eq!(stage.fills("sell"), ["100@99.40"], "a stop has no limit");
}

#[test]
fn a_stop_limit_never_trades_beyond_its_limit() {
    let mut stage = Stage::open();
    stage.order("sell", Side::Sell, OrderKind::StopLimit { stop: price("99.50"), limit: price("99.45") });
    stage.quote("99.40", "99.42");
    assert_eq!((stage.phase("sell"), stage.fills("sell").len()), (BrokerPhase::Working, 0));
    stage.quote("99.46", "99.48");
    assert_eq!(stage.fills("sell"), ["100@99.45"]);
}

#[test]
fn a_trailing_stop_follows_and_does_not_come_back() {
    let mut stage = Stage::open();
    stage.order("sell", Side::Sell, trail("0.50"));
    stage.quote("101.00", "101.02");
    stage.quote("100.60", "100.62");
    assert_eq!(stage.phase("sell"), BrokerPhase::Held);
    stage.quote("100.50", "100.52");
    assert_eq!(stage.fills("sell"), ["100@100.50"], "0.50 below the best bid of 101.00");
}

#[test]
fn a_trailing_buy_by_percent_starts_at_its_stop() {
    let mut stage = Stage::open();
    let by = TrailBy::Percent(number("1"));
    stage.order("buy", Side::Buy, OrderKind::Trail { by, stop: Some(price("100.40")) });
    stage.quote("97.99", "98.00");
    stage.quote("98.96", "98.97");
    assert_eq!(stage.phase("buy"), BrokerPhase::Held);
    stage.quote("98.97", "98.98");
    assert_eq!(stage.fills("buy"), ["100@98.98"], "1 % above the best ask of 98.00");
}

#[test]
fn a_trailing_limit_gets_its_limit_when_it_wakes() {
    let mut stage = Stage::open();
    let by = TrailBy::Amount(number("0.50"));
    stage.order("sell", Side::Sell, OrderKind::TrailLimit { by, stop: None, limit_offset: number("0.05") });
    stage.quote("99.30", "99.32");
    assert_eq!((stage.phase("sell"), stage.fills("sell").len()), (BrokerPhase::Working, 0), "limit 99.44");
    stage.quote("99.44", "99.46");
    stage.quote("99.45", "99.46");
    assert_eq!(stage.fills("sell"), ["100@99.44"]);
}

#[test]
fn touched_orders_wake_at_a_better_price() {
    let mut stage = Stage::open();
    stage.order("market", Side::Buy, OrderKind::MarketIfTouched { trigger: price("99.80") });
    stage.order(
        "limit",
        Side::Sell,
        OrderKind::LimitIfTouched { trigger: price("100.20"), limit: price("100.10") },
    );
    stage.quote("99.78", "99.80");
    assert_eq!(stage.fills("market"), ["100@99.80"]);
    stage.quote("100.20", "100.22");
    assert_eq!(stage.fills("limit"), ["100@100.20"]);
}

#[test]
fn what_is_triggered_already_trades_at_once() {
    let mut stage = Stage::open();
    stage.order("stop", Side::Buy, OrderKind::Stop { stop: price("100.00") });
    assert_eq!(stage.fills("stop"), ["100@100.01"]);
}

#[test]
fn immediate_or_cancel_keeps_what_it_got() {
    let mut stage = Stage::open();
    stage.sized("99.99", "1000", "100.01", "40");
    stage.lasting("ioc", Side::Buy, limit("100.01"), TimeInForce::ImmediateOrCancel);
    assert_eq!(stage.fills("ioc"), ["40@100.01"]);
    assert_eq!(stage.phase("ioc"), BrokerPhase::Cancelled);
    assert_eq!(stage.status("ioc").filled, number("40"));
}

#[test]
fn fill_or_kill_takes_all_or_nothing() {
    let mut stage = Stage::open();
    stage.sized("99.99", "1000", "100.01", "99");
    stage.lasting("none", Side::Buy, OrderKind::Market, TimeInForce::FillOrKill);
    assert_eq!((stage.phase("none"), stage.fills("none").len()), (BrokerPhase::Cancelled, 0));
    stage.sized("99.99", "1000", "100.01", "100");
    stage.lasting("all", Side::Buy, OrderKind::Market, TimeInForce::FillOrKill);
    assert_eq!(stage.fills("all"), ["100@100.01"]);
}

#[test]
fn a_date_ends_an_order_and_a_past_one_refuses_it() {
    let mut stage = Stage::open();
    let at = |second| TimeInForce::GoodTillDate(Timestamp::from_seconds(second));
    stage.lasting("dated", Side::Buy, limit("99"), at(150));
    stage.at(149);
    assert_eq!(stage.phase("dated"), BrokerPhase::Working);
    stage.at(150);
    assert_eq!(stage.phase("dated"), BrokerPhase::Expired);
    stage.lasting("late", Side::Buy, limit("99"), at(150));
    assert!(stage.refusal().contains("ran out"));
}

#[test]
fn prices_off_the_step_and_broken_lots_are_refused() {
    let mut stage = Stage::open();
    stage.order("fine", Side::Buy, limit("99.995"));
    assert_eq!(stage.refusal(), "a limit of 99.995 is not a whole number of price steps of 0.01");
    stage.order("zero", Side::Sell, limit("0"));
    assert_eq!(stage.refusal(), "a limit of 0 is not above zero");
    stage.order_with("half", Side::Buy, limit("99"), |draft| draft.size = super::stage::units("1.5").into());
    assert_eq!(stage.refusal(), "a quantity of 1.5 is not a whole number of lots of 1");
}
