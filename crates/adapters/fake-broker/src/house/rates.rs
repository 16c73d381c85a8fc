//! What currencies are worth: the very numbers that the prices of the pairs are made from, at one moment.

use super::catalog::currencies;
use super::market::SyntheticMarket;
use super::path::Spot;
use crate::exchange::Rates;
use rust_decimal::prelude::FromPrimitive;
use tradeport_kernel::{Decimal, Timestamp};

/// A rate is told to so many places.
const PLACES: u32 = 8;

impl SyntheticMarket {
    /// What one unit of each currency of the catalog is worth in US dollars at a moment: within half a spread of what the
    /// pairs are quoted at.
    #[must_use]
    pub fn rates(&self, at: Timestamp) -> Rates {
        let worth = currencies().filter_map(|(code, reference, volatility)| {
            let spot = Spot::new(reference, code, volatility)?;
            let worth = Decimal::from_f64(spot.at(self.noise(spot.stream, at.nanos())))?;
            Some((code.parse().ok()?, worth.round_dp(PLACES).normalize()))
        });
        Rates::new(worth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::house::{Catalog, FakeHours};
    use tradeport_kernel::Currency;

    #[test]
    fn rates_are_those_of_the_pairs() {
        let at: Timestamp = "2026-11-20T15:00:00Z".parse().unwrap();
        let (market, catalog) = (SyntheticMarket::new(7), Catalog::at(FakeHours::Always, at));
        let rates = market.rates(at);
        for pair in ["EUR.USD", "USD.JPY", "EUR.GBP", "AUD.CAD", "USD.HKD"] {
            let contract = catalog.resolve(&pair.parse().unwrap()).unwrap();
            let quote = market.quote_of(&contract, at).unwrap();
            let [bid, ask] = [quote.bid(), quote.ask()].map(|side| side.unwrap().price().as_decimal());
            let [base, other] = [&pair[..3], &pair[4..]].map(|code| code.parse::<Currency>().unwrap());
            let rate = rates.rate(base, other).unwrap();
            let slack = contract.price_step();
            assert!(bid - slack <= rate && rate <= ask + slack, "{pair}: {bid} {rate} {ask}");
        }
    }
}
