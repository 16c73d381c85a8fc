//! The promises of every port as test cases that each adapter runs.
//!
//! Per port there is one module: a `Harness` that the adapter's team supplies, one public function per promise, and a
//! macro such as [`tick_store_conformance!`] that turns all of them into tests. An adapter writes a harness and
//! one line:
//!
//! ```text
//! tradeport_conformance::tick_store_conformance!(SqliteFixture);
//! tradeport_conformance::order_gateway_conformance!(FakeFixture, not_claimed: [changes_working_orders]);
//! ```
//!
//! What vendors differ in is a claim. A case for a claim that is not made becomes an ignored test with the reason
//! `not claimed`, so no report counts it as passed; that list and the harness' `CLAIMS` must agree, or the adapter's
//! tests do not compile. Every case runs under a limit of wall-clock time ([`run_case`]): one that hangs, fails.
//!
//! [`CASES`] lists everything, with the words of the promises; a test compares them with the ports' documentation.
//! [`mocks`] holds a mock of every port, for failures that no fake shows, [`fixtures`] awkward values, and [`generate`]
//! instruments, orders and algos of every kind at random.
//!
//! Left out: any adapter, and any runtime. Futures are polled by a plain executor on one thread.

mod cases;
mod hearing;
mod run;
mod same;

pub mod account_feed;
pub mod audit_log;
pub mod bar_history;
pub mod bar_store;
pub mod break_store;
pub mod broker_link;
pub mod clock;
pub mod contract_catalog;
pub mod fixtures;
pub mod generate;
pub mod mocks;
pub mod notifier;
pub mod option_feed;
pub mod order_gateway;
pub mod order_journal;
pub mod pnl_feed;
pub mod portfolio_store;
pub mod quote_feed;
pub mod switch_store;
pub mod tick_feed;
pub mod tick_store;

pub use cases::{CASES, Case, PortCases};
pub use hearing::{Heard, drain, hear_until};
pub use run::run_case;
