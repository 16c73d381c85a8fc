//! The limit of what sleeps is held against the market that it meets once it is awake.

use super::*;
use tradeport_orders::{TrailBy, TrailingLimit};

fn judged(side: Side, kind: OrderKind) -> Option<Rule> {
    rule(PolicyDraft::default(), &view(), &intent(side, 1, kind))
}

/// The market is at 100. One to buy wakes once the market has fallen to its trigger, so above it at once.
#[test]
fn what_waits_to_be_touched_meets_a_better_market_or_that_of_now() {
    let touched = |side, trigger: &str, limit: &str| {
        let (trigger, limit) = (trigger.parse().unwrap(), limit.parse().unwrap());
        judged(side, OrderKind::LimitIfTouched { trigger, limit })
    };
    assert_eq!(touched(Side::Buy, "1000", "110"), None);
    assert_eq!(touched(Side::Buy, "1000", "1000"), Some(Rule::PriceCollar), "it is awake at once");
    assert_eq!(touched(Side::Sell, "1", "90"), None);
    assert_eq!(touched(Side::Sell, "1", "1"), Some(Rule::PriceCollar), "it is awake at once");
    assert_eq!(touched(Side::Buy, "80", "90"), None);
    assert_eq!(touched(Side::Buy, "80", "90.01"), Some(Rule::PriceCollar), "it meets a market at 80");
    assert_eq!(touched(Side::Sell, "150", "140"), None);
    assert_eq!(touched(Side::Sell, "150", "139.99"), Some(Rule::PriceCollar), "it meets a market at 150");
}

#[test]
fn the_limit_of_what_trails_lies_beyond_the_price_that_wakes_it() {
    let by = TrailBy::Amount(number("5"));
    let offset = |stop: Option<&str>, offset: &str| OrderKind::TrailLimit {
        by,
        stop: stop.map(|it| it.parse().unwrap()),
        limit_offset: number(offset),
    };
    for stop in [None, Some("95")] {
        assert_eq!(judged(Side::Sell, offset(stop, "10")), None);
        assert_eq!(judged(Side::Sell, offset(stop, "10.01")), Some(Rule::PriceCollar));
    }
    let from = |limit: &str| OrderKind::TrailLimitFrom {
        by,
        stop: Some("95".parse().unwrap()),
        limit: limit.parse().unwrap(),
    };
    assert_eq!(judged(Side::Sell, from("85")), None);
    assert_eq!(judged(Side::Sell, from("84.99")), Some(Rule::PriceCollar));
    let touched = |limit| OrderKind::TrailLimitIfTouched { by, trigger: Some("95".parse().unwrap()), limit };
    assert_eq!(judged(Side::Buy, touched(TrailingLimit::At("105".parse().unwrap()))), None);
    for limit in [TrailingLimit::At("105.01".parse().unwrap()), TrailingLimit::Offset(number("10.01"))] {
        assert_eq!(judged(Side::Buy, touched(limit)), Some(Rule::PriceCollar));
    }
}
