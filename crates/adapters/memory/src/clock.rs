//! A clock that moves only when it is told to.
//!
//! Whoever drives it decides what happens between two moments: it wakes sleepers, and never waits for them.

use crate::shared::Shared;
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tradeport_kernel::{Clock, Timestamp};

/// Virtual time. Clones are handles of the same clock.
#[derive(Clone, Debug)]
pub struct VirtualClock(Shared<State>);

#[derive(Debug)]
struct State {
    now: Timestamp,
    sleepers: BTreeMap<Place, Waker>,
    next_number: u64,
}

/// By deadline; sleepers of one deadline in the order in which they fell asleep.
type Place = (Timestamp, u64);

impl VirtualClock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self(Shared::new(State { now, sleepers: BTreeMap::new(), next_number: 0 }))
    }

    /// Moves to a moment and wakes everybody whose deadline is reached, earliest deadline first. A moment that is
    /// over changes nothing: time never goes back.
    ///
    /// All of them find the clock at `moment`. To let each see its own deadline, move to [`Self::next_deadline`] and
    /// let the woken run, again and again.
    pub fn advance_to(&self, moment: Timestamp) {
        let woken = {
            let mut state = self.0.lock();
            state.now = state.now.max(moment);
            let asleep = match state.now.nanos().checked_add(1) {
                Some(later) => state.sleepers.split_off(&(Timestamp::from_nanos(later), 0)),
                None => BTreeMap::new(),
            };
            std::mem::replace(&mut state.sleepers, asleep)
        };
        // Not under the lock: waking may run code that asks the clock.
        woken.into_values().for_each(Waker::wake);
    }

    /// Moves on by so much; see [`Self::advance_to`].
    pub fn advance(&self, by: Duration) {
        let moment = self.now().after(by);
        self.advance_to(moment);
    }

    /// The earliest deadline that somebody waits for.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.0.lock().sleepers.keys().next().map(|(deadline, _)| *deadline)
    }
}

#[async_trait]
impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        self.0.lock().now
    }

    async fn sleep_until(&self, deadline: Timestamp) {
        Sleep { clock: self.0.clone(), deadline, number: None }.await;
    }
}

/// One sleeper; gone from the clock when it is dropped.
struct Sleep {
    clock: Shared<State>,
    deadline: Timestamp,
    number: Option<u64>,
}

impl Future for Sleep {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let clock = self.clock.clone();
        let mut state = clock.lock();
        if state.now >= self.deadline {
            return Poll::Ready(());
        }
        let number = *self.number.get_or_insert_with(|| {
            state.next_number += 1;
            state.next_number
        });
        let place = (self.deadline, number);
        let old = state.sleepers.insert(place, context.waker().clone());
        // A waker may own its task, and the task another sleeper: it is dropped only when the clock is free.
        drop(state);
        drop(old);
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            let waker = self.clock.lock().sleepers.remove(&(self.deadline, number));
            drop(waker);
        }
    }
}

#[cfg(test)]
mod tests;
