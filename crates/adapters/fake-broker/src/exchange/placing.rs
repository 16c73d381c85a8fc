//! The way of an order to its place: to the book after its latency, and there into the list of what it waits for.

use super::admission::Refusal;
use super::market::{Market, side_index};
use super::order::{LiveOrder, Slab, Slot, Stage, Watch};
use super::sessions::Timer;
use super::{Effect, Exchange};
use std::cmp::Ordering;
use tradeport_orders::{BrokerPhase, OrderKind, Side};

impl Exchange {
    /// An order that was taken sets out for the book.
    pub(super) fn send_to_book(&mut self, slot: Slot, out: &mut Vec<Effect>) {
        let order = &self.orders[slot];
        let perm_id = order.perm_id;
        if let Some(until) = order.quirks.muted_until
            && until < tradeport_kernel::Timestamp::MAX
        {
            self.set_timer(until, Timer::Unmute(slot, perm_id));
        }
        self.set_end(slot);
        let delay = self.delay();
        if delay.is_zero() {
            self.place(slot, out);
        } else {
            self.orders[slot].stage = Stage::InFlight;
            self.set_timer(self.now.after(delay), Timer::Arrive(slot, perm_id));
        }
    }

    /// Has an order end when its time runs out, if it ever does.
    pub(super) fn set_end(&mut self, slot: Slot) {
        let order = &self.orders[slot];
        if let Some(end) = order.time_in_force().end() {
            let perm_id = order.perm_id;
            self.set_timer(end, Timer::Expire(slot, perm_id));
        }
    }

    /// Puts an order where it belongs now, tells where it stands, and lets it trade if it can.
    pub(super) fn place(&mut self, slot: Slot, out: &mut Vec<Effect>) {
        if matches!(self.orders[slot].stage, Stage::Parent | Stage::HeldBack)
            && let Err(refusal) = self.fund_child(slot)
        {
            self.end(slot, BrokerPhase::Refused, Some(&refusal.to_string()), out);
            return;
        }
        let stage = self.stage_for(&self.orders[slot]);
        self.enlist(slot, stage);
        self.tell(slot, out);
        let (market, side) = (self.orders[slot].market, self.orders[slot].side());
        match stage {
            Stage::Working => {
                self.match_side(market, side, out);
                self.end_immediates(market, out);
            }
            Stage::Asleep(_) | Stage::Trailing => self.wake_if_triggered(slot, out),
            _ => {}
        }
    }

    /// Its parent has filled: only now is it known what it opens and what it closes.
    fn fund_child(&mut self, slot: Slot) -> Result<(), Refusal> {
        if self.waits_for_parent(&self.orders[slot]) {
            return Ok(());
        }
        self.refund(slot)
    }

    /// Reckons anew what an order keeps; when that is not there, it keeps what it kept.
    pub(super) fn refund(&mut self, slot: Slot) -> Result<(), Refusal> {
        self.release(slot);
        let before = self.orders[slot].held_units;
        self.orders[slot].held_units = self.units_beside_group(&self.orders[slot]);
        let result = self.reserve_for(&self.orders[slot]);
        let order = &mut self.orders[slot];
        match &result {
            Ok(reserve) => order.reserve = *reserve,
            Err(_) => order.held_units = before,
        }
        self.keep(slot);
        result.map(|_| ())
    }

    fn stage_for(&self, order: &LiveOrder) -> Stage {
        let market = &self.markets[order.market];
        if self.waits_for_parent(order) {
            return Stage::Parent;
        }
        match order.kind() {
            OrderKind::MarketOnOpen | OrderKind::LimitOnOpen { .. } => return Stage::OpenAuction,
            OrderKind::MarketOnClose | OrderKind::LimitOnClose { .. } => return Stage::CloseAuction,
            _ => {}
        }
        if market.session.is_none() && !order.outside_sessions() {
            return Stage::Session;
        }
        if order.triggered {
            return Stage::Working;
        }
        let buy = order.side() == Side::Buy;
        match order.kind() {
            OrderKind::Stop { .. } | OrderKind::StopLimit { .. } => {
                Stage::Asleep(if buy { Watch::AskRises } else { Watch::BidFalls })
            }
            OrderKind::MarketIfTouched { .. } | OrderKind::LimitIfTouched { .. } => {
                Stage::Asleep(if buy { Watch::AskFalls } else { Watch::BidRises })
            }
            OrderKind::Trail { .. }
            | OrderKind::TrailLimit { .. }
            | OrderKind::TrailMarketIfTouched { .. }
            | OrderKind::TrailLimitIfTouched { .. } => Stage::Trailing,
            _ => Stage::Working,
        }
    }

    /// Puts an order that is on no list onto the list of its stage.
    pub(super) fn enlist(&mut self, slot: Slot, stage: Stage) {
        let rank = self.count();
        let order = &mut self.orders[slot];
        order.stage = stage;
        if order.rank == 0 {
            order.rank = rank;
        }
        let (immediate, unmet) = (order.is_immediate(), order.is_unmet());
        let (market, side) = (&mut self.markets[order.market], order.side());
        let orders = &self.orders;
        match stage {
            Stage::Working => {
                insert(&mut market.working[side_index(side)], slot, |a, b| by_price(orders, side, a, b));
                market.immediate += usize::from(immediate);
                if unmet && market.legs.is_empty() {
                    note(&mut market.unmet[side_index(side)], slot);
                }
            }
            Stage::Asleep(watch) => {
                insert(&mut market.asleep[watch as usize], slot, |a, b| by_trigger(orders, watch, a, b));
            }
            _ => {
                if let Some(list) = plain_list(market, stage) {
                    list.push(slot);
                }
            }
        }
    }

    /// Takes an order off the list of its stage.
    pub(super) fn unlist(&mut self, slot: Slot) {
        let order = &self.orders[slot];
        let market = &mut self.markets[order.market];
        let list = match order.stage {
            Stage::Working => {
                market.immediate -= usize::from(order.is_immediate());
                market.unmet[side_index(order.side())].retain(|other| *other != slot);
                Some(&mut market.working[side_index(order.side())])
            }
            Stage::Asleep(watch) => Some(&mut market.asleep[watch as usize]),
            stage => plain_list(market, stage),
        };
        if let Some(list) = list {
            let at =
                list.iter().position(|other| *other == slot).expect("an order is on the list of its stage");
            list.remove(at);
        }
    }

    /// For a state that was read back: which orders have not met a displayed price yet is not written down.
    pub(super) fn find_unmet(&mut self) {
        for market in self.markets.iter_mut().filter(|market| market.legs.is_empty()) {
            for (working, unmet) in market.working.iter().zip(&mut market.unmet) {
                working
                    .iter()
                    .filter(|slot| self.orders[**slot].is_unmet())
                    .for_each(|slot| note(unmet, *slot));
            }
        }
    }

    /// Its account keeps what the order may still need.
    pub(super) fn keep(&mut self, slot: Slot) {
        let order = &mut self.orders[slot];
        order.held_units = order.held_units.min(order.open());
        let account = &mut self.accounts[order.account];
        account.reserved = account.reserved.saturating_add(order.reserve.of(order.open()));
        let open = &mut account.holdings[order.market].open[side_index(order.side())];
        *open = open.saturating_add(order.held_units);
    }

    /// Its account no longer keeps anything for the order.
    pub(super) fn release(&mut self, slot: Slot) {
        let order = &self.orders[slot];
        let account = &mut self.accounts[order.account];
        account.reserved = account.reserved.saturating_sub(order.reserve.of(order.open()));
        let open = &mut account.holdings[order.market].open[side_index(order.side())];
        *open = open.saturating_sub(order.held_units);
    }
}

fn plain_list(market: &mut Market, stage: Stage) -> Option<&mut Vec<Slot>> {
    match stage {
        Stage::Trailing => Some(&mut market.trailing),
        Stage::Session => Some(&mut market.waiting),
        Stage::OpenAuction => Some(&mut market.at_open),
        Stage::CloseAuction => Some(&mut market.at_close),
        _ => None,
    }
}

fn insert(list: &mut Vec<Slot>, slot: Slot, order: impl Fn(Slot, Slot) -> Ordering) {
    let at = list.partition_point(|other| order(*other, slot) == Ordering::Less);
    list.insert(at, slot);
}

/// Puts a slot into a sorted list that may have it already.
fn note(list: &mut Vec<Slot>, slot: Slot) {
    if let Err(at) = list.binary_search(&slot) {
        list.insert(at, slot);
    }
}

/// Market orders first, then the best price, then the earliest.
fn by_price(orders: &Slab, side: Side, a: Slot, b: Slot) -> Ordering {
    let (a, b) = (&orders[a], &orders[b]);
    let price = match (a.limit, b.limit) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(a), Some(b)) if side == Side::Buy => b.cmp(&a),
        (Some(a), Some(b)) => a.cmp(&b),
    };
    price.then(a.rank.cmp(&b.rank))
}

/// What wakes first, then the earliest.
fn by_trigger(orders: &Slab, watch: Watch, a: Slot, b: Slot) -> Ordering {
    let (a, b) = (&orders[a], &orders[b]);
    let (left, right) = (a.kind().trigger_price(), b.kind().trigger_price());
    let price = if watch.rises() { left.cmp(&right) } else { right.cmp(&left) };
    price.then(a.rank.cmp(&b.rank))
}
