//! The simulated broker's market: prices that follow from a seed and the time, and from nothing else.
//!
//! Two commands that ask at the same moment see the same quote, and one that asks later sees the same past. The price
//! is the last close of the bundled prices, moved by noise of many wavelengths, from a second to half a year, whose
//! heights grow with the square root of their lengths as those of a random walk do: about 25 percent a year, and never
//! more than 37 percent away from where it began. All of it is integer arithmetic, so it is the same on every machine.
//!
//! Left out: orders. Nobody's order moves this market.

use std::time::Duration;
use tradeport_kernel::{Decimal, Price, Quantity, Symbol, Timestamp};
use tradeport_market_data::{Level, Quote};

/// Between two quotes of one instrument.
pub const TICK: Duration = Duration::from_millis(250);

/// What the market has, and its closes of 2013-03-01 in cents, the last of the bundled prices.
const CLOSES: [(&str, &str, i64); 5] = [
    ("AAPL", "APPLE INC", 43_047),
    ("FB", "FACEBOOK INC", 2_778),
    ("GOOG", "GOOGLE INC", 80_619),
    ("IBM", "INTL BUSINESS MACHINES CORP", 20_291),
    ("MSFT", "MICROSOFT CORP", 2_795),
];

/// Each wavelength is four times the one before, and twice as high.
pub(super) const WAVES: u32 = 13;
const SHORTEST_NANOS: i64 = 1_000_000_000;
/// The shortest is so many ticks, as a power of two.
const TICK_BITS: u32 = 2;
/// 25 percent a year is 0.0000445 a second; in parts of a billion.
pub(super) const SHORTEST_HEIGHT: i64 = 44_500;
pub(super) const BILLION: i64 = 1_000_000_000;

/// A market by its seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyntheticMarket {
    seed: u64,
}

/// An instrument of the market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Its symbol.
    pub symbol: Symbol,
    /// Its name for people.
    pub name: &'static str,
}

impl SyntheticMarket {
    /// The market of this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// What it trades, in alphabetical order.
    pub fn listings() -> impl Iterator<Item = Listing> {
        CLOSES.iter().map(|(ticker, name, _)| {
            let symbol = Symbol::new(ticker).expect("tickers of the list are symbols");
            Listing { symbol, name }
        })
    }

    /// The stream of chance that a driver follows: a bundled share, or any other name.
    pub(super) fn stream_of(driver: &str) -> u64 {
        let number = CLOSES.iter().position(|(ticker, ..)| *ticker == driver);
        let named = || driver.bytes().fold(1 << 32, |sum: u64, byte| mix(sum ^ u64::from(byte)));
        number.and_then(|number| u64::try_from(number).ok()).unwrap_or_else(named)
    }

    /// The number of a bundled share and its close in cents.
    pub(super) fn bundled(symbol: Symbol) -> Option<(u64, i64)> {
        let number = CLOSES.iter().position(|(ticker, ..)| *ticker == symbol.as_str())?;
        let (_, _, close) = CLOSES.get(number)?;
        Some((u64::try_from(number).ok()?, *close))
    }

    /// Chance for what of a quote does not follow from its price.
    pub(super) fn chance_of(&self, number: i64, at: Timestamp) -> u64 {
        self.chance(number.cast_unsigned(), 2_000, at.nanos())
    }

    /// The moment of the last quote at or before `at`.
    #[must_use]
    pub fn tick_at(at: Timestamp) -> Timestamp {
        let tick = i64::try_from(TICK.as_nanos()).unwrap_or(1);
        Timestamp::from_nanos(at.nanos().saturating_sub(at.nanos().rem_euclid(tick)))
    }

    /// The quote that stands at a moment; `None` for what is not traded here.
    #[must_use]
    pub fn quote(&self, symbol: Symbol, at: Timestamp) -> Option<Quote> {
        let (stream, close) = Self::bundled(symbol)?;
        let at = Self::tick_at(at);
        let middle = close + scaled(close, self.noise(stream, at.nanos()));
        let chance = self.chance(stream, 1_000, at.nanos());
        let spread = 1 + i64::try_from(chance % 3).ok()?;
        let bid = middle - spread / 2;
        let bid = Level::new(cents(bid)?, size(chance >> 8));
        let ask = Level::new(cents(middle - spread / 2 + spread)?, size(chance >> 16));
        Quote::new(symbol, at, Some(bid), Some(ask)).ok()
    }

    /// How far the price is from where it began, in parts of a billion.
    pub(super) fn noise(&self, stream: u64, nanos: i64) -> i64 {
        let tick = i64::try_from(TICK.as_nanos()).unwrap_or(1);
        if nanos.rem_euclid(tick) == 0 {
            self.noise_of_tick(stream, nanos.div_euclid(tick))
        } else {
            self.noise_between_ticks(stream, nanos)
        }
    }

    /// The same for a moment counted in ticks. Most questions are about whole ticks, and every wavelength is a power of two
    /// of them: so nothing is divided.
    fn noise_of_tick(&self, stream: u64, moment: i64) -> i64 {
        let own = self.of_stream(stream);
        let wave = |wave: u32| {
            let (bits, height) = (TICK_BITS + 2 * wave, SHORTEST_HEIGHT << wave);
            let (index, within) = (moment >> bits, moment & ((1 << bits) - 1));
            let chance = |index: i64| {
                let chance = i64::try_from(chance_of(own, wave, index) >> 33).unwrap_or(0);
                ((2 * height * chance) >> 31) - height
            };
            let from = chance(index);
            let product = (chance(index.wrapping_add(1)) - from) * within;
            // Towards zero, as a division does.
            let towards_zero = (product >> 63) & ((1 << bits) - 1);
            from + ((product + towards_zero) >> bits)
        };
        (0..WAVES).map(wave).sum()
    }

    /// The same for any moment.
    fn noise_between_ticks(&self, stream: u64, nanos: i64) -> i64 {
        let mut sum = 0;
        let (mut length, mut height) = (SHORTEST_NANOS, SHORTEST_HEIGHT);
        for wave in 0..WAVES {
            let (index, within) = (nanos.div_euclid(length), nanos.rem_euclid(length));
            let from = self.signed_chance(stream, wave, index, height);
            let to = self.signed_chance(stream, wave, index.wrapping_add(1), height);
            sum += from + between(to - from, within, length);
            (length, height) = (length.saturating_mul(4), height * 2);
        }
        sum
    }

    /// Between `-height` and `height`.
    pub(super) fn signed_chance(&self, stream: u64, wave: u32, index: i64, height: i64) -> i64 {
        let chance = i64::try_from(self.chance(stream, wave, index) >> 33).unwrap_or(0);
        between(2 * height, chance, 1 << 31) - height
    }

    pub(super) fn chance(&self, stream: u64, wave: u32, index: i64) -> u64 {
        chance_of(self.of_stream(stream), wave, index)
    }

    /// What all chance of a stream is made from.
    const fn of_stream(&self, stream: u64) -> u64 {
        mix(self.seed ^ mix(stream.wrapping_add(1)))
    }
}

fn chance_of(own: u64, wave: u32, index: i64) -> u64 {
    mix(own ^ mix(u64::from(wave)) ^ mix(index.cast_unsigned()).rotate_left(17))
}

/// The finalizer of `SplitMix64` (Steele, Lea, Flood 2014): every bit of the input moves every bit of the output.
#[must_use]
pub const fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// `whole * part / parts`, without overflow on the way.
pub(super) fn between(whole: i64, part: i64, parts: i64) -> i64 {
    if let Some(product) = whole.checked_mul(part) {
        return product.checked_div(parts).unwrap_or(0);
    }
    i64::try_from(i128::from(whole) * i128::from(part) / i128::from(parts)).unwrap_or(0)
}

pub(super) fn scaled(close: i64, billionths: i64) -> i64 {
    between(close, billionths, BILLION)
}

fn cents(amount: i64) -> Option<Price> {
    Price::new(Decimal::new(amount, 2)).ok()
}

/// One to twenty round lots.
fn size(chance: u64) -> Option<Quantity> {
    Quantity::new(Decimal::from((chance % 20 + 1) * 100)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mids(seed: u64, from: i64, step: i64) -> Vec<Decimal> {
        let symbol = Symbol::new("AAPL").unwrap();
        let market = SyntheticMarket::new(seed);
        let mid = |at| market.quote(symbol, Timestamp::from_seconds(at)).unwrap().mid().unwrap().as_decimal();
        (0..1_000).map(|number| mid(from + number * step)).collect()
    }

    #[test]
    fn the_same_seed_and_moment_give_the_same_quote() {
        assert_eq!(mids(1, 1_700_000_000, 1), mids(1, 1_700_000_000, 1));
        assert_ne!(mids(1, 1_700_000_000, 1), mids(2, 1_700_000_000, 1));
    }

    #[test]
    fn the_noise_of_a_tick_is_that_of_its_moment() {
        let tick = i64::try_from(TICK.as_nanos()).unwrap();
        for number in 0..20_000_i64 {
            let (seed, stream) = (mix(number.cast_unsigned()), mix(!number.cast_unsigned()));
            let moment = (mix(seed) >> 29).cast_signed() - (1 << 34);
            let market = SyntheticMarket::new(seed);
            let expected = market.noise_between_ticks(stream, moment * tick);
            assert_eq!(market.noise_of_tick(stream, moment), expected, "{seed} {stream} {moment}");
        }
    }

    #[test]
    fn every_quote_is_one_to_trade_on() {
        for listing in SyntheticMarket::listings() {
            for second in 0..5_000 {
                let at = Timestamp::from_seconds(1_763_000_000 + second * 7_919);
                let quote = SyntheticMarket::new(7).quote(listing.symbol, at).unwrap();
                let (bid, ask) = (quote.bid().unwrap(), quote.ask().unwrap());
                assert!(bid.price().is_positive() && bid.price() < ask.price());
                assert!(bid.size().is_some() && ask.size().is_some() && quote.at() <= at);
            }
        }
    }

    #[test]
    fn it_moves_as_much_as_a_stock_does() {
        let cent = Decimal::new(1, 2);
        let largest = |mids: &[Decimal]| mids.windows(2).map(|pair| (pair[1] - pair[0]).abs()).max().unwrap();
        let (seconds, days) = (mids(1, 1_700_000_000, 1), mids(1, 1_700_000_000, 86_400));
        assert!(largest(&seconds) < Decimal::ONE, "{} in a second", largest(&seconds));
        assert!(largest(&days) > Decimal::TWO, "{} in a day", largest(&days));
        assert!(seconds.iter().collect::<std::collections::BTreeSet<_>>().len() > 10);
        assert!(days.iter().all(|mid| *mid > Decimal::from(250) && *mid < Decimal::from(600)));
        assert!(largest(&seconds) > cent);
    }

    #[test]
    fn what_is_not_listed_has_no_quote() {
        let quote = SyntheticMarket::new(1).quote(Symbol::new("ZZQA").unwrap(), Timestamp::EPOCH);
        assert_eq!(quote, None);
        for at in [Timestamp::MIN, Timestamp::MAX] {
            assert!(SyntheticMarket::new(1).quote(Symbol::new("IBM").unwrap(), at).is_some());
        }
    }
}
