use crate::catching::catches;
use async_trait::async_trait;
use futures::future::poll_fn;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;
use tradeport_conformance::clock::Harness;
use tradeport_kernel::{Clock, Timestamp};
use tradeport_memory::VirtualClock;

catches! { clock, clock_conformance:
    GoesBack: time_never_goes_back_between_two_calls,
    WaitsForThePast: a_deadline_in_the_past_returns_at_once,
    WakesEarly: it_never_returns_before_the_deadline,
    WakesInTheOrderOfAsking: sleepers_wake_in_the_order_of_their_deadlines,
}

const STEP: Duration = Duration::from_millis(1);

struct Broken {
    honest: VirtualClock,
    fault: Fault,
    calls: AtomicU64,
}

struct Fixture<const FAULT: usize>(Broken);

impl<const FAULT: usize> Harness for Fixture<FAULT> {
    type Clock = Broken;
    const STEP: Duration = STEP;
    async fn fresh() -> Self {
        let honest = VirtualClock::new(Timestamp::EPOCH);
        Self(Broken { honest, fault: FAULTS[FAULT], calls: AtomicU64::new(0) })
    }
    fn clock(&self) -> &Broken {
        &self.0
    }
    async fn pass(&self, by: Duration) {
        self.0.honest.advance(by);
    }
}

#[async_trait]
impl Clock for Broken {
    fn now(&self) -> Timestamp {
        let drift = Duration::from_nanos(self.calls.fetch_add(1, Ordering::Relaxed));
        if self.fault == Fault::GoesBack { self.honest.now().before(drift) } else { self.honest.now() }
    }
    async fn sleep_until(&self, deadline: Timestamp) {
        match self.fault {
            Fault::WaitsForThePast => {
                let next = self.honest.now().after(STEP);
                self.honest.sleep_until(deadline.max(next)).await;
            }
            Fault::WakesEarly => self.honest.sleep_until(deadline.before(STEP)).await,
            Fault::WakesInTheOrderOfAsking => {
                let asks_again = |context: &mut std::task::Context<'_>| {
                    context.waker().wake_by_ref();
                    if self.honest.now() >= deadline { Poll::Ready(()) } else { Poll::Pending }
                };
                poll_fn(asks_again).await;
            }
            _ => self.honest.sleep_until(deadline).await,
        }
    }
}
