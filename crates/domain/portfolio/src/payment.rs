//! What a trade moves in cash, by what is traded.

use tradeport_contracts::{Contract, InstrumentKind};
use tradeport_kernel::{Currency, Decimal, Money, MoneyError};
use tradeport_orders::Execution;

/// How an instrument is paid for when it is traded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payment {
    /// Its price, for every unit.
    Price,
    /// Its price, for every unit, and with it the interest that has accrued: how much that is no execution tells.
    PriceAndInterest,
    /// It is money itself: units of this currency are exchanged for their price.
    Exchange(Currency),
    /// Not at all. What it gains and loses is paid as the broker reckons it, mostly day by day: variation margin.
    Margin,
}

/// What an instrument is priced in, and how it is paid for: all that says what a trade does to cash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TradeTerms {
    /// The currency of its price.
    pub currency: Currency,
    /// Units of the underlying in one unit traded.
    pub multiplier: Decimal,
    /// How it is paid for.
    pub payment: Payment,
}

impl TradeTerms {
    /// Of what is paid for by its price.
    #[must_use]
    pub const fn paid_in(currency: Currency, multiplier: Decimal) -> Self {
        Self { currency, multiplier, payment: Payment::Price }
    }

    /// Of a contract. A currency pair exchanges its two currencies; futures and contracts for difference are held on margin; a
    /// bond's interest since its last coupon is paid to whoever sells it.
    #[must_use]
    pub fn of(contract: &Contract) -> Self {
        use InstrumentKind as K;
        let instrument = contract.instrument();
        let first = || instrument.description().symbol.as_deref()?.parse().ok();
        let payment = match instrument.kind() {
            Some(K::Future | K::ContinuousFuture | K::Cfd) => Payment::Margin,
            // What it exchanges cannot be said: the broker alone knows.
            Some(K::Forex) => first().map_or(Payment::Margin, Payment::Exchange),
            Some(K::Bond) => Payment::PriceAndInterest,
            _ => Payment::Price,
        };
        Self { currency: contract.currency(), multiplier: contract.multiplier(), payment }
    }

    /// What a trade brings in cash by its price, below zero what it takes; its commission is told apart from it. The legs of a combo are
    /// paid for, the combo itself is not.
    pub fn moves(&self, execution: &Execution) -> Result<Vec<Money>, MoneyError> {
        if !execution.part.moves_position() {
            return Ok(Vec::new());
        }
        let units = execution.side.signed(execution.quantity).as_decimal();
        let price = || Money::of(execution.price, -units, self.multiplier, self.currency);
        Ok(match self.payment {
            Payment::Price | Payment::PriceAndInterest => vec![price()?],
            Payment::Exchange(first) => vec![Money::new(units, first).times(self.multiplier)?, price()?],
            Payment::Margin => Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tradeport_contracts::{ContractDetails, ContractDraft, ContractId, Instrument, TradingSessions};
    use tradeport_kernel::Symbol;

    fn paid(words: &str) -> Payment {
        let instrument: Instrument = words.parse().unwrap();
        let contract = ContractDraft {
            id: ContractId::new(1),
            symbol: Symbol::new("X").unwrap(),
            instrument,
            name: words.to_owned(),
            currency: Currency::USD,
            price_step: Decimal::new(1, 2),
            lot: Decimal::ONE,
            multiplier: Decimal::ONE,
            sessions: TradingSessions::always(),
            details: ContractDetails::default(),
        };
        TradeTerms::of(&contract.check().unwrap()).payment
    }

    #[test]
    fn what_is_traded_says_how_it_is_paid_for() {
        let euro: Currency = "EUR".parse().unwrap();
        for (words, payment) in [
            ("AAPL", Payment::Price),
            ("AAPL 20281215C450", Payment::Price),
            ("crypto:BTC", Payment::Price),
            ("ES 202812@CME", Payment::Margin),
            ("continuous:ES@CME", Payment::Margin),
            ("cfd:IBM", Payment::Margin),
            ("EUR.USD", Payment::Exchange(euro)),
            ("bond:912828C57", Payment::PriceAndInterest),
        ] {
            assert_eq!(paid(words), payment, "{words}");
        }
    }
}
