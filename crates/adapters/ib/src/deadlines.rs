//! When questions have waited long enough: one timer for all of them.
//!
//! Nearly every question is answered long before its time. A timer each would wake a thread of the runtime for every one,
//! only to be told that there is something to wait for later; one that is set stays set, and serves those that come after.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};
use tokio::sync::Notify;
use tradeport_kernel::{Clock, Timestamp};

pub(crate) struct Deadlines {
    clock: Arc<dyn Clock>,
    sooner: Arc<Notify>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What the driver sleeps until.
    armed: Option<Timestamp>,
    last: u64,
    waiting: BTreeMap<Place, Waker>,
}

/// When it is time, and one number for each of those who wait.
type Place = (Timestamp, u64);

impl Deadlines {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self { clock, sooner: Arc::default(), state: Mutex::default() })
    }

    /// Is over at that moment. Somebody must run the driver.
    pub(crate) fn until(&self, deadline: Timestamp) -> Until<'_> {
        Until { deadlines: self, place: self.place(deadline) }
    }

    /// Wakes somebody at that moment, whatever happens until then.
    pub(crate) fn call(&self, at: Timestamp, waker: Waker) {
        self.put(self.place(at), waker);
    }

    /// Wakes those whose time has come; to be run for as long as there is anybody.
    pub(crate) fn driver(self: &Arc<Self>) -> impl Future<Output = ()> + Send + use<> {
        let (weak, clock, sooner) = (Arc::downgrade(self), Arc::clone(&self.clock), Arc::clone(&self.sooner));
        async move {
            while let Some(next) = turn(&weak) {
                match next {
                    Some(at) => tokio::select! {
                        () = sooner.notified() => {}
                        () = clock.sleep_until(at) => {}
                    },
                    None => sooner.notified().await,
                }
            }
        }
    }

    fn place(&self, at: Timestamp) -> Place {
        let mut state = self.lock();
        state.last += 1;
        (at, state.last)
    }

    fn put(&self, place: Place, waker: Waker) {
        let is_sooner = {
            let mut state = self.lock();
            state.waiting.insert(place, waker);
            state.armed.is_none_or(|armed| place.0 < armed)
        };
        if is_sooner {
            self.sooner.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is one entry.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Deadlines {
    fn drop(&mut self) {
        self.sooner.notify_one();
    }
}

/// One turn of the driver: when the next one is; `None` when nobody is left.
fn turn(weak: &Weak<Deadlines>) -> Option<Option<Timestamp>> {
    let deadlines = weak.upgrade()?;
    let now = deadlines.clock.now();
    let (due, next) = {
        let mut state = deadlines.lock();
        let later = state.waiting.split_off(&(now, u64::MAX));
        let due = std::mem::replace(&mut state.waiting, later);
        state.armed = state.waiting.first_key_value().map(|((at, _), _)| *at);
        (due, state.armed)
    };
    // Not under the lock: waking may run code that waits again.
    due.into_values().for_each(Waker::wake);
    Some(next)
}

/// Waits for a moment.
pub(crate) struct Until<'a> {
    deadlines: &'a Deadlines,
    place: Place,
}

impl Future for Until<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let (deadline, _) = self.place;
        if self.deadlines.clock.now() >= deadline {
            return Poll::Ready(());
        }
        self.deadlines.put(self.place, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Until<'_> {
    fn drop(&mut self) {
        self.deadlines.lock().waiting.remove(&self.place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use futures::executor::LocalPool;
    use futures::task::LocalSpawnExt;
    use std::cell::RefCell;
    use std::rc::Rc;
    use tradeport_memory::VirtualClock;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn everybody_is_woken_in_time_by_one_timer() {
        let clock = VirtualClock::new(at(0));
        let deadlines = Deadlines::new(Arc::new(clock.clone()));
        let mut pool = LocalPool::new();
        pool.spawner().spawn_local(deadlines.driver()).expect("the pool runs");
        let over = Rc::new(RefCell::new(Vec::new()));
        for second in [9, 3, 5, 3] {
            let (deadlines, over) = (Arc::clone(&deadlines), Rc::clone(&over));
            let wait = async move {
                deadlines.until(at(second)).await;
                over.borrow_mut().push(second);
            };
            pool.spawner().spawn_local(wait).expect("the pool runs");
        }
        // Who was answered meanwhile needs no timer, and leaves none behind for those after it.
        let mut answered = Box::pin(deadlines.until(at(4)));
        assert!(answered.as_mut().now_or_never().is_none());
        drop(answered);
        for (second, so_far) in
            [(2, &[][..]), (3, &[3, 3]), (4, &[3, 3]), (5, &[3, 3, 5]), (9, &[3, 3, 5, 9])]
        {
            clock.advance_to(at(second));
            pool.run_until_stalled();
            assert_eq!(*over.borrow(), so_far, "at {second}");
        }
        assert_eq!((clock.next_deadline(), deadlines.lock().waiting.len()), (None, 0));
        drop(deadlines);
        // Returns only because the driver is over.
        pool.run();
    }
}
