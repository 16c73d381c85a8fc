//! What pegged orders follow, and at which distance.

use crate::Venue;
use serde::{Deserialize, Serialize};
use tradeport_contracts::ContractId;
use tradeport_kernel::{Decimal, Price};

/// How much better than the best price of its own side a relative order is: by an amount or by a percentage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OffsetBy {
    /// In price units.
    Amount(Decimal),
    /// As a fraction of the price: 0.01 is one percent; from 0 to 1.
    Fraction(Decimal),
}

/// Two distances from the midpoint, for spreads of an even and of an odd number of cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MidOffsets {
    /// When the midpoint is a whole cent; in whole cents.
    pub at_whole: Decimal,
    /// When the midpoint is half a cent; in half cents.
    pub at_half: Decimal,
}

/// How far from the midpoint a midpoint-pegged order stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MidPeg {
    /// At the midpoint.
    #[default]
    At,
    /// So far from it, in price units.
    Offset(Decimal),
    /// So far from it, by the width of the spread.
    BySpread(MidOffsets),
}

/// How a best-pegged order competes with the best price.
///
/// ```
/// use tradeport_orders::{Compete, MidOffsets, OrderKind};
///
/// let a_cent_better = Compete::Offset("0.01".parse()?);
/// // Up to the midpoint, less a cent; where the midpoint is half a cent, less half a cent.
/// let offsets = MidOffsets { at_whole: "0.01".parse()?, at_half: "0.005".parse()? };
/// let kind = OrderKind::PegBest { limit: Some("111.11".parse()?), compete: Compete::UpToMidpoint(offsets) };
/// assert_eq!(kind.name(), "PEG BEST");
/// # let _ = a_cent_better;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compete {
    /// As the broker does by default.
    #[default]
    Default,
    /// Better than the best by so much, in price units; zero or above.
    Offset(Decimal),
    /// Up to the midpoint, less so much.
    UpToMidpoint(MidOffsets),
}

/// The prices of the underlying between which an order may work; without a bound on that side when absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StockRange {
    /// Below this the order is cancelled.
    pub lower: Option<Price>,
    /// Above this the order is cancelled.
    pub upper: Option<Price>,
}

/// An option price that moves with the stock: `starting price + delta x (stock - reference price)`.
///
/// ```
/// use tradeport_orders::{OrderKind, StockPeg, StockRange};
///
/// // Half a cent for each cent of the stock, as long as it stays between 95 and 105.
/// let range = StockRange { lower: Some("95".parse()?), upper: Some("105".parse()?) };
/// let kind = OrderKind::PegStock(StockPeg {
///     delta: "0.5".parse()?,
///     starting_price: Some("2.40".parse()?),
///     reference_price: Some("100".parse()?),
///     range,
/// });
/// assert_eq!(kind.name(), "PEG STK");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StockPeg {
    /// Price units per price unit of the stock; from 0 to 1, negative for puts.
    pub delta: Decimal,
    /// The option's price to begin with; the middle of the market when absent.
    pub starting_price: Option<Price>,
    /// The stock's price to begin with; the middle of its market when absent.
    pub reference_price: Option<Price>,
    /// Where the stock must stay.
    pub range: StockRange,
}

/// Which way an order's price goes when the price of its benchmark rises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PegDirection {
    /// It rises too.
    Same,
    /// It falls.
    Opposite,
}

/// A price that moves with that of another instrument.
///
/// Each time the benchmark moves by `benchmark_step`, the order's price moves by `step`.
///
/// ```
/// use tradeport_contracts::ContractId;
/// use tradeport_orders::{Benchmark, OrderKind, PegDirection, StockRange};
///
/// // Ten cents up for each dollar that the other falls, beginning at 33.
/// let kind = OrderKind::PegBenchmark(Benchmark {
///     contract: ContractId::new(208_813_720),
///     venue: "ISLAND".parse()?,
///     direction: PegDirection::Opposite,
///     step: "0.10".parse()?,
///     benchmark_step: "1".parse()?,
///     starting_price: Some("33".parse()?),
///     reference_price: None,
///     range: StockRange::default(),
/// });
/// assert_eq!(kind.name(), "PEG BENCH");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Benchmark {
    /// The other instrument, by the broker's number.
    pub contract: ContractId,
    /// Where its price is watched.
    pub venue: Venue,
    /// Which way the order's price goes.
    pub direction: PegDirection,
    /// By how much the order's price moves; above zero.
    pub step: Decimal,
    /// How much the benchmark must move for it; above zero.
    pub benchmark_step: Decimal,
    /// The order's price to begin with; from the market when absent.
    pub starting_price: Option<Price>,
    /// The benchmark's price to begin with; from its market when absent.
    pub reference_price: Option<Price>,
    /// Where the benchmark must stay.
    pub range: StockRange,
}
