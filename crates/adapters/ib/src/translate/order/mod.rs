//! Orders and cancels.
//!
//! What an order says goes across field for field; what only one connection knows does not belong to it: numbers of
//! orders come from a table of keys ([`OrderNumbers`]), and whether an order is to be transmitted follows from its
//! family. Account and key travel as `account` and `order_ref`.
//!
//! | of the platform | of the library |
//! | --- | --- |
//! | moments | UTC, or the time of a zone that is given ([`WrittenTime`]); whole seconds |
//! | decimals | the nearest float; refused when the float reads back as another number |
//! | an amount of money as the size | `cash_qty`, with a total quantity of zero |
//! | a size that follows the parent | a total quantity of zero |
//! | the name of a kind | the one documented first; the others (`STPLMT`, `STOP LIMIT`) are read |
//! | kinds `MOO` and `LOO` | `MKT` and `LMT` with the time in force `OPG` |
//! | whether preset children are wanted | their order numbers; their kind is always `PRESET` |
//!
//! What the library has no field for stands beside its order, in [`Unsent`], and the words of a cancel in [`CancelWords`]:
//! whoever sends must say that they cannot be sent.

mod attributes;
mod cancel;
mod conditions;
mod field;
mod from_ib;
mod kind;
mod numbers;
mod time;
mod to_ib;
mod told;
mod unsent;

pub use cancel::{CancelWords, cancel_from_ib, cancel_to_ib};
pub use from_ib::{ReceivedOrder, order_from_ib};
pub use numbers::OrderNumbers;
pub use time::WrittenTime;
pub use to_ib::{family_to_ib, order_to_ib};
pub use told::{
    OrderTerms, broker_order_from_ib, commission_from_ib, execution_from_ib, execution_id_from_ib,
    key_from_ib, phase_from_ib, preview_from_ib, status_from_ib, terms_from_ib, told_order,
};
pub use unsent::{CANNOT_SAY, IbOrder, Unsent};

use crate::translate::FromIbError;
use ibapi::orders::Order;
use tradeport_contracts::Instrument;
use tradeport_kernel::{Currency, Symbol};
use tradeport_orders::{OrderKind, TimeInForce};

/// What stands around an order and is not part of it.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The numbers of this connection's orders.
    pub numbers: &'a OrderNumbers,
    /// How moments are written.
    pub times: WrittenTime,
    /// The instrument's name on the platform.
    pub symbol: Symbol,
    /// What it is, from its contract, where its name alone does not say so (a combo).
    pub instrument: Option<&'a Instrument>,
    /// What the instrument is priced in; the currency of a size in money.
    pub currency: Currency,
    /// Where the order's contract is routed: its route, and whose algo a name means.
    pub route: &'a str,
}

/// How long an order stands, its moments in UTC where no zone is written with them.
pub(crate) fn time_in_force_from_ib(order: &Order, kind: &OrderKind) -> Result<TimeInForce, FromIbError> {
    from_ib::time_in_force(order, kind, WrittenTime::Utc)
}
