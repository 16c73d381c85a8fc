//! Numbers for orders that outlive a process: none is used twice, whatever TWS or we forget.
//!
//! TWS tells the next number when a connection begins, and forgets orders that it does not hold any more; its counter can
//! also be set back by hand. So numbers are set aside before they are used, many at once, and durably: what is used next is
//! above all that was ever set aside, and never below what TWS asks for. A number is spent once it was written, whatever
//! becomes of its order.
//!
//! Left out: where they are kept.

use crate::orders::Desk;
use crate::session::Tools;
use async_trait::async_trait;
use tradeport_kernel::Cause;

/// So many are set aside at once: one durable write for as many orders.
const AT_ONCE: i32 = 1_000;

/// Where the numbers of one client's orders are set aside.
#[async_trait]
pub trait NumberReserve: Send + Sync {
    /// Sets `count` numbers aside, and returns the first once that is durable: above all that were ever set aside, and not
    /// below `least`.
    async fn reserve(&self, least: i32, count: i32) -> Result<i32, Cause>;
}

/// No number is left below those of the library's requests.
#[derive(Debug, thiserror::Error)]
#[error("no number is left for another order: have TWS reset its order ids")]
struct UsedUp;

/// Sees to it that the next order has a number, by whoever has the turn to send.
pub(crate) async fn provide(tools: &Tools, desk: &Desk) -> Result<(), Cause> {
    let Some(least) = desk.wants_numbers(tools.numbers.is_some()) else { return Ok(()) };
    if least > LAST_NUMBER - AT_ONCE {
        return Err(UsedUp.into());
    }
    let Some(reserve) = &tools.numbers else { return Ok(()) };
    let first = reserve.reserve(least, AT_ONCE).await?;
    let until = first.checked_add(AT_ONCE).filter(|until| first >= least && *until <= LAST_NUMBER);
    desk.numbers_set_aside(first, until.ok_or(UsedUp)?);
    Ok(())
}

/// The library's numbers for requests begin above.
pub(crate) const LAST_NUMBER: i32 = 1_499_999_999;
