//! What the middle price of one contract is made from: noises and the time, and nothing that has to be looked up.
//!
//! Every path rises or falls with each of its noises and with the time, so the least and the most that it can be over a
//! time follow from the least and the most of those: see [`Path::bounds`].
//!
//! Left out: chance itself (the market's), price steps and sides (quotes and the tape).

use super::catalog::{Asset, FutureOptionOf, Listed, OptionOf};
use super::market::{BILLION, SyntheticMarket, scaled};
use super::option_model::OptionModel;
use rust_decimal::prelude::ToPrimitive;
use tradeport_contracts::Contract;
use tradeport_kernel::{Decimal, Timestamp};

/// A year of 365 days, in seconds.
const YEAR: f64 = 31_536_000.0;
/// The noise is that of 25 percent a year.
const NOISE_OF: f64 = 25.0;
/// The noise reaches 37 percent: three times as much would take a price below zero.
const MOST_VOLATILE: u8 = 60;
/// Nothing has more drivers.
pub(super) const MOST_DRIVERS: usize = 2;
/// The value of an option is known within so much of its underlying's price.
const MODEL_SLACK: f64 = 1e-6;

/// The least and the most that a noise is over a time, in parts of a billion.
pub(super) type Range = (i64, i64);

/// Something that moves with one driver.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub(super) stream: u64,
    pub(super) reference: f64,
    /// How much more than the noise it moves.
    pub(super) scale: f64,
}

/// What a middle price is made from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Path {
    /// A bundled share, in whole cents.
    Cents { stream: u64, close: i64 },
    /// A share, a fund, an index, a coin, a volatility.
    Spot(Spot),
    /// What one is worth in the other.
    Pair(Spot, Spot),
    /// Its underlying with what it costs to carry it until the end; a share of a year.
    Future { spot: Spot, carry: f64, end: Option<Timestamp> },
    /// By its model.
    Option {
        spot: Spot,
        volatility: f64,
        strike: f64,
        right: tradeport_contracts::Right,
        end: Option<Timestamp>,
    },
}

impl Spot {
    pub(super) fn new(reference: &str, driver: &str, volatility: u8) -> Option<Self> {
        let reference: Decimal = reference.parse().ok()?;
        Some(Self {
            stream: SyntheticMarket::stream_of(driver),
            reference: double(reference),
            scale: f64::from(volatility.min(MOST_VOLATILE)) / NOISE_OF,
        })
    }

    /// What this one lacks to one.
    fn opposed(self) -> Self {
        let reference = 1.0 - self.reference;
        Self { reference, scale: -self.scale * self.reference / reference, ..self }
    }

    pub(super) fn at(&self, noise: i64) -> f64 {
        self.reference * (1.0 + noise as f64 / BILLION as f64 * self.scale)
    }
}

impl Path {
    pub(super) fn of(listed: &Listed, contract: &Contract) -> Option<Self> {
        if let Some((stream, close)) = SyntheticMarket::bundled(contract.symbol()) {
            return Some(Self::Cents { stream, close });
        }
        Some(match listed {
            Listed::Security(asset) => {
                let spot = |of: &Asset| Spot::new(of.reference, of.driver, of.volatility);
                Self::Spot(match asset.yes() {
                    Some(yes) => spot(yes)?.opposed(),
                    None => spot(asset)?,
                })
            }
            Listed::Pair(pair) => Self::Pair(
                Spot::new(pair.base.reference, pair.base.code, pair.base.volatility)?,
                Spot::new(pair.quote.reference, pair.quote.code, pair.quote.volatility)?,
            ),
            Listed::Future(product, _) | Listed::Continuous(product) => Self::Future {
                spot: Spot::new(product.reference, product.driver, product.volatility)?,
                carry: f64::from(product.carry) / 100.0,
                end: listed.last_moment(),
            },
            Listed::Option(it) => Self::option(it)?,
            Listed::FutureOption(it) => Self::future_option(it)?,
        })
    }

    fn option(it: &OptionOf) -> Option<Self> {
        let asset = it.underlying();
        Some(Self::Option {
            spot: Spot::new(asset.reference, asset.driver, asset.volatility)?,
            volatility: f64::from(asset.volatility) / 100.0,
            strike: it.strike().to_f64()?,
            right: it.right(),
            end: Listed::Option(*it).last_moment(),
        })
    }

    /// On the price of its product: what its future costs to carry is left out.
    fn future_option(it: &FutureOptionOf) -> Option<Self> {
        let product = it.product();
        Some(Self::Option {
            spot: Spot::new(product.reference, product.driver, product.volatility)?,
            volatility: f64::from(product.volatility) / 100.0,
            strike: it.strike().to_f64()?,
            right: it.right,
            end: Listed::FutureOption(*it).last_moment(),
        })
    }

    /// The streams of its noises.
    pub(super) fn streams(&self) -> impl Iterator<Item = u64> {
        let (one, other) = match self {
            Self::Cents { stream, .. } => (*stream, None),
            Self::Spot(spot) | Self::Future { spot, .. } | Self::Option { spot, .. } => (spot.stream, None),
            Self::Pair(base, quote) => (base.stream, Some(quote.stream)),
        };
        std::iter::once(one).chain(other)
    }

    /// The middle price with these noises at a moment.
    pub(super) fn middle(&self, noises: [i64; MOST_DRIVERS], at: Timestamp) -> f64 {
        let [one, other] = noises;
        match self {
            Self::Cents { close, .. } => (close + scaled(*close, one)) as f64 / 100.0,
            Self::Spot(spot) => spot.at(one),
            Self::Pair(base, quote) => base.at(one) / quote.at(other),
            Self::Future { spot, carry, end } => spot.at(one) * (1.0 + carry * years(*end, at)),
            Self::Option { volatility, .. } => {
                self.model(one, at).map_or(0.0, |model| model.value(*volatility))
            }
        }
    }

    /// An option with what its underlying costs.
    pub(super) fn model(&self, noise: i64, at: Timestamp) -> Option<OptionModel> {
        let Self::Option { spot, strike, right, end, .. } = self else { return None };
        Some(OptionModel { right: *right, spot: spot.at(noise), strike: *strike, years: years(*end, at) })
    }

    /// The least and the most that the middle price can be while its noises stay in their ranges, from one moment to
    /// another.
    pub(super) fn bounds(&self, ranges: [Range; MOST_DRIVERS], from: Timestamp, to: Timestamp) -> (f64, f64) {
        use tradeport_contracts::Right;
        let [(low, high), (other_low, other_high)] = ranges;
        match self {
            Self::Cents { .. } => (self.middle([low, 0], from), self.middle([high, 0], from)),
            // What is opposed falls where its noise rises.
            Self::Spot(spot) => {
                let (a, b) = (spot.at(low), spot.at(high));
                (a.min(b), a.max(b))
            }
            Self::Pair(..) => (self.middle([low, other_high], from), self.middle([high, other_low], from)),
            // The carry shrinks as the end comes nearer.
            Self::Future { .. } => (self.middle([low, 0], to), self.middle([high, 0], from)),
            // Time is never worth less than nothing.
            Self::Option { spot, right, .. } => {
                let (least, most) = if *right == Right::Call { (low, high) } else { (high, low) };
                let slack = spot.at(high) * MODEL_SLACK;
                (self.middle([least, 0], to) - slack, self.middle([most, 0], from) + slack)
            }
        }
    }
}

fn years(end: Option<Timestamp>, at: Timestamp) -> f64 {
    end.map_or(0.0, |end| end.since(at).as_secs_f64() / YEAR)
}

/// The nearest number of double precision, exact where the digits allow it.
pub(super) fn double(number: Decimal) -> f64 {
    let scale = i32::try_from(number.scale()).unwrap_or(0);
    match i64::try_from(number.mantissa()) {
        // Both are exact up to there, so their quotient is the nearest there is.
        Ok(mantissa) if mantissa.unsigned_abs() < 1 << 53 && scale <= 22 => {
            mantissa as f64 / 10_f64.powi(scale)
        }
        _ => number.to_f64().unwrap_or(0.0),
    }
}
