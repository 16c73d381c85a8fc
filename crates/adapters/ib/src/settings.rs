//! Where TWS is, who we are to it, and how long we wait.

use crate::notices::NoticeTable;
use std::time::Duration;
use tradeport_connection::Pacer;
use tradeport_kernel::AccountId;

/// How to reach a TWS or IB Gateway.
#[derive(Clone, Debug)]
pub struct IbSettings {
    host: String,
    port: u16,
    client_id: i32,
    account: Option<AccountId>,
    waits: Waits,
    pacer: Option<Pacer>,
    channel_capacity: usize,
    market_data: MarketData,
    notices: NoticeTable,
}

/// Which quotes are wanted where the account may not see live ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MarketData {
    /// None: an instrument without permission is an error.
    #[default]
    Live,
    /// The last of a market that has closed, too.
    Frozen,
    /// Those of a quarter of an hour ago.
    Delayed,
    /// Both.
    DelayedFrozen,
}

/// How long is waited, for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waits {
    /// For the address of the host's name.
    pub name: Duration,
    /// For a connection to stand, from the first packet to accounts and order number.
    pub connect: Duration,
    /// For the answer to a question.
    pub answer: Duration,
    /// For the answer to a question about the past.
    pub history: Duration,
    /// For the pacing budget to let a question about the past go. Other questions wait for it no longer than for their
    /// answers.
    pub turn: Duration,
    /// For the first word about an order, a change or a cancel.
    pub order: Duration,
    /// Between two questions for a sign of life; `None` for never. The answer has [`Waits::answer`].
    pub heartbeat: Option<Duration>,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            name: Duration::from_secs(5),
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(15),
            history: Duration::from_secs(60),
            // The longest limit of history is one of ten minutes.
            turn: Duration::from_secs(900),
            order: Duration::from_secs(10),
            heartbeat: Some(Duration::from_secs(30)),
        }
    }
}

/// Settings that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSettings {
    /// No host.
    #[error("the host is {0:?}: give a name or an address, such as 127.0.0.1")]
    Host(String),
    /// A client id below zero.
    #[error("the client id is {0}: it must be zero or above")]
    ClientId(i32),
    /// No room at all.
    #[error("{0} must be above zero")]
    Zero(&'static str),
}

/// So many messages of one stream may wait to be read. Each holds about 130 bytes from the beginning.
const CHANNEL_CAPACITY: usize = 64;

impl IbSettings {
    /// The TWS that listens at `host` and `port`, as the client `client_id`.
    pub fn new(host: &str, port: u16, client_id: i32) -> Result<Self, NotSettings> {
        if host.trim().is_empty() || host.contains(char::is_whitespace) {
            return Err(NotSettings::Host(host.to_owned()));
        }
        if client_id < 0 {
            return Err(NotSettings::ClientId(client_id));
        }
        Ok(Self {
            host: host.to_owned(),
            port,
            client_id,
            account: None,
            waits: Waits::default(),
            pacer: None,
            channel_capacity: CHANNEL_CAPACITY,
            market_data: MarketData::default(),
            notices: NoticeTable::default(),
        })
    }

    /// The account that must be managed there; a connection without it is refused.
    #[must_use]
    pub fn with_account(mut self, account: AccountId) -> Self {
        self.account = Some(account);
        self
    }

    /// Other times to wait.
    #[must_use]
    pub const fn with_waits(mut self, waits: Waits) -> Self {
        self.waits = waits;
        self
    }

    /// The budget that every message asks: one for all connections to the same TWS, since its limits are of them together.
    /// Its clock should be the adapter's. Without one the adapter has a budget of its own, with the standard limits.
    #[must_use]
    pub fn paced_by(mut self, pacer: Pacer) -> Self {
        self.pacer = Some(pacer);
        self
    }

    /// So many messages of one stream may wait before the oldest are dropped and counted.
    pub fn with_channel_capacity(mut self, capacity: usize) -> Result<Self, NotSettings> {
        if capacity == 0 {
            return Err(NotSettings::Zero("the capacity of a stream"));
        }
        self.channel_capacity = capacity;
        Ok(self)
    }

    /// Other quotes where live ones may not be seen.
    #[must_use]
    pub const fn with_market_data(mut self, market_data: MarketData) -> Self {
        self.market_data = market_data;
        self
    }

    /// Another table of the broker's codes.
    #[must_use]
    pub fn with_notices(mut self, notices: NoticeTable) -> Self {
        self.notices = notices;
        self
    }

    /// The host.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Our number as a client.
    #[must_use]
    pub const fn client_id(&self) -> i32 {
        self.client_id
    }

    /// The account that must be there.
    #[must_use]
    pub const fn account(&self) -> Option<&AccountId> {
        self.account.as_ref()
    }

    /// How long is waited.
    #[must_use]
    pub const fn waits(&self) -> Waits {
        self.waits
    }

    /// The budget that was given.
    #[must_use]
    pub const fn pacer(&self) -> Option<&Pacer> {
        self.pacer.as_ref()
    }

    /// Messages of one stream that may wait.
    #[must_use]
    pub const fn channel_capacity(&self) -> usize {
        self.channel_capacity
    }

    /// Which quotes are wanted.
    #[must_use]
    pub const fn market_data(&self) -> MarketData {
        self.market_data
    }

    /// What the broker's codes mean.
    #[must_use]
    pub const fn notices(&self) -> &NoticeTable {
        &self.notices
    }
}
