//! Whether the conditions of an order hold now.
//!
//! Each link says how it joins the next one; *and* binds before *or*. A price is that of the last quote: the middle, or
//! the side that the trigger method names.
//!
//! A volume is that of the day of trading. Left out: the double methods, which wait for a second quote.

use super::book::Book;
use crate::server::lookup;
use crate::server::world::World;
use tradeport_contracts::{Contract, ContractId};
use tradeport_kernel::{Decimal, Price, Timestamp};
use tradeport_orders::{Condition, Conditions, Connector, Threshold, TriggerMethod};

/// In seconds.
const DAY: i64 = 86_400;

/// Do they hold?
pub(super) fn are_met(conditions: &Conditions, world: &World, book: &Book) -> bool {
    let (mut any, mut all) = (false, true);
    for link in conditions.links() {
        all &= holds(&link.condition, world, book);
        if link.connector == Connector::Or {
            (any, all) = (any || all, true);
        }
    }
    // After a last *or* nothing follows that could hold.
    let open = conditions.links().last().is_some_and(|link| link.connector == Connector::And);
    any || open && all
}

fn holds(condition: &Condition, world: &World, book: &Book) -> bool {
    match condition {
        Condition::Price { watched, side, price, method } => {
            let now = contract(watched.contract, world).and_then(|it| price_of(&it, *side, *method, world));
            now.is_some_and(|now| passed(*side, now.as_decimal(), price.as_decimal()))
        }
        Condition::Time { side: Threshold::Above, at } => world.now() >= *at,
        Condition::Time { side: Threshold::Below, at } => world.now() <= *at,
        Condition::Margin { side, percent } => {
            cushion(world).is_some_and(|cushion| passed(*side, cushion, Decimal::from(*percent)))
        }
        Condition::PercentChange { watched, side, percent } => {
            let change = contract(watched.contract, world).and_then(|it| change_today(&it, world));
            change.is_some_and(|change| passed(*side, change, *percent))
        }
        Condition::Volume { watched, side, volume } => {
            let now = contract(watched.contract, world).and_then(|it| volume_today(&it, world));
            now.is_some_and(|now| passed(*side, now, Decimal::from(*volume)))
        }
        Condition::Execution { symbol, .. } => book.reports.has_symbol(symbol.as_str()),
    }
}

fn passed(side: Threshold, now: Decimal, limit: Decimal) -> bool {
    match side {
        Threshold::Above => now >= limit,
        Threshold::Below => now <= limit,
    }
}

fn contract(id: ContractId, world: &World) -> Option<Contract> {
    lookup::of_number(world, i32::try_from(id.number()).ok()?)
}

fn price_of(
    contract: &Contract,
    side: Threshold,
    method: Option<TriggerMethod>,
    world: &World,
) -> Option<Price> {
    let quote = world.quote(contract)?;
    match method {
        Some(TriggerMethod::BidAsk | TriggerMethod::DoubleBidAsk) => {
            let level = if side == Threshold::Above { quote.bid() } else { quote.ask() };
            level.map(|level| level.price())
        }
        _ => quote.mid(),
    }
}

/// Excess liquidity in percent of the net liquidation value of the first account.
fn cushion(world: &World) -> Option<Decimal> {
    let summary = world.exchange().summary(world.accounts().first()?)?.ok()?;
    let worth = summary.net_liquidation.amount();
    let excess = worth - summary.maintenance_margin.amount();
    excess.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(worth)
}

/// What has traded since the session began, or of the last session when there is none now.
fn volume_today(contract: &Contract, world: &World) -> Option<Decimal> {
    let tape = world.tape(contract)?;
    let seconds = |at: Timestamp| at.nanos().div_euclid(1_000_000_000);
    let now = seconds(world.now());
    let session = contract.sessions().session_at(world.now());
    // Where no session begins, a day ago is where the day began.
    let opened = session.map_or(now - DAY, |it| seconds(it.open)).max(now - DAY);
    Some(tape.volume(opened, now))
}

/// In percent of the price a day ago.
fn change_today(contract: &Contract, world: &World) -> Option<Decimal> {
    let day = std::time::Duration::from_secs(86_400);
    let before = world.quote_at(contract, world.now().before(day))?.mid()?.as_decimal();
    let now = world.quote(contract)?.mid()?.as_decimal();
    (now - before).checked_mul(Decimal::ONE_HUNDRED)?.checked_div(before)
}
