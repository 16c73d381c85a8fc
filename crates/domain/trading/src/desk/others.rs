//! What may still trade of orders that are none of ours: made by hand in the broker's own program, or by other programs.
//!
//! The broker lists them each time everything is held against it, a new epoch and a restart among these. In between their
//! trades count as far as they are told: what has traded is held, and counts no more as open. Groups and parents count as those
//! of ours do where the broker tells of them; else each order counts in full.
//!
//! Law: what may trade at worst. What the list says has traded and no execution has told yet is not held yet, and stays open
//! until the next list; only at the first list nobody can tell that from what traded on earlier days, which is held.
//!
//! An order of ours that has ended here and that the broker shows as one that may trade counts among them: it is awake. What
//! becomes of it the broker's lists tell; whoever wants it gone cancels it like any that lives.
//!
//! Left out: what is placed between two lists, and what a combo that no catalog knows trades in.

mod counting;

use super::exposure::OpenUnits;
use super::state::DeskState;
use super::{DeskError, OrderDesk};
use crate::reconciliation::{BrokerView, List, Origin};
use counting::Units;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use tradeport_contracts::ComboLeg;
use tradeport_kernel::{AccountId, Decimal, OrderKey, PermId, Symbol, Timestamp};
use tradeport_orders::{
    BrokerOrder, BrokerPhase, BrokerStatus, Execution, OcaGroup, Order, OrderIntent, Side,
};
use tradeport_risk::{LimitOf, RiskRefusal, Rule};

/// Orders of others, as they were listed last.
#[derive(Debug, Default)]
pub(super) struct Others {
    orders: Vec<Other>,
    units: Units,
    /// They were listed before.
    is_begun: bool,
    /// The catalog was asked what these are.
    looked_up: BTreeSet<Symbol>,
}

#[derive(Clone, Debug)]
struct Other {
    /// One of ours that has ended here.
    ours: Option<OrderKey>,
    perm_id: Option<PermId>,
    account: AccountId,
    symbol: Symbol,
    side: Side,
    parent: Option<PermId>,
    group: Option<OcaGroup>,
    /// The last list does not show it and is not whole: it may be gone.
    is_kept: bool,
    /// It trades no more.
    has_ended: bool,
    /// How many units it is for; `None` where the broker tells of none.
    units: Option<Decimal>,
    /// So much has traded by the last list.
    listed: Decimal,
    /// So much of that was held when it was listed.
    held: Decimal,
    /// What its executions come to, as far as they were told.
    executed: Decimal,
}

impl Other {
    fn of(row: &BrokerOrder, awake: &HashSet<OrderKey>) -> Self {
        let filled = row.status.filled;
        // Some have traded as many units as they tell of and go on: those are sized by something else.
        let units = row.size.quantity().map(|units| units.as_decimal()).filter(|units| *units > filled);
        Self {
            ours: row.key.clone().filter(|key| awake.contains(key)),
            perm_id: row.perm_id,
            account: row.account.clone(),
            symbol: row.symbol,
            side: row.side,
            parent: row.parent,
            group: row.group.clone(),
            is_kept: false,
            has_ended: false,
            units,
            listed: filled,
            held: filled,
            executed: Decimal::ZERO,
        }
    }

    fn is(&self, number: PermId) -> bool {
        self.perm_id == Some(number)
    }

    /// How much may still trade, or has and is not held yet.
    fn open(&self) -> Option<Decimal> {
        Some(self.units?.checked_sub(self.held.max(self.executed))?.max(Decimal::ZERO))
    }

    /// How much of that has traded, as far as it was told at all.
    fn untold(&self) -> Option<Decimal> {
        if self.has_ended {
            return self.open();
        }
        let traded = self.listed.max(self.executed);
        Some(self.open()?.min(traded.checked_sub(self.held.max(self.executed))?))
    }

    /// How much of that may still trade.
    fn rest(&self) -> Option<Decimal> {
        self.open()?.checked_sub(self.untold()?)
    }
}

impl Others {
    /// How much they may still buy and sell of an instrument.
    pub(super) fn open(&self, account: &AccountId, symbol: Symbol) -> OpenUnits {
        let units = self.units.get(account).and_then(|of| of.get(&symbol));
        units.copied().unwrap_or(OpenUnits::NONE)
    }

    /// Instruments of which they may still trade for an account.
    pub(super) fn symbols(&self, account: &AccountId) -> impl Iterator<Item = Symbol> {
        self.units.get(account).into_iter().flat_map(BTreeMap::keys).copied()
    }

    /// They were listed anew. The instruments of which anything may be new.
    fn list(&mut self, mut now: Vec<Other>, is_whole: bool) -> BTreeSet<Symbol> {
        let before = std::mem::take(&mut self.orders);
        for order in &mut now {
            let known = order.perm_id.and_then(|number| before.iter().find(|it| it.is(number)));
            let listed = known.map_or(Decimal::ZERO, |known| known.listed);
            if self.is_begun && order.perm_id.is_some() {
                order.held = order.listed.min(listed.max(order.executed));
            }
        }
        if !is_whole {
            // Any of those that are not shown may be one that could not be read.
            let shown =
                |it: &Other| it.perm_id.is_some_and(|number| now.iter().any(|order| order.is(number)));
            let kept = |it: &Other| Other { is_kept: true, ..it.clone() };
            now.extend(before.iter().filter(|it| !shown(it)).map(kept).collect::<Vec<_>>());
        }
        let touched = before.iter().chain(&now).map(|it| it.symbol).collect();
        (self.orders, self.is_begun) = (now, true);
        self.add_up();
        touched
    }

    /// One of them has traded; below zero when an execution is undone. The instruments of which anything is new.
    fn traded(&mut self, number: PermId, units: Decimal) -> BTreeSet<Symbol> {
        let mut touched = BTreeSet::new();
        if !self.orders.iter().any(|it| it.is(number)) {
            return touched;
        }
        for order in self.orders.iter_mut().filter(|it| it.is(number)) {
            order.executed += units;
            // What is undone may be of what was held when it was listed.
            order.held = (order.held + units.min(Decimal::ZERO)).max(Decimal::ZERO);
            touched.insert(order.symbol);
        }
        self.add_up();
        touched
    }

    /// The broker says where one of them stands, ours by its key where it is awake. The instrument, if anything is new of it.
    fn told(&mut self, key: Option<&OrderKey>, status: &BrokerStatus) -> Option<Symbol> {
        let has_ended =
            matches!(status.phase, BrokerPhase::Filled | BrokerPhase::Cancelled | BrokerPhase::Expired);
        if !has_ended {
            return None;
        }
        let is_it = |it: &&mut Other| match (key, status.perm_id) {
            (None, number) => number.is_some_and(|number| it.is(number)),
            (Some(_), Some(number)) if it.perm_id.is_some() => it.is(number) && it.ours.as_ref() == key,
            (Some(_), _) => it.ours.as_ref() == key,
        };
        let order = self.orders.iter_mut().find(is_it)?;
        (order.units, order.has_ended) = (Some(status.filled), true);
        let symbol = order.symbol;
        self.add_up();
        Some(symbol)
    }

    /// Those of ours among them that may trade.
    fn awake(&self) -> impl Iterator<Item = &OrderKey> {
        self.orders.iter().filter(|it| !it.has_ended).filter_map(|it| it.ours.as_ref())
    }

    fn add_up(&mut self) {
        self.units = counting::add_up(&self.orders);
    }
}

/// May an order that stands there trade?
pub(super) const fn is_live(phase: BrokerPhase) -> bool {
    matches!(phase, BrokerPhase::Held | BrokerPhase::Working | BrokerPhase::CancelPending)
}

impl DeskState {
    /// Orders of ours among these that had ended before the broker was asked, and that it shows as ones that may trade. Of one
    /// that has ended since the list may be older. One that was awake has not ended by what happened to it here since.
    pub(super) fn ended_before(&self, asked: Timestamp, open: &[BrokerOrder]) -> HashSet<OrderKey> {
        let ended = |key: &&OrderKey| {
            let is_before = |order: &Order| order.updated_at() < asked || self.is_awake(key);
            self.book().get(key).is_some_and(|order| order.state().is_final() && is_before(order))
        };
        let rows = open.iter().filter(|row| is_live(row.status.phase));
        rows.filter_map(|row| row.key.as_ref()).filter(ended).cloned().collect()
    }

    /// Orders of ours that have ended here, and may trade all the same.
    pub(super) fn awake(&self) -> impl Iterator<Item = &Order> {
        self.others.awake().filter_map(|key| self.book().get(key))
    }

    /// Has this order ended here, and may trade all the same?
    pub(super) fn is_awake(&self, key: &OrderKey) -> bool {
        self.others.awake().any(|it| it == key)
    }

    /// Takes note of orders of others, and of those of ours that are awake though they have ended here; what was not told as a
    /// whole stays as it was.
    pub(super) fn note_others(&mut self, view: &BrokerView, awake: &HashSet<OrderKey>) {
        let Some(open) = view.open() else { return };
        let live = self.live().into_iter().filter_map(|key| self.book().get(key));
        let numbers = |order: &Order| {
            order.perm_id().into_iter().chain(order.twins().map(|(number, _)| number)).collect::<Vec<_>>()
        };
        // What bears a number of ours is ours, whatever else it says.
        let ours: BTreeSet<PermId> = live.flat_map(numbers).collect();
        // What the list has brought to life again is one of ours as before.
        let is_awake = |key: &OrderKey| {
            awake.contains(key) && self.book().get(key).is_some_and(|order| order.state().is_final())
        };
        let is_other = |row: &&BrokerOrder| {
            is_live(row.status.phase)
                && (Origin::of(row, self.book()) != Origin::Ours || row.key.as_ref().is_some_and(is_awake))
                && row.perm_id.is_none_or(|number| !ours.contains(&number))
        };
        let mut now: Vec<Other> = open.iter().filter(is_other).map(|row| Other::of(row, awake)).collect();
        if !now.is_empty() {
            for execution in self.all_executions().filter(|it| it.part.fills_order()) {
                for order in now.iter_mut().filter(|it| it.is(execution.perm_id)) {
                    order.executed += execution.quantity.as_decimal();
                }
            }
        }
        let touched = self.others.list(now, view.proves_absence_in(List::OpenOrders));
        self.touch(touched);
    }

    /// An order has traded, or that is undone: one that is not ours, or of which nobody here looks after what is left.
    pub(super) fn note_traded_by_others(&mut self, execution: &Execution, is_undone: bool) {
        if execution.part.fills_order() {
            let units = execution.quantity.as_decimal();
            let touched = self.others.traded(execution.perm_id, if is_undone { -units } else { units });
            self.touch(touched);
        }
    }

    /// The broker says where an order stands: one that is not ours, or that of this key, which may be awake.
    pub(super) fn note_status_of_others(&mut self, key: Option<&OrderKey>, status: &BrokerStatus) {
        let touched = self.others.told(key, status);
        self.touch(touched);
    }

    /// Combos of which orders of others may still trade, with their legs, as far as these are known.
    pub(super) fn combos_of_others(
        &self,
        account: &AccountId,
    ) -> impl Iterator<Item = (Symbol, &[ComboLeg])> {
        let legs = |symbol| self.contract(symbol).map(|it| it.instrument().description().legs.as_slice());
        let combos = self.others.symbols(account).filter_map(move |symbol| Some((symbol, legs(symbol)?)));
        combos.filter(|(_, legs)| !legs.is_empty())
    }

    /// A refusal by a position says how much of it orders of others may make.
    pub(super) fn with_others(&self, refusal: RiskRefusal, intent: &OrderIntent) -> RiskRefusal {
        let of_account = !matches!(refusal.of, LimitOf::Strategy(_));
        let is_of_position = matches!(
            refusal.rule,
            Rule::MaxPositionQuantity
                | Rule::MaxPositionShare
                | Rule::MaxGrossShare
                | Rule::MaxPortfolioRisk
                | Rule::ShortSales
        );
        let counts = of_account && (is_of_position || refusal.beside.is_some());
        let open = self.others.open(intent.account(), intent.symbol());
        let units = if intent.side() == Side::Buy { open.buys } else { open.sells };
        let others = units.filter(|units| counts && *units > Decimal::ZERO);
        RiskRefusal { others, ..refusal }
    }
}

impl OrderDesk {
    /// Instruments of which orders that are none of ours may still trade: limits need their prices.
    pub async fn symbols_of_others(&self) -> BTreeSet<Symbol> {
        let state = self.state().await;
        state.portfolios().flat_map(|it| state.others.symbols(it.account())).collect()
    }

    /// Makes known what orders of others are for: what they may come to is in their contracts' multipliers.
    pub(super) async fn learn_others(&self) {
        for symbol in self.unknown_of_others().await {
            let learned = self.contract(symbol).await;
            if !matches!(learned, Err(DeskError::Catalog(_))) {
                // What nobody can name is asked for once, what was not answered again.
                self.state().await.others.looked_up.insert(symbol);
            }
            if let Err(error) = learned {
                tracing::warn!(%symbol, %error, "what an order of others is for is not known: no limit can tell what it may come to");
            }
        }
    }

    async fn unknown_of_others(&self) -> BTreeSet<Symbol> {
        let state = self.state().await;
        let all = state.portfolios().flat_map(|it| state.others.symbols(it.account()));
        all.filter(|it| state.contract(*it).is_none() && !state.others.looked_up.contains(it)).collect()
    }
}
