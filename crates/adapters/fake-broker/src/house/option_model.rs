//! What an option is worth, and how that moves: Black and Scholes (1973), without interest and dividends.
//!
//! Left out: early exercise, and where the volatility comes from.

use tradeport_contracts::Right;

/// A volatility beyond this many times a year's is not looked for.
const MOST_VOLATILITY: f64 = 10.0;
/// So many halvings bring an implied volatility within 1e-11.
const HALVINGS: u32 = 60;
/// Days of a year, in which time value is told to decay.
const DAYS: f64 = 365.0;

/// An option, its underlying's price and its time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OptionModel {
    /// To buy or to sell.
    pub right: Right,
    /// What the underlying costs.
    pub spot: f64,
    /// At which price it may be bought or sold.
    pub strike: f64,
    /// How long it runs, in years of 365 days.
    pub years: f64,
}

/// How an option's value moves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Greeks {
    /// With one of the underlying's price.
    pub delta: f64,
    /// Delta, with one of the underlying's price.
    pub gamma: f64,
    /// With one percent of volatility a year.
    pub vega: f64,
    /// With one day.
    pub theta: f64,
}

impl OptionModel {
    /// The value at a volatility a year (0.25 for 25 percent); what it would pay now once its time is over.
    #[must_use]
    pub fn value(&self, volatility: f64) -> f64 {
        let sign = self.sign();
        let Some((d1, d2)) = self.distances(volatility) else {
            return (sign * (self.spot - self.strike)).max(0.0);
        };
        (sign * (self.spot * normal(sign * d1) - self.strike * normal(sign * d2))).max(0.0)
    }

    /// How the value moves at a volatility a year; nothing but delta moves once the time is over.
    #[must_use]
    pub fn greeks(&self, volatility: f64) -> Greeks {
        let sign = self.sign();
        let Some((d1, _)) = self.distances(volatility) else {
            let inside = sign * (self.spot - self.strike) > 0.0;
            let delta = if inside { sign } else { 0.0 };
            return Greeks { delta, gamma: 0.0, vega: 0.0, theta: 0.0 };
        };
        let density = (-d1 * d1 / 2.0).exp() / std::f64::consts::TAU.sqrt();
        let root = self.years.sqrt();
        Greeks {
            delta: sign * normal(sign * d1),
            gamma: density / (self.spot * volatility * root),
            vega: self.spot * density * root / 100.0,
            theta: -self.spot * density * volatility / (2.0 * root) / DAYS,
        }
    }

    /// The volatility a year at which it is worth `price`; `None` when there is none below 1,000 percent.
    #[must_use]
    pub fn implied_volatility(&self, price: f64) -> Option<f64> {
        let (mut low, mut high) = (1e-6, MOST_VOLATILITY);
        let reachable = self.years > 0.0 && self.value(low) <= price && price <= self.value(high);
        if !reachable {
            return None;
        }
        for _ in 0..HALVINGS {
            let middle = (low + high) / 2.0;
            if self.value(middle) < price {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some((low + high) / 2.0)
    }

    fn sign(&self) -> f64 {
        if self.right == Right::Call { 1.0 } else { -1.0 }
    }

    fn distances(&self, volatility: f64) -> Option<(f64, f64)> {
        let spread = volatility * self.years.max(0.0).sqrt();
        if spread <= 0.0 || self.spot <= 0.0 || self.strike <= 0.0 {
            return None;
        }
        let d1 = (self.spot / self.strike).ln() / spread + spread / 2.0;
        Some((d1, d1 - spread))
    }
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn model() -> impl Strategy<Value = (OptionModel, f64)> {
        let right = prop_oneof![Just(Right::Call), Just(Right::Put)];
        (right, 20.0..500.0_f64, 0.7..1.4_f64, 0.05..3.0_f64, 0.1..0.9_f64).prop_map(
            |(right, spot, ratio, years, volatility)| {
                (OptionModel { right, spot, strike: spot * ratio, years }, volatility)
            },
        )
    }

    #[test]
    fn known_values_of_options() {
        // Hull, Options, Futures and Other Derivatives, with the interest taken out: strike 100, 20 percent.
        let model = |right, spot, years| OptionModel { right, spot, strike: 100.0, years }.value(0.2);
        assert!((model(Right::Call, 100.0, 1.0) - 7.965_567).abs() < 1e-4);
        assert!((model(Right::Put, 100.0, 1.0) - 7.965_567).abs() < 1e-4);
        assert!((model(Right::Put, 90.0, 0.0) - 10.0).abs() < 1e-12);
        assert!((normal(1.96) - 0.975_002_1).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn the_implied_volatility_gives_the_price_back((model, volatility) in model()) {
            let price = model.value(volatility);
            let implied = model.implied_volatility(price).expect("a price of the model");
            prop_assert!((model.value(implied) - price).abs() < 1e-3 * model.spot);
        }

        #[test]
        fn the_greeks_are_the_slopes_of_the_value((model, volatility) in model()) {
            let greeks = model.greeks(volatility);
            let slope = |plus: f64, minus: f64, width: f64| (plus - minus) / width;
            let step = model.spot * 0.01;
            let (up, down) = (
                OptionModel { spot: model.spot + step, ..model },
                OptionModel { spot: model.spot - step, ..model },
            );
            let delta = slope(up.value(volatility), down.value(volatility), 2.0 * step);
            prop_assert!((delta - greeks.delta).abs() < 0.02, "delta {delta} {greeks:?}");
            let vega = slope(model.value(volatility + 0.01), model.value(volatility - 0.01), 2.0);
            prop_assert!((vega - greeks.vega).abs() < 0.02 * model.spot / 100.0, "vega {vega} {greeks:?}");
            let later = OptionModel { years: model.years - 1.0 / DAYS, ..model };
            let theta = later.value(volatility) - model.value(volatility);
            prop_assert!((theta - greeks.theta).abs() < 0.05 * model.spot / 100.0, "theta {theta} {greeks:?}");
            prop_assert!(greeks.gamma > 0.0);
        }
    }
}
