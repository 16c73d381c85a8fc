//! An exchange and broker in memory: deterministic, seeded, scriptable.
//!
//! [`Exchange`] is the pure core: inputs and the time go in, effects come out. [`FakeBroker`] puts every port of a broker
//! over it (`OrderGateway`, `QuoteFeed`, `TickFeed`, `OptionFeed`, `BarHistory`, `AccountFeed`, `PnlFeed`,
//! `ContractCatalog`, `BrokerLink`) and is driven from
//! outside: [`FakeBroker::publish`] a quote, [`FakeBroker::advance_to`] a moment, arm a [`Fault`]. [`feed`] makes quotes
//! out of bars, or out of a seed.
//!
//! ```
//! use futures::executor::block_on;
//! use tradeport_connection::BrokerLink;
//! use tradeport_contracts::{ContractDraft, ContractId, Stock, TradingSessions};
//! use tradeport_fake_broker::{AccountConfig, AccountKind, FakeBroker, FakeBrokerConfig};
//! use tradeport_kernel::{AccountId, Currency, Decimal, Money, Symbol, Timestamp};
//! use tradeport_market_data::{Level, Quote, QuoteFeed};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let contract = ContractDraft {
//!     id: ContractId::new(265_598),
//!     symbol: Symbol::new("AAPL")?,
//!     instrument: Stock::new("AAPL")?.into(),
//!     name: "APPLE INC".to_owned(),
//!     currency: Currency::USD,
//!     price_step: Decimal::new(1, 2),
//!     lot: Decimal::ONE,
//!     multiplier: Decimal::ONE,
//!     sessions: TradingSessions::always(),
//!     details: Default::default(),
//! };
//! let account = AccountConfig {
//!     id: AccountId::new("DU1")?,
//!     cash: Money::new(Decimal::from(100_000), Currency::USD),
//!     kind: AccountKind::Margin,
//! };
//! let broker = FakeBroker::new(FakeBrokerConfig::new(7, vec![account], vec![contract.check()?]))?;
//! block_on(broker.connect())?;
//!
//! let level = |price: &str| Some(Level::new(price.parse().expect("a price"), "500".parse().ok()));
//! let at = Timestamp::from_seconds(1_357_137_000);
//! broker.publish(Quote::new(Symbol::new("AAPL")?, at, level("549.98"), level("550.02"))?)?;
//! assert!(block_on(broker.snapshot(Symbol::new("AAPL")?)).is_ok());
//! # Ok(())
//! # }
//! ```
//!
//! [`house`] is what can be listed there, and what it costs.
//!
//! Left out: files, sockets and real time. Who has quotes in a file reads them and publishes them here.

mod account_feed;
mod bar_history;
mod broker;
pub mod commission;
mod config;
mod contract_catalog;
pub mod exchange;
mod fault;
pub mod feed;
mod following;
mod gateway;
pub mod house;
mod link;
mod option_feed;
mod pnl_feed;
mod queue;
mod quote_feed;
mod state;
mod tick_feed;

pub use broker::{FakeBroker, NotListed, PublishError};
pub use config::FakeBrokerConfig;
pub use exchange::{AccountConfig, AccountKind, ConfigError, Exchange, ExchangeConfig, Rates};
pub use fault::{Door, Fault, WayFault};
