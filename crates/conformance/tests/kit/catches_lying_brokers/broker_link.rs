use crate::catching::catches;
use async_trait::async_trait;
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedSender, unbounded};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;
use tradeport_conformance::broker_link::Harness;
use tradeport_connection::{BrokerLink, LinkError, LinkEvent, LinkEvents, LinkState};
use tradeport_kernel::{ConnectionEpoch, Timestamp};

catches! { broker_link, broker_link_conformance:
    ReusesEpochs: each_connection_has_a_higher_epoch_than_all_before,
    ConnectsAnew: connecting_while_connected_returns_the_epoch_that_stands,
    LeavesWithoutAWord: disconnecting_ends_the_epoch_with_a_lost_event,
    SecondTimeIsAnError: disconnecting_twice_is_no_error,
    TellsNoTime: a_live_link_answers_with_the_brokers_time,
    WaitsWithoutALink: without_a_link_it_is_down_at_once,
    BelievesInTheLink: the_state_agrees_with_the_last_event,
    TellsTheEndAfterTheBeginning: a_new_epoch_is_told_by_established_its_end_by_lost_in_this_order,
}

const NOW: Timestamp = Timestamp::from_seconds(1_357_137_000);

#[derive(Default)]
struct State {
    epoch: ConnectionEpoch,
    up: bool,
    late: Option<ConnectionEpoch>,
    listeners: Vec<UnboundedSender<LinkEvent>>,
}

impl State {
    fn tell(&mut self, event: &LinkEvent) {
        self.listeners.retain(|listener| listener.unbounded_send(event.clone()).is_ok());
    }

    fn lose(&mut self, reason: &str) {
        self.up = false;
        self.tell(&LinkEvent::Lost { epoch: self.epoch, at: NOW, reason: reason.to_owned() });
    }
}

struct Scripted {
    fault: Fault,
    state: Mutex<State>,
}

impl Scripted {
    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

#[async_trait]
impl BrokerLink for Scripted {
    async fn connect(&self) -> Result<ConnectionEpoch, LinkError> {
        let mut state = self.locked();
        if state.up && self.fault != Fault::ConnectsAnew {
            return Ok(state.epoch);
        }
        state.up = true;
        if self.fault != Fault::ReusesEpochs {
            state.epoch = state.epoch.next();
        }
        let epoch = state.epoch;
        state.tell(&LinkEvent::Established { epoch, at: NOW });
        if let Some(epoch) = state.late.take() {
            state.tell(&LinkEvent::Lost { epoch, at: NOW, reason: "at last".to_owned() });
        }
        Ok(epoch)
    }

    async fn disconnect(&self) -> Result<(), LinkError> {
        let mut state = self.locked();
        match (state.up, self.fault) {
            (true, Fault::LeavesWithoutAWord) => state.up = false,
            (true, _) => state.lose("as we wished"),
            (false, Fault::SecondTimeIsAnError) => return Err(LinkError::Down),
            (false, _) => {}
        }
        Ok(())
    }

    async fn probe(&self, _timeout: Duration) -> Result<Timestamp, LinkError> {
        let up = self.locked().up;
        match self.fault {
            Fault::TellsNoTime if up => Ok(Timestamp::EPOCH),
            Fault::WaitsWithoutALink if !up => futures::future::pending().await,
            _ if up => Ok(NOW),
            _ => Err(LinkError::Down),
        }
    }

    fn state(&self) -> LinkState {
        let state = self.locked();
        let believes = self.fault == Fault::BelievesInTheLink && state.epoch != ConnectionEpoch::default();
        if state.up || believes { LinkState::Up { epoch: state.epoch } } else { LinkState::Down }
    }

    async fn events(&self) -> Result<LinkEvents, LinkError> {
        let (listener, events) = unbounded();
        self.locked().listeners.push(listener);
        Ok(events.boxed())
    }
}

struct Fixture<const FAULT: usize>(Scripted);

impl<const FAULT: usize> Harness for Fixture<FAULT> {
    type Link = Scripted;
    async fn fresh() -> Self {
        Self(Scripted { fault: FAULTS[FAULT], state: Mutex::default() })
    }
    fn link(&self) -> &Scripted {
        &self.0
    }
    fn broker_time(&self) -> Timestamp {
        NOW
    }
    async fn drop_link(&self) {
        let mut state = self.0.locked();
        if self.0.fault == Fault::TellsTheEndAfterTheBeginning {
            (state.up, state.late) = (false, Some(state.epoch));
        } else if state.up {
            state.lose("cut");
        }
    }
    async fn settle(&self) {}
}
