//! Interactive Brokers, spoken through the `ibapi` client library: the only crate that names it.
//!
//! One door: [`IbBroker`], made from [`IbSettings`] and a clock. It holds the broker-side ports `BrokerLink`,
//! `ContractCatalog`, `QuoteFeed`, `TickFeed`, `OptionFeed`, `BarHistory`, `AccountFeed`, `PnlFeed` and `OrderGateway`; clones are the same broker.
//!
//! ```no_run
//! use std::sync::Arc;
//! use tradeport_connection::BrokerLink;
//! use tradeport_ib::{IbBroker, IbSettings};
//! # async fn example(clock: Arc<dyn tradeport_kernel::Clock>) -> Result<(), Box<dyn std::error::Error>> {
//! let broker = IbBroker::new(IbSettings::new("127.0.0.1", 4002, 7)?, clock)?;
//! let epoch = broker.connect().await?;
//! println!("epoch {}: {:?}", epoch.number(), broker.state());
//! # Ok(())
//! # }
//! ```
//!
//! | part | knows |
//! | --- | --- |
//! | [`translate`] | values of the domain and the library's objects: pure and total; nothing is guessed |
//! | [`notices`] | what the broker's codes mean, as data |
//! | `link` | the one connection: its epochs, and what is behind TWS |
//! | `session` | one connection: questions with limits, streams that end with their readers |
//! | `answers` | answers of many rows, read to their end by tasks of their own |
//! | `numbers` | which numbers orders may have, across processes |
//! | `pace` | how fast we may speak: every message asks the pacing budget |
//! | `directory` | which of our names means which contract |
//! | `orders` | where our orders stand, as a pure book, and the shell around it |
//! | `unplaced` | what the library cannot place, as its log says |
//!
//! Everything that is alive has one owner: the connection belongs to the link, a stream of TWS to whoever reads it, a task to
//! the connection. [`IbBroker::alive`] counts them. Prices and sizes come as floats from the library and leave here as the
//! decimals that they are written as; its marks for "not set" become `None`.
//!
//! What cannot be read is an error of whoever asked, never a row that is missing; words about orders that are lost or
//! unreadable end the connection, since only a new one makes that good. One thing the library keeps to itself: of a message
//! so broken that not even its request can be found it writes a line of its log, and the end of an answer does not say how
//! many rows there were. So its log is read, once [`read_library_log`] was called: the question ends in an error, and the
//! connection with it. In a process whose log goes elsewhere such a row is missing without a word; where it was a whole
//! answer or the end of one, the question ends in an error within its limit. So is, everywhere, such a row of an account's
//! positions, of which the library writes no line that can be told from others. A row that bears the number of another question,
//! bytes being changed on the way, is one that nobody can tell from its own.
//!
//! Left out: when to connect again (the supervisor of links), and what is worth saying to TWS at all.

mod account;
mod answers;
mod broker;
mod catalog;
mod census;
mod deadlines;
mod directory;
mod history;
mod link;
pub mod notices;
mod numbers;
mod orders;
mod pace;
mod pnl;
mod quotes;
mod runtime;
mod server_time;
mod session;
mod settings;
pub mod translate;
mod unplaced;

pub use broker::{IbBroker, NoLink, NoRuntime};
pub use census::Alive;
pub use link::{ConnectError, NEWEST_SERVER, OLDEST_SERVER, Upstream};
pub use numbers::NumberReserve;
pub use settings::{IbSettings, MarketData, NotSettings, Waits};
pub use unplaced::{LogTaken, read_library_log};
