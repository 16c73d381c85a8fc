//! Who clears an order, whose shares a short sale delivers, and whether a position is opened or closed.

use crate::{NotAnIntent, Side, Text};
use serde::{Deserialize, Serialize};

/// Where shares are cleared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClearingIntent {
    /// With the broker itself.
    Broker,
    /// Elsewhere.
    Away,
    /// Decided after the trade.
    PostTradeAllocation,
}

/// Does an order open a position or close one?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PositionEffect {
    /// It opens one.
    Open,
    /// It closes one.
    Close,
}

/// Where the shares of a short sale come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShortSaleSource {
    /// The clearing broker holds them.
    ClearingBroker,
    /// They are delivered from elsewhere: this place.
    Elsewhere(Text),
}

/// What a sale is, for accounts that must say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleKind {
    /// A short sale.
    Short,
    /// A sale of shares held but not yet delivered.
    Long,
}

/// Who clears an order, and what an institution must say about it.
///
/// ```
/// use tradeport_orders::{Clearing, OrderDraft, OrderKind, SaleKind, ShortSaleSource, Side};
///
/// # use tradeport_kernel::Quantity;
/// # let hundred: Quantity = "100".parse()?;
/// # let order = |side, kind| OrderDraft::new("a".parse().unwrap(), "DU1".parse().unwrap(), "AAPL".parse().unwrap(), side, hundred, kind);
/// // A short sale of shares that another firm holds; only sales can be one.
/// let short = Clearing {
///     sale: Some(SaleKind::Short),
///     short_source: Some(ShortSaleSource::Elsewhere("FIRM".parse()?)),
///     ..Clearing::default()
/// };
/// let cleared = |side| {
///     let mut draft = order(side, OrderKind::Market);
///     draft.attributes.clearing = short.clone();
///     draft.check()
/// };
/// assert!(cleared(Side::Sell).is_ok());
/// assert!(cleared(Side::Buy).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Clearing {
    /// Who settles it.
    pub settling_firm: Option<Text>,
    /// For whom it is cleared.
    pub account: Option<Text>,
    /// Where it is cleared.
    pub intent: Option<ClearingIntent>,
    /// Does it open or close a position?
    pub effect: Option<PositionEffect>,
    /// What the sale is; for sales.
    pub sale: Option<SaleKind>,
    /// Where the shares of a short sale come from; for sales.
    pub short_source: Option<ShortSaleSource>,
    /// Why a short sale is exempt from the uptick rule, by the code of the rule; zero or above; for sales.
    pub exempt_code: Option<u32>,
}

impl Clearing {
    pub(crate) fn check(&self, side: Side) -> Result<(), NotAnIntent> {
        let words = [
            ("a kind of sale", self.sale.is_some()),
            ("a source of shares", self.short_source.is_some()),
            ("an exemption from the uptick rule", self.exempt_code.is_some()),
        ];
        match words.into_iter().find(|(_, said)| *said && side == Side::Buy) {
            Some((what, _)) => Err(NotAnIntent::ForSales(what)),
            None => Ok(()),
        }
    }
}
