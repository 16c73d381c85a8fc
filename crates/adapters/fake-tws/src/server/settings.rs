//! How a server is set up.

use super::limits::Limits;
use super::permissions::Permissions;
use super::rate::RateLimit;
use crate::chaos::Scenario;
use crate::wire::ServerVersions;
use std::time::Duration;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};
use tradeport_fake_broker::house::FakeHours;
use tradeport_fake_broker::{AccountConfig, AccountKind};
use tradeport_kernel::{AccountId, Currency, Decimal, Money, Timestamp};

const DATE_TIME: &[BorrowedFormatItem<'_>] =
    format_description!("[year][month][day] [hour]:[minute]:[second]");

/// Whose prices a server tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prices {
    /// Those of a market of its own, unless a script says otherwise.
    #[default]
    Synthetic,
    /// Those of scripts alone: what no script has said has no price and no past.
    Scripted,
}

/// How a server is set up. The defaults are those of a paper account with a hundred market-data lines.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// Where chance begins.
    pub seed: u64,
    /// Which versions are spoken.
    pub versions: ServerVersions,
    /// The accounts, at least one.
    pub accounts: Vec<AccountConfig>,
    /// When the market is open.
    pub hours: FakeHours,
    /// Whose prices it tells.
    pub prices: Prices,
    /// The client whose connection sees the orders of all; TWS calls it the master client id.
    pub master_client_id: Option<i32>,
    /// How much market data may be asked for.
    pub limits: Limits,
    /// Whose market data may be seen live.
    pub permissions: Permissions,
    /// How many messages a second a client may send; `None` for as many as it likes.
    pub message_rate: Option<RateLimit>,
    /// So many clients at once.
    pub max_clients: usize,
    /// What goes wrong, and when.
    pub scenario: Scenario,
    /// So long a client whose id is taken waits for it to be given back: one that goes and comes again is often there
    /// before its old connection has ended.
    pub client_id_wait: Duration,
}

impl Default for ServerSettings {
    fn default() -> Self {
        let account = AccountConfig {
            id: AccountId::new("DU1234567").expect("a good account name"),
            cash: Money::new(Decimal::from(1_000_000), Currency::USD),
            kind: AccountKind::Margin,
        };
        Self {
            seed: 1,
            versions: ServerVersions::default(),
            accounts: vec![account],
            hours: FakeHours::default(),
            prices: Prices::default(),
            master_client_id: None,
            limits: Limits::default(),
            permissions: Permissions::default(),
            message_rate: Some(RateLimit::default()),
            max_clients: 32,
            scenario: Scenario::default(),
            client_id_wait: Duration::from_millis(500),
        }
    }
}

impl ServerSettings {
    /// The moment as the answer to a new connection says it.
    pub(crate) fn greeting_time(&self, now: Timestamp) -> String {
        format!("{} UTC", date_time(now))
    }
}

/// `20260102 15:04:05`, in UTC.
pub(crate) fn date_time(at: Timestamp) -> String {
    let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.nanos()))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
        .to_offset(UtcOffset::UTC);
    moment.format(DATE_TIME).unwrap_or_default()
}
