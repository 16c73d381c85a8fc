//! Cash: in each currency by itself where the broker tells it so, and to the cent.
//!
//! What is paid in euros moves the euros, whatever a rate does meanwhile. Where only the sum of all currencies is told, that
//! sum is compared, and only while there is but one. Left out: where the two sides come from (`accounts`, `tie_out`).

use std::collections::BTreeSet;
use tradeport_kernel::{AccountId, Currency, Decimal, Money, MoneyError};
use tradeport_portfolio::{Balances, Payment, Portfolio, TradeTerms};

/// What an account has in cash, by what was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cash {
    /// So much in each currency.
    ByCurrency(Balances),
    /// So much in all, in the account's own currency: it was not told by currency.
    InAll(Money),
    /// Nobody can say.
    Unknown(Awaited),
}

/// What is waited for until somebody can say what cash there should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// What a trade has cost.
    Cost,
    /// The account, read again: what a trade did to its cash the broker alone knows.
    Reading,
    /// A rate: the cash is known in all, and something was paid in another currency.
    Rate,
}

/// Cash by what was told, and where it moves without a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CashBook {
    cash: Cash,
    /// Currencies in which something is held on margin: what that gains and loses is paid as the broker reckons it.
    margined: BTreeSet<Currency>,
}

impl CashBook {
    /// Of cash that moves by what is told alone.
    #[must_use]
    pub const fn of(cash: Cash) -> Self {
        Self { cash, margined: BTreeSet::new() }
    }

    /// That of a portfolio.
    #[must_use]
    pub fn of_portfolio(portfolio: &Portfolio) -> Self {
        let in_all = || Cash::InAll(portfolio.cash());
        Self::of(portfolio.balances().map_or_else(in_all, |balances| Cash::ByCurrency(balances.clone())))
    }

    /// The same, which moves without a word in these currencies as well.
    #[must_use]
    pub fn margined_in(mut self, currencies: impl IntoIterator<Item = Currency>) -> Self {
        self.margined.extend(currencies);
        self
    }

    /// The cash.
    #[must_use]
    pub const fn cash(&self) -> &Cash {
        &self.cash
    }

    /// Is what is paid in this currency seen in it? In one sum of all it counts by a rate, and nobody knows which one the broker
    /// takes.
    #[must_use]
    pub fn counts(&self, currency: Currency) -> bool {
        match &self.cash {
            Cash::ByCurrency(_) => true,
            Cash::InAll(sum) => sum.currency() == currency,
            Cash::Unknown(_) => false,
        }
    }

    /// Nobody can say any more what cash there should be.
    pub fn lose(&mut self, awaited: Awaited) {
        // What was waited for before may not be enough.
        if !matches!(self.cash, Cash::Unknown(_)) {
            self.cash = Cash::Unknown(awaited);
        }
    }

    /// So much has come in; below zero, it has gone out.
    pub fn move_by(&mut self, amount: Money) {
        let moved = match &mut self.cash {
            // Nothing is nothing in any currency.
            Cash::InAll(_) if amount.amount().is_zero() => Ok(()),
            Cash::InAll(sum) => sum.plus(amount).map(|now| *sum = now),
            Cash::ByCurrency(balances) => balances.add(amount),
            Cash::Unknown(_) => Ok(()),
        };
        match moved {
            Ok(()) => {}
            Err(MoneyError::Currencies { .. }) => self.lose(Awaited::Rate),
            Err(MoneyError::Overflow) => self.lose(Awaited::Reading),
        }
    }

    /// As it was before a trade on these terms, which brought this in and cost that.
    pub(super) fn undo(&mut self, terms: Option<&TradeTerms>, brought: &[Money], cost: Option<Money>) {
        let (Some(terms), Some(cost)) = (terms, cost) else {
            return self.lose(if cost.is_none() { Awaited::Cost } else { Awaited::Reading });
        };
        match terms.payment {
            Payment::Margin => drop(self.margined.insert(terms.currency)),
            Payment::PriceAndInterest => return self.lose(Awaited::Reading),
            Payment::Price | Payment::Exchange(_) => {}
        }
        brought.iter().for_each(|amount| self.move_by(amount.negated()));
        self.move_by(cost);
    }
}

impl Awaited {
    /// In words, of an account.
    pub(super) fn of(self, account: &AccountId) -> String {
        match self {
            Self::Cost => format!("the cash of {account} waits for what trades have cost"),
            Self::Reading => format!(
                "what a trade did to the cash of {account} the broker alone knows, until the account is read again"
            ),
            Self::Rate => format!(
                "the cash of {account} is told in one sum, and what was paid in another currency moves it by its rate"
            ),
        }
    }
}

/// What came of holding cash against what the broker says.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// The same on both sides.
    pub(super) same: Vec<Money>,
    /// Ours, and the broker's.
    pub(super) apart: Vec<(Money, Money)>,
    /// What could not be compared, and why.
    pub(super) questions: Vec<String>,
    /// Was every currency looked at, those too that neither side has?
    pub(super) is_whole: bool,
}

impl Compared {
    /// The currencies that were looked at.
    pub(super) fn currencies(&self) -> impl Iterator<Item = Currency> {
        let apart = self.apart.iter().map(|(_, theirs)| theirs);
        self.same.iter().chain(apart).map(Money::currency)
    }

    fn cannot(why: String) -> Self {
        Self { questions: vec![why], ..Self::default() }
    }

    /// One currency. Where something is held on margin a difference is no news: nobody tells what it gains.
    fn take(&mut self, account: &AccountId, book: &CashBook, ours: Money, theirs: Money) {
        if is_within_a_cent(theirs.amount() - ours.amount()) {
            self.same.push(theirs);
        } else if book.margined.contains(&ours.currency()) {
            self.questions.push(format!(
                "the cash of {account} in {} moves with what futures and contracts for difference gain in it",
                ours.currency()
            ));
        } else {
            self.apart.push((ours, theirs));
        }
    }
}

/// Holds what is known of an account's cash against what the broker says of it.
pub(super) fn compare(account: &AccountId, book: &CashBook, theirs: &Cash) -> Compared {
    let mut compared = Compared::default();
    match (&book.cash, theirs) {
        (Cash::Unknown(awaited), _) | (_, Cash::Unknown(awaited)) => {
            return Compared::cannot(awaited.of(account));
        }
        (Cash::ByCurrency(ours), Cash::ByCurrency(theirs)) => {
            // The union of both sides: what one of them does not list is nothing there.
            let all: BTreeSet<Currency> = ours.iter().chain(theirs.iter()).map(|it| it.currency()).collect();
            for currency in all {
                compared.take(account, book, ours.of(currency), theirs.of(currency));
            }
            compared.is_whole = compared.questions.is_empty();
        }
        (Cash::InAll(ours), Cash::InAll(theirs)) if ours.currency() == theirs.currency() => {
            compared.take(account, book, *ours, *theirs);
        }
        (Cash::InAll(ours), Cash::InAll(theirs)) => {
            let (known, told) = (ours.currency(), theirs.currency());
            return Compared::cannot(format!(
                "the cash of {account} is told in {told}, and is known in {known}"
            ));
        }
        (Cash::ByCurrency(_), Cash::InAll(_)) | (Cash::InAll(_), Cash::ByCurrency(_)) => {
            return Compared::cannot(format!(
                "the cash of {account} is by currency on one side alone, and in one sum on the other"
            ));
        }
    }
    compared
}

pub(super) fn shown(money: Money) -> String {
    money.rounded(2).to_string()
}

/// Brokers tell cash in cents, and trades and their costs more exactly.
pub(super) fn is_within_a_cent(difference: Decimal) -> bool {
    difference.abs() < Decimal::new(1, 2)
}
