//! Cancelling: a wish, until the broker confirms it.

use super::to_send::{Errand, ToSend};
use super::{DeskError, OrderDesk, ShownOrder};
use futures::future::join_all;
use std::collections::BTreeSet;
use tradeport_kernel::{AccountId, OrderKey};
use tradeport_orders::{
    CancelError, CancelTag, ClearedCancel, JournalEntry, JournalReceipt, Order, OrderInput, RefusedBy,
};

/// The broker has the cancel of an order that had ended here.
#[derive(Debug, thiserror::Error)]
#[error("the order had ended here, and the broker lists it as one that may trade")]
struct StillListed;

/// What became of one order's cancel.
#[derive(Debug)]
pub struct Cancelled {
    /// Which order.
    pub key: OrderKey,
    /// The order as it stands now, or why the cancel did not get through.
    pub outcome: Result<Order, DeskError>,
}

impl OrderDesk {
    /// Asks to cancel an order, telling who wants it. The broker's answer comes as an event: until then it can still
    /// trade. Of a family all that is left of it is read back from the broker.
    ///
    /// An order that has ended here and is awake at the broker is read back as well. Errors: it may trade all the same.
    pub async fn cancel(&self, key: &OrderKey, tag: CancelTag) -> Result<Order, DeskError> {
        let order = self.cancel_alone(key, tag).await?;
        if self.state().await.is_awake(key) {
            self.look_what_is_left().await;
            self.asleep(key).await?;
        } else {
            self.read_back(&order).await;
        }
        Ok(self.order(key).await.unwrap_or(order))
    }

    /// No state of ours tells whether an order that has ended here is cancelled at the broker: its lists do.
    async fn asleep(&self, key: &OrderKey) -> Result<(), DeskError> {
        if self.state().await.is_awake(key) {
            return Err(DeskError::Cancel(CancelError::OutcomeUnknown(Box::new(StillListed))));
        }
        Ok(())
    }

    /// The broker had told that these are being cancelled, and now that they work: they are asked to be cancelled again.
    pub(super) async fn cancel_again(&self, keys: &[OrderKey]) -> Result<(), DeskError> {
        for key in keys {
            match self.cancel_alone(key, CancelTag::default()).await {
                // It has ended meanwhile, or what became of the cancel is kept with the order.
                Ok(_) | Err(DeskError::Ended { .. }) => {}
                Err(DeskError::Cancel(error)) => {
                    tracing::warn!(%key, %error, "an order that works in spite of its cancel was not cancelled");
                }
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }

    /// The same as [`Self::cancel`], of whatever it belongs to nothing is read back.
    pub(super) async fn cancel_alone(&self, key: &OrderKey, tag: CancelTag) -> Result<Order, DeskError> {
        let Some(order) = self.find(key).await? else { return Err(self.not_known(key).await) };
        if order.state().is_final() && !order.may_revive() && !self.state().await.is_awake(key) {
            return Err(DeskError::Ended { key: key.clone(), state: order.state() });
        }
        let noted = self.happened(key, OrderInput::CancelRequested { tag: tag.clone() }).await?;
        let to_send = noted.cancel.ok_or_else(|| DeskError::UnknownOrder(key.clone()))?;
        self.send_cancel(&order, tag, &noted.receipt, to_send).await
    }

    /// The journal has no such order; the broker may have shown one of others by that name.
    async fn not_known(&self, key: &OrderKey) -> DeskError {
        let state = self.state().await;
        let others = state.reconciled.iter().flat_map(|it| &it.others);
        let is_it = |it: &&ShownOrder| {
            it.key.as_ref() == Some(key)
                || it.perm_id.is_some_and(|number| number.to_string() == key.as_str())
        };
        match others.into_iter().find(is_it) {
            Some(it) => DeskError::NotOurs {
                key: key.clone(),
                origin: it.origin,
                what: format!("{} {} {}", it.side, it.size, it.symbol),
            },
            None => DeskError::UnknownOrder(key.clone()),
        }
    }

    /// Asks to cancel every order that may still trade, of one account or of all, those among them that have ended here and are
    /// awake at the broker. All wishes are kept first, in one go; one that does not get through does not keep the others back.
    pub async fn cancel_all(
        &self,
        account: Option<&AccountId>,
        tag: CancelTag,
    ) -> Result<Vec<Cancelled>, DeskError> {
        let (orders, awake, (receipts, to_send)) = {
            let mut state = self.state().await;
            let now = self.ports.clock.now();
            let live = state.live().into_iter().filter_map(|key| state.book().get(key));
            let is_wanted = |order: &&Order| account.is_none_or(|one| order.intent().account() == one);
            let awake: BTreeSet<OrderKey> =
                state.awake().filter(is_wanted).map(|order| order.intent().key().clone()).collect();
            let woken = awake.iter().filter_map(|key| state.book().get(key));
            let orders: Vec<Order> = live.filter(is_wanted).chain(woken).cloned().collect();
            let wish = |order: &Order| {
                let input = OrderInput::CancelRequested { tag: tag.clone() };
                JournalEntry::happened(order.intent().key().clone(), input, now)
            };
            let wishes: Vec<JournalEntry> = orders.iter().map(wish).collect();
            if wishes.is_empty() {
                return Ok(Vec::new());
            }
            let errands = orders.iter().map(|order| (order.intent().key().clone(), Errand::Cancel));
            let kept = self.keep_to_send(&mut state, wishes, errands.collect()).await?;
            (orders, awake, kept)
        };
        // All at once: the last does not wait for the broker's word on the first.
        let sent = orders.iter().zip(&receipts).zip(to_send).map(async |((order, receipt), to_send)| {
            let outcome = self.send_cancel(order, tag.clone(), receipt, to_send).await;
            Cancelled { key: order.intent().key().clone(), outcome }
        });
        let mut cancelled = join_all(sent).await;
        if !awake.is_empty() {
            self.look_what_is_left().await;
        }
        for one in cancelled.iter_mut().filter(|one| one.outcome.is_ok() && awake.contains(&one.key)) {
            if let Err(error) = self.asleep(&one.key).await {
                one.outcome = Err(error);
            }
        }
        Ok(cancelled)
    }

    /// Sends a cancel whose wish is kept, and keeps what became of it.
    async fn send_cancel(
        &self,
        order: &Order,
        tag: CancelTag,
        receipt: &JournalReceipt,
        mut to_send: ToSend,
    ) -> Result<Order, DeskError> {
        let key = order.intent().key();
        let detail = match &tag.operator {
            Some(operator) => format!("asked for by {operator}"),
            None => String::new(),
        };
        let cancel = ClearedCancel::by_desk(key.clone(), order.perm_id(), order.broker_order_id(), receipt)?;
        to_send.leaves();
        let sent = self.ports.gateway.cancel(&cancel.tagged(tag)).await;
        to_send.told();
        if let Err(
            CancelError::Refused { .. }
            | CancelError::NotSent(_)
            | CancelError::NoSuchOrder(_)
            | CancelError::Unsupported(_),
        ) = &sent
        {
            let reason = sent.as_ref().err().map(ToString::to_string).unwrap_or_default();
            let left = !matches!(&sent, Err(CancelError::NotSent(_) | CancelError::Unsupported(_)));
            let by = if left { RefusedBy::Broker } else { RefusedBy::Us };
            self.happened(key, OrderInput::CancelRefused { reason, by }).await?;
        }
        self.audit("cancel sent", key, detail).await?;
        sent?;
        self.order(key).await.ok_or_else(|| DeskError::UnknownOrder(key.clone()))
    }
}
