//! What accounts are worth by the broker's word, and other currencies to them.
//!
//! Cash and positions come to what an account is worth, but for what nobody pays for when it is traded: a future takes margin,
//! and a currency pair exchanges cash for cash. An account that holds such is held against the broker's own figure.

use super::super::pricing::Prices;
use super::DeskState;
use crate::reconciliation::BrokerView;
use std::time::Duration;
use tradeport_contracts::Contract;
use tradeport_kernel::{AccountId, Currency, Decimal, Money, Price, Symbol, Timestamp};
use tradeport_market_data::QuoteBoard;
use tradeport_portfolio::{Payment, TradeTerms};

/// So long what the broker has said of an account's worth is compared with prices of now.
const COUNTS_FOR: Duration = Duration::from_secs(60);

/// The broker's figure of an account, until the account is held against it.
#[derive(Clone, Copy, Debug)]
pub(super) struct ToldWorth {
    worth: Money,
    at: Timestamp,
    /// The first of what is held of which nobody knows what it is: orders of all else need not look for it again.
    unknown: Option<Symbol>,
}

impl DeskState {
    /// Takes note of what accounts, and other currencies in theirs, are worth now. What was not told stays as it was.
    pub(in super::super) fn note_worth(&mut self, view: &BrokerView, now: Timestamp) {
        for account in view.accounts() {
            for (currency, rate) in &account.rates {
                self.note_rate(&account.account, *currency, *rate);
            }
            if let Some(worth) = account.worth {
                let told = ToldWorth { worth, at: now, unknown: None };
                self.told_worth.insert(account.account.clone(), told);
            }
        }
    }

    /// Takes note of what one unit of a currency is worth to an account.
    pub(in super::super) fn note_rate(&mut self, account: &AccountId, currency: Currency, rate: Decimal) {
        let Some(portfolio) = self.portfolios.get_mut(account) else { return };
        if portfolio.rate_of(currency) != Some(rate) {
            portfolio.note_rate(currency, rate);
            self.touched.everything = true;
        }
    }

    /// Holds accounts against what the broker has just said that they are worth, where everything has its price.
    pub(in super::super) fn hold_worth(&mut self, board: &QuoteBoard, now: Timestamp, limit: Duration) {
        if self.told_worth.is_empty() {
            return;
        }
        let mut all = std::mem::take(&mut self.told_worth);
        all.retain(|account, told| {
            let price_of = |state: &Self, symbol| Prices { board, state, now, limit }.size_price(symbol);
            now.since(told.at) <= COUNTS_FOR && !self.is_held_against(account, told, &price_of)
        });
        self.told_worth = all;
    }

    /// `false` while a price is missing, or nobody knows what is held.
    fn is_held_against(
        &mut self,
        account: &AccountId,
        told: &mut ToldWorth,
        price_of: &dyn Fn(&Self, Symbol) -> Option<Price>,
    ) -> bool {
        let Some(portfolio) = self.portfolios.get(account) else { return true };
        let is_known = |symbol: Symbol| self.contract(symbol).is_some();
        let is_held = |symbol| portfolio.position(symbol).is_some_and(|it| !it.quantity().is_flat());
        if told.unknown.is_some_and(|symbol| is_held(symbol) && !is_known(symbol)) {
            return false;
        }
        // They come by their names: what was known up to here is known still, unless something new is held.
        let held = || portfolio.held().map(tradeport_portfolio::Position::symbol);
        let from = told.unknown;
        let further = held().skip_while(|it| Some(*it) < from).find(|it| !is_known(*it));
        told.unknown = further.or_else(|| held().find(|it| !is_known(*it)));
        if told.unknown.is_some() {
            return false;
        }
        if !held().any(|symbol| self.contract(symbol).is_some_and(is_not_paid)) {
            return true;
        }
        let mut portfolio = portfolio.clone();
        let is_held = portfolio.hold_against(told.worth, |symbol| price_of(self, symbol)).is_ok();
        if is_held {
            self.portfolios.insert(account.clone(), portfolio);
        }
        is_held
    }
}

/// Is its price not paid when it is traded, by most brokers' books?
pub(super) fn is_not_paid(contract: &Contract) -> bool {
    !matches!(TradeTerms::of(contract).payment, Payment::Price | Payment::PriceAndInterest)
}
