//! Protective cover: does every position have the stop that the policy demands?
//!
//! A pure function of positions and live orders. What counts is what protects now: a stop on the other side of the position,
//! for the same account and instrument, that the broker holds. What is in flight, unknown or being cancelled may not be there;
//! what waits for its parent, for a condition, for its time or to be woken does not act; of a group, whose orders cancel one another, the largest counts.
//! Of an order that is being changed the smaller wording counts, and of several under one key the one that is followed.
//!
//! A bracket demands its stop by itself (`bracket`), whatever the policy says.
//!
//! Left out: putting a stop where none is. A person, or whoever opened the position, decides at which price.

mod bracket;

pub use bracket::Bracketed;

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;
use tradeport_kernel::{AccountId, Decimal, OrderKey, Symbol, Timestamp};
use tradeport_orders::{Order, OrderAttributes, OrderKind, OrderState, Side};
use tradeport_portfolio::Portfolio;

/// Which cover positions must have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProtectionPolicy {
    /// Which stop every position must have.
    pub stop: StopDemand,
    /// Instruments whose positions need none.
    pub except: BTreeSet<Symbol>,
}

/// Which stop counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopDemand {
    /// None is demanded.
    #[default]
    Off,
    /// A stop that becomes a market order: it ends the position at whatever price there is.
    Market,
    /// Any stop, those with a limit among them: they may not trade when the price jumps over them.
    Any,
}

/// A position whose cover is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CoverGap {
    /// Whose.
    pub account: AccountId,
    /// Of what.
    pub symbol: Symbol,
    /// What is held; negative when short.
    pub held: Decimal,
    /// How many units stops would end; more than is held when they would open a position on the other side.
    pub covered: Decimal,
    /// How many units have no stop that should have one.
    #[serde(default)]
    pub bare: Decimal,
    /// The entries of the brackets that wanted a stop for them; none where the policy demands it.
    #[serde(default)]
    pub brackets: Vec<OrderKey>,
}

impl fmt::Display for CoverGap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { account, symbol, held, covered, bare, brackets } = self;
        if !brackets.is_empty() {
            let keys = brackets.iter().map(OrderKey::as_str).collect::<Vec<_>>().join(", ");
            return write!(
                f,
                "{account} holds {held} {symbol}, and the stops that {keys} wanted for {bare} of it are gone: {}",
                self.remedy()
            );
        }
        match *covered > held.abs() {
            true => write!(
                f,
                "{account} holds {held} {symbol}, and stops are for {covered}: more than there is to protect; change or \
                 cancel one"
            ),
            false => write!(
                f,
                "{account} holds {held} {symbol}, and stops protect {covered} of it: place one for the rest"
            ),
        }
    }
}

impl CoverGap {
    /// The side on which a stop would end the position, and what places one.
    #[must_use]
    pub fn remedy(&self) -> String {
        let side = exit_side(self.held);
        format!("tradeport order {side} \"{}\" {} --stop PRICE --tif gtc", self.symbol, self.bare)
    }
}

/// The side of orders that end a position.
pub(crate) fn exit_side(held: Decimal) -> Side {
    if held > Decimal::ZERO { Side::Sell } else { Side::Buy }
}

/// The positions of an account that are covered by less, or by more, than they are; none where the policy demands nothing.
/// `live` are the orders that may trade at this moment, of this account and of others.
#[must_use]
pub fn cover_gaps<'a>(
    policy: &ProtectionPolicy,
    portfolio: &Portfolio,
    live: impl IntoIterator<Item = &'a Order>,
    now: Timestamp,
) -> Vec<CoverGap> {
    if policy.stop == StopDemand::Off {
        return Vec::new();
    }
    let live: Vec<&Order> = live.into_iter().collect();
    let waited_for: HashSet<&OrderKey> = live.iter().map(|order| order.intent().key()).collect();
    let acts = |order: &&&Order| {
        let parent = order.intent().parent();
        protects_now(policy.stop, order, now) && !parent.is_some_and(|parent| waited_for.contains(parent))
    };
    let stops: Vec<&Order> =
        live.iter().filter(acts).filter(|it| it.intent().account() == portfolio.account()).copied().collect();
    let mut gaps = Vec::new();
    for position in portfolio.held().filter(|position| !policy.except.contains(&position.symbol())) {
        let (symbol, held) = (position.symbol(), position.quantity().as_decimal());
        let side = exit_side(held);
        let of_it = stops.iter().filter(|it| it.intent().symbol() == symbol && it.side() == side);
        let covered = units(of_it.copied());
        if covered != held.abs() {
            let (account, bare) = (portfolio.account().clone(), (held.abs() - covered).max(Decimal::ZERO));
            gaps.push(CoverGap { account, symbol, held, covered, bare, brackets: Vec::new() });
        }
    }
    gaps
}

/// Is it a stop of the kind, does the broker hold it, and does it act?
pub(crate) fn protects_now(demand: StopDemand, order: &Order, now: Timestamp) -> bool {
    use OrderKind as K;
    let is_stop = match order.kind() {
        K::Stop { .. } | K::StopProtected { .. } | K::Trail { .. } => true,
        K::StopLimit { .. } | K::TrailLimit { .. } | K::TrailLimitFrom { .. } => demand == StopDemand::Any,
        _ => false,
    };
    let is_held = matches!(order.state(), OrderState::Held | OrderState::Working) && !order.is_held_back();
    is_stop && is_held && !order.wording().said().is_some_and(|said| sleeps(said, now))
}

/// What does not act until something happens, its time comes or somebody wakes it.
fn sleeps(said: &OrderAttributes, now: Timestamp) -> bool {
    let begins = said.timing.good_after.max(said.timing.active_from);
    said.conditions.is_some() || said.deactivated || begins.is_some_and(|begins| begins > now)
}

/// Units of all of them, of a group those of its largest.
pub(crate) fn units<'a>(stops: impl Iterator<Item = &'a Order>) -> Decimal {
    let mut alone = Decimal::ZERO;
    let mut groups: BTreeMap<&str, Decimal> = BTreeMap::new();
    for stop in stops {
        let open = least_open(stop);
        match stop.intent().oca() {
            Some(group) => {
                let largest = groups.entry(group.name()).or_default();
                *largest = open.max(*largest);
            }
            None => alone += open,
        }
    }
    alone + groups.values().sum::<Decimal>()
}

/// How much of it is sure to trade when it is triggered; nothing while nobody knows how many units it is for.
fn least_open(order: &Order) -> Decimal {
    order.least_open_quantity().unwrap_or_default()
}

#[cfg(test)]
mod tests;
