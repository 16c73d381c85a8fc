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
fn a_trailing_touch_to_sell_follows_the_market_down_and_wakes_when_it_rises() {
    let mut stage = Stage::open();
    let by = TrailBy::Amount(number("0.50"));
    stage.order("sell", Side::Sell, OrderKind::TrailMarketIfTouched { by, trigger: None });
    // From 99.99 down to 99.00: its trigger falls from 100.49 to 99.50, and does not rise again.
    stage.quote("99.00", "99.02");
    stage.quote("99.49", "99.51");
    assert_eq!(stage.phase("sell"), BrokerPhase::Held);
    stage.quote("99.50", "99.52");
    assert_eq!(stage.fills("sell"), ["100@99.50"]);
}

#[test]
fn a_trailing_touch_to_buy_follows_the_market_up_and_wakes_when_it_falls() {
    let mut stage = Stage::open();
    let by = TrailBy::Percent(number("1"));
    stage.order("buy", Side::Buy, OrderKind::TrailMarketIfTouched { by, trigger: Some(price("98.00")) });
    stage.quote("101.99", "102.00");
    stage.quote("100.97", "100.99");
    assert_eq!(stage.phase("buy"), BrokerPhase::Held, "1 % below 102.00 is 100.98");
    stage.quote("100.96", "100.98");
    assert_eq!(stage.fills("buy"), ["100@100.98"]);
}

#[test]
fn a_trailing_limit_if_touched_gets_a_limit_that_has_moved_with_its_trigger() {
    use tradeport_orders::TrailingLimit;
    let by = TrailBy::Amount(number("0.50"));
    let at = TrailingLimit::At(price("100.40"));
    for (limit, wanted) in [(TrailingLimit::Offset(number("0.10")), "99.40"), (at, "99.41")] {
        let mut stage = Stage::open();
        let trigger = Some(price("100.49"));
        stage.order("sell", Side::Sell, OrderKind::TrailLimitIfTouched { by, trigger, limit });
        stage.quote("99.00", "99.02");
        stage.quote("99.50", "99.52");
        // It takes what is displayed, which is better than its limit.
        assert_eq!(stage.fills("sell"), ["100@99.50"]);
        stage.order("rest", Side::Sell, OrderKind::TrailLimitIfTouched { by, trigger, limit });
        stage.sized("99.00", "1000", "99.02", "1000");
        stage.sized("99.50", "60", "99.52", "1000");
        assert_eq!(stage.fills("rest"), ["60@99.50"]);
        stage.quote("99.30", "99.32");
        stage.quote(wanted, "99.52");
        stage.quote("99.45", "99.52");
        assert_eq!(stage.fills("rest"), ["60@99.50".to_owned(), format!("40@{wanted}")]);
    }
}

#[test]
fn the_limit_of_a_trailing_touch_lies_on_the_price_step() {
    use tradeport_orders::TrailingLimit;
    let mut stage = Stage::open();
    let by = TrailBy::Amount(number("0.50"));
    for limit in [TrailingLimit::Offset(number("0.005")), TrailingLimit::At(price("99.995"))] {
        stage.order("odd", Side::Sell, OrderKind::TrailLimitIfTouched { by, trigger: None, limit });
        assert!(stage.refusal().contains("price steps of 0.01"), "{}", stage.refusal());
    }
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
