//! Executions and what they cost.

use crate::Side;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use tradeport_kernel::{AccountId, Money, OrderKey, PermId, Price, Quantity, Symbol, Timestamp};

/// The identity of an execution: a root, and a revision that grows when the exchange corrects it. The highest revision
/// of a root is the one that counts.
///
/// ```
/// use tradeport_orders::ExecutionId;
///
/// // A correction has the same root as what it corrects.
/// let first = ExecutionId::new("0000e0d5.6583ffab.01", 1);
/// let corrected = ExecutionId::new("0000e0d5.6583ffab.01", 2);
/// assert_eq!(corrected.to_string(), "0000e0d5.6583ffab.01.02");
/// assert_eq!(first.root(), corrected.root());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ExecutionId {
    root: Arc<str>,
    revision: u32,
}

impl ExecutionId {
    /// The execution `root` in its `revision`, 1 for the first.
    #[must_use]
    pub fn new(root: &str, revision: u32) -> Self {
        Self { root: Arc::from(root), revision }
    }

    /// What all revisions share.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.root
    }

    /// Which version it is.
    #[must_use]
    pub const fn revision(&self) -> u32 {
        self.revision
    }
}

impl fmt::Display for ExecutionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.root, self.revision)
    }
}

/// Which part of a trade an execution tells.
///
/// A combo trades at one price, and that trade is made of trades in its legs. IB tells both: an execution whose contract
/// is the combo (security type `BAG`), with the combo's side, quantity and net price, and one execution for each leg,
/// with the leg's own. The first is what the order asked for, the others are what the account holds and pays for
/// afterwards: counting both in one place would count the money twice.
///
/// | | fills the order | moves a position and cash | is charged |
/// | --- | --- | --- | --- |
/// | `Whole` | yes | yes | yes |
/// | `Combo` | yes | no | no |
/// | `Leg` | no | yes | yes |
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExecutedPart {
    /// All of it: the trade of anything but a combo. Documents that say nothing mean this.
    #[default]
    Whole,
    /// The combo's own trade, at its net price.
    Combo,
    /// The trade of one leg.
    Leg,
}

impl ExecutedPart {
    /// Does it count for what its order has filled, and for the order's average price?
    #[must_use]
    pub const fn fills_order(self) -> bool {
        matches!(self, Self::Whole | Self::Combo)
    }

    /// Does it change what an account holds, its cash, and is it charged?
    #[must_use]
    pub const fn moves_position(self) -> bool {
        matches!(self, Self::Whole | Self::Leg)
    }

    /// For documents: what says nothing is all of it.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
    const fn is_whole(&self) -> bool {
        matches!(self, Self::Whole)
    }
}

/// A trade that happened: money. It counts whatever the order's status says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Execution {
    /// Its identity.
    pub id: ExecutionId,
    /// The order of ours that it belongs to; `None` for an order that we did not send.
    pub key: Option<OrderKey>,
    /// The broker's number of the order.
    pub perm_id: PermId,
    /// Whose.
    pub account: AccountId,
    /// Of what.
    pub symbol: Symbol,
    /// Which way.
    pub side: Side,
    /// How much.
    pub quantity: Quantity,
    /// At what price.
    pub price: Price,
    /// When, by the broker's clock.
    pub at: Timestamp,
    /// Which part of the trade it tells.
    #[serde(default, skip_serializing_if = "ExecutedPart::is_whole")]
    pub part: ExecutedPart,
}

/// What an execution cost; it may come long after the execution, or never. Of a combo the legs are charged, so what an
/// order cost is the sum over all of its executions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commission {
    /// For which execution.
    pub execution: ExecutionId,
    /// How much was charged; negative for a rebate.
    pub amount: Money,
}
