//! The same key again while the broker cannot be reached: what was placed under it the journal knows.

use super::by_service::kept_order;
use super::outcome::Stopper;
use crate::Session;
use crate::exit::Exit;
use crate::fault::Report;
use crate::wiring::read_orders;
use tradeport_kernel::{AccountId, OrderKey, Timestamp};
use tradeport_orders::{Order, OrderInput, OrderIntent, OrderJournal, OrderState};
use tradeport_sqlite::OpenError;
use tradeport_trading::{DeskError, Placed};

/// What words mean now that an order was placed under their key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// That very order.
    ThatOrder,
    /// Another one.
    Another,
    /// Nobody knows who cannot ask the broker which contracts they name.
    OnlyTheBrokerKnows,
}

impl Meant {
    /// The one or the other.
    pub(super) const fn that_if(is_same: bool) -> Self {
        if is_same { Self::ThatOrder } else { Self::Another }
    }
}

/// What became of an order that was placed by these words before, as the journal has it, and of when that is. Without one, or
/// where only the broker can say what the words mean: why the broker could not be asked.
pub(super) async fn told_before(
    key: &OrderKey,
    error: anyhow::Error,
    session: &Session,
    meant_by: impl FnOnce(&OrderIntent) -> anyhow::Result<Meant>,
) -> anyhow::Result<(Placed, Option<Stopper>)> {
    let Some(order) = kept_where_away(key, &error, session).await else { return Err(error) };
    let error = same_or(error, key, meant_by(order.intent())?, session)?;
    as_of(order.updated_at(), &error, session);
    as_kept(order, session).await
}

/// An order as the journal has it, where it is the broker that could not be asked.
pub(super) async fn kept_where_away(
    key: &OrderKey,
    error: &anyhow::Error,
    session: &Session,
) -> Option<Order> {
    let is_of_ours = error.downcast_ref::<OpenError>().is_some() || Report::of(error).exit() == Exit::Usage;
    if is_of_ours { None } else { kept_order(key, session).await.ok().flatten() }
}

/// Why the broker could not be asked, where the words mean what was placed. Errors: they mean something else, or nobody knows
/// what they mean: then that the broker could not be asked.
pub(super) fn same_or(
    error: anyhow::Error,
    key: &OrderKey,
    meant: Meant,
    session: &Session,
) -> anyhow::Result<anyhow::Error> {
    match meant {
        Meant::ThatOrder => Ok(error),
        Meant::Another => Err(DeskError::KeyReused(key.clone()).into()),
        Meant::OnlyTheBrokerKnows => {
            session.output().say(&format!(
                "note: {key} was placed before; whether by these words only the broker can say: tradeport order show {key}"
            ));
            Err(error)
        }
    }
}

/// Says of when an answer is, and why it is none of now.
pub(super) fn as_of(at: Timestamp, error: &anyhow::Error, session: &Session) {
    let why = Report::of(error).message;
    session.output().say(&format!("note: as of {at}: the broker could not be asked: {why}"));
}

/// The first answer, and who stopped the order.
pub(super) async fn as_kept(
    mut order: Order,
    session: &Session,
) -> anyhow::Result<(Placed, Option<Stopper>)> {
    // Whoever sent it may have died before the answer came.
    if matches!(order.state(), OrderState::Recorded | OrderState::Sent) {
        order.apply(&OrderInput::LinkLost, session.clock().now());
    }
    let placed = Placed::before(order);
    let records = match read_orders(session)? {
        Some(stores) => stores.journal().of(placed.order.intent().key()).await?,
        None => Vec::new(),
    };
    let stopper = Stopper::by(&placed, &records);
    Ok((placed, stopper))
}

/// For whom words are that nobody can ask the broker about: where they do not say it, for whom the order was.
pub(super) fn account_meant(said: Option<&AccountId>, before: &OrderIntent, session: &Session) -> AccountId {
    said.or(session.config().known_account()).unwrap_or(before.account()).clone()
}
