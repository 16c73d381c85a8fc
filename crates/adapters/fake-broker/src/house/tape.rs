//! One contract, made ready to be asked often: its quotes, its trades, and what they come to over a time.
//!
//! **The tape.** A contract that trades does so once in every whole second, at its middle price on the nearest price
//! step. All prices of a time follow from these trades: the open is the first, the close the last, high and low are the
//! extremes of them all. So the high of an hour is that of its highest minute, however anybody cuts the hour.
//!
//! **Volume.** What has traded up to a second is one function of the second, which only grows; what trades between two
//! seconds is its difference, so volumes add up however a time is cut.
//!
//! Left out: when a market is open. Who asks for a time in which it is closed gets what would have traded.

use super::SyntheticMarket;
use super::catalog::Listed;
use super::extremes::{Extreme, Search};
use super::market::between;
use super::option_model::OptionModel;
use super::path::{MOST_DRIVERS, Path, Spot, double};
use super::quoting;
use rust_decimal::prelude::ToPrimitive;
use tradeport_contracts::{Contract, InstrumentKind};
use tradeport_kernel::{Decimal, Price, Quantity, Timestamp};
use tradeport_market_data::{Level, Quote};

/// So many units trade in a second on average; what comes and goes around it stays below, so that something always
/// trades.
const UNITS_A_SECOND: i64 = 16;
/// A second has up to so many units more or less.
const JITTER: u64 = 6;
/// The busyness changes over these many seconds, by so many units in all.
const SWELLS: [(i64, u64); 2] = [(64, 128), (4_096, 16_384)];
/// Volatilities are told on this step.
const VOLATILITY_PLACES: u32 = 4;
/// How far a volatility moves: a share of the noise.
const VOLATILITY_SCALE: f64 = 1.0;

/// One trade of the tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Print {
    /// In which second it happened, since 1970.
    pub second: i64,
    /// At which price.
    pub price: Decimal,
    /// How much; zero for what is quoted and not traded.
    pub size: Decimal,
}

/// What the prices of a tape are made from.
#[derive(Clone, Debug)]
enum Made {
    Path(Path),
    /// The legs of a combo, each so many times as it is bought, with a minus when it is sold.
    Legs(Vec<(Decimal, Tape)>),
}

/// What a contract costs at every moment.
#[derive(Clone, Debug)]
pub struct Tape {
    market: SyntheticMarket,
    contract: Contract,
    made: Made,
    step: Decimal,
    step_double: f64,
    unit: Decimal,
    stream: u64,
    is_index: bool,
}

impl SyntheticMarket {
    /// What a contract costs; `None` for what is not in the catalog.
    #[must_use]
    pub fn tape_of(&self, contract: &Contract) -> Option<Tape> {
        let listed = Listed::of_id(contract.id())?;
        let path = Path::of(&listed, contract)?;
        let is_index = matches!(&listed, Listed::Security(asset) if asset.is_index());
        let step = contract.price_step();
        let unit = unit_of(contract, is_index);
        let stream = listed.number().cast_unsigned();
        let step_double = double(step);
        Some(Tape {
            market: *self,
            contract: contract.clone(),
            made: Made::Path(path),
            step,
            step_double,
            unit,
            stream,
            is_index,
        })
    }

    /// The volatility of a contract over time, as if it were a price: 0.25 for 25 percent a year. `which` tells several
    /// apart. `None` for what is not in the catalog, and for currencies.
    #[must_use]
    pub fn volatility_of(&self, contract: &Contract, which: &str) -> Option<Tape> {
        let percent = percent_of(&Listed::of_id(contract.id())?)?;
        let driver = format!("{}/{which}", contract.symbol());
        let spot = Spot {
            stream: Self::stream_of(&driver),
            reference: f64::from(percent) / 100.0,
            scale: VOLATILITY_SCALE,
        };
        let step = Decimal::new(1, VOLATILITY_PLACES);
        Some(Tape {
            market: *self,
            contract: contract.clone(),
            made: Made::Path(Path::Spot(spot)),
            step,
            step_double: double(step),
            unit: Decimal::ZERO,
            stream: spot.stream,
            is_index: true,
        })
    }

    /// What a combo costs: its legs together, each so many times as it is bought, with a minus when it is sold. A combo is
    /// quoted and not traded here. `None` when a leg has no price.
    #[must_use]
    pub fn combo_tape(&self, contract: &Contract, legs: &[(i64, Contract)]) -> Option<Tape> {
        let tape = |(ratio, leg): &(i64, Contract)| Some((Decimal::from(*ratio), self.tape_of(leg)?));
        let legs = legs.iter().map(tape).collect::<Option<Vec<_>>>()?;
        let step = contract.price_step();
        Some(Tape {
            market: *self,
            contract: contract.clone(),
            made: Made::Legs(legs),
            step,
            step_double: double(step),
            unit: Decimal::ZERO,
            stream: 0,
            is_index: false,
        })
    }

    /// The middle price of a path.
    pub(super) fn middle_of(&self, path: &Path, at: Timestamp) -> f64 {
        path.middle(self.noises_of(path, at), at)
    }

    fn noises_of(&self, path: &Path, at: Timestamp) -> [i64; MOST_DRIVERS] {
        let mut noises = [0; MOST_DRIVERS];
        for (noise, stream) in noises.iter_mut().zip(path.streams()) {
            *noise = self.noise(stream, at.nanos());
        }
        noises
    }
}

impl Tape {
    /// Whose it is.
    #[must_use]
    pub const fn contract(&self) -> &Contract {
        &self.contract
    }

    /// Is it quoted only, and never traded?
    #[must_use]
    pub const fn is_index(&self) -> bool {
        self.is_index
    }

    /// The quote that stands at a moment.
    #[must_use]
    pub fn quote(&self, at: Timestamp) -> Option<Quote> {
        let path = match &self.made {
            Made::Path(Path::Cents { .. }) => return self.market.quote(self.contract.symbol(), at),
            Made::Path(path) => path,
            Made::Legs(legs) => return self.combined(legs, SyntheticMarket::tick_at(at)),
        };
        let at = SyntheticMarket::tick_at(at);
        let middle = self.market.middle_of(path, at);
        let chance = self.market.chance_of(self.stream.cast_signed(), at);
        let is_option = matches!(path, Path::Option { .. });
        let (bid, ask) =
            quoting::sides(&self.contract, middle, self.step_double, chance, self.is_index, is_option)?;
        Quote::new(self.contract.symbol(), at, bid, ask).ok()
    }

    /// Who buys a combo buys its legs where they are offered, and sells those that it sells where somebody bids.
    fn combined(&self, legs: &[(Decimal, Self)], at: Timestamp) -> Option<Quote> {
        let side = |is_bid: bool| {
            let (mut price, mut size) = (Decimal::ZERO, Decimal::MAX);
            for (ratio, tape) in legs {
                let quote = tape.quote(at)?;
                let level = if ratio.is_sign_positive() == is_bid { quote.bid() } else { quote.ask() };
                // What nobody bids for is worth nothing.
                let (each, shown) = level.map_or((Decimal::ZERO, Decimal::ZERO), |level| {
                    let shown = level.size().map_or(Decimal::ZERO, |size| size.as_decimal());
                    (level.price().as_decimal(), shown)
                });
                price = price.checked_add(ratio.checked_mul(each)?)?;
                size = size.min((shown / ratio.abs()).floor());
            }
            Some(Level::new(Price::new(price).ok()?, Quantity::new(size).ok()))
        };
        Quote::new(self.contract.symbol(), at, side(true), side(false)).ok()
    }

    /// The trade of a second.
    #[must_use]
    pub fn print(&self, second: i64) -> Print {
        Print { second, price: self.price(second), size: self.volume(second, second + 1) }
    }

    /// The price of the trade of a second.
    #[must_use]
    pub fn price(&self, second: i64) -> Decimal {
        match &self.made {
            Made::Path(path) => {
                let middle = self.market.middle_of(path, Timestamp::from_seconds(second));
                self.steps(on_tape(middle, self.step_double))
            }
            Made::Legs(legs) => legs.iter().map(|(ratio, tape)| *ratio * tape.price(second)).sum(),
        }
    }

    /// The lowest and the highest price of the trades from one second up to, but not including, another; `None` when
    /// there is none between, and for combos.
    #[must_use]
    pub fn extremes(&self, from: i64, to: i64) -> Option<(Decimal, Decimal)> {
        let Made::Path(path) = &self.made else { return None };
        let (market, step) = (&self.market, self.step_double);
        let find = |extreme| Search { market, path, step, from, to, extreme }.run();
        Some((self.steps(find(Extreme::Low)?), self.steps(find(Extreme::High)?)))
    }

    /// What trades from one second up to, but not including, another.
    #[must_use]
    pub fn volume(&self, from: i64, to: i64) -> Decimal {
        if self.unit.is_zero() || to <= from {
            return Decimal::ZERO;
        }
        let units = self.traded_until(to).saturating_sub(self.traded_until(from));
        self.unit.checked_mul(Decimal::from(units)).unwrap_or_default()
    }

    /// An option with what its underlying costs at a moment, and the volatility that the market prices it with; `None`
    /// for what is no option.
    #[must_use]
    pub fn option(&self, at: Timestamp) -> Option<(OptionModel, f64)> {
        let Made::Path(path @ Path::Option { volatility, .. }) = &self.made else { return None };
        let at = SyntheticMarket::tick_at(at);
        let [noise, _] = self.market.noises_of(path, at);
        Some((path.model(noise, at)?, *volatility))
    }

    /// Is it that of a combo?
    #[must_use]
    pub const fn is_combo(&self) -> bool {
        matches!(self.made, Made::Legs(_))
    }

    /// The price step of its trades.
    #[must_use]
    pub const fn step(&self) -> Decimal {
        self.step
    }

    fn steps(&self, steps: i64) -> Decimal {
        self.step.checked_mul(Decimal::from(steps)).unwrap_or_default()
    }

    fn traded_until(&self, second: i64) -> i64 {
        let chance = |number: u32, index: i64, most: u64| {
            i64::try_from(self.market.chance(self.stream, 3_000 + number, index) % most).unwrap_or(0)
        };
        let swells: i64 = SWELLS
            .iter()
            .zip(1..)
            .map(|((length, most), number)| {
                let (index, within) = (second.div_euclid(*length), second.rem_euclid(*length));
                let (from, to) = (chance(number, index, *most), chance(number, index + 1, *most));
                from + between(to - from, within, *length)
            })
            .sum();
        second.saturating_mul(UNITS_A_SECOND).saturating_add(chance(0, second, JITTER)).saturating_add(swells)
    }
}

/// A price on the tape, in whole steps: the nearest, and at least one.
pub(super) fn on_tape(price: f64, step: f64) -> i64 {
    (price / step).round().to_i64().unwrap_or(0).max(1)
}

/// The smallest trade.
fn unit_of(contract: &Contract, is_index: bool) -> Decimal {
    match contract.instrument().kind() {
        _ if is_index => Decimal::ZERO,
        // Pairs are quoted, and nobody tells what was traded.
        Some(InstrumentKind::Forex) => Decimal::ZERO,
        Some(InstrumentKind::Stock) => Decimal::TEN,
        Some(InstrumentKind::Crypto) => Decimal::new(1, 2),
        _ => Decimal::ONE,
    }
}

/// Percent a year.
fn percent_of(listed: &Listed) -> Option<u8> {
    match listed {
        Listed::Security(asset) => Some(asset.volatility),
        Listed::Future(product, _) | Listed::Continuous(product) => Some(product.volatility),
        Listed::Option(it) => Some(it.underlying().volatility),
        Listed::FutureOption(it) => Some(it.product().volatility),
        Listed::Pair(_) => None,
    }
}

#[cfg(test)]
mod tests;
