//! Making a connection: name, socket, handshake, accounts; what fails says what to check.

use crate::settings::IbSettings;
use futures::future::{Either, select};
use ibapi::subscriptions::NoticeStream;
use ibapi::{Client, Error};
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;
use tokio::net::TcpStream;
use tradeport_connection::pacing::Refused;
use tradeport_kernel::{AccountId, Cause, Clock};

/// Versions below speak a language that this adapter does not.
pub const OLDEST_SERVER: i32 = 213;
/// The newest version that this adapter announces; whoever answers with a newer one speaks a language it does not know.
pub const NEWEST_SERVER: i32 = 226;
/// How long is tried, after a silence, whether anybody takes a connection there.
const LOOK: Duration = Duration::from_secs(1);

/// Why there is no connection, and what to check.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nobody knows the name.
    #[error("the host {host} has no address: check the host's name and the network")]
    UnknownHost {
        /// The name.
        host: String,
        /// What the system said.
        #[source]
        source: Cause,
    },
    /// Nobody listens there.
    #[error(
        "nobody listens at {address}: check that TWS or IB Gateway runs and is logged in, that its API is switched \
         on; its host and port (TWS 7497 paper, 7496 live; Gateway 4002 paper, 4001 live); and that it lets this \
         machine in (trusted addresses)"
    )]
    NobodyListens {
        /// Where.
        address: String,
        /// What the system said.
        #[source]
        source: Cause,
    },
    /// Packets go, and none comes back.
    #[error(
        "no answer from {address} within {} ms: check the host, and that no firewall is in between", .limit.as_millis()
    )]
    Unreachable {
        /// Where.
        address: String,
        /// How long was waited.
        limit: Duration,
    },
    /// A connection is taken, and nothing is said.
    #[error(
        "{address} takes connections and says nothing within {} ms: check that it is TWS or IB Gateway, that nobody \
         must confirm the connection there, and restart it if it hangs", .limit.as_millis()
    )]
    Silent {
        /// Where.
        address: String,
        /// How long was waited.
        limit: Duration,
    },
    /// The connection is taken and closed at once.
    #[error(
        "{address} closes the connection: check that the API lets this machine in (trusted addresses), that socket \
         clients are enabled, and that TWS or IB Gateway is of 2025 or later (server version {OLDEST_SERVER})"
    )]
    Rejected {
        /// Where.
        address: String,
        /// What was seen.
        #[source]
        source: Cause,
    },
    /// Too old.
    #[error(
        "the server at {address} speaks version {version}, and {OLDEST_SERVER} is needed: update TWS or IB Gateway"
    )]
    TooOld {
        /// Where.
        address: String,
        /// What it speaks.
        version: i32,
    },
    /// Newer than what we said that we speak.
    #[error(
        "the server at {address} speaks version {version}, and {OLDEST_SERVER} to {NEWEST_SERVER} were offered: update \
         tradeport, or use an older TWS or IB Gateway"
    )]
    TooNew {
        /// Where.
        address: String,
        /// What it speaks.
        version: i32,
    },
    /// It talks, and leaves out what no connection can do without.
    #[error(
        "{address} takes the connection and does not tell {missing}: check that TWS or IB Gateway has finished its login"
    )]
    Incomplete {
        /// Where.
        address: String,
        /// What is missing.
        missing: &'static str,
    },
    /// Somebody else is us.
    #[error(
        "client id {client_id} is in use at {address}: close the other program, or give this one another client id"
    )]
    ClientIdInUse {
        /// Where.
        address: String,
        /// Which.
        client_id: i32,
    },
    /// It speaks another language.
    #[error("what answers at {address} is no TWS or IB Gateway: check host and port")]
    NotTws {
        /// Where.
        address: String,
        /// What came.
        #[source]
        source: Cause,
    },
    /// Our own connections are as many as TWS takes.
    #[error("no further connection to TWS is opened: close another one of this program")]
    TooManyConnections(#[source] Refused),
    /// The account is not there.
    #[error(
        "account {account} is not managed at {address}: it manages {}; check the account and the login",
        if managed.is_empty() { "none".to_owned() } else { managed.join(", ") }
    )]
    WrongAccount {
        /// Where.
        address: String,
        /// The account that is wanted.
        account: AccountId,
        /// The accounts that are there.
        managed: Vec<String>,
    },
}

/// A connection that stands: nothing has been asked of it yet.
pub(super) struct Made {
    pub(super) client: Client,
    pub(super) notices: NoticeStream,
    pub(super) accounts: Vec<AccountId>,
    /// From which number on orders may be numbered.
    pub(super) first_order: i32,
}

/// Connects. Runs within the runtime.
pub(super) async fn make(settings: &IbSettings, clock: &dyn Clock) -> Result<Made, ConnectError> {
    let waits = settings.waits();
    let host = settings.host().to_owned();
    let unknown = |source: Cause| ConnectError::UnknownHost { host: host.clone(), source };
    let looked_up = tokio::net::lookup_host((settings.host(), settings.port()));
    let addresses = match limited(clock, waits.name, looked_up).await {
        Some(Ok(addresses)) => addresses,
        Some(Err(error)) => return Err(unknown(error.into())),
        None => return Err(unknown("the name was not looked up in time".into())),
    };
    // TWS listens for IPv4 unless told otherwise.
    let mut addresses: Vec<SocketAddr> = addresses.collect();
    addresses.sort_by_key(SocketAddr::is_ipv6);
    let address = *addresses.first().ok_or_else(|| unknown("the name has no address".into()))?;
    let builder = Client::builder()
        .address(address.to_string())
        .client_id(settings.client_id())
        // The link decides when a connection is made again: a lost socket ends the epoch.
        .max_reconnect_attempts(0)
        .channel_capacity(settings.channel_capacity());
    match limited(clock, waits.connect, builder.connect_with_notice_stream()).await {
        Some(Ok((client, notices))) => accept(settings, address, client, notices),
        Some(Err(error)) => Err(sort(settings, address, error)),
        None => Err(silence(clock, address, waits.connect).await),
    }
}

fn accept(
    settings: &IbSettings,
    address: SocketAddr,
    client: Client,
    notices: NoticeStream,
) -> Result<Made, ConnectError> {
    let address = address.to_string();
    let version = client.server_version();
    if version > NEWEST_SERVER {
        return Err(ConnectError::TooNew { address, version });
    }
    // The library goes on without either after a hundred messages of another kind, and would number orders from zero.
    let first_order = client.next_order_id();
    if first_order < 1 {
        return Err(ConnectError::Incomplete { address, missing: "the number of the next order" });
    }
    let managed = client.handshake_managed_accounts().to_vec();
    if managed.is_empty() {
        return Err(ConnectError::Incomplete { address, missing: "its accounts" });
    }
    let accounts = managed.iter().map(|it| AccountId::new(it)).collect::<Result<Vec<_>, _>>();
    let accounts = accounts
        .map_err(|error| ConnectError::NotTws { address: address.clone(), source: Box::new(error) })?;
    match settings.account() {
        Some(account) if !accounts.contains(account) => {
            Err(ConnectError::WrongAccount { address, account: account.clone(), managed })
        }
        _ => Ok(Made { client, notices, accounts, first_order }),
    }
}

/// What an error of the handshake says.
fn sort(settings: &IbSettings, address: SocketAddr, error: Error) -> ConnectError {
    use std::io::ErrorKind;
    let address = address.to_string();
    match error {
        Error::ClientIdInUse { client_id } => ConnectError::ClientIdInUse { address, client_id },
        Error::ServerVersion(_, version, _) => ConnectError::TooOld { address, version },
        Error::ConnectionRejected(text) => ConnectError::Rejected { address, source: text.into() },
        Error::Io(error) => match error.kind() {
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => {
                ConnectError::Rejected { address, source: error.into() }
            }
            ErrorKind::TimedOut => ConnectError::Unreachable { address, limit: settings.waits().connect },
            _ => ConnectError::NobodyListens { address, source: error.into() },
        },
        other => ConnectError::NotTws { address, source: Box::new(other) },
    }
}

/// Nothing came: because nobody is there, or because somebody says nothing?
async fn silence(clock: &dyn Clock, address: SocketAddr, limit: Duration) -> ConnectError {
    let taken = limited(clock, LOOK, TcpStream::connect(address)).await;
    let address = address.to_string();
    match taken {
        Some(Ok(_)) => ConnectError::Silent { address, limit },
        _ => ConnectError::Unreachable { address, limit },
    }
}

/// `None` when the limit came first.
async fn limited<T>(clock: &dyn Clock, limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    let deadline = clock.now().after(limit);
    match select(pin!(work), pin!(clock.sleep_until(deadline))).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(((), _)) => None,
    }
}
