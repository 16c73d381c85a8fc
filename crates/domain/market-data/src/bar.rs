//! Bars: open, high, low, close and volume of a stretch of time.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;
use tradeport_kernel::{Decimal, Price, Symbol, Timestamp};

/// How much time a bar covers: the 21 sizes that brokers serve. A day, week and month are nominal lengths; the
/// exchange's calendar says which sessions they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BarSize(u32);

/// The text is none of the sizes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a bar size: expected one of 1s 5s 10s 15s 30s 1m 2m 3m 5m 10m 15m 20m 30m 1h 2h 3h 4h 8h 1d 1w 1mo"
)]
pub struct NotABarSize(String);

const MINUTE: u32 = 60;
const HOUR: u32 = 3_600;
const DAY: u32 = 86_400;
const SIZES: [(&str, u32); 21] = [
    ("1s", 1),
    ("5s", 5),
    ("10s", 10),
    ("15s", 15),
    ("30s", 30),
    ("1m", MINUTE),
    ("2m", 2 * MINUTE),
    ("3m", 3 * MINUTE),
    ("5m", 5 * MINUTE),
    ("10m", 10 * MINUTE),
    ("15m", 15 * MINUTE),
    ("20m", 20 * MINUTE),
    ("30m", 30 * MINUTE),
    ("1h", HOUR),
    ("2h", 2 * HOUR),
    ("3h", 3 * HOUR),
    ("4h", 4 * HOUR),
    ("8h", 8 * HOUR),
    ("1d", DAY),
    ("1w", 7 * DAY),
    ("1mo", 30 * DAY),
];

impl BarSize {
    /// One minute.
    pub const MINUTE: Self = Self(MINUTE);
    /// One day.
    pub const DAY: Self = Self(DAY);

    /// Every size, from the shortest to the longest.
    pub fn all() -> impl Iterator<Item = Self> {
        SIZES.into_iter().map(|(_, seconds)| Self(seconds))
    }

    /// Its nominal length; 30 days for a month.
    #[must_use]
    pub const fn length(self) -> Duration {
        Duration::from_secs(self.0 as u64)
    }

    /// Its short name, such as `5m`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        SIZES.iter().find(|(_, seconds)| *seconds == self.0).map_or("", |(name, _)| name)
    }
}

impl std::str::FromStr for BarSize {
    type Err = NotABarSize;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = SIZES.iter().find(|(name, _)| *name == text);
        found.map(|(_, seconds)| Self(*seconds)).ok_or_else(|| NotABarSize(text.chars().take(40).collect()))
    }
}

impl TryFrom<String> for BarSize {
    type Error = NotABarSize;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<BarSize> for String {
    fn from(size: BarSize) -> Self {
        size.as_str().to_owned()
    }
}

impl fmt::Display for BarSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The four prices of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BarPrices {
    /// The first.
    pub open: Price,
    /// The highest.
    pub high: Price,
    /// The lowest.
    pub low: Price,
    /// The last.
    pub close: Price,
}

/// Prices and volume of one instrument over one stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    symbol: Symbol,
    size: BarSize,
    start: Timestamp,
    prices: BarPrices,
    volume: Option<Decimal>,
}

/// The numbers cannot be those of a bar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotABar {
    /// Open and close must lie between low and high.
    #[error(
        "the bar of {symbol} at {start} has open {open}, high {high}, low {low}, close {close}: not a price range"
    )]
    Range {
        /// Whose bar.
        symbol: Symbol,
        /// When it begins.
        start: Timestamp,
        /// Its first price.
        open: Price,
        /// Its highest price.
        high: Price,
        /// Its lowest price.
        low: Price,
        /// Its last price.
        close: Price,
    },
    /// Volume is never negative; one that is unknown is absent.
    #[error("the bar of {symbol} at {start} has a negative volume of {volume}")]
    Volume {
        /// Whose bar.
        symbol: Symbol,
        /// When it begins.
        start: Timestamp,
        /// What was given.
        volume: Decimal,
    },
}

impl Bar {
    /// Refuses open or close outside of [low, high], and a negative volume.
    pub fn new(
        symbol: Symbol,
        size: BarSize,
        start: Timestamp,
        prices: BarPrices,
        volume: Option<Decimal>,
    ) -> Result<Self, NotABar> {
        let BarPrices { open, high, low, close } = prices;
        if low > high || open < low || open > high || close < low || close > high {
            return Err(NotABar::Range { symbol, start, open, high, low, close });
        }
        match volume {
            Some(volume) if volume < Decimal::ZERO => Err(NotABar::Volume { symbol, start, volume }),
            volume => Ok(Self { symbol, size, start, prices, volume }),
        }
    }

    /// Whose bar.
    #[must_use]
    pub const fn symbol(&self) -> Symbol {
        self.symbol
    }

    /// How much time it covers.
    #[must_use]
    pub const fn size(&self) -> BarSize {
        self.size
    }

    /// When it begins.
    #[must_use]
    pub const fn start(&self) -> Timestamp {
        self.start
    }

    /// Its prices.
    #[must_use]
    pub const fn prices(&self) -> BarPrices {
        self.prices
    }

    /// How much was traded, when the source said so.
    #[must_use]
    pub const fn volume(&self) -> Option<Decimal> {
        self.volume
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_has_a_name_that_leads_back() {
        for size in BarSize::all() {
            assert_eq!(size.as_str().parse::<BarSize>().unwrap(), size);
        }
        assert!("7m".parse::<BarSize>().is_err());
    }
}
