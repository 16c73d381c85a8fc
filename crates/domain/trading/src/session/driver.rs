//! The driver: the one task that touches the link.

use super::core::{SessionHandle, Signal};
use super::lane::Lane;
use super::prover::{Disproof, Prover};
use crate::{Alarm, EventBus, Notifier, PlatformEvent, Severity};
use futures::future::{BoxFuture, Either, FutureExt, pending, select};
use futures::stream::{FuturesUnordered, StreamExt};
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tradeport_connection::calendar::Outage;
use tradeport_connection::{
    AlarmChange, Attempt, BrokerLink, ConnectFailure, Effect, Input, LinkChange, LinkError, LinkEvent,
    LinkEvents, Proof, ProofFailure, Supervisor,
};
use tradeport_kernel::{Clock, ConnectionEpoch, Timestamp};

/// What a session needs of the outside.
#[derive(Clone)]
pub struct SessionPorts {
    /// The link, which nobody else may connect or disconnect.
    pub link: Arc<dyn BrokerLink>,
    /// What makes the proofs of the ready gate.
    pub prover: Arc<dyn Prover>,
    /// Who is called.
    pub notifier: Arc<dyn Notifier>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// What is done about an outage that is near.
type Drain = Box<dyn Fn(Outage) -> BoxFuture<'static, ()> + Send + Sync>;

/// Looks after one link until it is told to stop.
pub struct SessionSupervisor {
    ports: SessionPorts,
    bus: EventBus,
    handle: SessionHandle,
    /// Connecting and disconnecting.
    link: Lane<Option<Input>>,
    /// Calls to people.
    calls: Lane<()>,
    /// What is done before outages.
    drains: Lane<()>,
    /// What is done before an outage.
    drain: Option<Drain>,
    /// Questions of the epoch that stands.
    questions: FuturesUnordered<BoxFuture<'static, Input>>,
}

enum Woken {
    Signal(Signal),
    Link(Option<LinkEvent>),
    Answer(Input),
    Operated(Option<Input>),
    /// A call was made, or something before an outage is done.
    Called,
    Time,
}

impl SessionSupervisor {
    /// A session that wants no link yet.
    #[must_use]
    pub fn new(supervisor: Supervisor, ports: SessionPorts, bus: EventBus) -> Self {
        let handle = SessionHandle::new(supervisor, Arc::clone(&ports.clock));
        Self {
            ports,
            bus,
            handle,
            link: Lane::new(),
            calls: Lane::new(),
            drains: Lane::new(),
            drain: None,
            questions: FuturesUnordered::new(),
        }
    }

    /// Before each expected outage this is done, such as calling off what should not rest in it.
    #[must_use]
    pub fn draining(
        mut self,
        drain: impl Fn(Outage) -> BoxFuture<'static, ()> + Send + Sync + 'static,
    ) -> Self {
        self.drain = Some(Box::new(drain));
        self
    }

    /// For everybody else.
    #[must_use]
    pub fn handle(&self) -> SessionHandle {
        self.handle.clone()
    }

    /// Looks after the link; returns once it was told to stop and the link is down. Errors when the link tells no events.
    pub async fn run(mut self) -> Result<(), LinkError> {
        let mut events = self.ports.link.events().await?;
        while let Some(deadline) = self.handle.next_deadline() {
            let woken = self.wait(&mut events, deadline).await;
            match woken {
                Woken::Signal(Signal::Do(effect)) => self.perform(effect),
                Woken::Signal(Signal::Wake) | Woken::Called | Woken::Operated(None) => {}
                Woken::Link(Some(event)) => self.handle.give(input_of(event)),
                Woken::Link(None) => events = self.ports.link.events().await?,
                Woken::Answer(input) | Woken::Operated(Some(input)) => self.handle.give(input),
                Woken::Time => self.handle.give(Input::Tick),
            }
        }
        self.finish().await;
        Ok(())
    }

    async fn wait(&mut self, events: &mut LinkEvents, deadline: Timestamp) -> Woken {
        let clock = Arc::clone(&self.ports.clock);
        let mut time = async move {
            if deadline == Timestamp::MAX { pending::<()>().await } else { clock.sleep_until(deadline).await }
        }
        .boxed()
        .fuse();
        // Effects come first: what was decided is done before anything else is heard.
        futures::select_biased! {
            signal = self.handle.signal().fuse() => Woken::Signal(signal),
            operated = self.link.next().fuse() => Woken::Operated(operated),
            event = events.next().fuse() => Woken::Link(event),
            answer = self.questions.select_next_some() => Woken::Answer(answer),
            () = self.drains.next().fuse() => Woken::Called,
            () = self.calls.next().fuse() => Woken::Called,
            () = time => Woken::Time,
        }
    }

    /// What was decided last is still done: everybody is told, and the link is closed.
    async fn finish(&mut self) {
        while let Some(effect) = self.handle.left() {
            self.perform(effect);
        }
        while self.calls.next().now_or_never().is_some() {}
        if let Err(error) = self.ports.link.disconnect().await {
            tracing::warn!(%error, "the link was not closed in good order");
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Connect { attempt, .. } => self.connect(attempt),
            Effect::Disconnect => self.disconnect(),
            Effect::Probe { epoch, question, limit } => self.probe(epoch, question, limit),
            Effect::Prove { epoch, proof, round, limit } => self.prove(epoch, proof, round, limit),
            // Whoever wants a stream is told by its handle.
            Effect::Open { .. } | Effect::Drop { .. } => {}
            Effect::HoldOrders => tracing::info!("orders are held"),
            Effect::ReleaseOrders => tracing::info!("orders may leave"),
            Effect::Drain { outage } => {
                tracing::info!(kind = %outage.kind, from = %outage.range.start(), "an outage is near: orders are held");
                if let Some(drain) = &self.drain {
                    self.drains.push(drain(outage));
                }
            }
            Effect::Tell(change) => self.tell(change),
            Effect::Alarm(change) => self.call(change),
            Effect::RestartGateway => {
                let text =
                    "the program at the other end has been cut off for too long: start it again".to_owned();
                self.notify(Severity::Critical, "restart the gateway".to_owned(), text);
            }
        }
    }

    fn connect(&mut self, attempt: Attempt) {
        self.questions.clear();
        let link = Arc::clone(&self.ports.link);
        self.link.push(
            async move {
                Some(match link.connect().await {
                    Ok(epoch) => Input::Established { epoch },
                    Err(error) => Input::ConnectFailed { attempt, failure: failure_of(&error) },
                })
            }
            .boxed(),
        );
    }

    /// Whatever is under way is dropped: nobody waits for it any more.
    fn disconnect(&mut self) {
        self.questions.clear();
        self.link.clear();
        let link = Arc::clone(&self.ports.link);
        self.link.push(
            async move {
                if let Err(error) = link.disconnect().await {
                    tracing::warn!(%error, "the link was not closed in good order");
                }
                None
            }
            .boxed(),
        );
    }

    fn probe(&self, epoch: ConnectionEpoch, question: u64, limit: Duration) {
        let (link, clock) = (Arc::clone(&self.ports.link), Arc::clone(&self.ports.clock));
        self.questions.push(
            async move {
                match limited(clock.as_ref(), limit, link.probe(limit)).await {
                    Some(Ok(_)) => Input::Alive { epoch, question },
                    _ => Input::Silent { epoch, question },
                }
            }
            .boxed(),
        );
    }

    fn prove(&self, epoch: ConnectionEpoch, proof: Proof, round: u64, limit: Duration) {
        let (prover, clock) = (Arc::clone(&self.ports.prover), Arc::clone(&self.ports.clock));
        self.questions.push(
            async move {
                let failure = match limited(clock.as_ref(), limit, prover.prove(proof, epoch)).await {
                    Some(Ok(())) => return Input::Proven { epoch, proof, round },
                    Some(Err(Disproof::Refuted(reason))) => ProofFailure::Refuted { reason },
                    Some(Err(Disproof::Unanswered(reason))) => ProofFailure::Unanswered { reason },
                    None => ProofFailure::Unanswered {
                        reason: format!("no answer within {} ms", limit.as_millis()),
                    },
                };
                Input::NotProven { epoch, proof, round, failure }
            }
            .boxed(),
        );
    }

    fn tell(&self, change: LinkChange) {
        match &change {
            LinkChange::Error { text } => tracing::warn!(%text, "the link"),
            change => tracing::info!(?change, "the link"),
        }
        self.bus.publish(&PlatformEvent::Link { change });
    }

    fn call(&mut self, change: AlarmChange) {
        match change {
            AlarmChange::Raised { condition, text } => {
                let severity = if condition.is_critical() { Severity::Critical } else { Severity::Warning };
                self.notify(severity, condition.to_string(), text);
            }
            AlarmChange::Cleared { condition } => {
                self.notify(Severity::Information, condition.to_string(), "it is over".to_owned());
            }
        }
    }

    fn notify(&mut self, severity: Severity, condition: String, text: String) {
        let alarm = Alarm { at: self.ports.clock.now(), severity, condition, text };
        let notifier = Arc::clone(&self.ports.notifier);
        self.calls.push(
            async move {
                if let Err(error) = notifier.notify(&alarm).await {
                    tracing::error!(%error, condition = %alarm.condition, text = %alarm.text, "nobody could be called");
                }
            }
            .boxed(),
        );
    }
}

fn input_of(event: LinkEvent) -> Input {
    match event {
        LinkEvent::Established { epoch, .. } => Input::Established { epoch },
        LinkEvent::Lost { epoch, reason, .. } => Input::Lost { epoch, reason },
        LinkEvent::Noticed { notice } => Input::Noticed { notice },
    }
}

fn failure_of(error: &LinkError) -> ConnectFailure {
    match error {
        LinkError::ClientIdTaken(_) => ConnectFailure::ClientIdTaken,
        LinkError::WrongAccount(cause) => ConnectFailure::WrongAccount { reason: cause.to_string() },
        LinkError::Unready(cause) => ConnectFailure::Unready { reason: cause.to_string() },
        LinkError::Refused(cause) => ConnectFailure::Refused { reason: cause.to_string() },
        other @ (LinkError::Down | LinkError::Timeout(_)) => {
            ConnectFailure::Unready { reason: other.to_string() }
        }
        other @ LinkError::Unsupported(_) => ConnectFailure::Refused { reason: other.to_string() },
    }
}

/// `None` when the limit came first.
async fn limited<T>(clock: &dyn Clock, limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    let deadline = clock.now().after(limit);
    match select(pin!(work), clock.sleep_until(deadline)).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(((), _)) => None,
    }
}
