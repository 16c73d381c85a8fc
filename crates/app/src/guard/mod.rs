//! Between the platform and a broker's ports: the circuit breakers, and for a broker that keeps no budget of its own the
//! pacing budget.
//!
//! A capability that keeps failing is left alone for a while, then tried one request at a time. What takes risk away needs no
//! capability: cancels pass whatever the breakers say, and so do the questions that prove a link. A failure while there
//! is no link says nothing about a capability: the link's supervisor is at it.
//!
//! Left out: deciding when a breaker opens (`connection::breaker`).

mod catalog;
mod gateway;
mod quotes;

pub use catalog::GuardedCatalog;
pub use gateway::GuardedGateway;
pub use quotes::{GuardedHistory, GuardedQuotes};

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tradeport_connection::breaker::{
    BreakerSettings, BreakerState, Breakers, Capability, Change, Pass, Report,
};
use tradeport_connection::pacing::{CallerId, Class, ConnectionId, Request};
use tradeport_connection::{BrokerLink, LinkState, Pacer, Permit};
use tradeport_kernel::{Cause, Clock};

/// The breakers of one link; clones share them.
#[derive(Clone)]
pub struct Guard(Arc<Inner>);

struct Inner {
    breakers: Mutex<Breakers>,
    link: Arc<dyn BrokerLink>,
    clock: Arc<dyn Clock>,
    pace: Option<(Pacer, ConnectionId)>,
}

/// Everything of one link is one caller to its budget.
const CALLER: CallerId = CallerId::new(1);

/// A request that may go, until it is told what came of it.
struct Going {
    guard: Guard,
    pass: Option<Pass>,
    permit: Option<Permit>,
}

impl Guard {
    /// The breakers of this link, all closed.
    #[must_use]
    pub fn new(settings: BreakerSettings, link: Arc<dyn BrokerLink>, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner { breakers: Mutex::new(Breakers::new(settings)), link, clock, pace: None }))
    }

    /// The same, and every request asks this budget, too.
    #[must_use]
    pub fn paced(
        settings: BreakerSettings,
        link: Arc<dyn BrokerLink>,
        clock: Arc<dyn Clock>,
        pace: (Pacer, ConnectionId),
    ) -> Self {
        let breakers = Mutex::new(Breakers::new(settings));
        Self(Arc::new(Inner { breakers, link, clock, pace: Some(pace) }))
    }

    /// Where the breaker of each capability stands.
    #[must_use]
    pub fn states(&self) -> [(Capability, BreakerState); Capability::ALL.len()] {
        let now = self.0.clock.now();
        let breakers = self.lock();
        Capability::ALL.map(|capability| (capability, breakers.state(capability, now)))
    }

    /// A new link: everything may be used again.
    pub fn reset(&self) {
        self.lock().reset();
    }

    /// Lets a request of a class go, or says why not.
    async fn go(&self, class: Class) -> Result<Going, Cause> {
        self.go_as(Capability::of(&class), class).await
    }

    async fn go_as(&self, capability: Option<Capability>, class: Class) -> Result<Going, Cause> {
        let now = self.0.clock.now();
        let pass = capability.map(|capability| self.lock().ask(capability, now)).transpose()?;
        let mut going = Going { guard: self.clone(), pass, permit: None };
        if let Some((pacer, connection)) = &self.0.pace {
            match pacer.ask(Request::new(*connection, CALLER, class)).await {
                Ok(permit) => going.permit = Some(permit),
                // What takes risk away goes, and is counted.
                Err(_) if class == Class::CancelOrder => pacer.note(*connection),
                Err(error) => return Err(Box::new(error)),
            }
        }
        Ok(going)
    }

    fn report(&self, pass: Pass, report: Report) {
        let is_down = matches!(self.0.link.state(), LinkState::Down);
        let report = if report == Report::Failed && is_down { Report::Nothing } else { report };
        let now = self.0.clock.now();
        let change = self.lock().report(pass, report, now);
        match change {
            Some(Change::Opened { capability, until }) => {
                tracing::warn!(?capability, %until, "it keeps failing, and is left alone for a while");
            }
            Some(Change::Closed { capability }) => tracing::info!(?capability, "it works again"),
            None => {}
        }
    }

    fn lock(&self) -> MutexGuard<'_, Breakers> {
        // Every change is whole before the lock is let go.
        self.0.breakers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Going {
    /// What came of it; what it keeps open at the broker is kept by the permit.
    fn ended(mut self, report: Report) -> Option<Permit> {
        if let Some(pass) = self.pass.take() {
            self.guard.report(pass, report);
        }
        self.permit.take()
    }
}

impl Drop for Going {
    fn drop(&mut self) {
        if let Some(pass) = self.pass.take() {
            self.guard.report(pass, Report::Nothing);
        }
    }
}

#[cfg(test)]
mod tests;
