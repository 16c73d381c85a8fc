//! Which contracts a scan leaves out.

use super::ranking::Look;
use crate::translate::number::to_decimal;
use crate::wire::proto::ScannerSubscription;
use tradeport_contracts::{Contract, InstrumentKind};
use tradeport_fake_broker::house::Catalog;
use tradeport_kernel::Decimal;

/// A limit on a number of a contract.
#[derive(Clone, Copy, Debug)]
pub(super) struct Filter {
    /// How it is called as a tag.
    pub(super) tag: &'static str,
    pub(super) name: &'static str,
    of: fn(&Look) -> Option<Decimal>,
    above: bool,
}

const fn above(tag: &'static str, name: &'static str, of: fn(&Look) -> Option<Decimal>) -> Filter {
    Filter { tag, name, of, above: true }
}

const fn below(tag: &'static str, name: &'static str, of: fn(&Look) -> Option<Decimal>) -> Filter {
    Filter { tag, name, of, above: false }
}

/// The filters that are known by tags.
pub(super) const FILTERS: &[Filter] = &[
    above("priceAbove", "Price Above", |look| Some(look.price)),
    below("priceBelow", "Price Below", |look| Some(look.price)),
    above("usdPriceAbove", "Price (USD) Above", |look| Some(look.price)),
    below("usdPriceBelow", "Price (USD) Below", |look| Some(look.price)),
    above("volumeAbove", "Volume Above", |look| Some(look.volume)),
    above("usdVolumeAbove", "Volume (USD) Above", |look| look.volume.checked_mul(look.price)),
    above("changePercAbove", "Change (%) Above", Look::gain),
    below("changePercBelow", "Change (%) Below", Look::gain),
    above("changeOpenPercAbove", "Change Since Open (%) Above", Look::gain_since_open),
    below("changeOpenPercBelow", "Change Since Open (%) Below", Look::gain_since_open),
    above("openGapPercAbove", "Open Gap (%) Above", Look::gap),
    below("openGapPercBelow", "Open Gap (%) Below", Look::gap),
];

impl Filter {
    fn lets_in(&self, look: &Look, limit: Decimal) -> bool {
        let number = (self.of)(look);
        number.is_some_and(|number| if self.above { number >= limit } else { number <= limit })
    }
}

/// Does a contract pass everything that a scan asks for? What no contract here has, such as ratings, leaves nothing out.
pub(super) fn lets_in(wanted: &ScannerSubscription, contract: &Contract, look: &Look) -> bool {
    let is_set = |number: f64| number < f64::MAX;
    let price = |limit: Option<f64>| limit.filter(|limit| is_set(*limit)).and_then(to_decimal);
    let above = price(wanted.above_price).is_none_or(|limit| look.price >= limit);
    let below = price(wanted.below_price).is_none_or(|limit| limit.is_zero() || look.price <= limit);
    let volume = wanted.above_volume.filter(|volume| *volume < i64::from(i32::MAX));
    let busy = volume.is_none_or(|limit| look.volume >= Decimal::from(limit));
    let tags = wanted.scanner_subscription_filter_options.iter().all(|tag| {
        let known = FILTERS.iter().find(|filter| Some(filter.tag) == tag.key.as_deref());
        let limit = tag.value.as_deref().and_then(|text| text.parse().ok());
        known.zip(limit).is_none_or(|(filter, limit)| filter.lets_in(look, limit))
    });
    above && below && busy && tags && is_of_type(wanted.stock_type_filter.as_deref(), contract)
}

/// Companies, funds or both; only stocks are told apart.
fn is_of_type(filter: Option<&str>, contract: &Contract) -> bool {
    if contract.instrument().kind() != Some(InstrumentKind::Stock) {
        return true;
    }
    match filter {
        Some("CORP" | "STOCK") => !Catalog::is_fund(contract),
        Some("ETF") => Catalog::is_fund(contract),
        Some("ADR" | "REIT" | "CEF") => false,
        _ => true,
    }
}
