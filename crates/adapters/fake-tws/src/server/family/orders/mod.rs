//! Orders: placing, changing, cancelling, listing, and what becomes of them.
//!
//! An order is kept as it came and told back so; the exchange behind the server executes what it means. What the exchange
//! does not trade rests here until it is cancelled, or its time is over.

mod adjust;
mod book;
mod cancel;
mod change;
mod conditions;
mod effects;
mod executions;
mod exercise;
mod follow;
mod hedge;
mod held;
mod ids;
mod legs;
mod levers;
mod list;
mod manual;
mod neutral;
mod place;
mod presets;
mod preview;
mod reports;
mod scale;
mod send;
mod sharing;
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

/// While anything waits for conditions or follows the market, its next tick; else when the first order ends here.
pub(crate) fn next_wake(book: &Book, world: &World) -> Option<Timestamp> {
    let waiting = book.all_live().any(send::needs_review);
    let tick = waiting.then(|| SyntheticMarket::tick_at(world.now()).after(TICK));
    let resting = book.all_live().filter(|held| held.place == held::Place::Resting);
    [tick, resting.filter_map(|held| held.ends).min()].into_iter().flatten().min()
}

#[cfg(test)]
pub(in crate::server) mod tests;
