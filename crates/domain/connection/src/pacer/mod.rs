//! The pacing budget over a clock: a request waits as a future until it may go, and a permit is held while it is open.
//!
//! Dropping either gives it up. Whoever may go at once does so without a task: [`Pacer::driver`] is only for those that
//! wait, and is to be spawned once by whoever has a runtime.
//!
//! Left out: every decision ([`pacing`](crate::pacing)), and sending.

mod permit;
mod signal;

pub use permit::{AfterFailure, Permit};

use crate::pacing::{
    ConnectionId, Effect, ExpectedWait, Gauges, Obstacle, PacingBudget, Refused, Request, Ticket,
};
use futures::channel::oneshot;
use futures::future::select;
use permit::Held;
use signal::Signal;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tradeport_kernel::{Clock, Timestamp};

/// Lets requests go one by one, as the budget says. Clones share the budget.
#[derive(Clone)]
pub struct Pacer {
    shared: Arc<Shared>,
}

/// Why a request did not go. It never left.
#[derive(Debug, thiserror::Error)]
pub enum NotPaced {
    /// It could not even wait.
    #[error("the pacing budget does not take the request")]
    Refused(#[from] Refused),
    /// It did not go by its deadline.
    #[error("the request could not go by its deadline")]
    TimedOut,
    /// Its connection ended first.
    #[error("the connection ended before the request could go")]
    Lost,
}

pub(crate) struct Shared {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    signal: Arc<Signal>,
    /// Held by the driver that works.
    driving: Arc<futures::lock::Mutex<()>>,
}

type Asked = (Ticket, Option<oneshot::Receiver<Effect>>);

struct State {
    budget: PacingBudget,
    waiting: BTreeMap<Ticket, oneshot::Sender<Effect>>,
    out: Vec<Effect>,
    /// What the driver sleeps until.
    armed: Option<Timestamp>,
}

impl Pacer {
    /// A pacer over a budget that nothing else uses.
    #[must_use]
    pub fn new(budget: PacingBudget, clock: Arc<dyn Clock>) -> Self {
        let state = State { budget, waiting: BTreeMap::new(), out: Vec::new(), armed: None };
        Self {
            shared: Arc::new(Shared {
                clock,
                state: Mutex::new(state),
                signal: Arc::default(),
                driving: Arc::default(),
            }),
        }
    }

    /// What makes those that wait go: to be run for as long as there is a pacer, and over when the last one is dropped. Of
    /// several that run one works, and the others stand by for when it is dropped: whoever shares a pacer may run one.
    pub fn driver(&self) -> impl Future<Output = ()> + Send + use<> {
        let (weak, signal) = (Arc::downgrade(&self.shared), Arc::clone(&self.shared.signal));
        let (clock, driving) = (Arc::clone(&self.shared.clock), Arc::clone(&self.shared.driving));
        async move {
            let _the_one = driving.lock().await;
            while let Some(wake) = weak.upgrade().map(|shared| shared.turn()) {
                match wake {
                    Some(at) => drop(select(pin!(signal.raised()), clock.sleep_until(at)).await),
                    None => signal.raised().await,
                }
            }
        }
    }

    /// Waits until the request may go. Whoever has the permit sends at once.
    pub async fn ask(&self, request: Request) -> Result<Permit, NotPaced> {
        let (ticket, told) = self.shared.enter_stepped(|state, now| state.ask(request, now))?;
        let held = Held::new(Arc::clone(&self.shared), ticket);
        match told {
            None => Ok(Permit::new(held)),
            Some(told) => held.until(told).await,
        }
    }

    /// Takes in what is open at the broker already, such as an order of an earlier run.
    pub fn adopt(&self, request: Request) -> Result<Permit, Refused> {
        let ticket = self.shared.enter(|state, now| state.budget.adopt(request, now))?;
        Ok(Permit::new(Held::new(Arc::clone(&self.shared), ticket)))
    }

    /// Opens a connection.
    pub fn connect(&self) -> Result<ConnectionId, Refused> {
        self.shared.enter(|state, _| state.budget.connect())
    }

    /// The connections that are open.
    #[must_use]
    pub fn connections(&self) -> Vec<ConnectionId> {
        self.shared.enter(|state, _| state.budget.open_connections().collect())
    }

    /// A connection is gone: what waits for it is [`NotPaced::Lost`].
    pub fn disconnect(&self, connection: ConnectionId) {
        self.shared.enter(|state, now| state.budget.disconnect(connection, now, &mut state.out));
    }

    /// Counts a message that had to go without asking.
    pub fn note(&self, connection: ConnectionId) {
        self.shared.enter(|state, now| state.budget.note(connection, now));
    }

    /// How long this request would wait if it were asked now.
    pub fn expected_wait(&self, request: &Request) -> Result<ExpectedWait, Refused> {
        self.shared.enter(|state, now| state.budget.expected_wait(request, now))
    }

    /// Which limit would hold this request back longest if it were asked now; `None` when it may go at once.
    pub fn obstacle(&self, request: &Request) -> Result<Option<Obstacle>, Refused> {
        self.shared.enter(|state, now| state.budget.obstacle(request, now))
    }

    /// How much of each limit is in use.
    #[must_use]
    pub fn gauges(&self) -> Gauges {
        self.shared.enter(|state, now| state.budget.gauges(now))
    }
}

impl std::fmt::Debug for Pacer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pacer").finish_non_exhaustive()
    }
}

impl Shared {
    /// Does something with the budget, and lets go what may go after it.
    fn enter<T>(&self, act: impl FnOnce(&mut State, Timestamp) -> T) -> T {
        self.enter_stepped(|state, now| {
            let done = act(state, now);
            state.step(now);
            done
        })
    }

    /// Does something with the budget that lets go what may go by itself.
    fn enter_stepped<T>(&self, act: impl FnOnce(&mut State, Timestamp) -> T) -> T {
        let now = self.clock.now();
        let (done, told, is_sooner) = {
            let mut state = self.lock();
            let done = act(&mut state, now);
            let told = state.take_told();
            let wake = state.budget.next_wake();
            (done, told, wake.is_some_and(|wake| state.armed.is_none_or(|armed| wake < armed)))
        };
        // Not under the lock: waking may run code that asks again.
        tell(told);
        if is_sooner {
            self.signal.raise();
        }
        done
    }

    /// One turn of the driver: when the next one is.
    fn turn(&self) -> Option<Timestamp> {
        let now = self.clock.now();
        let (told, wake) = {
            let mut state = self.lock();
            state.step(now);
            let told = state.take_told();
            state.armed = state.budget.next_wake();
            (told, state.armed)
        };
        tell(told);
        wake
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is whole before the lock is let go.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.signal.raise();
    }
}

impl State {
    /// Takes a request in, and steps the budget. Nothing is to be waited for when it goes at once.
    fn ask(&mut self, request: Request, now: Timestamp) -> Result<Asked, Refused> {
        // Nearly always nobody waits: orders pay for no queue then.
        if let Some(ticket) = self.budget.go(request, now) {
            return Ok((ticket, None));
        }
        let asked = self.budget.ask(request, now);
        self.step(now);
        let ticket = asked?;
        if let Some(place) = self.out.iter().position(|effect| *effect == Effect::Go(ticket)) {
            self.out.remove(place);
            return Ok((ticket, None));
        }
        let (sender, told) = oneshot::channel();
        self.waiting.insert(ticket, sender);
        Ok((ticket, Some(told)))
    }

    fn step(&mut self, now: Timestamp) {
        self.budget.step(now, &mut self.out);
    }

    /// Who is to be told what of the steps since the last time.
    fn take_told(&mut self) -> Vec<(oneshot::Sender<Effect>, Effect)> {
        let Self { waiting, out, .. } = self;
        let told = out.drain(..).filter_map(|effect| {
            let (Effect::Go(ticket) | Effect::TimedOut(ticket) | Effect::Lost(ticket)) = effect;
            // Nobody is told of what is open already: its permit is held.
            waiting.remove(&ticket).map(|sender| (sender, effect))
        });
        told.collect()
    }
}

fn tell(told: Vec<(oneshot::Sender<Effect>, Effect)>) {
    for (sender, effect) in told {
        // Who is gone meanwhile gives its ticket up by itself.
        sender.send(effect).ok();
    }
}

#[cfg(test)]
mod tests;
