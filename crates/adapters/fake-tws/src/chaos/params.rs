//! What an act is done with.

use super::{number, span};
use serde::{Deserialize, Deserializer, de};
use std::fmt;
use std::time::Duration;
use tradeport_kernel::Decimal;

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// The connection: its id is -1.
    Connection,
    /// The request or the order of the event: its id is theirs.
    It,
}

/// A notice or an error.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Its code; any.
    pub code: i32,
    /// What it says; without this, what TWS says with the code.
    #[serde(default)]
    pub text: Option<String>,
    /// What it is about.
    #[serde(default = "connection")]
    pub about: About,
}

const fn connection() -> About {
    About::Connection
}

impl Notice {
    /// A notice about the connection, in the words of TWS.
    #[must_use]
    pub const fn of(code: i32) -> Self {
        Self { code, text: None, about: About::Connection }
    }
}

/// The error that answers a request, which is not done.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// Its code; any.
    pub code: i32,
    /// What it says; without this, what TWS says with the code.
    #[serde(default)]
    pub text: Option<String>,
}

impl Refusal {
    /// With a code, in the words of TWS.
    #[must_use]
    pub const fn of(code: i32) -> Self {
        Self { code, text: None }
    }
}

/// How a message falls behind others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reorder {
    /// So many messages of the connection overtake it.
    pub behind: u32,
    /// It waits no longer for them than this.
    #[serde(deserialize_with = "span::read")]
    pub within: Duration,
}

impl Default for Reorder {
    fn default() -> Self {
        Self { behind: 1, within: Duration::from_secs(1) }
    }
}

/// How a frame comes in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Split {
    /// So many, at most one for each byte.
    pub pieces: u32,
    /// Between one and the next.
    #[serde(deserialize_with = "span::read")]
    pub pause: Duration,
}

impl Default for Split {
    fn default() -> Self {
        Self { pieces: 2, pause: Duration::from_millis(5) }
    }
}

/// How a message waits for others, to be sent with them in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Merge {
    /// So many together.
    pub messages: u32,
    /// They wait no longer than this.
    #[serde(deserialize_with = "span::read")]
    pub within: Duration,
}

impl Default for Merge {
    fn default() -> Self {
        Self { messages: 10, within: Duration::from_secs(1) }
    }
}

/// What a message lacks, or says that cannot be. Messages that do not have it stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alteration {
    /// Orders, statuses and executions have 0 for their durable number.
    NoPermId,
    /// Orders and executions have no order reference.
    NoOrderRef,
    /// Statuses have 0 for their prices, whatever has traded.
    NoAveragePrice,
    /// Commissions are -1, and what was earned is unset.
    CommissionPending,
    /// Bids, asks and last prices are -1 with a size of 0.
    NoQuote,
    /// Prices of ticks are ten times too high.
    TenfoldPrice,
    /// Profits and losses are unset.
    UnsetAmounts,
}

/// How far the server's clock is off, as it tells the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockOff {
    /// It is ahead.
    Ahead(#[serde(deserialize_with = "span::read")] Duration),
    /// It is behind.
    Behind(#[serde(deserialize_with = "span::read")] Duration),
}

/// So many bytes are sent as they are, at most.
pub(super) const MOST_BYTES: usize = 64 * 1024;

/// Reads bytes in hexadecimal, with spaces wherever they help.
pub(super) fn read_bytes<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(from)?;
    let wrong = || de::Error::custom("expected bytes in hexadecimal, such as \"00000004 000003e7\"");
    let digits: Option<Vec<u32>> =
        text.chars().filter(|it| !it.is_whitespace()).map(|it| it.to_digit(16)).collect();
    let digits = digits.filter(|it| !it.is_empty() && it.len().is_multiple_of(2)).ok_or_else(wrong)?;
    let byte = |pair: &[u32]| pair.iter().fold(0, |sum, digit| sum * 16 + digit);
    Ok(digits.chunks(2).filter_map(|pair| u8::try_from(byte(pair)).ok()).collect())
}

/// What the port does while the server restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Port {
    /// Nobody listens.
    #[default]
    Refuses,
    /// Connections are taken and hear nothing; they are closed when the server is back.
    Silent,
    /// Connections are taken and closed at once.
    Closes,
}

/// A restart: every connection is closed, and for a while there are no new ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Restart {
    /// For how long.
    #[serde(deserialize_with = "span::read")]
    pub down: Duration,
    /// What the port does meanwhile.
    pub port: Port,
    /// The next order id goes back by so many.
    pub roll_back: u32,
}

impl Default for Restart {
    fn default() -> Self {
        Self { down: Duration::from_secs(60), port: Port::Refuses, roll_back: 0 }
    }
}

/// What becomes of orders, changes and cancels while the server has lost its own connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutageOrders {
    /// They wait and go out when the connection is back; nothing is said of them before.
    #[default]
    Hold,
    /// Error 201.
    Refuse,
}

/// The server has lost its own connection: notice 1100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Outage {
    /// What becomes of orders meanwhile.
    pub orders: OutageOrders,
}

/// What has become of subscriptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Data {
    /// They stand, and data goes on.
    #[default]
    Kept,
    /// They are gone until somebody asks anew.
    Lost,
}

/// How a farm is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FarmState {
    /// Connected: 2104, 2106, 2158.
    Ok,
    /// Not connected: 2103, 2105, 2157.
    Broken,
    /// Asleep, but there when it is needed: 2107, 2108. Nothing follows from it.
    Inactive,
    /// Being connected: 2119. Nothing follows from it.
    Connecting,
}

/// A farm of TWS changes its state.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Farm {
    /// Its name. What it serves follows from it: history with `hmds` in it, contracts with `secdef`, else market data.
    pub name: String,
    /// How it is from now on.
    pub is: FarmState,
    /// What has become of its subscriptions, once it is connected.
    #[serde(default)]
    pub data: Data,
}

impl Farm {
    /// A farm in a state; its subscriptions stand.
    #[must_use]
    pub fn new(name: &str, is: FarmState) -> Self {
        Self { name: name.to_owned(), is, data: Data::Kept }
    }
}

/// An error on every stream of market data, and then silence.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StopData {
    /// The error's code; 10197 is a competing session.
    pub code: i32,
    /// What it says; without this, what TWS says with the code.
    pub text: Option<String>,
    /// For how long; without this, until the client connects anew.
    #[serde(deserialize_with = "span::read_some")]
    pub lasts: Option<Duration>,
}

impl Default for StopData {
    fn default() -> Self {
        Self { code: 10_197, text: None, lasts: None }
    }
}

/// An execution's price was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Correction {
    /// By so much.
    #[serde(deserialize_with = "number::read")]
    pub by: Decimal,
}

impl Default for Correction {
    fn default() -> Self {
        Self { by: Decimal::new(1, 2) }
    }
}

/// An execution's quantity was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bust {
    /// So much of it counts; without this, nothing, and no message says so.
    #[serde(deserialize_with = "number::read_some")]
    pub left: Option<Decimal>,
}

/// On which side somebody trades by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandSide {
    /// Buys.
    Buy,
    /// Sells.
    Sell,
}

/// An order that a person enters at the window of TWS.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandOrder {
    /// The symbol of a US share.
    pub symbol: String,
    /// Which side.
    pub side: HandSide,
    /// How many shares.
    #[serde(deserialize_with = "number::read")]
    pub quantity: Decimal,
    /// The limit; a market order without it.
    #[serde(default, deserialize_with = "number::read_some")]
    pub limit: Option<Decimal>,
}

macro_rules! order_states {
    ($($(#[$about:meta])* $name:ident)*) => {
        /// The status of an order, as the API spells it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
        pub enum OrderState {
            $($(#[$about])* $name,)*
        }

        impl OrderState {
            /// As the API spells it.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }
        }
    };
}

order_states! {
    /// Sent, and not heard of.
    PendingSubmit
    /// Taken, and not at the exchange.
    PreSubmitted
    /// Working.
    Submitted
    /// Being cancelled.
    PendingCancel
    /// Cancelled before it was taken.
    ApiCancelled
    /// Cancelled.
    Cancelled
    /// Filled.
    Filled
    /// Refused, or asleep.
    Inactive
}

impl fmt::Display for OrderState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}
