//! Orders: placing, changing, cancelling, listing, and what becomes of them.
//!
//! An order is kept as it came and told back so; the exchange behind the server executes what it means. What the exchange
//! does not trade rests here until it is cancelled.
//!
//! Left out: allocation over several accounts.

mod book;
mod cancel;
mod change;
mod conditions;
mod effects;
mod executions;
mod exercise;
mod held;
mod list;
mod manual;
mod place;
mod presets;
mod preview;
mod reports;
mod send;
mod tell;

pub(crate) use book::Book;
pub(crate) use cancel::{cancel, global};
pub(crate) use effects::on_effects;
pub(crate) use executions::executions;
pub(crate) use exercise::exercise;
pub(crate) use list::{all_open, auto_open, completed, open};
pub(crate) use place::place;
pub(crate) use tell::plain;

use super::parts::Parts;
use crate::server::world::World;
use tradeport_fake_broker::house::{SyntheticMarket, TICK};
use tradeport_kernel::Timestamp;

/// Gives the exchange what has waited for this moment.
pub(crate) fn on_time(parts: &mut Parts<'_>) {
    parts.review_resting();
}

/// While anything waits for a moment or for conditions, the next tick of the market.
pub(crate) fn next_wake(book: &Book, world: &World) -> Option<Timestamp> {
    let waiting = book.all_live().any(send::needs_review);
    waiting.then(|| SyntheticMarket::tick_at(world.now()).after(TICK))
}

#[cfg(test)]
pub(in crate::server) mod tests;
