//! What each strategy has in each account: what its own orders have traded, and how many it has sent.
//!
//! Kept up with every entry of the journal, so that a verdict adds nothing up: replaying the journal gives the same, and a
//! checkpoint says what of it comes from orders that are not in memory. An execution counts as it does for the account:
//! a combo's legs, each by itself, and a correction in the place of what it corrects.
//!
//! Left out: what may still trade, which stands with the live orders ([`super::exposure`]).

use super::day_count::DayCount;
use super::exposure::Supposing;
use super::recent::SentLately;
use super::state::DeskState;
use foldhash::HashMap;
use std::collections::BTreeMap;
use tradeport_contracts::CorporateAction;
use tradeport_kernel::{AccountId, Decimal, OrderKey, StrategyId, Symbol, Timestamp};
use tradeport_orders::{Applied, Execution, Order, OrderIntent, Side};
use tradeport_risk::StrategyView;

/// Strategies by account.
#[derive(Debug, Default)]
pub(super) struct Tallies(HashMap<AccountId, HashMap<StrategyId, Tally>>);

/// One strategy in one account.
#[derive(Debug, Default)]
struct Tally {
    /// Bought less sold of each instrument; nothing of what comes to zero.
    traded: BTreeMap<Symbol, Decimal>,
    sent: DayCount,
    lately: SentLately,
}

impl Tally {
    fn traded_of(&self, symbol: Symbol) -> Decimal {
        self.traded.get(&symbol).copied().unwrap_or_default()
    }
}

impl Tallies {
    /// What a strategy's own orders have traded of an instrument, sold below zero.
    pub(super) fn traded_of(&self, account: &AccountId, strategy: &StrategyId, symbol: Symbol) -> Decimal {
        self.get(account, strategy).map_or(Decimal::ZERO, |tally| tally.traded_of(symbol))
    }

    fn get(&self, account: &AccountId, strategy: &StrategyId) -> Option<&Tally> {
        self.0.get(account)?.get(strategy)
    }

    fn of(&mut self, account: &AccountId, strategy: &StrategyId) -> &mut Tally {
        self.0.entry(account.clone()).or_default().entry(strategy.clone()).or_default()
    }

    /// An order was sent.
    pub(super) fn sent(&mut self, intent: &OrderIntent, at: Timestamp) {
        let Some(strategy) = intent.strategy() else { return };
        let tally = self.of(intent.account(), strategy);
        tally.sent.sent(at);
        tally.lately.note(intent.key(), at);
    }

    /// The last order was not sent after all.
    pub(super) fn take_back(&mut self, intent: &OrderIntent) {
        let Some(strategy) = intent.strategy() else { return };
        let tally = self.of(intent.account(), strategy);
        tally.lately.take_back(intent.key());
        tally.sent.take_back();
    }

    /// What an entry did to an order.
    pub(super) fn applied(&mut self, order: &Order, applied: &Applied) {
        let Some(strategy) = order.intent().strategy() else { return };
        let undone = applied.replaced.iter().map(|execution| (execution, Decimal::NEGATIVE_ONE));
        let done = applied.executed.iter().map(|execution| (execution, Decimal::ONE));
        for (execution, times) in undone.chain(done).filter(|(one, _)| one.part.moves_position()) {
            let traded = &mut self.of(&execution.account, strategy).traded;
            let sum = traded.entry(execution.symbol).or_default();
            *sum += signed(execution) * times;
            if sum.is_zero() {
                traded.remove(&execution.symbol);
            }
        }
    }

    /// So many new units stand for each old one.
    pub(super) fn split(&mut self, action: &CorporateAction) {
        for tally in self.0.values_mut().flat_map(HashMap::values_mut) {
            if let Some(sum) = tally.traded.get_mut(&action.symbol()) {
                *sum = action.quantity_after(*sum).0;
            }
        }
    }

    /// Everything that was traded, in order.
    pub(super) fn traded(&self) -> BTreeMap<(AccountId, StrategyId, Symbol), Decimal> {
        let all = self.all().flat_map(|(account, strategy, tally)| {
            tally.traded.iter().map(move |(symbol, sum)| ((account.clone(), strategy.clone(), *symbol), *sum))
        });
        all.collect()
    }

    /// How many orders each has sent in a day.
    pub(super) fn days(&self) -> BTreeMap<(AccountId, StrategyId), DayCount> {
        self.all()
            .map(|(account, strategy, tally)| ((account.clone(), strategy.clone()), tally.sent))
            .collect()
    }

    fn all(&self) -> impl Iterator<Item = (&AccountId, &StrategyId, &Tally)> {
        self.0.iter().flat_map(|(account, strategies)| {
            strategies.iter().map(move |(strategy, tally)| (account, strategy, tally))
        })
    }

    /// As they were told, with the orders that were sent lately.
    pub(super) fn restored<'a>(
        traded: BTreeMap<(AccountId, StrategyId, Symbol), Decimal>,
        days: BTreeMap<(AccountId, StrategyId), DayCount>,
        lately: impl Iterator<Item = &'a (Timestamp, OrderIntent)>,
    ) -> Self {
        let mut tallies = Self::default();
        lately.for_each(|(at, intent)| tallies.sent(intent, *at));
        for ((account, strategy), sent) in days {
            tallies.of(&account, &strategy).sent = sent;
        }
        for ((account, strategy, symbol), sum) in traded {
            tallies.of(&account, &strategy).traded.insert(symbol, sum);
        }
        tallies
    }
}

impl DeskState {
    /// What the strategy of an order has in its account, on the book as it would be; `None` for an order of none.
    pub(super) fn of_strategy(
        &self,
        intent: &OrderIntent,
        supposing: Supposing<'_>,
        now: Timestamp,
    ) -> Option<StrategyView> {
        let (account, symbol, strategy) = (intent.account(), intent.symbol(), intent.strategy()?);
        let open = self.open_where(account, symbol, supposing, Some(intent), |open| open.is_of(strategy));
        let open = self.with_combos(open, intent, supposing, Some(strategy));
        let tally = self.tallies().get(account, strategy);
        let counted = tally.map_or(0, |tally| tally.sent.on_day_of(now));
        let lately = tally.map_or(0, |tally| tally.lately.of_minute(now, supposing.without));
        let family = supposing.with.iter().filter(|it| it.strategy() == Some(strategy)).count();
        let family = u32::try_from(family).unwrap_or(u32::MAX);
        let again = u32::from(supposing.without.is_some());
        Some(StrategyView {
            held: self.strategy_holds(intent, tally, supposing),
            open_buys: open.buys,
            open_sells: open.sells,
            orders_today: counted.saturating_sub(again).saturating_add(family),
            orders_last_minute: lately.saturating_add(family),
        })
    }

    /// What it has when the order comes alive: without what the order itself has traded, if it is judged again, and with
    /// what its parent still brings in.
    fn strategy_holds(
        &self,
        intent: &OrderIntent,
        tally: Option<&Tally>,
        supposing: Supposing<'_>,
    ) -> Option<Decimal> {
        let traded = tally.map_or(Decimal::ZERO, |tally| tally.traded_of(intent.symbol()));
        let own = self.traded_by(supposing.without, intent.symbol());
        traded.checked_sub(own)?.checked_add(self.moved_before(intent, supposing, intent.strategy())?)
    }

    /// What an order has made of the position in an instrument, sold below zero; a combo trades in its legs.
    pub(super) fn traded_by(&self, key: Option<&OrderKey>, symbol: Symbol) -> Decimal {
        let Some(order) = key.and_then(|key| self.book().get(key)) else { return Decimal::ZERO };
        let own = |one: &&Execution| one.part.moves_position() && one.symbol == symbol;
        order.executions().filter(own).map(signed).sum()
    }
}

fn signed(execution: &Execution) -> Decimal {
    match execution.side {
        Side::Buy => execution.quantity.as_decimal(),
        Side::Sell => -execution.quantity.as_decimal(),
    }
}
