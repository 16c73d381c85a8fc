//! How the parts are put together: by hand, in one place, read from top to bottom.
//!
//! [`Broker`] is the broker alone, for whoever only looks: its ports, and what instruments mean and cost there.
//! [`Platform`] is broker, databases and desk, for whoever trades. Commands see ports; which broker stands behind them
//! is known in here alone: the simulated one has a state that is kept and a market that goes on, TWS has neither.

mod broker;
mod clients;
mod fake;
mod folder;
mod host;
mod live;
mod numbers;
mod ordered;
mod platform;
mod ports;
mod service;
mod stores;
mod switch;
mod tws;
mod waiting;
mod window;

pub use broker::{Broker, MarketGuard};
pub use host::Host;
pub use ordered::Ordered;
pub use platform::Platform;
pub(crate) use platform::{look_for_breaks, note_worth, recall_worth, warn_of_unmanaged};
pub use ports::BrokerPorts;
pub use service::{AccountProver, Line, Plant};
pub use stores::{Access, is_in_use, open_orders, open_stores, read_orders, read_stores};
pub use switch::{breaks_of, switch_of};
pub(crate) use tws::check_notices;
pub(crate) use waiting::{Tried, once_free};
pub(crate) use window::held_now;

use crate::Session;
use crate::config::BrokerChoice;
use crate::fake::KeptState;

/// Who writes into the audit log: a part of the program, in this run of it. All that one run does carries the same words, so
/// that what belongs together is found together.
#[must_use]
pub fn actor_of_run(part: &str, session: &Session) -> String {
    format!("{part}, run {:x}", session.clock().now().nanos())
}

/// May the broker know of orders more than the journal does? A simulated broker that was never used does not.
pub fn broker_has_news(session: &Session) -> anyhow::Result<bool> {
    Ok(match session.config().broker {
        BrokerChoice::Fake => KeptState::within(&session.storage()?.folder).exists(),
        BrokerChoice::Tws => true,
    })
}

#[cfg(test)]
mod tests;
