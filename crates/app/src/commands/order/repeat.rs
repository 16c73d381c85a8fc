//! The same key again while the broker cannot be reached: what was placed under it the journal knows.

use super::by_service::kept_order;
use super::outcome::{Stopper, report};
use super::worded::Worded;
use crate::Session;
use crate::exit::Exit;
use crate::fault::Report;
use crate::wiring::read_orders;
use tradeport_orders::{OrderInput, OrderJournal, OrderState};
use tradeport_sqlite::OpenError;
use tradeport_trading::{DeskError, Placed};

/// What became of an order that was placed by these words before, as the journal has it, and of when that is. Without one, or
/// where only the broker can say what the words mean: why the broker could not be asked.
pub(super) async fn told_before(
    worded: &Worded,
    error: anyhow::Error,
    session: &Session,
) -> anyhow::Result<Exit> {
    let is_of_ours = error.downcast_ref::<OpenError>().is_some() || Report::of(&error).exit() == Exit::Usage;
    let key = &worded.heading.key;
    let Some(mut order) = (if is_of_ours { None } else { kept_order(key, session).await.ok().flatten() })
    else {
        return Err(error);
    };
    let Some(meant) = worded.meant_by(order.intent(), session)? else { return Err(error) };
    if meant != *order.intent() {
        return Err(DeskError::KeyReused(key.clone()).into());
    }
    let at = order.updated_at();
    // Whoever sent it may have died before the answer came.
    if matches!(order.state(), OrderState::Recorded | OrderState::Sent) {
        order.apply(&OrderInput::LinkLost, session.clock().now());
    }
    session
        .output()
        .say(&format!("note: as of {at}: the broker could not be asked: {}", Report::of(&error).message));
    let placed = Placed::before(order);
    let records = match read_orders(session)? {
        Some(stores) => stores.journal().of(key).await?,
        None => Vec::new(),
    };
    report(&placed, Stopper::by(&placed, &records), session)
}
