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
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use tradeport_contracts::{Contract, InstrumentKind};
use tradeport_kernel::{Decimal, Price, Quantity, Timestamp};
use tradeport_market_data::{Level, Quote};

/// An option's half spread is a step, or this share of its price: one hundredth.
const SHARE_OF_PRICE: f64 = 0.01;
/// Decimal places of prices before they are put on a step.
const PLACES: u32 = 12;

/// Prices on finer steps, and of more steps, are reckoned with all digits at once.
const SMALLEST_PLAIN_STEP: f64 = 1e-5;
const MOST_PLAIN_STEPS: f64 = 1e8;
/// So near to a whole step, in steps, doubles do not tell on which side of it a price is: many times what they are off by.
const DOUBT: f64 = 1e-5;

/// Bid and ask, where there are any.
pub(super) type Sides = (Option<Level>, Option<Level>);

/// What both sides are made from.
struct Shown {
    middle: Decimal,
    /// Half of the distance between the sides.
    half: Decimal,
}

impl SyntheticMarket {
    /// The quote of a contract that stands at a moment; `None` for what is not in the catalog. Who asks often keeps the
    /// contract's [tape](Self::tape_of).
    #[must_use]
    pub fn quote_of(&self, contract: &Contract, at: Timestamp) -> Option<Quote> {
        self.tape_of(contract)?.quote(at)
    }
}

/// Both sides around a middle price; `step` is the contract's price step as a double.
pub(super) fn sides(
    contract: &Contract,
    middle: f64,
    step: f64,
    chance: u64,
    is_index: bool,
    is_option: bool,
) -> Option<Sides> {
    if !is_index
        && !is_option
        && let Some(steps) = steps_around(contract, middle / step, step, chance)
    {
        return sides_on(contract, steps, chance);
    }
    exact_sides(contract, middle, chance, is_index, is_option)
}

/// On which steps of the price both sides are, where doubles tell so beyond doubt.
fn steps_around(contract: &Contract, middle: f64, step: f64, chance: u64) -> Option<(i64, i64)> {
    let is_plain = contract.details().price_bands.is_empty() && step >= SMALLEST_PLAIN_STEP;
    if !is_plain || !(0.0..MOST_PLAIN_STEPS).contains(&middle) {
        return None;
    }
    let half = f64::from(u8::try_from(1 + chance % 3).ok()?) / 2.0;
    let (below, above) = (middle - half, middle + half);
    // Whole steps of the exact price are those of the double, unless a step is nearer than both may be apart.
    let is_doubtful = (below - below.round()).abs() < DOUBT || (above - above.round()).abs() < DOUBT;
    if is_doubtful || below <= 0.0 {
        return None;
    }
    Some((below.floor().to_i64()?, above.ceil().to_i64()?))
}

/// The levels on these steps.
fn sides_on(contract: &Contract, (bid, ask): (i64, i64), chance: u64) -> Option<Sides> {
    let (step, lot) = (contract.price_step(), size_unit(contract));
    let level = |steps: i64, chance: u64| {
        let price = Decimal::from(steps).checked_mul(step)?;
        Some(Level::new(Price::new(price).ok()?, size(lot, chance)))
    };
    let bid = if bid > 0 { Some(level(bid, chance >> 8)?) } else { None };
    Some((bid, Some(level(ask, chance >> 16)?)))
}

/// Both sides, reckoned with all digits.
fn exact_sides(
    contract: &Contract,
    middle: f64,
    chance: u64,
    is_index: bool,
    is_option: bool,
) -> Option<Sides> {
    let step = contract.price_step();
    let exact = |price: f64| Some(Decimal::from_f64(price)?.round_dp(PLACES));
    let middle_price = exact(middle)?;
    if is_index {
        let price = Price::new(on_step(middle_price, step)).ok()?;
        return Some((Some(Level::new(price, None)), Some(Level::new(price, None))));
    }
    let half = if is_option {
        exact(middle * SHARE_OF_PRICE)?.max(step / Decimal::TWO)
    } else {
        step.checked_mul(Decimal::from(1 + chance % 3))?.checked_div(Decimal::TWO)?
    };
    levels(contract, &Shown { middle: middle_price, half }, chance)
}

/// Both sides on the step of their price, the lower one never at or below zero.
fn levels(contract: &Contract, shown: &Shown, chance: u64) -> Option<Sides> {
    let step_at = |price: Decimal| {
        Price::new(price.max(Decimal::ZERO).round_dp(PLACES)).ok().map(|price| contract.price_step_at(price))
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
    let level = |price: Decimal, chance: u64| Some(Level::new(Price::new(price).ok()?, size(lot, chance)));
    let bid = if bid > Decimal::ZERO { Some(level(bid, chance >> 8)?) } else { None };
    Some((bid, Some(level(ask, chance >> 16)?)))
}

/// The nearest whole number of steps.
fn on_step(price: Decimal, step: Decimal) -> Decimal {
    let steps = price.checked_div(step).unwrap_or_default().round();
    steps.checked_mul(step).unwrap_or(price)
}

/// What one of the twenty lots of a quote is: fewer of what is dear.
fn size_unit(contract: &Contract) -> Decimal {
    match contract.instrument().kind() {
        Some(InstrumentKind::Stock) => Decimal::ONE_HUNDRED,
        Some(InstrumentKind::Forex) => Decimal::from(250_000),
        Some(InstrumentKind::Crypto) => Decimal::new(25, 2),
        _ => Decimal::TEN,
    }
}

fn size(unit: Decimal, chance: u64) -> Option<Quantity> {
    Quantity::new(unit * Decimal::from(chance % 20 + 1)).ok()
}

#[cfg(test)]
mod tests;
