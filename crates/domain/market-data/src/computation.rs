//! What a broker's model makes of an option's price: its volatility, and how it moves.
//!
//! These are the broker's numbers, kept as the decimals that it told. Left out: our own model, which is `analytics`.

use serde::{Deserialize, Serialize};
use tradeport_kernel::{Decimal, Price, Symbol, Timestamp};

/// Which price of the option a model began with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptionBasis {
    /// The best bid.
    Bid,
    /// The best ask.
    Ask,
    /// The last trade.
    Last,
    /// The model's own price.
    Model,
}

impl OptionBasis {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Bid, Self::Ask, Self::Last, Self::Model];
}

/// The numbers of a model; `None` for what the broker has not computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionValues {
    /// The volatility that the price means, a year: 0.25 for 25 percent.
    pub implied_volatility: Option<Decimal>,
    /// How the price moves with one of the underlying's price.
    pub delta: Option<Decimal>,
    /// How delta moves with one of the underlying's price.
    pub gamma: Option<Decimal>,
    /// How the price moves with one percent of volatility a year.
    pub vega: Option<Decimal>,
    /// How the price moves with one day.
    pub theta: Option<Decimal>,
    /// The price of the option that it begins with.
    pub price: Option<Price>,
    /// The present value of the dividends that are expected until the option ends, for one of the underlying.
    pub dividends: Option<Decimal>,
    /// The price of the underlying that it reckons with.
    pub underlying_price: Option<Price>,
}

impl OptionValues {
    /// A model's numbers are kept to so many decimals; what is finer is noise.
    pub const PLACES: u32 = 10;

    /// Is there anything at all?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What the broker's model makes of one price of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionComputation {
    /// Which option.
    pub symbol: Symbol,
    /// When we were told: sources do not say when they computed it.
    pub at: Timestamp,
    /// Which price.
    pub basis: OptionBasis,
    /// The numbers.
    pub values: OptionValues,
}

/// The last computation of each price of one option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionComputations {
    /// Which option.
    pub symbol: Symbol,
    /// When the last of them was told.
    pub at: Timestamp,
    /// Of the best bid.
    pub bid: Option<OptionValues>,
    /// Of the best ask.
    pub ask: Option<OptionValues>,
    /// Of the last trade.
    pub last: Option<OptionValues>,
    /// Of the model's own price.
    pub model: Option<OptionValues>,
}

impl OptionComputations {
    /// Nothing yet.
    #[must_use]
    pub const fn none_of(symbol: Symbol, at: Timestamp) -> Self {
        Self { symbol, at, bid: None, ask: None, last: None, model: None }
    }

    /// Takes a computation in, in place of the one of the same price before it.
    pub const fn note(&mut self, computation: &OptionComputation) {
        self.at = computation.at;
        *(match computation.basis {
            OptionBasis::Bid => &mut self.bid,
            OptionBasis::Ask => &mut self.ask,
            OptionBasis::Last => &mut self.last,
            OptionBasis::Model => &mut self.model,
        }) = Some(computation.values);
    }

    /// The numbers of one price.
    #[must_use]
    pub const fn of(&self, basis: OptionBasis) -> Option<OptionValues> {
        match basis {
            OptionBasis::Bid => self.bid,
            OptionBasis::Ask => self.ask,
            OptionBasis::Last => self.last,
            OptionBasis::Model => self.model,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_computation_of_each_price_stays() {
        let symbol = Symbol::new("X").unwrap();
        let mut all = OptionComputations::none_of(symbol, Timestamp::EPOCH);
        let number = |delta: i64| OptionValues { delta: Some(Decimal::new(delta, 1)), ..Default::default() };
        for (second, basis, delta) in
            [(1, OptionBasis::Bid, 1), (2, OptionBasis::Model, 2), (3, OptionBasis::Bid, 3)]
        {
            let at = Timestamp::from_seconds(second);
            all.note(&OptionComputation { symbol, at, basis, values: number(delta) });
        }
        let told = OptionBasis::ALL.map(|basis| all.of(basis));
        assert_eq!(told, [Some(number(3)), None, None, Some(number(2))]);
        assert_eq!(all.at, Timestamp::from_seconds(3));
        assert!(OptionValues::default().is_empty() && !number(0).is_empty());
    }
}
