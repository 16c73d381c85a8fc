//! What becomes of a family when one of its orders is changed or cancelled: the broker may do to the others what nobody
//! asked for, or say that it did and not do it. So all of it is read back.

use super::{DeskError, DeskState, OrderDesk};
use crate::reconciliation::{Books, BrokerView, Holdings, reconcile};
use tradeport_kernel::OrderKey;
use tradeport_orders::Order;

impl OrderDesk {
    /// Reads the orders back after one of a family was changed or cancelled. What the broker shows otherwise is taken in,
    /// and is a break once it has stood for a while. What it does not answer is asked again with the next reconciliation.
    pub(super) async fn read_back(&self, changed: &Order) {
        if !self.has_family(changed).await {
            return;
        }
        if let Err(error) = self.read_orders_back().await {
            let key = changed.intent().key();
            tracing::warn!(%key, %error, "the family of a changed order was not read back");
        }
    }

    async fn has_family(&self, order: &Order) -> bool {
        let state = self.state().await;
        order.intent().parent().is_some() || has_live_child(&state, order.intent().key())
    }

    async fn read_orders_back(&self) -> Result<(), DeskError> {
        let asked = self.ports.clock.now();
        let open = self.ports.gateway.open_orders().await?;
        let completed = self.ports.gateway.completed_orders().await?;
        // What was said meanwhile comes first: it may be what the lists already show.
        self.take_in_waiting().await?;
        let now = self.ports.clock.now();
        let mut state = self.state().await;
        self.take_in_told(&mut state, &[], (completed.rows(), open.rows(), asked), now).await?;
        let view = BrokerView::of(open.epoch()).with_open(open).with_completed(completed);
        let findings = reconcile(&Books::of(state.book(), Holdings::default()), &view);
        state.take_in(&findings, now, self.settings.patience);
        self.keep_breaks(&mut state).await
    }
}

fn has_live_child(state: &DeskState, key: &OrderKey) -> bool {
    let mut live = state.live().into_iter().filter_map(|key| state.book().get(key));
    live.any(|order| order.intent().parent() == Some(key))
}
