//! What every case of the gateway begins with and asks about.

use super::Harness;
use crate::fixtures::{self, quantity};
use crate::hearing::hear_until;
use tradeport_kernel::{Decimal, OrderKey, Timestamp};
use tradeport_orders::{
    BrokerEvent, BrokerNews, BrokerOrder, BrokerPhase, BrokerStatus, CancelError, Execution, OrderDraft,
    OrderEvents, OrderGateway, OrderKind, Side,
};

/// A fresh gateway whose events are heard from the beginning.
pub(super) struct Stage<H> {
    pub(super) harness: H,
    events: OrderEvents,
    pub(super) heard: Vec<BrokerEvent>,
}

pub(super) const fn is_final(phase: BrokerPhase) -> bool {
    matches!(
        phase,
        BrokerPhase::Filled | BrokerPhase::Cancelled | BrokerPhase::Expired | BrokerPhase::Refused
    )
}

impl<H: Harness> Stage<H> {
    pub(super) async fn set() -> Self {
        let harness = H::fresh().await;
        let events = harness.gateway().events().await.expect("a linked gateway tells events");
        Self { harness, events, heard: Vec::new() }
    }

    pub(super) fn draft(&self, name: &str, kind: OrderKind) -> OrderDraft {
        let (account, symbol) = (self.harness.account(), self.harness.symbol());
        OrderDraft::new(fixtures::key(name), account, symbol, Side::Buy, quantity("10"), kind)
    }

    /// Sends an order that is taken.
    pub(super) async fn send(&self, draft: OrderDraft) -> OrderKey {
        let key = draft.key.clone();
        let order = fixtures::cleared_order(draft.check().expect("a good intent"));
        self.harness.gateway().submit(&order).await.expect("a linked gateway takes a good order");
        key
    }

    /// Sends a buy of 10 units that rests.
    pub(super) async fn rest(&self, name: &str) -> OrderKey {
        self.send(self.draft(name, self.harness.resting(Side::Buy))).await
    }

    pub(super) async fn cancel(&self, key: &OrderKey) -> Result<(), CancelError> {
        let broker = self.open().await.into_iter().find(|order| order.key.as_ref() == Some(key));
        let perm_id = broker.as_ref().and_then(|order| order.perm_id);
        let number = broker.and_then(|order| order.broker_order_id);
        self.harness.gateway().cancel(&fixtures::cleared_cancel(key, perm_id, number)).await
    }

    /// Listens until `enough` holds of everything heard so far, or nothing more comes.
    pub(super) async fn listen(&mut self, enough: impl Fn(&[BrokerEvent]) -> bool) {
        let before = std::mem::take(&mut self.heard);
        let all = |new: &[BrokerEvent]| enough(&[before.clone(), new.to_vec()].concat());
        let new = hear_until(&mut self.events, async || self.harness.settle().await, all).await;
        self.heard = [before, new.items].concat();
    }

    /// Lets everything that is under way arrive, whatever it is.
    pub(super) async fn hear_out(&mut self) {
        for _ in 0..3 {
            self.harness.settle().await;
        }
        self.listen(|_| true).await;
    }

    /// Listens until this order has ended; says so when it does not.
    pub(super) async fn until_ended(&mut self, key: &OrderKey) {
        self.listen(|heard| statuses_of(heard, key).iter().any(|status| is_final(status.phase))).await;
        self.hear_out().await;
        let ended = statuses_of(&self.heard, key).iter().any(|status| is_final(status.phase));
        assert!(ended, "order {key} never ended: heard {:?}", self.heard);
    }

    /// Listens until this many units of the order have traded; says so when they do not.
    pub(super) async fn until_traded(&mut self, key: &OrderKey, units: u32) {
        let units = Decimal::from(units);
        self.listen(|heard| traded(heard, key) >= units).await;
        self.hear_out().await;
        let traded = traded(&self.heard, key);
        assert!(traded >= units, "{traded} of {units} units of {key} were reported as traded");
    }

    /// Loses the link, makes it again, and hears what is said from then on.
    pub(super) async fn reconnect(&mut self) {
        self.harness.drop_link().await;
        self.back().await;
    }

    /// Makes the link again, and hears what is said from then on.
    pub(super) async fn back(&mut self) {
        self.listen(|_| true).await;
        self.harness.reconnect().await;
        self.events = self.harness.gateway().events().await.expect("a linked gateway tells events");
    }

    pub(super) async fn open(&self) -> Vec<BrokerOrder> {
        self.harness.gateway().open_orders().await.expect("a linked gateway tells its orders").into_rows()
    }

    pub(super) async fn is_open(&self, key: &OrderKey) -> bool {
        self.open().await.iter().any(|order| order.key.as_ref() == Some(key))
    }

    pub(super) async fn executions(&self, since: Timestamp) -> Vec<Execution> {
        let snapshot = self.harness.gateway().executions(since).await;
        snapshot.expect("a linked gateway tells its executions").into_rows()
    }

    pub(super) async fn executions_of(&self, key: &OrderKey) -> Vec<Execution> {
        let mut all = self.executions(Timestamp::EPOCH).await;
        all.retain(|execution| execution.key.as_ref() == Some(key));
        all
    }
}

pub(super) fn of<'a>(heard: &'a [BrokerEvent], key: &OrderKey) -> impl Iterator<Item = &'a BrokerEvent> {
    heard.iter().filter(move |event| event.key.as_ref() == Some(key))
}

pub(super) fn statuses_of<'a>(heard: &'a [BrokerEvent], key: &OrderKey) -> Vec<&'a BrokerStatus> {
    let status = |event: &'a BrokerEvent| match &event.news {
        BrokerNews::Status(status) => Some(status),
        _ => None,
    };
    of(heard, key).filter_map(status).collect()
}

/// Executions as they were reported: one that comes twice is here twice.
pub(super) fn executions_in<'a>(heard: &'a [BrokerEvent], key: &OrderKey) -> Vec<&'a Execution> {
    let execution = |event: &'a BrokerEvent| match &event.news {
        BrokerNews::Executed(execution) => Some(execution),
        _ => None,
    };
    of(heard, key).filter_map(execution).collect()
}

/// How much of the order has traded; the legs of a combo do not count on top of it.
pub(super) fn traded(heard: &[BrokerEvent], key: &OrderKey) -> Decimal {
    let of_the_order = executions_in(heard, key).into_iter().filter(|execution| execution.part.fills_order());
    of_the_order.map(|execution| execution.quantity.as_decimal()).sum()
}
