//! What can be asked of an exchange between two inputs.

use super::Exchange;
use super::order::{Slot, Whereabouts};
use tradeport_contracts::Contract;
use tradeport_kernel::{
    AccountId, BrokerOrderId, Currency, Decimal, Money, MoneyError, OrderKey, PermId, Price, Quantity,
    Symbol, Timestamp,
};
use tradeport_market_data::Quote;
use tradeport_orders::{BrokerStatus, Execution, OrderIntent, OrderKind, TimeInForce};
use tradeport_portfolio::{AccountSummary, Position};

/// An order as the exchange holds it, or held it last.
#[derive(Clone, Copy, Debug)]
pub struct OrderRecord<'a> {
    /// What was wanted.
    pub intent: &'a OrderIntent,
    /// Its durable number.
    pub perm_id: PermId,
    /// Its number within the connection that sent it.
    pub broker_order_id: BrokerOrderId,
    /// How much is ordered now, changes included.
    pub quantity: Quantity,
    /// Its kind and prices now, changes included.
    pub kind: &'a OrderKind,
    /// How long it stands now, changes included.
    pub time_in_force: TimeInForce,
}

impl Exchange {
    /// Every order that may still trade, with where it stands, in the order in which they were taken.
    #[must_use]
    pub fn open_orders(&self) -> Vec<(OrderRecord<'_>, BrokerStatus)> {
        let mut open: Vec<_> = self.orders.iter().collect();
        open.sort_by_key(|order| order.perm_id);
        let record = |order: &'_ super::LiveOrder| order.status();
        open.into_iter()
            .map(|order| {
                let found = OrderRecord {
                    intent: &order.intent,
                    perm_id: order.perm_id,
                    broker_order_id: order.broker_order_id,
                    quantity: order.quantity,
                    kind: order.kind(),
                    time_in_force: order.time_in_force(),
                };
                (found, record(order))
            })
            .collect()
    }

    /// The orders that have ended, with their last status, in the order in which they ended: at most [`MOST_ENDED`], see
    /// there which are forgotten.
    ///
    /// [`MOST_ENDED`]: super::MOST_ENDED
    pub fn ended_orders(&self) -> impl Iterator<Item = (OrderRecord<'_>, &BrokerStatus)> {
        self.ended.iter().map(|order| {
            let found = OrderRecord {
                intent: &order.intent,
                perm_id: order.perm_id,
                broker_order_id: order.broker_order_id,
                quantity: order.quantity,
                kind: order.kind(),
                time_in_force: order.time_in_force(),
            };
            (found, &order.status)
        })
    }

    /// Every execution that counts, in its latest revision, in the order in which they happened; those of forgotten
    /// orders are forgotten too.
    #[must_use]
    pub fn executions(&self) -> &[Execution] {
        &self.executions
    }

    /// Where the order of a key stands, if there ever was one.
    #[must_use]
    pub fn status_of(&self, key: &OrderKey) -> Option<BrokerStatus> {
        Some(match *self.keys.get(key)? {
            Whereabouts::Live(slot) => self.orders[slot].status(),
            Whereabouts::Ended(number) => self.ended(number)?.status.clone(),
        })
    }

    /// The accounts, in the order of the configuration.
    pub fn accounts(&self) -> impl Iterator<Item = &AccountId> {
        self.accounts.iter().map(|account| &account.id)
    }

    /// The figures of an account, or `None` when it is not one of ours.
    #[must_use]
    pub fn summary(&self, account: &AccountId) -> Option<Result<AccountSummary, MoneyError>> {
        let account = &self.accounts[self.account_of(account)?];
        Some(account.summary(self.now, &self.markets, self.margin))
    }

    /// An account's cash by currency, its own first, borrowed money below zero; none for an account that is not one of ours.
    pub fn balances(&self, account: &AccountId) -> impl Iterator<Item = Money> + '_ {
        self.account_of(account).into_iter().flat_map(|account| self.accounts[account].all_balances())
    }

    /// What a unit of one currency is worth in another, as this exchange reckons; `None` where it does not know.
    #[must_use]
    pub fn rate(&self, from: Currency, to: Currency) -> Option<Decimal> {
        self.rates.rate(from, to)
    }

    /// What an account holds, in the order of the symbols, or `None` when it is not one of ours.
    #[must_use]
    pub fn positions(&self, account: &AccountId) -> Option<Vec<Position>> {
        let account = &self.accounts[self.account_of(account)?];
        let held = account.holdings.iter().map(|holding| &holding.position);
        Some(held.filter(|position| !position.quantity().is_flat()).cloned().collect())
    }

    /// What an account has of one instrument, held or not; `None` when one of them is not ours.
    #[must_use]
    pub fn position(&self, account: &AccountId, symbol: Symbol) -> Option<&Position> {
        let account = &self.accounts[self.account_of(account)?];
        account.holdings.get(self.market_of(symbol)?).map(|holding| &holding.position)
    }

    /// What an account has paid in commissions, or `None` when it is not one of ours.
    #[must_use]
    pub fn commissions(&self, account: &AccountId) -> Option<Money> {
        Some(self.accounts[self.account_of(account)?].commissions)
    }

    /// How much of an account's money open orders keep, or `None` when it is not one of ours.
    #[must_use]
    pub fn reserved(&self, account: &AccountId) -> Option<Decimal> {
        Some(self.accounts[self.account_of(account)?].reserved)
    }

    /// What is traded here, in the order of the symbols.
    pub fn contracts(&self) -> impl Iterator<Item = &Contract> {
        self.markets.iter().map(|market| &market.contract)
    }

    /// The contract of a symbol.
    #[must_use]
    pub fn contract(&self, symbol: Symbol) -> Option<&Contract> {
        Some(&self.markets[self.market_of(symbol)?].contract)
    }

    /// The combos that an instrument is a leg of.
    pub fn combos_of(&self, symbol: Symbol) -> impl Iterator<Item = Symbol> {
        let leg = self.market_of(symbol).map(|index| &self.markets[index]);
        leg.into_iter().flat_map(|leg| leg.combos.iter().map(|combo| self.markets[*combo].contract.symbol()))
    }

    /// The last quote of an instrument; that of a combo follows from its legs'.
    #[must_use]
    pub fn last_quote(&self, symbol: Symbol) -> Option<Quote> {
        let index = self.market_of(symbol)?;
        if self.is_combo(index) { self.implied_quote(index) } else { self.markets[index].last_quote }
    }

    /// What positions in an instrument are valued at: half way between its last bid and ask; of a combo the net of its
    /// legs'.
    #[must_use]
    pub fn last_price(&self, symbol: Symbol) -> Option<Price> {
        let index = self.market_of(symbol)?;
        if self.is_combo(index) { self.implied_last_price(index) } else { self.markets[index].last_price }
    }

    /// When something is to happen next by time alone, if anything is.
    #[must_use]
    pub fn next_timer(&self) -> Option<Timestamp> {
        self.timers.first().map(|(at, ..)| *at)
    }

    /// The number that the next order will have within its connection.
    #[must_use]
    pub const fn next_broker_order_id(&self) -> BrokerOrderId {
        BrokerOrderId::new(self.next_broker_order_id)
    }

    pub(super) fn live_slots(&self) -> impl Iterator<Item = Slot> {
        self.keys.values().filter_map(|place| match place {
            Whereabouts::Live(slot) => Some(*slot),
            Whereabouts::Ended(_) => None,
        })
    }
}
