//! The two sides that are held against each other.

use super::cash::{Awaited, CashBook};
use super::{Break, List, Subject};
use std::collections::{BTreeMap, BTreeSet};
use tradeport_kernel::{AccountId, ConnectionEpoch, Currency, Decimal, Money, Snapshot, Symbol, UnreadRow};
use tradeport_orders::{BrokerOrder, Execution, OrderBook};
use tradeport_portfolio::{AccountSummary, Balances, Portfolio, Position};

/// What the broker told. What it did not tell as a whole is `None`, and so is what it told in another epoch: that proves
/// nothing about this one.
#[derive(Clone, Debug, Default)]
pub struct BrokerView {
    pub(super) open: Option<Vec<BrokerOrder>>,
    pub(super) completed: Option<Vec<BrokerOrder>>,
    pub(super) executions: Option<Vec<Execution>>,
    pub(super) accounts: Vec<AccountView>,
    /// The accounts that the login manages: of orders of others its lists tell nothing. Empty: it was not asked.
    pub(super) login: BTreeSet<AccountId>,
    /// What could not be read of the lists that were told.
    pub(super) unread: BTreeMap<List, Vec<UnreadRow>>,
    epoch: ConnectionEpoch,
}

/// What the broker told of one account.
#[derive(Clone, Debug)]
pub struct AccountView {
    /// Which.
    pub account: AccountId,
    /// What it holds.
    pub positions: Option<Vec<Position>>,
    /// Its cash, of all currencies together.
    pub cash: Option<Money>,
    /// The same by currency, where that was told.
    pub balances: Option<Balances>,
    /// What one unit of other currencies is worth in its own, as far as that was told.
    pub rates: BTreeMap<Currency, Decimal>,
    /// What all of it is worth, if that was told.
    pub worth: Option<Money>,
}

impl AccountView {
    /// Of which no figures were told.
    const fn of(account: AccountId, positions: Option<Vec<Position>>) -> Self {
        Self { account, positions, cash: None, balances: None, rates: BTreeMap::new(), worth: None }
    }
}

impl BrokerView {
    /// Nothing yet, in this epoch.
    #[must_use]
    pub fn of(epoch: ConnectionEpoch) -> Self {
        Self { epoch, ..Self::default() }
    }

    /// With the orders that could still trade.
    #[must_use]
    pub fn with_open(mut self, told: Snapshot<BrokerOrder>) -> Self {
        self.open = self.list(List::OpenOrders, told);
        self
    }

    /// With the orders that have ended.
    #[must_use]
    pub fn with_completed(mut self, told: Snapshot<BrokerOrder>) -> Self {
        self.completed = self.list(List::CompletedOrders, told);
        self
    }

    /// With executions.
    #[must_use]
    pub fn with_executions(mut self, told: Snapshot<Execution>) -> Self {
        self.executions = self.list(List::Executions, told);
        self
    }

    /// With an account: its figures and what it holds, as far as they were told.
    #[must_use]
    pub fn with_account(
        mut self,
        account: AccountId,
        figures: Option<AccountSummary>,
        positions: Option<Snapshot<Position>>,
    ) -> Self {
        let positions = positions.and_then(|told| self.of_epoch(told));
        let (mut view, told) = (AccountView::of(account, positions), figures);
        if let Some(AccountSummary { cash, balances, rates, net_liquidation, .. }) = told {
            view = AccountView { cash: Some(cash), balances, rates, worth: Some(net_liquidation), ..view };
        }
        self.login.insert(view.account.clone());
        self.accounts.push(view);
        self
    }

    /// Told by a login that manages these accounts, whatever is told of them.
    #[must_use]
    pub fn of_login(mut self, accounts: BTreeSet<AccountId>) -> Self {
        self.login.extend(accounts);
        self
    }

    /// The accounts that the login manages, as far as that was told.
    #[must_use]
    pub const fn login(&self) -> &BTreeSet<AccountId> {
        &self.login
    }

    /// The accounts.
    pub fn accounts(&self) -> impl Iterator<Item = &AccountView> {
        self.accounts.iter()
    }

    /// In which epoch all of it was told.
    #[must_use]
    pub const fn epoch(&self) -> ConnectionEpoch {
        self.epoch
    }

    /// The same, and what was told of orders.
    #[must_use]
    pub fn and(
        self,
        open: Snapshot<BrokerOrder>,
        completed: Snapshot<BrokerOrder>,
        executions: Snapshot<Execution>,
    ) -> Self {
        self.with_open(open).with_completed(completed).with_executions(executions)
    }

    fn list<T>(&mut self, list: List, told: Snapshot<T>) -> Option<Vec<T>> {
        let unread = told.unread().to_vec();
        let rows = self.of_epoch(told)?;
        self.unread.insert(list, unread);
        Some(rows)
    }

    /// Does it follow from this list that what it does not show is not there?
    pub(crate) fn proves_absence_in(&self, list: List) -> bool {
        self.unread.get(&list).is_some_and(Vec::is_empty)
    }

    fn of_epoch<T>(&self, told: Snapshot<T>) -> Option<Vec<T>> {
        (told.epoch() == self.epoch).then(|| told.into_rows())
    }

    /// The orders that could still trade, where the broker told them as a whole.
    #[must_use]
    pub fn open(&self) -> Option<&[BrokerOrder]> {
        self.open.as_deref()
    }

    /// The orders that have ended, where the broker told them as a whole.
    #[must_use]
    pub fn completed(&self) -> Option<&[BrokerOrder]> {
        self.completed.as_deref()
    }
}

/// What accounts hold by everything that was told.
#[derive(Clone, Debug, Default)]
pub struct Holdings {
    pub(super) positions: BTreeMap<(AccountId, Symbol), Decimal>,
    pub(super) cash: BTreeMap<AccountId, CashBook>,
}

impl Holdings {
    /// With an account.
    #[must_use]
    pub fn with_account(mut self, portfolio: &Portfolio, cash: CashBook) -> Self {
        let account = portfolio.account();
        for position in portfolio.held() {
            self.positions.insert((account.clone(), position.symbol()), position.quantity().as_decimal());
        }
        self.cash.insert(account.clone(), cash);
        self
    }

    /// Without what nobody has told of: an account is taken over as the broker reports it, so what stands as unexplained in
    /// these breaks is in it without ever having been told.
    #[must_use]
    pub fn without_unexplained<'b>(mut self, breaks: impl Iterator<Item = &'b Break>) -> Self {
        for found in breaks {
            let Some(amount) = found.taken_over() else { continue };
            match found.subject() {
                Subject::Position { account, symbol } => self.moved(account, *symbol, -amount),
                Subject::Cash { account, currency } => self.paid(account, Money::new(amount, *currency)),
                _ => {}
            }
        }
        self
    }

    /// A position has moved by so much.
    pub fn moved(&mut self, account: &AccountId, symbol: Symbol, by: Decimal) {
        *self.positions.entry((account.clone(), symbol)).or_default() += by;
    }

    /// So much cash was paid, by what was told.
    pub fn paid(&mut self, account: &AccountId, amount: Money) {
        if let Some(book) = self.cash.get_mut(account) {
            book.move_by(amount.negated());
        }
    }

    /// Nobody can say any more what cash there should be.
    pub fn lose_cash(&mut self, account: &AccountId) {
        if let Some(book) = self.cash.get_mut(account) {
            book.lose(Awaited::Cost);
        }
    }

    /// What an account holds.
    #[must_use]
    pub fn positions_of(&self, account: &AccountId) -> BTreeMap<Symbol, Decimal> {
        let its = self.positions.iter().filter(|((of, _), _)| of == account);
        its.map(|((_, symbol), quantity)| (*symbol, *quantity)).collect()
    }

    /// The cash of an account; `None` where nothing is known of the account.
    #[must_use]
    pub fn cash_of(&self, account: &AccountId) -> Option<&CashBook> {
        self.cash.get(account)
    }
}

/// What we know: orders by the journal, and what accounts hold.
#[derive(Clone, Debug)]
pub struct Books<'a> {
    pub(super) orders: &'a OrderBook,
    pub(super) holdings: Holdings,
}

impl<'a> Books<'a> {
    /// Of these orders and accounts.
    #[must_use]
    pub const fn of(orders: &'a OrderBook, holdings: Holdings) -> Self {
        Self { orders, holdings }
    }
}
