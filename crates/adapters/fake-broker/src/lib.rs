//! An exchange and broker in memory: deterministic, seeded, scriptable.
//!
//! [`Exchange`] is the pure core: inputs and the time go in, effects come out. [`FakeBroker`] puts every port of a broker
//! over it (`OrderGateway`, `QuoteFeed`, `BarHistory`, `AccountFeed`, `ContractCatalog`, `BrokerLink`) and is driven from
//! outside: [`FakeBroker::publish`] a quote, [`FakeBroker::advance_to`] a moment, arm a [`Fault`]. [`feed`] makes quotes
//! out of bars, or out of a seed.
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
mod gateway;
mod link;
mod queue;
mod quote_feed;
mod state;

pub use broker::{FakeBroker, PublishError};
pub use config::FakeBrokerConfig;
pub use exchange::{AccountConfig, AccountKind, ConfigError, Exchange, ExchangeConfig};
pub use fault::{Fault, WayFault};
