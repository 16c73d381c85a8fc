//! Exchanges of futures for physical stock.

use serde::{Deserialize, Serialize};
use tradeport_contracts::ContractId;
use tradeport_kernel::Decimal;

/// The price of an exchange of a future for physical stock, and the future that it refers to.
///
/// ```
/// use tradeport_contracts::ContractId;
/// use tradeport_orders::{OrderDraft, OrderKind, PhysicalExchange, Side};
///
/// # use tradeport_kernel::Quantity;
/// # let hundred: Quantity = "100".parse()?;
/// # let order = |side, kind| OrderDraft::new("a".parse().unwrap(), "DU1".parse().unwrap(), "AAPL".parse().unwrap(), side, hundred, kind);
/// // A future for its stock, at 35 hundredths of a percent between them.
/// let mut exchange = order(Side::Buy, OrderKind::Market);
/// exchange.attributes.physical = Some(PhysicalExchange {
///     basis_points: Some("35".parse()?),
///     basis_points_type: Some(1),
///     future: Some(ContractId::new(95_673_230)),
/// });
/// assert!(exchange.check().is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhysicalExchange {
    /// The price, in hundredths of a percent.
    pub basis_points: Option<Decimal>,
    /// The step of that price, by the broker's number.
    pub basis_points_type: Option<u32>,
    /// The future, by the broker's number.
    pub future: Option<ContractId>,
}
