//! Short words for building samples by hand.

use super::around::{ACCOUNT, key_of};
use tradeport_contracts::{ContractId, InstrumentKind};
use tradeport_kernel::{Currency, Decimal, Money, OrderKey, Price};
use tradeport_orders::{Condition, OrderDraft, OrderIntent, OrderKind, OrderSize, Side, Threshold, Watched};

pub(crate) fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(crate) fn price(text: &str) -> Price {
    text.parse().unwrap()
}

pub(crate) fn units(text: &str) -> OrderSize {
    OrderSize::Units(text.parse().unwrap())
}

pub(crate) fn cash(text: &str) -> OrderSize {
    OrderSize::Cash(Money::new(dec(text), Currency::USD))
}

pub(crate) fn sample_key(number: usize) -> OrderKey {
    OrderKey::new(&format!("sample-{number}")).unwrap()
}

/// The only order of a sample.
pub(crate) fn order(side: Side, size: OrderSize, kind: OrderKind) -> OrderDraft {
    keyed(sample_key(1), side, size, kind)
}

pub(crate) fn keyed(key: OrderKey, side: Side, size: OrderSize, kind: OrderKind) -> OrderDraft {
    OrderDraft::new(key, ACCOUNT.parse().unwrap(), "SAMPLE".parse().unwrap(), side, size, kind)
}

pub(crate) fn numbered(number: i32, side: Side, size: OrderSize, kind: OrderKind) -> OrderDraft {
    keyed(key_of(number), side, size, kind)
}

pub(crate) fn buy(size: &str, kind: OrderKind) -> OrderDraft {
    order(Side::Buy, units(size), kind)
}

pub(crate) fn sell(size: &str, kind: OrderKind) -> OrderDraft {
    order(Side::Sell, units(size), kind)
}

pub(crate) fn limit(at: &str) -> OrderKind {
    OrderKind::Limit { limit: price(at) }
}

pub(crate) fn one(draft: OrderDraft) -> Vec<OrderIntent> {
    vec![draft.check().unwrap()]
}

pub(crate) fn watched(contract: i64) -> Watched {
    Watched::new(ContractId::new(contract), "SMART".parse().unwrap())
}

pub(crate) fn euro_dollar_trades() -> Condition {
    Condition::Execution {
        symbol: "EUR.USD".parse().unwrap(),
        kind: InstrumentKind::Forex,
        venue: "IDEALPRO".parse().unwrap(),
    }
}

pub(crate) fn margin_above_30() -> Condition {
    Condition::Margin { side: Threshold::Above, percent: 30 }
}

pub(crate) fn gain_of_15() -> Condition {
    Condition::PercentChange { watched: watched(208_813_720), side: Threshold::Above, percent: dec("15") }
}

pub(crate) fn volume_below_100() -> Condition {
    Condition::Volume { watched: watched(208_813_720), side: Threshold::Below, volume: 100 }
}

/// 2016-01-18 23:59:59 in New York.
pub(crate) fn late_in_january() -> Condition {
    Condition::Time { side: Threshold::Above, at: "2016-01-19T04:59:59Z".parse().unwrap() }
}
