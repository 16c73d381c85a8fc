//! What the house's model makes of an option's prices, as a broker tells it.
//!
//! Left out: the model itself, and who is told.

use super::option_model::OptionModel;
use super::tape::Tape;
use tradeport_kernel::{Decimal, Price, Timestamp};
use tradeport_market_data::{OptionBasis, OptionComputation, OptionValues, Quote};

impl Tape {
    /// What is computed of an option at a moment, with these best prices: of both of them, of the last trade, and of the
    /// model's own price; nothing for what is no option.
    #[must_use]
    pub fn computations(&self, quote: &Quote, at: Timestamp) -> Vec<OptionComputation> {
        let Some((model, volatility)) = self.option(at) else { return Vec::new() };
        let symbol = self.contract().symbol();
        let told = |basis, values| OptionComputation { symbol, at, basis, values };
        let sides = [(OptionBasis::Bid, quote.bid()), (OptionBasis::Ask, quote.ask())];
        let priced = sides.into_iter().filter_map(|(basis, side)| Some((basis, side?.price())));
        let last = Price::new(self.price(at.nanos().div_euclid(1_000_000_000))).ok();
        let priced = priced.chain(last.map(|price| (OptionBasis::Last, price)));
        let mut all: Vec<OptionComputation> = priced
            .filter(|(_, price)| price.is_positive())
            .map(|(basis, price)| told(basis, model.of_price(price)))
            .collect();
        all.push(told(OptionBasis::Model, model.told(model.value(volatility), Some(volatility))));
        all
    }
}

impl OptionModel {
    /// What a price of the option means.
    #[must_use]
    pub fn of_price(&self, price: Price) -> OptionValues {
        let number = super::path::double(price.as_decimal());
        OptionValues { price: Some(price), ..self.told(number, self.implied_volatility(number)) }
    }

    fn told(&self, price: f64, volatility: Option<f64>) -> OptionValues {
        let greeks = volatility.map(|volatility| self.greeks(volatility));
        let price_of = |number: f64| Price::new(decimal(number)?).ok();
        OptionValues {
            implied_volatility: volatility.and_then(decimal),
            delta: greeks.and_then(|it| decimal(it.delta)),
            gamma: greeks.and_then(|it| decimal(it.gamma)),
            vega: greeks.and_then(|it| decimal(it.vega)),
            theta: greeks.and_then(|it| decimal(it.theta)),
            price: price_of(price),
            dividends: Some(Decimal::ZERO),
            underlying_price: price_of(self.spot),
        }
    }
}

fn decimal(number: f64) -> Option<Decimal> {
    let places = usize::try_from(OptionValues::PLACES).unwrap_or_default();
    let number: Decimal = format!("{number:.places$}").parse().ok()?;
    Some(number.normalize())
}
