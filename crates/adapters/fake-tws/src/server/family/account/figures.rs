//! What an account is worth and may do, in numbers: of each currency that it has to do with, and of all together.
//!
//! | figure | is |
//! | --- | --- |
//! | cash | the balance, and what positions in currency pairs stand for; what futures were paid with is not gone: what they have earned once they are sold counts, and every commission |
//! | net liquidation, equity with loan | cash and the value of all positions |
//! | initial and maintenance margin | the broker's shares of the gross value of positions; none in a cash account |
//! | available funds, excess liquidity | net liquidation less the one or the other margin |
//! | cushion | excess liquidity as a share of net liquidation |
//! | leverage | gross value as a share of net liquidation |
//!
//! Other currencies count at the exchange's fixed rates; a position in a pair at the price of the pair.

use super::ledger::Ledger;
use crate::server::family::parts::Parts;
use std::collections::BTreeMap;
use tradeport_contracts::InstrumentKind;
use tradeport_fake_broker::exchange::MarginRules;
use tradeport_kernel::{AccountId, Currency, Decimal};

/// What an account has in one currency, or in all of them together, in its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// What a unit is worth in the account's own currency.
    pub(super) rate: Decimal,
    pub(super) cash: Decimal,
    pub(super) stocks: Decimal,
    pub(super) options: Decimal,
    pub(super) future_options: Decimal,
    /// What open futures have earned.
    pub(super) futures: Decimal,
    pub(super) bonds: Decimal,
    pub(super) funds: Decimal,
    pub(super) coins: Decimal,
    pub(super) warrants: Decimal,
    pub(super) others: Decimal,
    pub(super) unrealized: Decimal,
    pub(super) realized: Decimal,
}

/// Everything of a part that is an amount.
fn amounts(part: &mut Part) -> [&mut Decimal; 12] {
    [
        &mut part.cash,
        &mut part.stocks,
        &mut part.options,
        &mut part.future_options,
        &mut part.futures,
        &mut part.bonds,
        &mut part.funds,
        &mut part.coins,
        &mut part.warrants,
        &mut part.others,
        &mut part.unrealized,
        &mut part.realized,
    ]
}

impl Part {
    pub(super) fn net(&self) -> Decimal {
        let held = self.stocks + self.options + self.future_options + self.bonds + self.funds;
        self.cash + held + self.futures + self.coins + self.warrants + self.others
    }

    fn take(&mut self, ledger: &Ledger, price: Option<Decimal>) {
        let worth = ledger.worth(price).unwrap_or_default();
        let unrealized = ledger.unrealized(price).unwrap_or_default();
        self.unrealized += unrealized;
        self.realized += ledger.realized_today();
        match ledger.contract.instrument().kind() {
            Some(InstrumentKind::Stock) => self.stocks += worth,
            Some(InstrumentKind::Option) => self.options += worth,
            Some(InstrumentKind::FuturesOption) => self.future_options += worth,
            Some(InstrumentKind::Future) => {
                // What it cost in commission is paid; its price is not.
                let gain = ledger.gain(price).unwrap_or_default();
                self.futures += gain;
                self.cash += worth - gain;
            }
            // Cash of the two currencies: see where the parts are made.
            Some(InstrumentKind::Forex) => {}
            Some(InstrumentKind::Bond | InstrumentKind::Bill) => self.bonds += worth,
            Some(InstrumentKind::Fund) => self.funds += worth,
            Some(InstrumentKind::Crypto) => self.coins += worth,
            Some(InstrumentKind::Warrant) => self.warrants += worth,
            _ => self.others += worth,
        }
    }

    fn add(&mut self, other: &Self) {
        let mut other = other.clone();
        let rate = other.rate;
        for (sum, it) in amounts(self).into_iter().zip(amounts(&mut other)) {
            *sum += it.saturating_mul(rate);
        }
    }
}

/// The figures of one account, in its currency.
#[derive(Clone, Debug)]
pub(super) struct Figures {
    pub(super) account: AccountId,
    pub(super) currency: Currency,
    pub(super) all: Part,
    /// By currency, its own among them.
    pub(super) parts: BTreeMap<Currency, Part>,
    pub(super) gross: Decimal,
    pub(super) net: Decimal,
    pub(super) initial: Decimal,
    pub(super) maintenance: Decimal,
    pub(super) buying_power: Decimal,
}

impl Figures {
    pub(super) fn available(&self) -> Decimal {
        self.net - self.initial
    }

    pub(super) fn excess(&self) -> Decimal {
        self.net - self.maintenance
    }

    pub(super) fn cushion(&self) -> Decimal {
        self.excess().checked_div(self.net).unwrap_or_default().round_dp(6)
    }

    pub(super) fn leverage(&self) -> Decimal {
        self.gross.checked_div(self.net).unwrap_or_default().round_dp(2)
    }
}

impl Parts<'_> {
    /// The net liquidation value of an account, and its available funds; `None` for one that cannot be reckoned.
    pub(crate) fn worth_of(&mut self, account: &AccountId) -> Option<(Decimal, Decimal)> {
        let figures = self.figures(account)?;
        Some((figures.net, figures.available()))
    }

    /// What a unit of a currency is worth in an account's own.
    pub(super) fn rate_to(&self, own: Currency, currency: Currency) -> Decimal {
        self.world.exchange().rate(currency, own).unwrap_or(Decimal::ONE)
    }

    /// The currency that an account's figures are in.
    pub(super) fn currency_of(&self, account: &AccountId) -> Currency {
        self.world.exchange().balances(account).next().map_or(Currency::USD, |own| own.currency())
    }

    fn parts_of(&self, account: &AccountId, own: Currency) -> BTreeMap<Currency, Part> {
        let mut parts: BTreeMap<Currency, Part> = BTreeMap::new();
        let fresh = |currency| Part { rate: self.rate_to(own, currency), ..Part::default() };
        for balance in self.world.exchange().balances(account) {
            let part = parts.entry(balance.currency()).or_insert_with(|| fresh(balance.currency()));
            part.cash += balance.amount();
        }
        for ledger in self.shared.account.of(account) {
            let currency = ledger.contract.currency();
            let part = parts.entry(currency).or_insert_with(|| fresh(currency));
            part.take(ledger, self.price_of(ledger));
            if let Some(first) = first_currency(ledger) {
                let part = parts.entry(first).or_insert_with(|| fresh(first));
                part.cash += ledger.quantity();
            }
        }
        parts
    }

    /// The figures of an account now; `None` for an account that cannot be reckoned.
    pub(super) fn figures(&mut self, account: &AccountId) -> Option<Figures> {
        self.refresh_account(account);
        let summary = self.world.exchange().summary(account)?.ok()?;
        let own = summary.cash.currency();
        let parts = self.parts_of(account, own);
        let mut all = Part { rate: Decimal::ONE, ..Part::default() };
        parts.values().for_each(|part| all.add(part));
        // Pairs by their price, so that a trade changes what the account is worth by its costs alone.
        let mut gross = Decimal::ZERO;
        for ledger in self.shared.account.of(account) {
            let rate = self.rate_to(own, ledger.contract.currency());
            let worth = ledger.worth(self.price_of(ledger)).unwrap_or_default().saturating_mul(rate);
            match first_currency(ledger) {
                Some(first) => {
                    all.cash += worth - ledger.quantity().saturating_mul(self.rate_to(own, first));
                }
                None => gross += worth.abs(),
            }
        }
        let rules = MarginRules::default();
        let maintenance = summary.maintenance_margin.amount();
        let initial = maintenance.checked_mul(rules.initial)?.checked_div(rules.maintenance)?;
        Some(Figures {
            account: account.clone(),
            currency: own,
            gross,
            net: all.net(),
            all,
            parts,
            initial,
            maintenance,
            buying_power: summary.buying_power.amount(),
        })
    }
}

/// The first currency of a pair: what holding the pair is cash in.
fn first_currency(ledger: &Ledger) -> Option<Currency> {
    let instrument = ledger.contract.instrument();
    if instrument.kind() != Some(InstrumentKind::Forex) {
        return None;
    }
    instrument.description().symbol.as_deref()?.parse().ok()
}
