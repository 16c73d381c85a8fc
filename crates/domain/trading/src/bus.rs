//! The event bus: what happened, told to whoever listens.
//!
//! Events are never dropped one by one. A listener that falls behind by more than its queue holds is cut off, and told
//! so as its last event: it then reads the journal and subscribes again, instead of trusting a story with holes.

use futures::channel::mpsc;
use futures::stream::{BoxStream, StreamExt};
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tradeport_connection::LinkChange;
use tradeport_kernel::{Money, OrderKey};
use tradeport_orders::{BrokenRule, Execution, ExecutionId, OrderState};
use tradeport_portfolio::{PerformanceRecord, PortfolioSnapshot};
use tradeport_risk::{RiskRefusal, Switch};

/// Something that happened on the platform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum PlatformEvent {
    /// An order changed its state.
    OrderMoved {
        /// Which.
        key: OrderKey,
        /// From where.
        from: OrderState,
        /// To where.
        to: OrderState,
    },
    /// The risk gate stopped an intent.
    RiskRefused {
        /// Which.
        key: OrderKey,
        /// Why.
        refusal: RiskRefusal,
    },
    /// Validation stopped an intent: the broker would not have taken it.
    ValidationRefused {
        /// Which.
        key: OrderKey,
        /// Why.
        broken: Vec<BrokenRule>,
    },
    /// Something traded.
    Executed {
        /// What.
        execution: Execution,
    },
    /// An execution's cost became known, or changed by this much.
    Charged {
        /// Which execution.
        execution: ExecutionId,
        /// How much.
        amount: Money,
    },
    /// Something about an order does not fit; a person should look.
    Anomaly {
        /// Which order, if it is ours.
        key: Option<OrderKey>,
        /// What.
        text: String,
    },
    /// The portfolio at a moment.
    Portfolio {
        /// The snapshot.
        snapshot: PortfolioSnapshot,
    },
    /// How the portfolio goes.
    Performance {
        /// The figures.
        record: PerformanceRecord,
    },
    /// The kill switch was killed or resumed.
    Switched {
        /// How it stands now.
        switch: Switch,
    },
    /// The link was established, lost or recovered, or something about it failed.
    Link {
        /// What.
        change: LinkChange,
    },
    /// This listener fell behind and hears nothing more.
    CutOff,
}

/// Events in the order in which they happened. Dropping it ends the subscription.
pub type PlatformEvents = BoxStream<'static, PlatformEvent>;

struct Listener {
    queue: mpsc::Sender<PlatformEvent>,
    cut_off: Arc<AtomicBool>,
}

/// Passes events to all listeners; cheap to clone.
#[derive(Clone)]
pub struct EventBus {
    listeners: Arc<Mutex<Vec<Listener>>>,
    capacity: usize,
}

impl Default for EventBus {
    fn default() -> Self {
        Self::with_capacity(100_000)
    }
}

impl EventBus {
    /// A bus whose listeners may each fall behind by `capacity` events.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self { listeners: Arc::default(), capacity }
    }

    /// Tells everybody.
    pub fn publish(&self, event: &PlatformEvent) {
        let mut listeners = self.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        listeners.retain_mut(|listener| match listener.queue.try_send(event.clone()) {
            Ok(()) => true,
            Err(failed) => {
                listener.cut_off.store(failed.is_full(), Ordering::Release);
                false
            }
        });
    }

    /// Listens, from now on.
    #[must_use]
    pub fn subscribe(&self) -> PlatformEvents {
        let (queue, events) = mpsc::channel(self.capacity);
        let cut_off = Arc::new(AtomicBool::new(false));
        let listener = Listener { queue, cut_off: Arc::clone(&cut_off) };
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(listener);
        let last =
            futures::stream::once(
                async move { cut_off.load(Ordering::Acquire).then_some(PlatformEvent::CutOff) },
            );
        events.chain(last.filter_map(std::future::ready)).boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    fn event(number: usize) -> PlatformEvent {
        PlatformEvent::Anomaly { key: None, text: number.to_string() }
    }

    fn ready(events: &mut PlatformEvents) -> Vec<PlatformEvent> {
        std::iter::from_fn(|| events.next().now_or_never().flatten()).collect()
    }

    #[test]
    fn every_listener_hears_everything_from_its_subscription_on() {
        let bus = EventBus::default();
        let mut early = bus.subscribe();
        bus.publish(&event(1));
        let mut late = bus.subscribe();
        bus.publish(&event(2));
        assert_eq!(ready(&mut early), [event(1), event(2)]);
        assert_eq!(ready(&mut late), [event(2)]);
    }

    #[test]
    fn a_listener_that_falls_behind_is_cut_off_and_told_so() {
        let bus = EventBus::with_capacity(2);
        let mut slow = bus.subscribe();
        for number in 0..10 {
            bus.publish(&event(number));
        }
        let heard = ready(&mut slow);
        let (last, story) = heard.split_last().unwrap();
        assert_eq!(*last, PlatformEvent::CutOff);
        assert_eq!(story, (0..story.len()).map(event).collect::<Vec<_>>(), "the story has a hole");
    }
}
