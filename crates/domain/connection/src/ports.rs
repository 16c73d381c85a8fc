//! What this crate asks of the outside: a link that can be made and proven.

use crate::{LinkEvent, LinkState};
use async_trait::async_trait;
use futures::stream::BoxStream;
use std::time::Duration;
use tradeport_kernel::{Cause, ConnectionEpoch, Timestamp};

/// The link to one broker.
#[async_trait]
pub trait BrokerLink: Send + Sync {
    /// Connects, and begins a new epoch.
    /// Promises: each connection has a higher epoch than all before; connecting while connected returns the epoch
    /// that stands.
    async fn connect(&self) -> Result<ConnectionEpoch, LinkError>;

    /// Disconnects; what was in flight is lost.
    /// Promises: disconnecting ends the epoch with a `Lost` event; disconnecting twice is no error.
    async fn disconnect(&self) -> Result<(), LinkError>;

    /// Asks the broker for a sign of life: its own time.
    /// Promises: a live link answers with the broker's time; without a link it is `Down`, at once.
    async fn probe(&self, timeout: Duration) -> Result<Timestamp, LinkError>;

    /// Where the link stands, without asking anybody.
    /// Promises: the state agrees with the last event.
    fn state(&self) -> LinkState;

    /// What happens to the link, from now on.
    /// Promises: a new epoch is told by `Established`, its end by `Lost`, in this order.
    async fn events(&self) -> Result<LinkEvents, LinkError>;
}

/// What happens to a link, in order. Dropping it ends the subscription.
pub type LinkEvents = BoxStream<'static, LinkEvent>;

/// Why there is no link.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// Not connected.
    #[error("there is no link to the broker")]
    Down,
    /// Nobody answers there: check that the program runs, its port, and that it lets this machine in.
    #[error("the broker refused the connection")]
    Refused(#[source] Cause),
    /// A connection was taken, and nothing came of it: a program that starts does that for a while.
    #[error("the broker's program is not ready")]
    Unready(#[source] Cause),
    /// Another connection has our client id: mostly a dead one of ours that the other end still believes in.
    #[error("the client id is taken")]
    ClientIdTaken(#[source] Cause),
    /// The broker manages other accounts than the one that is wanted.
    #[error("the wanted account is not there")]
    WrongAccount(#[source] Cause),
    /// No answer in time.
    #[error("the broker did not answer within {} ms", .0.as_millis())]
    Timeout(Duration),
    /// This adapter does not do that.
    #[error("this link does not support {0}")]
    Unsupported(&'static str),
}
