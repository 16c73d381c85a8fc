//! What the driver and everybody else share: the supervisor behind a lock that is never held across an await.

use super::pending::Pending;
use futures::future::poll_fn;
use futures::task::AtomicWaker;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;
use tradeport_connection::calendar::Outage;
use tradeport_connection::subscriptions::{FeedState, Generation, StreamId, StreamNeeds, Wish};
use tradeport_connection::{Condition, Effect, Farm, Held, Input, LinkStanding, Remedy, Supervisor};
use tradeport_kernel::{Clock, ConnectionEpoch, Timestamp};

/// What the driver has to do next.
pub(super) enum Signal {
    /// This.
    Do(Effect),
    /// Look at the time: there is an earlier deadline.
    Wake,
}

struct Shared {
    supervisor: Mutex<State>,
    clock: Arc<dyn Clock>,
    driver: AtomicWaker,
}

struct State {
    supervisor: Supervisor,
    effects: Vec<Effect>,
    pending: Pending,
    /// There is an earlier deadline than the driver waits for.
    is_sooner: bool,
    streams: BTreeMap<StreamId, Slot>,
    next_stream: u64,
}

/// What is to be done next about a stream: a newer command overtakes what waits.
#[derive(Default)]
struct Slot {
    command: Option<StreamCommand>,
    waker: Option<Waker>,
}

/// The link, for everybody but its driver. Clones are handles of the same link.
#[derive(Clone)]
pub struct SessionHandle(Arc<Shared>);

/// Where the link stands, and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionView {
    /// Where it stands.
    pub standing: LinkStanding,
    /// The epoch of the link that stands, or of the last.
    pub epoch: ConnectionEpoch,
    /// How old the last sign of life is.
    pub life_age: Option<Duration>,
    /// Why no order may leave, if none may.
    pub held: Option<Held>,
    /// The alarms that stand, with their beginning.
    pub alarms: Vec<(Condition, Timestamp)>,
    /// Every wanted stream and how it does.
    pub streams: Vec<(StreamId, FeedState)>,
    /// The kinds of data servers that are down.
    pub farms_down: Vec<Farm>,
    /// The expected outage that comes next, or is under way.
    pub outage: Option<Outage>,
}

/// What is to be done about a wanted stream; a newer command overtakes one that was not seen yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamCommand {
    /// Ask for it, under this request; one that stood before is over.
    Open(Generation),
    /// Give this request up.
    Drop(Generation),
}

/// A stream that somebody wants, for as long as this lives.
pub struct WantedStream {
    stream: StreamId,
    handle: SessionHandle,
}

impl SessionHandle {
    pub(super) fn new(supervisor: Supervisor, clock: Arc<dyn Clock>) -> Self {
        let state = State {
            supervisor,
            effects: Vec::new(),
            pending: Pending::default(),
            is_sooner: false,
            streams: BTreeMap::new(),
            next_stream: 1,
        };
        Self(Arc::new(Shared { supervisor: Mutex::new(state), clock, driver: AtomicWaker::new() }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while it is locked is a bug of ours that has been told already.
        self.0.supervisor.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wants a link.
    pub fn start(&self) {
        self.give(Input::Start);
    }

    /// Wants no link, whatever is under way.
    pub fn disconnect(&self) {
        self.give(Input::Disconnect);
    }

    /// Ends for good; the driver returns once the link is down, or its limit is over.
    pub fn stop(&self) {
        self.give(Input::Stop);
    }

    /// A person has seen an alarm that nothing else ends.
    pub fn acknowledge(&self, condition: Condition) {
        self.give(Input::Acknowledged { condition });
    }

    pub(super) fn give(&self, input: Input) {
        let now = self.0.clock.now();
        let mut woken = Vec::new();
        {
            let mut state = self.lock();
            let state = &mut *state;
            let before = state.supervisor.next_deadline();
            state.supervisor.step(input, now, &mut state.effects);
            for effect in state.effects.drain(..) {
                match effect {
                    Effect::Open { stream, generation, .. } => {
                        woken.extend(command(&mut state.streams, stream, StreamCommand::Open(generation)));
                    }
                    Effect::Drop { stream, generation } => {
                        woken.extend(command(&mut state.streams, stream, StreamCommand::Drop(generation)));
                    }
                    effect => state.pending.push(effect),
                }
            }
            let after = state.supervisor.next_deadline();
            state.is_sooner |= after != before;
            if after.is_none() {
                woken.extend(state.streams.values_mut().filter_map(|slot| slot.waker.take()));
            }
        }
        // Not under the lock: waking may run code that asks here.
        woken.into_iter().for_each(Waker::wake);
        self.0.driver.wake();
    }

    /// What the driver is to do next; it waits where there is nothing.
    pub(super) fn signal(&self) -> impl Future<Output = Signal> + Send + '_ {
        poll_fn(|context| {
            self.0.driver.register(context.waker());
            let mut state = self.lock();
            if let Some(effect) = state.pending.pop() {
                return Poll::Ready(Signal::Do(effect));
            }
            if std::mem::take(&mut state.is_sooner) { Poll::Ready(Signal::Wake) } else { Poll::Pending }
        })
    }

    /// What is still to be done, without waiting.
    pub(super) fn left(&self) -> Option<Effect> {
        self.lock().pending.pop()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub(super) fn next_deadline(&self) -> Option<Timestamp> {
        self.lock().supervisor.next_deadline()
    }

    /// May a new order or a change leave now? The epoch in which it would; cancels always may.
    pub fn may_order(&self) -> Result<ConnectionEpoch, Held> {
        let now = self.0.clock.now();
        self.lock().supervisor.may_order(now)
    }

    /// Must a question that needs such servers wait?
    #[must_use]
    pub fn is_down(&self, farm: Farm) -> bool {
        self.lock().supervisor.is_down(farm)
    }

    /// Does it prove anything now that the broker knows no such thing?
    #[must_use]
    pub fn absence_proves(&self, farm: Farm) -> bool {
        let now = self.0.clock.now();
        self.lock().supervisor.absence_proves(farm, now)
    }

    /// Where the link stands, without asking anybody.
    #[must_use]
    pub fn view(&self) -> SessionView {
        let now = self.0.clock.now();
        let state = self.lock();
        let supervisor = &state.supervisor;
        SessionView {
            standing: supervisor.standing(now),
            epoch: supervisor.epoch(),
            life_age: supervisor.last_life().map(|at| now.since(at)),
            held: supervisor.may_order(now).err(),
            alarms: supervisor.alarms().standing().map(|(condition, since, _)| (condition, since)).collect(),
            streams: supervisor.streams().states(now).collect(),
            farms_down: Farm::ALL.into_iter().filter(|farm| supervisor.is_down(*farm)).collect(),
            outage: supervisor.outage(now),
        }
    }

    /// So many orders work or are on their way: signs of life are asked for more often while some do.
    pub fn note_orders_at_work(&self, count: usize) {
        self.give(Input::OrdersAtWork { count });
    }

    /// Wants a stream that needs such servers, and speaks at least so often while it works.
    #[must_use]
    pub fn want(&self, needs: StreamNeeds, max_silence: Option<Duration>) -> WantedStream {
        let stream = {
            let mut state = self.lock();
            let stream = StreamId::new(state.next_stream);
            state.next_stream += 1;
            state.streams.insert(stream, Slot::default());
            stream
        };
        self.give(Input::Want { wish: Wish { stream, needs, max_silence } });
        WantedStream { stream, handle: self.clone() }
    }
}

/// Notes what is to be done about a stream, and whom to wake. Who wanted it may have gone meanwhile.
fn command(
    streams: &mut BTreeMap<StreamId, Slot>,
    stream: StreamId,
    command: StreamCommand,
) -> Option<Waker> {
    let slot = streams.get_mut(&stream)?;
    slot.command = Some(command);
    slot.waker.take()
}

impl WantedStream {
    /// Which it is.
    #[must_use]
    pub const fn id(&self) -> StreamId {
        self.stream
    }

    /// What is to be done next about it; `None` once the link has ended for good.
    pub async fn next(&mut self) -> Option<StreamCommand> {
        poll_fn(|context| {
            let mut state = self.handle.lock();
            let state = &mut *state;
            let Some(slot) = state.streams.get_mut(&self.stream) else { return Poll::Ready(None) };
            if let Some(command) = slot.command.take() {
                return Poll::Ready(Some(command));
            }
            if state.supervisor.next_deadline().is_none() {
                return Poll::Ready(None);
            }
            slot.waker = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }

    /// It spoke, under this request.
    pub fn spoke(&self, generation: Generation, delayed: bool) {
        self.handle.give(Input::Datum { stream: self.stream, generation, delayed });
    }

    /// The request failed, or what it gave has ended.
    pub fn failed(&self, generation: Generation, remedy: Remedy) {
        self.handle.give(Input::StreamFailed { stream: self.stream, generation, remedy });
    }
}

impl Drop for WantedStream {
    fn drop(&mut self) {
        self.handle.lock().streams.remove(&self.stream);
        self.handle.give(Input::Forget { stream: self.stream });
    }
}
