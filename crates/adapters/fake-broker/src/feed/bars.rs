//! Bars turned into quotes by a path through open, high, low and close.
//!
//! The path begins at the open, runs to the one extreme, then to the other, and ends at the close; on each of the three
//! legs lie `points` more prices, evenly spaced with a seeded disturbance and on the price step, that never leave the
//! leg. So no price leaves [low, high]. Each price becomes a quote with that price half way between bid and ask: the
//! spread is twice `half_spread`, and narrows evenly where it would leave [low, high]. The quotes are spread evenly and
//! strictly inside the time that is given. The volume is shared out among them, each with a seeded 50 to 150 % of the
//! average, in whole lots, at least one; a bar without volume gives quotes without sizes.
//!
//! Which extreme comes first is not in a bar; [`FirstExtreme`] says how it is decided. The same seed and bar give the
//! same path, whatever other bars there are.

use super::{chance, on_step, share};
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tradeport_contracts::Contract;
use tradeport_kernel::{Decimal, Price, Quantity, Symbol, TimeRange, Timestamp};
use tradeport_market_data::{Bar, BarPrices, Level, Quote};

/// Which extreme of a bar its path visits first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstExtreme {
    /// The toss of a seeded coin, for each bar.
    Seeded,
    /// The low.
    Low,
    /// The high.
    High,
    /// That which is nearer to the open; the low when both are as near.
    Nearest,
}

/// How bars become quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BarPath {
    /// Where chance begins.
    pub seed: u64,
    /// How many prices lie on each leg, its ends apart; at most 10,000 are used.
    pub points: usize,
    /// Half of the spread; zero or above.
    pub half_spread: Decimal,
    /// Which extreme comes first.
    pub first: FirstExtreme,
}

const MAX_POINTS: usize = 10_000;

/// The bar cannot become quotes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPath {
    /// The time is too short for that many quotes.
    #[error("{quotes} quotes of {symbol} do not fit strictly between {from} and {until}")]
    TooShort {
        /// Whose bar.
        symbol: Symbol,
        /// How many there would be.
        quotes: usize,
        /// Where they would begin.
        from: Timestamp,
        /// Before what they would end.
        until: Timestamp,
    },
    /// The bar is of another instrument.
    #[error("a bar of {found} does not fit the contract of {expected}")]
    OtherSymbol {
        /// The contract's.
        expected: Symbol,
        /// The bar's.
        found: Symbol,
    },
    /// A spread below zero.
    #[error("a half spread of {0} is below zero")]
    Spread(Decimal),
}

impl BarPath {
    /// Open, the two extremes and close, with this half spread and nothing between: 4 quotes for each bar.
    #[must_use]
    pub const fn plain(seed: u64, half_spread: Decimal) -> Self {
        Self { seed, points: 0, half_spread, first: FirstExtreme::Seeded }
    }

    /// The prices of a bar's path: the first is the open, the last the close, and none leaves [low, high].
    #[must_use]
    pub fn prices(&self, bar: &Bar, price_step: Decimal) -> Vec<Price> {
        self.walk(bar, price_step, &mut chance(self.seed, bar.symbol(), bar.start().nanos()))
    }

    fn walk(&self, bar: &Bar, price_step: Decimal, chance: &mut impl Rng) -> Vec<Price> {
        let BarPrices { open, high, low, close } = bar.prices();
        let to_low = open.as_decimal() - low.as_decimal();
        let to_high = high.as_decimal() - open.as_decimal();
        let coin = chance.random_range(0..2) == 0;
        let low_first = match self.first {
            FirstExtreme::Seeded => coin,
            FirstExtreme::Low => true,
            FirstExtreme::High => false,
            FirstExtreme::Nearest => to_low <= to_high,
        };
        let (one, other) = if low_first { (low, high) } else { (high, low) };
        let points = self.points.min(MAX_POINTS);
        let mut path = Vec::with_capacity(4 + 3 * points);
        path.push(open);
        for (from, to) in [(open, one), (one, other), (other, close)] {
            for point in 1..=points {
                path.push(between(from, to, point, points, price_step, chance));
            }
            path.push(to);
        }
        path
    }

    /// The quotes of a bar, strictly inside `within`: of a daily bar its session, of a shorter one its own time (see
    /// [`Self::time_of`]).
    pub fn quotes(&self, bar: &Bar, contract: &Contract, within: TimeRange) -> Result<Vec<Quote>, NoPath> {
        if bar.symbol() != contract.symbol() {
            return Err(NoPath::OtherSymbol { expected: contract.symbol(), found: bar.symbol() });
        }
        if self.half_spread < Decimal::ZERO {
            return Err(NoPath::Spread(self.half_spread));
        }
        let mut chance = chance(self.seed, bar.symbol(), bar.start().nanos());
        let path = self.walk(bar, contract.price_step(), &mut chance);
        let (from, until, symbol) = (within.start(), within.end(), bar.symbol());
        let step =
            until.nanos().saturating_sub(from.nanos()) / i64::try_from(path.len() + 1).unwrap_or(i64::MAX);
        if step <= 0 {
            return Err(NoPath::TooShort { symbol, quotes: path.len(), from, until });
        }
        let mut at = from;
        let mut quotes = Vec::with_capacity(path.len());
        for price in &path {
            at = at.after(Duration::from_nanos(step.unsigned_abs()));
            let size = size_of(bar, path.len(), contract.lot(), &mut chance);
            quotes.push(self.quote(bar, *price, at, size));
        }
        Ok(quotes)
    }

    fn quote(&self, bar: &Bar, price: Price, at: Timestamp, size: Option<Quantity>) -> Quote {
        let BarPrices { high, low, .. } = bar.prices();
        let middle = price.as_decimal();
        let room = (middle - low.as_decimal()).min(high.as_decimal() - middle);
        let half = self.half_spread.min(room);
        let side = |price: Decimal| {
            let price = Price::new(price)
                .expect("within the bar's own prices, and no finer than they and the spread");
            Some(Level::new(price, size))
        };
        let fine = |price: Decimal| price.round_dp(Price::MAX_SCALE);
        Quote::new(bar.symbol(), at, side(fine(middle - half)), side(fine(middle + half)))
            .expect("a quote of two sides is a quote")
    }

    /// The time that a bar's quotes are spread over: the session that opens within the bar when there is one, else the
    /// bar's own time.
    #[must_use]
    pub fn time_of(bar: &Bar, contract: &Contract) -> TimeRange {
        let (start, end) = (bar.start(), bar.start().after(bar.size().length()));
        let sessions = contract.sessions();
        let just_before = Timestamp::from_nanos(start.nanos().saturating_sub(1));
        match sessions.next_after(just_before).filter(|session| session.open < end) {
            Some(session) => TimeRange::new(session.open, session.close.min(end)),
            None => TimeRange::new(start, end),
        }
    }
}

/// The point number `point` of `points` on a leg, disturbed by up to half of their distance.
fn between(
    from: Price,
    to: Price,
    point: usize,
    points: usize,
    step: Decimal,
    chance: &mut impl Rng,
) -> Price {
    let (a, b) = (from.as_decimal(), to.as_decimal());
    let distance = (b - a) / Decimal::from(points + 1);
    let disturbed = Decimal::from(point) + share(chance) - Decimal::new(5, 1);
    let raw = a + distance * disturbed;
    let stepped = on_step(raw, step).unwrap_or(raw).clamp(a.min(b), a.max(b));
    Price::new(stepped.round_dp(Price::MAX_SCALE).clamp(a.min(b), a.max(b))).unwrap_or(from)
}

fn size_of(bar: &Bar, quotes: usize, lot: Decimal, chance: &mut impl Rng) -> Option<Quantity> {
    let volume = bar.volume()?;
    let weight = share(chance) + Decimal::new(5, 1);
    let exact = (volume / Decimal::from(quotes)).checked_mul(weight)?;
    let lots = exact.checked_div(lot)?.floor().max(Decimal::ONE);
    Quantity::new(lots.checked_mul(lot)?).ok()
}

#[cfg(test)]
mod tests;
