//! The way of an order to the exchange, or to a rest here.
//!
//! | what an order says | what the exchange gets |
//! | --- | --- |
//! | how it shows itself, is routed, or worked by an algo | the order without it |
//! | protected and box-top orders, market to limit | a market or stop order |
//! | relative, pegged and snapping orders, midprice | a limit order, whose price [follows](super::follow) |
//! | combos with a limit on some legs | a limit, market or trailing order for the whole |
//! | combos with prices for their legs | a limit order for the whole, once [every leg](super::legs) has its price |
//! | orders for an auction | an order for the next opening auction |
//! | a later start, conditions | the order, once they are met |
//! | hedges | the order, with a [size](super::hedge) that grows with each fill of its parent |
//! | stops that turn into others | the stop, then what it [turns into](super::adjust) |
//! | scales | its [components](super::scale), one after the other |
//! | kinds and times in force that the exchange does not trade, combos without quotes | nothing: the order rests until it is cancelled, or its day is over |

use super::adjust::{is_adjustable, is_due};
use super::conditions::are_met;
use super::follow;
use super::hedge::hedge_of;
use super::held::{Held, PermId, Place, Status};
use super::legs;
use super::place::exchange_key;
use super::scale::{component, scale_of};
use crate::server::error::Code;
use crate::server::family::parts::Parts;
use crate::server::world::World;
use std::time::Duration;
use time_tz::{OffsetDateTimeExt, timezones};
use tradeport_contracts::{Contract, InstrumentKind};
use tradeport_fake_broker::exchange::Input;
use tradeport_kernel::{OrderKey, Quantity, Timestamp};
use tradeport_orders::{
    Attributes, BrokerPhase, OnMet, OrderAttributes, OrderChange, OrderDraft, OrderIntent, OrderKind,
    OrderSize, TimeInForce, TrailingLimit,
};

/// What the broker calls "minutes": five of them.
const A_FEW_MINUTES: Duration = Duration::from_secs(300);

impl Parts<'_> {
    /// An order goes out, and with it what was held back of its family, parents first.
    pub(super) fn transmit(&mut self, perm_id: PermId) {
        let head = self.shared.orders.live(perm_id).and_then(|held| held.parent).unwrap_or(perm_id);
        let mut family = vec![head];
        family.extend(self.shared.orders.children(head));
        family.extend(self.shared.orders.children(perm_id));
        if !family.contains(&perm_id) {
            family.push(perm_id);
        }
        for member in family {
            let held_back = |it: &Held| it.place == Place::Untransmitted;
            if self.shared.orders.live(member).is_some_and(held_back) {
                self.send(member);
            }
        }
    }

    /// Gives an order to the exchange, or lets it rest.
    pub(super) fn send(&mut self, perm_id: PermId) {
        match self.for_exchange(perm_id).filter(|_| self.conditions_hold(perm_id)) {
            Some(intent) => self.submit(perm_id, intent),
            None => self.rest(perm_id),
        }
    }

    fn submit(&mut self, perm_id: PermId, intent: OrderIntent) {
        let Some(held) = self.shared.orders.live_mut(perm_id) else { return };
        held.place = Place::Exchange;
        let contract = held.contract.clone();
        self.world.list(&contract);
        if self.world.traded(contract.symbol()).is_none() {
            // Combos that are more than their legs are not traded here.
            return self.rest(perm_id);
        }
        self.world.refresh(&contract);
        if let Some(held) = self.shared.orders.live_mut(perm_id) {
            held.pegged_at = intent.kind().limit_price();
        }
        let now = self.world.now();
        let step = self.shared.orders.live(perm_id).and_then(|held| component(held, scale_of(held)?, now));
        if let Some(step) = step {
            self.begin_component(perm_id, step);
        }
        let shares = self.shared.orders.live(perm_id).map(|held| held.shares.clone()).unwrap_or_default();
        self.world.input(if shares.is_empty() {
            Input::Submit { intent }
        } else {
            Input::SubmitShared { intent, shares }
        });
    }

    fn rest(&mut self, perm_id: PermId) {
        let Some(held) = self.shared.orders.live_mut(perm_id) else { return };
        held.place = Place::Resting;
        let waits = held.parent.is_some() || waits(&held.wording.intent);
        self.stands(perm_id, Status::PreSubmitted);
        if !waits {
            self.stands(perm_id, Status::Submitted);
        }
    }

    /// What the exchange gets of an order now, if it gets anything.
    pub(super) fn for_exchange(&self, perm_id: PermId) -> Option<OrderIntent> {
        let held = self.shared.orders.live(perm_id)?;
        let parent = match held.parent.and_then(|parent| self.shared.orders.live(parent)) {
            // A hedge goes with each fill of its parent, and what hangs on a scale waits for the whole of it.
            Some(_) if hedge_of(held).is_some() => None,
            Some(parent) if parent.place != Place::Exchange || !parent.steps_are_none() => return None,
            Some(parent) => Some(parent.key.clone()),
            None => None,
        };
        let quoted = self.world.exchange().last_quote(held.contract.symbol()).is_some();
        if !quoted && self.world.quote(&held.contract).is_none() {
            return None;
        }
        executable(held, parent, self.world)
    }

    /// Tells that an order waits for its market to open.
    pub(super) fn warn_of_closed_market(&mut self, perm_id: PermId) {
        let now = self.world.now();
        let Some(held) = self.shared.orders.live(perm_id) else { return };
        let sessions = held.contract.sessions();
        if held.wording.intent.outside_sessions() || sessions.session_at(now).is_some() {
            return;
        }
        let Some(next) = sessions.next_after(now) else { return };
        let told = crate::server::lookup::contract_of(&held.contract);
        let listed = told.primary_exch.as_ref().or(told.exchange.as_ref()).cloned().unwrap_or_default();
        let text = format!(
            "Order Message:\n{} {} {} {listed}.{}\nWarning: Your order will not be placed at the exchange until {}.",
            held.wording.wire.action.as_deref().unwrap_or_default(),
            super::tell::plain(held.total),
            told.symbol.unwrap_or_default(),
            told.trading_class.unwrap_or_default(),
            new_york(next.open),
        );
        self.tell_error(perm_id, Code::OrderMessage, &text);
    }

    /// A parent has ended: its children come alive, or end as well.
    pub(super) fn follow_parent(&mut self, parent: PermId, filled: bool) {
        for child in self.shared.orders.children(parent) {
            let Some(held) = self.shared.orders.live(child) else { continue };
            let place = held.place;
            if hedge_of(held).is_some() {
                if !self.outlives_parent(child) {
                    self.end_order(child, Status::Cancelled, "its parent order has ended");
                }
                continue;
            }
            if let Some(held) = self.shared.orders.live_mut(child).filter(|_| filled) {
                held.parent = None;
            }
            match place {
                // The exchange does the same, and says so.
                Place::Exchange => {}
                _ if !filled => self.end_order(child, Status::Cancelled, "its parent order has ended"),
                Place::Resting => self.send(child),
                Place::Untransmitted => {}
            }
        }
    }

    /// Gives what rests to the exchange where what it waited for has come, and ends what has run out.
    pub(super) fn review_resting(&mut self) {
        let now = self.world.now();
        let is_over = |held: &Held| held.place == Place::Resting && held.ends.is_some_and(|end| end <= now);
        let found = self.shared.orders.all_live().filter(|held| needs_review(held) || is_over(held));
        let resting: Vec<PermId> = found.map(|held| held.perm_id).collect();
        for perm_id in resting {
            let Some(held) = self.shared.orders.live(perm_id) else { continue };
            let intent = &held.wording.intent;
            let cancels = intent.said().and_then(|said| said.conditions.as_ref());
            let cancels = cancels.filter(|all| all.on_met() == OnMet::Cancel);
            let ended = held.ends.is_some_and(|end| end <= now);
            if cancels.is_some_and(|all| are_met(all, self.world, &self.shared.orders)) {
                self.cancel(perm_id);
            } else if held.place == Place::Resting && ended {
                self.expire(perm_id);
            } else if is_due(held, self.world) {
                self.adjust(perm_id).unwrap_or_default();
            } else if held.place == Place::Exchange && follow::follows(intent.kind()) {
                self.follow(perm_id);
            } else if held.place == Place::Resting && held.parent.is_none() && waits(intent) {
                let met = self.for_exchange(perm_id).filter(|_| self.conditions_hold(perm_id));
                if let Some(intent) = met {
                    self.submit(perm_id, intent);
                }
            }
        }
    }

    /// The exchange gets the price that an order has now, if it has another one.
    fn follow(&mut self, perm_id: PermId) {
        let Some(held) = self.shared.orders.live_mut(perm_id) else { return };
        let limit = follow::limit_now(&held.wording.intent, &held.contract, self.world);
        // A change of the client's comes first.
        if limit.is_none() || held.pegged_at == limit || held.change.is_some() {
            return;
        }
        held.pegged_at = limit;
        let kind = limit.map(|limit| OrderKind::Limit { limit });
        let (key, change) = (held.key.clone(), OrderChange { kind, ..OrderChange::default() });
        self.world.input(Input::Change { key, change: Box::new(change) });
    }

    fn conditions_hold(&self, perm_id: PermId) -> bool {
        let held = self.shared.orders.live(perm_id);
        let conditions = held.and_then(|it| it.wording.intent.said()).and_then(|it| it.conditions.as_ref());
        conditions
            .is_none_or(|all| all.on_met() == OnMet::Cancel || are_met(all, self.world, &self.shared.orders))
    }

    /// The exchange knows an order under another key from now on.
    pub(super) fn renew_key(&mut self, perm_id: PermId) {
        let Some(held) = self.shared.orders.live_mut(perm_id) else { return };
        held.generation += 1;
        held.before = held.filled;
        let key = exchange_key(perm_id, held.generation);
        self.shared.orders.rekey(perm_id, key);
    }

    /// How far the exchange has an order under its present key.
    pub(super) fn phase_at_exchange(&self, key: &OrderKey) -> Option<BrokerPhase> {
        self.world.exchange().status_of(key).map(|status| status.phase)
    }
}

/// A moment as warnings write it.
fn new_york(at: Timestamp) -> String {
    let local = at.to_utc().to_timezone(timezones::db::america::NEW_YORK);
    let (date, time) = (local.date(), local.time());
    format!("{date} {:02}:{:02}:{:02} US/Eastern", time.hour(), time.minute(), time.second())
}

/// Does an order wait for a moment, a condition or a trigger?
pub(super) fn waits(intent: &OrderIntent) -> bool {
    let said = intent.attributes();
    let conditions = said.conditions.as_ref().is_some_and(|all| all.on_met() == OnMet::Activate);
    let later = said.timing.good_after.is_some() || said.timing.active_from.is_some();
    let by_price = intent.kind().trigger_price().is_some() || intent.kind().trail().is_some();
    conditions || later || by_price || *intent.kind() == OrderKind::LimitPerLeg
}

/// When an order ends that the exchange does not have: at its moment, or when the session of its day closes.
pub(super) fn end_of(intent: &OrderIntent, contract: &Contract, now: Timestamp) -> Option<Timestamp> {
    match intent.time_in_force() {
        TimeInForce::Day | TimeInForce::DayTillCancelled => {
            let sessions = contract.sessions();
            let session = sessions.session_at(now).or_else(|| sessions.next_after(now));
            session.map(|it| it.close).filter(|close| *close < Timestamp::MAX)
        }
        time => time.end(),
    }
}

/// Is there anything about an order that only time or conditions bring about, and that the exchange does not see to?
pub(super) fn needs_review(held: &Held) -> bool {
    let intent = &held.wording.intent;
    match held.place {
        Place::Untransmitted => false,
        Place::Resting => waits(intent),
        Place::Exchange => {
            let conditions = intent.said().and_then(|said| said.conditions.as_ref());
            conditions.is_some_and(|all| all.on_met() == OnMet::Cancel)
                || follow::follows(intent.kind())
                || is_adjustable(held)
        }
    }
}

fn executable(held: &Held, parent: Option<OrderKey>, world: &World) -> Option<OrderIntent> {
    let intent = &held.wording.intent;
    let cannot_scale = intent.said().is_some_and(|said| said.scale.is_some()) && scale_of(held).is_none();
    if !starts(intent.attributes(), world) || cannot_scale || intent.said().is_some_and(is_beyond) {
        return None;
    }
    let (size, kind) = if let Some(scale) = scale_of(held) {
        let step = component(held, scale, world.now())?;
        (OrderSize::Units(step.size), OrderKind::Limit { limit: step.limit })
    } else {
        let size = match intent.size() {
            // A hedge has a total once its parent has traded.
            OrderSize::Units(_) | OrderSize::FollowsParent => Quantity::new(held.remaining()).ok()?.into(),
            OrderSize::Cash(cash) => OrderSize::Cash(cash),
        };
        (size, kind_to_trade(held, world)?)
    };
    let draft = OrderDraft {
        key: held.key.clone(),
        parent,
        size,
        kind,
        time_in_force: traded_time(intent.time_in_force(), world.now()),
        attributes: carried_terms(held),
        ..intent.to_draft()
    };
    draft.check().ok()
}

/// The kind that the exchange gets of an order at this moment, in the auction or on the terms of legs that it names.
fn kind_to_trade(held: &Held, world: &World) -> Option<OrderKind> {
    let intent = &held.wording.intent;
    match *intent.kind() {
        OrderKind::MarketToLimit { limit } if intent.time_in_force() == TimeInForce::Auction => {
            Some(limit.map_or(OrderKind::MarketOnOpen, |limit| OrderKind::LimitOnOpen { limit }))
        }
        OrderKind::LimitPerLeg => legs::net_limit(held, world).map(|limit| OrderKind::Limit { limit }),
        _ => kind_now(intent, &held.contract, world),
    }
}

/// What the exchange is told of how an order is to be filled.
fn carried_terms(held: &Held) -> Attributes {
    let mut carried = Attributes::NONE;
    let is_combo = held.contract.instrument().kind() == Some(InstrumentKind::Combo);
    let said = held.wording.intent.said().map(|said| &said.handling).filter(|_| !is_combo);
    let Some(said) = said.filter(|it| it.all_or_none || it.min_quantity.is_some()) else { return carried };
    carried.handling.all_or_none = said.all_or_none;
    carried.handling.min_quantity = said.min_quantity;
    carried
}

fn starts(said: &OrderAttributes, world: &World) -> bool {
    let timing = &said.timing;
    let later = [timing.good_after, timing.active_from].into_iter().flatten().any(|at| at > world.now());
    !later
}

/// Does an order say what the exchange can neither trade nor leave out?
const fn is_beyond(said: &OrderAttributes) -> bool {
    said.physical.is_some() || said.deactivated
}

/// The kind that the exchange gets of an order at this moment.
pub(super) fn kind_now(intent: &OrderIntent, contract: &Contract, world: &World) -> Option<OrderKind> {
    traded_kind(intent.kind())
        .or_else(|| Some(OrderKind::Limit { limit: follow::limit_now(intent, contract, world)? }))
}

/// The kind that the exchange gets of a kind whose price follows nothing.
pub(super) fn traded_kind(kind: &OrderKind) -> Option<OrderKind> {
    Some(match *kind {
        OrderKind::MarketProtected | OrderKind::MarketToLimit { limit: None } | OrderKind::BoxTop => {
            OrderKind::Market
        }
        OrderKind::StopProtected { stop } => OrderKind::Stop { stop },
        OrderKind::Vwap | OrderKind::RelativePlusMarket { .. } => OrderKind::Market,
        OrderKind::TrailRelativePlusMarket { by, stop } => OrderKind::Trail { by, stop },
        OrderKind::TrailLimitPlusMarket { by, stop, limit: TrailingLimit::Offset(limit_offset) } => {
            OrderKind::TrailLimit { by, stop, limit_offset }
        }
        OrderKind::TrailLimitPlusMarket { by, stop: Some(stop), limit: TrailingLimit::At(limit) } => {
            let limit_offset = (stop.as_decimal() - limit.as_decimal()).abs();
            OrderKind::TrailLimit { by, stop: Some(stop), limit_offset }
        }
        OrderKind::MarketToLimit { limit: Some(limit) }
        | OrderKind::LimitPlusMarket { limit }
        | OrderKind::RelativePlusLimit { limit, .. }
        | OrderKind::FixPegged { limit: Some(limit), .. } => OrderKind::Limit { limit },
        OrderKind::TrailLimitFrom { by, stop: Some(stop), limit } => {
            let limit_offset = (stop.as_decimal() - limit.as_decimal()).abs();
            OrderKind::TrailLimit { by, stop: Some(stop), limit_offset }
        }
        OrderKind::Market
        | OrderKind::Limit { .. }
        | OrderKind::Stop { .. }
        | OrderKind::StopLimit { .. }
        | OrderKind::Trail { .. }
        | OrderKind::TrailLimit { .. }
        | OrderKind::TrailMarketIfTouched { .. }
        | OrderKind::TrailLimitIfTouched { .. }
        | OrderKind::MarketOnClose
        | OrderKind::LimitOnClose { .. }
        | OrderKind::MarketOnOpen
        | OrderKind::LimitOnOpen { .. }
        | OrderKind::MarketIfTouched { .. }
        | OrderKind::LimitIfTouched { .. } => *kind,
        _ => return None,
    })
}

/// How long an order stands at the exchange when it is given to it now.
pub(super) fn traded_time(time: TimeInForce, now: Timestamp) -> TimeInForce {
    match time {
        TimeInForce::DayTillCancelled | TimeInForce::Auction | TimeInForce::GoodTillCrossing => {
            TimeInForce::Day
        }
        TimeInForce::Minutes => TimeInForce::GoodTillDate(now.after(A_FEW_MINUTES)),
        known => known,
    }
}
