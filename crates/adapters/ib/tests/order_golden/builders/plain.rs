//! Kinds, times in force and the simple attributes.

use crate::hand::{buy, cash, dec, limit, one, order, price, sell, units};
use tradeport_orders::{
    AuctionStrategy, ComboRouting, MidPeg, OffsetBy, OrderDraft, OrderIntent, OrderKind, Side, StockPeg,
    StockRange, TimeInForce, TrailBy, Volatility, VolatilityBasis, VolatilityTerms,
};

type Orders = Vec<OrderIntent>;

pub(crate) fn at_auction() -> Orders {
    let kind = OrderKind::MarketToLimit { limit: Some(price("30")) };
    one(buy("100", kind).with_time_in_force(TimeInForce::Auction))
}

pub(crate) fn discretionary() -> Orders {
    one(sell("1", limit("45")).with_discretion(dec("0.5")))
}

pub(crate) fn market_if_touched() -> Orders {
    one(buy("1", OrderKind::MarketIfTouched { trigger: price("30") }))
}

pub(crate) fn market_on_open() -> Orders {
    one(buy("1", OrderKind::MarketOnOpen))
}

pub(crate) fn midpoint_match() -> Orders {
    one(buy("1", OrderKind::Market))
}

pub(crate) fn midprice() -> Orders {
    one(buy("1", OrderKind::MidPrice { cap: Some(price("150")) }))
}

pub(crate) fn pegged_to_market() -> Orders {
    one(buy("100", OrderKind::PegMarket { offset: Some(dec("0.02")), cap: None }))
}

pub(crate) fn pegged_to_stock() -> Orders {
    one(sell(
        "10",
        OrderKind::PegStock(StockPeg {
            delta: dec("0.5"),
            starting_price: Some(price("30")),
            reference_price: Some(price("80")),
            range: StockRange::default(),
        }),
    ))
}

pub(crate) fn sweep_to_fill() -> Orders {
    one(buy("1", limit("35")).sweeping())
}

pub(crate) fn auction_limit() -> Orders {
    let mut draft = sell("10", limit("30"));
    draft.attributes.routing.auction = Some(AuctionStrategy::Improvement);
    one(draft)
}

pub(crate) fn auction_relative() -> Orders {
    one(sell("10", OrderKind::Relative { offset: Some(OffsetBy::Amount(dec("0.6"))), cap: None }))
}

pub(crate) fn box_top() -> Orders {
    one(sell("10", OrderKind::BoxTop))
}

pub(crate) fn limit_order() -> Orders {
    one(sell("1", limit("50")))
}

pub(crate) fn limit_for_cash() -> Orders {
    one(order(Side::Buy, cash("5000"), limit("111.11")))
}

pub(crate) fn limit_if_touched() -> Orders {
    one(buy("1", OrderKind::LimitIfTouched { trigger: price("34"), limit: price("30") }))
}

pub(crate) fn limit_on_close() -> Orders {
    one(sell("1", OrderKind::LimitOnClose { limit: price("34") }))
}

pub(crate) fn limit_on_open() -> Orders {
    one(buy("1", OrderKind::LimitOnOpen { limit: price("35") }))
}

pub(crate) fn passive_relative() -> Orders {
    one(buy("1", OrderKind::PassiveRelative { offset: Some(dec("0.5")), cap: None }))
}

pub(crate) fn pegged_to_midpoint() -> Orders {
    one(buy("1", OrderKind::PegMid { limit: Some(price("30")), by: MidPeg::Offset(dec("0.5")) }))
}

pub(crate) fn market_to_limit() -> Orders {
    one(buy("1", OrderKind::MarketToLimit { limit: None }))
}

pub(crate) fn market_with_protection() -> Orders {
    one(buy("1", OrderKind::MarketProtected))
}

pub(crate) fn stop() -> Orders {
    one(sell("1", OrderKind::Stop { stop: price("34.4") }))
}

pub(crate) fn stop_limit() -> Orders {
    one(buy("1", OrderKind::StopLimit { stop: price("33"), limit: price("35") }))
}

pub(crate) fn trailing_by_percent() -> Orders {
    one(sell("1", OrderKind::Trail { by: TrailBy::Percent(dec("0.5")), stop: Some(price("30")) }))
}

pub(crate) fn trailing_by_amount() -> Orders {
    one(sell("1", OrderKind::Trail { by: TrailBy::Amount(dec("0.5")), stop: Some(price("30")) }))
}

pub(crate) fn trailing_stop_limit() -> Orders {
    let (by, stop) = (TrailBy::Amount(dec("5")), Some(price("50")));
    one(buy("1", OrderKind::TrailLimit { by, stop, limit_offset: dec("2") }))
}

pub(crate) fn combo_limit() -> Orders {
    one(sell("1", limit("1")))
}

fn non_guaranteed(mut draft: OrderDraft) -> OrderDraft {
    draft.attributes.combo.routing = vec![ComboRouting::NonGuaranteed(true)];
    draft
}

pub(crate) fn combo_limit_non_guaranteed() -> Orders {
    one(non_guaranteed(buy("1", limit("1"))))
}

pub(crate) fn combo_market() -> Orders {
    one(buy("1", OrderKind::Market))
}

pub(crate) fn combo_leg_prices() -> Orders {
    let mut draft = non_guaranteed(buy("1", OrderKind::LimitPerLeg));
    draft.attributes.combo.leg_prices = vec![Some(price("10")), Some(price("5"))];
    one(draft)
}

pub(crate) fn relative_limit_combo() -> Orders {
    one(non_guaranteed(buy("1", OrderKind::RelativePlusLimit { offset: None, limit: price("1") })))
}

pub(crate) fn relative_market_combo() -> Orders {
    one(non_guaranteed(buy("1", OrderKind::RelativePlusMarket { offset: None })))
}

pub(crate) fn volatility() -> Orders {
    let terms = VolatilityTerms { basis: Some(VolatilityBasis::Annual), ..VolatilityTerms::default() };
    one(sell("1", OrderKind::Volatility(Volatility { percent: dec("5"), terms })))
}

pub(crate) fn snap_to_market() -> Orders {
    one(buy("100", OrderKind::SnapMarket { offset: Some(dec("0.01")) }))
}

pub(crate) fn snap_to_primary() -> Orders {
    one(buy("100", OrderKind::SnapPrimary { offset: Some(dec("0.01")) }))
}

pub(crate) fn forecast_limit() -> Orders {
    one(buy("1000", limit("0.57")))
}

pub(crate) fn crypto_fraction() -> Orders {
    one(order(Side::Buy, units("0.00001234"), limit("3370")))
}

pub(crate) fn crypto_for_cash() -> Orders {
    one(order(Side::Buy, cash("100"), OrderKind::Market).immediate_or_cancel())
}

pub(crate) fn pre_borrow() -> Orders {
    one(buy("100", OrderKind::Market))
}

fn at_25() -> OrderDraft {
    buy("100", limit("25"))
}

pub(crate) fn post_only() -> Orders {
    one(at_25().post_only())
}

pub(crate) fn good_till_date() -> Orders {
    one(at_25().good_till("2026-06-30T20:00:00Z".parse().unwrap()).with_outside_sessions())
}

pub(crate) fn good_after_time() -> Orders {
    one(at_25().good_after("2026-06-30T19:00:00Z".parse().unwrap()))
}

pub(crate) fn good_till_cancelled() -> Orders {
    one(at_25().good_till_cancelled())
}

pub(crate) fn immediate_or_cancel() -> Orders {
    one(at_25().immediate_or_cancel())
}

pub(crate) fn day_till_cancelled() -> Orders {
    one(at_25().with_time_in_force(TimeInForce::DayTillCancelled))
}

pub(crate) fn hidden() -> Orders {
    one(at_25().hidden())
}

pub(crate) fn all_or_none() -> Orders {
    one(at_25().all_or_none())
}

pub(crate) fn min_quantity() -> Orders {
    one(at_25().with_min_quantity(50))
}
