//! Exchanges of futures for physical stock.

use serde::{Deserialize, Serialize};
use tradeport_contracts::ContractId;
use tradeport_kernel::Decimal;

/// The price of an exchange of a future for physical stock, and the future that it refers to.
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
