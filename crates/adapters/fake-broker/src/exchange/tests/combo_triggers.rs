//! Orders on combos that wait for a trigger: they watch the net of what the legs display, below zero too.

use super::combos::{HIGH, LOW, open, order, parts, quote};
use super::stage::{Stage, account, number, price};
use crate::exchange::Exchange;
use tradeport_orders::{BrokerPhase, OrderKind, Side, TrailBy, TrailingLimit};

/// Open, and the leg that is sold costs more: a unit is bought at -1.90 and sold at -2.10.
fn inverted() -> Stage {
    let mut stage = open();
    quote(&mut stage, LOW, "1.00", "1.10");
    quote(&mut stage, HIGH, "3.00", "3.10");
    stage
}

/// What is offered and bid for the leg that is sold decides the net.
fn high(stage: &mut Stage, bid: &str, ask: &str) {
    quote(stage, HIGH, bid, ask);
}

fn by(text: &str) -> TrailBy {
    TrailBy::Amount(number(text))
}

#[test]
fn a_stop_wakes_once_the_net_has_come_to_it_and_trades_at_what_is_displayed() {
    let mut stage = open();
    order(&mut stage, "stop", Side::Buy, "2", OrderKind::Stop { stop: price("3.00") });
    assert_eq!(stage.phase("stop"), BrokerPhase::Held, "2.90 is not 3.00");
    quote(&mut stage, LOW, "4.10", "4.31");
    assert_eq!(parts(&stage, "stop"), ["Combo buy 2@3.01", "Leg buy 2@4.31", "Leg sell 2@1.30"]);
    order(&mut stage, "late", Side::Sell, "1", OrderKind::Stop { stop: price("2.80") });
    assert_eq!(stage.phase("late"), BrokerPhase::Filled, "2.70 is bid: it wakes at once");
}

#[test]
fn a_trigger_may_be_below_zero() {
    let mut stage = inverted();
    order(&mut stage, "stop", Side::Sell, "1", OrderKind::Stop { stop: price("-2.50") });
    let within = OrderKind::StopLimit { stop: price("-2.50"), limit: price("-2.55") };
    order(&mut stage, "within", Side::Sell, "1", within);
    let touched = OrderKind::LimitIfTouched { trigger: price("-2.20"), limit: price("-2.00") };
    order(&mut stage, "touched", Side::Buy, "1", touched);
    let zero = OrderKind::MarketIfTouched { trigger: price("0") };
    order(&mut stage, "zero", Side::Sell, "1", zero);
    for id in ["stop", "within", "touched", "zero"] {
        assert_eq!(stage.phase(id), BrokerPhase::Held, "{id}");
    }
    let kept = serde_json::to_string(&stage.exchange).unwrap();
    assert_eq!(serde_json::from_str::<Exchange>(&kept).unwrap(), stage.exchange, "what sleeps is kept");
    high(&mut stage, "3.50", "3.60");
    assert_eq!(parts(&stage, "stop").first().map(String::as_str), Some("Combo sell 1@-2.6"));
    assert_eq!(stage.phase("within"), BrokerPhase::Working, "-2.60 is less than -2.55");
    assert_eq!(parts(&stage, "touched").first().map(String::as_str), Some("Combo buy 1@-2.4"));
    assert_eq!(stage.phase("zero"), BrokerPhase::Held);
    high(&mut stage, "0.80", "0.90");
    assert_eq!(parts(&stage, "zero").first().map(String::as_str), Some("Combo sell 1@0.1"));
}

#[test]
fn a_trailing_stop_follows_the_net_below_zero() {
    let mut stage = inverted();
    order(&mut stage, "trail", Side::Buy, "1", OrderKind::Trail { by: by("0.50"), stop: None });
    let limited = OrderKind::TrailLimit { by: by("0.50"), stop: None, limit_offset: number("0.05") };
    order(&mut stage, "limited", Side::Buy, "1", limited);
    let touches = OrderKind::TrailLimitIfTouched {
        by: by("0.50"),
        trigger: None,
        limit: TrailingLimit::Offset(number("0.10")),
    };
    order(&mut stage, "touches", Side::Buy, "1", touches);
    high(&mut stage, "2.60", "2.70");
    // Bought at -1.50 now: the stop is at -1.40, and the touch, which follows upwards, at -2.00.
    assert_eq!(stage.phase("trail"), BrokerPhase::Held);
    high(&mut stage, "3.40", "3.50");
    // At -2.30: the stop has followed to -1.80, and the touch has been come back to.
    assert_eq!(parts(&stage, "touches").first().map(String::as_str), Some("Combo buy 1@-2.3"));
    assert_eq!(stage.phase("trail"), BrokerPhase::Held);
    high(&mut stage, "2.90", "3.00");
    assert_eq!(parts(&stage, "trail").first().map(String::as_str), Some("Combo buy 1@-1.8"));
    assert_eq!(parts(&stage, "limited").first().map(String::as_str), Some("Combo buy 1@-1.8"));
}

#[test]
fn a_share_of_a_net_of_nothing_is_no_distance() {
    let mut stage = inverted();
    let percent = TrailBy::Percent(number("10"));
    order(&mut stage, "share", Side::Buy, "1", OrderKind::Trail { by: percent, stop: None });
    // At -1.90: the stop is at -1.71. At nothing there is no distance to follow at, and the stop has been passed.
    high(&mut stage, "1.10", "1.20");
    assert_eq!(parts(&stage, "share").first().map(String::as_str), Some("Combo buy 1@0"));
    order(&mut stage, "new", Side::Buy, "1", OrderKind::Trail { by: percent, stop: None });
    assert_eq!(stage.phase("new"), BrokerPhase::Held, "it has no stop yet");
    high(&mut stage, "2.10", "2.20");
    assert_eq!(stage.phase("new"), BrokerPhase::Held, "at -1.00 it stands at -0.90");
    high(&mut stage, "2.00", "2.10");
    assert_eq!(parts(&stage, "new").first().map(String::as_str), Some("Combo buy 1@-0.9"));
}

#[test]
fn what_sleeps_keeps_what_it_may_lose_at_its_trigger() {
    let mut stage = open();
    order(&mut stage, "stop", Side::Buy, "3", OrderKind::Stop { stop: price("3.00") });
    assert_eq!(stage.exchange.reserved(&account("RICH")), Some(number("900")), "it costs 3.00 x 100");
    stage.cancel("stop");
    order(&mut stage, "sale", Side::Sell, "3", OrderKind::Stop { stop: price("2.00") });
    assert_eq!(stage.exchange.reserved(&account("RICH")), Some(number("2400")), "10.00 less 2.00, x 100");
    stage.cancel("sale");
    // What is dearer now than at its trigger is reckoned as it is now.
    order(&mut stage, "touch", Side::Buy, "3", OrderKind::MarketIfTouched { trigger: price("2.00") });
    assert_eq!(stage.exchange.reserved(&account("RICH")), Some(number("870")));
}
