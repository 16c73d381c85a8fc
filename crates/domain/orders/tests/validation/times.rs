//! Times in force.

use crate::support::*;
use tradeport_orders::validation::Rule;
use tradeport_orders::{OrderKind, TimeInForce, TrailBy};

#[test]
fn what_waits_is_not_for_this_moment_alone() {
    let trail = OrderKind::Trail { by: TrailBy::Percent(number("1")), stop: None };
    let order = buy(trail).immediate_or_cancel();
    let said = "TRAIL orders wait, and IOC orders do not: DAY, GTC or GTD would be accepted";
    assert_eq!(refused(&order, &stock()), [said]);
    assert_eq!(found(&order, &stock()).refusals()[0].rule(), Rule::TimeInForce);
    let said = "PEG MKT orders wait, and FOK orders do not: DAY, GTC or GTD would be accepted";
    let peg = buy(OrderKind::PegMarket { offset: None, cap: None });
    assert_eq!(refused(&peg.with_time_in_force(TimeInForce::FillOrKill), &stock()), [said]);
    assert_eq!(refused(&buy(limit("10")).immediate_or_cancel(), &stock()), NONE);
}

#[test]
fn times_of_other_instruments() {
    let minutes = buy(limit("10")).with_time_in_force(TimeInForce::Minutes);
    assert_eq!(refused(&minutes, &crypto()), NONE);
    let said = "time in force Minutes is for crypto, not for a stock: DAY or GTC would be accepted";
    assert_eq!(refused(&minutes, &stock()), [said]);
    let auction = buy(OrderKind::MarketToLimit { limit: None }).with_time_in_force(TimeInForce::Auction);
    assert_eq!(refused(&auction, &stock()), NONE);
    let said = "time in force AUC is for stocks and futures, not for an option: DAY or GTC would be accepted";
    assert_eq!(refused(&auction, &option()), [said]);
}

#[test]
fn times_of_event_contracts() {
    let order = buy(limit("0.5"));
    assert_eq!(refused(&order.clone().good_till_cancelled(), &event()), NONE);
    let said = "time in force FOK is not for event contracts: DAY, GTC or IOC would be accepted";
    assert_eq!(refused(&order.with_time_in_force(TimeInForce::FillOrKill), &event()), [said]);
}

#[test]
fn ends_that_have_passed() {
    let mut order = buy(limit("10")).good_till(at("2026-06-30T14:59:59Z"));
    order.attributes.timing.active_until = Some(at(NOW));
    order.attributes.timing.auto_cancel = Some(at("2026-06-01T00:00:00Z"));
    let said = [
        "the end of the order at 2026-06-30T14:59:59Z has passed: a moment after 2026-06-30T15:00:00Z would be accepted",
        "the last active moment of the order at 2026-06-30T15:00:00Z has passed: a moment after 2026-06-30T15:00:00Z would be accepted",
        "the cancellation of the order at 2026-06-01T00:00:00Z has passed: a moment after 2026-06-30T15:00:00Z would be accepted",
    ];
    assert_eq!(refused(&order, &stock()), said);
}

#[test]
fn a_time_that_the_brokers_list_does_not_name() {
    let kill = buy(limit("10")).with_time_in_force(TimeInForce::FillOrKill);
    let said = "the broker's list for IT does not name FOK";
    assert_eq!(warned(&kill, &with_kinds(stock(), "DAY,GTC,LMT")), [said]);
    assert_eq!(warned(&kill, &with_kinds(stock(), "LMT")), NONE, "a list of kinds alone");
}
