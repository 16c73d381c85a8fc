//! [`BrokerLink`]: one connection at a time, each an epoch of its own.
//!
//! ```text
//!          connect                     socket lost, heartbeat unanswered, disconnect
//!  Down ────────────▶ Up { epoch } ──────────────────────────────────────────────────▶ Down
//!   tells Established              tells Lost, once; streams end; who waits is told
//! ```
//!
//! The library never connects again by itself: whoever supervises the link decides. Left out: when to connect again.

mod connect;
mod upstream;
mod watch;

pub use connect::{ConnectError, NEWEST_SERVER, OLDEST_SERVER};
pub use upstream::Upstream;

use crate::broker::{IbBroker, Inner};
use crate::notices::Said;
use crate::pace::Pace;
use crate::runtime::{Owned, within};
use crate::session::{Lack, Session};
use crate::settings::MarketData;
use async_trait::async_trait;
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedSender, unbounded};
use ibapi::market_data::MarketDataType;
use std::sync::Arc;
use std::time::Duration;
use tradeport_connection::pacing::Class;
use tradeport_connection::{BrokerLink, LinkError, LinkEvent, LinkEvents, LinkState, Notice, NoticeClass};
use tradeport_kernel::{ConnectionEpoch, Timestamp};

/// Why an epoch is over that we have ended ourselves.
const ON_REQUEST: &str = "disconnected on request";

/// Where the link stands, and who listens.
#[derive(Default)]
pub(crate) struct LinkCore {
    epoch: ConnectionEpoch,
    standing: Option<Standing>,
    upstream: Upstream,
    listeners: Vec<UnboundedSender<LinkEvent>>,
}

/// A connection that stands: dropping this closes it, once nobody is in the middle of a question.
struct Standing {
    session: Arc<Session>,
    _tasks: Vec<Owned>,
}

impl LinkCore {
    pub(crate) fn session(&self) -> Option<Arc<Session>> {
        self.standing.as_ref().map(|it| Arc::clone(&it.session))
    }

    fn tell(&mut self, event: &LinkEvent) {
        self.listeners.retain(|listener| listener.unbounded_send(event.clone()).is_ok());
    }
}

impl Inner {
    /// Takes in what TWS says beside all questions.
    fn hear(&self, said: &Said) {
        let at = self.tools.clock.now();
        let mut link = self.lock();
        let is_news = link.upstream.hear(said);
        if is_news {
            link.tell(&LinkEvent::Noticed { notice: said.notice(at) });
        }
        drop(link);
        let (code, meaning, text) = (said.code, said.meaning.as_str(), &said.text);
        if is_news {
            tracing::info!(code, meaning, %text, "TWS says");
        } else {
            // Such as each server's word, with each connection, that it is there.
            tracing::debug!(code, meaning, %text, "TWS says");
        }
    }

    /// The epoch is over; only its end is told, and once.
    fn lose(&self, epoch: ConnectionEpoch, reason: &str) -> Option<Arc<Session>> {
        let at = self.tools.clock.now();
        let standing = {
            let mut link = self.lock();
            if link.standing.as_ref().is_none_or(|it| it.session.epoch != epoch) {
                return None;
            }
            let standing = link.standing.take();
            link.tell(&LinkEvent::Lost { epoch, at, reason: reason.to_owned() });
            standing
        };
        // Who ends it in good order is not warned of it.
        if reason == ON_REQUEST {
            tracing::debug!(epoch = epoch.number(), reason, "the connection to TWS is over");
        } else {
            tracing::warn!(epoch = epoch.number(), reason, "the connection to TWS is over");
        }
        if let Some(standing) = &standing {
            standing.session.pace.close();
        }
        self.desk.close(epoch);
        standing.map(|it| it.session)
    }
}

impl IbBroker {
    /// Connects as [`BrokerLink::connect`] does. Errors say what to check.
    pub async fn open(&self) -> Result<ConnectionEpoch, ConnectError> {
        let inner = &self.inner;
        let _only_one = inner.connecting.lock().await;
        if let Some(session) = inner.lock().session() {
            if session.client.is_connected() {
                return Ok(session.epoch);
            }
            drop(inner.lose(session.epoch, "the socket was closed"));
        }
        let tools = &inner.tools;
        let pace = Pace::open(tools, inner.settings.client_id()).map_err(ConnectError::TooManyConnections)?;
        let made = within(&tools.runtime, connect::make(&inner.settings, tools.clock.as_ref())).await?;
        let epoch = inner.lock().epoch.next();
        let updates = within(&tools.runtime, made.client.order_update_stream()).await;
        let address = || format!("{}:{}", inner.settings.host(), inner.settings.port());
        let updates = updates
            .map_err(|error| ConnectError::Rejected { address: address(), source: Box::new(error) })?;
        if let Some(kind) = market_data_type(inner.settings.market_data()) {
            let leave = pace.ask(Class::Message, inner.settings.waits().connect).await;
            let leave = leave
                .map_err(|error| ConnectError::Rejected { address: address(), source: Box::new(error) })?;
            let switched = within(&tools.runtime, made.client.switch_market_data_type(kind)).await;
            switched
                .map_err(|error| ConnectError::Rejected { address: address(), source: Box::new(error) })?;
            leave.done();
        }
        let (first_order, zone) = (made.first_order, made.client.time_zone());
        let paced = (tools.clone(), pace, inner.settings.waits().turn);
        let session = Arc::new(Session::new(epoch, made.client, made.accounts, paced));
        let heard = inner.desk.open(epoch, updates, first_order);
        let mut link = inner.lock();
        link.epoch = epoch;
        link.upstream = Upstream::default();
        link.standing = Some(Standing { session, _tasks: Vec::new() });
        link.tell(&LinkEvent::Established { epoch, at: tools.clock.now() });
        if zone.is_none() {
            link.tell(&LinkEvent::Noticed { notice: zone_unknown(tools.clock.now()) });
        }
        // Under the lock, so that no task finds the link without its session.
        let tasks = watch::tasks(inner, epoch, made.notices, heard);
        if let Some(standing) = &mut link.standing {
            standing._tasks = tasks;
        }
        Ok(epoch)
    }

    /// Is the broker behind TWS there, and which of its data servers are not?
    #[must_use]
    pub fn upstream(&self) -> Upstream {
        self.inner.lock().upstream.clone()
    }
}

#[async_trait]
impl BrokerLink for IbBroker {
    async fn connect(&self) -> Result<ConnectionEpoch, LinkError> {
        self.open().await.map_err(|error| match error {
            ConnectError::Unreachable { limit, .. } => LinkError::Timeout(limit),
            error @ (ConnectError::Silent { .. }
            | ConnectError::Rejected { .. }
            | ConnectError::Incomplete { .. }) => LinkError::Unready(Box::new(error)),
            error @ ConnectError::ClientIdInUse { .. } => LinkError::ClientIdTaken(Box::new(error)),
            error @ ConnectError::WrongAccount { .. } => LinkError::WrongAccount(Box::new(error)),
            error => LinkError::Refused(Box::new(error)),
        })
    }

    async fn disconnect(&self) -> Result<(), LinkError> {
        let Ok(session) = self.session() else { return Ok(()) };
        if let Some(session) = self.inner.lose(session.epoch, ON_REQUEST) {
            within(&self.inner.tools.runtime, session.client.disconnect()).await;
        }
        Ok(())
    }

    async fn probe(&self, timeout: Duration) -> Result<Timestamp, LinkError> {
        let session = self.session().map_err(|_| LinkError::Down)?;
        probe(&session, timeout).await.map_err(|lack| match lack {
            Lack::Lost(_) => LinkError::Down,
            Lack::Silent(_) => LinkError::Timeout(timeout),
            lack => LinkError::Refused(Box::new(lack)),
        })
    }

    fn state(&self) -> LinkState {
        match self.inner.lock().session() {
            Some(session) => LinkState::Up { epoch: session.epoch },
            None => LinkState::Down,
        }
    }

    async fn events(&self) -> Result<LinkEvents, LinkError> {
        let (listener, events) = unbounded();
        self.inner.lock().listeners.push(listener);
        Ok(events.boxed())
    }
}

/// Nothing depends on it, since what is told later names its own zone; a person should know all the same.
fn zone_unknown(at: Timestamp) -> Notice {
    let text =
        "TWS greets without a time zone that is known here: times are read from what names its own zone";
    Notice { class: NoticeClass::Unknown, farm: None, text: text.to_owned(), at }
}

/// What TWS is told; nothing for what it does by itself.
const fn market_data_type(wanted: MarketData) -> Option<MarketDataType> {
    Some(match wanted {
        MarketData::Live => return None,
        MarketData::Frozen => MarketDataType::Frozen,
        MarketData::Delayed => MarketDataType::Delayed,
        MarketData::DelayedFrozen => MarketDataType::DelayedFrozen,
    })
}

/// The broker's own time.
async fn probe(session: &Arc<Session>, limit: Duration) -> Result<Timestamp, Lack> {
    let told = session.server_time(limit).await?;
    Timestamp::try_from(told).map_err(|error| Lack::Unreadable(Box::new(error)))
}
