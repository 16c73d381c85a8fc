//! Scale orders: one order that works in components, each further on than the last.
//!
//! The exchange has one component at a time: the first at the order's limit, each further one an increment below it (above
//! it, for a sale) once the one before has filled. Random sizes vary each component by up to 55 percent, drawn from the
//! order's durable number. A limit that drifts is reckoned when a component goes out.
//!
//! With a profit offset each component that has filled brings an order of the other side for as many units, so far from the
//! price of its last trade. It is the client's, names the scale as its parent, and has no order id, as what a person enters.
//! It outlives the scale. With auto-reset the component is ordered again, at its own price, once its profit is taken: the
//! scale's total grows by as much, and it goes on until it is cancelled.
//!
//! Left out: scales by a table, on anything but a limit order, and positions from before the scale.

use super::held::{Held, PermId, Place, Status};
use super::place::exchange_key;
use crate::server::family::parts::Parts;
use crate::translate::number::to_float;
use crate::wire::proto;
use tradeport_fake_broker::exchange::Input;
use tradeport_kernel::{Decimal, Price, Quantity, Timestamp};
use tradeport_orders::{OrderKind, Scale, Side};

/// By how much a random size may differ, in percent.
const SPREAD: u64 = 55;

/// How far a scale has come.
#[derive(Clone, Debug, Default)]
pub(crate) struct Steps {
    /// The next component that was never ordered.
    next: u32,
    /// Components that are to be ordered again, with their units.
    again: Vec<(u32, Decimal)>,
    /// The component that the exchange has, with its units.
    now: Option<(u32, Decimal)>,
    /// When the first one went out.
    since: Option<Timestamp>,
}

/// What the exchange gets next of a scale.
#[derive(Clone, Copy, Debug)]
pub(super) struct Component {
    level: u32,
    pub(super) size: Quantity,
    pub(super) limit: Price,
}

/// The scale of an order, if it is one that can be worked here.
pub(super) fn scale_of(held: &Held) -> Option<&Scale> {
    let scale = held.wording.intent.said()?.scale.as_ref()?;
    let is_limit = matches!(held.wording.intent.kind(), OrderKind::Limit { .. });
    let stepped = scale.first_size.is_some() && scale.increment.is_some() && scale.table.is_none();
    (is_limit && stepped && held.wording.intent.quantity().is_some()).then_some(scale)
}

/// The next component; `None` when nothing is to be ordered now, or it would have no price.
pub(super) fn component(held: &Held, scale: &Scale, now: Timestamp) -> Option<Component> {
    let again = held.steps.again.iter().min_by_key(|(level, _)| *level).copied();
    let (level, size) = match again.filter(|(level, _)| *level < held.steps.next) {
        Some(found) => found,
        None => (held.steps.next, size_of(held, scale, held.steps.next)?),
    };
    let OrderKind::Limit { limit } = held.wording.intent.kind() else { return None };
    let away = scale.increment?.checked_mul(Decimal::from(level))?;
    let drift = scale.drift.map_or(Some(Decimal::ZERO), |drift| {
        let passed = now.nanos() - held.steps.since.unwrap_or(now).nanos();
        let times = passed / 1_000_000_000 / i64::from(drift.interval_seconds.max(1));
        drift.amount.checked_mul(Decimal::from(times))
    })?;
    let start = limit.as_decimal().checked_add(drift)?;
    let price = if held.side() == Side::Buy { start.checked_sub(away)? } else { start.checked_add(away)? };
    let limit = Price::new(price).ok().filter(|limit| limit.is_positive())?;
    Some(Component { level, size: Quantity::new(size.min(held.remaining())).ok()?, limit })
}

fn size_of(held: &Held, scale: &Scale, level: u32) -> Option<Decimal> {
    let first = scale.first_size?;
    let units = if level == 0 {
        first.checked_sub(scale.first_fill.unwrap_or(0)).filter(|units| *units > 0).unwrap_or(first)
    } else {
        scale.next_size.unwrap_or(first)
    };
    let units = Decimal::from(units);
    if !scale.random_sizes {
        return Some(units);
    }
    // SplitMix64 (Steele, Lea, Flood): neighbours in, strangers out.
    let seed = held.perm_id.0.unsigned_abs().wrapping_add(u64::from(level) << 32);
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let percent = Decimal::from(100 - SPREAD + (mixed ^ (mixed >> 31)) % (2 * SPREAD + 1));
    let lot = held.contract.lot();
    let lots = units.checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED)?.checked_div(lot)?.round();
    lots.max(Decimal::ONE).checked_mul(lot)
}

impl Parts<'_> {
    /// The exchange gets a component of a scale.
    pub(super) fn begin_component(&mut self, perm_id: PermId, it: Component) {
        let now = self.world.now();
        let Some(held) = self.shared.orders.live_mut(perm_id) else { return };
        let steps = &mut held.steps;
        if it.level == steps.next {
            steps.next += 1;
        }
        steps.again.retain(|(level, _)| *level != it.level);
        steps.now = Some((it.level, it.size.as_decimal()));
        steps.since.get_or_insert(now);
    }

    /// What the exchange has of an order has filled. Tells whether that was a component of a scale which goes on.
    pub(super) fn step_scale(&mut self, perm_id: PermId) -> bool {
        let Some(held) = self.shared.orders.live_mut(perm_id) else { return false };
        let Some((level, size)) = held.steps.now.take() else { return false };
        let Some(scale) = scale_of(held).cloned() else { return false };
        if let Some(offset) = scale.profit_offset {
            self.take_profit(perm_id, level, size, offset);
        }
        let Some(held) = self.shared.orders.live_mut(perm_id) else { return false };
        let is_over = held.remaining().is_zero();
        if is_over && !scale.auto_reset {
            return false;
        }
        held.place = Place::Resting;
        self.stands(perm_id, Status::Submitted);
        self.renew_key(perm_id);
        if !is_over {
            self.send(perm_id);
        }
        true
    }

    /// An order of the other side closes a component with a profit.
    fn take_profit(&mut self, scale: PermId, level: u32, size: Decimal, offset: Decimal) -> Option<()> {
        let held = self.shared.orders.live(scale)?;
        let buys = held.side() == Side::Buy;
        let price = held.last_price.checked_add(if buys { offset } else { -offset })?;
        let step = held.contract.price_step_at(Price::new(price.round_dp(8)).ok()?);
        let price = price.checked_div(step)?.round().checked_mul(step)?;
        let (of_scale, asked) = (&held.wording.wire, held.asked.clone());
        let order = proto::Order {
            action: Some(if buys { "SELL" } else { "BUY" }.to_owned()),
            order_type: Some("LMT".to_owned()),
            lmt_price: Some(to_float(price)),
            total_quantity: Some(super::tell::plain(size)),
            account: of_scale.account.clone(),
            fa_group: of_scale.fa_group.clone(),
            fa_method: of_scale.fa_method.clone(),
            tif: of_scale.tif.clone(),
            good_till_date: of_scale.good_till_date.clone(),
            outside_rth: of_scale.outside_rth,
            order_ref: of_scale.order_ref.clone(),
            ..proto::Order::default()
        };
        let perm_id = self.place_beside(scale, &order, &asked)?;
        self.shared.orders.live_mut(perm_id)?.profit_of = Some((scale, level));
        self.send(perm_id);
        Some(())
    }

    /// An order that follows from another one: its client's, with that one as parent, and without an id.
    pub(super) fn place_beside(
        &mut self,
        of: PermId,
        order: &proto::Order,
        asked: &proto::Contract,
    ) -> Option<PermId> {
        let held = self.shared.orders.live(of)?;
        let (parent_id, client_id) = (held.order_id, held.client_id);
        let perm_id = self.shared.orders.next_perm_id();
        let key = exchange_key(perm_id, 0);
        let mut beside = self.understand(client_id, 0, order, asked, None, &key).ok()?;
        beside.wording.wire.parent_id = Some(parent_id);
        self.take_in(client_id, 0, (perm_id, key), beside);
        Some(perm_id)
    }

    /// The profit of a component was taken: its scale may order it again.
    pub(super) fn reset_component(&mut self, of: (PermId, u32), size: Decimal) {
        let (scale_id, level) = of;
        let Some(held) = self.shared.orders.live_mut(scale_id) else { return };
        if !scale_of(held).is_some_and(|scale| scale.auto_reset) {
            return;
        }
        held.total += size;
        held.wording.wire.total_quantity = Some(super::tell::plain(held.total));
        held.steps.again.push((level, size));
        held.told = None;
        let Some((now, units)) = held.steps.now else { return self.send(scale_id) };
        if now < level {
            return self.tell_order(scale_id);
        }
        // The exchange has one that is further on: it waits until the nearer one has filled.
        let left = units - (held.filled - held.before);
        held.steps.again.push((now, left));
        held.steps.now = None;
        let key = held.key.clone();
        self.renew_key(scale_id);
        self.world.input(Input::Cancel { key });
        self.send(scale_id);
    }
}
