//! Before an expected outage: what rests and protects nothing may be called off.
//!
//! Orders at the broker live through an outage, and can trade in it while nobody looks. One that protects a position must
//! stay; of the others a user may decide. Left out: when the time has come, which is the link's supervisor's.

use super::{Cancelled, DeskError, OrderDesk};
use crate::desk::state::DeskState;
use serde::{Deserialize, Serialize};
use tradeport_kernel::{Decimal, OrderKey};
use tradeport_orders::{CancelTag, Order, OrderState, Side};

/// What becomes of resting orders before an expected outage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrainPolicy {
    /// They stay where they are.
    #[default]
    Keep,
    /// Those that protect no position are cancelled.
    CancelUnprotective,
}

impl OrderDesk {
    /// Asks to cancel what the policy wants gone; each that was asked for, and what became of it.
    pub async fn drain(&self, policy: DrainPolicy, tag: CancelTag) -> Result<Vec<Cancelled>, DeskError> {
        if policy == DrainPolicy::Keep {
            return Ok(Vec::new());
        }
        let keys = {
            let state = self.state().await;
            to_drain(&state)
        };
        let mut outcomes = Vec::with_capacity(keys.len());
        for key in keys {
            let outcome = self.cancel_alone(&key, tag.clone()).await;
            outcomes.push(Cancelled { key, outcome });
        }
        Ok(outcomes)
    }
}

/// What rests and protects nothing. A child goes with its parent, so it is not asked for by itself.
fn to_drain(state: &DeskState) -> Vec<OrderKey> {
    let rests = |order: &&Order| matches!(order.state(), OrderState::Held | OrderState::Working);
    let waits_for_parent =
        |order: &Order| order.intent().parent().is_some_and(|parent| state.is_alive(parent));
    let live = state.live().into_iter().filter_map(|key| state.book().get(key)).filter(rests);
    let drained = live.filter(|order| !waits_for_parent(order) && !protects(state, order));
    drained.map(|order| order.intent().key().clone()).collect()
}

/// Does it only make a position smaller, or would what does go with it? What cannot be told, as of a combo, is taken to protect.
fn protects(state: &DeskState, order: &Order) -> bool {
    let intent = order.intent();
    if order.most_filled() > Decimal::ZERO
        && state.live_orders(intent.account(), intent.symbol()).any(|it| it.is_exit_of(order))
    {
        return true;
    }
    let is_combo = intent.instrument().is_none_or(|it| !it.description().legs.is_empty());
    let (Some(open), Some(portfolio)) = (order.open_quantity(), state.portfolio(intent.account())) else {
        return true;
    };
    // It takes out no more than others of its group have left, whether the broker has said so by now or not.
    let open = (open - state.traded_beside(order)).max(Decimal::ZERO);
    let held = portfolio.position(intent.symbol()).map_or(Decimal::ZERO, |it| it.quantity().as_decimal());
    let reduces = match intent.side() {
        Side::Buy => held < Decimal::ZERO,
        Side::Sell => held > Decimal::ZERO,
    };
    is_combo || (reduces && open <= held.abs())
}
