//! Time: sessions that open and close, auctions, and everything else that happens at a moment.

use super::order::{Slot, Stage};
use super::{Effect, Exchange};
use serde::{Deserialize, Serialize};
use tradeport_kernel::{PermId, Quantity, Timestamp};
use tradeport_orders::{BrokerPhase, Side, TimeInForce};

/// Something that is to happen at a moment; one for an order does nothing when that order has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Timer {
    /// A session of this market closes.
    Close(usize),
    /// A split comes into force.
    Split(usize),
    /// A session of this market opens.
    Open(usize),
    /// An order reaches the book.
    Arrive(Slot, PermId),
    /// A cancel reaches the book.
    Cancel(Slot, PermId),
    /// An order's time runs out.
    Expire(Slot, PermId),
    /// An order's statuses are told again.
    Unmute(Slot, PermId),
}

impl Exchange {
    pub(super) fn set_timer(&mut self, at: Timestamp, timer: Timer) {
        let place = self.count();
        self.timers.insert((at, place, timer));
    }

    pub(super) fn pass_time(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        while let Some((at, _, timer)) = self.timers.first().copied() {
            if at > now {
                break;
            }
            self.timers.pop_first();
            self.now = self.now.max(at);
            self.ring(timer, out);
            self.settle(out);
        }
        self.now = self.now.max(now);
    }

    fn ring(&mut self, timer: Timer, out: &mut Vec<Effect>) {
        match timer {
            Timer::Open(market) => self.open(market, out),
            Timer::Close(market) => self.close(market, out),
            Timer::Split(index) => self.split_now(index, out),
            Timer::Arrive(slot, perm_id) => {
                if self.orders.find(slot, perm_id).is_some_and(|order| order.stage == Stage::InFlight) {
                    self.place(slot, out);
                }
            }
            Timer::Cancel(slot, perm_id) => {
                if self.orders.find(slot, perm_id).is_some() {
                    self.end(slot, BrokerPhase::Cancelled, None, out);
                }
            }
            Timer::Expire(slot, perm_id) => {
                // A change may have given it more time, or all the time there is.
                let is_over = |end: Timestamp| end <= self.now;
                let found = self.orders.find(slot, perm_id);
                if found.is_some_and(|order| order.time_in_force().end().is_some_and(is_over)) {
                    self.end(slot, BrokerPhase::Expired, Some("its time ran out"), out);
                }
            }
            Timer::Unmute(slot, perm_id) => {
                if let Some(order) = self.orders.find(slot, perm_id) {
                    order.quirks.muted_until = None;
                    self.tell(slot, out);
                }
            }
        }
    }

    /// Sets a market's session as of now, and the timer for what comes next.
    pub(super) fn begin_sessions(&mut self, index: usize) {
        let market = &mut self.markets[index];
        let sessions = market.contract.sessions();
        market.session = sessions.session_at(self.now);
        market.opened = false;
        let next = match market.session {
            Some(session) => (session.close < Timestamp::MAX).then_some((session.close, Timer::Close(index))),
            None => sessions.next_after(self.now).map(|session| (session.open, Timer::Open(index))),
        };
        if let Some((at, timer)) = next {
            self.set_timer(at, timer);
        }
    }

    fn open(&mut self, index: usize, out: &mut Vec<Effect>) {
        self.begin_sessions(index);
        self.markets[index].clear_display();
        let waiting = std::mem::take(&mut self.markets[index].waiting);
        for slot in &waiting {
            // Off the list already: nothing must look for it there.
            self.orders[*slot].stage = Stage::InFlight;
        }
        for slot in waiting {
            self.place(slot, out);
        }
    }

    fn close(&mut self, index: usize, out: &mut Vec<Effect>) {
        self.auction(index, Stage::CloseAuction, out);
        if !self.markets[index].opened {
            self.end_auction(index, Stage::OpenAuction, "the session had no opening price", out);
        }
        self.markets[index].clear_display();
        let closed = self.markets[index].session.take();
        let market = &self.markets[index];
        let lists = market.working.iter().chain(&market.asleep).chain(std::iter::once(&market.trailing));
        let mut open: Vec<Slot> = lists.flatten().copied().collect();
        open.sort_by_key(|slot| self.orders[*slot].rank);
        for slot in open {
            let order = &self.orders[slot];
            if order.time_in_force() == TimeInForce::Day {
                self.end(slot, BrokerPhase::Expired, Some("the session closed"), out);
            } else if !order.outside_sessions() {
                self.unlist(slot);
                let order = &mut self.orders[slot];
                (order.resting, order.queue_ahead) = (false, None);
                self.enlist(slot, Stage::Session);
                self.tell(slot, out);
            }
        }
        self.begin_sessions(index);
        if let Some(next) = self.markets[index].session.filter(|_| closed.is_some()) {
            // The next session begins at the very moment at which this one ends.
            self.markets[index].session = None;
            self.timers.retain(|(_, _, timer)| *timer != Timer::Close(index));
            self.set_timer(next.open, Timer::Open(index));
        }
    }

    /// Trades what waits for an auction at its one price, and ends what is left of it.
    pub(super) fn auction(&mut self, index: usize, stage: Stage, out: &mut Vec<Effect>) {
        let market = &self.markets[index];
        let price = market.opened.then_some(market.last_price).flatten();
        let Some(price) = price.and_then(|price| market.on_step(price.as_decimal())) else {
            return self.end_auction(index, stage, "the auction had no price", out);
        };
        let mut room = [self.liquidity.auction_size.as_decimal(); 2];
        for slot in self.auction_orders(index, stage) {
            let Some(order) = self.waiting_for_auction(slot, stage) else { continue };
            let (side, open) = (super::market::side_index(order.side()), order.open());
            let within = match (order.limit, order.side()) {
                (None, _) => true,
                (Some(limit), Side::Buy) => limit >= price,
                (Some(limit), Side::Sell) => limit <= price,
            };
            let quantity = self.markets[index].in_lots(open.min(room[side]));
            if within && let Ok(units) = Quantity::new(quantity) {
                room[side] -= quantity;
                self.fill(slot, units, price, out);
            }
        }
        self.end_auction(index, stage, "the auction has passed", out);
    }

    fn auction_orders(&self, index: usize, stage: Stage) -> Vec<Slot> {
        let market = &self.markets[index];
        if stage == Stage::OpenAuction { market.at_open.clone() } else { market.at_close.clone() }
    }

    /// The order, unless what was done since has ended it or put another into its slot.
    fn waiting_for_auction(&self, slot: Slot, stage: Stage) -> Option<&super::order::LiveOrder> {
        self.orders.get(slot).filter(|order| order.stage == stage)
    }

    fn end_auction(&mut self, index: usize, stage: Stage, reason: &str, out: &mut Vec<Effect>) {
        for slot in self.auction_orders(index, stage) {
            if self.waiting_for_auction(slot, stage).is_some() {
                self.end(slot, BrokerPhase::Expired, Some(reason), out);
            }
        }
    }
}
