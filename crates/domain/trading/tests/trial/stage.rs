//! Where both traders are tried: what is wanted of them, and how they are judged.

use crate::street::Street;
use std::collections::BTreeMap;
use tradeport_kernel::{AccountId, Decimal, OrderKey, Price, Symbol};

pub(crate) fn account() -> AccountId {
    AccountId::new("DU1").unwrap()
}

pub(crate) fn apple() -> Symbol {
    Symbol::new("AAPL").unwrap()
}

pub(crate) fn key(text: &str) -> OrderKey {
    OrderKey::new(text).unwrap()
}

pub(crate) fn price(text: &str) -> Price {
    text.parse().unwrap()
}

/// Somebody who trades for us.
pub(crate) trait Trader {
    /// We want so many units at this price; the name is the intent's, and comes again if we ask again.
    fn want(&mut self, name: &str, units: u32, limit: &'static str);
    /// We want another price.
    fn reprice(&mut self, name: &str, limit: &'static str);
    /// We want another size.
    fn resize(&mut self, _: &str, _: u32) {}
    /// We do not want it any more.
    fn cancel(&mut self, name: &str);
    /// Takes in what was said, waits as long as it ever waits, and does what it then does on its own.
    fn hear(&mut self);
    /// A new connection stands.
    fn linked_again(&mut self);
    /// The process died, and was started again.
    fn restart(&mut self);
    /// So many units have traded, as it believes.
    fn filled(&mut self, name: &OrderKey) -> Decimal;
    /// So many units may still trade, as it believes.
    fn open_units(&mut self, name: &OrderKey) -> Decimal;
    /// Where it sees that the broker's books are not its own.
    fn doubts(&mut self) -> Vec<String> {
        Vec::new()
    }
}

/// A trader in front of a broker.
pub(crate) struct Trial {
    pub(crate) street: Street,
    pub(crate) trader: Box<dyn Trader>,
    wanted: BTreeMap<OrderKey, Decimal>,
    faults: Vec<String>,
}

impl Trial {
    pub(crate) fn new(of: impl FnOnce(&Street) -> Box<dyn Trader>) -> Self {
        let street = Street::new();
        let trader = of(&street);
        Self { street, trader, wanted: BTreeMap::new(), faults: Vec::new() }
    }

    pub(crate) fn want(&mut self, name: &str, units: u32, limit: &'static str) {
        let wanted = self.wanted.entry(key(name)).or_default();
        *wanted = (*wanted).max(units.into());
        self.trader.want(name, units, limit);
        self.check();
    }

    /// From now on it may be as much as that.
    pub(crate) fn resize(&mut self, name: &str, units: u32) {
        let wanted = self.wanted.entry(key(name)).or_default();
        *wanted = (*wanted).max(units.into());
        self.trader.resize(name, units);
    }

    pub(crate) fn hear(&mut self) {
        self.trader.hear();
        self.check();
    }

    /// The socket dies and comes back.
    pub(crate) fn relink(&mut self, numbers_from: Option<i64>) {
        self.street.lose_link();
        self.street.link_again(numbers_from);
        self.trader.linked_again();
        self.check();
    }

    /// At no moment may the broker hold more than was wanted.
    pub(crate) fn check(&mut self) {
        for (name, wanted) in &self.wanted {
            let at_most = self.street.filled(name) + self.street.open_units(name);
            if at_most > *wanted || self.street.live_orders(name) > 1 {
                self.faults.push(format!("{name}: {wanted} wanted, {at_most} bought or on order"));
            }
        }
    }

    /// The broker made more of an order than was wanted: that is not the trader's fault.
    pub(crate) fn broker_gave(&mut self, name: &str, units: u32) {
        self.wanted.insert(key(name), units.into());
    }

    /// Something that must be so.
    pub(crate) fn must(&mut self, so: bool, what: &str) {
        if !so {
            self.faults.push(what.to_owned());
        }
    }

    /// What went wrong, the first first: too much on order at any moment, or another belief at the end than the truth.
    pub(crate) fn judge(&mut self) -> Vec<String> {
        self.hear();
        for name in self.wanted.keys() {
            let (truth, belief) = (self.street.filled(name), self.trader.filled(name));
            if truth != belief {
                self.faults.push(format!("{name}: {truth} traded, {belief} believed"));
            }
            let (truth, belief) = (self.street.open_units(name), self.trader.open_units(name));
            if truth != belief {
                self.faults.push(format!("{name}: {truth} on order, {belief} believed"));
            }
        }
        std::mem::take(&mut self.faults)
    }
}
