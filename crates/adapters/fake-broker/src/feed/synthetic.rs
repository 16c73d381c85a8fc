//! Quotes out of a seed: a geometric random walk.
//!
//! With each step of time the price is multiplied by 1 + `volatility` x z, where z is nearly normal: the sum of twelve
//! even numbers from 0 to 1, less six (Irwin and Hall), which has mean 0 and variance 1 and never leaves [-6, 6]. All of
//! it is decimal arithmetic, so that every machine walks the same way. Prices lie on the price step and never below one
//! step; the walk itself is not rounded.

use super::{chance, on_step, share};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use std::time::Duration;
use tradeport_contracts::Contract;
use tradeport_kernel::{Decimal, Price, Quantity, Symbol, Timestamp};
use tradeport_market_data::{Level, Quote};

/// How a walk goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalkConfig {
    /// Where chance begins; each symbol walks on its own.
    pub seed: u64,
    /// The price it starts at; above zero.
    pub start: Price,
    /// How much one step of time moves it, as a share of the price: its standard deviation; 0 to 0.1.
    pub volatility: Decimal,
    /// How many price steps bid and ask lie apart.
    pub spread_steps: u32,
    /// The largest size displayed, in lots; sizes are even from 1 to this. At least 1.
    pub most_lots: u32,
    /// When the first quote is.
    pub from: Timestamp,
    /// The time between two quotes; above zero.
    pub every: Duration,
}

/// Nothing could walk like that.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a random walk of {symbol} needs {need}")]
pub struct NotAWalk {
    symbol: Symbol,
    need: &'static str,
}

/// An endless iterator of quotes, until time itself ends.
#[derive(Clone, Debug)]
pub struct RandomWalk {
    config: WalkConfig,
    symbol: Symbol,
    step: Decimal,
    lot: Decimal,
    price: Decimal,
    at: Option<Timestamp>,
    chance: ChaCha8Rng,
}

/// Prices are kept below this, far from what a price can be at most.
const CEILING: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

impl RandomWalk {
    /// A walk of this contract.
    pub fn new(contract: &Contract, config: WalkConfig) -> Result<Self, NotAWalk> {
        let symbol = contract.symbol();
        let start = config.start.as_decimal();
        let tenth = Decimal::new(1, 1);
        let needs = [
            (
                start >= contract.price_step() && start <= CEILING,
                "a start of at least one price step, at most 10^9",
            ),
            (
                config.volatility >= Decimal::ZERO && config.volatility <= tenth,
                "a volatility of 0 to 0.1 a step",
            ),
            (config.most_lots > 0, "a largest size of at least one lot"),
            (!config.every.is_zero(), "some time between two quotes"),
        ];
        if let Some((_, need)) = needs.into_iter().find(|(met, _)| !met) {
            return Err(NotAWalk { symbol, need });
        }
        Ok(Self {
            symbol,
            step: contract.price_step(),
            lot: contract.lot(),
            price: start,
            at: Some(config.from),
            chance: chance(config.seed, symbol, 0),
            config,
        })
    }

    fn move_on(&mut self) {
        let sum: Decimal = (0..12).map(|_| share(&mut self.chance)).sum();
        let factor = Decimal::ONE + self.config.volatility * (sum - Decimal::from(6));
        let moved = (self.price * factor).round_dp(12);
        self.price = moved.clamp(self.step, CEILING);
    }

    fn quote_at(&mut self, at: Timestamp) -> Option<Quote> {
        let below = Decimal::from(self.config.spread_steps / 2);
        let above = Decimal::from(self.config.spread_steps.div_ceil(2));
        let middle = on_step(self.price, self.step)?;
        let bid = middle.checked_sub(below.checked_mul(self.step)?)?.max(self.step);
        let ask = middle.checked_add(above.checked_mul(self.step)?)?.max(bid);
        let mut level = |price| {
            let lots = self.chance.random_range(1..=self.config.most_lots);
            let size = Quantity::new(self.lot.checked_mul(Decimal::from(lots))?).ok();
            Some(Level::new(Price::new(price).ok()?, size))
        };
        let (bid, ask) = (level(bid), level(ask));
        Quote::new(self.symbol, at, bid, ask).ok()
    }
}

impl Iterator for RandomWalk {
    type Item = Quote;

    fn next(&mut self) -> Option<Quote> {
        let at = self.at?;
        let quote = self.quote_at(at)?;
        self.move_on();
        self.at = Some(at.after(self.config.every)).filter(|next| *next < Timestamp::MAX);
        Some(quote)
    }
}

#[cfg(test)]
mod tests;
