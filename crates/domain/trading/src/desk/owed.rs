//! What the broker has counted of orders that have ended, and has not told: nothing of it is open any more, and nothing is held yet.
//!
//! A status that ends an order may come before its executions, and these may be lost. Until they are here, or the account is read
//! again, which holds them, what they come to counts as what may still trade does. Of an order that is alive it is open.
//!
//! Accounts are read before the lists of orders: of what has ended in between, by the lists or by a word that came meanwhile, they may hold
//! nothing. It counts, and they are read once more.
//!
//! Left out: orders that had ended when the desk was opened; their accounts were read after that.

use super::exposure::OpenUnits;
use super::state::DeskState;
use foldhash::HashMap;
use std::collections::BTreeMap;
use tradeport_kernel::{AccountId, Decimal, OrderKey, Symbol};
use tradeport_orders::Side;

/// By the keys of the orders; mostly none.
#[derive(Debug, Default)]
pub(super) struct Owed(BTreeMap<OrderKey, Row>);

#[derive(Debug)]
struct Row {
    account: AccountId,
    symbol: Symbol,
    side: Side,
    units: Decimal,
}

impl Owed {
    /// How much was bought and sold.
    pub(super) fn units(&self, account: &AccountId, symbol: Symbol) -> OpenUnits {
        let its = self.0.values().filter(|row| row.symbol == symbol && row.account == *account);
        its.fold(OpenUnits::NONE, |sum, row| {
            let units = Some(row.units);
            sum.plus(match row.side {
                Side::Buy => OpenUnits { buys: units, ..OpenUnits::NONE },
                Side::Sell => OpenUnits { sells: units, ..OpenUnits::NONE },
            })
        })
    }

    /// Of these instruments there is some.
    pub(super) fn symbols(&self, account: &AccountId) -> impl Iterator<Item = Symbol> {
        self.0.values().filter(move |row| row.account == *account).map(|row| row.symbol)
    }

    /// The account holds all of it.
    pub(super) fn is_held(&mut self, account: &AccountId) {
        self.0.retain(|_, row| row.account != *account);
    }
}

impl DeskState {
    /// Takes note of what is owed of an order after a word of the broker.
    pub(super) fn note_owed(&mut self, key: &OrderKey) {
        let Some(order) = self.book().get(key) else { return };
        let missing = order.reported_filled() - order.filled();
        let is_owed = order.state().is_final() && missing > Decimal::ZERO;
        let (account, symbol, side) =
            (order.intent().account().clone(), order.intent().symbol(), order.side());
        let before = if is_owed {
            self.owed.0.insert(key.clone(), Row { account, symbol, side, units: missing })
        } else {
            self.owed.0.remove(key)
        };
        if is_owed || before.is_some() {
            self.touch([symbol]);
        }
    }

    /// The orders that may trade, and how much of each the broker has counted.
    pub(super) fn counted_of_live(&self) -> HashMap<OrderKey, Decimal> {
        let live = self.live().into_iter().filter_map(|key| self.book().get(key));
        live.map(|order| (order.intent().key().clone(), order.reported_filled())).collect()
    }

    /// Accounts were taken over that were asked for when these could trade: what has been counted of them since may not be held.
    pub(super) fn note_owed_since(&mut self, live: &HashMap<OrderKey, Decimal>) {
        for (key, before) in live {
            let counted = self.book().get(key).is_some_and(|order| order.reported_filled() > *before);
            if counted {
                self.note_owed(key);
            }
            if let Some(account) = self.owed.0.get(key).map(|row| row.account.clone()) {
                self.read_again(&account);
            }
        }
    }
}
