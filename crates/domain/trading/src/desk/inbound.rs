//! What comes in: the broker's words, in the order in which they arrived.

use super::{DeskError, DeskState, OrderDesk};
use crate::AuditEntry;
use crate::audit::foreign_line;
use futures::{FutureExt, select_biased};
use tradeport_kernel::{OrderKey, Timestamp};
use tradeport_orders::{BrokerEvent, BrokerNews, JournalEntry, OrderInput, OrderState};

/// So many events are journalled in one go at most.
const MOST_AT_ONCE: usize = 1_000;

impl OrderDesk {
    /// Takes in every word of the broker that is there already, without waiting; how many there were.
    pub async fn pump(&self) -> Result<usize, DeskError> {
        let mut taken = 0;
        loop {
            let events = self.ear.ready(MOST_AT_ONCE);
            if events.is_empty() {
                return Ok(taken);
            }
            taken += events.len();
            self.take_in(&events).await?;
        }
    }

    /// Takes in what is there already.
    pub(super) async fn take_in_waiting(&self) -> Result<(), DeskError> {
        let events = self.ear.ready(MOST_AT_ONCE);
        if events.is_empty() { Ok(()) } else { self.take_in(&events).await }
    }

    /// Takes in the broker's words as they come, until `stop` completes or the broker says no more.
    pub async fn run(&self, stop: impl Future<Output = ()> + Send) -> Result<(), DeskError> {
        let mut stop = std::pin::pin!(stop.fuse());
        loop {
            let event = select_biased! {
                () = stop => None,
                event = self.ear.next().fuse() => event,
            };
            let Some(event) = event else { return self.pump().await.map(drop) };
            self.take_in(&[event]).await?;
            self.pump().await?;
        }
    }

    /// The same over every epoch: where the broker says no more, it goes on once the desk was resumed. One listener at a
    /// time.
    pub async fn follow(&self, stop: impl Future<Output = ()> + Send) -> Result<(), DeskError> {
        let mut stop = std::pin::pin!(stop.fuse());
        loop {
            let event = select_biased! {
                () = stop => return self.pump().await.map(drop),
                event = self.ear.next_ever().fuse() => event,
            };
            self.take_in(&[event]).await?;
            self.pump().await?;
        }
    }

    async fn take_in(&self, events: &[BrokerEvent]) -> Result<(), DeskError> {
        let now = self.ports.clock.now();
        let mut state = self.state().await;
        let named: Vec<_> = events.iter().filter_map(|event| event.key.clone()).collect();
        self.recall(&mut state, &named).await?;
        let mut entries = Vec::with_capacity(events.len());
        let mut lines = Vec::new();
        for event in events {
            let ours = event.key.as_ref().filter(|key| state.book().get(key).is_some());
            match ours {
                Some(key) => {
                    entries.push(JournalEntry::happened(key.clone(), input_of(&event.news), now));
                }
                None => lines.extend(self.foreign(&mut state, event, now)),
            }
        }
        let waiting = in_state(&state, &named, OrderState::CancelPending);
        if !entries.is_empty() {
            self.keep(&mut state, &entries).await?;
        }
        // What has made an order smaller may have been said in the same breath.
        let shrunk = state.shrunk_by(events, now);
        if !shrunk.is_empty() {
            self.keep(&mut state, &shrunk).await?;
        }
        self.audit_all(lines).await?;
        self.look_for_alarms(&mut state, &entries).await?;
        let again = [OrderState::Held, OrderState::Working].map(|alive| in_state(&state, &waiting, alive));
        drop(state);
        self.cancel_again(&again.concat()).await?;
        self.checkpoint_when_due().await;
        Ok(())
    }

    /// Money of an order that is not ours still moves the account; what the log says of it.
    fn foreign(&self, state: &mut DeskState, event: &BrokerEvent, now: Timestamp) -> Option<AuditEntry> {
        let (events, line) = match &event.news {
            BrokerNews::Executed(execution) => {
                let events = state.foreign_trade(execution);
                let line = foreign_line(&self.settings.actor, now, execution);
                // One that was known already moves nothing.
                let line = (!events.is_empty()).then_some(line);
                (events, line)
            }
            BrokerNews::Charged(commission) => (state.foreign_charge(commission), None),
            BrokerNews::Status(status) => {
                state.note_status_of_others(None, status);
                (Vec::new(), None)
            }
        };
        events.iter().for_each(|event| self.bus.publish(event));
        line
    }
}

/// Those of these orders that stand there.
fn in_state(state: &DeskState, keys: &[OrderKey], wanted: OrderState) -> Vec<OrderKey> {
    let stands = |key: &&OrderKey| state.book().get(key).is_some_and(|order| order.state() == wanted);
    keys.iter().filter(stands).cloned().collect()
}

fn input_of(news: &BrokerNews) -> OrderInput {
    match news {
        BrokerNews::Status(status) => OrderInput::Status { status: status.clone() },
        BrokerNews::Executed(execution) => OrderInput::Executed { execution: execution.clone() },
        BrokerNews::Charged(commission) => OrderInput::Charged { commission: commission.clone() },
    }
}
