//! The requests of the API, one module for each family, with what they keep.
//!
//! A family has up to three pieces of state: what it keeps of one connection ([`Kept`]), what it keeps for all
//! ([`Shared`]), and nothing else: prices, orders and accounts are the world's.

pub(crate) mod account;
pub(crate) mod advisor;
pub(crate) mod config;
pub(crate) mod connection;
pub(crate) mod details;
pub(crate) mod display;
pub(crate) mod history;
pub(crate) mod market_data;
pub(crate) mod news;
pub(crate) mod orders;
pub(crate) mod parts;
pub(crate) mod scanner;
pub(crate) mod standing;
pub(crate) mod wsh;

use super::outbox::Outbox;
use super::session::{Session, SessionId};
use super::world::World;
use std::collections::BTreeMap;
use tradeport_fake_broker::exchange::Effect;
use tradeport_kernel::Timestamp;

/// What the families keep of one connection.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) account: account::Heard,
    pub(crate) watched: display::Watched,
    pub(crate) bulletins: news::Bulletins,
    pub(crate) scans: scanner::Scans,
    pub(crate) history: history::KeptHistory,
    pub(crate) market_data: market_data::KeptMarketData,
}

/// What the families keep for all connections.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(crate) connection: connection::SharedConnection,
    pub(crate) account: account::Ledgers,
    pub(crate) orders: orders::Book,
    pub(crate) advisor: advisor::Advisor,
    pub(crate) shown: display::Shown,
    pub(crate) config: config::Config,
    pub(crate) wsh: wsh::Asked,
    pub(crate) history: history::SharedHistory,
    pub(crate) market_data: market_data::SharedMarketData,
}

/// Lets the families do what is due now.
pub(crate) fn on_time(
    sessions: &mut BTreeMap<SessionId, Session>,
    shared: &mut Shared,
    world: &mut World,
    outbox: &mut Outbox,
) {
    market_data::on_time(sessions, world, outbox);
    history::keep::on_time(sessions, world, outbox);
    scanner::refresh(sessions, world, outbox);
    news::publish_bulletins(sessions, world.now(), outbox);
    let parts = &mut parts::Parts { sessions, shared, world, outbox };
    orders::on_time(parts);
    account::on_time(parts);
}

/// Tells what the exchange has said to those whom it concerns.
pub(crate) fn on_effects(
    effects: &[Effect],
    sessions: &mut BTreeMap<SessionId, Session>,
    shared: &mut Shared,
    world: &mut World,
    outbox: &mut Outbox,
) {
    let parts = &mut parts::Parts { sessions, shared, world, outbox };
    orders::on_effects(parts, effects);
    account::on_effects(parts, effects);
}

/// When the families want to be called again.
pub(crate) fn next_wake(
    sessions: &BTreeMap<SessionId, Session>,
    shared: &Shared,
    world: &World,
) -> Option<Timestamp> {
    let due = [
        market_data::next_wake(sessions, world),
        history::keep::next_wake(sessions, world),
        scanner::next(sessions),
        news::next_bulletin(sessions),
        orders::next_wake(&shared.orders, world),
        account::next_wake(sessions.values()),
    ];
    due.into_iter().flatten().min()
}

#[cfg(test)]
mod standing_tests;
