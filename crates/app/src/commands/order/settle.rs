//! After an order has left: waiting for what comes at once, keeping the broker's state, and saying what became of it.

use super::outcome::{Stopper, report, unknown};
use super::view::OrderView;
use super::{NOT_SENT, is_unkept, not_done};
use crate::Session;
use crate::exit::Exit;
use crate::wiring::Platform;
use std::time::Duration;
use tradeport_kernel::OrderKey;
use tradeport_orders::{Order, OrderKind, OrderState};
use tradeport_trading::{DeskError, Placed};

/// So long an order that should trade at once is watched before it is reported as it stands.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// Nothing was sent; what traded while nobody looked is kept all the same.
pub(super) async fn after_closing(error: anyhow::Error, platform: Platform) -> anyhow::Error {
    close(platform).await;
    error
}

/// From here on nothing may hide what became of an order.
pub(super) async fn close(platform: Platform) {
    if let Err(error) = platform.close().await {
        tracing::warn!(error = format!("{error:#}"), "the platform did not close in good order");
    }
}

/// Waits for what comes at once, saves the broker's state, and reports.
pub(super) async fn conclude(
    placed: Result<Placed, DeskError>,
    key: &OrderKey,
    platform: Platform,
    session: &Session,
) -> anyhow::Result<Exit> {
    let settled = match placed {
        Ok(placed) => settle_one(placed, &platform, session).await,
        Err(error) => Err(error.into()),
    };
    let settled = match settled {
        Err(error) => Err(outcome_of_failing(error, key, &platform).await),
        settled => settled,
    };
    let stopper = match &settled {
        Ok(placed) => Stopper::of(placed, &platform).await,
        Err(_) => None,
    };
    if let Ok(placed) = &settled {
        keep_value(std::slice::from_ref(placed), &platform).await;
    }
    close(platform).await;
    report(&settled?, stopper, session)
}

/// The order as it stands once what comes at once has come.
pub(super) async fn settle_one(
    placed: Placed,
    platform: &Platform,
    session: &Session,
) -> anyhow::Result<Placed> {
    let order = settled(placed.order.clone(), platform, session).await?;
    Ok(Placed { order, ..placed })
}

/// While an order's outcome is unknown, so is what the portfolio is worth.
pub(super) async fn keep_value(placed: &[Placed], platform: &Platform) {
    let known = |one: &Placed| !one.repeat && one.order.state() != OrderState::Unknown;
    if placed.iter().all(known)
        && let Err(error) = platform.keep_value().await
    {
        tracing::warn!(error = format!("{error:#}"), "what the portfolio is worth was not kept");
    }
}

/// A failure after the order had left is not a failure of the order: what became of it has to be asked.
pub(super) async fn outcome_of_failing(
    error: anyhow::Error,
    key: &OrderKey,
    platform: &Platform,
) -> anyhow::Error {
    let after_sending = match error.downcast_ref::<DeskError>() {
        None => true,
        Some(error) => {
            matches!(error, DeskError::AnswerNotKept { .. })
                || matches!(error, DeskError::Journal(_) | DeskError::Audit(_) | DeskError::Replay(_))
                || matches!(error, DeskError::Portfolio(_) | DeskError::Gateway(_) | DeskError::NotCleared(_))
        }
    };
    let order = platform.desk().order(key).await.filter(|_| after_sending);
    let dead = [OrderState::Recorded, OrderState::Refused, OrderState::NotSent];
    match order.filter(|order| !dead.contains(&order.state())) {
        None if is_unkept(&error) => not_done(NOT_SENT, error),
        Some(order) => unknown(&OrderView::of(&order).words(), key, "what became of it could not be kept")
            .because(error)
            .into(),
        None => error,
    }
}

/// Waits until an order that should trade at once has, or a cancel was answered.
pub(super) async fn settled(
    mut order: Order,
    platform: &Platform,
    session: &Session,
) -> anyhow::Result<Order> {
    let clock = session.clock();
    let deadline = clock.now().after(PATIENCE);
    platform.take_in().await?;
    loop {
        if let Some(now) = platform.desk().order(order.intent().key()).await {
            order = now;
        }
        let waits = match order.state() {
            OrderState::CancelPending => true,
            OrderState::Working => *order.kind() == OrderKind::Market,
            _ => false,
        };
        if !waits || clock.now() >= deadline || session.stop().is_asked() {
            return Ok(order);
        }
        platform.next_tick().await?;
    }
}
