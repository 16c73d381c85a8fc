//! Orders priced in volatility.
//!
//! Left out: the delta-neutral order that may be sent with each fill; it is an attribute
//! ([`DeltaNeutral`](crate::DeltaNeutral)).

use super::StockRange;
use serde::{Deserialize, Serialize};
use tradeport_kernel::{Decimal, Price};

/// Over which time a volatility is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VolatilityBasis {
    /// A day's.
    Daily,
    /// A year's.
    Annual,
}

/// Which stock price turns a volatility into an option's price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferencePrice {
    /// The average of the best bid and the best ask.
    Midpoint,
    /// The bid or the ask, by the side of the option.
    BySide,
}

/// What the price of a volatility order follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VolatilityPeg {
    /// The volatility of the best price of its own side.
    Primary,
    /// The volatility in the middle of the market.
    Midpoint,
    /// The volatility of the best price of the other side.
    Market,
    /// The model's volatility surface.
    Surface,
}

/// What all orders priced in volatility share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VolatilityTerms {
    /// A day's or a year's; as the broker has it by default when absent.
    pub basis: Option<VolatilityBasis>,
    /// Which stock price is used; as the broker has it by default when absent.
    pub reference: Option<ReferencePrice>,
    /// Does the price follow the stock all the time?
    pub continuous: bool,
    /// A stock price to use in place of the market's.
    pub stock_price: Option<Price>,
    /// Where the stock must stay.
    pub range: StockRange,
}

/// An order's price as a volatility.
///
/// ```
/// use tradeport_orders::{OrderKind, StockRange, Volatility, VolatilityBasis, VolatilityTerms};
///
/// // At 20 percent a year, as long as the stock stays between 95 and 105.
/// let range = StockRange { lower: Some("95".parse()?), upper: Some("105".parse()?) };
/// let terms = VolatilityTerms { basis: Some(VolatilityBasis::Annual), range, ..VolatilityTerms::default() };
/// let kind = OrderKind::Volatility(Volatility { percent: "20".parse()?, terms });
/// assert_eq!(kind.name(), "VOL");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Volatility {
    /// In percent: 5 is 5 %; above zero.
    pub percent: Decimal,
    /// How it becomes a price.
    pub terms: VolatilityTerms,
}
