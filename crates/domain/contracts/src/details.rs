//! What a catalog may add to a contract: names, rules of price and size, hours as the broker writes them.
//!
//! Left out: what the hours mean; the calendar reads them.

use crate::{ContractId, Expiry};
use serde::{Deserialize, Serialize};
use tradeport_kernel::Decimal;

/// From a price on, prices move in this step: below 1.00 USD a stock may move in 0.0001, above in 0.01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceBand {
    /// The lowest price, without its sign, that belongs to the band; zero or above.
    pub from: Decimal,
    /// The step between two prices; above zero.
    pub step: Decimal,
}

/// What a catalog knows of a contract besides what every contract has. Everything may be unknown; an empty list or
/// text means that nothing was said.
///
/// ```
/// use tradeport_contracts::{ContractDetails, PriceBand};
///
/// // A stock that moves in hundredths of a cent below a dollar, and in cents from there on.
/// let details = ContractDetails {
///     primary_exchange: Some("NASDAQ".to_owned()),
///     order_kinds: ["LMT", "MKT", "STP LMT"].map(str::to_owned).into(),
///     price_bands: vec![
///         PriceBand { from: "0".parse()?, step: "0.0001".parse()? },
///         PriceBand { from: "1".parse()?, step: "0.01".parse()? },
///     ],
///     ..ContractDetails::default()
/// };
/// assert!(details.underlying.is_none(), "what was not said is not known");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ContractDetails {
    /// Its symbol at its own exchange: `ESZ6`, `AAPL  250117C00150000`.
    pub local_symbol: Option<String>,
    /// The class within the product: `FGBL`, `SPXW`.
    pub trading_class: Option<String>,
    /// The exchange where it is listed.
    pub primary_exchange: Option<String>,
    /// Where an order for it may be sent.
    pub exchanges: Vec<String>,
    /// What may be asked of an order for it, whole and in the broker's order: kinds by their names (`LMT`, `STP LMT`), and
    /// between them, as the broker spells them, times in force (`GTC`), other wishes (`HID`) and words that nobody here
    /// knows.
    pub order_kinds: Vec<String>,
    /// Its price steps by quoted price, in ascending order; without any, the contract's one step holds everywhere.
    pub price_bands: Vec<PriceBand>,
    /// The smallest order; above zero.
    pub minimum_size: Option<Decimal>,
    /// The step between two sizes of an order, where it differs from the lot; above zero.
    pub size_increment: Option<Decimal>,
    /// How many quoted units make one unit of the currency: 100 for prices in cents, 1 almost everywhere; above zero. For
    /// showing alone: steps, bands and the multiplier of a contract are in quoted units already.
    pub price_magnifier: Option<u32>,
    /// What it is derived from.
    pub underlying: Option<ContractId>,
    /// The symbol of what it is derived from.
    pub underlying_symbol: Option<String>,
    /// Its last day of trading.
    pub expiry: Option<Expiry>,
    /// The zone of the hours below, as the broker writes it: `US/Eastern`.
    pub time_zone: Option<String>,
    /// When it trades, as the broker writes it: `20261123:0400-20261123:2000;20261126:CLOSED`.
    pub trading_hours: String,
    /// When most of it trades, in the same form.
    pub liquid_hours: String,
}

/// What is wrong with a number of the details: which, and its value.
pub(crate) enum WrongDetail {
    /// It must be above zero.
    NotPositive(&'static str, Decimal),
    /// A band does not begin above the one before it.
    BandOrder(Decimal),
}

impl ContractDetails {
    pub(crate) fn check(&self) -> Result<(), WrongDetail> {
        let steps = self.price_bands.iter().map(|band| ("price band's step", band.step));
        let sizes = self.minimum_size.map(|size| ("minimum size", size)).into_iter();
        let increments = self.size_increment.map(|size| ("size increment", size)).into_iter();
        let magnifiers = self.price_magnifier.map(|by| ("price magnifier", Decimal::from(by))).into_iter();
        let mut numbers = steps.chain(sizes).chain(increments).chain(magnifiers);
        if let Some((field, value)) = numbers.find(|(_, value)| *value <= Decimal::ZERO) {
            return Err(WrongDetail::NotPositive(field, value));
        }
        let mut above: Option<Decimal> = None;
        for band in &self.price_bands {
            if band.from < Decimal::ZERO || above.is_some_and(|last| band.from <= last) {
                return Err(WrongDetail::BandOrder(band.from));
            }
            above = Some(band.from);
        }
        Ok(())
    }

    /// The band of a price, by its size without sign: the last one that begins at or below it; the first one for what
    /// lies below all. `None` when there are no bands.
    pub(crate) fn band_of(&self, price: Decimal) -> Option<&PriceBand> {
        let size = price.abs();
        let after = self.price_bands.partition_point(|band| band.from <= size);
        self.price_bands.get(after.saturating_sub(1))
    }
}
