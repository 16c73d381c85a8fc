//! Quotes of everything in the catalog, made from the same noise as those of the bundled shares.
//!
//! | contract | middle price |
//! | --- | --- |
//! | share, fund, index, coin | its reference price, times one and the noise of its driver, which grows with its volatility |
//! | pair | what the base is worth in US dollars, by what the quote is |
//! | future | its underlying, times `1 + carry x years until its last trade` |
//! | option | by Black and Scholes (1973) from its underlying's price and volatility, without interest and dividends |
//!
//! Bid and ask lie on the price step around it, a step or a little more apart. An option that is worth next to nothing
//! has no bid; an index has one price on both sides, and no size.

use super::SyntheticMarket;
use super::catalog::{Listed, OptionOf};
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use tradeport_contracts::{Contract, Right};
use tradeport_kernel::{Decimal, Price, Quantity, Timestamp};
use tradeport_market_data::{Level, Quote};

/// A year of 365 days, in seconds.
const YEAR: f64 = 31_536_000.0;
/// The noise is that of 25 percent a year.
const NOISE_OF: u8 = 25;
/// The noise reaches 37 percent: three times as much would take a price below zero.
const MOST_VOLATILE: u8 = 60;
const BILLION: i64 = 1_000_000_000;
/// An option's half spread is a step, or this share of its price: one hundredth.
const SHARE_OF_PRICE: f64 = 0.01;
/// Decimal places of prices before they are put on a step.
const PLACES: u32 = 12;

/// What both sides are made from.
struct Shown {
    middle: Decimal,
    /// Half of the distance between the sides.
    half: Decimal,
}

impl SyntheticMarket {
    /// The quote of a contract that stands at a moment; `None` for what is not in the catalog.
    #[must_use]
    pub fn quote_of(&self, contract: &Contract, at: Timestamp) -> Option<Quote> {
        let listed = Listed::of_id(contract.id())?;
        if Self::is_bundled(contract.symbol()) {
            return self.quote(contract.symbol(), at);
        }
        let at = Self::tick_at(at);
        let step = contract.price_step();
        let chance = self.chance_of(contract.id().number(), at);
        let sides = |shown: &Shown| self.levels(contract, shown, chance);
        let (bid, ask) = match &listed {
            Listed::Security(asset) if asset.is_index() => {
                let price = Price::new(on_step(self.spot_of(&listed, at)?, step)).ok()?;
                (Some(Level::new(price, None)), Some(Level::new(price, None)))
            }
            Listed::Option(it) => sides(&self.option(it, step, at)?)?,
            _ => {
                let steps = Decimal::from(1 + chance % 3);
                let half = step.checked_mul(steps)?.checked_div(Decimal::TWO)?;
                sides(&Shown { middle: self.spot_of(&listed, at)?, half })?
            }
        };
        Quote::new(contract.symbol(), at, bid, ask).ok()
    }

    /// Both sides on the step of their price, the lower one never at or below zero.
    fn levels(
        &self,
        contract: &Contract,
        shown: &Shown,
        chance: u64,
    ) -> Option<(Option<Level>, Option<Level>)> {
        let step_at = |price: Decimal| {
            Price::new(price.max(Decimal::ZERO).round_dp(PLACES))
                .ok()
                .map(|price| contract.price_step_at(price))
        };
        let below = shown.middle.checked_sub(shown.half)?;
        let above = shown.middle.checked_add(shown.half)?;
        let bid = {
            let step = step_at(below)?;
            below.checked_div(step)?.floor().checked_mul(step)?
        };
        let ask = {
            let step = step_at(above)?;
            above.checked_div(step)?.ceil().max(Decimal::ONE).checked_mul(step)?
        };
        let lot = size_unit(contract);
        let level =
            |price: Decimal, chance: u64| Some(Level::new(Price::new(price).ok()?, size(lot, chance)));
        let bid = if bid > Decimal::ZERO { Some(level(bid, chance >> 8)?) } else { None };
        Some((bid, Some(level(ask, chance >> 16)?)))
    }

    /// The middle price of what is not an option.
    fn spot_of(&self, listed: &Listed, at: Timestamp) -> Option<Decimal> {
        match listed {
            Listed::Security(asset) => self.moved(asset.reference, asset.driver, asset.volatility, at),
            Listed::Pair(pair) => {
                let base = self.moved(pair.base.reference, pair.base.code, pair.base.volatility, at)?;
                let quote = self.moved(pair.quote.reference, pair.quote.code, pair.quote.volatility, at)?;
                Some(base.checked_div(quote)?.round_dp(PLACES))
            }
            Listed::Future(product, _) | Listed::Continuous(product) => {
                let spot = self.moved(product.reference, product.driver, product.volatility, at)?;
                let years = listed.last_moment().map_or(0.0, |end| years_until(end, at));
                let carry = Decimal::from(product.carry) / Decimal::ONE_HUNDRED * Decimal::from_f64(years)?;
                Some(spot.checked_mul(Decimal::ONE.checked_add(carry)?)?.round_dp(PLACES))
            }
            Listed::Option(_) => None,
        }
    }

    /// A reference price, moved by the noise of its driver.
    fn moved(&self, reference: &str, driver: &str, volatility: u8, at: Timestamp) -> Option<Decimal> {
        let reference: Decimal = reference.parse().ok()?;
        let noise = Decimal::from(self.noise_of(driver, at)) / Decimal::from(BILLION);
        let scale = Decimal::from(volatility.min(MOST_VOLATILE)) / Decimal::from(NOISE_OF);
        Some(reference.checked_mul(Decimal::ONE + noise * scale)?.round_dp(PLACES))
    }

    fn option(&self, it: &OptionOf, step: Decimal, at: Timestamp) -> Option<Shown> {
        let asset = it.underlying();
        let spot = self.moved(asset.reference, asset.driver, asset.volatility, at)?.to_f64()?;
        let years = Listed::Option(*it).last_moment().map_or(0.0, |end| years_until(end, at));
        let volatility = f64::from(asset.volatility) / 100.0;
        let worth = black_scholes(it.right(), spot, it.strike().to_f64()?, years, volatility);
        let middle = Decimal::from_f64(worth)?.round_dp(PLACES);
        let half = Decimal::from_f64(worth * SHARE_OF_PRICE)?.round_dp(PLACES).max(step / Decimal::TWO);
        Some(Shown { middle, half })
    }
}

/// The nearest whole number of steps.
fn on_step(price: Decimal, step: Decimal) -> Decimal {
    let steps = price.checked_div(step).unwrap_or_default().round();
    steps.checked_mul(step).unwrap_or(price)
}

fn years_until(end: Timestamp, at: Timestamp) -> f64 {
    end.since(at).as_secs_f64() / YEAR
}

/// What one of the twenty lots of a quote is: fewer of what is dear.
fn size_unit(contract: &Contract) -> Decimal {
    use tradeport_contracts::InstrumentKind as Kind;
    match contract.instrument().kind() {
        Some(Kind::Stock) => Decimal::ONE_HUNDRED,
        Some(Kind::Forex) => Decimal::from(250_000),
        Some(Kind::Crypto) => Decimal::new(25, 2),
        _ => Decimal::TEN,
    }
}

fn size(unit: Decimal, chance: u64) -> Option<Quantity> {
    Quantity::new(unit * Decimal::from(chance % 20 + 1)).ok()
}

/// The value of a European option without interest and dividends; what it would pay now once its time is over.
fn black_scholes(right: Right, spot: f64, strike: f64, years: f64, volatility: f64) -> f64 {
    let sign = if right == Right::Call { 1.0 } else { -1.0 };
    let spread = volatility * years.sqrt();
    if spread <= 0.0 {
        return (sign * (spot - strike)).max(0.0);
    }
    let d1 = (spot / strike).ln() / spread + spread / 2.0;
    let d2 = d1 - spread;
    (sign * (spot * normal(sign * d1) - strike * normal(sign * d2))).max(0.0)
}

/// The standard normal distribution, within 7.5e-8 (Zelen and Severo; Abramowitz and Stegun, 26.2.17).
fn normal(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * x.abs());
    let sum = t
        * (0.319_381_530
            + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    let tail = (-x * x / 2.0).exp() / std::f64::consts::TAU.sqrt() * sum;
    if x > 0.0 { 1.0 - tail } else { tail }
}

#[cfg(test)]
mod tests;
