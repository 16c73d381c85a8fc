//! Orders as the exchange holds them, live and ended.
//!
//! Left out: what makes them move; that is in the modules named after each movement.

use super::account::FillCost;
use super::shares::Share;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::{Index, IndexMut};
use std::sync::Arc;
use tradeport_kernel::{BrokerOrderId, Decimal, OrderKey, PermId, Price, Quantity, Timestamp};
use tradeport_orders::{BrokerPhase, BrokerStatus, OrderChange, OrderIntent, OrderKind, Side, TimeInForce};

/// Where a live order is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Slot(u32);

/// Which price an order sleeps on, and which way that price must move to wake it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Watch {
    AskRises,
    AskFalls,
    BidRises,
    BidFalls,
}

impl Watch {
    pub(crate) const ALL: [Self; 4] = [Self::AskRises, Self::AskFalls, Self::BidRises, Self::BidFalls];

    pub(crate) const fn rises(self) -> bool {
        matches!(self, Self::AskRises | Self::BidRises)
    }

    pub(crate) const fn is_ask(self) -> bool {
        matches!(self, Self::AskRises | Self::AskFalls)
    }
}

/// What a live order waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// For the last of its family to arrive.
    HeldBack,
    /// On its way to the book.
    InFlight,
    /// For its parent to fill.
    Parent,
    /// For the next session.
    Session,
    /// For the opening auction.
    OpenAuction,
    /// For the closing auction.
    CloseAuction,
    /// For its trigger.
    Asleep(Watch),
    /// For its trigger, which follows the market.
    Trailing,
    /// For somebody to trade with.
    Working,
}

impl Stage {
    pub(crate) const fn phase(self) -> BrokerPhase {
        if matches!(self, Self::Working) { BrokerPhase::Working } else { BrokerPhase::Held }
    }
}

/// Faults that were armed for one order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Quirks {
    /// Its statuses are kept back until this moment.
    pub(crate) muted_until: Option<Timestamp>,
    /// Each execution report comes twice.
    pub(crate) twice: bool,
    /// At most so much trades against one quote.
    pub(crate) slice: Option<Quantity>,
}

/// What an order keeps of its account's money while it is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reserve {
    /// How many units would open a position rather than close one.
    pub(crate) opening: Decimal,
    /// Money for each of those.
    pub(crate) per_unit: Decimal,
    /// Money for the commission.
    pub(crate) fee: Decimal,
}

impl Reserve {
    /// What is kept while `open` units may still trade; those that close a position are taken to trade first.
    pub(crate) fn of(self, open: Decimal) -> Decimal {
        let units = self.opening.min(open);
        units.checked_mul(self.per_unit).and_then(|money| money.checked_add(self.fee)).unwrap_or(Decimal::MAX)
    }
}

/// What a leg of an order on a combo has traded and cost so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Running {
    pub(crate) filled: Decimal,
    pub(crate) traded_value: Decimal,
    /// Per-share commission before minimum and maximum, fees apart.
    pub(crate) base_commission: Decimal,
    pub(crate) charged: Decimal,
}

impl Running {
    /// The same after another trade.
    pub(crate) fn after(self, units: Decimal, cost: &FillCost) -> Self {
        Self {
            filled: self.filled.saturating_add(units),
            traded_value: cost.traded_value,
            base_commission: cost.base,
            charged: cost.owed,
        }
    }
}

/// How long an order stands and in which sessions it trades, as changes have made it; `None` is as it was wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Standing {
    pub(crate) time_in_force: Option<TimeInForce>,
    pub(crate) outside_sessions: Option<bool>,
}

impl Standing {
    fn is_as_wanted(&self) -> bool {
        *self == Self::default()
    }

    /// The same, and what a change says of it.
    pub(crate) fn after(self, change: &OrderChange) -> Self {
        Self {
            time_in_force: change.time_in_force.or(self.time_in_force),
            outside_sessions: change.outside_sessions.or(self.outside_sessions),
        }
    }
}

/// An order that may still trade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LiveOrder {
    pub(crate) intent: OrderIntent,
    pub(crate) perm_id: PermId,
    pub(crate) broker_order_id: BrokerOrderId,
    pub(crate) market: usize,
    pub(crate) account: usize,
    pub(crate) quantity: Quantity,
    /// Kind and prices now, if a change has made them others than the intent's.
    #[serde(default, rename = "kind")]
    changed: Option<Box<OrderKind>>,
    /// How it stands now, if a change has made that other than the intent's.
    #[serde(default, skip_serializing_if = "Standing::is_as_wanted")]
    standing: Standing,
    pub(crate) stage: Stage,
    /// Its place in time among the orders of its price; given when it comes to the book.
    pub(crate) rank: u64,
    pub(crate) filled: Decimal,
    /// How much of that the exchange has cancelled since; it is not traded again.
    #[serde(default)]
    pub(crate) busted: Decimal,
    pub(crate) traded_value: Decimal,
    /// Per-share commission before minimum and maximum, fees apart.
    pub(crate) base_commission: Decimal,
    pub(crate) charged: Decimal,
    pub(crate) reserve: Reserve,
    /// Units that it adds to its side's open orders: none beyond what the largest order of its group adds.
    pub(crate) held_units: Decimal,
    pub(crate) triggered: bool,
    /// The stop of a trailing order as it stands now.
    pub(crate) trail_stop: Option<Price>,
    /// The limit that holds now; a trailing limit order gets it when it wakes.
    pub(crate) limit: Option<Price>,
    /// It has met the market and did not trade in full: from now on others come to it.
    pub(crate) resting: bool,
    /// How much is thought to stand ahead of it at its price; `None` until its price was seen as the best.
    pub(crate) queue_ahead: Option<Decimal>,
    /// How much of the quote `touch_quote` gets past those ahead and reaches it.
    pub(crate) touch_room: Decimal,
    pub(crate) touch_quote: u64,
    /// The last quote that a slice of it traded against.
    pub(crate) sliced_at: u64,
    pub(crate) cancel_asked: bool,
    pub(crate) group: Option<Arc<str>>,
    pub(crate) children: Vec<OrderKey>,
    pub(crate) quirks: Quirks,
    /// What each leg has traded and cost, if it is an order on a combo.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) legs: Vec<Running>,
    /// The accounts that share it; none when it is of one account alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) shares: Vec<Share>,
}

impl LiveOrder {
    /// An order of `quantity` that was just taken: on its way to the book of `market`, for `account`.
    pub(crate) fn new(
        intent: OrderIntent,
        quantity: Quantity,
        (perm_id, broker_order_id): (PermId, BrokerOrderId),
        (market, account): (usize, usize),
        group: Option<Arc<str>>,
        quirks: Quirks,
    ) -> Self {
        Self {
            perm_id,
            broker_order_id,
            market,
            account,
            quantity,
            changed: None,
            standing: Standing::default(),
            stage: Stage::InFlight,
            rank: 0,
            filled: Decimal::ZERO,
            busted: Decimal::ZERO,
            traded_value: Decimal::ZERO,
            base_commission: Decimal::ZERO,
            charged: Decimal::ZERO,
            reserve: Reserve::default(),
            held_units: Decimal::ZERO,
            triggered: false,
            trail_stop: intent.kind().trigger_price(),
            limit: intent.kind().limit_price(),
            resting: false,
            queue_ahead: None,
            touch_room: Decimal::ZERO,
            touch_quote: 0,
            sliced_at: 0,
            cancel_asked: false,
            group,
            children: Vec::new(),
            quirks,
            legs: Vec::new(),
            shares: Vec::new(),
            intent,
        }
    }

    /// Changes quantity and prices; a limit that came with its waking stays.
    pub(crate) fn reword(&mut self, quantity: Quantity, kind: OrderKind) {
        if kind != *self.kind() {
            let trails = matches!(kind, OrderKind::TrailLimit { .. } | OrderKind::TrailLimitIfTouched { .. });
            let woken = self.limit.filter(|_| trails);
            self.limit = kind.limit_price().or(woken);
            self.trail_stop = kind.trigger_price();
        }
        self.quantity = quantity;
        self.set_kind(kind);
    }

    /// Kind and prices now, changes included.
    pub(crate) fn kind(&self) -> &OrderKind {
        self.changed.as_deref().unwrap_or(self.intent.kind())
    }

    /// How long it stands now, changes included.
    pub(crate) fn time_in_force(&self) -> TimeInForce {
        self.standing.time_in_force.unwrap_or_else(|| self.intent.time_in_force())
    }

    /// Does it trade outside of regular sessions now?
    pub(crate) fn outside_sessions(&self) -> bool {
        self.standing.outside_sessions.unwrap_or_else(|| self.intent.outside_sessions())
    }

    pub(crate) const fn how_it_stands(&self) -> Standing {
        self.standing
    }

    pub(crate) const fn set_standing(&mut self, standing: Standing) {
        self.standing = standing;
    }

    pub(crate) fn set_kind(&mut self, kind: OrderKind) {
        self.changed = (kind != *self.intent.kind()).then(|| Box::new(kind));
    }

    /// The order as it stood when it ended, and the orders that waited for it.
    pub(crate) fn into_ended(
        self,
        at: Timestamp,
        phase: BrokerPhase,
        reason: Option<&str>,
    ) -> (EndedOrder, Vec<OrderKey>) {
        let ended = EndedOrder {
            at,
            perm_id: self.perm_id,
            broker_order_id: self.broker_order_id,
            quantity: self.quantity,
            status: BrokerStatus {
                phase,
                filled: self.standing(),
                perm_id: Some(self.perm_id),
                reason: reason.map(str::to_owned),
            },
            changed: self.changed,
            standing: self.standing,
            intent: self.intent,
        };
        (ended, self.children)
    }

    pub(crate) fn side(&self) -> Side {
        self.intent.side()
    }

    pub(crate) fn open(&self) -> Decimal {
        (self.quantity.as_decimal() - self.filled).max(Decimal::ZERO)
    }

    /// What has traded and still counts: the sum of the order's executions.
    pub(crate) fn standing(&self) -> Decimal {
        (self.filled - self.busted).max(Decimal::ZERO)
    }

    /// What it has traded and cost so far, for an order on anything but a combo.
    pub(crate) fn running(&self) -> Running {
        Running {
            filled: self.filled,
            traded_value: self.traded_value,
            base_commission: self.base_commission,
            charged: self.charged,
        }
    }

    pub(crate) fn is_immediate(&self) -> bool {
        matches!(self.time_in_force(), TimeInForce::ImmediateOrCancel | TimeInForce::FillOrKill)
    }

    /// It trades no less than this at once: all that is open of an order for all or nothing, and what the first trade must
    /// be at least.
    pub(crate) fn least_fill(&self) -> Decimal {
        let handling = self.intent.said().map(|said| &said.handling);
        let all = handling.is_some_and(|it| it.all_or_none);
        if all || self.time_in_force() == TimeInForce::FillOrKill {
            return self.open();
        }
        let first = handling.and_then(|it| it.min_quantity).filter(|_| self.filled.is_zero());
        first.map_or(Decimal::ZERO, |least| Decimal::from(least).min(self.open()))
    }

    /// Has a limit that never met a displayed price since the order came to the book?
    pub(crate) fn is_unmet(&self) -> bool {
        self.limit.is_some() && !self.resting
    }

    pub(crate) fn status(&self) -> BrokerStatus {
        let phase = if self.cancel_asked { BrokerPhase::CancelPending } else { self.stage.phase() };
        BrokerStatus { phase, filled: self.standing(), perm_id: Some(self.perm_id), reason: None }
    }
}

/// An order that has ended, as it stood last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EndedOrder {
    #[serde(default = "beginning")]
    pub(crate) at: Timestamp,
    pub(crate) intent: OrderIntent,
    pub(crate) perm_id: PermId,
    pub(crate) broker_order_id: BrokerOrderId,
    pub(crate) quantity: Quantity,
    #[serde(default, rename = "kind")]
    changed: Option<Box<OrderKind>>,
    #[serde(default, skip_serializing_if = "Standing::is_as_wanted")]
    standing: Standing,
    pub(crate) status: BrokerStatus,
}

impl EndedOrder {
    /// Kind and prices as they were last.
    pub(crate) fn kind(&self) -> &OrderKind {
        self.changed.as_deref().unwrap_or(self.intent.kind())
    }

    /// How long it stood at last.
    pub(crate) fn time_in_force(&self) -> TimeInForce {
        self.standing.time_in_force.unwrap_or_else(|| self.intent.time_in_force())
    }
}

/// States that were kept by earlier versions do not say when an order had ended.
const fn beginning() -> Timestamp {
    Timestamp::EPOCH
}

/// Where the order of a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Whereabouts {
    Live(Slot),
    /// Its number among all that ever ended.
    Ended(usize),
}

/// All live orders; a slot is used again once its order has ended. Each is in a box: so many are moved when they come, go
/// and make room for more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Slab {
    slots: Vec<Option<Box<LiveOrder>>>,
    free: Vec<Slot>,
}

impl Slab {
    pub(crate) fn insert(&mut self, order: Box<LiveOrder>) -> Slot {
        if let Some(slot) = self.free.pop() {
            self.slots[slot.0 as usize] = Some(order);
            return slot;
        }
        let slot = Slot(u32::try_from(self.slots.len()).expect("fewer than 2^32 orders are live at once"));
        self.slots.push(Some(order));
        slot
    }

    pub(crate) fn remove(&mut self, slot: Slot) -> Box<LiveOrder> {
        self.free.push(slot);
        self.slots[slot.0 as usize].take().expect("only live orders are removed")
    }

    /// The order in the slot, if it is still the one with this number.
    pub(crate) fn find(&mut self, slot: Slot, perm_id: PermId) -> Option<&mut LiveOrder> {
        self.slots.get_mut(slot.0 as usize)?.as_deref_mut().filter(|order| order.perm_id == perm_id)
    }

    pub(crate) fn get(&self, slot: Slot) -> Option<&LiveOrder> {
        self.slots.get(slot.0 as usize)?.as_deref()
    }

    /// For a state that was read back: does the list of free slots name each empty one once, and nothing else?
    pub(crate) fn free_slots_are_free(&self) -> bool {
        let free: BTreeSet<Slot> = self.free.iter().copied().collect();
        let empty = |slot: &Slot| self.slots.get(slot.0 as usize).is_some_and(Option::is_none);
        free.len() == self.free.len()
            && free.iter().all(empty)
            && self.slots.iter().filter(|slot| slot.is_none()).count() == free.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &LiveOrder> {
        self.slots.iter().flatten().map(AsRef::as_ref)
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut LiveOrder> {
        self.slots.iter_mut().flatten().map(AsMut::as_mut)
    }
}

impl Index<Slot> for Slab {
    type Output = LiveOrder;
    fn index(&self, slot: Slot) -> &LiveOrder {
        self.slots[slot.0 as usize].as_ref().expect("lists name only live orders")
    }
}

impl IndexMut<Slot> for Slab {
    fn index_mut(&mut self, slot: Slot) -> &mut LiveOrder {
        self.slots[slot.0 as usize].as_mut().expect("lists name only live orders")
    }
}
