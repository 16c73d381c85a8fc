//! What is known, held against the broker.

use super::super::scenario::Halt;
use super::super::stage::Stage;
use tradeport_orders::{CancelTag, OrderState};
use tradeport_trading::ShownOrder;
use tradeport_trading::reconciliation::{Cause, Patience};

const RESTS: [OrderState; 2] = [OrderState::Working, OrderState::Held];

fn shown(order: &ShownOrder) -> String {
    let number = order.perm_id.map_or_else(|| "without a number yet".to_owned(), |it| it.to_string());
    format!("{} {number}", order.origin)
}

pub(super) async fn fits(stage: &mut Stage) -> Result<(), Halt> {
    let share = stage.quoted().await?;
    let draft = stage.far_below(&share)?;
    let key = draft.key.clone();
    stage.place(draft).await?;
    stage.settled(&key, &RESTS).await?;
    let found = stage.desk().reconcile(Some(Patience::NONE)).await?;
    stage.check("the order is among ours", found.ours, found.ours > 0);
    // An account that others use as well has orders of theirs, and cash moves without a trade: both are shown.
    let others: Vec<String> = found.others.iter().map(shown).collect();
    let seen = if others.is_empty() { "none".to_owned() } else { others.join(", ") };
    stage.check("orders of others are told apart", seen, true);
    let breaks = stage.desk().breaks().await;
    let of_orders: Vec<String> = breaks
        .iter()
        .filter(|it| !matches!(it.cause(), Cause::PositionMoved | Cause::CashMoved | Cause::OrphanOrder))
        .map(ToString::to_string)
        .collect();
    stage.check("no order of ours is told otherwise", of_orders.join("; "), of_orders.is_empty());
    let known = stage.desk().order(&key).await.map(|order| order.state());
    let seen = known.map_or_else(|| "gone".to_owned(), |state| state.to_string());
    stage.check("the order stands as it stood", seen, known.is_some_and(|state| RESTS.contains(&state)));
    stage.desk().cancel(&key, CancelTag::default()).await?;
    stage.settled(&key, &[OrderState::Cancelled]).await?;
    Ok(())
}
