//! [`BrokerLink`]: a link that connects at once, unless a script says otherwise.

use crate::FakeBroker;
use crate::fault::Door;
use crate::queue::queue;
use async_trait::async_trait;
use futures::StreamExt;
use std::time::Duration;
use tradeport_connection::{BrokerLink, LinkError, LinkEvent, LinkEvents, LinkState};
use tradeport_kernel::{ConnectionEpoch, Timestamp};

#[async_trait]
impl BrokerLink for FakeBroker {
    async fn connect(&self) -> Result<ConnectionEpoch, LinkError> {
        while self.locked().door == Door::Silent {
            // Whoever waits has a limit of its own.
            std::future::pending::<()>().await;
        }
        let mut state = self.locked();
        if state.link_up {
            return Ok(state.epoch);
        }
        match state.door {
            Door::Open | Door::Silent => {}
            Door::Closed => {
                return Err(LinkError::Refused("a script made the fake broker unreachable".into()));
            }
            Door::WarmingUp => return Err(LinkError::Unready("the fake broker warms up".into())),
            Door::ClientIdTaken => {
                return Err(LinkError::ClientIdTaken("a script gave the client id away".into()));
            }
        }
        state.frozen = false;
        state.link_up = true;
        state.epoch = state.epoch.next();
        state.epoch_begins_at = Some(state.exchange.next_broker_order_id());
        let (epoch, at) = (state.epoch, state.exchange.now());
        state.tell_link(&LinkEvent::Established { epoch, at });
        Ok(epoch)
    }

    async fn disconnect(&self) -> Result<(), LinkError> {
        self.locked().lose_link("disconnected on request");
        Ok(())
    }

    async fn probe(&self, timeout: Duration) -> Result<Timestamp, LinkError> {
        if self.linked().is_ok_and(|state| state.frozen) {
            if let Some(clock) = self.clock() {
                clock.sleep_until(clock.now().after(timeout)).await;
            }
            return Err(LinkError::Timeout(timeout));
        }
        let state = self.linked().map_err(|_| LinkError::Down)?;
        Ok(state.exchange.now())
    }

    fn state(&self) -> LinkState {
        let state = self.locked();
        if state.link_up { LinkState::Up { epoch: state.epoch } } else { LinkState::Down }
    }

    async fn events(&self) -> Result<LinkEvents, LinkError> {
        let (sender, reader) = queue();
        self.locked().links.push(sender);
        Ok(reader.boxed())
    }
}
