//! Whether a state that was read back is one that an exchange can be in: a damaged file is refused, not run.
//!
//! Left out: whether the numbers of orders and accounts are those that were written; only what the machine relies on
//! is checked.

use super::Exchange;
use super::market::{Market, side_index};
use super::order::{LiveOrder, Slot, Stage, Whereabouts};
use super::sessions::Timer;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeSet;
use tradeport_contracts::InstrumentKind;
use tradeport_kernel::Decimal;

/// Counters beyond this could run out.
const MAX_COUNT: u64 = 1 << 62;
/// More units than ten orders of the largest quantity hold.
const MAX_UNITS: Decimal = Decimal::from_parts(0x4E72_A000, 0x918, 0, false, 0);

/// The state contradicts itself.
#[derive(Debug, thiserror::Error)]
#[error("this is not a whole exchange: {0}")]
struct NotSound(&'static str);

fn hold(good: bool, what: &'static str) -> Result<(), NotSound> {
    if good { Ok(()) } else { Err(NotSound(what)) }
}

fn units(number: Decimal) -> bool {
    number >= Decimal::ZERO && number <= MAX_UNITS
}

// The derive makes functions of these names; the traits go through them, and through the check.
impl Serialize for Exchange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Exchange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut exchange = Self::deserialize(deserializer)?;
        exchange.check_state().map_err(D::Error::custom)?;
        exchange.find_unmet();
        Ok(exchange)
    }
}

impl Exchange {
    fn check_state(&self) -> Result<(), NotSound> {
        hold(self.work.is_empty(), "a step was not finished")?;
        hold(self.counter < MAX_COUNT, "its counter is used up")?;
        hold(self.ended_before < usize::MAX / 2, "its ended orders are counted out")?;
        let numbers = [self.next_perm_id, self.next_broker_order_id];
        hold(numbers.iter().all(|number| (0..1 << 62).contains(number)), "its order numbers are used up")?;
        hold(!self.accounts.is_empty(), "it has no account")?;
        let whole = self.accounts.iter().all(|account| account.holdings.len() == self.markets.len());
        hold(whole, "an account and the markets differ")?;
        hold(
            self.markets.is_sorted_by(|a, b| a.contract.symbol() < b.contract.symbol()),
            "its markets are unsorted",
        )?;
        for order in self.orders.iter() {
            self.check_order(order)?;
        }
        hold(self.orders.free_slots_are_free(), "a free place is taken")?;
        self.check_keys()?;
        for (index, market) in self.markets.iter().enumerate() {
            self.check_market(index, market)?;
        }
        self.check_combos()?;
        self.check_groups()?;
        hold(
            self.timers.iter().all(|(_, _, timer)| self.is_known(*timer)),
            "a timer is for what is not there",
        )
    }

    fn check_order(&self, order: &LiveOrder) -> Result<(), NotSound> {
        let placed = order.market < self.markets.len() && order.account < self.accounts.len();
        hold(placed, "an order is of no market or account")?;
        let filled = order.filled >= Decimal::ZERO && order.filled < order.quantity.as_decimal();
        hold(filled, "an order that is open has traded all or less than nothing")?;
        let busted = order.busted >= Decimal::ZERO && order.busted <= order.filled;
        hold(busted, "more of an order was cancelled than had traded")?;
        hold(
            order.legs.len() == self.markets[order.market].legs.len(),
            "an order has other legs than its combo",
        )?;
        let shared = order.shares.iter().all(|share| share.account < self.accounts.len());
        hold(shared && order.shares_add_up(), "an order is shared out wrongly")?;
        let ahead = order.queue_ahead.unwrap_or_default();
        let numbers = [ahead, order.touch_room, order.held_units, order.reserve.opening];
        hold(numbers.into_iter().all(units), "an order counts units that cannot be")
    }

    fn check_keys(&self) -> Result<(), NotSound> {
        let mut live = 0;
        for (key, place) in &self.keys {
            let found = match *place {
                Whereabouts::Live(slot) => {
                    live += 1;
                    self.orders.get(slot).map(|order| order.intent.key())
                }
                Whereabouts::Ended(number) => self.ended(number).map(|order| order.intent.key()),
            };
            hold(found == Some(key), "a key leads to another order")?;
        }
        hold(live == self.orders.iter().count(), "an order has no key")
    }

    fn check_market(&self, index: usize, market: &Market) -> Result<(), NotSound> {
        hold(market.quotes < MAX_COUNT, "its quotes are counted out")?;
        for shown in [market.bid, market.ask].into_iter().flatten() {
            hold(
                units(shown.size) && units(shown.left) && shown.price.is_positive(),
                "it displays what cannot be",
            )?;
        }
        let mut listed = BTreeSet::new();
        for (stage, slot) in market.listed() {
            let order = self.orders.get(slot).filter(|order| order.market == index);
            let placed = order.is_some_and(|order| fits(order, stage));
            hold(placed && listed.insert(slot), "a list names an order that is not there")?;
        }
        let waiting = |order: &&LiveOrder| {
            order.market == index && !matches!(order.stage, Stage::HeldBack | Stage::InFlight | Stage::Parent)
        };
        hold(self.orders.iter().filter(waiting).count() == listed.len(), "an order is on no list")?;
        let working = market.working.iter().flatten();
        let immediate = working.filter(|slot| self.orders[**slot].is_immediate()).count();
        hold(immediate == market.immediate, "its immediate orders are miscounted")
    }

    /// Legs and combos name each other, each once, and the weights are those of the legs' contracts.
    fn check_combos(&self) -> Result<(), NotSound> {
        for (index, market) in self.markets.iter().enumerate() {
            let combo = market.contract.instrument().kind() == Some(InstrumentKind::Combo);
            hold(combo != market.legs.is_empty(), "a combo has no legs, or what is none has some")?;
            let plain = !combo || (market.bid.is_none() && market.ask.is_none() && market.combos.is_empty());
            hold(plain, "a combo displays something, or is a leg")?;
            for leg in &market.legs {
                let of = self.markets.get(leg.market).filter(|of| of.legs.is_empty());
                let known = |of: &Market| of.combos.iter().filter(|combo| **combo == index).count() == 1;
                hold(of.is_some_and(known), "a leg does not know its combo")?;
                let fits = of.is_some_and(|of| {
                    let units = leg.ratio.checked_mul(of.contract.multiplier());
                    let weighed = leg.weight.abs().checked_mul(market.contract.multiplier());
                    leg.ratio > Decimal::ZERO
                        && leg.ratio.fract().is_zero()
                        && units.is_some()
                        && units == weighed
                });
                hold(fits, "a leg has another weight than its contract")?;
            }
            for combo in &market.combos {
                let legs = self.markets.get(*combo).map(|combo| &combo.legs);
                let named =
                    legs.is_some_and(|legs| legs.iter().filter(|leg| leg.market == index).count() == 1);
                hold(named, "a combo does not know its leg")?;
            }
        }
        Ok(())
    }

    fn check_groups(&self) -> Result<(), NotSound> {
        let mut members = 0;
        for (name, slots) in &self.groups {
            members += slots.len();
            let ours =
                |slot: &Slot| self.orders.get(*slot).is_some_and(|order| order.group.as_ref() == Some(name));
            hold(slots.iter().all(ours), "a group names an order that is not its own")?;
        }
        let grouped = self.orders.iter().filter(|order| order.group.is_some()).count();
        hold(members == grouped, "an order is missing in its group")
    }

    fn is_known(&self, timer: Timer) -> bool {
        match timer {
            Timer::Open(market) | Timer::Close(market) => market < self.markets.len(),
            Timer::Split(index) => index < self.splits.len(),
            Timer::Arrive(..) | Timer::Cancel(..) | Timer::Expire(..) | Timer::Unmute(..) => true,
        }
    }
}

/// Does an order belong on the list of this stage? On that of the other side it does not.
fn fits(order: &LiveOrder, (stage, side): (Stage, Option<usize>)) -> bool {
    order.stage == stage && side.is_none_or(|side| side == side_index(order.side()))
}
