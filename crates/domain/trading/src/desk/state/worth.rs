//! What accounts are worth by the broker's word, and other currencies to them.
//!
//! Cash and positions come to what an account is worth, but for what nobody pays for when it is traded: a future takes margin,
//! and a currency pair exchanges cash for cash. An account that holds such is held against the broker's own figure.

use super::super::pricing::Prices;
use super::DeskState;
use crate::reconciliation::BrokerView;
use std::time::Duration;
use tradeport_contracts::{Contract, InstrumentKind};
use tradeport_kernel::{AccountId, Currency, Decimal, Money, Price, Symbol, Timestamp};
use tradeport_market_data::QuoteBoard;

/// So long what the broker has said of an account's worth is compared with prices of now.
const COUNTS_FOR: Duration = Duration::from_secs(60);

/// The broker's figure of an account, until the account is held against it.
#[derive(Clone, Copy, Debug)]
pub(super) struct ToldWorth {
    worth: Money,
    at: Timestamp,
    /// Something is held of which nobody knew what it is, when so many contracts were known.
    unknown_among: Option<usize>,
}

impl DeskState {
    /// Takes note of what accounts, and other currencies in theirs, are worth now. What was not told stays as it was.
    pub(in super::super) fn note_worth(&mut self, view: &BrokerView, now: Timestamp) {
        for account in view.accounts() {
            for (currency, rate) in &account.rates {
                self.note_rate(&account.account, *currency, *rate);
            }
            if let Some(worth) = account.worth {
                let told = ToldWorth { worth, at: now, unknown_among: None };
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
        if told.unknown_among == Some(self.contracts.len()) {
            return false;
        }
        let Some(portfolio) = self.portfolios.get(account) else { return true };
        let held: Vec<Option<&Contract>> = portfolio.held().map(|it| self.contract(it.symbol())).collect();
        if !held.iter().flatten().any(|it| is_not_paid(it)) {
            told.unknown_among = held.contains(&None).then_some(self.contracts.len());
            return told.unknown_among.is_none();
        }
        let mut portfolio = portfolio.clone();
        let is_held = portfolio.hold_against(told.worth, |symbol| price_of(self, symbol)).is_ok();
        if is_held {
            self.portfolios.insert(account.clone(), portfolio);
        }
        is_held
    }
}

/// Is nothing paid for it when it is traded, by most brokers' books?
pub(super) fn is_not_paid(contract: &Contract) -> bool {
    use InstrumentKind as K;
    let kind = contract.instrument().kind();
    matches!(kind, Some(K::Future | K::ContinuousFuture | K::Cfd | K::Forex))
}
