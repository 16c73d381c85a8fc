//! What trades do to accounts, and what of it nobody knows yet.
//!
//! A trade moves cash by its price, which it tells itself, and by what it cost, which is told apart from it. What neither says
//! the broker alone knows: what is held on margin gains and loses without a word, and of what nobody here can name nothing is
//! known at all. Then the account is read again. Left out: what accounts are worth (`worth`).

use super::{DeskState, anomaly};
use crate::PlatformEvent;
use crate::reconciliation::{Awaited, CashBook, Holdings};
use std::collections::BTreeSet;
use std::time::Duration;
use tradeport_kernel::{AccountId, Currency, Decimal, Money, OrderKey, Symbol, Timestamp};
use tradeport_orders::{
    Anomaly, Applied, Commission, Execution, ExecutionId, Fills, JournalEntry, JournalEvent, OrderInput,
    Taken,
};
use tradeport_portfolio::{Payment, Portfolio, TradeTerms};

/// Trades since an account was read last of which nobody knows yet what they did to its cash.
#[derive(Clone, Debug, Default)]
pub(super) struct Unsettled {
    /// What they cost was not told yet, by their roots.
    costs: BTreeSet<String>,
    /// Currencies in which something was traded on margin.
    margined: BTreeSet<Currency>,
    /// What one of them did nobody here can say, not even in which currency.
    is_untold: bool,
}

impl Unsettled {
    /// Does the account have to be read again before its cash is known?
    fn waits_for_reading(&self) -> bool {
        self.is_untold || !self.margined.is_empty()
    }

    fn awaited(&self) -> Option<Awaited> {
        match (self.costs.is_empty(), self.is_untold) {
            (_, true) => Some(Awaited::Reading),
            (false, false) => Some(Awaited::Cost),
            (true, false) => None,
        }
    }
}

impl DeskState {
    /// What accounts hold by everything that was told.
    pub(in super::super) fn holdings(&self) -> Holdings {
        let add = |holdings: Holdings, portfolio: &Portfolio| {
            holdings.with_account(portfolio, self.cash_book(portfolio))
        };
        let holdings = self.portfolios.values().fold(Holdings::default(), add);
        holdings.without_unexplained(self.register.unexplained())
    }

    fn cash_book(&self, portfolio: &Portfolio) -> CashBook {
        let held = portfolio.held().filter_map(|it| self.terms_of(it.symbol()));
        let held = held.filter(|it| it.payment == Payment::Margin).map(|it| it.currency);
        let book = CashBook::of_portfolio(portfolio).margined_in(held);
        let Some(unsettled) = self.unsettled.get(portfolio.account()) else { return book };
        let mut book = book.margined_in(unsettled.margined.iter().copied());
        if let Some(awaited) = unsettled.awaited() {
            book.lose(awaited);
        }
        book
    }

    /// Has an account traded what leaves its cash for the broker to tell, and did nothing trade for so long since? Then it is read
    /// again: before that the broker may still tell the cash of before the trade.
    pub(in super::super) fn is_reading_due(&mut self, now: Timestamp, patience: Duration) -> bool {
        if !self.unsettled.values().any(Unsettled::waits_for_reading) {
            self.quiet_since = None;
            return false;
        }
        let seen = self.quiet_since.filter(|(trades, _)| *trades == self.trades);
        let (_, since) = *self.quiet_since.insert(seen.unwrap_or((self.trades, now)));
        now >= since.after(patience)
    }

    /// How an instrument is paid for; `None` for what nobody here knows.
    pub(in super::super) fn terms_of(&self, symbol: Symbol) -> Option<TradeTerms> {
        self.contract(symbol).map(TradeTerms::of)
    }

    /// The money side of an applied entry; what it did, as events.
    pub(in super::super) fn settle(&mut self, entry: &JournalEntry, applied: &Applied) -> Vec<PlatformEvent> {
        let mut events = Vec::new();
        if let JournalEvent::Happened { input } = &entry.event
            && matches!(
                **input,
                OrderInput::Status { .. } | OrderInput::Executed { .. } | OrderInput::GivenUp { .. }
            )
        {
            self.note_owed(&entry.key);
            if let OrderInput::Status { status } = &**input {
                self.note_status_of_others(Some(&entry.key), status);
            }
        }
        if let Some((from, to)) = applied.moved {
            events.push(PlatformEvent::OrderMoved { key: entry.key.clone(), from, to });
        }
        if let Some(undone) = &applied.replaced {
            self.note_traded_by_others(undone, true);
            self.undo(undone, &mut events);
        }
        if let Some(execution) = &applied.executed {
            self.note_traded_by_others(execution, false);
            self.trade(execution, &mut events);
            self.wait_for_cost(execution);
            events.push(PlatformEvent::Executed { execution: execution.clone() });
        }
        if let Some((execution, amount)) = &applied.charged
            && let Some(account) = self.book.get(&entry.key).map(|order| order.intent().account().clone())
        {
            self.settled(&account, execution);
            events.extend(self.charge(&account, Some(&entry.key), execution, *amount));
        }
        if let Some(what) = applied.anomaly {
            events.extend(self.on_other_terms(entry, what));
        }
        events
    }

    /// What does not fit the order whose key it bears is shown. What trades under a key of ours on other terms is no fill of the
    /// order, and moves the account that it names all the same.
    fn on_other_terms(&mut self, entry: &JournalEntry, what: Anomaly) -> Vec<PlatformEvent> {
        if let JournalEvent::Happened { input } = &entry.event {
            match (&**input, what) {
                (OrderInput::Executed { execution }, Anomaly::Foreign) => {
                    return self.foreign_trade(execution);
                }
                (OrderInput::Charged { commission }, Anomaly::UnknownExecution)
                    if self.foreign.contains_key(commission.execution.root()) =>
                {
                    return self.foreign_charge(commission);
                }
                _ => {}
            }
        }
        vec![anomaly(Some(&entry.key), &format!("{what:?}"))]
    }

    /// The money side of an execution of an order that is not ours; each counts once, as ours do.
    pub(in super::super) fn foreign_trade(&mut self, execution: &Execution) -> Vec<PlatformEvent> {
        let mut events = Vec::new();
        let told = self.accounted.get(execution.id.root());
        let empty = || {
            let mut fills = Fills::default();
            // The account holds it already: what is new is only what corrects it.
            told.into_iter().for_each(|told| drop(fills.take(told)));
            (execution.account.clone(), fills)
        };
        let known = self.foreign.entry(execution.id.root().to_owned()).or_insert_with(empty);
        match known.1.take(execution) {
            Taken::Known => return events,
            Taken::New => self.wait_for_cost(execution),
            Taken::Replaces(earlier) => {
                self.note_traded_by_others(&earlier, true);
                self.undo(&earlier, &mut events);
            }
        }
        self.note_traded_by_others(execution, false);
        self.trade(execution, &mut events);
        let text = format!("execution {} belongs to no order of ours", execution.id);
        events.push(anomaly(execution.key.as_ref(), &text));
        events
    }

    /// The cost of an execution of an order that is not ours.
    pub(in super::super) fn foreign_charge(&mut self, commission: &Commission) -> Vec<PlatformEvent> {
        let Some((account, fills)) = self.foreign.get_mut(commission.execution.root()) else {
            return vec![anomaly(
                None,
                &format!("a commission for unknown execution {}", commission.execution),
            )];
        };
        match fills.charge(commission) {
            Ok(None) => Vec::new(),
            Ok(Some(amount)) => {
                let account = account.clone();
                self.settled(&account, &commission.execution);
                self.charge(&account, None, &commission.execution, amount)
            }
            Err(what) => vec![anomaly(None, &format!("{what:?}"))],
        }
    }

    fn charge(
        &mut self,
        account: &AccountId,
        key: Option<&OrderKey>,
        execution: &ExecutionId,
        amount: Money,
    ) -> Vec<PlatformEvent> {
        let mut events = vec![PlatformEvent::Charged { execution: execution.clone(), amount }];
        if self.paid.remove(execution.root()) {
            return events;
        }
        let cash = self.portfolios.get(account).map(CashBook::of_portfolio);
        if cash.is_some_and(|book| !book.counts(amount.currency())) {
            self.unsettled.entry(account.clone()).or_default().is_untold = true;
        }
        if let Some(Err(error)) = self.portfolios.get_mut(account).map(|portfolio| portfolio.charge(amount)) {
            events.push(anomaly(key, &error));
        }
        events
    }

    fn undo(&mut self, execution: &Execution, events: &mut Vec<PlatformEvent>) {
        let reverse = Execution { side: execution.side.opposite(), ..execution.clone() };
        self.trade(&reverse, events);
    }

    /// What it did to the cash is known once it is known what it cost, but for what its price does not say.
    fn wait_for_cost(&mut self, execution: &Execution) {
        if !execution.part.moves_position() {
            return;
        }
        let (account, terms) = (&execution.account, self.terms_of(execution.symbol));
        let book = self.portfolios.get(account).map(CashBook::of_portfolio);
        let counts = |currency| book.as_ref().is_none_or(|book| book.counts(currency));
        let unsettled = self.unsettled.entry(account.clone()).or_default();
        unsettled.costs.insert(execution.id.root().to_owned());
        let Some(TradeTerms { currency, payment, .. }) = terms else {
            unsettled.is_untold = true;
            return;
        };
        if payment == Payment::Margin {
            unsettled.margined.insert(currency);
        }
        let first = match payment {
            Payment::Exchange(first) => first,
            Payment::Price | Payment::PriceAndInterest | Payment::Margin => currency,
        };
        unsettled.is_untold |= payment == Payment::PriceAndInterest;
        unsettled.is_untold |= !counts(currency) || !counts(first);
    }

    /// What an account holds is not known before it is read again.
    pub(in super::super) fn read_again(&mut self, account: &AccountId) {
        self.unsettled.entry(account.clone()).or_default().is_untold = true;
    }

    fn settled(&mut self, account: &AccountId, execution: &ExecutionId) {
        if let Some(unsettled) = self.unsettled.get_mut(account) {
            unsettled.costs.remove(execution.root());
        }
    }

    /// Money of an execution, whosever order it was.
    fn trade(&mut self, execution: &Execution, events: &mut Vec<PlatformEvent>) {
        self.trades += 1;
        let terms = self.terms_of(execution.symbol);
        self.touched.symbols.insert(execution.symbol);
        let Some(portfolio) = self.portfolios.get_mut(&execution.account) else { return };
        let terms = terms.unwrap_or_else(|| TradeTerms::paid_in(portfolio.currency(), Decimal::ONE));
        if let Err(error) = portfolio.execute_on(execution, &terms) {
            events.push(anomaly(execution.key.as_ref(), &error));
        }
    }
}
